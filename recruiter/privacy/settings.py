"""Settings, Policies, Retention: what the policies will erase, and whether they do it by themselves; for admins."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth, settings
from recruiter.accounts.models import Role
from recruiter.db.keyset import Window
from recruiter.errors import Invalid
from recruiter.privacy import retention
from recruiter.privacy.retention import Switch
from recruiter.privacy.schemas import RetentionForm
from recruiter.web import forms

pages = Blueprint("retention", __name__, url_prefix="/settings/retention")
pages.before_request(auth.require_member)


@pages.get("")
@auth.roles(Role.ADMIN)
def show() -> ResponseReturnValue:
    """Show what will be erased, and the switch."""
    return _page({}, {})


@pages.post("")
@auth.roles(Role.ADMIN)
def keep() -> ResponseReturnValue:
    """Let the policies erase by themselves, or no more."""
    caller = auth.caller()
    try:
        values = forms.load(RetentionForm, request.form)
    except Invalid as error:
        return _page(request.form, forms.problems(error)), 422
    firm = retention.switch(Switch(firm_id=caller.firm_id, actor=caller.actor, **values))
    flash("Saved. Nobody is erased before the day below." if firm.erases_from else "Saved. Nobody is erased by itself.")
    return redirect(url_for("retention.show"), 303)


def _page(values: Mapping[str, Any], errors: dict[str, str]) -> str:
    outlook = retention.outlook(auth.caller().firm_id, Window(cursor=request.args.get("cursor")))
    kept = {"is_on": outlook.firm.erases_from is not None, "notice_days": outlook.firm.erasure_notice_days}
    return render_template(
        "pages/privacy/retention.html",
        areas=settings.areas("policies"),
        outlook=outlook,
        values=values or kept,
        errors=errors,
    )
