"""What ``templates/candidate/letter.html`` shows: the same values for the preview and for the real page."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from recruiter.feedback.points import Feedback, Point
from recruiter.notices.letter import PageLetter


@dataclass(frozen=True, slots=True)
class FirmOnPage:
    """Whose page it is, in one line how to reach a person there, and its colour (``#1e5b49``) or an empty text."""

    name: str
    contact: str
    colour: str


@dataclass(frozen=True, slots=True)
class Message:
    """Something the candidate wrote, with our answer when there is one; days as the candidate's calendar has them.

    ``outcome`` says what came of a side that was given on a point, or is empty.
    """

    text: str
    said_on: dt.date
    answer: str = ""
    answered_on: dt.date | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class GapOnPage(Point):
    """A gap that can be answered: the id its form posts to, and what was said about it."""

    id: str = ""
    responses: Sequence[Message] = ()


@dataclass(frozen=True, slots=True)
class PoolOnPage:
    """The pool question about work ``like`` a job: ``choice`` is ``yes``, ``no`` or empty; ``until`` ends a yes."""

    months: int
    like: str
    choice: str = ""
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class RatingOnPage:
    """The rating question, and whether it was answered."""

    given: bool = False


@dataclass(frozen=True, slots=True)
class Updated:
    """What the firm put right after the letter, the day on which it said so, and how the points read before."""

    on: dt.date
    text: str
    earlier: Feedback = field(default_factory=Feedback)


@dataclass(frozen=True, slots=True)
class CameBack:
    """What the candidate last wrote, for the line that greets them on return; days as their calendar has them.

    ``kind`` is that of the response. ``answer_by`` is the day by which the firm answers, or None when it is over or the
    answer is there.
    """

    kind: str
    said_on: dt.date
    section: str
    answer_by: dt.date | None = None
    answered_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class OpenRole:
    """A role that the firm advertises."""

    title: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """One candidate's page: the letter first, then what they may do. ``letter.gaps`` are ``GapOnPage``.

    ``language`` is the reader's (BCP 47 tag), which the letter may not be written in.
    """

    letter: PageLetter
    language: str
    base: str
    open_until: dt.date
    call_name: str
    answer_by: dt.date
    preview: bool = False
    thanked: bool = False
    questions: Sequence[Message] = ()
    can_call: bool = True
    calls: Sequence[Message] = ()
    open_roles: Sequence[OpenRole] = ()
    pool: PoolOnPage | None = None
    rating: RatingOnPage | None = None
    updates: Sequence[Updated] = ()
    came_back: CameBack | None = None
    done: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    print_url: str = ""
    printing: bool = False


def firm_on_page(facts: Mapping[str, Any]) -> FirmOnPage:
    """Return the firm as the frozen facts of a letter name it."""
    recruiter, firm = facts["recruiter"], facts["firm"]
    reach = [recruiter["full_name"], recruiter["phone"] or firm["phone"]]
    return FirmOnPage(firm["name"], ", ".join(filter(None, reach)), firm["colour"])


def pool_on_page(facts: Mapping[str, Any], choice: str = "", until: dt.date | None = None) -> PoolOnPage | None:
    """Return the pool question when the letter offers it."""
    pool = facts["pool"]
    if not pool["offer"]:
        return None
    return PoolOnPage(pool["months"], facts["job"]["title"], choice, until)


def preview(letter: PageLetter, facts: Mapping[str, Any], answer_by: dt.date) -> PageView:
    """Return the page as its reader will find it, on which nothing does anything yet."""
    return PageView(
        letter=with_gaps(letter, {}, {}),
        language=facts["language"],
        base="",
        open_until=dt.date.fromisoformat(facts["page"]["open_until"]),
        call_name=facts["recruiter"]["first_name"],
        answer_by=answer_by,
        preview=True,
        can_call="call" in facts["offers"],
        pool=pool_on_page(facts),
        rating=RatingOnPage() if "rating" in facts["offers"] else None,
    )


def with_gaps(letter: PageLetter, ids: Mapping[int, str], responses: Mapping[str, Sequence[Message]]) -> PageLetter:
    """Return the letter with gaps that can be answered: ``ids`` by place, ``responses`` by id."""
    gaps = []
    for place, gap in enumerate(letter.gaps):
        key = ids.get(place, str(place))
        gaps.append(GapOnPage(**asdict(gap), id=key, responses=responses.get(key, ())))
    return replace(letter, gaps=gaps)
