"""The pages on which a firm keeps its templates."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth
from recruiter.db.session import reading
from recruiter.errors import Invalid, Stale
from recruiter.texts import inspection, queries, rendering, service, variables, view
from recruiter.texts.models import TemplateVersion
from recruiter.texts.schemas import DraftForm, DraftSeenForm, PublishForm, TranslateForm
from recruiter.texts.service import AskToPublish, Publish, Retire, SaveDraft, Translate, Words
from recruiter.texts.view import Entry, Setting
from recruiter.web import forms

pages = Blueprint("texts", __name__, url_prefix="/templates")
pages.before_request(auth.require_member)


@pages.get("")
def index() -> ResponseReturnValue:
    """List the texts in use by their moments, each with its languages, and the templates that were retired."""
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        found = view.texts(session, firm_id)
        retired = [Entry(each, ()) for each in queries.list_templates(session, firm_id, retired=True)]
        asked = view.asked(session, firm_id, found)
    return render_template("pages/texts/index.html", texts=found, retired=retired, asked=asked)


@pages.get("/<uuid:template_id>")
def show(template_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a person reads of the draft and of the live version, and every version there was."""
    return _shown(template_id, {})


@pages.get("/<uuid:template_id>/versions/<uuid:version_id>")
def show_version(template_id: uuid.UUID, version_id: uuid.UUID) -> ResponseReturnValue:
    """Show one version, however old; notices that were sent with it point at it."""
    entry = _entry(template_id)
    sample = view.sample(entry.template, entry.version(version_id))
    return render_template("pages/texts/version.html", entry=entry, sample=sample)


@pages.get("/<uuid:template_id>/draft")
def edit(template_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form with the draft, or with the live version's words to begin one."""
    entry = _entry(template_id)
    start = entry.draft or entry.live
    values = {field: getattr(start, field, "") for field in rendering.FIELDS}
    return _form(entry, values | {"seen": inspection.words_mark(start)}, {})


@pages.post("/<uuid:template_id>/draft")
def save(template_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the draft and show how it reads."""
    try:
        service.save_draft(_draft(template_id))
    except Invalid as error:
        return _form(_entry(template_id), request.form, forms.problems(error)), 422
    except Stale as error:
        return _beside(_entry(template_id), error.message), 409
    return _back(template_id, "Draft saved. This is how it reads.")


@pages.get("/<uuid:template_id>/versions/<uuid:version_id>/publish")
def review(template_id: uuid.UUID, version_id: uuid.UUID) -> ResponseReturnValue:
    """Show what publishing a draft would change, and ask."""
    return _reviewed(template_id, version_id)


@pages.post("/<uuid:template_id>/versions/<uuid:version_id>/publish")
@auth.roles(*auth.LEADERS)
def publish(template_id: uuid.UUID, version_id: uuid.UUID) -> ResponseReturnValue:
    """Make the draft the version that new messages use; ask again when it is not the one that was looked at."""
    caller, version = auth.caller(), _entry(template_id).version(version_id)
    seen = forms.load(PublishForm, request.form)["seen"]
    try:
        service.publish(Publish(firm_id=caller.firm_id, actor=caller.actor, version_id=version_id, seen=seen))
    except Invalid as error:
        return _shown(template_id, forms.problems(error)), 422
    except Stale as error:
        return _reviewed(template_id, version_id, str(error))
    return _back(template_id, f"Version {version.number} is live.")


@pages.post("/<uuid:template_id>/versions/<uuid:version_id>/ask")
def ask(template_id: uuid.UUID, version_id: uuid.UUID) -> ResponseReturnValue:
    """Ask those who may publish to publish a draft."""
    caller, version = auth.caller(), _entry(template_id).version(version_id)
    service.ask_to_publish(AskToPublish(firm_id=caller.firm_id, actor=caller.actor, version_id=version.id))
    return _back(template_id, "Leads and admins see on Templates that you ask.")


@pages.post("/<uuid:template_id>/versions/<uuid:version_id>/copy")
def send_copy(template_id: uuid.UUID, version_id: uuid.UUID) -> ResponseReturnValue:
    """Send a version, filled with examples, to the address of whoever asks."""
    member, version = auth.signed_in_member(), _entry(template_id).version(version_id)
    service.send_copy(member, version.id)
    return _back(template_id, f"A copy of version {version.number} is on its way to {member.email}.")


@pages.post("/<uuid:template_id>/languages")
def translate(template_id: uuid.UUID) -> ResponseReturnValue:
    """Begin the text in another language."""
    caller, source = auth.caller(), _entry(template_id).template
    language = forms.load(TranslateForm, request.form)["language"]
    command = Translate(firm_id=caller.firm_id, actor=caller.actor, template_id=source.id, language=language)
    template = service.translate(command)
    flash("This is a draft with the words that are there. Write them anew, then publish.")
    return redirect(url_for("texts.edit", template_id=template.id), 303)


@pages.post("/<uuid:template_id>/retire")
@auth.roles(*auth.LEADERS)
def retire(template_id: uuid.UUID) -> ResponseReturnValue:
    """Take a template out of use."""
    caller = auth.caller()
    service.retire(Retire(firm_id=caller.firm_id, actor=caller.actor, template_id=template_id))
    return _back(template_id, "Nobody can choose this template any more. Its versions stay readable.")


@pages.post("/<uuid:template_id>/restore")
@auth.roles(*auth.LEADERS)
def restore(template_id: uuid.UUID) -> ResponseReturnValue:
    """Take a template into use again."""
    caller = auth.caller()
    service.retire(Retire(firm_id=caller.firm_id, actor=caller.actor, template_id=template_id, back=True))
    return _back(template_id, "This template is in use again.")


def _draft(template_id: uuid.UUID) -> SaveDraft:
    caller = auth.caller()
    words = Words(**{name: _lines(text) for name, text in forms.load(DraftForm, request.form).items()})
    seen = forms.load(DraftSeenForm, request.form)["seen"]
    return SaveDraft(firm_id=caller.firm_id, actor=caller.actor, template_id=template_id, words=words, seen=seen)


def _shown(template_id: uuid.UUID, errors: Mapping[str, str]) -> str:
    entry, setting = _entry(template_id), request.args.get("as", "")
    versions = [version for version in (entry.draft, entry.live) if version]
    return render_template(
        "pages/texts/template.html",
        entry=entry,
        samples=[view.sample(entry.template, version, setting) for version in versions],
        settings=_settings(entry, setting),
        may_write=auth.signed_in_member().role in auth.WRITERS,
        may_publish=_may_publish(),
        errors=errors,
    )


def _reviewed(template_id: uuid.UUID, version_id: uuid.UUID, problem: str = "") -> ResponseReturnValue:
    entry = _entry(template_id)
    try:
        found = service.review(auth.caller().firm_id, entry.version(version_id).id)
    except Invalid as error:
        return _shown(template_id, forms.problems(error)), 422
    shown = render_template(
        "pages/texts/review.html",
        entry=entry,
        review=found,
        fields=view.FIELDS,
        may_publish=_may_publish(),
        problem=problem,
    )
    return shown, 409 if problem else 200


def _settings(entry: Entry, chosen: str) -> list[Setting]:
    if entry.template.kind not in variables.NOTICES:
        return []
    chosen = chosen if chosen in view.SETTINGS else ""
    return [Setting(name, label, f"?as={name}", name == chosen) for name, label in view.SETTINGS.items()]


def _form(
    entry: Entry,
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    *,
    problem: str = "",
    theirs: TemplateVersion | None = None,
) -> str:
    return render_template(
        "pages/texts/draft.html",
        entry=entry,
        values=values,
        errors=errors,
        problem=problem,
        theirs=[(label, getattr(theirs, field)) for field, label in view.FIELDS.items()] if theirs else [],
        variables=variables.of(entry.template.kind).values(),
    )


def _beside(entry: Entry, problem: str) -> str:
    """Show what was typed beside the words that somebody else saved meanwhile."""
    theirs = entry.draft or entry.live
    values = request.form.to_dict() | {"seen": inspection.words_mark(theirs)}
    return _form(entry, values, {}, problem=problem, theirs=theirs)


def _entry(template_id: uuid.UUID) -> Entry:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return view.entry(session, firm_id, template_id)


def _may_publish() -> bool:
    return auth.signed_in_member().role.leads


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _back(template_id: uuid.UUID, message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("texts.show", template_id=template_id), 303)
