"""What the pages about templates show: each text in its languages, how often it is used, and how it reads."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.errors import NotFound
from recruiter.texts import queries, rendering, tally, variables
from recruiter.texts.liquid import Unusable
from recruiter.texts.models import Template, TemplateVersion, VersionState
from recruiter.texts.rendering import Mail, PageLetter

USED_IN = dt.timedelta(days=30)
ENOUGH = 10  # ratings; fewer would tell of single people

FIELDS = {
    "subject": "Subject",
    "mail_body": "Email",
    "page_body": "Page, up to the points",
    "page_closing": "Page, after the points",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A template with its versions, newest first: which one is live, and which one is being written."""

    template: Template
    versions: Sequence[TemplateVersion]

    @property
    def purpose(self) -> str:
        """What the template is for, in the words of the page."""
        return (self.template.stage or self.template.kind).words

    @property
    def live(self) -> TemplateVersion | None:
        """The version that new messages use."""
        return next((each for each in self.versions if each.state is VersionState.PUBLISHED), None)

    @property
    def draft(self) -> TemplateVersion | None:
        """The version that is being written."""
        return next((each for each in self.versions if each.state is VersionState.DRAFT), None)

    def version(self, version_id: uuid.UUID) -> TemplateVersion:
        """Return one of its versions, or raise ``NotFound``."""
        for each in self.versions:
            if each.id == version_id:
                return each
        raise NotFound("There is no such version of this template.")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in all its languages, the first of them first; ``used`` is None where nobody counts.

    ``rating`` says how many found the feedback useful, or nothing while they are few.
    """

    entries: Sequence[Entry]
    used: int | None
    rating: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A draft that somebody asks to publish, and their name."""

    entry: Entry
    by: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A version filled with example values: what a person would read; ``problem`` is why it cannot be filled."""

    version: TemplateVersion
    mail: Mail
    letter: PageLetter
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a sample is filled with: as an entry of ``components/tabs.html``."""

    name: str
    label: str
    url: str
    current: bool


SETTINGS = {"": "Everything known", "no-reasons": "No reasons allowed", "little": "Little known"}


def texts(session: Session, firm_id: uuid.UUID) -> list[Text]:
    """Return the firm's texts in use, in the order of their moments."""
    uses = tally.uses(session, firm_id, clock.now() - USED_IN)
    versions = queries.versions_by_template(session, firm_id)
    by_slug: dict[str, list[Entry]] = {}
    for template in queries.list_templates(session, firm_id):
        by_slug.setdefault(template.slug, []).append(Entry(template, versions.get(template.id, ())))
    return [_text(entries, uses) for entries in by_slug.values()]


def entry(session: Session, firm_id: uuid.UUID, template_id: uuid.UUID) -> Entry:
    """Return a template with its versions, or raise ``NotFound``."""
    template = queries.get_template(session, firm_id, template_id)
    return Entry(template, queries.list_versions(session, firm_id, template_id))


def asked(session: Session, firm_id: uuid.UUID, found: Iterable[Text]) -> list[Asked]:
    """Return the drafts that somebody asks to publish, in the order of the texts."""
    waiting = [each for text in found for each in text.entries if each.draft and each.draft.asked_at]
    if not waiting:
        return []
    names = {member.id: member.name for member in accounts.members(session, firm_id)}
    return [Asked(each, names[each.draft.asked_by_id]) for each in waiting if each.draft and each.draft.asked_by_id]


def sample(template: Template, version: TemplateVersion, setting: str = "") -> Sample:
    """Return how a version reads in one of ``SETTINGS``; an unknown one is the first."""
    if setting == "no-reasons":
        data = variables.without_reasons(template.kind, template.language)
    elif setting == "little":
        data = variables.without_options(template.kind, template.language)
    else:
        data = variables.example(template.kind, template.language)
    try:
        mail = rendering.mail(version, data, template.language)
        return Sample(version, mail, rendering.page(version, data, template.language))
    except Unusable as error:
        return Sample(version, Mail(version.subject, version.mail_body, ""), PageLetter([], []), str(error))


def _text(entries: Sequence[Entry], uses: Mapping[uuid.UUID, int]) -> Text:
    is_counted = entries[0].template.kind in tally.counted()
    used = sum(uses[each.template.id] for each in entries if each.template.id in uses)
    rated = sum(each.template.rated for each in entries)
    useful = sum(each.template.rated_useful for each in entries)
    return Text(entries, used if is_counted else None, f"{useful} of {rated}" if rated >= ENOUGH else "")
