import datetime as dt
import re

import pytest
import time_machine

from recruiter.accounts import service
from recruiter.accounts.service import themself
from recruiter.outbox.models import MessageState
from tests import people

NEW = "four words are better"


def ask(client, person):
    return client.post("/reset-password", data={"email": person.member.email})


def link_in(message):
    [link] = re.findall(r"http://localhost(/reset-password/\S+)", message.get_body(("plain",)).get_content())
    return link


def choose(client, link, password=NEW, again=None):
    return client.post(link, data={"password": password, "password_confirm": again or password})


def test_a_mailed_link_gives_a_new_password_once(*, app, client, alice, known, enter, queued, deliver):
    known(alice)
    elsewhere = people.browser(app, alice.member)
    assert "a link is on its way" in ask(client, alice).text

    [mail] = deliver()
    assert (mail["to"], mail["subject"]) == (f"Alice Adams <{alice.member.email}>", "Choose a new password")
    assert client.get(link_in(mail)).status_code == 200
    assert choose(client, link_in(mail)).location == "/login"

    assert enter(alice).status_code == 200
    assert enter(alice, NEW).location == "/today"
    assert elsewhere.get("/settings/profile").status_code == 302
    assert "does not work any more" in client.get(link_in(mail), follow_redirects=True).text
    assert [message.payload["kind"] for message in queued(alice)] == ["reset", "password_changed"]


def test_an_address_that_came_back_once_is_tried_again_when_its_person_asks(
    client, alice, known, queued, deliver, smtp_sink
):
    smtp_sink.faults.recipient.append("550 5.1.1 no such mailbox")
    ask(client, known(alice))
    assert deliver() == []

    ask(client, alice)
    [mail] = deliver()

    assert mail["subject"] == "Choose a new password"
    assert [message.state for message in queued(alice)] == [MessageState.REJECTED, MessageState.ACCEPTED]


def test_the_link_is_kept_nowhere_once_it_has_left(client, alice, known, queued, deliver):
    ask(client, known(alice))
    [mail] = deliver()
    token = link_in(mail).rsplit("/", 1)[1]

    [message] = queued(alice)
    assert (message.state, message.payload) == (MessageState.ACCEPTED, {"kind": "reset"})
    assert token not in message.sent_text


def test_a_link_ends_after_two_hours(client, alice, known, deliver):
    with time_machine.travel(dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC), tick=False) as now:
        ask(client, known(alice))
        [mail] = deliver()
        now.shift(dt.timedelta(hours=2, seconds=1))

        assert "This link has ended" in client.get(link_in(mail), follow_redirects=True).text
        assert "This link has ended" in choose(client, link_in(mail)).text + client.get("/reset-password").text


def test_whether_somebody_signs_in_here_is_not_told(client, alice, known, queued):
    known(alice)
    answer = client.post("/reset-password", data={"email": "nobody@agency.example.com"})

    assert "a link is on its way" in answer.text
    assert queued(alice) == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (" ", "Enter your e-mail address."),
        ("alice at home", "Enter an e-mail address such as name@example.com."),
    ],
)
def test_an_address_that_is_none_is_said_at_its_field(client, address, words):
    answer = client.post("/reset-password", data={"email": address})

    assert answer.text.count(words) == 2
    assert "Error: Forgotten password" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "a link is on its way" not in answer.text


def test_a_deactivated_member_gets_no_link(*, app, client, alice, bob, known, queued, deliver):
    ask(client, known(bob))
    with app.app_context():
        service.deactivate_member(
            service.DeactivateMember(firm_id=bob.firm.id, actor=themself(alice.member), member_id=bob.member.id)
        )
    ask(client, bob)

    assert deliver() == []
    assert [message.state for message in queued(alice)] == [MessageState.STOPPED]


def test_an_address_gets_four_links_in_a_quarter_of_an_hour(client, alice, known, queued):
    known(alice)
    answers = [ask(client, alice).status_code for _ in range(5)]

    assert answers == [200, 200, 200, 200, 429]
    assert len(queued(alice)) == 4


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("too short", "too short", "Use 12 to 128 characters."),
        ("x" * 129, "x" * 129, "Use 12 to 128 characters."),
        (NEW, "something else again", "The two passwords differ."),
    ],
)
def test_a_password_that_cannot_be_is_named(*, client, alice, known, deliver, password, again, words):
    ask(client, known(alice))
    [mail] = deliver()

    answer = choose(client, link_in(mail), password, again)

    assert answer.text.count(words) == 2
    assert "<title>Error: " in answer.text


def change(browser, present, new=NEW):
    values = {"password": present, "new_password": new, "new_password_confirm": new}
    return browser.post("/settings/password", data=values)


def test_a_new_password_ends_the_other_sessions_and_is_told(app, alice, known, deliver):
    known(alice)
    elsewhere = people.browser(app, alice.member)

    assert change(alice.browser, "correct horse battery").location == "/settings/profile"

    assert alice.browser.get("/settings/profile").status_code == 200
    assert elsewhere.get("/settings/profile").status_code == 302
    [mail] = deliver()
    assert mail["subject"] == "Your password was changed"


def test_the_present_password_cannot_be_guessed_in_a_stolen_session(alice, known):
    known(alice)
    answers = [change(alice.browser, "wrong guess") for _ in range(10)]

    assert "This is not your present password." in answers[0].text
    assert [answer.status_code for answer in answers] == [200] * 9 + [429]


def test_any_member_changes_their_own_password(known, vera):
    assert change(known(vera).browser, "correct horse battery").location == "/settings/profile"


def test_resetting_lifts_the_limit_on_tries(client, alice, known, enter, deliver):
    known(alice)
    for _ in range(10):
        enter(alice, "wrong")
    ask(client, alice)
    choose(client, link_in(deliver()[0]))

    assert enter(alice, NEW).location == "/today"
