"""What our own mail server found out about where a mail comes from: Authentication-Results (RFC 8601)."""

import re
from email.message import Message

LONGEST = 4_000  # characters of a header, and as many headers as below; forged ones may be endless
MOST = 10
_ASIDE = re.compile(r'"((?:\\.|[^"\\])*)"|\((?:\\.|[^()\\]|\((?:\\.|[^()\\])*\))*\)')
_RESULT = re.compile(r"\s*([a-z0-9-]+)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)")


def is_unverified(root: Message, server: str) -> bool:
    """Whether the server of this name found that the mail is not from where it says; without a name nobody looked.

    DMARC decides where the server says anything of it: it asks about the very address that people read.
    """
    found = _results(root, server) if server else {}
    dmarc = found.get("dmarc", set())
    if dmarc & {"pass", "fail"}:
        return "fail" in dmarc
    return bool(found.get("spf", set()) & {"fail", "softfail"}) and "pass" not in found.get("dkim", set())


def _results(root: Message, server: str) -> dict[str, set[str]]:
    """Each method with its results; of a method that several headers name, the topmost counts, which came last."""
    found: dict[str, set[str]] = {}
    for value in root.get_all("Authentication-Results", [])[:MOST]:
        name, *parts = _ASIDE.sub(_spoken, str(value)[:LONGEST].casefold()).split(";")
        if name.split()[:1] != [server.casefold()]:
            continue
        here: dict[str, set[str]] = {}
        for part in parts:
            if (result := _RESULT.match(part)) is not None:
                here.setdefault(result[1], set()).add(result[2])
        found = here | found
    return found


def _spoken(aside: re.Match[str]) -> str:
    """A comment says nothing; what is quoted is one word, whatever stands in it."""
    return re.sub(r"[\s;=]", "", aside[1] or " ")
