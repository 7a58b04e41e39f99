"""Reading import runs; each query names the firm."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from recruiter.db import keyset
from recruiter.db.keyset import Page, Window
from recruiter.errors import NotFound
from recruiter.imports.models import UNFINISHED, ImportKind, ImportRun, ImportState


def get_run(session: Session, firm_id: uuid.UUID, run_id: uuid.UUID) -> ImportRun:
    """Return the run without its file, or raise ``NotFound``."""
    return _one(session, firm_id, sa.select(ImportRun).where(ImportRun.id == run_id))


def get_with_file(session: Session, firm_id: uuid.UUID, run_id: uuid.UUID) -> ImportRun:
    """Return the run with its file, or raise ``NotFound``."""
    query = sa.select(ImportRun).where(ImportRun.id == run_id)
    return _one(session, firm_id, query.options(undefer(ImportRun.content)))


def get_for_update(session: Session, firm_id: uuid.UUID, run_id: uuid.UUID) -> ImportRun:
    """Return the run without its file and make others who change it wait; raise ``NotFound``."""
    return _one(session, firm_id, sa.select(ImportRun).where(ImportRun.id == run_id).with_for_update())


def find_same(session: Session, firm_id: uuid.UUID, kind: ImportKind, sha256: str) -> ImportRun | None:
    """Return the run by which the same file goes in or went in."""
    return session.scalar(
        sa.select(ImportRun).where(
            ImportRun.firm_id == firm_id,
            ImportRun.kind == kind,
            ImportRun.sha256 == sha256,
            ImportRun.state.in_([*UNFINISHED, ImportState.DONE]),
        )
    )


def find_unfinished(session: Session, firm_id: uuid.UUID) -> ImportRun | None:
    """Return the oldest run that a member has started and that is not done."""
    query = sa.select(ImportRun).where(ImportRun.firm_id == firm_id, ImportRun.state.in_(UNFINISHED))
    return session.scalar(query.order_by(ImportRun.created_at).limit(1))


def claim(session: Session, firm_id: uuid.UUID, run_id: uuid.UUID) -> ImportRun | None:
    """Return the unfinished run, unless another process is at it, and keep others off until the transaction ends."""
    query = sa.select(ImportRun).where(
        ImportRun.firm_id == firm_id, ImportRun.id == run_id, ImportRun.state.in_(UNFINISHED)
    )
    return session.scalar(query.with_for_update(skip_locked=True).execution_options(populate_existing=True))


def page(session: Session, firm_id: uuid.UUID, window: Window) -> Page[ImportRun]:
    """Return runs without their files, newest first."""
    query = sa.select(ImportRun).where(ImportRun.firm_id == firm_id)
    return keyset.page(session, query, [ImportRun.created_at, ImportRun.id], window, newest_first=True)


def _one(session: Session, firm_id: uuid.UUID, query: sa.Select[ImportRun]) -> ImportRun:
    found = session.scalar(query.where(ImportRun.firm_id == firm_id))
    if found is None:
        raise NotFound("There is no such import.")
    return found
