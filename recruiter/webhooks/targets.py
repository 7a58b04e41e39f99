"""Which addresses a webhook may go to: public ones alone, whatever form they are written in."""

import ipaddress
import socket
from urllib.parse import urlsplit

from recruiter import config

PORTS = {443, 8443}
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# What Python counts as global and no webhook may reach: the relays of 6to4 (RFC 7526).
_RELAYS = ipaddress.ip_network("192.88.99.0/24")
# The only IPv6 networks that are routed, and those in them that are not: segment routing's come outside (RFC 4291).
_UNICAST = ipaddress.ip_network("2000::/3")
_DOCUMENTATION = ipaddress.ip_network("3fff::/20")
# Networks whose addresses stand for an IPv4 address, with the bits below it (RFC 6052).
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refused(Exception):
    """This address is not one that a webhook may go to; the message says why."""


def check_url(url: str) -> str:
    """Return the host of an acceptable URL; raise ``Refused`` for what no webhook may have, as far as it shows it.

    Where the name of a host leads to is looked at by ``resolve``, at every call.
    """
    if not url.isascii() or not url.isprintable() or " " in url:
        raise Refused("Write the address without spaces, and letters beyond ASCII in their encoded form.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Refused("This is not an address.") from error
    is_open = config.current().webhook_allow_private
    if parts.scheme not in ({"https", "http"} if is_open else {"https"}):
        raise Refused("The address must begin with https://.")
    if not host or parts.username or parts.password or port == 0:
        raise Refused("The address needs a host, and no user or password.")
    if not is_open:
        _check_strictly(host, port)
    return host


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, in the order to try them.

    Raises ``Refused`` when there is none, or when a single one of them is not public: a name that leads to both
    is not trusted with either.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused("The name of the host could not be found.") from error
    addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
    if not config.current().webhook_allow_private:
        _refuse_private(addresses)
    return addresses


def is_public(address: str) -> bool:
    """Return whether this IP address may be called: global unicast, and so is the IPv4 address that it stands for."""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = _inner(parsed)
        if inner is None:
            return parsed in _UNICAST and parsed not in _DOCUMENTATION and parsed.is_global
        parsed = inner
    return parsed.is_global and not parsed.is_multicast and parsed not in _RELAYS


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that the network takes this one for: mapped, 6to4 or NAT64."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _check_strictly(host: str, port: int | None) -> None:
    if port not in {None, *PORTS}:
        raise Refused("The port must be 443 or 8443.")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return  # a name
    _refuse_private([host])


def _refuse_private(addresses: list[str]) -> None:
    if not all(map(is_public, addresses)):
        raise Refused("The address is private; only public ones are called.")
