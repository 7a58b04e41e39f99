"""What every operation promises, asked of all of them: scopes, lists, versions, and what its description names."""

import re
from pathlib import Path

import pytest

from recruiter.accounts import keys
from recruiter.accounts.keys import CreateKey
from recruiter.accounts.models import Scope
from recruiter.audit.service import SYSTEM
from tests import people
from tests.api import known

pytestmark = pytest.mark.slow

ROOT = "/api/v1"
PREVIEW = "POST /notices/preview"
SENDS = {
    "POST /notices",
    "POST /notices/{notice_id}/withdraw",
    "POST /responses/{response_id}/answer",
    "POST /talent-pool/{membership_id}/invitations",
    "POST /invitations/{invitation_id}/withdraw",
}
NOBODY = "00000000-0000-4000-8000-000000000000"


def scope_of(operation):
    if "/webhooks" in operation:
        return "admin"
    if operation in SENDS:
        return "send"
    return "read" if operation.startswith("GET") or operation == PREVIEW else "write"


@pytest.fixture(scope="module")
def spec(ats):
    return ats.get(f"{ROOT}/openapi.json").json


@pytest.fixture(scope="module")
def operations(spec):
    """Every operation, such as ``GET /jobs/{job_id}``, with its description."""
    return {
        f"{method.upper()} {path.removeprefix(ROOT)}": described
        for path, methods in spec["paths"].items()
        for method, described in methods.items()
        if method != "parameters"
    }


@pytest.fixture(scope="module")
def ids(ats):
    return known.ids(lambda path: ats.get(path).json)


def call(client, operation, ids=None, **options):
    """Send the operation to the first row of each kind, or to one that nobody has."""
    method, path = operation.split(" ")
    rows = ids or {}
    address = re.sub(r"{(\w+)}", lambda name: (rows.get(name[1]) or [NOBODY])[0], path)
    return client.open(f"{ROOT}{address}", method=method, **options)


@pytest.mark.once
@pytest.mark.parametrize("scope", Scope)
def test_a_key_does_what_its_scope_says_and_nothing_else(application, harbour, operations, scope):
    with application.app_context():
        command = CreateKey(firm_id=harbour.firm_id, actor=SYSTEM, name="One", scopes=[scope])
        client = people.api(application, keys.create_key(command).secret)

    for operation in operations:
        answer = call(client, operation)
        needed = scope_of(operation)
        assert (answer.status_code == 403) == (needed != scope), (operation, answer.json)
        assert answer.status_code != 403 or answer.json["scope"] == needed


def test_every_list_is_read_to_its_end(ats, operations, ids):
    lists = [each for each, described in operations.items() if is_list(described)]
    assert len(lists) == 14

    for operation in lists:
        whole = call(ats, operation, ids, query_string={"limit": 100}).json
        assert whole.keys() == {"items", "next_cursor"}, operation
        assert [row["id"] for row in whole["items"]] == list(in_parts(ats, operation, ids, len(whole["items"])))


def is_list(described):
    return "cursor" in {part.get("name") for part in described.get("parameters", [])}


def in_parts(client, operation, ids, most):
    cursor = {}
    while most > 0:
        part = call(client, operation, ids, query_string={"limit": 7, **cursor}).json
        yield from [row["id"] for row in part["items"][:most]]
        most -= len(part["items"])
        if part["next_cursor"] is None:
            assert most <= 0, operation
        cursor = {"cursor": part["next_cursor"]}


def test_every_single_row_has_a_version(ats, operations, ids):
    singles = [each for each in operations if re.fullmatch(r"GET .*{\w+}", each)]
    assert len(singles) == len(known.LISTS)

    for operation in singles:
        answer = call(ats, operation, ids)
        assert answer.status_code == 200, (operation, answer.json)
        again = call(ats, operation, ids, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), operation


def test_every_change_names_the_version_it_is_based_on(ats, operations, ids):
    changes = [each for each in operations if each.startswith("PATCH")]
    assert len(changes) == 5

    for operation in changes:
        read = operation.replace("PATCH", "GET")
        before = call(ats, read, ids)
        body = {"json": {"name": before.json["name"]} if "clients" in operation else {}}
        assert call(ats, operation, ids, **body).status_code == 428, operation
        stale = call(ats, operation, ids, headers={"If-Match": '"of yesterday"'}, **body)
        assert (stale.status_code, stale.mimetype) == (412, "application/problem+json"), operation
        assert call(ats, read, ids).json == before.json
        changed = call(ats, operation, ids, headers={"If-Match": before.headers["ETag"]}, **body)
        assert changed.status_code == 200, (operation, changed.json)
        assert changed.headers["ETag"] == call(ats, read, ids).headers["ETag"]


def test_a_change_that_says_nothing_new_changes_nothing(ats, operations, ids):
    for operation in operations:
        if operation.startswith("PATCH"):
            before = call(ats, operation.replace("PATCH", "GET"), ids)
            answer = call(ats, operation, ids, headers={"If-Match": before.headers["ETag"]}, json={})
            assert (answer.status_code, answer.json) == (200, before.json), operation


def test_a_webhook_is_removed_only_in_the_version_that_is_named(ats):
    made = ats.post(f"{ROOT}/webhooks", json={"url": "https://ats.example.com/", "events": ["notice.failed"]}).json
    url = f"{ROOT}/webhooks/{made['id']}"

    assert ats.delete(url, headers={"If-Match": '"of yesterday"'}).status_code == 412
    assert ats.delete(url, headers={"If-Match": ats.get(url).headers["ETag"]}).status_code == 204
    assert ats.get(url).status_code == 404


@pytest.mark.once
def test_every_post_but_the_preview_takes_a_key_that_makes_it_repeatable(operations):
    posts = {each for each in operations if each.startswith("POST")}
    repeatable = {
        operation
        for operation in posts
        for parameter in operations[operation].get("parameters", [])
        if parameter.get("$ref", "").endswith("IDEMPOTENCY_KEY")
    }

    assert posts - repeatable == {PREVIEW}


@pytest.mark.once
def test_every_error_of_every_operation_is_described_as_a_problem(operations):
    for operation, described in operations.items():
        errors = {status for status in described["responses"] if status >= "400"}
        assert {"401", "403", "404", "409", "422", "500"} <= errors, operation
        assert all(response.get("$ref") for status, response in described["responses"].items() if status in errors)


@pytest.mark.once
def test_every_schema_says_in_its_name_which_way_it_goes(spec):
    others = {"Problem", "PaginationMetadata"}  # of RFC 9457, and of the framework's

    schemas = set(spec["components"]["schemas"]) - others
    assert {name for name in schemas if not name.endswith(("Body", "Change", "Answer"))} == set()


@pytest.mark.once
def test_the_guide_names_every_operation_with_its_scope(operations):
    guide = (Path(__file__).parents[2] / "docs" / "api" / "v1.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+) /api/v1([^`]*)` \| (\w+) \|", guide, re.MULTILINE)
    named = [(f"{method} {path}", scope) for method, path, scope in rows]

    assert sorted(named) == sorted((operation, scope_of(operation)) for operation in operations)
