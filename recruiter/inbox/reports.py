"""Reports that machines write about a mail of ours: delivery status (RFC 3464, 6533) and complaints (RFC 5965)."""

import base64
import binascii
import enum
import quopri
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
LONGEST_DETAIL = 300  # characters
_LONGEST_WORDS = 2_000  # characters in which addresses are looked for, which takes their square
_UNWANTED = {"abuse", "fraud", "opt-out", "opt-out-list", "virus", "other"}
_DELIVERY = {"message/delivery-status", "message/global-delivery-status"}
_COMPLAINT = {"message/feedback-report"}
_RETURNED = {"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"}


class Lasting(enum.StrEnum):
    """Whether a failure is about the address for good, about it for now, or not about it at all."""

    FOR_GOOD = "for_good"
    FOR_NOW = "for_now"
    NOT_ABOUT_IT = "not_about_it"


# Read from top to bottom: the whole enhanced status (RFC 3463), and what it says about the address.
STATUSES = (
    (r"4\.\d+\.\d+", Lasting.FOR_NOW),
    (r"5\.2\.2", Lasting.FOR_NOW),  # mailbox full
    (r"5\.3\.4|5\.5\.\d+|5\.6\.\d+", Lasting.NOT_ABOUT_IT),  # our mail as it was
    (r"5\.7\.\d+", Lasting.NOT_ABOUT_IT),  # who we are, or what they let in
    (r"5\.4\.[67]", Lasting.FOR_NOW),  # a loop, or too long under way
    (r"5\.\d+\.\d+", Lasting.FOR_GOOD),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a report says: ``action`` of a delivery (``failed``, ``delayed``, …), or that it is a complaint.

    ``detail`` are the other server's words without addresses. ``returned`` is what it sent back of our mail.
    """

    action: str = ""
    status: str = ""
    detail: str = ""
    is_complaint: bool = False
    original_senders: tuple[str, ...] = ()
    returned: Message | None = field(default=None, repr=False)


def read(root: Message) -> Report | None:
    """Return what a multipart/report says, or None for any other mail."""
    if root.get_content_type() != "multipart/report" or not root.is_multipart():
        return None
    parts = {part.get_content_type(): part for part in reversed(list(root.walk()))}
    returned = next((_inside(parts[kind]) for kind in _RETURNED if kind in parts), None)
    for kind in _DELIVERY & parts.keys():
        return _delivery(_blocks(parts[kind]), returned)
    for kind in _COMPLAINT & parts.keys():
        return _complaint(_blocks(parts[kind])[0], returned)
    return Report(returned=returned)


def lasting(status: str) -> Lasting:
    """Return what an enhanced status says about the address; a failure that names none is taken as final."""
    found = (meaning for pattern, meaning in STATUSES if re.fullmatch(pattern, status))
    return next(found, Lasting.FOR_GOOD)


def unaddressed(text: str) -> str:
    """Return another server's words on one line, without the addresses that they quote."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text[:_LONGEST_WORDS])
    return _ADDRESS.sub("[address]", " ".join(printable.split()))[:LONGEST_DETAIL]


def _delivery(blocks: list[Message], returned: Message | None) -> Report:
    """One recipient is told apart from others by nothing, since every mail of ours has only one: the worst counts."""
    order = ("failed", "delayed")
    told = [(str(block.get("Action", "")).strip().casefold().split(" ")[0], block) for block in blocks[1:] or blocks]
    told.sort(key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))
    action, block = told[0]
    words = str(block.get("Diagnostic-Code", "")).partition(";")[2]
    status = _STATUS.search(str(block.get("Status", ""))) or _STATUS.search(words)
    return Report(
        action=action,
        status=status.group() if status else "",
        detail=unaddressed(words or f"status {block.get('Status', 'unknown')}"),
        returned=returned,
    )


def _complaint(block: Message, returned: Message | None) -> Report:
    kind = str(block.get("Feedback-Type", "")).strip().casefold()
    senders = [*block.get_all("Original-Mail-From", []), *(returned.get_all("Return-Path", []) if returned else [])]
    return Report(
        is_complaint=kind in _UNWANTED,
        detail=f"feedback type {unaddressed(kind)}",
        original_senders=tuple(map(str, senders)),
        returned=returned,
    )


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a report's part; the standard library knows only one kind of such a part."""
    groups = re.split(rb"\n\s*\n", _octets(part).strip())
    return [message_from_bytes(group) for group in groups]


def _inside(part: Message) -> Message:
    return message_from_bytes(_octets(part))


def _octets(part: Message) -> bytes:
    octets = part.as_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().casefold()
    if encoding == "base64":
        try:
            octets = base64.b64decode(octets)
        except binascii.Error:
            return octets
    elif encoding == "quoted-printable":
        octets = quopri.decodestring(octets)
    return octets.replace(b"\r\n", b"\n")
