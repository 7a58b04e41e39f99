import datetime as dt
import re

import pytest
import time_machine

from recruiter.accounts import invitations, service
from recruiter.accounts.addresses import Unanswered
from recruiter.accounts.invitations import Invite
from recruiter.accounts.models import Role
from recruiter.accounts.service import themself
from recruiter.audit.service import SYSTEM
from recruiter.errors import Conflict, Gone
from recruiter.outbox.models import MessageState

MAYA = "maya@agency.example.com"
FORM = {"name": "Maya Marsh", "title": "Recruiter", "phone": "+351 21 000 00 00", "password": "four words are better"}


@pytest.fixture
def invite(alice):
    """Invite through the settings; an e-mail address that Alice types."""
    return lambda email=MAYA, role="recruiter": alice.browser.post(
        "/settings/members", data={"email": email, "role": role}
    )


@pytest.fixture
def by_hand(app, alice):
    """An invitation whose link a command prints; its path."""

    def by_hand(email=MAYA, role=Role.RECRUITER):
        with app.app_context():
            made = invitations.invite(Invite(firm_id=alice.firm.id, email=email, role=role, actor=SYSTEM))
        return made.url.removeprefix("http://localhost")

    return by_hand


def test_a_mailed_invitation_makes_a_member_who_is_signed_in(app, client, alice, invite, deliver):
    assert invite().status_code == 303

    [mail] = deliver()
    assert (mail["to"], mail["subject"]) == (MAYA, "Alice Adams invites you to Acme Staffing")
    assert mail["reply-to"] == f"Alice Adams <{alice.member.email}>"
    [link] = re.findall(r"http://localhost(/join/\S+)", mail.get_body(("plain",)).get_content())
    page = client.get(link)
    assert f"You sign in as <b>{MAYA}</b>" in page.text

    answer = client.post(link, data=FORM)

    assert (answer.status_code, answer.location) == (303, "/today")
    assert "Maya Marsh" in client.get("/settings/profile").text
    with app.app_context():
        [maya] = [member for member in service.list_members(alice.firm.id) if member.email == MAYA]
    assert (maya.role, maya.title, maya.phone) == (Role.RECRUITER, "Recruiter", "+351 21 000 00 00")


def test_a_link_works_once(client, app, by_hand):
    link = by_hand()
    client.post(link, data=FORM)
    another = app.test_client()

    assert another.get(link).status_code == 410
    assert another.post(link, data=FORM | {"name": "Somebody Else"}).status_code == 410


def test_opening_a_link_changes_nothing(client, by_hand):
    link = by_hand()
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert client.head(link).status_code == 200


def test_a_guessed_link_is_not_here(client):
    assert client.get("/join/guessed").status_code == 404
    assert client.post("/join/guessed", data=FORM).status_code == 404


def test_a_link_ends_after_seven_days(client, by_hand):
    with time_machine.travel(dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC), tick=False) as now:
        link = by_hand()
        now.shift(dt.timedelta(days=7))

        assert "was used or has ended" in client.get(link).text


def test_an_invitation_that_was_taken_back_neither_opens_nor_leaves(client, alice, by_hand, invite, queued, deliver):
    link = by_hand("leo@agency.example.com")
    invite()
    page = alice.browser.get("/settings/members").text
    for path in re.findall(r"/settings/invitations/\S+/revoke", page):
        assert alice.browser.post(path).status_code == 303
        assert alice.browser.post(path).status_code == 303

    assert client.get(link).status_code == 410
    assert deliver() == []
    assert [message.state for message in queued(alice)] == [MessageState.STOPPED]
    assert "Invited" not in alice.browser.get("/settings/members").text


def test_inviting_again_ends_the_earlier_link_and_nobody_elses(client, by_hand):
    other, first, second = by_hand("noor@agency.example.com"), by_hand(), by_hand(MAYA.upper())

    assert [client.get(link).status_code for link in (other, first, second)] == [200, 410, 200]


def test_a_member_is_not_invited_again(known, bob, invite):
    answer = invite(known(bob).member.email)

    assert answer.status_code == 422
    assert answer.text.count("This person is a member already.") == 2


def test_an_address_that_nobody_reads_is_nobody(invite, by_hand):
    """Candidates answer to a member's address."""
    answer = invite("No-Reply@agency.example.com")

    assert (answer.status_code, "somebody has to read it" in answer.text) == (422, True)
    with pytest.raises(Unanswered):
        by_hand("donotreply@agency.example.com")
    assert invite("norepa@agency.example.com").status_code == 303


def test_whether_an_address_signs_in_elsewhere_is_told_to_its_owner_alone(client, alice, charlie, invite, by_hand):
    assert invite(charlie.member.email).status_code == 303

    answer = client.post(by_hand(charlie.member.email), data=FORM)
    assert answer.status_code == 409
    assert "signs in to a firm already" in answer.text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "Enter your name."),
        ({"name": "Maya\x00Marsh"}, "Leave out line breaks and control characters."),
        ({"password": "short"}, "Use 12 to 128 characters."),
        ({"password": ""}, "Use 12 to 128 characters."),
    ],
)
def test_what_is_missing_is_named_at_the_field(client, by_hand, values, words):
    link = by_hand()

    answer = client.post(link, data=FORM | values)

    assert answer.status_code == 422
    assert answer.text.count(words) == 2
    assert client.get(link).status_code == 200


def test_all_that_is_missing_is_named_at_once(client, by_hand):
    answer = client.post(by_hand(), data=FORM | {"name": "", "password": ""})

    assert answer.text.index("Enter your name.") < answer.text.index("Use 12 to 128 characters.")


@pytest.mark.parametrize("email", ["", "maya", "maya@", "a b@example.com", "maya@example.com\r\nBcc: x@example.com"])
def test_an_address_that_no_mail_reaches_is_refused(invite, email):
    answer = invite(email)

    assert answer.status_code == 422
    assert "e-mail address" in answer.text


def test_two_who_accept_at_once_make_one_member(app, by_hand):
    token = by_hand().rsplit("/", 1)[1]
    accept = invitations.Accept(token=token, name="Maya Marsh", password_hash="hash")
    with app.app_context():
        invitations.accept(accept)
        with pytest.raises(Gone):
            invitations.accept(accept)


def test_an_address_is_one_member_in_the_installation(app, alice, charlie):
    command = service.AddMember(
        firm_id=alice.firm.id,
        actor=themself(alice.member),
        email=charlie.member.email.upper(),
        name="Charlie again",
        role=Role.VIEWER,
    )
    with app.app_context(), pytest.raises(Conflict, match="signs in to a firm already"):
        service.add_member(command)
