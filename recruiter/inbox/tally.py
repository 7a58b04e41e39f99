"""How far each place that mail comes from was read, and what it held: numbers of the installation, before any firm."""

from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.db.session import transaction
from recruiter.inbox.models import Mailbox


def count(name: str, *, kept: int = 0, unplaced: int = 0, given_up: int = 0) -> None:
    """Count mails of this place: kept, kept for no firm, or given up."""
    with transaction(None) as session:
        box = _locked(session, name)
        box.taken += kept
        box.unplaced += unplaced
        box.given_up += given_up
        box.taken_at = clock.now() if kept else box.taken_at


def begin(name: str, uid_validity: int) -> int:
    """Return the last UID that was read of a mailbox; a mailbox whose UIDs mean something else now begins anew."""
    with transaction(None) as session:
        box = _locked(session, name)
        if box.uid_validity != uid_validity:
            box.uid_validity, box.last_uid = uid_validity, 0
        box.looked_at, box.problem = clock.now(), None
        return box.last_uid


def advance(name: str, uid_validity: int, uid: int) -> None:
    """Keep that everything up to this UID is safe with us; it never goes back."""
    with transaction(None) as session:
        box = _locked(session, name)
        box.last_uid = max(box.last_uid, uid) if box.uid_validity == uid_validity else box.last_uid


def fail(name: str, problem: str) -> None:
    """Keep why a mailbox cannot be read, in words for an operator, until it is read again."""
    with transaction(None) as session:
        _locked(session, name).problem = problem


def _locked(session: Session, name: str) -> Mailbox:
    query = sa.select(Mailbox).where(Mailbox.name == name).with_for_update()
    found = session.scalar(query)
    if found is not None:
        return found
    with suppress(IntegrityError), session.begin_nested():  # another process may make it meanwhile
        session.add(Mailbox(name=name))
    return session.scalars(query).one()
