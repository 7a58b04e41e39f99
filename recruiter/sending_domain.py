"""What our domains say in DNS: that the mail we send is their own, and where mail to them goes."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

import dns.exception
import dns.resolver

PATIENCE = 2.0  # seconds for each question
RESERVED = {"example", "invalid", "local", "localhost", "test"}  # RFC 2606, RFC 6762: nobody has records there
EXAMPLES = {"example.com", "example.net", "example.org"}


class NoAnswer(Exception):
    """No name server answered, so nothing is known."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one record; ``is_good`` None: it could not be asked."""

    text: str
    is_good: bool | None


def is_public(domain: str) -> bool:
    """Whether mail servers could look this domain up."""
    try:
        ipaddress.ip_address(domain.strip("[]"))
    except ValueError:
        labels = domain.lower().split(".")
        return len(labels) > 1 and labels[-1] not in RESERVED and ".".join(labels[-2:]) not in EXAMPLES
    return False


def examine(domain: str, selector: str, name_server: str = "", *, returns_to: str = "") -> Iterator[Finding]:
    """Ask for SPF, DKIM and DMARC in turn, the system's name servers or ``name_server``, as ``address:port``.

    SPF is about the domain that mail ``returns_to``, which is the sender's unless it has one of its own. It takes
    seconds at most; when the first question finds no answer the others are not asked.
    """
    try:
        resolver = _resolver(name_server)
        yield _spf(returns_to or domain, _texts(resolver, returns_to or domain))
        if returns_to and _organisation(returns_to) != _organisation(domain):
            yield Finding(
                f"Mail returns to {returns_to}, which is not {domain}'s: SPF counts nothing for its DMARC policy.",
                is_good=False,
            )
        yield _dkim(domain, selector, _texts(resolver, f"{selector}._domainkey.{domain}") if selector else [])
        yield _dmarc(domain, _of_domain_or_parents(resolver, domain))
    except NoAnswer:
        yield Finding(f"SPF, DKIM and DMARC of {domain} could not be asked: no name server answers.", is_good=None)


def examine_incoming(domain: str, name_server: str = "") -> Finding:
    """Ask which mail servers take the domain's mail."""
    try:
        found = _resolver(name_server).resolve(domain, "MX", search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return Finding(
            f"{domain} has no MX record: name the server there that takes mail for us, or none comes in.", is_good=False
        )
    except (NoAnswer, dns.exception.DNSException, OSError):
        return Finding(f"Where mail to {domain} goes could not be asked: no name server answers.", is_good=None)
    hosts = " and ".join(sorted(record.exchange.to_text(omit_final_dot=True) for record in found))
    return Finding(f"Mail to {domain} goes to {hosts}.", is_good=True)


def _organisation(domain: str) -> list[str]:
    """Its last two labels: what differs there differs for DMARC too, whatever the list of public suffixes says."""
    return domain.casefold().split(".")[-2:]


def _resolver(name_server: str) -> dns.resolver.Resolver:
    try:
        resolver = dns.resolver.Resolver(configure=not name_server)
    except dns.resolver.NoResolverConfiguration as error:
        raise NoAnswer from error
    if name_server:
        address, _, port = name_server.rpartition(":")
        resolver.nameservers, resolver.port = [address], int(port)
    resolver.lifetime = PATIENCE
    return resolver


def _texts(resolver: dns.resolver.Resolver, name: str) -> list[str]:
    """Return the TXT records of a name; none where there is no such name. Raises ``NoAnswer``."""
    try:
        found = resolver.resolve(name, "TXT", search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise NoAnswer from error
    return [b"".join(record.strings).decode("ascii", "replace") for record in found]


def _of_domain_or_parents(resolver: dns.resolver.Resolver, domain: str) -> list[str]:
    """A domain without a policy of its own has that of the organisation above it (RFC 7489 6.6.3)."""
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        found = _texts(resolver, f"_dmarc.{'.'.join(labels[start:])}")
        if found:
            return found
    return []


def _spf(domain: str, texts: list[str]) -> Finding:
    found = [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]
    if not found:
        return Finding(
            f"{domain} has no SPF record: add a TXT record that names your relay, ending in -all.", is_good=False
        )
    if len(found) > 1:
        return Finding(f"{domain} has {len(found)} SPF records, which count as none: make them one.", is_good=False)
    if "+all" in found[0].split() or "all" in found[0].split():
        return Finding(f"{domain} lets everybody send for it: end its SPF record in -all.", is_good=False)
    return Finding(f"{domain} has an SPF record.", is_good=True)


def _dkim(domain: str, selector: str, texts: list[str]) -> Finding:
    if not selector:
        words = "set RECRUITER_DKIM_SELECTOR to the one that your relay signs with"
        return Finding(f"DKIM of {domain} cannot be asked for without its selector: {words}.", is_good=None)
    if any("p=" in text and not text.replace(" ", "").endswith("p=") for text in texts):
        return Finding(f"{domain} has a DKIM key under {selector}.", is_good=True)
    return Finding(
        f"{domain} has no DKIM key under {selector}: let your relay sign, and publish its key there.", is_good=False
    )


def _dmarc(domain: str, texts: list[str]) -> Finding:
    if any(text.lower().startswith("v=dmarc1") for text in texts):
        return Finding(f"{domain} has a DMARC policy.", is_good=True)
    return Finding(
        f"{domain} has no DMARC policy: add a TXT record at _dmarc.{domain}, such as v=DMARC1; p=none.", is_good=False
    )
