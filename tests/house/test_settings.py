"""Settings that cannot be used stop the start, all named at once."""

import pytest

from recruiter.cli import base

pytestmark = pytest.mark.once

WRONG = {
    "RECRUITER_SECRET_KEY": "short",
    "RECRUITER_BASE_URL": "example.com",
    "RECRUITER_DATABASE_URL": "mysql://example.com/recruiter",
    "RECRUITER_MAIL_URL": "pigeon://example.com",
    "RECRUITER_MAIL_TIMEOUT": "0",
    "RECRUITER_MAIL_CONNECTIONS": "many",
    "RECRUITER_LOG_LEVEL": "CHATTY",
    "RECRUITER_WEBHOOK_ALLOW_PRIVATE": "perhaps",
    "RECRUITER_BOUNCE_ADDRESS": "a-part-of-more-than-21-letters@mail.example.com",
    "RECRUITER_REPLY_ADDRESS": "reply",
    "RECRUITER_INBOUND_SECRET": "short",
    "RECRUITER_MAIL_FROM": "Harbour & Pine <no-reply@example.com>",
    "RECRUITER_POOL_MAIL_FROM": "donotreply@pool.example.com",
    "RECRUITER_INBOUND_IMAP_URL": "imaps://mail.example.com",
    "RECRUITER_INBOUND_LISTEN": "lmtp://127.0.0.1",
    "RECRUITER_INBOUND_MAX_BYTES": "1",
    "RECRUITER_INBOUND_SERVER": "mx example",
}


WHAT_TO_DO = {
    "RECRUITER_SECRET_KEY": "Use at least 32 characters.",
    "RECRUITER_BASE_URL": "Give the public address, such as https://notices.example.com.",
    "RECRUITER_DATABASE_URL": "Begin it with sqlite:/// or postgresql://.",
    "RECRUITER_MAIL_URL": "Begin it with smtp://, smtps:// or maildir://.",
    "RECRUITER_MAIL_FROM": "Use an address that people may answer; no candidate is told not to reply.",
    "RECRUITER_POOL_MAIL_FROM": "Use an address that people may answer; no candidate is told not to reply.",
    "RECRUITER_MAIL_TIMEOUT": "Use a number from 0.1 to 600.",
    "RECRUITER_MAIL_CONNECTIONS": "Use a number from 1 to 64.",
    "RECRUITER_LOG_LEVEL": "Use one of DEBUG, INFO, WARNING, ERROR.",
    "RECRUITER_WEBHOOK_ALLOW_PRIVATE": "Use 0 or 1.",
    "RECRUITER_BOUNCE_ADDRESS": "Give an address with at most 21 plain letters before the @.",
    "RECRUITER_REPLY_ADDRESS": "Give an address with at most 21 plain letters before the @.",
    "RECRUITER_INBOUND_SECRET": "Use at least 32 characters.",
    "RECRUITER_INBOUND_IMAP_URL": "Give imaps://user:password@host/folder.",
    "RECRUITER_INBOUND_LISTEN": "Give lmtp://host:port or smtp://host:port.",
    "RECRUITER_INBOUND_MAX_BYTES": "Use a number from 10000 to 100000000.",
    "RECRUITER_INBOUND_SERVER": "Give the name that begins its Authentication-Results, such as mx.example.com.",
}


def test_every_setting_that_cannot_be_used_is_named(run):
    result = run("db", "upgrade", **WRONG)

    assert result.exit_code == 1
    lines = [line.partition(":") for line in result.stderr.splitlines()[1:]]
    assert {name.strip(): what.strip() for name, _, what in lines} == WHAT_TO_DO


@pytest.mark.parametrize("command", [("serve",), ("worker",), ("demo",), ("doctor",)], ids=lambda command: command[0])
def test_no_command_starts_with_them(run, command):
    assert run(*command, RECRUITER_SECRET_KEY="short").exit_code == 1


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_what_serves_starts_with_no_relay_that_cannot_be_used(run, command):
    result = run(command, RECRUITER_MAIL_URL="smtp://mail.example.com?tls=maybe")

    assert result.exit_code == 1
    assert "RECRUITER_MAIL_URL: tls must be required, opportunistic or none" in result.stderr


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8123"),
        ("0.0.0.0", "http://127.0.0.1:8123"),  # noqa: S104 - an address in words
        ("::", "http://[::1]:8123"),
        ("desk.example.com", "http://desk.example.com:8123"),
    ],
)
def test_links_lead_to_where_we_listen_unless_the_setting_says_otherwise(monkeypatch, tmp_path, host, address):
    monkeypatch.setenv("RECRUITER_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("RECRUITER_BASE_URL", raising=False)
    ours = base.settings_for(host, 8123)
    monkeypatch.setenv("RECRUITER_BASE_URL", "https://notices.example.com/")

    assert ours.base_url == address
    assert base.settings_for(host, 8123).base_url == "https://notices.example.com"
