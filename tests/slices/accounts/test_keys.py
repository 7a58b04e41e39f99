import datetime as dt

import pytest
import time_machine

from recruiter import clock
from recruiter.accounts import keys
from recruiter.accounts.models import Scope
from recruiter.accounts.service import themself
from recruiter.errors import Invalid, NotFound
from tests import people

LIST = "/api/v1/webhooks"


@pytest.fixture
def create(app, alice):
    def create(**values):
        command = keys.CreateKey(
            **{"firm_id": alice.firm.id, "name": "ATS", "scopes": tuple(Scope), "actor": themself(alice.member)}
            | values
        )
        with app.app_context():
            return keys.create_key(command)

    return create


def stored(app, created):
    with app.app_context():
        return next(row for row in keys.list_keys(created.row.firm_id) if row.id == created.row.id)


def test_a_key_opens_the_api(alice):
    assert alice.api.get(LIST).status_code == 200


@pytest.mark.parametrize(
    ("header", "challenge"),
    [
        (None, "Bearer realm=recruiter"),
        ("Basic YTpi", "Bearer realm=recruiter"),
        ("Bearer", "Bearer realm=recruiter"),
        ("Bearer nonsense", "Bearer realm=recruiter, error=invalid_token"),
        ("Bearer rk_000000000000_nothing", "Bearer realm=recruiter, error=invalid_token"),
    ],
)
def test_without_a_key_that_is_known_the_api_says_how(app, client, header, challenge):
    answer = client.get(LIST, headers={"Authorization": header} if header else {})

    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"] == challenge
    assert answer.json["code"] == "unauthenticated"


def test_the_right_prefix_with_a_wrong_secret_opens_nothing(client, alice):
    wrong = alice.key[:-1] + ("A" if alice.key[-1] != "A" else "B")

    assert client.get(LIST, headers={"Authorization": f"Bearer {wrong}"}).status_code == 401


def test_only_prefix_and_hash_are_kept(app, create):
    created = create()

    row = stored(app, created)
    assert created.secret.startswith(row.prefix)
    assert created.secret not in {row.prefix, row.secret_hash}


def test_a_missing_scope_is_named(app, alice, create):
    reader = people.api(app, create(scopes=[Scope.READ]).secret)

    answer = reader.post(LIST, json={})

    assert (answer.status_code, answer.json["scope"]) == (403, "admin")
    assert "admin" in answer.json["detail"]


def test_an_ended_key_opens_nothing(app, create):
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), tick=False) as now:
        api = people.api(app, create(expires_at=clock.now() + dt.timedelta(days=1)).secret)
        assert api.get(LIST).status_code == 200

        now.shift(dt.timedelta(days=1))
        assert api.get(LIST).status_code == 401


def test_a_revoked_key_opens_nothing_and_stays_listed(app, alice, create):
    created = create()
    with app.app_context():
        keys.revoke_key(keys.RevokeKey(firm_id=alice.firm.id, actor=themself(alice.member), key_id=created.row.id))
        first = stored(app, created).revoked_at
        keys.revoke_key(keys.RevokeKey(firm_id=alice.firm.id, actor=themself(alice.member), key_id=created.row.id))

    assert people.api(app, created.secret).get(LIST).status_code == 401
    assert stored(app, created).revoked_at == first is not None


def test_another_firms_key_cannot_be_revoked(app, alice, charlie, create):
    created = create()

    with app.app_context(), pytest.raises(NotFound):
        keys.revoke_key(keys.RevokeKey(firm_id=charlie.firm.id, actor=themself(charlie.member), key_id=created.row.id))


def test_the_last_use_is_written_once_an_hour(app, create):
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), tick=False) as now:
        created = create()
        api = people.api(app, created.secret)
        api.get(LIST)
        first = stored(app, created).last_used_at
        now.shift(dt.timedelta(minutes=59))
        api.get(LIST)
        second = stored(app, created).last_used_at
        now.shift(dt.timedelta(minutes=1))
        api.get(LIST)

        assert first == second == clock.now() - dt.timedelta(hours=1)
        assert stored(app, created).last_used_at == clock.now()


@pytest.mark.parametrize(
    ("values", "field"),
    [({"scopes": []}, "scopes"), ({"expires_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, "expires_at")],
)
def test_a_key_that_could_do_nothing_is_refused(create, values, field):
    with pytest.raises(Invalid) as refused:
        create(**values)

    assert list(refused.value.errors) == [field]
