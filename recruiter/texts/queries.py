"""Reading templates and their versions."""

import itertools
import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from recruiter.errors import NotFound
from recruiter.texts.models import Template, TemplateVersion, TextKind, VersionState


def list_templates(session: Session, firm_id: uuid.UUID) -> Sequence[Template]:
    """Return the templates in use, by purpose, then name."""
    query = sa.select(Template).where(Template.firm_id == firm_id, Template.archived_at.is_(None))
    found = session.scalars(query).all()
    order = list(TextKind)
    return sorted(found, key=lambda template: (order.index(template.kind), template.name, template.language))


def get_template(session: Session, firm_id: uuid.UUID, template_id: uuid.UUID) -> Template:
    """Return a template, or raise ``NotFound``."""
    query = sa.select(Template).where(Template.firm_id == firm_id, Template.id == template_id)
    found = session.scalar(query)
    if found is None:
        raise NotFound("There is no such template.")
    return found


def list_versions(session: Session, firm_id: uuid.UUID, template_id: uuid.UUID) -> Sequence[TemplateVersion]:
    """Return every version of a template, newest first; a draft, if there is one, comes first."""
    query = (
        sa.select(TemplateVersion)
        .where(TemplateVersion.firm_id == firm_id, TemplateVersion.template_id == template_id)
        .order_by(TemplateVersion.number.desc())
    )
    return session.scalars(query).all()


def versions_by_template(session: Session, firm_id: uuid.UUID) -> dict[uuid.UUID, Sequence[TemplateVersion]]:
    """Return every version of every template in use, newest first, by the template's id."""
    in_use = sa.select(Template.id).where(Template.firm_id == firm_id, Template.archived_at.is_(None))
    query = (
        sa.select(TemplateVersion)
        .where(TemplateVersion.firm_id == firm_id, TemplateVersion.template_id.in_(in_use))
        .order_by(TemplateVersion.template_id, TemplateVersion.number.desc())
    )
    by_template = itertools.groupby(session.scalars(query), key=lambda version: version.template_id)
    return {template_id: list(versions) for template_id, versions in by_template}


def get_version(session: Session, firm_id: uuid.UUID, version_id: uuid.UUID) -> TemplateVersion:
    """Return a version, published or not, or raise ``NotFound``."""
    query = sa.select(TemplateVersion).where(TemplateVersion.firm_id == firm_id, TemplateVersion.id == version_id)
    found = session.scalar(query)
    if found is None:
        raise NotFound("There is no such version of a template.")
    return found


def versions(session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, TemplateVersion]:
    """Return these versions by id, published or not."""
    query = sa.select(TemplateVersion).where(TemplateVersion.firm_id == firm_id, TemplateVersion.id.in_(ids))
    return {version.id: version for version in session.scalars(query)}


def find_published(
    session: Session, firm_id: uuid.UUID, kind: TextKind, language: str = "en", slug: str | None = None
) -> TemplateVersion | None:
    """Return the newest published version for a purpose with its template, or ``None``.

    ``slug`` asks for one template; without it the firm's oldest of this kind is used. Where the language has none,
    English stands in.
    """
    query = (
        sa.select(TemplateVersion)
        .join(Template, sa.and_(Template.firm_id == firm_id, Template.id == TemplateVersion.template_id))
        .where(
            TemplateVersion.firm_id == firm_id,
            TemplateVersion.state == VersionState.PUBLISHED,
            Template.kind == kind,
            Template.archived_at.is_(None),
            Template.language.in_({language, "en"}),
        )
        .order_by(
            sa.case((Template.language == language, 0), else_=1),
            Template.created_at,
            Template.id,
            TemplateVersion.number.desc(),
        )
        .limit(1)
        .options(contains_eager(TemplateVersion.template))
    )
    return session.scalar(query if slug is None else query.where(Template.slug == slug))
