"""One letter as mail and as page: pure functions of a template's version, frozen facts and the link."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from recruiter.feedback.points import Feedback
from recruiter.notices.facts import public
from recruiter.texts import rendering
from recruiter.texts.models import TemplateVersion
from recruiter.texts.rendering import Mail


@dataclass(frozen=True, slots=True)
class Sender:
    """Who signs: name, what they are, and a telephone number or an empty text."""

    name: str
    role: str
    phone: str


@dataclass(frozen=True, slots=True)
class PageLetter:
    """The parts of the letter on its page, as ``templates/components/letter.html`` takes them; all plain text."""

    date: dt.date
    title: str
    role: str
    greeting: str
    opening: Sequence[str]
    strengths: Sequence[Any]
    gaps: Sequence[Any]
    closing: Sequence[str]
    sender: Sender


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject, text and HTML of the mail, and the parts of the page."""

    subject: str
    text: str
    html: str
    page: PageLetter = field(repr=False)

    @property
    def reading(self) -> str:
        """Everything the person reads that a template wrote: the mail, then the page."""
        page = self.page
        return "\n\n".join((self.text, page.greeting, *page.opening, *page.closing))


def write(version: TemplateVersion, facts: Mapping[str, Any], url: str) -> Letter:
    """Return the letter with this link in it; the same arguments always give the same bytes."""
    written = mail(version, facts, url)
    return Letter(written.subject, written.text, written.html, page(version, facts, url))


def mail(version: TemplateVersion, facts: Mapping[str, Any], url: str) -> Mail:
    """Return the mail alone, for when it leaves."""
    named = public(facts)
    named["candidate"] = named["candidate"] | {"page_url": url}
    return rendering.mail(version, named, facts["language"])


def page(version: TemplateVersion, facts: Mapping[str, Any], url: str) -> PageLetter:
    """Return the parts of the page; the points are values of ``recruiter.feedback.points``."""
    named = public(facts)
    named["candidate"] = named["candidate"] | {"page_url": url}
    words = rendering.page(version, named)
    feedback = Feedback.from_dict(facts["feedback"])
    client, recruiter = facts["client"], facts["recruiter"]
    title = facts["job"]["title"]
    return PageLetter(
        date=dt.date.fromisoformat(facts["date"]),
        title="Your application for",
        role=f"{title} at {client['display_name']}" if client["is_named"] else title,
        greeting=words.opening[0] if words.opening else "",
        opening=words.opening[1:],
        strengths=feedback.strengths,
        gaps=feedback.gaps,
        closing=words.closing,
        sender=Sender(recruiter["full_name"], _signed_as(recruiter["role"], facts["firm"]["name"]), recruiter["phone"]),
    )


def _signed_as(role: str, firm: str) -> str:
    return f"{role}, {firm}" if role else firm
