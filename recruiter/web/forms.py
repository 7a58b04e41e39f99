"""Page forms read by the same kind of schema as the API: one validator for both."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import EXCLUDE, Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from recruiter.errors import DomainError, Invalid


def load(schema: type[Schema], form: MultiDict[str, str]) -> dict[str, Any]:
    """Return the form's values as the schema types them; an empty field counts as left out.

    Raises ``Invalid`` with messages by field name. Fields that the schema does not know (the CSRF token, the button)
    are not looked at.
    """
    reader = schema(unknown=EXCLUDE)
    values: dict[str, Any] = {}
    for name, field in reader.load_fields.items():
        sent = [value.strip() for value in form.getlist(field.data_key or name)]
        filled = [value for value in sent if value]
        if isinstance(field, fields.List):
            values[field.data_key or name] = filled
        elif filled:
            values[field.data_key or name] = filled[0]
    try:
        loaded: dict[str, Any] = reader.load(values)
    except ValidationError as error:
        raise Invalid({**error.messages_dict}) from error
    return loaded


def shown(form: MultiDict[str, str]) -> frozenset[str]:
    """Return the names of the findings that a form showed, as it hands them back."""
    return frozenset(form.getlist("shown"))


def seen(form: Mapping[str, str]) -> dt.datetime | None:
    """Return the version that a form was filled from, or None where it names none that can be read."""
    try:
        return dt.datetime.fromisoformat(form.get("seen", ""))
    except ValueError:
        return None


def wall_clock(moment: dt.datetime, zone: str) -> str:
    """Return an aware moment as a field for date and time holds it: by the clock of the IANA zone, to the minute."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def problems(error: DomainError) -> dict[str, str]:
    """Return the words that stand at each field of a form; those under no name are about all of it."""
    return {str(name): _words(found) for name, found in error.errors.items()} or {"": error.message}


def parted(form: MultiDict[str, str], *names: str, at: str = r"[\n;,]") -> MultiDict[str, str]:
    """Return the form with each of these texts as many values: what stands between matches of ``at``."""
    many = MultiDict(form)
    for name in names:
        values = (value.strip() for value in re.split(at, form.get(name, "")))
        many.setlist(name, [value for value in values if value])
    return many


def _words(found: object) -> str:
    """Return what is nested in the errors of one field as one text, each sentence once."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        return " ".join(dict.fromkeys(_words(part) for part in found))
    return str(found)
