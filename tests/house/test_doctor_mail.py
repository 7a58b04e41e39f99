"""`recruiter doctor` asks DNS about the sending domain, and the database about the time."""

import datetime as dt

import dns.resolver
import pytest
import time_machine

from recruiter import clock, sending_domain
from tests.name_server import serving
from tests.smtp_sink import SmtpSink

DOMAIN = "mail.harbourpine.agency"
GOOD = {
    DOMAIN: ["a word to nobody", "v=spf1 include:relay.agency -all"],
    f"mail2026._domainkey.{DOMAIN}": ["v=DKIM1; k=rsa; p=MIIB"],
    f"_dmarc.{DOMAIN}": [],
    "_dmarc.harbourpine.agency": ["v=DMARC1; p=none"],
}


@pytest.fixture
def doctor(run):
    """What the doctor says with these records."""

    def doctor(records, *, is_silent=False, **changes):
        with SmtpSink() as sink, serving(records, is_silent=is_silent) as server:
            values = {
                "RECRUITER_MAIL_URL": sink.url,
                "RECRUITER_MAIL_FROM": f"Acme <recruiter@{DOMAIN}>",
                "RECRUITER_DNS_SERVER": server,
                "RECRUITER_DKIM_SELECTOR": "mail2026",
            }
            return run("doctor", **(values | changes))

    return doctor


def test_a_domain_with_all_three_records_is_good(doctor):
    result = doctor(GOOD)

    assert result.exit_code == 0
    for words in ("has an SPF record.", "has a DKIM key under mail2026.", "has a DMARC policy."):
        assert f"good    {DOMAIN} {words}" in result.output


def test_a_domain_without_records_is_told_what_to_add(doctor):
    output = doctor({}).output

    assert f"better  {DOMAIN} has no SPF record: add a TXT record" in output
    assert f"better  {DOMAIN} has no DKIM key under mail2026: let your relay sign" in output
    assert f"better  {DOMAIN} has no DMARC policy: add a TXT record at _dmarc.{DOMAIN}" in output


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["v=spf1 -all", "v=spf1 a -all"], "has 2 SPF records, which count as none"),
        (["v=spf1 +all"], "lets everybody send for it"),
    ],
)
def test_an_spf_record_that_does_not_help_is_named(doctor, texts, words):
    assert f"better  {DOMAIN} {words}" in doctor(GOOD | {DOMAIN: texts}).output


def test_a_key_that_was_withdrawn_is_none(doctor):
    withdrawn = {f"mail2026._domainkey.{DOMAIN}": ["v=DKIM1; p="]}
    assert f"better  {DOMAIN} has no DKIM key" in doctor(GOOD | withdrawn).output


def test_without_a_selector_the_key_cannot_be_asked_for(doctor):
    assert "unknown DKIM of" in doctor(GOOD, RECRUITER_DKIM_SELECTOR="").output


def test_offline_it_says_so_and_does_not_hang(doctor, monkeypatch):
    monkeypatch.setattr(sending_domain, "PATIENCE", 0.2)
    result = doctor({}, is_silent=True)

    assert result.exit_code == 0
    assert f"unknown SPF, DKIM and DMARC of {DOMAIN} could not be asked: no name server answers." in result.output


def test_a_machine_without_name_servers_is_offline(monkeypatch, tmp_path):
    monkeypatch.setattr("dns.resolver.Resolver.read_resolv_conf", no_configuration)

    (found,) = sending_domain.examine("harbourpine.agency", "")
    assert found.is_good is None


def test_it_asks_the_name_servers_of_the_system(monkeypatch):
    with serving(GOOD) as server:
        address, _, port = server.rpartition(":")

        def read(resolver, *_):
            resolver.nameservers, resolver.port = [address], int(port)

        monkeypatch.setattr("dns.resolver.Resolver.read_resolv_conf", read)
        found = list(sending_domain.examine(DOMAIN, "mail2026"))

    assert [each.is_good for each in found] == [True, True, True]


RETURNS = "bounces.harbourpine.agency"
BOTH_WAYS = {"RECRUITER_BOUNCE_ADDRESS": f"bounce@{RETURNS}", "RECRUITER_REPLY_ADDRESS": f"reply@{DOMAIN}"}


def test_spf_is_asked_of_the_domain_that_mail_returns_to(doctor):
    output = doctor(GOOD | {RETURNS: []}, **BOTH_WAYS).output

    assert f"better  {RETURNS} has no SPF record" in output
    assert f"good    {DOMAIN} has a DKIM key" in output
    assert "counts nothing" not in output


def test_a_domain_of_somebody_else_is_no_help_for_dmarc(doctor):
    elsewhere = "bounces.elsewhere.agency"
    output = doctor(GOOD | {elsewhere: GOOD[DOMAIN]}, RECRUITER_BOUNCE_ADDRESS=f"bounce@{elsewhere}").output

    assert f"good    {elsewhere} has an SPF record." in output
    assert f"better  Mail returns to {elsewhere}, which is not {DOMAIN}'s: SPF counts nothing" in output


def test_the_senders_domain_of_the_pool_is_asked_too(doctor):
    pool = f"pool.{DOMAIN}"
    output = doctor(GOOD, RECRUITER_POOL_MAIL_FROM=f"talent@{pool}").output

    assert f"good    {DOMAIN} has an SPF record." in output
    assert f"better  {pool} has no SPF record" in output
    assert f"good    {pool} has a DMARC policy." in output
    once = doctor(GOOD, RECRUITER_POOL_MAIL_FROM=f"talent@{DOMAIN}").output
    assert once.count("has an SPF record.") == 1


def test_where_mail_to_us_goes_is_asked(doctor):
    output = doctor(GOOD | {f"MX {DOMAIN}": ["mx2.relay.agency", "mx1.relay.agency"]}, **BOTH_WAYS).output

    assert f"good    Mail to {DOMAIN} goes to mx1.relay.agency and mx2.relay.agency." in output
    assert f"better  {RETURNS} has no MX record" in output


def test_offline_nobody_knows_where_mail_to_us_goes(doctor, monkeypatch):
    monkeypatch.setattr(sending_domain, "PATIENCE", 0.2)
    output = doctor({}, is_silent=True, **BOTH_WAYS).output

    assert f"unknown Where mail to {DOMAIN} goes could not be asked: no name server answers." in output


def no_configuration(self, *_):
    raise dns.resolver.NoResolverConfiguration


@pytest.mark.parametrize("domain", ["localhost", "127.0.0.1", "[::1]", "firm.test", "notices.example.com"])
def test_a_domain_that_is_not_public_is_not_looked_up(doctor, domain):
    output = doctor({}, RECRUITER_MAIL_FROM=f"recruiter@{domain}").output

    assert "SPF" not in output


@pytest.mark.parametrize(
    ("name", "value"), [("RECRUITER_DKIM_SELECTOR", "a b"), ("RECRUITER_DNS_SERVER", "dns.example.com")]
)
def test_a_selector_or_server_that_cannot_be_used_stops_the_start(run, name, value):
    result = run("doctor", **{name: value})

    assert (result.exit_code, name in result.stderr) == (1, True)


def test_clocks_that_agree_are_good(run):
    assert "good    This clock and the database's agree." in run("doctor").output


def test_a_clock_that_is_far_from_the_databases_is_broken(run):
    with time_machine.travel(clock.now() + dt.timedelta(minutes=5)):
        result = run("doctor")

    assert result.exit_code == 1
    assert "broken  This clock and the database's are 300 seconds apart: let NTP" in result.output
