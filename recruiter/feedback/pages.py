"""Settings, Competencies: what is offered while a criterion is typed; for admins and leads."""

from collections.abc import Mapping

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth, settings
from recruiter.errors import Invalid
from recruiter.feedback import service
from recruiter.feedback.competencies import Family
from recruiter.feedback.schemas import CompetenciesForm
from recruiter.feedback.service import ChangeCompetencies
from recruiter.web import forms

pages = Blueprint("competencies", __name__, url_prefix="/settings/competencies")
pages.before_request(auth.require_member)

keepers = auth.roles(*auth.LEADERS)


@pages.get("")
@keepers
def index() -> ResponseReturnValue:
    """Show every family with one competency on each line."""
    found = service.read(auth.caller().firm_id)
    return _page({family.value: "\n".join(names) for family, names in found.items()}, {})


@pages.post("")
@keepers
def change() -> ResponseReturnValue:
    """Offer what was typed from now on."""
    caller = auth.caller()
    try:
        typed = forms.load(CompetenciesForm, request.form)
        names = {Family(name): text.splitlines() for name, text in typed.items()}
        service.change(ChangeCompetencies(firm_id=caller.firm_id, actor=caller.actor, names=names))
    except Invalid as error:
        return make_response(_page(request.form, forms.problems(error)), 422)
    flash("Saved. These are offered from now on.")
    return redirect(url_for("competencies.index"), 303)


def _page(values: Mapping[str, str], errors: dict[str, str]) -> str:
    return render_template(
        "pages/settings/competencies.html",
        areas=settings.areas("competencies"),
        families=list(Family),
        values=values,
        errors=errors,
    )
