"""Which addresses a webhook may go to, and the connection to exactly the address that was checked."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2

from recruiter import config

TIMEOUT = 15.0


class Refused(Exception):
    """This address is not one that a webhook may go to; the message says why."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the receiver answered."""

    status: int


def check_url(url: str) -> str:
    """Return the host of an acceptable URL; raise ``Refused`` for a scheme or form that no webhook may have."""
    if not url.isascii() or not url.isprintable() or " " in url:
        raise Refused("Write the address without spaces, and letters beyond ASCII in their encoded form.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Refused("This is not an address.") from error
    schemes = {"https", "http"} if config.current().webhook_allow_private else {"https"}
    if parts.scheme not in schemes:
        raise Refused("The address must begin with https://.")
    if not host or parts.username or parts.password or port == 0:
        raise Refused("The address needs a host, and no user or password.")
    return host


def post(url: str, body: str, headers: dict[str, str]) -> Reply:
    """Send ``body`` to ``url`` and return the receiver's status; redirects are not followed.

    Raises ``Refused`` when the host's address is private, and ``httpx2.HTTPError`` when nothing answers within 15
    seconds. The connection goes to the address that was checked, so a name that changes meanwhile cannot move it.
    """
    host = check_url(url)
    address = _resolve(host, urlsplit(url).port or (443 if url.startswith("https") else 80))
    target = httpx2.URL(url)
    with httpx2.Client(timeout=TIMEOUT, trust_env=False, follow_redirects=False) as client:
        request = client.build_request(
            "POST",
            target.copy_with(host=address),
            content=body.encode(),
            headers={**headers, "Host": target.netloc.decode(), "Content-Type": "application/json"},
            extensions={"sni_hostname": host},
        )
        response = client.send(request, stream=True)
        response.close()
        return Reply(response.status_code)


def _resolve(host: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused("The name of the host could not be found.") from error
    addresses = [str(row[4][0]) for row in found]
    if not config.current().webhook_allow_private and not all(map(_is_public, addresses)):
        raise Refused("The address is private; a webhook goes to public addresses only.")
    return addresses[0]


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_global and not parsed.is_multicast
