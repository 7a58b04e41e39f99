"""Keeping templates: drafts, publishing, retiring, and what a new firm starts with."""

import uuid
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Member
from recruiter.audit import service as audit
from recruiter.audit.service import SYSTEM, Actor, Change
from recruiter.db.base import new_id
from recruiter.db.conflicts import named
from recruiter.db.session import reading, transaction
from recruiter.errors import Conflict, Stale
from recruiter.texts import inspection, queries, rendering, seeds, stream, variables
from recruiter.texts.inspection import Review
from recruiter.texts.models import Template, TemplateVersion, TextKind, TextStage, VersionState
from recruiter.texts.seeds import Seed

USEFUL = 4  # a rating from here on, of five, says that the feedback helped


class DraftTaken(Conflict):
    """Somebody else began the next version at the same moment."""

    code = "draft_taken"


class LanguageTaken(Conflict):
    """The text is there in this language already."""

    code = "language_taken"


class LastOfItsKind(Conflict):
    """Without this template, no message of its kind could be written."""

    code = "last_of_its_kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one version: Liquid over Markdown, save for the subject, which is one plain line."""

    subject: str
    mail_body: str
    page_body: str = ""
    page_closing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """Begin the next version of a template, or change the draft that is there.

    ``seen`` is ``inspection.words_mark`` of the words that these go on from; empty asks for nothing.
    """

    firm_id: uuid.UUID
    actor: Actor
    template_id: uuid.UUID
    words: Words
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskToPublish:
    """A draft that somebody who may not publish would like to see published."""

    firm_id: uuid.UUID
    actor: Actor
    version_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """Make a draft the version that new messages use. ``seen`` is the mark of the review that somebody looked at."""

    firm_id: uuid.UUID
    actor: Actor
    version_id: uuid.UUID
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retire:
    """Take a template out of use, or with ``back`` into use again; its versions stay readable."""

    firm_id: uuid.UUID
    actor: Actor
    template_id: uuid.UUID
    back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Translate:
    """Begin a text in another language (BCP 47), with the words of one that is there."""

    firm_id: uuid.UUID
    actor: Actor
    template_id: uuid.UUID
    language: str


def translate(command: Translate) -> Template:
    """Begin a text in another language as a draft; nobody gets it before it is published.

    Raises ``LanguageTaken`` and ``NotFound``.
    """
    with transaction(command.firm_id) as session:
        source = queries.get_template(session, command.firm_id, command.template_id)
        newest = next(iter(queries.list_versions(session, command.firm_id, source.id)), None)
        template = Template(
            id=new_id(),
            firm_id=command.firm_id,
            kind=source.kind,
            stage=source.stage,
            slug=source.slug,
            name=source.name,
            language=command.language,
        )
        taken = LanguageTaken("This text is there in that language already.")
        with named(session, {"uq_templates_firm_id_slug_language": taken}):
            session.add(template)
        words = {field: getattr(newest, field, "") for field in rendering.FIELDS}
        draft = TemplateVersion(id=new_id(), firm_id=command.firm_id, template_id=template.id, number=1, **words)
        draft.created_by_id = command.actor.member_id
        session.add(draft)
        _record(session, command.actor, draft, "template.drafted")
    return template


def save_draft(command: SaveDraft) -> TemplateVersion:
    """Keep the words as the template's one draft; whoever asked to publish it has to ask again.

    Raises ``Invalid`` by field, with line numbers, when the words cannot be filled, ``Stale`` when somebody else
    changed what these words go on from, and ``NotFound``.
    """
    with reading(command.firm_id) as session:
        inspection.refuse_faults(queries.get_template(session, command.firm_id, command.template_id), command.words)
    with transaction(command.firm_id) as session:
        template = queries.get_template(session, command.firm_id, command.template_id, lock=True)
        newest = next(iter(queries.list_versions(session, command.firm_id, template.id)), None)
        kept = inspection.words_mark(newest)
        if command.seen not in {"", kept} and inspection.words_mark(command.words) != kept:
            raise Stale("Somebody changed these words after you opened them. Saving again keeps yours.")
        draft = _draft(session, command)
        for field, value in asdict(command.words).items():
            setattr(draft, field, value)
        draft.asked_at = draft.asked_by_id = None
        _record(session, command.actor, draft, "template.drafted")
    return draft


def review(firm_id: uuid.UUID, version_id: uuid.UUID) -> Review:
    """Return what publishing a draft would change; raise as ``inspection.review``."""
    with reading(firm_id) as session:
        return inspection.review(session, firm_id, version_id)


def publish(command: Publish) -> TemplateVersion:
    """Make a draft the version that new messages use; from then on it never changes.

    Raises ``Stale`` when what would change is not what was looked at, ``Invalid`` by field when the words cannot be
    filled or break a must-fix rule, ``AlreadyPublished`` and ``NotFound``.
    """
    found = review(command.firm_id, command.version_id)
    _refuse_unseen(found.mark, command)
    inspection.refuse_findings(found)
    with transaction(command.firm_id) as session:
        queries.get_template(session, command.firm_id, found.template.id, lock=True)
        version = inspection.get_draft(session, command.firm_id, command.version_id)
        _refuse_unseen(inspection.mark(session, version), command)
        version.state = VersionState.PUBLISHED
        version.published_at = clock.now()
        version.asked_at = None
        _record(session, command.actor, version, "template.published")
    return version


def ask_to_publish(command: AskToPublish) -> TemplateVersion:
    """Show on Templates, to those who may publish, that a draft waits for them; asking again changes nothing.

    Raises ``NotFound`` or ``AlreadyPublished``.
    """
    with transaction(command.firm_id) as session:
        version = inspection.get_draft(session, command.firm_id, command.version_id)
        queries.get_template(session, command.firm_id, version.template_id, lock=True)
        version = inspection.get_draft(session, command.firm_id, command.version_id)
        if version.asked_at is None:
            version.asked_at, version.asked_by_id = clock.now(), command.actor.member_id
            _record(session, command.actor, version, "template.publish_asked")
    return version


def retire(command: Retire) -> Template:
    """Take a template out of use or back into it. Raises ``LastOfItsKind`` and ``NotFound``."""
    with transaction(command.firm_id) as session:
        accounts.lock_firm(session, command.firm_id)  # so that nobody retires the last but one beside us
        template = queries.get_template(session, command.firm_id, command.template_id)
        if command.back == (template.archived_at is None):
            return template
        if not command.back and not queries.has_another(session, template):
            raise LastOfItsKind("This is the last template for messages of this kind. Publish another one first.")
        template.archived_at = None if command.back else clock.now()
        action = "template.restored" if command.back else "template.retired"
        audit.record(session, command.firm_id, command.actor, Change(action=action, subject_id=template.id))
    return template


def send_copy(member: Member, version_id: uuid.UUID) -> None:
    """Queue a version, filled with examples, for the member's own address.

    Raises ``NotFound``, or ``Invalid`` by field when its words cannot be filled any more.
    """
    with reading(member.firm_id) as session:
        version = queries.get_version(session, member.firm_id, version_id)
        template = queries.get_template(session, member.firm_id, version.template_id)
    inspection.refuse_faults(template, version)
    mail = rendering.mail(version, variables.example(template.kind, template.language), template.language)
    with transaction(member.firm_id) as session:
        stream.queue_copy(session, member, version, mail)


def rated(session: Session, firm_id: uuid.UUID, version_id: uuid.UUID, value: int) -> None:
    """Add a rating (1 to 5) to the sums of the template, in the caller's transaction; it is tied to nothing else."""
    queries.add_rating(session, firm_id, version_id, is_useful=value >= USEFUL)


def seed_firm(session: Session, firm_id: uuid.UUID) -> None:
    """Give a new firm its first templates, each with a published version, in the caller's transaction."""
    templates = [_template(firm_id, seed) for seed in seeds.load()]
    session.add_all(templates)
    session.flush()
    for template, seed in zip(templates, seeds.load(), strict=True):
        session.add(_first_version(template, seed))
        change = Change(action="template.published", subject_id=template.id, details={"number": 1})
        audit.record(session, firm_id, SYSTEM, change)


def _template(firm_id: uuid.UUID, seed: Seed) -> Template:
    return Template(
        id=new_id(),
        firm_id=firm_id,
        kind=TextKind(seed.kind),
        stage=TextStage(seed.stage) if seed.stage else None,
        slug=seed.slug,
        name=seed.name,
        language=seed.language,
    )


def _first_version(template: Template, seed: Seed) -> TemplateVersion:
    return TemplateVersion(
        firm_id=template.firm_id,
        template_id=template.id,
        number=1,
        state=VersionState.PUBLISHED,
        published_at=clock.now(),
        **{field: getattr(seed, field) for field in rendering.FIELDS},
    )


def _refuse_unseen(mark: str, command: Publish) -> None:
    if mark != command.seen:
        raise Stale("Somebody changed this template after you opened it. Look at what changes now.")


def _record(session: Session, actor: Actor, version: TemplateVersion, action: str) -> None:
    details: dict[str, object] = {"number": version.number}
    change = Change(action=action, subject_id=version.template_id, row_id=version.id, details=details)
    audit.record(session, version.firm_id, actor, change)


def _draft(session: Session, command: SaveDraft) -> TemplateVersion:
    """Return the template's draft, begun at the next number when there is none."""
    versions = queries.list_versions(session, command.firm_id, command.template_id)
    if versions and versions[0].state is VersionState.DRAFT:
        return versions[0]
    draft = TemplateVersion(
        id=new_id(),
        firm_id=command.firm_id,
        template_id=command.template_id,
        number=versions[0].number + 1 if versions else 1,
        created_by_id=command.actor.member_id,
        **asdict(command.words),
    )
    taken = DraftTaken("Somebody else began the next version just now. Open the template again.")
    with named(session, {"uq_template_versions_firm_id_template_id_number": taken}):
        session.add(draft)
    return draft
