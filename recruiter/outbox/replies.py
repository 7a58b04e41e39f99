"""What a relay's answer means for a message, as one table that is read from top to bottom."""

import enum
import re
from dataclasses import dataclass


class Phase(enum.StrEnum):
    """How far a message had come when an answer, or silence, arrived."""

    BUILD = "build"
    CONNECT = "connect"
    LOGIN = "login"
    MAIL = "mail"
    RECIPIENT = "recipient"
    DATA = "data"
    DOT = "dot"


class Verdict(enum.StrEnum):
    """What an answer says, and so what becomes of the message."""

    LINE_LOST = "line_lost"
    CREDENTIALS = "credentials"
    THROTTLED = "throttled"
    GREYLISTED = "greylisted"
    MAILBOX_FULL = "mailbox_full"
    TEMPORARY = "temporary"
    NO_SUCH_ADDRESS = "no_such_address"
    SENDER_REFUSED = "sender_refused"
    UNSENDABLE = "unsendable"
    REFUSED = "refused"
    UNKNOWN_OUTCOME = "unknown_outcome"

    @property
    def words(self) -> str:
        """What a person reads for it."""
        return _WORDS[self]

    @property
    def is_permanent(self) -> bool:
        """Whether trying again as it is cannot help."""
        return self in _PERMANENT

    @property
    def counts(self) -> bool:
        """Whether it is about this message, so that it counts as one of its tries; a broken line does not."""
        return self not in _ABOUT_THE_RELAY

    @property
    def pauses_relay(self) -> bool:
        """Whether the next message would meet the same, so that sending rests for a moment."""
        return self in _ABOUT_THE_RELAY


_WORDS = {
    Verdict.LINE_LOST: "The mail server could not be reached.",
    Verdict.CREDENTIALS: "The mail server did not accept our sign-in.",
    Verdict.THROTTLED: "The mail server asks us to slow down.",
    Verdict.GREYLISTED: "The mail server asks us to come again later, as it does with everybody new.",
    Verdict.MAILBOX_FULL: "The mailbox is full.",
    Verdict.TEMPORARY: "The mail server cannot take it at the moment.",
    Verdict.NO_SUCH_ADDRESS: "The address does not exist.",
    Verdict.SENDER_REFUSED: "The mail server takes no mail from us.",
    Verdict.UNSENDABLE: "The mail server takes no mail of this size or form.",
    Verdict.REFUSED: "The mail server refused it.",
    Verdict.UNKNOWN_OUTCOME: "It may have arrived: the line was lost at the last moment.",
}
_PERMANENT = {Verdict.NO_SUCH_ADDRESS, Verdict.SENDER_REFUSED, Verdict.UNSENDABLE, Verdict.REFUSED}
_ABOUT_THE_RELAY = {Verdict.LINE_LOST, Verdict.CREDENTIALS, Verdict.THROTTLED}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: patterns for the reply code, the enhanced status (RFC 3463) and the words, and what they mean."""

    code: str
    status: str
    words: str
    verdict: Verdict

    def fits(self, code: int, status: str, words: str) -> bool:
        """Whether the whole code and status, and some part of the words, match."""
        return (
            re.fullmatch(self.code, str(code)) is not None
            and re.fullmatch(self.status, status) is not None
            and re.search(self.words, words, re.IGNORECASE) is not None
        )


ANY = ".*"
RULES = (
    Rule("535|534|538|530", r"|5\.7\.(0|3|8|9|11|13)", "", Verdict.CREDENTIALS),
    Rule("421", ANY, "", Verdict.LINE_LOST),
    Rule("4..", r"4\.3\.2|4\.4\.\d+", "", Verdict.LINE_LOST),
    Rule("454", r"4\.7\.0|", "", Verdict.THROTTLED),
    Rule("4..", r"4\.7\.28", "", Verdict.THROTTLED),
    Rule("4..", ANY, r"\brate\b|throttl|too many|slow down", Verdict.THROTTLED),
    Rule("45[01]", r"4\.7\.1|4\.2\.0", "", Verdict.GREYLISTED),
    Rule("4..", ANY, "gr[ea]y-?list", Verdict.GREYLISTED),
    Rule("[45]..", r"[45]\.2\.2", "", Verdict.MAILBOX_FULL),
    Rule("4..|55[024]", "", r"\bquota\b|mailbox (is )?full", Verdict.MAILBOX_FULL),
    Rule("4..", ANY, "", Verdict.TEMPORARY),
    Rule("5..", r"5\.1\.(1|2|3|10)|5\.2\.1", "", Verdict.NO_SUCH_ADDRESS),
    Rule("5..", r"5\.1\.[78]", "", Verdict.SENDER_REFUSED),
    Rule("55[0134]", "", r"\bsender\b", Verdict.SENDER_REFUSED),
    Rule("55[013]", "", r"user unknown|unknown (user|recipient)|no such|does not exist", Verdict.NO_SUCH_ADDRESS),
    Rule("5..", r"5\.6\.\d+|5\.5\.\d+|5\.3\.4", "", Verdict.UNSENDABLE),
    Rule("50.|552|555", "", "", Verdict.UNSENDABLE),
    Rule("5..", r"5\.7\.\d+", "", Verdict.SENDER_REFUSED),
    Rule("554", r"|5\.0\.0", "", Verdict.SENDER_REFUSED),
    Rule("55[0-4]", ANY, r"reputation|block ?list|blacklist|\bspam\b", Verdict.SENDER_REFUSED),
    Rule("5..", ANY, "", Verdict.REFUSED),
    Rule(ANY, ANY, "", Verdict.LINE_LOST),  # not a reply of SMTP: the line cannot be trusted any more
)


def verdict_on(code: int, words: str, phase: Phase) -> Verdict:
    """Return what a reply means: ``code`` of three digits, ``words`` as the relay wrote them."""
    if phase is Phase.CONNECT:
        return Verdict.LINE_LOST
    if phase is Phase.LOGIN and 500 <= code < 600:
        return Verdict.CREDENTIALS
    if phase is Phase.DOT and not 400 <= code < 600:
        return Verdict.UNKNOWN_OUTCOME
    status = re.match(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)", words)
    verdict = next(rule.verdict for rule in RULES if rule.fits(code, status.group() if status else "", words))
    # No recipient was named yet, so an address that does not exist is ours.
    return Verdict.SENDER_REFUSED if phase is Phase.MAIL and verdict is Verdict.NO_SUCH_ADDRESS else verdict


@dataclass(frozen=True, slots=True)
class Said:
    """A problem in words that a person understands, and what a mail server literally said, if it said anything."""

    words: str
    raw: str = ""


def explained(code: str | None, detail: str | None) -> Said:
    """Return what a message's problem means: its code, and a detail that is a reply, holds one, or is a sentence."""
    detail = detail or ""
    if code in _WORDS:
        return Said(Verdict(code).words, detail)
    found = re.search(r"\b([45])\.\d{1,3}\.\d{1,3}\b", detail)
    if found is None:
        return Said(detail)
    before, raw = detail[: found.start()].rstrip(" :("), detail[found.start() :]
    reply = re.search(r"\b[45]\d\d\b", raw)
    verdict = verdict_on(int(reply.group() if reply else f"{found[1]}50"), raw, Phase.RECIPIENT)
    words = f"{before}: {verdict.words[0].lower()}{verdict.words[1:]}" if before else verdict.words
    return Said(words, raw)
