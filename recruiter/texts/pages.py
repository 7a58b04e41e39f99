"""The pages on which a firm keeps its templates."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth
from recruiter.accounts.models import Role
from recruiter.db.session import reading
from recruiter.errors import Invalid, NotFound
from recruiter.texts import queries, rendering, service, variables
from recruiter.texts.models import Template, TemplateVersion, TextKind, VersionState
from recruiter.texts.rendering import Mail, PageLetter
from recruiter.texts.schemas import DraftForm
from recruiter.texts.service import Publish, SaveDraft, Words
from recruiter.web import forms

pages = Blueprint("texts", __name__, url_prefix="/templates")
pages.before_request(auth.require_member)

KINDS = {
    TextKind.REJECTION: "Not selected",
    TextKind.UPDATE: "Still deciding",
    TextKind.ROLE_CLOSED: "Role closed",
    TextKind.CORRECTION: "Correction",
    TextKind.ANSWER: "Answer",
    TextKind.POOL_INVITATION: "Pool invitation",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A template with its versions, newest first: which one is live, and which one is being written."""

    template: Template
    versions: Sequence[TemplateVersion]

    @property
    def kind(self) -> str:
        """What the template is for, in the words of the page."""
        return KINDS[self.template.kind]

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
class Sample:
    """A version filled with example values: what a person would read."""

    version: TemplateVersion
    mail: Mail
    letter: PageLetter


@pages.get("")
def index() -> ResponseReturnValue:
    """List the templates by purpose."""
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        versions = queries.versions_by_template(session, firm_id)
        entries = [Entry(each, versions.get(each.id, ())) for each in queries.list_templates(session, firm_id)]
    return render_template("pages/texts/index.html", entries=entries)


@pages.get("/<uuid:template_id>")
def show(template_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a person reads of the draft and of the live version, and every version there was."""
    return _shown(template_id, {})


@pages.get("/<uuid:template_id>/versions/<uuid:version_id>")
def show_version(template_id: uuid.UUID, version_id: uuid.UUID) -> ResponseReturnValue:
    """Show one version, however old; notices that were sent with it point at it."""
    entry = _entry(template_id)
    sample = _sample(entry.template, entry.version(version_id))
    return render_template("pages/texts/version.html", entry=entry, sample=sample)


@pages.get("/<uuid:template_id>/draft")
def edit(template_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form with the draft, or with the live version's words to begin one."""
    entry = _entry(template_id)
    start = entry.draft or entry.live
    return _form(entry, {field: getattr(start, field, "") for field in rendering.FIELDS}, {})


@pages.post("/<uuid:template_id>/draft")
def save(template_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the draft and show how it reads."""
    caller = auth.caller()
    try:
        words = Words(**{name: _lines(text) for name, text in forms.load(DraftForm, request.form).items()})
        service.save_draft(SaveDraft(firm_id=caller.firm_id, actor=caller.actor, template_id=template_id, words=words))
    except Invalid as error:
        return _form(_entry(template_id), request.form, forms.problems(error)), 422
    return _back(template_id, "Draft saved. This is how it reads.")


@pages.post("/<uuid:template_id>/versions/<uuid:version_id>/publish")
@auth.roles(Role.ADMIN, Role.LEAD)
def publish(template_id: uuid.UUID, version_id: uuid.UUID) -> ResponseReturnValue:
    """Make the draft the version that new messages use."""
    caller, version = auth.caller(), _entry(template_id).version(version_id)
    try:
        service.publish(Publish(firm_id=caller.firm_id, actor=caller.actor, version_id=version_id))
    except Invalid as error:
        return _shown(template_id, forms.problems(error)), 422
    return _back(template_id, f"Version {version.number} is live.")


def _shown(template_id: uuid.UUID, errors: Mapping[str, str]) -> str:
    entry = _entry(template_id)
    samples = [_sample(entry.template, version) for version in (entry.draft, entry.live) if version]
    may_publish = auth.signed_in_member().role in {Role.ADMIN, Role.LEAD}
    return render_template(
        "pages/texts/template.html",
        entry=entry,
        samples=samples,
        may_publish=may_publish,
        errors=errors,
    )


def _form(entry: Entry, values: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    return render_template(
        "pages/texts/draft.html",
        entry=entry,
        values=values,
        errors=errors,
        variables=variables.of(entry.template.kind).values(),
    )


def _entry(template_id: uuid.UUID) -> Entry:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        template = queries.get_template(session, firm_id, template_id)
        return Entry(template, queries.list_versions(session, firm_id, template_id))


def _sample(template: Template, version: TemplateVersion) -> Sample:
    data = variables.example(template.kind)
    return Sample(version, rendering.mail(version, data, template.language), rendering.page(version, data))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _back(template_id: uuid.UUID, message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("texts.show", template_id=template_id), 303)
