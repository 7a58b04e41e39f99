"""Settings, Webhooks: endpoints, their log, and telling again; for admins."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter import clock
from recruiter.accounts import auth, settings
from recruiter.accounts.models import Role
from recruiter.db.keyset import Window
from recruiter.errors import Conflict, Invalid
from recruiter.web import forms
from recruiter.web.jinja import plural
from recruiter.webhooks import deliveries, presentation, service
from recruiter.webhooks.deliveries import Ping, RepeatDelivery, Replay
from recruiter.webhooks.models import WebhookEndpoint
from recruiter.webhooks.schemas import LONGEST_OVERLAP, EndpointForm, LogForm, ReplayForm, RotateForm
from recruiter.webhooks.service import AddEndpoint, ChangeEndpoint, NewEndpoint, RemoveEndpoint, RotateSecret

pages = Blueprint("webhooks", __name__, url_prefix="/settings/webhooks")
pages.before_request(auth.require_member)

admins_only = auth.roles(Role.ADMIN)
SHOWN = 25
MOST = 100
OVERLAPS = [("24", "24 hours"), ("1", "1 hour"), (str(LONGEST_OVERLAP), "7 days"), ("0", "Not at all: it has leaked")]


@pages.get("")
@admins_only
def index() -> ResponseReturnValue:
    """List the endpoints, with the form to add one."""
    return _index(values={})


@pages.post("")
@admins_only
def add() -> ResponseReturnValue:
    """Add an endpoint and show its secret, this one time, on the page that answers."""
    caller = auth.caller()
    try:
        values = forms.load(EndpointForm, request.form)
        endpoint = service.add(AddEndpoint(firm_id=caller.firm_id, actor=caller.actor, **values))
    except Invalid as error:
        return _index(error, values=_typed())
    return _index(values={}, made=service.made(endpoint))


@pages.get("/<uuid:endpoint_id>")
@admins_only
def show(endpoint_id: uuid.UUID) -> ResponseReturnValue:
    """Show one endpoint with its log."""
    return _endpoint(endpoint_id)


@pages.post("/<uuid:endpoint_id>")
@admins_only
def change(endpoint_id: uuid.UUID) -> ResponseReturnValue:
    """Keep another address or other events."""
    endpoint = _get(endpoint_id)
    try:
        _change(endpoint, **forms.load(EndpointForm, request.form))
    except Invalid as error:
        return _endpoint(endpoint_id, error, values=_typed())
    return _back(endpoint_id, "Webhook saved.")


@pages.post("/<uuid:endpoint_id>/on")
@admins_only
def switch_on(endpoint_id: uuid.UUID) -> ResponseReturnValue:
    """Let what waits leave, and everything that happens from now on."""
    _change(_get(endpoint_id), enabled=True)
    return _back(endpoint_id, "Switched on. What happened meanwhile can be replayed below.")


@pages.post("/<uuid:endpoint_id>/off")
@admins_only
def switch_off(endpoint_id: uuid.UUID) -> ResponseReturnValue:
    """Send nothing until it is switched on."""
    _change(_get(endpoint_id), enabled=False)
    return _back(endpoint_id, "Switched off. It is told nothing until you switch it on.")


@pages.post("/<uuid:endpoint_id>/ping")
@admins_only
def ping(endpoint_id: uuid.UUID) -> ResponseReturnValue:
    """Send a test event."""
    try:
        deliveries.ping(Ping(**auth.whose(endpoint_id=endpoint_id)))
    except Conflict as error:
        return _back(endpoint_id, error.message, "error")
    return _back(endpoint_id, "The test is on its way. The log shows what the receiver answers.")


@pages.post("/<uuid:endpoint_id>/replay")
@admins_only
def replay(endpoint_id: uuid.UUID) -> ResponseReturnValue:
    """Tell the events of some days again."""
    try:
        count = deliveries.replay(_replay(endpoint_id))
    except Invalid as error:
        return _endpoint(endpoint_id, error)
    except Conflict as error:
        return _back(endpoint_id, error.message, "error")
    return _back(endpoint_id, f"{plural(count, 'event is', 'events are')} told again.")


@pages.get("/<uuid:endpoint_id>/secret")
@admins_only
def ask_rotate(endpoint_id: uuid.UUID) -> ResponseReturnValue:
    """Ask how long the old secret goes on signing."""
    return render_template("pages/settings/webhook_secret.html", endpoint=_get(endpoint_id), overlaps=OVERLAPS)


@pages.post("/<uuid:endpoint_id>/secret")
@admins_only
def rotate(endpoint_id: uuid.UUID) -> ResponseReturnValue:
    """Make a new secret and show it, this one time, on the page that answers."""
    overlap = forms.load(RotateForm, request.form)
    return _endpoint(
        endpoint_id, made=service.made(service.rotate(RotateSecret(**auth.whose(endpoint_id=endpoint_id), **overlap)))
    )


@pages.get("/<uuid:endpoint_id>/remove")
@admins_only
def ask_remove(endpoint_id: uuid.UUID) -> ResponseReturnValue:
    """Ask before an endpoint is forgotten with its log."""
    return render_template("pages/settings/webhook_remove.html", endpoint=_get(endpoint_id))


@pages.post("/<uuid:endpoint_id>/remove")
@admins_only
def remove(endpoint_id: uuid.UUID) -> ResponseReturnValue:
    """Forget an endpoint and its log."""
    service.remove(RemoveEndpoint(**auth.whose(endpoint_id=endpoint_id)))
    flash("The webhook is removed.")
    return redirect(url_for("webhooks.index"), 303)


@pages.get("/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>")
@admins_only
def delivery(endpoint_id: uuid.UUID, delivery_id: uuid.UUID) -> ResponseReturnValue:
    """Show one delivery with its tries."""
    entry = deliveries.entry(auth.caller().firm_id, delivery_id, endpoint_id)
    return _page("webhook_delivery", endpoint=_get(endpoint_id), entry=entry)


@pages.post("/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>/repeat")
@admins_only
def repeat(endpoint_id: uuid.UUID, delivery_id: uuid.UUID) -> ResponseReturnValue:
    """Tell one event again."""
    try:
        deliveries.repeat(RepeatDelivery(**auth.whose(endpoint_id=endpoint_id), delivery_id=delivery_id))
    except Conflict as error:
        return _back(endpoint_id, error.message, "error")
    return _back(endpoint_id, "The event is told again.")


def _replay(endpoint_id: uuid.UUID) -> Replay:
    asked, zone = forms.load(ReplayForm, request.form), auth.signed_in_member().firm.time_zone
    since, until = clock.begins(asked["since"], zone), presentation.end(asked["until"], zone)
    return Replay(**auth.whose(endpoint_id=endpoint_id), since=since, until=until, everything=asked["everything"])


def _index(
    error: Invalid | None = None, *, values: Mapping[str, Any], made: NewEndpoint | None = None
) -> ResponseReturnValue:
    firm_id = auth.caller().firm_id
    found = service.page(firm_id, Window(limit=MOST)).items
    waiting = service.waiting(firm_id)
    return _page("webhooks", error, values=values, made=made, endpoints=found, waiting=waiting)


def _endpoint(
    endpoint_id: uuid.UUID,
    error: Invalid | None = None,
    *,
    values: Mapping[str, Any] | None = None,
    made: NewEndpoint | None = None,
) -> ResponseReturnValue:
    endpoint = _get(endpoint_id)
    asked, log = _log(endpoint_id)
    values = values or {"url": endpoint.url, "events": endpoint.events}
    return _page("webhook", error, endpoint=endpoint, values=values, made=made, asked=asked, log=log)


def _log(endpoint_id: uuid.UUID) -> tuple[dict[str, Any], Any]:
    """Return what of the log is asked for and that part of it; what cannot be read asks for everything."""
    try:
        asked = forms.load(LogForm, request.args)
    except Invalid:
        asked = LogForm().load({})
    wanted = presentation.days(asked, auth.signed_in_member().firm.time_zone)
    window = Window(limit=SHOWN, cursor=asked["cursor"])
    return asked, deliveries.log(auth.caller().firm_id, endpoint_id, wanted, window)


def _page(name: str, error: Invalid | None = None, **context: Any) -> ResponseReturnValue:
    errors = forms.problems(error) if error else {}
    areas = settings.areas("webhooks")
    page = render_template(f"pages/settings/{name}.html", areas=areas, errors=errors, words=presentation, **context)
    return page, 422 if error else 200


def _get(endpoint_id: uuid.UUID) -> WebhookEndpoint:
    return service.get(auth.caller().firm_id, endpoint_id)


def _change(endpoint: WebhookEndpoint, **values: Any) -> None:
    service.change(ChangeEndpoint(**auth.whose(endpoint_id=endpoint.id), seen=endpoint.updated_at, **values))


def _typed() -> dict[str, str | Sequence[str]]:
    return {"url": request.form.get("url", ""), "events": request.form.getlist("events")}


def _back(endpoint_id: uuid.UUID, message: str, category: str = "message") -> ResponseReturnValue:
    flash(message, category)
    return redirect(url_for("webhooks.show", endpoint_id=endpoint_id), 303)
