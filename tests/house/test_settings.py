"""Settings that cannot be used stop the start, all named at once."""

import pytest

WRONG = {
    "RECRUITER_SECRET_KEY": "short",
    "RECRUITER_BASE_URL": "example.com",
    "RECRUITER_DATABASE_URL": "mysql://example.com/recruiter",
    "RECRUITER_MAIL_URL": "pigeon://example.com",
    "RECRUITER_MAIL_TIMEOUT": "0",
    "RECRUITER_LOG_LEVEL": "CHATTY",
}


def test_every_setting_that_cannot_be_used_is_named(run):
    result = run("db", "upgrade", **WRONG)

    assert result.exit_code == 1
    assert [name for name in WRONG if name not in result.stderr] == []


@pytest.mark.parametrize("command", [("serve",), ("worker",), ("demo",), ("doctor",)], ids=lambda command: command[0])
def test_no_command_starts_with_them(run, command):
    assert run(*command, RECRUITER_SECRET_KEY="short").exit_code == 1
