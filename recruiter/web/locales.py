"""Countries and languages in English words, which people read; codes are for machines and stay in the API."""

import functools
from collections.abc import Iterable, Sequence

from babel import Locale

_ENGLISH = Locale("en")
# Languages by their region or script that people are written to in; the rest of a language is the same mail.
_VARIANTS = (
    *("de-AT", "de-CH", "en-CA", "en-GB", "en-IE", "en-US", "es-AR", "es-MX"),
    *("fr-BE", "fr-CA", "fr-CH", "nl-BE", "pt-BR", "pt-PT", "zh-Hans", "zh-Hant"),
)

Choices = list[tuple[str, str]]


def country(code: str | None) -> str:
    """Return a country's name by its two letters (ISO 3166-1), empty for None; what is unknown stays as it is."""
    return str(_ENGLISH.territories.get(code or "", code or ""))


def language(tag: str | None) -> str:
    """Return a language's name by its BCP 47 tag, ``Portuguese (Brazil)``; what is unknown stays as it is."""
    base, *parts = (tag or "").split("-")
    if base not in _ENGLISH.languages:
        return tag or ""
    named = [_ENGLISH.scripts.get(part) or _ENGLISH.territories.get(part) or part for part in parts]
    return f"{_ENGLISH.languages[base]} ({', '.join(named)})" if named else str(_ENGLISH.languages[base])


def countries(codes: Iterable[str]) -> Choices:
    """Return these countries to choose from, by name."""
    return sorted(((code, country(code)) for code in codes), key=_by_name)


def regions(offered: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """Return regions to choose from by the name of their country, which is given by its code."""
    return sorted(((country(code), several) for code, several in offered), key=lambda group: group[0].casefold())


def languages(stored: str | None = None) -> Choices:
    """Return the languages to choose from, by name: of two letters, some by region, and the one that is stored."""
    found = dict(_languages()) | ({stored: language(stored)} if stored else {})
    return sorted(found.items(), key=_by_name)


@functools.cache
def _languages() -> tuple[tuple[str, str], ...]:
    return tuple((tag, language(tag)) for tag in (*filter(_is_plain, _ENGLISH.languages), *_VARIANTS))


def _is_plain(tag: str) -> bool:
    return len(tag) == 2


def _by_name(choice: tuple[str, str]) -> str:
    return choice[1].casefold()
