"""Settings, Resources: the library that gaps can name; for admins."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth, settings
from recruiter.accounts.models import Role
from recruiter.errors import Conflict, Invalid
from recruiter.resources import service
from recruiter.resources.models import Cost, Resource, ResourceKind
from recruiter.resources.schemas import ResourceForm
from recruiter.resources.service import AddResource, ChangeResource, Entry, RemoveResource
from recruiter.web import forms

pages = Blueprint("resources", __name__, url_prefix="/settings/resources")
pages.before_request(auth.require_member)

admins_only = auth.roles(Role.ADMIN)


@pages.get("")
@admins_only
def index() -> ResponseReturnValue:
    """List the library, with the form to add to it."""
    return _index({"language": auth.signed_in_member().firm.language})


@pages.post("")
@admins_only
def add() -> ResponseReturnValue:
    """Add an entry; its link is looked at soon."""
    try:
        service.add(AddResource(**auth.whose(), entry=_entry()))
    except (Invalid, Conflict) as error:
        return _index(request.form, forms.problems(error)), 422
    return _back("Added. Its link is looked at within minutes.")


@pages.get("/<uuid:resource_id>")
@admins_only
def edit(resource_id: uuid.UUID) -> ResponseReturnValue:
    """Show one entry, to change or to remove."""
    return _form(service.get(auth.caller().firm_id, resource_id), {})


@pages.post("/<uuid:resource_id>")
@admins_only
def change(resource_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what the firm now says about it."""
    resource = service.get(auth.caller().firm_id, resource_id)
    try:
        service.change(ChangeResource(**auth.whose(resource_id=resource_id), entry=_entry()))
    except Invalid as error:
        return _form(resource, forms.problems(error)), 422
    return _back("Saved. Its link is looked at again.")


@pages.post("/<uuid:resource_id>/remove")
@admins_only
def remove(resource_id: uuid.UUID) -> ResponseReturnValue:
    """Offer it no more."""
    service.remove(RemoveResource(**auth.whose(resource_id=resource_id)))
    return _back("Removed. Letters that carry it keep it.")


def _entry() -> Entry:
    return Entry(**forms.load(ResourceForm, request.form))


def _index(values: Mapping[str, Any], errors: Mapping[str, str] | None = None) -> str:
    found = service.library(auth.caller().firm_id)
    return render_template(
        "pages/settings/resources.html", resources=found, **_choices(), values=values, errors=errors or {}
    )


def _form(resource: Resource, errors: Mapping[str, str]) -> str:
    values = request.form or {name: getattr(resource, name) for name in Entry.__slots__}
    return render_template(
        "pages/settings/resource.html", resource=resource, **_choices(), values=values, errors=errors
    )


def _choices() -> dict[str, Any]:
    return {
        "areas": settings.areas("resources"),
        "kinds": [(kind.value, kind.words) for kind in ResourceKind],
        "costs": [(cost.value, cost.value.capitalize()) for cost in Cost],
    }


def _back(message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("resources.index"), 303)
