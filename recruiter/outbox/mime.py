"""The bytes of one mail, written so that the same letter gives the same bytes and no value can add a header."""

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import format_datetime

import idna

from recruiter.errors import RuleBroken

LONGEST_LINE = 998  # octets without CRLF, RFC 5322 2.1.1
_WORD_OCTETS = 39  # a header name and one encoded word of this many octets fit in 76 characters, RFC 2047 2

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+>")
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_PRINTED = bytes(range(0x20, 0x7F)) + b"\t\n"  # what quoted-printable leaves as it is, but for "="
_EQUALS, _DOT = b"=."
_PART = b"\r\n--%s\r\nContent-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: %s\r\n\r\n%s"


class Unsendable(RuleBroken):
    """This letter cannot become a mail as it stands: an address or a value that no header may carry."""

    code = "unsendable"


class NeedsUtf8(Unsendable):
    """The part of an address before @ has letters that travel only between mail servers with SMTPUTF8 (RFC 6531)."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A person's name, which may be empty, and the address that mail for them goes to."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Everything that decides the bytes of one mail.

    ``language`` is that of the text (BCP 47 tag, RFC 3282), or None where it is not known. ``references`` are the
    Message-IDs of the conversation, oldest first. ``unsubscribe_url`` adds the one-click headers of RFC 8058, and
    ``unsubscribe_address`` names beside it where a mail that says "unsubscribe" is understood (RFC 2369); ``list_id``
    names the stream the recipient can leave. ``is_automatic`` marks mail that no person released (RFC 3834).
    """

    sender: Mailbox
    recipient: Mailbox
    reply_to: Mailbox | None = None
    subject: str
    text: str
    html: str
    message_id: str
    date: dt.datetime
    language: str | None = None
    references: tuple[str, ...] = ()
    unsubscribe_url: str | None = None
    unsubscribe_address: str | None = None
    list_id: str | None = None
    is_automatic: bool = False


def build(letter: Letter) -> bytes:
    """Return the mail as bytes: CRLF line ends, no line over 998 octets, text first, then HTML.

    Pure: the boundary is derived from the Message-ID, so a retry is byte for byte the same. Raises ``Unsendable``
    for a control character in a header, an address outside ASCII that IDNA cannot carry, or a broken Message-ID.
    """
    # "=_" can stand in neither a quoted-printable nor a base64 body, so the boundary never meets its own text.
    boundary = b"=_" + hashlib.sha256(letter.message_id.encode("utf-8", "replace")).hexdigest()[:32].encode()
    head = b"".join(_header(name, value) for name, value in _headers(letter))
    return b"".join(
        (
            head,
            b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="%s"\r\n' % boundary,
            _part(boundary, b"plain", letter.text),
            _part(boundary, b"html", letter.html),
            b"\r\n--%s--\r\n" % boundary,
        )
    )


def wire_address(address: str) -> str:
    """Return an address as it travels in the envelope: ASCII, its domain in A-labels (IDNA 2008, UTS 46).

    Raises ``Unsendable`` for what a relay without SMTPUTF8 cannot take and for anything that is not one address.
    """
    local, at, domain = address.rpartition("@")
    if not local.isascii():
        raise NeedsUtf8("Few mail servers take letters such as ü or é before the @. Ask for another address.")
    if not at or len(local) > 64 or not _LOCAL_PART.fullmatch(local):
        raise Unsendable("The part of the address before @ cannot be used for mail.")
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except UnicodeError as error:
            raise Unsendable("The part of the address after @ is not a domain name.") from error
    if len(domain) > 253 or not _DOMAIN.fullmatch(domain):
        raise Unsendable("The part of the address after @ is not a domain name.")
    return f"{local}@{domain}"


def _headers(letter: Letter) -> list[tuple[str, list[str]]]:
    """Name and value of each header; a value is the list of pieces between which the line may be folded."""
    found = [
        ("From", _mailbox(letter.sender)),
        ("To", _mailbox(letter.recipient)),
        ("Subject", _words(letter.subject)),
        ("Date", [format_datetime(letter.date)]),
        ("Message-ID", [_message_id(letter.message_id)]),
    ]
    if letter.reply_to is not None:
        found.insert(2, ("Reply-To", _mailbox(letter.reply_to)))
    if letter.language is not None:
        found.append(("Content-Language", [_token(letter.language)]))
    if letter.references:
        thread = [_message_id(value) for value in letter.references]
        found += [("In-Reply-To", thread[-1:]), ("References", thread)]
    if letter.is_automatic:
        found.append(("Auto-Submitted", ["auto-generated"]))
        found.append(("X-Auto-Response-Suppress", ["OOF, AutoReply"]))  # what Exchange reads instead
    if letter.list_id is not None:
        found.append(("List-Id", [f"<{_token(letter.list_id)}>"]))
    if letter.unsubscribe_url is not None:
        found.append(("List-Unsubscribe", _ways_out(letter.unsubscribe_url, letter.unsubscribe_address)))
        found.append(("List-Unsubscribe-Post", ["List-Unsubscribe=One-Click"]))
    return found


def _header(name: str, pieces: list[str]) -> bytes:
    lines, line = [], f"{name}:"
    for piece in pieces:
        if len(line) + 1 + len(piece) > 78 and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {piece}"
    lines.append(line)
    if max(len(line) for line in lines) > LONGEST_LINE:
        raise Unsendable(f"The {name} of the mail is too long.")
    return "\r\n".join([*lines, ""]).encode("ascii")


def _mailbox(mailbox: Mailbox) -> list[str]:
    address = f"<{wire_address(mailbox.address)}>"
    name = _tidy(mailbox.name)
    return [*_phrase(name), address] if name else [address]


def _phrase(name: str) -> list[str]:
    if name.isascii() and len(name) <= 60 and "=?" not in name:
        if _PLAIN_PHRASE.fullmatch(name):
            return [name]
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return [f'"{escaped}"']
    return _encoded(name)


def _words(value: str) -> list[str]:
    """An unstructured value: as it is where that is safe and short, else RFC 2047 words."""
    value = _tidy(value)
    return [value] if value.isascii() and len(value) <= 66 and "=?" not in value else _encoded(value)


def _encoded(value: str) -> list[str]:
    words, word = [], b""
    for letter in value:
        octets = letter.encode("utf-8")
        if len(word) + len(octets) > _WORD_OCTETS:
            words.append(word)
            word = b""
        word += octets
    words.append(word)
    return [f"=?utf-8?b?{base64.b64encode(each).decode('ascii')}?=" for each in words]


def _ways_out(url: str, address: str | None) -> list[str]:
    if address is None:
        return [f"<{_token(url)}>"]
    return [f"<{_token(url)}>,", f"<mailto:{wire_address(address)}?subject=unsubscribe>"]


def _message_id(value: str) -> str:
    if not _MESSAGE_ID.fullmatch(value):
        raise Unsendable("A Message-ID of the mail is malformed.")
    return value


def _token(value: str) -> str:
    """A value that may hold neither a space, a bracket nor anything outside ASCII."""
    if not re.fullmatch("[!-;=?-~]+", value):
        raise Unsendable("A header of the mail holds a character that it must not.")
    return value


def _tidy(value: str) -> str:
    """Runs of spaces become one, as any reader of the mail would make them; what could end a line is refused."""
    if _CONTROL.search(value):
        raise Unsendable("A name or the subject of the mail holds a line break or a control character.")
    return " ".join(value.split())


def _part(boundary: bytes, subtype: bytes, body: str) -> bytes:
    encoding, octets = _body(body)
    return _PART % (boundary, subtype, encoding, octets)


def _body(text: str) -> tuple[bytes, bytes]:
    """Choose the shorter of the two encodings that survive any relay, and return its name and the octets."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        octets = lines.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Unsendable("The text of the mail holds half a character.") from error
    if len(octets) - len(lines) > len(octets) // 5:  # mostly outside ASCII, where each octet would become three
        return b"base64", base64.encodebytes(octets.replace(b"\n", b"\r\n")).replace(b"\n", b"\r\n")
    return b"quoted-printable", _quoted_printable(octets)


def _quoted_printable(octets: bytes) -> bytes:
    """Encode a text (RFC 2045 6.7), in two thirds of the time of ``binascii``: it looks at every octet by itself."""
    octets = octets.replace(b"=", b"=3D")
    for octet in set(octets.translate(None, _PRINTED)):
        octets = octets.replace(b"%c" % octet, b"=%02X" % octet)
    return b"\r\n".join(piece for line in octets.split(b"\n") for piece in _folded(line))


def _folded(line: bytes) -> Iterator[bytes]:
    """Yield an encoded line in pieces of at most 76 octets, none of which ends within a code or in a space."""
    if line.endswith((b" ", b"\t")):
        line = line[:-1] + b"=%02X" % line[-1]
    start, last = 0, len(line) - 76
    while start < last:
        end = start + 75
        if line[end] == _DOT:
            end -= 1  # at the beginning of a line it would be sent twice
        if line[end - 1] == _EQUALS:
            end -= 1
        elif line[end - 2] == _EQUALS:
            end -= 2
        yield line[start:end] + b"="
        start = end
    yield line[start:]
