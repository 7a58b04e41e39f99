"""Looks for dates that do not exist, links that look like phishing, and data of somebody else."""

import re
from collections.abc import Iterator
from datetime import date

from recruiter.checker.findings import Span
from recruiter.checker.passage import Passage
from recruiter.checker.rules import Rule

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MONTH = "|".join(sorted({*_MONTHS, *(month[:3] for month in _MONTHS), "sept"}, key=len, reverse=True))
_YEAR = r"(?:,? (?P<year>\d{4})\b)?"
_WRITTEN = (
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH})\b{_YEAR}", re.IGNORECASE),
    re.compile(rf"\b(?=[jfmasond])(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b{_YEAR}", re.IGNORECASE),
)
_ISO = re.compile(r"\b(\d{4})[-/](\d{2})[-/](\d{2})\b")
_NUMBERS = re.compile(r"\b(\d{1,2})([/.])(\d{1,2})\2(\d{4})\b")
_EMPTY = re.compile(r"\b(?:00[./-]00[./-]0000|01[./-]01[./-]1970|0[1-9][./-]0[1-9][./-]0000)\b")
_FIRST_YEAR = 1971

_PLAIN_LINK = re.compile(r"http://(?!localhost|127\.)", re.IGNORECASE)
_TRACKED = re.compile(
    r"[?&](?:utm_\w{1,20}|gclid|fbclid|mc_[ce]id|trk\w{0,20}|mkt_tok|_hsenc|igshid|click_?id)=", re.IGNORECASE
)
_SHORTENED = re.compile(
    r"\b(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|ow\.ly|lnkd\.in|is\.gd|buff\.ly|rebrand\.ly|cutt\.ly|rb\.gy|shorturl\.at"
    r"|tiny\.cc|t\.ly|bl\.ink|s\.id)/\w",
    re.IGNORECASE,
)

_MAIL = re.compile(r"[\w.+-]{1,64}@((?:[\w-]{1,63}\.){1,8}[a-z]{2,20})\b", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.,-])(?:\+|00)?\(?\d{2,5}\)?(?:[ .-]?\(?\d{2,5}\)?){1,5}(?![\w%])")
_FEWEST_DIGITS = 9


def impossible_date(_rule: Rule, passage: Passage) -> Iterator[Span]:
    """Yield dates that no calendar has, and the ones that stand for an empty field."""
    for match in _impossible(passage.reading.plain) if passage.has_digits else ():
        yield Span(match.start(), match.end())


def _impossible(text: str) -> Iterator[re.Match[str]]:
    yield from _EMPTY.finditer(text)
    for match in _ISO.finditer(text):
        if not _is_day(*(int(part) for part in match.groups())):
            yield match
    for match in _NUMBERS.finditer(text):
        first, second, year = (int(part) for part in match.group(1, 3, 4))
        if not (_is_day(year, second, first) or _is_day(year, first, second)):
            yield match
    for match in (match for pattern in _WRITTEN for match in pattern.finditer(text)):
        if not _is_written_date(match["day"], match["month"], match["year"]):
            yield match


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return date(year, month, day).year >= _FIRST_YEAR
    except ValueError:
        return False


def _is_written_date(day: str, month: str, year: str | None) -> bool:
    number = next(index for index, name in enumerate(_MONTHS) if name.startswith(month.casefold()[:3]))
    if year is not None and int(year) >= _FIRST_YEAR:
        return _is_day(int(year), number + 1, int(day))
    is_empty = year is not None and (int(day), number) == (1, 0)
    return 1 <= int(day) <= _DAYS[number] and not is_empty


def weak_link(_rule: Rule, passage: Passage) -> Iterator[Span]:
    """Yield links without a secure connection, shortened ones, and ones that follow who clicks."""
    for start, link in passage.reading.links:
        if _PLAIN_LINK.match(link) or _TRACKED.search(link) or _SHORTENED.search(link):
            yield Span(start, start + len(link))
    for match in _SHORTENED.finditer(passage.reading.plain) if "/" in passage.text else ():
        yield Span(match.start(), match.end())


def foreign_data(rule: Rule, passage: Passage) -> Iterator[Span]:
    """Yield mail addresses outside the firm's domains, and phone numbers that are said to be somebody else's."""
    own = tuple(domain.casefold().lstrip("@") for domain in passage.context.firm_domains)
    for match in _MAIL.finditer(passage.reading.plain) if own and "@" in passage.text else ():
        domain = match[1].casefold()
        if not any(domain == each or domain.endswith(f".{each}") for each in own):
            yield Span(match.start(), match.end())
    phones = _PHONE.finditer(passage.reading.plain) if passage.has_digits else ()
    numbers = [match for match in phones if sum(map(str.isdigit, match[0])) >= _FEWEST_DIGITS]
    theirs = _sentences(rule, "theirs", passage) - _sentences(rule, "ours", passage) if numbers else set()
    for match in numbers:
        if passage.sentence_at(match.start()) in theirs:
            yield Span(match.start(), match.end())


def _sentences(rule: Rule, name: str, passage: Passage) -> set[int]:
    words = passage.reading.words
    return {words[first].sentence for _, first, _ in rule.phrases[name].find(words)}
