"""Many requests about one person at once: one notice, one mail, and of two people who disagree one wins."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import mail
from tests.maya import case
from tests.people import api

pytestmark = pytest.mark.no_cover

NOTICES = "/api/v1/notices"
MANY = 20


@pytest.fixture
def maya(app, acme, alice):
    return case(app, acme)


@pytest.fixture
def post(app, settings, smtp_sink):
    with mail.posting(app, settings, smtp_sink.url, mail_timeout=5.0) as post:
        yield post


def at_once(app, person, *requests):
    """Send the requests from as many threads, all at the same moment; return the answers in the same order."""
    ready = threading.Barrier(len(requests))

    def send(request):
        client = api(app, person.key)
        ready.wait(20)
        return request(client)

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(send, requests))


def create(body, **headers):
    return lambda client: client.post(NOTICES, json=body, headers=headers)


def test_twenty_identical_requests_make_one_notice_and_one_mail(app, alice, maya, post, smtp_sink):
    answers = at_once(app, alice, *[create(maya.body())] * MANY)

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (MANY - 1)
    (made,) = [answer.json["id"] for answer in answers if answer.status_code == 201]
    assert {answer.json["notice_id"] for answer in answers if answer.status_code == 409} == {made}
    mail.deliver(app, post)
    mail.deliver(app, post)
    assert len(smtp_sink.raw) == 1


def test_twenty_identical_requests_with_one_key_are_one_request(app, alice, maya, post, smtp_sink):
    answers = at_once(app, alice, *[create(maya.body(), **{"Idempotency-Key": "told-maya"})] * MANY)

    codes = {answer.status_code for answer in answers}
    assert codes <= {201, 409}
    assert len({answer.json["id"] for answer in answers if answer.status_code == 201}) == 1
    assert all(answer.json["code"] == "still_running" for answer in answers if answer.status_code == 409)
    assert create(maya.body(), **{"Idempotency-Key": "told-maya"})(alice.api).status_code == 201
    mail.deliver(app, post)
    assert len(smtp_sink.raw) == 1


def test_twenty_keys_of_their_own_make_one_notice(app, alice, maya, post, smtp_sink):
    requests = [create(maya.body(), **{"Idempotency-Key": f"key-{number}"}) for number in range(MANY)]

    answers = at_once(app, alice, *requests)

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (MANY - 1)
    mail.deliver(app, post)
    assert len(smtp_sink.raw) == 1


def test_of_twenty_who_withdraw_one_wins(app, alice, maya, post, smtp_sink):
    notice = alice.api.post(NOTICES, json=maya.body()).json["id"]

    answers = at_once(app, alice, *[lambda client: client.post(f"{NOTICES}/{notice}/withdraw")] * MANY)

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (MANY - 1)
    mail.deliver(app, post)
    assert smtp_sink.raw == []


def test_withdrawing_and_leaving_cannot_both_win(app, alice, maya, post, smtp_sink):
    notice = alice.api.post(NOTICES, json=maya.body()).json["id"]

    def leave(_client):
        mail.deliver(app, post)

    answer, _ = at_once(app, alice, lambda client: client.post(f"{NOTICES}/{notice}/withdraw"), leave)

    state = alice.api.get(f"{NOTICES}/{notice}").json["state"]
    outcomes = {(200, "withdrawn", 0), (409, "sent", 1)}
    assert (answer.status_code, state, len(smtp_sink.raw)) in outcomes
