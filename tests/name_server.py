"""A name server on loopback that knows the TXT and MX records it is given, and can fall silent."""

import socket
import threading
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@contextmanager
def serving(records, *, is_silent=False):
    """``address:port`` of a server that answers with ``{name: [text, ...]}`` and ``{"MX name": [host, ...]}``."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        host, port = listener.getsockname()
        answering = threading.Thread(target=_answer, args=(listener, records, is_silent))
        answering.start()
        try:
            yield f"{host}:{port}"
        finally:
            listener.sendto(b"", (host, port))  # an empty question ends it
            answering.join()


def _answer(listener, records, is_silent):
    while True:
        wire, sender = listener.recvfrom(4096)
        if not wire:
            return
        if not is_silent:
            listener.sendto(_reply(dns.message.from_wire(wire), records).to_wire(), sender)


def _reply(asked, records):
    reply = dns.message.make_response(asked)
    name = asked.question[0].name
    place = name.to_text().rstrip(".")
    if asked.question[0].rdtype == dns.rdatatype.MX:
        hosts = records.get(f"MX {place}")
        if hosts:
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", "MX", *(f"10 {host}." for host in hosts)))
        return reply
    texts = records.get(place)
    if texts is None:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    elif texts:
        reply.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *(f'"{text}"' for text in texts)))
    return reply
