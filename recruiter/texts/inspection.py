"""What publishing a draft would change, and what speaks against it."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from recruiter.checker import service as checker
from recruiter.checker.document import Context, Document, Finding
from recruiter.errors import Conflict, Invalid
from recruiter.texts import differences, queries, rendering, variables
from recruiter.texts.differences import ValueChange
from recruiter.texts.models import Template, TemplateVersion, TextKind, VersionState

# What tells a decision, or that there is none; a correction tells neither.
_TELLING = variables.NOTICES - {TextKind.CORRECTION}


class AlreadyPublished(Conflict):
    """A published version never changes; a new draft begins the next one."""

    code = "already_published"


@dataclass(frozen=True, slots=True)
class Review:
    """What publishing a draft would change: against ``live``, which is None for the first version.

    ``findings`` are what the checker says of the words alone, must-fix findings first. ``mark`` is another whenever the
    draft or the live version is.
    """

    template: Template
    draft: TemplateVersion
    live: TemplateVersion | None
    words: Sequence[differences.Change]
    values: Sequence[ValueChange]
    findings: Sequence[Finding]
    mark: str


def review(session: Session, firm_id: uuid.UUID, version_id: uuid.UUID) -> Review:
    """Return what publishing a draft would change.

    Raises ``NotFound``, ``AlreadyPublished``, and ``Invalid`` by field when its words cannot be filled.
    """
    draft = get_draft(session, firm_id, version_id)
    template = queries.get_template(session, firm_id, draft.template_id)
    refuse_faults(template, draft)
    live = _live(session, draft)
    return Review(
        template=template,
        draft=draft,
        live=live,
        words=differences.of_words(live, draft) if live else (),
        values=differences.of_values(template.kind, live, draft) if live else (),
        findings=_findings(template, draft),
        mark=_mark(draft, live),
    )


def get_draft(session: Session, firm_id: uuid.UUID, version_id: uuid.UUID) -> TemplateVersion:
    """Return a version that is not published yet; raise ``NotFound`` or ``AlreadyPublished``."""
    version = queries.get_version(session, firm_id, version_id)
    if version.state is VersionState.PUBLISHED:
        raise AlreadyPublished(f"Version {version.number} is published already.")
    return version


def mark(session: Session, draft: TemplateVersion) -> str:
    """Return the mark that a review of this draft has now."""
    return _mark(draft, _live(session, draft))


def words_mark(version: rendering.Words | None) -> str:
    """Return a mark of these words, by which somebody who goes on from them can be told that they changed."""
    words = [getattr(version, field, "") for field in rendering.FIELDS]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()[:16]


def refuse_faults(template: Template, words: rendering.Words) -> None:
    """Raise ``Invalid`` by field, with line numbers, for words that cannot be filled."""
    found = rendering.faults(template.kind, words, template.language)
    faults = {field: list(map(str, problems)) for field, problems in found.items()}
    if template.kind in variables.NOTICES and not words.page_body:
        faults["page_body"] = ["A notice has a letter on its page. Write it too."]
    if faults:
        raise Invalid({**faults})


def refuse_findings(found: Review) -> None:
    """Raise ``Invalid`` by field for words that would stop every message made of them."""
    errors: dict[str, list[str]] = {}
    for finding in checker.blocking(found.findings):
        errors.setdefault(finding.field, []).append(f"{finding.message} {finding.suggestion}")
    if errors:
        raise Invalid({**errors})


def _live(session: Session, draft: TemplateVersion) -> TemplateVersion | None:
    versions = queries.list_versions(session, draft.firm_id, draft.template_id)
    return next((each for each in versions if each.state is VersionState.PUBLISHED), None)


def _mark(draft: TemplateVersion, live: TemplateVersion | None) -> str:
    words = [str(live.id) if live else "", *(getattr(draft, field) for field in rendering.FIELDS)]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def _findings(template: Template, version: TemplateVersion) -> list[Finding]:
    """Return what the checker says of the words, whatever is filled in; mail and page are each read alone."""
    found: dict[tuple[str, str, str], Finding] = {}
    read: set[str] = set()
    for data in variables.cases(template.kind, template.language):
        for field, text in _parts(version, data, template.language).items():
            for finding in _checked(template, text, data) if text not in read else ():
                found.setdefault((field, finding.rule, finding.words), replace(finding, field=field))
            read.add(text)
    return sorted(found.values(), key=lambda finding: finding.severity.weight)


def _parts(version: TemplateVersion, data: Mapping[str, Any], language: str) -> dict[str, str]:
    mail, page = rendering.mail(version, data, language), rendering.page(version, data, language)
    parts = {
        "mail_body": f"{mail.subject}\n\n{mail.text}",
        "page_body": "\n\n".join((*page.opening, *page.closing)),
    }
    return {field: text for field, text in parts.items() if text}


def _checked(template: Template, text: str, data: Mapping[str, Any]) -> list[Finding]:
    person = data["candidate"]
    context = Context(
        candidate=(person["first_name"], person["full_name"]),
        recruiter=data["recruiter"]["full_name"],
        language=template.language,
    )
    if template.kind in _TELLING:
        return checker.check(Document(letter=text), context)
    return checker.check_text(text, "body", context)
