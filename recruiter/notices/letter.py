"""One letter as mail and as page: pure functions of a template's version, frozen facts and the link."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from recruiter.feedback.points import Feedback
from recruiter.notices.facts import public
from recruiter.resources.models import Cost, ResourceKind
from recruiter.texts import rendering
from recruiter.texts.models import TemplateVersion
from recruiter.texts.rendering import Mail
from recruiter.translations import catalogues, days
from recruiter.translations.catalogues import gettext, ngettext


@dataclass(frozen=True, slots=True)
class Sender:
    """Who signs: name, what they are, and a telephone number or an empty text."""

    name: str
    role: str
    phone: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the words of a letter, in its language: a BCP 47 tag, and the direction, ``ltr`` or ``rtl``.

    The heading is ``title``, with what comes after the role in ``title_end``.
    """

    language: str
    direction: str
    date: str
    title: str
    title_end: str
    strengths: str
    gaps: str
    needs: str
    try_next: str
    asks: str
    from_panel: str


@dataclass(frozen=True, slots=True)
class PageLetter:
    """The parts of the letter on its page, as ``templates/components/letter.html`` takes them; all plain text."""

    frame: Frame
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
    return rendering.mail(version, named, facts["written_in"])


def page(version: TemplateVersion, facts: Mapping[str, Any], url: str) -> PageLetter:
    """Return the parts of the page; the points are values of ``recruiter.feedback.points``."""
    named = public(facts)
    named["candidate"] = named["candidate"] | {"page_url": url}
    words = rendering.page(version, named, facts["written_in"])
    feedback = Feedback.from_read(facts["feedback"])
    with catalogues.writing_to(facts["written_in"]):
        gaps = [replace(gap, links=tuple(map(_link, gap.links))) for gap in feedback.gaps]
    recruiter = facts["recruiter"]
    return PageLetter(
        frame=_frame(facts),
        role=_role(facts),
        greeting=words.opening[0] if words.opening else "",
        opening=words.opening[1:],
        strengths=feedback.strengths,
        gaps=gaps,
        closing=words.closing,
        sender=Sender(recruiter["full_name"], _signed_as(recruiter["role"], facts["firm"]["name"]), recruiter["phone"]),
    )


def _frame(facts: Mapping[str, Any]) -> Frame:
    """Return the words around the letter, in the language that its template was written in."""
    tag = facts["written_in"]
    with catalogues.writing_to(tag) as reader:
        title, _, title_end = gettext("Your application for %(role)s").partition("%(role)s")
        return Frame(
            language=tag,
            direction=reader.direction,
            date=days.full_day(dt.date.fromisoformat(facts["date"])),
            title=title.rstrip(),
            title_end=title_end,
            strengths=gettext("What stood out"),
            gaps=gettext("What would have made the difference"),
            needs=gettext("The role needs"),
            try_next=gettext("To try next"),
            asks=gettext("A question for you"),
            from_panel=gettext("From the interview panel"),
        )


def _link(link: Mapping[str, Any]) -> dict[str, str]:
    """Return what helps further in words: what it is, where it leads, what it costs and how long it takes."""
    reader, language = catalogues.current(), str(link["language"]).partition("-")[0]
    about = [gettext(Cost(link["cost"]).words)]
    if link["minutes"]:
        about.append(
            ngettext("about %(count)s minute", "about %(count)s minutes", link["minutes"]) % {"count": link["minutes"]}
        )
    if language != reader.words:
        about.append(gettext("in %(language)s") % {"language": reader.locale.languages.get(language, language)})
    shown = {name: str(link[name]) for name in ("title", "url", "site", "language")}
    return shown | {"kind": gettext(ResourceKind(link["kind"]).words), "about": ", ".join(about)}


def _role(facts: Mapping[str, Any]) -> str:
    job, client = facts["job"]["title"], facts["client"]
    if not client["is_named"]:
        return str(job)
    with catalogues.writing_to(facts["written_in"]):
        return gettext("%(job)s at %(client)s") % {"job": job, "client": client["display_name"]}


def _signed_as(role: str, firm: str) -> str:
    return f"{role}, {firm}" if role else firm
