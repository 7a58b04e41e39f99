"""Curating the library: add, change and remove what helps candidates further."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.checker import service as checker
from recruiter.checker.document import Context
from recruiter.db import conflicts, locks
from recruiter.db.session import reading, transaction
from recruiter.errors import Conflict, Invalid
from recruiter.resources import queries
from recruiter.resources.models import Cost, Resource, ResourceKind
from recruiter.webhooks import targets

MOST = 200


class LibraryFull(Conflict):
    """The firm has as many resources as anybody can choose from."""

    code = "library_full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a firm says about a resource; ``minutes`` to read or do it, ``language`` as a BCP 47 tag."""

    title: str
    kind: ResourceKind
    url: str
    cost: Cost
    language: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddResource:
    """Something new in the library."""

    firm_id: uuid.UUID
    actor: Actor
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeResource:
    """What the firm now says about a resource."""

    firm_id: uuid.UUID
    actor: Actor
    resource_id: uuid.UUID
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveResource:
    """A resource that is offered no more; letters that carry it keep it."""

    firm_id: uuid.UUID
    actor: Actor
    resource_id: uuid.UUID


def library(firm_id: uuid.UUID) -> Sequence[Resource]:
    """Return the whole library by title."""
    with reading(firm_id) as session:
        return queries.library(session, firm_id)


def get(firm_id: uuid.UUID, resource_id: uuid.UUID) -> Resource:
    """Return one entry, or raise ``NotFound``."""
    with reading(firm_id) as session:
        return queries.get(session, firm_id, resource_id)


def add(command: AddResource) -> Resource:
    """Add the entry; its link is looked at soon. Raises ``Invalid`` for title or ``url``, and ``LibraryFull``."""
    _check(command.entry)
    with transaction(command.firm_id) as session:
        locks.hold(session, command.firm_id, "resources")
        if len(queries.library(session, command.firm_id)) >= MOST:
            raise LibraryFull(f"The library has {MOST} entries. Remove one that nobody chooses.")
        resource = Resource(firm_id=command.firm_id)
        _write(session, resource, command.entry)
        _record(session, resource, command.actor, "resource.added")
    return resource


def change(command: ChangeResource) -> Resource:
    """Write what the firm now says; the link is looked at again. Raises ``Invalid`` and ``NotFound``."""
    _check(command.entry)
    with transaction(command.firm_id) as session:
        resource = queries.get(session, command.firm_id, command.resource_id)
        _write(session, resource, command.entry)
        _record(session, resource, command.actor, "resource.changed")
    return resource


def remove(command: RemoveResource) -> Resource:
    """Offer it no more; letters that carry it keep it. Raises ``NotFound``."""
    with transaction(command.firm_id) as session:
        resource = queries.get(session, command.firm_id, command.resource_id)
        session.delete(resource)
        _record(session, resource, command.actor, "resource.removed")
    return resource


def _check(entry: Entry) -> None:
    """Refuse a title that no candidate may read, and what no link may be; whether it answers is looked at later."""
    blocking = checker.blocking(checker.check_text(entry.title, "title", Context(language=entry.language)))
    if blocking:
        raise Invalid({"title": [f"{finding.message} {finding.suggestion}" for finding in blocking]})
    if not entry.url.startswith("https://"):
        raise Invalid({"url": ["The address must begin with https://."]})
    try:
        targets.check_url(entry.url)
    except targets.Refused as refusal:
        raise Invalid({"url": [str(refusal)]}) from refusal


def _write(session: Session, resource: Resource, entry: Entry) -> None:
    known = Invalid({"url": ["This address is in the library already."]})
    with conflicts.named(session, {"uq_resources_firm_id_url": known}):
        resource.title, resource.kind, resource.url = entry.title, entry.kind, entry.url
        resource.cost, resource.language, resource.minutes = entry.cost, entry.language, entry.minutes
        resource.check_at, resource.checked_at = clock.now(), None
        resource.failures, resource.problem, resource.is_dead = 0, "", False
        session.add(resource)


def _record(session: Session, resource: Resource, actor: Actor, action: str) -> None:
    details: dict[str, Any] = {"kind": resource.kind.value}
    audit.record(session, resource.firm_id, actor, Change(action=action, subject_id=resource.id, details=details))
