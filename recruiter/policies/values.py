"""What a policy decides: the names of its values, what each may be, and how it reads in words."""

import calendar
import datetime as dt
import enum
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

_LONGEST = 100  # years, for a mistyped number is no span
_SPAN = re.compile(r"([1-9][0-9]{0,3}) (week|month|year)s?\Z")
_MONTHS = {"month": 1, "year": 12}


class FeedbackMode(enum.StrEnum):
    """What a person may be told beside the decision."""

    FULL = "full"
    VERBAL_ONLY = "verbal_only"
    NEUTRAL = "neutral"


class PoolBasis(enum.StrEnum):
    """On what ground the talent pool may keep a person."""

    CONSENT = "consent"
    LEGITIMATE_INTEREST = "legitimate_interest"


class Reader(enum.StrEnum):
    """Whether somebody else reads feedback before it leaves."""

    NOT_NEEDED = "not_needed"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Span:
    """A time to keep something: weeks, or calendar months."""

    weeks: int = 0
    months: int = 0

    @property
    def length(self) -> float:
        """Its length in days, to compare by; a month counts as a twelfth of a year."""
        return self.weeks * 7 + self.months * 365.25 / 12

    @property
    def words(self) -> str:
        """The span as people read it: ``4 weeks``, ``12 months``."""
        count, unit = (self.weeks, "week") if self.weeks else (self.months, "month")
        return f"{count} {unit}{'' if count == 1 else 's'}"

    def after(self, day: dt.date) -> dt.date:
        """Return the day that is this long after ``day``; the last of a month where that month is shorter."""
        return _months_from(day, self.months) + dt.timedelta(weeks=self.weeks)

    def before(self, day: dt.date) -> dt.date:
        """Return the last day from which this long is over by ``day``."""
        return _months_from(day, -self.months) - dt.timedelta(weeks=self.weeks)


def _months_from(day: dt.date, months: int) -> dt.date:
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


Value: TypeAlias = int | Span | enum.StrEnum


@dataclass(frozen=True, slots=True)
class Kind:
    """How one sort of value is written: ``read`` raises ``ValueError`` with words for whoever wrote it."""

    read: Callable[[str], Value]
    write: Callable[[Value], str]
    words: Callable[[Value], str]
    size: Callable[[Value], float] | None = None
    choices: tuple[enum.StrEnum, ...] = ()
    hint: str = ""


def _days(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,2}", text):
        raise ValueError("Enter a whole number of working days, such as 5.")
    return int(text)


def _day_words(value: Value) -> str:
    return "the same working day" if value == 0 else f"{value} working day{'' if value == 1 else 's'}"


def span(text: str) -> Span:
    """Read ``4 weeks``, ``12 months`` or ``3 years``; raise ``ValueError`` for anything else."""
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError("Enter a number of weeks, months or years, such as 6 months.")
    count, unit = int(found[1]), found[2]
    read = Span(weeks=count) if unit == "week" else Span(months=count * _MONTHS[unit])
    if read.length > _LONGEST * 365.25:
        raise ValueError(f"Enter {_LONGEST} years at most.")
    return read


def _months(text: str) -> Span:
    read = span(text)
    if read.weeks:
        raise ValueError("Enter a number of months or years, such as 12 months.")
    return read


def _choice(words: dict[enum.StrEnum, str]) -> Kind:
    kind = type(next(iter(words)))

    def read(text: str) -> Value:
        if text not in list(kind):
            raise ValueError("Choose one of these.")
        return kind(text)

    return Kind(read, str, lambda value: words[kind(str(value))], choices=tuple(words))


def _number(value: Value) -> float:
    assert isinstance(value, int), "days are a number"  # noqa: S101
    return value


def _length(value: Value) -> float:
    assert isinstance(value, Span), "a time to keep is a span"  # noqa: S101
    return value.length


def _span_words(value: Value) -> str:
    assert isinstance(value, Span), "a time to keep is a span"  # noqa: S101
    return value.words


DAYS = Kind(_days, str, _day_words, size=_number, hint="Working days, as a whole number; 0 is the same one.")
SPAN = Kind(span, _span_words, _span_words, size=_length, hint="Weeks, months or years, such as 6 months.")
MONTHS = Kind(_months, _span_words, _span_words, size=_length, hint="Months or years, such as 12 months.")
MODE = _choice(
    {
        FeedbackMode.FULL: "written strengths and gaps that they open when they want to",
        FeedbackMode.VERBAL_ONLY: "the offer of a call about their strengths and gaps, and nothing in writing",
        FeedbackMode.NEUTRAL: "no reasons, neither in writing nor by telephone",
    }
)
BASIS = _choice(
    {
        PoolBasis.CONSENT: "after they said yes",
        PoolBasis.LEGITIMATE_INTEREST: "once they were told, and until they object",
    }
)
READER = _choice(
    {
        Reader.NOT_NEEDED: "the recruiter alone",
        Reader.SECOND: "the recruiter and one more member",
    }
)


class Group(enum.StrEnum):
    """Values that stand together on a page."""

    NOTICE = "When they are told a decision"
    STATUS = "How often they hear while they wait"
    FEEDBACK = "What they are told"
    KEEPING = "How long we keep what we know"


class PolicyName(enum.StrEnum):
    """The name of a value, as it is kept."""

    NOTICE_APPLICATION = "notice_application"
    NOTICE_SCREENING = "notice_screening"
    NOTICE_SUBMITTED = "notice_submitted"
    NOTICE_CLIENT_INTERVIEW = "notice_client_interview"
    NOTICE_FINAL = "notice_final"
    NOTICE_ROLE = "notice_role"
    STATUS_APPLICATION = "status_application"
    STATUS_SCREENING = "status_screening"
    STATUS_SUBMITTED = "status_submitted"
    STATUS_CLIENT_INTERVIEW = "status_client_interview"
    STATUS_FINAL = "status_final"
    FEEDBACK_MODE = "feedback_mode"
    READER = "reader"
    FILE = "file"
    POOL = "pool"
    POOL_BASIS = "pool_basis"

    @property
    def label(self) -> str:
        """What members read before the value: ``After the final interview``."""
        return _TABLE[self][0]

    @property
    def group(self) -> Group:
        """The part of the page that it stands in."""
        return _TABLE[self][1]

    @property
    def kind(self) -> Kind:
        """How its values are written."""
        return _TABLE[self][2]


_TABLE: dict[PolicyName, tuple[str, Group, Kind]] = {
    PolicyName.NOTICE_APPLICATION: ("After the application", Group.NOTICE, DAYS),
    PolicyName.NOTICE_SCREENING: ("After the phone screen", Group.NOTICE, DAYS),
    PolicyName.NOTICE_SUBMITTED: ("After the CV went to the client", Group.NOTICE, DAYS),
    PolicyName.NOTICE_CLIENT_INTERVIEW: ("After the client interview", Group.NOTICE, DAYS),
    PolicyName.NOTICE_FINAL: ("After the final interview", Group.NOTICE, DAYS),
    PolicyName.NOTICE_ROLE: ("When the role is closed or on hold", Group.NOTICE, DAYS),
    PolicyName.STATUS_APPLICATION: ("After the application", Group.STATUS, DAYS),
    PolicyName.STATUS_SCREENING: ("After the phone screen", Group.STATUS, DAYS),
    PolicyName.STATUS_SUBMITTED: ("While the CV is with the client", Group.STATUS, DAYS),
    PolicyName.STATUS_CLIENT_INTERVIEW: ("After the client interview", Group.STATUS, DAYS),
    PolicyName.STATUS_FINAL: ("After the final interview", Group.STATUS, DAYS),
    PolicyName.FEEDBACK_MODE: ("Feedback", Group.FEEDBACK, MODE),
    PolicyName.READER: ("Who reads feedback first", Group.FEEDBACK, READER),
    PolicyName.FILE: ("File of somebody not selected", Group.KEEPING, SPAN),
    PolicyName.POOL: ("Talent pool", Group.KEEPING, MONTHS),
    PolicyName.POOL_BASIS: ("Joining the talent pool", Group.KEEPING, BASIS),
}
