"""What the mail builder promises, checked by the standard library's parser."""

import datetime as dt
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recruiter.outbox import mime
from recruiter.outbox.mime import Letter, Mailbox, Unsendable

pytestmark = pytest.mark.once

MOMENT = dt.datetime(2026, 3, 4, 9, 30, tzinfo=dt.UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))
NAME = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200)


def letter(**given_values):
    values = {
        "sender": Mailbox("Sam Okafor", "sam@northgate.example"),
        "recipient": Mailbox("Maya Ferreira", "maya@example.org"),
        "subject": "Your application",
        "text": "Dear Maya,\n\nthank you.\n",
        "html": "<p>Dear Maya,</p><p>thank you.</p>",
        "message_id": "<0198c2@northgate.example>",
        "date": MOMENT,
    }
    return Letter(**(values | given_values))


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return part.get_payload(decode=True).decode("utf-8")


def assert_safe_on_the_wire(raw: bytes) -> None:
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= mime.LONGEST_LINE


@given(text=TEXT, html=TEXT)
def test_any_text_comes_back_as_it_was_written(text, html):
    raw = mime.build(letter(text=text, html=html))

    assert_safe_on_the_wire(raw)
    message = parsed(raw)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert body(message, "plain").replace("\r\n", "\n") == text
    assert body(message, "html").replace("\r\n", "\n") == html
    assert not message.defects


@pytest.mark.parametrize("before", range(66, 80))
def test_a_long_line_ends_within_no_code_and_goes_on_with_no_dot(before):
    text = "x" * before + ".\u00e9=." + "y" * 80 + " "
    raw = mime.build(letter(text=text, html=text))

    assert body(parsed(raw), "plain") == text
    lines = raw.partition(b"\r\n\r\n")[2].split(b"\r\n")
    assert max(map(len, lines)) == 76
    assert not any(line.startswith(b".") or line.endswith(b" ") for line in lines)


@given(name=NAME, subject=NAME)
def test_any_name_and_subject_comes_back_and_adds_no_header(name, subject):
    raw = mime.build(letter(sender=Mailbox(name, "sam@northgate.example"), subject=subject))

    assert_safe_on_the_wire(raw)
    message = parsed(raw)
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"
    }  # fmt: skip
    # The newer parser leaves the space between two encoded words in a name, which RFC 2047 6.2 says to drop.
    shown, address = parseaddr(message_from_bytes(raw)["From"])
    assert str(make_header(decode_header(shown))) == " ".join(name.split())
    assert address == "sam@northgate.example"
    assert str(message["Subject"]) == " ".join(subject.split())


@pytest.mark.slow
@given(st.text(), st.text())
def test_a_control_character_in_a_header_is_refused(before, after):
    for bad in "\r\n\x00\x0b\x7f\x85\u2028":
        for case in (
            letter(subject=before + bad + after),
            letter(recipient=Mailbox(before + bad + after, "m@example.org")),
        ):
            with pytest.raises(Unsendable):
                mime.build(case)


@pytest.mark.parametrize(
    "address",
    [
        "", "maya", "@example.org", "maya@", "a b@example.org", "maya@example.org\r\nBcc: x@example.org",
        "maya@exa mple.org", "a@b@example.org", "maya@-x.org", "mäya@example.org", f"{'m' * 65}@example.org",
        f"maya@{'x.' * 127}org", "<maya@example.org>", "maya@xn--a\u2028.org", "maya@\u00ad.org",
    ],
)  # fmt: skip
def test_what_is_not_one_address_is_refused(address):
    with pytest.raises(Unsendable):
        mime.build(letter(recipient=Mailbox("", address)))


def test_a_domain_outside_ascii_travels_in_a_labels():
    assert mime.wire_address("maya@Bücher.example") == "maya@xn--bcher-kva.example"


def test_the_same_letter_gives_the_same_bytes():
    assert mime.build(letter()) == mime.build(letter())
    assert mime.build(letter()) != mime.build(letter(message_id="<0198c3@northgate.example>"))


def test_headers_that_a_conversation_and_a_list_need():
    message = parsed(
        mime.build(
            letter(
                reply_to=Mailbox("Okafor, Sam", "sam@northgate.example"),
                references=tuple(f"<{n:032x}@mail.example>" for n in range(20)),
                unsubscribe_url="https://northgate.example/leave/" + "t" * 300,
                list_id="pool.northgate.example",
                is_automatic=True,
            )
        )
    )

    assert message["Reply-To"].addresses == (Address("Okafor, Sam", "sam", "northgate.example"),)
    assert message["In-Reply-To"] == f"<{19:032x}@mail.example>"
    assert len(message["References"].split()) == 20
    assert message["List-Unsubscribe"] == "<https://northgate.example/leave/" + "t" * 300 + ">"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["List-Id"] == "<pool.northgate.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == MOMENT


@pytest.mark.parametrize(
    "change",
    [
        {"message_id": "<a b@c>"}, {"references": ("<a@b>\r\nBcc: <c@d>",)}, {"list_id": "a>b"},
        {"unsubscribe_url": "https://x/\n"}, {"unsubscribe_url": "https://x/" + "t" * 1000}, {"text": "\ud800"},
    ],
)  # fmt: skip
def test_what_no_header_or_body_can_carry_is_refused(change):
    with pytest.raises(Unsendable):
        mime.build(letter(**change))


def test_text_outside_latin_is_sent_as_base64_and_latin_text_stays_readable():
    assert b"Content-Transfer-Encoding: base64" in mime.build(letter(text="Спасибо за ваше время. " * 20))
    assert b"thank you" in mime.build(letter())
