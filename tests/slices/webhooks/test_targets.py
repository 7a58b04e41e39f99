"""Where a webhook may go, whatever the name of its host leads to and when it changes."""

import socket
import ssl
import subprocess
import threading

import pytest

from recruiter.webhooks import connection, targets
from tests.receiver import Receiver
from tests.slices.webhooks.conftest import add, log_of, shown

PUBLIC = "93.184.215.14"


@pytest.fixture
def network(monkeypatch):
    """The outside: names that lead where the test says, and connections that end at loopback."""
    return Network(monkeypatch)


class Network:
    """``names`` holds for each host what its next lookups answer; the last answer stays."""

    def __init__(self, monkeypatch):
        self.names = {}
        self.asked = []
        self.reached = []
        self.takes = 0.0
        self._lookup, self._connect = socket.getaddrinfo, socket.create_connection
        monkeypatch.setattr(socket, "getaddrinfo", self.lookup)
        monkeypatch.setattr(socket, "create_connection", self.connect)

    def lookup(self, host, port, *arguments, **named):
        if host not in self.names:
            return self._lookup(host, port, *arguments, **named)
        self.asked.append(host)
        threading.Event().wait(self.takes)
        answers = self.names[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    def connect(self, address, *arguments, **named):
        self.reached.append(address[0])
        if not address[0].startswith("127."):
            raise ConnectionRefusedError("the test's network ends here")
        return self._connect(address, *arguments, **named)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://example.com/hook", "https://"),
        ("ftp://example.com", "https://"),
        ("https://", "needs a host"),
        ("https://user:pass@example.com", "no user or password"),
        ("https://[::1", "not an address"),
        ("https://example.com:0/", "needs a host"),
        ("https://example.com:80/", "443 or 8443"),
        ("https://example.com:22/", "443 or 8443"),
        ("https://exa mple.com/", "without spaces"),
        ("https://127.0.0.1/", "private"),
        ("https://169.254.169.254/latest/meta-data", "private"),
        ("https://[::1]/", "private"),
        ("https://[::ffff:10.0.0.8]/", "private"),
        ("https://[fe80::1]/", "private"),
    ],
)
def test_addresses_that_no_webhook_may_have(strict, api, url, problem):
    response = api.post("/api/v1/webhooks", json={"url": url, "events": ["notice.sent"]})
    assert response.status_code == 422
    assert problem in response.json["errors"]["url"][0]


@pytest.mark.parametrize("port", ["", ":443", ":8443"])
def test_the_ports_of_https_are_open(strict, api, port):
    body = {"url": f"https://{PUBLIC}{port}/hook", "events": ["notice.sent"]}
    assert api.post("/api/v1/webhooks", json=body).status_code == 201


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.0.0.8", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.0.0.170"),  # noqa: S104 - refused
        *("192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "::10.0.0.1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1"),
        *("2001::1", "2001:db8::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%1"),
        *("fec0::1", "ff02::1", "100::1"),
    ],
)
def test_no_private_address_is_public_in_any_notation(address):
    assert not targets.is_public(address)


@pytest.mark.parametrize(
    "address", [PUBLIC, "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_public_addresses_are_public(address):
    assert targets.is_public(address)


@pytest.mark.parametrize("name", ["2130706433", "0x7f.1", "127.1", "0177.0.0.1"])
def test_numbers_that_the_system_reads_as_loopback_are_refused_when_called(strict, api, tell, name):
    endpoint = api.post("/api/v1/webhooks", json={"url": f"https://{name}/", "events": ["notice.sent"]}).json
    tell()
    assert "private" in log_of(api, endpoint)[0]["last_error"]


def test_one_private_address_among_public_ones_is_enough_to_refuse(strict, api, tell, network):
    network.names["ats.example.com"] = [[PUBLIC, "10.0.0.8"]]
    endpoint = api.post("/api/v1/webhooks", json={"url": "https://ats.example.com/", "events": ["notice.sent"]}).json
    tell()

    assert "private" in log_of(api, endpoint)[0]["last_error"]
    assert network.reached == []


def test_a_name_that_changes_after_the_check_moves_nothing(strict, api, tell, later, network):
    network.names["ats.example.com"] = [[PUBLIC], ["127.0.0.1"]]
    endpoint = api.post("/api/v1/webhooks", json={"url": "https://ats.example.com/", "events": ["notice.sent"]}).json
    tell()

    assert network.asked == ["ats.example.com"]
    assert network.reached == [PUBLIC]
    assert log_of(api, endpoint)[0]["last_error"] == "No connection could be made."

    later(seconds=10)  # at the next try the new answer is checked, and refused
    assert network.reached == [PUBLIC]
    assert "private" in log_of(api, endpoint)[0]["last_error"]


@pytest.mark.parametrize("to", ["http://127.0.0.1:9/", "https://169.254.169.254/latest/meta-data", "/elsewhere"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(api, receiver, tell, network, to, status):
    endpoint = add(api, receiver)
    receiver.statuses, receiver.headers = [status], {"Location": to}
    tell()

    [entry] = log_of(api, endpoint)
    assert (entry["state"], entry["last_status"]) == ("pending", status)
    assert (len(receiver.calls), network.reached) == (1, ["127.0.0.1"])


def test_the_next_address_of_a_name_is_tried_when_one_does_not_answer(api, receiver, tell, network):
    network.names["ats.example.com"] = [[PUBLIC, "127.0.0.1"]]
    receiver_url = receiver.url.replace("127.0.0.1", "ats.example.com")
    api.post("/api/v1/webhooks", json={"url": receiver_url, "events": ["notice.sent"]})
    tell()

    assert network.reached == [PUBLIC, "127.0.0.1"]
    assert receiver.calls[0][0]["host"] == f"ats.example.com:{receiver.port}"


def test_a_name_that_takes_too_long_to_be_found_is_not_called(api, receiver, tell, network, configured):
    network.names["ats.example.com"], network.takes = [["127.0.0.1"]], 0.2
    configured(webhook_timeout=0.1)
    url = receiver.url.replace("127.0.0.1", "ats.example.com")
    endpoint = api.post("/api/v1/webhooks", json={"url": url, "events": ["notice.sent"]}).json
    tell()

    assert log_of(api, endpoint)[0]["last_error"] == "There was no answer in time."
    assert network.reached == []


def test_a_host_that_does_not_exist(strict, api, tell):
    endpoint = api.post("/api/v1/webhooks", json={"url": "https://a..b/", "events": ["notice.sent"]}).json
    tell()
    assert "could not be found" in log_of(api, endpoint)[0]["last_error"]


def test_a_setting_that_became_stricter_stops_what_was_allowed_before(api, receiver, tell, configured):
    endpoint = add(api, receiver)
    configured(webhook_allow_private=False)
    tell()

    assert receiver.calls == []
    assert "https://" in log_of(api, endpoint)[0]["last_error"]
    assert shown(api, endpoint)["failing_since"]


def test_no_proxy_of_the_environment_is_asked(api, receiver, tell, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    add(api, receiver)
    tell()
    assert len(receiver.calls) == 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of ats.example.com with its key, signed by itself."""
    folder = tmp_path_factory.mktemp("certificate")
    made, key = folder / "made.pem", folder / "key.pem"
    asked = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=ats.example.com"]
    name = ["-addext", "subjectAltName=DNS:ats.example.com"]
    command = ["openssl", "req", "-x509", *asked, *name, "-keyout", str(key), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    return made, key


@pytest.fixture
def secure(certificate, monkeypatch):
    """A receiver with TLS, whose certificate the machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    connection.trust.cache_clear()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with Receiver(tls=context) as receiver:
        yield receiver
    connection.trust.cache_clear()


def test_the_certificate_is_checked_for_the_name_though_the_address_was_chosen(api, secure, tell, network):
    network.names["ats.example.com"] = [["127.0.0.1"]]
    url = f"https://ats.example.com:{secure.port}/hook"
    endpoint = api.post("/api/v1/webhooks", json={"url": url, "events": ["notice.sent"]}).json
    tell()

    assert log_of(api, endpoint)[0]["last_error"] is None
    assert secure.names == ["ats.example.com"]
    assert secure.calls[0][0]["host"] == f"ats.example.com:{secure.port}"


def test_a_certificate_of_another_name_is_refused(api, secure, tell, network):
    network.names["other.example.com"] = [["127.0.0.1"]]
    url = f"https://other.example.com:{secure.port}/hook"
    endpoint = api.post("/api/v1/webhooks", json={"url": url, "events": ["notice.sent"]}).json
    tell()

    assert "certificate" in log_of(api, endpoint)[0]["last_error"]
    assert secure.calls == []
