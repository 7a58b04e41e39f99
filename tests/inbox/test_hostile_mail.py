"""Mail that is made to hold up whoever reads it: it is taken, read in no time, and its words are kept."""

import base64
import dataclasses
import time

import pytest

from recruiter import config
from recruiter.contacts.models import Contact
from tests.inbox import letterbox
from tests.inbox.conftest import INBOUND

DEEP = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(2000)).encode()
REPORT = (
    b"--b\r\nContent-Type: message/global-delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.encodebytes(b"Reporting-MTA: dns; x\n\nAction: delayed\nDiagnostic-Code: smtp; " + b"a" * 200_000)
)


@pytest.fixture
def answer_with(settings, sent, hand_in, rows):
    """Answer our mail with another header or body; returns what is noted of it, and the seconds that took."""
    config.use(dataclasses.replace(settings, **INBOUND | {"inbound_max_bytes": 4_000_000}))

    def answer_with(body=b"Thank you.", **headers):
        raw = letterbox.reply(sent[1]).partition(b"\r\n\r\n")[0]
        for name, value in headers.items():
            kept = [line for line in raw.split(b"\r\n") if not line.startswith(name.encode())]
            raw = b"\r\n".join([*kept, name.encode() + b": " + value])
        began = time.process_time()
        answer = hand_in(raw + b"\r\n\r\n" + body)
        seconds = time.process_time() - began
        assert answer.json == {"state": "kept"}
        return next((contact.note for contact in rows(Contact)), None), seconds

    return answer_with


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": b"=?utf-8?b?A?="},
        {"Content-Type": b"text/plain; charset=undefined"},
        {"Content-Type": b"text/plain; charset=idna"},
        {"Content-Type": b"text/plain; charset*" + b"9" * 5000 + b"=x"},
        {"Content-Disposition": b"inline; filename*" + b"9" * 5000 + b"=x"},
    ],
    ids=["half a letter", "undefined", "no charset of mail", "many pieces", "a name in many pieces"],
)
def test_what_is_written_wrongly_is_read_as_well_as_it_can_be(answer_with, headers):
    note, _seconds = answer_with(**headers)

    assert note == "Thank you."


def test_parts_too_deep_in_one_another_are_not_read(answer_with):
    kind, _, body = DEEP.partition(b"\r\n\r\n")

    note, _seconds = answer_with(body, **{"Content-Type": kind.partition(b": ")[2]})

    assert note == "(The mail has no text.)"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"filename=" + b"n" * 5000, "(Attached, and not shown here: " + "n" * 100 + "….)"),
        (b"filename*" + b"9" * 5000 + b"=x", "(The mail has no text.)"),
    ],
    ids=["long", "in many pieces"],
)
def test_the_name_of_a_file_is_short(answer_with, name, shown):
    note, _seconds = answer_with(**{"Content-Disposition": b"attachment; " + name})

    assert note == shown


@pytest.mark.once
@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b"On " * 6000),
        ({}, b"1" * 19_000 + b"\r\n> x"),
        ({"Content-Type": b"text/html"}, b"<br" * 200_000),
        ({"Content-Type": b"text/html"}, b"<div>" * 100_000),
        ({"Content-Type": b"text/html"}, b"<blockquote>" * 100_000),
        ({"Content-Type": b"text/html"}, b"<!--" * 200_000),
        ({"In-Reply-To": b"<" + b"a@" * 200_000}, b"Thank you."),
        ({"Content-Type": b'text/plain; x="' + b";" * 200_000}, b"Thank you."),
        ({"Content-Type": b"text/plain; charset=punycode"}, b"a-" + b"b" * 200_000),
        ({"Content-Type": b"multipart/report; boundary=b; report-type=delivery-status"}, REPORT),
    ],
    ids=[
        "header lines",
        "one line",
        "breaks",
        "deep",
        "quotes",
        "comments",
        "threads",
        "parameters",
        "charset",
        "report",
    ],
)
def test_no_mail_holds_up_the_others(answer_with, headers, body):
    _note, seconds = answer_with(body, **headers)

    assert seconds < 3.0


@pytest.mark.parametrize(
    ("charset", "body"), [(b"utf-7", b"Thank you.+2AA-"), (b"unicode_escape", rb"Thank you.\ud800\x00")]
)
def test_half_a_character_is_shown_as_unreadable(answer_with, charset, body):
    note, _seconds = answer_with(body, **{"Content-Type": b"text/plain; charset=" + charset})

    assert note == "Thank you.?"


def test_a_code_of_letters_that_only_resemble_ours_is_no_code(sent, hand_in, rows):
    """The sign for kelvin is a k to whoever does not mind the case."""
    resembling = "reply+" + "\N{KELVIN SIGN}" * 42 + "@mail.agency.example"

    assert hand_in(letterbox.reply(sent[1]), recipient=resembling).json == {"state": "kept"}

    assert len(rows(Contact)) == 1
