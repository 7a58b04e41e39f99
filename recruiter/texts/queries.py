"""Reading templates and their versions."""

import itertools
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, defer

from recruiter.db.parameters import FIRM
from recruiter.errors import NotFound
from recruiter.texts.models import Template, TemplateVersion, TextKind, TextStage, VersionState

_WORDS = (
    TemplateVersion.subject,
    TemplateVersion.mail_body,
    TemplateVersion.page_body,
    TemplateVersion.page_closing,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """Which template is asked for: the reader's language (BCP 47), and either its slug or the stage reached."""

    language: str = "en"
    slug: str | None = None
    stage: str | None = None


def list_templates(session: Session, firm_id: uuid.UUID, *, retired: bool = False) -> Sequence[Template]:
    """Return the templates in use, or those that were ``retired``: by purpose, stage, name and language."""
    is_listed = Template.archived_at.is_not(None) if retired else Template.archived_at.is_(None)
    found = session.scalars(sa.select(Template).where(Template.firm_id == firm_id, is_listed)).all()
    return sorted(found, key=_place)


def _place(template: Template) -> tuple[int, int, str, str, bool, str]:
    kinds, stages = list(TextKind), [None, *TextStage]
    first = (kinds.index(template.kind), stages.index(template.stage), template.name, template.slug)
    return (*first, template.language != "en", template.language)


def get_template(session: Session, firm_id: uuid.UUID, template_id: uuid.UUID, *, lock: bool = False) -> Template:
    """Return a template, or raise ``NotFound``; ``lock`` makes other changes of it and its versions wait."""
    query = sa.select(Template).where(Template.firm_id == firm_id, Template.id == template_id)
    found = session.scalar(query.with_for_update() if lock else query)
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
    """Return every version of every template in use without its words, newest first, by the template's id."""
    in_use = sa.select(Template.id).where(Template.firm_id == firm_id, Template.archived_at.is_(None))
    query = (
        sa.select(TemplateVersion)
        .where(TemplateVersion.firm_id == firm_id, TemplateVersion.template_id.in_(in_use))
        .order_by(TemplateVersion.template_id, TemplateVersion.number.desc())
        .options(*(defer(words, raiseload=True) for words in _WORDS))
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


def has_another(session: Session, template: Template) -> bool:
    """Whether messages of a template's kind and any stage can be written without it."""
    others = _published().where(Template.id != template.id, Template.stage.is_(None)).limit(1)
    asked = {"firm_id": template.firm_id, "kind": template.kind}
    return template.stage is not None or session.scalar(others, asked) is not None


def add_rating(session: Session, firm_id: uuid.UUID, version_id: uuid.UUID, *, is_useful: bool) -> None:
    """Count a rating in the sums of the template that a version belongs to."""
    template_id = sa.select(TemplateVersion.template_id).where(
        TemplateVersion.firm_id == firm_id, TemplateVersion.id == version_id
    )
    session.execute(
        sa.update(Template)
        .where(Template.firm_id == firm_id, Template.id == template_id.scalar_subquery())
        .values(rated=Template.rated + 1, rated_useful=Template.rated_useful + int(is_useful))
        .execution_options(synchronize_session=False)
    )


def find_published(session: Session, firm_id: uuid.UUID, kind: TextKind, want: Want) -> TemplateVersion | None:
    """Return the newest published version for a purpose with its template, or ``None``.

    Without a slug, the template for the stage is used, else one for every stage; never that of another stage. The
    reader's language comes first, then its other variants, then English, then whatever there is; the oldest of several.
    """
    asked = _asked(firm_id, kind, want.language)
    if want.slug is not None:
        return session.scalar(_of_slug(), asked | {"slug": want.slug})
    stage = TextStage(want.stage) if want.stage in set(TextStage) else None
    return session.scalar(_of_stage(), asked | {"stage": stage})


def choices(session: Session, firm_id: uuid.UUID, kind: TextKind, language: str) -> list[tuple[str, str]]:
    """Return slug and name of the templates with a published version, in the order of the stages, one for each slug.

    The name is that of the template in the language of which ``find_published`` would take it.
    """
    query = _published().with_only_columns(Template.slug, Template.name, Template.stage)
    named = query.order_by(_STRANGENESS, Template.created_at, Template.id)
    rows = session.execute(named, _asked(firm_id, kind, language)).all()
    order: list[TextStage | None] = [None, *TextStage]
    found = {row.slug: row for row in reversed(rows)}
    return [(row.slug, row.name) for row in sorted(found.values(), key=lambda row: (order.index(row.stage), row.name))]


# How far a template's language is from that of its reader.
_STRANGENESS: sa.ColumnElement[int] = sa.case(
    (Template.language == sa.bindparam("language"), 0),
    (Template.language == sa.bindparam("base"), 1),
    (Template.language == "en", 2),
    else_=3,
)


def _asked(firm_id: uuid.UUID, kind: TextKind, language: str) -> dict[str, object]:
    """Return what the statements below are asked with: for what purpose, and for a reader of which language."""
    return {"firm_id": firm_id, "kind": kind, "language": language, "base": language.partition("-")[0]}


@cache
def _published() -> sa.Select[TemplateVersion]:
    return (
        sa.select(TemplateVersion)
        .join(Template, sa.and_(Template.firm_id == FIRM, Template.id == TemplateVersion.template_id))
        .where(
            TemplateVersion.firm_id == FIRM,
            TemplateVersion.state == VersionState.PUBLISHED,
            Template.kind == sa.bindparam("kind"),
            Template.archived_at.is_(None),
        )
    )


@cache
def _first() -> sa.Select[TemplateVersion]:
    return (
        _published()
        .order_by(_STRANGENESS, Template.stage.is_(None), Template.created_at, Template.id)
        .order_by(TemplateVersion.number.desc())
        .limit(1)
        .options(contains_eager(TemplateVersion.template))
    )


@cache
def _of_slug() -> sa.Select[TemplateVersion]:
    return _first().where(Template.slug == sa.bindparam("slug"))


@cache
def _of_stage() -> sa.Select[TemplateVersion]:
    return _first().where(sa.or_(Template.stage.is_(None), Template.stage == sa.bindparam("stage")))
