"""What every request and answer of the API is built from; shape only, no policy."""

import datetime as dt
import unicodedata
from operator import attrgetter
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from recruiter.db.keyset import Window
from recruiter.translations.catalogues import later

# What is meant lies well between these, and from them every time zone can be reached.
FIRST_YEAR, LAST_YEAR = 1900, 2199


class JsonBoolean(fields.Boolean):
    """True or false as JSON has them: no text and no number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, truthy={True}, falsy={False})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **options)


class JsonInteger(fields.Integer):
    """A whole number as JSON has it: ``82`` and ``82.0``, but no text and no true or false."""

    def _validated(self, value: Any) -> Any:
        if isinstance(value, bool | str) or (isinstance(value, float) and not value.is_integer()):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Day(fields.Date):
    """A day that can be meant: of the years 1900 to 2199."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, validate=_near)


class Moment(fields.AwareDateTime):
    """A moment with its offset from UTC, of the years 1900 to 2199."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, validate=_near)


class LocalMoment(fields.NaiveDateTime):
    """A moment of a clock on a wall, of the years 1900 to 2199."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, validate=_near)


class Line(fields.String):
    """One line of text from a person: at most 200 characters, no line breaks or control characters, not blank."""

    def __init__(self, *, most: int = 200, **options: Any) -> None:
        super().__init__(**options, validate=[validate.Length(min=1, max=most), _one_line])


class Prose(fields.String):
    """Some sentences from a person: at most ``most`` characters, line breaks and tabs, no control characters."""

    def __init__(self, *, most: int = 4000, **options: Any) -> None:
        super().__init__(**options, validate=[validate.Length(max=most), _prose])


def _near(value: dt.date) -> None:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(f"Use a year from {FIRST_YEAR} to {LAST_YEAR}.")


def _one_line(value: str) -> None:
    if not value.strip():
        raise ValidationError("Enter some text.")
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in value):
        raise ValidationError("Leave out line breaks and control characters.")


def _prose(value: str) -> None:
    if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\r\t" for letter in value):
        raise ValidationError(later("Leave out control characters."))


def partly(schema: type[Schema]) -> Schema:
    """Return the schema for a change: its own fields may be left out, what is inside them is whole or not there."""
    return schema(partial=tuple(schema().load_fields))


class Answer(Schema):
    """What is shown of an object that lists hold many of: each field by the attribute of its name, which must be there.

    Where the values are and how they are written is looked up once; marshmallow asks anew for each value, which takes
    twice as long. It runs no hooks, shows no mapping and needs ``fields.List`` for more than one.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._columns = [
            (field.data_key or name, attrgetter(field.attribute or name), field._serialize, name)  # noqa: SLF001 - what every field defines
            for name, field in self.dump_fields.items()
        ]

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:  # noqa: ARG002 - a list's field asks for each
        """Return what is shown of one object."""
        return {key: write(read(obj), name, obj) for key, read, write, name in self._columns}


class WindowQuery(Schema):
    """``limit`` and ``cursor`` of every list."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 100))
    cursor = fields.String(load_default=None, validate=validate.Length(max=400))


def window(query: dict[str, Any]) -> Window:
    """Take ``limit`` and ``cursor`` out of a list's query."""
    return Window(query.pop("limit"), query.pop("cursor"))
