"""One raw mail as facts: who, to whom, about which of ours, and the words without what they quote."""

import codecs
import datetime as dt
import hashlib
import html
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from email.utils import getaddresses, parsedate_to_datetime
from itertools import islice
from typing import cast

import nh3
from mailparser_reply import EmailMessage

from recruiter.inbox import reports
from recruiter.inbox.reports import Report
from recruiter.outbox import addresses
from recruiter.outbox.addresses import Named

LONGEST_TEXT = 10_000  # characters of an answer that are kept beside the raw mail
LONGEST_HEADER = 10_000  # characters
MOST_PARTS = 50  # of a mail; its words and files are among the first
# What mail programs write above a mail that they quote.
_ABOVE_QUOTE = EmailMessage("", ["en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "cs"]).HEADER_REGEX
_LONGEST_ABOVE = 200  # characters of a line of it; with longer ones its pattern takes minutes
_SLOW_CODEC = "punycode"  # is for names of hosts, and takes the square of their length
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To")
# Each of these takes what it looked at, also where an end is missing, so that no markup is looked at twice.
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|title)\b.*?(?:</\1[^>]*>?|\Z)", re.IGNORECASE | re.DOTALL)
_BREAKS = re.compile(r"<(?:br|li|/p|/div|/td|/ul|/ol)\b[^<>]*>?", re.IGNORECASE)
_OTHER = re.compile(r"""<(?!/?blockquote\b)/?[a-z](?:=\s*(?:"[^"]*"|'[^']*')|[^<>])*>?""", re.IGNORECASE)
_QUOTE = re.compile(r"(?=<blockquote\b)", re.IGNORECASE)
LONGEST_MARKUP = 50_000  # characters that are left of it then; quotes in one another cost their square
MOST_NAMED = 5  # files that came with an answer
LONGEST_NAME = 100  # characters of what one is called


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a mail says of itself; nothing in it is trusted but the codes in ``named``.

    ``sent_by`` is the envelope's sender: an empty string says that nobody wants an answer, None that it is not known.
    ``thread`` are the Message-IDs it answers, the nearest first.
    """

    root: Message = field(repr=False)
    sent_by: str | None
    message_id: str
    address: str
    subject: str
    thread: tuple[str, ...]
    named: Named | None
    report: Report | None

    def header(self, name: str) -> str:
        """Return the first header of this name on one line, decoded; empty where there is none."""
        return next(iter(_headers(self.root, name)), "")


def read(raw: bytes, sent_by: str | None = None, recipients: tuple[str, ...] = ()) -> Mail:
    """Read a mail; ``recipients`` are those of its envelope, as far as they are known. Never raises for bad mail."""
    root = _parse(raw)
    report = reports.read(root)
    senders = getaddresses(_headers(root, "From"))
    return_path = root.get("Return-Path")
    if sent_by is None and return_path is not None:
        sent_by = str(return_path).strip(" <>")
    return Mail(
        root=root,
        sent_by=sent_by,
        message_id="".join(_ids(root, "Message-ID")[:1]),
        address=next((address for _, address in senders if "@" in address), "").casefold(),
        subject=next(iter(_headers(root, "Subject")), ""),
        thread=(*_ids(root, "In-Reply-To"), *reversed(_ids(root, "References")), *_returned(report)),
        named=_named(root, recipients, report),
        report=report,
    )


def fingerprint(raw: bytes) -> str:
    """Return what two copies of one mail share, whichever way each of them came: Message-ID and body, hashed."""
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    found = re.search(rb"^message-id:\s*(\S+)", head, re.IGNORECASE | re.MULTILINE)
    name = found.group(1) if found else head
    return hashlib.sha256(name + b"\n" + body.rstrip()).hexdigest()


def words(mail: Mail) -> str:
    """Return what the person wrote, without the mail that they quote below it, and what its files are called."""
    text = "\n".join(_texts(mail.root, "text/plain"))
    if not text.strip():
        text = "\n".join(map(_plain, _texts(mail.root, "text/html")))
    text = re.sub(r"\n\s*\n", "\n\n", text.replace("\r\n", "\n").replace("\0", "").replace("\xa0", " ")).strip()
    told = _unquoted(_above_quote(text[: 2 * LONGEST_TEXT])) or text
    return "\n\n".join(filter(None, (told[:LONGEST_TEXT], _files(mail.root))))


def written_at(mail: Mail, taken_at: dt.datetime) -> dt.datetime:
    """Return when it was written, in UTC: its Date where that is believable, else when we took it."""
    try:
        date = parsedate_to_datetime(mail.header("Date"))
    except ValueError:
        return taken_at
    date = date.replace(tzinfo=date.tzinfo or dt.UTC).astimezone(dt.UTC)
    return date if taken_at - dt.timedelta(days=30) < date <= taken_at else taken_at


class _Bounded(Compat32):
    """Reads the beginning of each header; for a long one the library may take the square of its length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return its name and the beginning of its value."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]


def _parse(raw: bytes) -> Message:
    """Of a mail whose parts lie too deep in one another only the headers are read."""
    parser = BytesParser(policy=_Bounded())
    try:
        return parser.parsebytes(raw)
    except RecursionError:
        return parser.parsebytes(raw, headersonly=True)


def _headers(root: Message, name: str) -> list[str]:
    """The values of a header in words, each on one line, with nothing in them that cannot be shown or kept."""
    return [_decoded(value) for key, value in root.raw_items() if key.casefold() == name.casefold()]


def _decoded(value: str) -> str:
    text = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")  # RFC 6532 allows UTF-8 as it is
    with suppress(ValueError, HeaderParseError):  # words that are not coded as they say stand as they came
        text = "".join(_chunk(part, charset) for part, charset in decode_header(text))
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _chunk(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    try:
        codec = codecs.lookup(charset or "ascii").name
        text = part.decode("latin-1" if codec == _SLOW_CODEC else codec, "replace")
    except (LookupError, ValueError):  # what nobody knows, and what decodes no mail
        return part.decode("latin-1")
    return text.encode(errors="replace").decode()  # half a character can be kept nowhere


def _ids(root: Message, name: str) -> list[str]:
    return [
        found for value in root.get_all(name, []) for found in _MESSAGE_ID.findall(str(value)) if "@" in found[2:-2]
    ]


def _returned(report: Report | None) -> list[str]:
    """The Message-ID of the mail that a report is about."""
    return _ids(report.returned, "Message-ID") if report and report.returned else []


def _named(root: Message, recipients: tuple[str, ...], report: Report | None) -> Named | None:
    """The message that the mail was addressed to; a complaint is sent to one address for all, and names it inside."""
    places = [*recipients, *(str(value) for name in _RECIPIENTS for value in root.get_all(name, []))]
    if report is not None and report.is_complaint:
        places += report.original_senders
    return next(filter(None, map(addresses.read, places)), None)


def _parts(part: Message) -> Iterator[Message]:
    """The parts of a mail, without those of a mail inside it."""
    if not part.is_multipart():
        yield part
    elif part.get_content_maintype() == "multipart":
        for each in cast("list[Message]", part.get_payload()):
            yield from _parts(each)


def _texts(root: Message, kind: str) -> Iterator[str]:
    for part in islice(_parts(root), MOST_PARTS):
        if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
            yield _chunk(cast("bytes", part.get_payload(decode=True)), _charset(part))


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset("utf-8")
    except ValueError:  # a parameter in more pieces than can be counted
        return "utf-8"


def _files(root: Message) -> str:
    """Name what was attached, so that whoever reads the answer can ask for it; what has no name is left out."""
    attached = (part for part in islice(_parts(root), MOST_PARTS) if part.get_content_disposition() == "attachment")
    names = [name for part in attached if (name := _file_name(part))]
    more = ["…"] if len(names) > MOST_NAMED else []
    return f"(Attached, and not shown here: {', '.join(names[:MOST_NAMED] + more)}.)" if names else ""


def _file_name(part: Message) -> str:
    try:
        name = _decoded(part.get_filename(""))
    except ValueError:  # as with the charset
        return ""
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


def _plain(markup: str) -> str:
    """The words of a markup; where it quotes, a line says so, as text does. One that only quotes is shown whole."""
    broken = _OTHER.sub("", _BREAKS.sub("\n", _UNSEEN.sub("", markup)))
    marked = _QUOTE.sub("\n&gt; ", broken)[:LONGEST_MARKUP]
    shown = (
        nh3.clean(marked, tags=set(), attributes={}, clean_content_tags=hidden) for hidden in ({"blockquote"}, set())
    )
    return html.unescape(next(filter(_has_words, shown), ""))


def _has_words(text: str) -> bool:
    return bool(text.replace("&gt;", "").strip())


def _above_quote(text: str) -> str:
    """Return what stands above the first mail that is quoted; all of it where none is, or nothing above."""
    lines = [line.strip() for line in text.split("\n")]
    found = _ABOVE_QUOTE.search("\n".join(line[:_LONGEST_ABOVE] for line in lines))
    above = found.string[: found.start()].rstrip() if found else ""
    return "\n".join(lines[: above.count("\n") + 1]) if above else "\n".join(lines)


def _unquoted(text: str) -> str:
    """Drop what a text ends with: lines that are quoted, and the one that says who wrote them, in any language."""
    lines = text.strip().split("\n")
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">")):
        end -= 1
    if 0 < end < len(lines) and _says_who_wrote(lines[end - 1].strip()):
        end -= 1
    return "\n".join(lines[:end]).strip(" \n_")


def _says_who_wrote(line: str) -> bool:
    return line.endswith((":", "\uff1a")) and any(letter == "@" or letter.isdigit() for letter in line)
