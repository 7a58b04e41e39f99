"""Reading a firm's library; each query names the firm."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.db import keyset
from recruiter.db.keyset import Page, Window
from recruiter.errors import NotFound
from recruiter.resources.models import Resource


def get(session: Session, firm_id: uuid.UUID, resource_id: uuid.UUID) -> Resource:
    """Return one entry, or raise ``NotFound``."""
    found = session.scalar(sa.select(Resource).where(Resource.firm_id == firm_id, Resource.id == resource_id))
    if found is None:
        raise NotFound("There is no such resource.")
    return found


def library(session: Session, firm_id: uuid.UUID) -> Sequence[Resource]:
    """Return the whole library by title."""
    query = sa.select(Resource).where(Resource.firm_id == firm_id).order_by(Resource.title, Resource.id)
    return session.scalars(query).all()


def named(session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[str, Resource]:
    """Return these entries by their id as text; what is not there is left out."""
    query = sa.select(Resource).where(Resource.firm_id == firm_id, Resource.id.in_(ids))
    return {str(resource.id): resource for resource in session.scalars(query)}


def page(session: Session, firm_id: uuid.UUID, window: Window) -> Page[Resource]:
    """Return the library a page at a time, newest first."""
    query = sa.select(Resource).where(Resource.firm_id == firm_id)
    return keyset.page(session, query, [Resource.created_at, Resource.id], window, newest_first=True)


def due(session: Session, firm_id: uuid.UUID, now: dt.datetime, most: int) -> Sequence[Resource]:
    """Return entries whose link is to be looked at, whoever waits longest first; others leave these alone."""
    query = sa.select(Resource).where(Resource.firm_id == firm_id, Resource.check_at <= now)
    locked = query.order_by(Resource.check_at, Resource.id).limit(most).with_for_update(skip_locked=True)
    return session.scalars(locked).all()
