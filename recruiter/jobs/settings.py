"""Settings, Policies: what holds in a country or region, for the firm and for one client, and what it changed."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth, settings
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Role
from recruiter.db.session import reading
from recruiter.errors import Conflict, Invalid, NotFound
from recruiter.jobs import queries, service
from recruiter.jobs.models import Client
from recruiter.jobs.schemas import HeadcountForm, PolicyForm, PolicyQuery
from recruiter.jobs.service import ChangeClient, Headcount
from recruiter.policies import jurisdictions
from recruiter.policies import queries as policy_queries
from recruiter.policies import service as policies
from recruiter.policies.jurisdictions import Jurisdiction, Rank
from recruiter.policies.service import ChangePolicy, PutBack, Setting
from recruiter.policies.values import PolicyName
from recruiter.web import forms
from recruiter.web.jinja import day_year, sentence

pages = Blueprint("policies", __name__, url_prefix="/settings/policies")
pages.before_request(auth.require_member)
admins_only = auth.roles(Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address names: a place, a client or none, and what holds there."""

    place: Jurisdiction
    client: Client | None
    settings: Mapping[PolicyName, Setting]
    members: Mapping[uuid.UUID | None, str]

    def address(self, **more: object) -> dict[str, object]:
        """Return what an address needs to name the same again."""
        return {"place": self.place.code, "client_id": self.client.id if self.client else None, **more}

    def is_own(self, setting: Setting) -> bool:
        """Whether the value was changed for exactly this place and client, and not for more."""
        made, mine = setting.change, self.client.id if self.client else None
        return made is not None and (made.jurisdiction, made.client_id) == (self.place.code, mine)

    def seen(self, setting: Setting) -> str:
        """Return in words where the value comes from, beside its source: which day, and which place above."""
        origin = setting.rule.origin
        verb = "Set" if origin.rank is Rank.OURS else "Read"
        words = f"{verb} on {day_year(origin.seen)}"
        if setting.at.code == self.place.code:
            return f"{words}."
        return f"{words} (everywhere)." if setting.at.above is None else f"{words} ({setting.at.name})."

    def where(self, setting: Setting) -> str:
        """Return for whom and where a changed value was changed."""
        for_whom = self.client.name if self.client and setting.change and setting.change.client_id else "all clients"
        return f"{for_whom}, {setting.at.name}"


@pages.get("")
def index() -> ResponseReturnValue:
    """Show what holds in a place, for the firm or for one client."""
    return _index({}, {})


@pages.post("/clients/<uuid:client_id>")
@admins_only
def count_heads(client_id: uuid.UUID) -> ResponseReturnValue:
    """Keep how many people a client employs."""
    caller = auth.caller()
    with reading(caller.firm_id) as session:
        client = queries.get_client(session, caller.firm_id, client_id)
    try:
        service.change_client(_counted(caller, client))
    except (Invalid, Conflict) as error:
        return _index(request.form, forms.problems(error), client_id), 422
    return _back("Kept.", _chosen(client_id))


@pages.get("/change")
@admins_only
def edit() -> ResponseReturnValue:
    """Show the form for another value."""
    chosen, name = _chosen(), _name()
    kind, setting = name.kind, chosen.settings[name]
    return _form(chosen, setting, {"value": kind.write(setting.value)}, {})


@pages.post("/change")
@admins_only
def change() -> ResponseReturnValue:
    """Let another value hold from now on."""
    caller, chosen, name = auth.caller(), _chosen(), _name()
    try:
        typed = forms.load(PolicyForm, request.form)
        policies.change(ChangePolicy(firm_id=caller.firm_id, actor=caller.actor, **_target(chosen, name), **typed))
    except Invalid as error:
        return _form(chosen, chosen.settings[name], request.form, forms.problems(error)), 422
    return _back("Changed. It holds from now on.", chosen)


@pages.post("/put-back")
@admins_only
def put_back() -> ResponseReturnValue:
    """Let the value that we know hold again."""
    caller, chosen = auth.caller(), _chosen()
    policies.put_back(PutBack(firm_id=caller.firm_id, actor=caller.actor, **_target(chosen, _name())))
    return _back("Put back.", chosen)


def _counted(caller: auth.Caller, client: Client) -> ChangeClient:
    typed = forms.load(HeadcountForm, request.form)
    return ChangeClient(
        firm_id=caller.firm_id,
        actor=caller.actor,
        client_id=client.id,
        name=client.name,
        heads=Headcount(typed["headcount"], typed["headcount_on"]),
    )


def _target(chosen: Chosen, name: PolicyName) -> dict[str, Any]:
    client_id = chosen.client.id if chosen.client else None
    return {"jurisdiction": chosen.place, "name": name, "client_id": client_id}


def _chosen(client_id: uuid.UUID | None = None) -> Chosen:
    """Return what the address names, at first the firm's own place. Raises ``NotFound``."""
    firm, query = auth.signed_in_member().firm, forms.load(PolicyQuery, request.args)
    place = jurisdictions.every().get(query["place"]) if query["place"] else jurisdictions.find(firm.place)
    if place is None:
        raise NotFound("There are no policies of this place.")
    client_id = client_id or query["client_id"]
    with reading(firm.id) as session:
        client = queries.get_client(session, firm.id, client_id) if client_id else None
        made = policy_queries.changes(session, firm.id, [client_id])
        members: dict[uuid.UUID | None, str] = {each.id: each.name for each in accounts.members(session, firm.id)}
    return Chosen(place, client, policies.in_force(made, place, client_id).settings, members)


def _name() -> PolicyName:
    named = request.args.get("name", "")
    if named not in list(PolicyName):
        raise NotFound("There is no such policy.")
    return PolicyName(named)


def _index(values: Mapping[str, Any], errors: Mapping[str, str], client_id: uuid.UUID | None = None) -> str:
    chosen = _chosen(client_id)
    with reading(auth.caller().firm_id) as session:
        clients = queries.all_clients(session, auth.caller().firm_id)
    return render_template(
        "pages/settings/policies.html",
        areas=settings.areas("policies"),
        errors=errors,
        values=values or _heads(chosen.client),
        chosen=chosen,
        groups=_groups(chosen),
        places=[(code, each.name) for code, each in jurisdictions.every().items()],
        clients=[(each.id, each.name) for each in clients],
        may_change=auth.signed_in_member().role is Role.ADMIN,
    )


def _heads(client: Client | None) -> dict[str, Any]:
    return {"headcount": client.headcount, "headcount_on": client.headcount_on} if client else {}


def _groups(chosen: Chosen) -> dict[str, list[Setting]]:
    groups: dict[str, list[Setting]] = {}
    for name, setting in chosen.settings.items():
        groups.setdefault(name.group, []).append(setting)
    return groups


def _form(chosen: Chosen, setting: Setting, values: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    rule = chosen.place.rules[setting.rule.name]
    kind = rule.name.kind
    return render_template(
        "pages/settings/policies_change.html",
        areas=settings.areas("policies"),
        errors=errors,
        values=values,
        chosen=chosen,
        setting=setting,
        rule=rule,
        choices=[(each.value, sentence(kind.words(each))) for each in kind.choices],
    )


def _back(message: str, chosen: Chosen) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("policies.index", **chosen.address()), 303)  # type: ignore[arg-type]
