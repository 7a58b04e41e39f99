"""Every route, pages and API, as somebody of another firm, as nobody, and as those who may only read."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from recruiter.accounts import service as accounts
from recruiter.accounts.models import Scope
from recruiter.db.session import reading
from recruiter.tables import metadata
from tests import people, walk
from tests.everything import FIRMLESS, HIDDEN, one_of_each

# Open to everybody. Links with tokens are keys of their own; operators' routes hold nothing of any firm.
OPEN = {
    "branding",
    "inbound",
    "joining",
    "security",
    "portal",
    "pool_leave",
    "api-docs",
    "docs",
    "operations",
    "static",
}
ROOT = Path(__file__).parents[2]
ADDRESS = re.compile(r"""url_for\(\s*["']([\w.-]+)["']""")
# What every member may change: what is their own.
OWN = {
    "POST /settings/password",
    "POST /settings/profile",
    "POST /settings/profile/sign-out-everywhere",
}

# Typed into every form of a page: some look at it before they look for the row.
TYPED = {
    "role": "viewer",
    "choice": "send",
    "text": "Thank you for asking.",
    "address": "maya@example.com",
    "email": "maya@example.com",
}


def answer(person, step, given, row):
    client = person.api if step.guard == "key" else person.browser
    return client.open(step.path(row), method=step.method, headers={"If-Match": '"any"'}, **given)


def content(spec, step, row):
    """A query and a body that the description takes, with the ids of these rows, or what a page's form needs."""
    if step.guard == "member":
        return {} if step.is_safe else {"data": TYPED}
    path = step.rule.rule.replace("<uuid:", "{").replace(">", "}")
    operation = spec["paths"].get(path, {}).get(step.method.lower(), {})
    query = [part["name"] for part in operation.get("parameters", []) if part.get("in") == "query"]
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    named = {name: row(walk.TABLES[name]) for name in query if name in walk.TABLES}
    return {"query_string": named} | ({"json": walk.body(schema, spec, row)} if schema else {})


def mentions(value, ids):
    return any(key in str(value) for key in ids.values())


@pytest.fixture
def spec(client):
    return client.get("/api/v1/openapi.json").json


@pytest.fixture
def ids(app, acme):
    """The ids of one row of every table of Acme."""
    with app.app_context():
        return {table: str(key) for table, key in one_of_each(acme.id).items()}


@pytest.fixture
def kept(app, acme):
    """Everything that Acme has."""

    def kept():
        tables = [table for table in metadata.sorted_tables if table.name not in FIRMLESS]
        with app.app_context(), reading(acme.id) as session:
            return {
                table.name: sorted(map(str, session.execute(sa.select(table).where(table.c.firm_id == acme.id))))
                for table in tables
            }

    return kept


def test_every_blueprint_names_its_guard(app):
    unguarded = {name for name in app.blueprints if walk.guard_of(app, f"{name}.") in {"none", "public"}}

    assert unguarded <= OPEN


@pytest.mark.once
def test_every_address_that_is_built_has_its_route(application):
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "recruiter").rglob("*.py")]
    named = {name: path.name for path in sources for name in ADDRESS.findall(path.read_text("utf-8"))}

    assert len(named) > 50
    assert {name: where for name, where in named.items() if name not in application.view_functions} == {}


@pytest.mark.slow
def test_for_another_firm_nothing_of_acme_is_there(app, charlie, spec, ids, kept):
    before, found = kept(), {}
    for step in walk.steps(app):
        given = content(spec, step, ids.get)
        if not (step.rule.arguments or mentions(given, ids)):
            continue
        there = answer(charlie, step, given, ids.get)
        if not (there.status_code == 404 or is_empty_list(there)) or mentions(there.text, ids):
            found[step.name] = (there.status_code, there.text)

    assert found == {}
    assert kept() == before


def is_empty_list(response):
    return response.is_json and response.json.get("items") == []


def test_nothing_is_there_without_signing_in(app, client, ids):
    found = {}
    for step in walk.steps(app):
        response = client.open(step.path(ids.get), method=step.method)
        expected = 401 if step.guard == "key" else 302
        if response.status_code != expected or (expected == 302 and not response.location.startswith("/login")):
            found[step.name] = response.status_code

    assert found == {}


@pytest.mark.slow
def test_a_viewer_changes_nothing_but_their_own(app, vera, ids):
    allowed = {
        step.name
        for step in walk.steps(app)
        if step.guard == "member"
        and not step.is_safe
        and again(app, vera).open(step.path(ids.get), method=step.method).status_code != 403
    }

    assert allowed == OWN


@pytest.mark.slow
def test_a_viewer_reads_no_address(app, alice, vera, ids):
    def pages_with_addresses(person):
        texts = {
            step.name: person.browser.get(step.path(ids.get)).text
            for step in walk.steps(app)
            if step.guard == "member" and step.is_safe
        }
        return {name for name, text in texts.items() if HIDDEN in text}

    assert "GET /candidates/<uuid:candidate_id>" in pages_with_addresses(alice)
    assert pages_with_addresses(vera) == set()


# What the privacy role opens without anybody's request.
DESK_OF_PRIVACY = {
    "GET /",
    "GET /settings/",
    "GET /settings/password",
    "GET /settings/privacy",
    "GET /settings/profile",
    "GET /today",
}
# And what it does once a person asked about their data.
ON_REQUEST = {
    "GET /candidates/<uuid:candidate_id>",
    "GET /candidates/<uuid:candidate_id>/erase",
    "GET /candidates/<uuid:candidate_id>/hold",
    "GET /notices/<uuid:notice_id>",
}


@pytest.mark.slow
def test_the_privacy_role_reads_only_about_who_asked(app, acme, ids):
    petra = people.person(app, acme, "Petra Pohl", people.Role.PRIVACY)

    def opened():
        reads = [step for step in walk.steps(app) if step.guard == "member" and step.is_safe]
        return {step.name for step in reads if petra.browser.get(step.path(ids.get)).status_code != 403}

    assert opened() == DESK_OF_PRIVACY
    with app.app_context(), reading(acme.id) as session:
        address = session.scalar(sa.select(metadata.tables["candidate_emails"].c.address_folded))
    petra.browser.post("/settings/privacy", data={"address": address, "asked": "copy"})
    assert opened() == DESK_OF_PRIVACY | ON_REQUEST


@pytest.mark.slow
def test_the_privacy_role_changes_only_its_own_and_who_asked(app, acme, ids):
    petra = people.person(app, acme, "Petra Pohl", people.Role.PRIVACY)

    allowed = {
        step.name
        for step in walk.steps(app)
        if step.guard == "member"
        and not step.is_safe
        and again(app, petra).open(step.path(ids.get), method=step.method).status_code != 403
    }

    assert allowed == OWN | {"POST /settings/privacy"}


def again(app, person):
    """A browser with a new session: one of the routes ends them all."""
    with app.app_context():
        return people.browser(app, accounts.get_member(person.firm.id, person.member.id))


def test_a_reading_key_changes_nothing(app, acme, vera, ids):
    assert vera.api.get("/api/v1/candidates").status_code == 200

    allowed = {
        step.name
        for step in walk.steps(app)
        if step.guard == "key"
        and not step.is_safe
        and vera.api.open(step.path(ids.get), method=step.method, json={}).status_code != 403
    }

    assert allowed == {"POST /api/v1/notices/preview"}


def test_a_key_that_may_not_read_reads_nothing(app, acme, ids):
    writer = people.person(app, acme, "Walt Writer", people.Role.RECRUITER, scopes=(Scope.WRITE, Scope.SEND))

    allowed = {
        step.name
        for step in walk.steps(app)
        if step.guard == "key"
        and step.is_safe
        and writer.api.open(step.path(ids.get), method=step.method).status_code != 403
    }

    assert allowed == set()
