"""What no line of the log may hold, whatever the suite did: an address, a link's token, a key, a password's hash."""

import json
import re

NEVER = re.compile(
    r"""
    [\w.+-]+@[\w-]+(\.[\w-]+)+                                # an address
    | (?=[\w-]*[0-9])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{40,}  # a token, which has letters of both kinds and digits
    | \brk_\w+                                                # an API key
    | \$argon2                                                # a password's hash
    """,
    re.VERBOSE,
)


def found_in(written: str) -> list[str]:
    """The lines of the log, among all that was written, that hold one of these."""
    return [line for line in written.splitlines() if _is_logged(line) and NEVER.search(line)]


def _is_logged(line: str) -> bool:
    try:
        told = json.loads(line)
    except ValueError:
        return False
    return isinstance(told, dict) and {"event", "level", "at"} <= told.keys()
