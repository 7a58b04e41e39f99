"""Settings, Checker: what was kept in spite of it, the firm's own phrases, and the hints that are turned off."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth, settings
from recruiter.checker import service as checker
from recruiter.checker.document import HousePhrase
from recruiter.errors import Invalid
from recruiter.feedback import tally, wording
from recruiter.feedback.models import Choice
from recruiter.feedback.schemas import HintsForm, PhraseForm
from recruiter.feedback.wording import ChangeWording
from recruiter.web import forms

pages = Blueprint("checker", __name__, url_prefix="/settings/checker")
pages.before_request(auth.require_member)
approvers_only = auth.roles(*auth.LEADERS)


@pages.get("")
@approvers_only
def show() -> ResponseReturnValue:
    """Show the counts, the phrases and the hints."""
    return _page({}, {})


@pages.post("/phrases")
@approvers_only
def add_phrase() -> ResponseReturnValue:
    """Add a phrase of the firm's own, or give one that is there another advice."""
    try:
        _change(add=HousePhrase(**forms.load(PhraseForm, request.form)))
    except Invalid as error:
        return _page(request.form, forms.problems(error)), 422
    return _back("The phrase is looked for from now on.")


@pages.post("/phrases/remove")
@approvers_only
def remove_phrase() -> ResponseReturnValue:
    """Take a phrase out."""
    _change(remove=request.form.get("words", ""))
    return _back("The phrase is not looked for any more.")


@pages.post("/hints")
@approvers_only
def choose_hints() -> ResponseReturnValue:
    """Turn off the hints that are not ticked."""
    shown = frozenset(forms.load(HintsForm, request.form)["shown"])
    _change(hints_off=frozenset(checker.hints()) - shown)
    return _back("Hints saved.")


def _change(**values: Any) -> None:
    caller = auth.caller()
    wording.change(ChangeWording(firm_id=caller.firm_id, actor=caller.actor, **values))


def _page(values: Mapping[str, str], errors: dict[str, str]) -> str:
    firm = auth.signed_in_member().firm
    own = wording.of_firm(firm)
    return render_template(
        "pages/settings/checker.html",
        areas=settings.areas("checker"),
        values=values,
        errors=errors,
        phrases=own.phrases,
        hints=[(rule.id, _said(rule.id), rule.id not in own.hints_off) for rule in checker.hints().values()],
        counts=[
            (rule, _said(rule), found.get(Choice.KEPT, 0), found.get(Choice.OVERRIDDEN, 0))
            for rule, found in sorted(tally.counts(firm.id).items())
        ],
    )


def _said(rule: str) -> str:
    """Return what a rule says, without the words that it would quote."""
    known = checker.rules().get(rule)
    return known.gist if known else "A phrase of your own."


def _back(message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("checker.show"), 303)
