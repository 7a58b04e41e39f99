"""Keeping templates: drafts, publishing, and what a new firm starts with."""

import uuid
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit import service as audit
from recruiter.audit.service import SYSTEM, Actor, Change
from recruiter.checker import service as checker
from recruiter.checker.document import Context, Document, Finding
from recruiter.db.base import new_id
from recruiter.db.conflicts import named
from recruiter.db.session import transaction
from recruiter.errors import Conflict, Invalid
from recruiter.texts import queries, rendering, seeds, variables
from recruiter.texts.models import Template, TemplateVersion, TextKind, VersionState

_NOTICES = frozenset({TextKind.REJECTION, TextKind.UPDATE, TextKind.ROLE_CLOSED})


class AlreadyPublished(Conflict):
    """A published version never changes; a new draft begins the next one."""

    code = "already_published"


class DraftTaken(Conflict):
    """Somebody else began the next version at the same moment."""

    code = "draft_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one version: Liquid over Markdown, save for the subject, which is one plain line."""

    subject: str
    mail_body: str
    page_body: str = ""
    page_closing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """Begin the next version of a template, or change the draft that is there."""

    firm_id: uuid.UUID
    actor: Actor
    template_id: uuid.UUID
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """Make a draft the version that new messages use."""

    firm_id: uuid.UUID
    actor: Actor
    version_id: uuid.UUID


def save_draft(command: SaveDraft) -> TemplateVersion:
    """Keep the words as the template's one draft.

    Raises ``Invalid`` by field, with line numbers, when the words cannot be filled, and ``NotFound``.
    """
    with transaction(command.firm_id) as session:
        template = queries.get_template(session, command.firm_id, command.template_id)
        _refuse_faults(template.kind, command.words)
        draft = _draft(session, command)
        for field, value in asdict(command.words).items():
            setattr(draft, field, value)
        change = Change(action="template.drafted", subject_id=template.id, details={"number": draft.number})
        audit.record(session, command.firm_id, command.actor, change)
    return draft


def publish(command: Publish) -> TemplateVersion:
    """Make a draft the version that new messages use; from then on it never changes.

    Raises ``Invalid`` by field when the words cannot be filled or break a must-fix rule, ``AlreadyPublished`` and
    ``NotFound``.
    """
    with transaction(command.firm_id) as session:
        version = queries.get_version(session, command.firm_id, command.version_id)
        if version.state is VersionState.PUBLISHED:
            raise AlreadyPublished(f"Version {version.number} is published already.")
        template = queries.get_template(session, command.firm_id, version.template_id)
        _refuse_faults(template.kind, version)
        _refuse_findings(template.kind, version)
        version.state = VersionState.PUBLISHED
        version.published_at = clock.now()
        change = Change(action="template.published", subject_id=template.id, details={"number": version.number})
        audit.record(session, command.firm_id, command.actor, change)
    return version


def seed_firm(session: Session, firm_id: uuid.UUID) -> None:
    """Give a new firm its first templates, each with a published version, in the caller's transaction."""
    for seed in seeds.load("en"):
        words = Words(**{field: getattr(seed, field) for field in rendering.FIELDS})
        template = Template(id=new_id(), firm_id=firm_id, kind=TextKind(seed.kind), slug=seed.slug, name=seed.name)
        session.add(template)
        session.flush()
        session.add(
            TemplateVersion(
                firm_id=firm_id,
                template_id=template.id,
                number=1,
                state=VersionState.PUBLISHED,
                published_at=clock.now(),
                **asdict(words),
            )
        )
        change = Change(action="template.published", subject_id=template.id, details={"number": 1})
        audit.record(session, firm_id, SYSTEM, change)


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


def _refuse_faults(kind: TextKind, words: rendering.Words) -> None:
    faults = {field: list(map(str, problems)) for field, problems in rendering.faults(kind, words).items()}
    if kind in _NOTICES and not words.page_body:
        faults["page_body"] = ["A notice has a letter on its page. Write it too."]
    if faults:
        raise Invalid({**faults})


def _refuse_findings(kind: TextKind, words: rendering.Words) -> None:
    """Refuse words that would stop every message made of them; mail and page are each read alone."""
    data = variables.example(kind)
    mail, page = rendering.mail(words, data), rendering.page(words, data)
    context = Context(candidate=(data["candidate"]["first_name"], data["candidate"]["full_name"]))
    parts = {"mail_body": f"{mail.subject}\n\n{mail.text}", "page_body": "\n\n".join((*page.opening, *page.closing))}
    found = {field: checker.blocking(_findings(kind, text, context)) for field, text in parts.items()}
    if any(found.values()):
        raise Invalid(
            {field: [f"{each.message} {each.suggestion}" for each in found[field]] for field in found if found[field]}
        )


def _findings(kind: TextKind, text: str, context: Context) -> list[Finding]:
    if kind in _NOTICES:
        return checker.check(Document(letter=text), context)
    return checker.check_text(text, "body", context)
