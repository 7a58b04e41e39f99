"""Fields for countries, regions, time zones and languages; shape only."""

import zoneinfo
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marshmallow import ValidationError, fields, validate

from recruiter.policies import regions
from recruiter.policies.calendars import COUNTRIES

# By IANA name; the machine's own setting and the mark of a machine without one are none.
TIME_ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})


def _listed() -> set[str]:
    """Return what the tz database lists to choose from, one name for each place, or all where it is missing."""
    tables = (Path(folder, "zone.tab") for folder in zoneinfo.TZPATH)
    text = next((table.read_text("utf-8") for table in tables if table.is_file()), "")
    return {line.split("\t")[2] for line in text.splitlines() if not line.startswith("#")} or set(TIME_ZONES)


# Those to choose from. The rest are older names of the same places, which other systems still send.
PLACES = ["UTC", *sorted(_listed().intersection(TIME_ZONES) - {"UTC"})]


class Country(fields.String):
    """A country by its two letters (ISO 3166-1 alpha-2)."""

    def __init__(self, **options: Any) -> None:
        known = validate.OneOf(sorted(COUNTRIES), error="Use a country's two letters (ISO 3166-1), such as PT.")
        super().__init__(**options, validate=known)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Any:
        return super()._deserialize(value, attr, data, **options).upper()


class Region(fields.String):
    """A region of a country by its code (ISO 3166-2): ``CA-ON``."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Any:
        code = super()._deserialize(value, attr, data, **options).upper()
        if not regions.is_region(code):
            raise ValidationError("Use the code of a region (ISO 3166-2), such as CA-ON.")
        return code


class TimeZone(fields.String):
    """A time zone by its IANA name."""

    def __init__(self, **options: Any) -> None:
        known = validate.OneOf(TIME_ZONES, error="Use an IANA time zone, such as Europe/Lisbon.")
        super().__init__(**options, validate=known)


class Language(fields.String):
    """A language by its BCP 47 tag: ``en``, ``pt-BR``, ``zh-Hant``."""

    def __init__(self, **options: Any) -> None:
        shape = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\Z"
        known = validate.Regexp(shape, error="Use a language tag, such as en or pt-BR.")
        super().__init__(**options, validate=known)
