import re
import uuid

import pytest

from recruiter.db.base import new_id
from recruiter.db.session import transaction
from recruiter.webhooks import service, worker
from recruiter.webhooks.service import Event, EventType
from tests.receiver import Receiver

LIST = "/settings/webhooks"
ALL = {"events": ["notice.sent", "talent_pool.left"]}


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def add(alice):
    """The page that shows a new endpoint's secret, and the path of the endpoint's own page."""

    def add(url):
        page = alice.browser.post(LIST, data={"url": url, **ALL})
        assert page.status_code == 200, page.text
        return page, re.search(rf'href="({LIST}/[-0-9a-f]{{36}})"', page.text)[1]

    return add


@pytest.fixture
def deliver(app):
    def deliver():
        hands = worker.of(app)
        with app.app_context():
            while hands.reach_out():
                hands.finish()
        hands.close()

    return deliver


@pytest.fixture
def happen(app, acme):
    def happen():
        event = Event(type=EventType.NOTICE_SENT, subject_id=new_id(), candidate_id=new_id(), state="sent")
        with app.app_context(), transaction(acme.id) as session:
            service.emit(session, acme.id, event)

    return happen


def secret_of(page):
    return re.search(r'value="(whsec_[^"]+)"', page.text)[1]


def test_a_new_webhook_shows_its_secret_once(alice, receiver, add):
    assert "No webhook yet" in alice.browser.get(LIST).text

    made, path = add(receiver.url)

    assert secret_of(made).startswith("whsec_")
    listed, own = alice.browser.get(LIST), alice.browser.get(path)
    assert receiver.url in listed.text
    assert "Not called yet" in own.text
    assert "whsec_" not in listed.text + own.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"events": ["notice.sent"]}, "Enter the address."),
        ({"url": "ftp://example.com", "events": ["notice.sent"]}, "must begin with https://"),
        ({"url": "https://ats.example.com/hook"}, "Choose at least one."),
    ],
)
def test_what_cannot_be_added_is_said_where_it_was_typed(alice, typed, words):
    page = alice.browser.post(LIST, data=typed)

    assert page.status_code == 422
    assert words in page.text
    assert typed.get("url", "") in page.text


def test_an_endpoint_gets_another_address_and_other_events(alice, receiver, add):
    _, path = add("https://ats.example.com/old")

    saved = alice.browser.post(path, data={"url": receiver.url, "events": ["talent_pool.left"]}, follow_redirects=True)
    refused = alice.browser.post(path, data={"url": "https:// a", "events": ["talent_pool.left"]})

    assert "Webhook saved." in saved.text
    assert receiver.url in saved.text
    assert refused.status_code == 422
    assert "without spaces" in refused.text
    assert "https:// a" in refused.text


def test_a_test_event_and_its_tries_are_in_the_log(alice, receiver, add, deliver):
    _, path = add(receiver.url)
    assert "on its way" in alice.browser.post(f"{path}/ping", follow_redirects=True).text
    deliver()

    page = alice.browser.get(path)
    assert "Working" in page.text
    assert "204" in page.text
    one = alice.browser.get(re.search(rf'href="({path}/deliveries/[^"]+)"', page.text)[1])
    assert receiver.calls[0][0]["webhook-id"] in one.text
    assert " ms" in one.text


def test_off_and_on(alice, receiver, add, happen, deliver):
    _, path = add(receiver.url)
    happen()
    assert "Switched off" in alice.browser.post(f"{path}/off", follow_redirects=True).text
    deliver()
    assert receiver.calls == []
    for way in ("ping", "replay"):
        days = {"since": "2026-01-01", "until": "2199-01-01", "everything": "all"}
        assert "Switch it on first." in alice.browser.post(f"{path}/{way}", data=days, follow_redirects=True).text

    assert "Switched on." in alice.browser.post(f"{path}/on", follow_redirects=True).text
    deliver()
    assert len(receiver.calls) == 1


def test_one_event_is_told_again(alice, receiver, add, happen, deliver):
    _, path = add(receiver.url)
    happen()
    waiting = alice.browser.get(path).text
    one = re.search(rf'href="({path}/deliveries/[^"]+)"', waiting)[1]
    assert "No try has ended yet." in alice.browser.get(one).text
    deliver()

    assert "told again" in alice.browser.post(f"{one}/repeat", follow_redirects=True).text
    deliver()
    first, second = (headers["webhook-id"] for headers, _ in receiver.calls)
    assert first == second
    alice.browser.post(f"{path}/off")
    assert "Switch it on first." in alice.browser.post(f"{one}/repeat", follow_redirects=True).text


def test_some_days_are_told_again(alice, receiver, add, happen, deliver):
    _, path = add(receiver.url)
    happen()
    deliver()
    days = {"since": "2026-01-01", "until": "2198-01-01"}

    missed = alice.browser.post(f"{path}/replay", data=days | {"everything": "missed"}, follow_redirects=True)
    every = alice.browser.post(f"{path}/replay", data=days | {"everything": "all"}, follow_redirects=True)
    deliver()

    assert "0 events are told again." in missed.text
    assert "1 event is told again." in every.text
    assert len(receiver.calls) == 2
    empty = alice.browser.post(f"{path}/replay", data={"everything": "all"})
    assert empty.status_code == 422
    assert "Choose the first day." in empty.text


def test_the_log_is_narrowed_by_state_kind_and_day(alice, receiver, add, happen, deliver):
    _, path = add(receiver.url)
    receiver.statuses = [204]
    happen()
    deliver()

    def shows(**query):
        return f"{path}/deliveries/" in alice.browser.get(path, query_string=query).text

    assert shows()
    assert shows(state="delivered", type="notice.sent", since="2020-01-01", until="2199-01-01")
    assert not shows(state="dead")
    assert not shows(type="ping")
    assert not shows(since="2199-01-01")
    assert not shows(until="2020-01-01")
    assert shows(since="yesterday")  # what cannot be read narrows nothing


def test_a_long_log_has_pages(alice, receiver, add, happen):
    _, path = add(receiver.url)
    for _ in range(26):
        happen()

    first = alice.browser.get(path, query_string={"state": "pending"})
    onwards = re.search(r'href="([^"]+cursor=[^"]+)"', first.text)[1].replace("&amp;", "&")
    second = alice.browser.get(onwards.partition("#")[0])

    assert second.text.count('data-label="State"') == 1
    assert "First page" in second.text


def test_a_new_secret_is_asked_for_and_shown_once(alice, receiver, add):
    made, path = add(receiver.url)
    assert "the old secret goes on signing" in alice.browser.get(f"{path}/secret").text.lower()

    page = alice.browser.post(f"{path}/secret", data={"overlap_hours": "1"})

    assert secret_of(page) != secret_of(made)
    assert "whsec_" not in alice.browser.get(path).text


def test_removed_after_a_question(alice, receiver, add):
    _, path = add(receiver.url)
    assert "its log is deleted" in alice.browser.get(f"{path}/remove").text

    assert "The webhook is removed." in alice.browser.post(f"{path}/remove", follow_redirects=True).text
    assert alice.browser.get(path).status_code == 404


def test_what_was_switched_off_for_the_firm_is_said_on_top(app, alice, receiver, add, happen, deliver):
    _, path = add(receiver.url)
    receiver.statuses = [410]
    happen()
    deliver()

    page = alice.browser.get(LIST)
    assert "is off: the receiver said it is gone." in page.text
    assert "Given up" in alice.browser.get(path).text


def test_an_outage_is_said_on_the_page(alice, receiver, add, happen, deliver):
    _, path = add(receiver.url)
    receiver.statuses, receiver.headers = [503], {"Retry-After": "3600"}
    happen()
    deliver()

    page = alice.browser.get(path)
    assert "Failing" in page.text
    assert "asked to be left alone until" in page.text


def test_only_admins_see_webhooks(alice, bob, add):
    _, path = add("https://ats.example.com/hook")

    assert bob.browser.get(LIST).status_code == 403
    assert bob.browser.get(path).status_code == 403
    assert alice.browser.get(f"{LIST}/{uuid.uuid4()}").status_code == 404
