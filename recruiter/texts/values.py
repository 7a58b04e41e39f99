"""What templates are filled with: plain values, and addresses that the product made."""

from collections.abc import Mapping
from typing import NewType

Plain = NewType("Plain", dict[str, object])


class Address(str):
    """A web address that the product made; the only kind of value that becomes a link."""

    __slots__ = ()


def plain(data: Mapping[str, object]) -> Plain:
    """Return the data as dicts, lists, texts, numbers and truths, without what is empty; refuse any object."""
    return Plain(
        {
            str(name): Address(value) if isinstance(value, str) and name.endswith("_url") else _value(value)
            for name, value in data.items()
            if value is not None and value != ""
        }
    )


def _value(value: object) -> object:
    if isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_value(each) for each in value]
    raise TypeError(f"a template gets plain values, not {type(value).__name__}")
