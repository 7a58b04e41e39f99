"""Who is not let in is in the log: where, as whom, and how often from one address, which is not told."""

import pytest
import structlog

from recruiter.accounts.models import Role, Scope
from tests import people


@pytest.fixture
def heard():
    """The lines that are logged from here on, but those of the requests themselves."""
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        yield lambda event: [line for line in lines if line["event"] == event]


def test_a_role_a_key_and_a_scope_that_do_not_suffice_are_logged(app, acme, client, heard):
    rita = people.person(app, acme, "Rita Blum", Role.RECRUITER, (Scope.READ,))

    rita.browser.post("/settings/firm")
    rita.api.post("/api/v1/clients", json={"name": "Nordwind"})
    client.get("/api/v1/clients", headers={"Authorization": "Bearer rk_nobody_knows"})

    role, scope, key = heard("access.refused")
    assert [line["status"] for line in (role, scope, key)] == [403, 403, 401]
    assert (role["actor_id"], role["firm_id"]) == (str(rita.member.id), str(acme.id))
    assert (scope["code"], scope["endpoint"]) == ("forbidden", "clients_api.add_client")
    assert "actor_id" not in key
    assert all(line["log_level"] == "warning" and line["request_id"] for line in (role, scope, key))


def test_a_password_that_was_guessed_is_logged_under_a_hash_of_its_address(client, alice, bob, known, enter, heard):
    known(alice)
    for person in (alice, alice, bob):
        enter(person, "a wrong guess of it")
    for _ in range(9):
        enter(alice, "a wrong guess of it")

    first, again, other, *_, refused = heard("sign_in.failed")
    assert first["address_hash"] == again["address_hash"] == refused["address_hash"] != other["address_hash"]
    assert first["network_hash"] == other["network_hash"]
    assert [first["why"], refused["why"]] == ["wrong", "too_many_tries"]
    assert "example.com" not in str(heard("sign_in.failed"))
