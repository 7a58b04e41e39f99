"""Mail that our own mail server found forged: shown as not verified, and acting on nothing."""

import dataclasses
from email.parser import BytesHeaderParser

import hypothesis
import pytest
from hypothesis import strategies

from recruiter import config
from recruiter.contacts.models import Contact
from recruiter.inbox import checks
from recruiter.outbox.models import Message, Suppression
from tests.inbox import letterbox
from tests.inbox.conftest import INBOUND
from tests.inbox.test_strays import STRANGER

OURS = "mx.agency.example"
FORGED = f"Authentication-Results: {OURS}; dmarc=fail (p=none) header.from=example.org"
REMARK = "(Not verified: our mail server found that it is not from the address it names.)"


@pytest.fixture
def inbound(app, settings):
    """The settings under which mail comes in, with the name of the firm's own mail server."""
    config.use(dataclasses.replace(settings, **INBOUND, inbound_server=OURS))
    yield
    config.use(settings)


@pytest.fixture
def member(alice, maya):
    """Maya's membership of the talent pool."""
    body = {"candidate_id": str(maya.candidate.id), "basis": "consent", "purpose": "Data roles", "months": 12}
    made = alice.api.post("/api/v1/talent-pool", json=body | {"evidence": {"how": "asked on the telephone"}}).json
    return lambda: alice.api.get(f"/api/v1/talent-pool/{made['id']}").json


def test_a_forged_answer_is_shown_as_not_verified(alice, sent, hand_in, rows):
    hand_in(letterbox.reply(sent[1], headers=FORGED))

    assert [contact.note for contact in rows(Contact)] == [f"{REMARK}\n\nThank you for being so clear."]
    assert "Not verified" in alice.browser.get("/today").text


def test_a_forged_unsubscribe_is_read_by_a_person(sent, hand_in, rows, member):
    hand_in(letterbox.reply(sent[1], "Take me out.", subject="unsubscribe", headers=FORGED))

    assert member()["left_how"] is None
    assert [contact.note for contact in rows(Contact)] == [f"{REMARK}\n\nTake me out."]


def test_a_forged_complaint_suppresses_nobody(sent, hand_in, rows, member):
    hand_in(FORGED.encode() + b"\r\n" + letterbox.complaint(sent[1]))

    (mail,) = rows()
    assert (mail.kind, mail.is_trusted, mail.is_unverified) == ("complaint", False, True)
    assert rows(Suppression) == []
    assert member()["left_how"] is None


def test_a_forged_answer_ends_no_doubt(sent, hand_in, change, message):
    change(Message, state="doubtful", accepted_at=None, lease_until=message().accepted_at, doubts=1)

    hand_in(letterbox.reply(sent[1], headers=FORGED))

    assert message().state == "doubtful"


def test_a_forged_mail_without_a_place_says_so_before_it_is_placed(alice, inbound, hand_in):
    hand_in(letterbox.reply(STRANGER, "Is the role still open?", headers=FORGED))

    assert "(not verified: our mail server found that this is not so)" in alice.browser.get("/mail").text


def test_a_returned_mail_counts_by_its_code_alone(sent, hand_in, rows):
    hand_in(FORGED.encode() + b"\r\n" + letterbox.dsn(sent[1]))

    assert len(rows(Suppression)) == 1


def head(*results):
    return BytesHeaderParser().parsebytes("".join(f"Authentication-Results: {each}\r\n" for each in results).encode())


@pytest.mark.once
@pytest.mark.parametrize(
    ("results", "is_unverified"),
    [
        ((), False),
        ((f"{OURS}; none",), False),
        ((f"{OURS}; dmarc=pass header.from=example.org; spf=fail",), False),
        ((f"{OURS}; dmarc=fail header.from=example.org; spf=pass; dkim=pass",), True),
        ((f"{OURS}; dmarc=bestguesspass; spf=softfail",), True),
        ((f"{OURS}; spf=softfail smtp.mailfrom=example.org",), True),
        ((f"{OURS}; spf=fail smtp.mailfrom=example.org; dkim=fail; dkim=pass header.d=example.org",), False),
        ((f"{OURS}; spf=temperror",), False),
        ((f"{OURS.upper()} 1; DMARC / 1 = FAIL",), True),
        ((f'"{OURS}"; dmarc=fail',), True),
        ((f"{OURS} (a note (inside another; dmarc=pass)); dmarc=fail",), True),
        ((f'{OURS}; spf=pass reason="all; dmarc=fail"',), False),
        ((f"{OURS};\r\n dmarc=fail",), True),
        (("elsewhere.example; dmarc=fail",), False),
        ((f"{OURS}.elsewhere.example; dmarc=fail",), False),
        ((f"elsewhere.example; x={OURS}; dmarc=fail",), False),
        (("; dmarc=fail",), False),
        ((f"{OURS}; dmarc=fail", f"{OURS}; dmarc=pass"), True),
        ((f"{OURS}; dmarc=pass", f"{OURS}; dmarc=fail"), False),
        ((f"{OURS}; spf=fail", f"{OURS}; dkim=pass"), False),
    ],
)
def test_what_a_server_says(results, is_unverified):
    assert checks.is_unverified(head(*results), OURS) is is_unverified


@pytest.mark.once
def test_without_a_name_nobody_is_believed():
    assert not checks.is_unverified(head(f"{OURS}; dmarc=fail", "; dmarc=fail"), "")


@pytest.mark.once
@hypothesis.given(strategies.text(alphabet=f'"\\();= a/.\t{OURS}', max_size=200))
def test_whatever_stands_there_is_read(text):
    assert checks.is_unverified(head(f"{OURS}; dmarc=fail", text), OURS)
