"""Firms, members and keys from the command line."""

import pytest

from recruiter.accounts import invitations, keys
from recruiter.accounts import service as accounts
from recruiter.db.doors import Door, firm_of
from tests import build


@pytest.fixture
def firm(app):
    with app.app_context():
        return build.firm(slug="harbour")


def test_a_firm_begins_with_a_link_that_makes_its_admin(run, app):
    result = run(
        "firm", "create", "--name", "Harbour & Pine", "--slug", "harbour-pine", "--admin-email", "a.okafor@example.com"
    )

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("http://localhost/join/")
    with app.app_context():
        invitation = invitations.find(result.stdout.strip().rsplit("/", 1)[1])
        (admin,) = accounts.list_members(invitation.firm_id)
    assert (invitation.email, invitation.role) == ("a.okafor@example.com", "admin")
    assert (admin.name, admin.role, admin.password) == ("A Okafor", "admin", None)


def test_the_first_admin_signs_in_once_by_the_link(run, app, client):
    names = ("--name", "Harbour & Pine", "--slug", "harbour-pine", "--admin-name", "Ada Okafor")
    link = run("firm", "create", *names, "--admin-email", "ada@example.com").stdout.strip()
    path = link.removeprefix("http://localhost")

    answer = client.post(path, data={"name": "Ada B. Okafor", "password": "a long enough passphrase"})

    assert (answer.status_code, answer.location) == (303, "/today")
    assert client.get(path).status_code == 410
    with app.app_context():
        firm_id = firm_of(Door.FIRM_SLUG, "harbour-pine")
        (admin,) = accounts.list_members(firm_id)
    assert (admin.name, admin.password is None) == ("Ada B. Okafor", False)


def test_who_signs_in_already_gets_no_other_link(run, firm, app):
    with app.app_context():
        build.member(firm, email="sam@example.com", password="set")

    result = run("member", "add", "--firm", "harbour", "--email", "sam@example.com", "--role", "viewer")

    assert (result.exit_code, result.stderr) == (1, "Error: This person is a member already.\n")


def test_a_firm_is_not_made_without_its_admin(run, app, firm):
    with app.app_context():
        build.member(firm, email="sam@example.com")

    result = run("firm", "create", "--name", "New", "--slug", "new", "--admin-email", "sam@example.com")

    assert (result.exit_code, result.stdout) == (1, "")
    with app.app_context():
        assert firm_of(Door.FIRM_SLUG, "new") is None


def test_a_slug_is_one_firm(run, firm):
    result = run("firm", "create", "--name", "Another", "--slug", "harbour", "--admin-email", "a@example.com")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "There is a firm with the slug harbour already." in result.stderr


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--slug", "Harbour & Pine"),
        ("--admin-email", "nobody"),
        ("--name", "Harbour\r\nBcc: everybody@example.com"),
        ("--admin-name", "A" * 101),
    ],
)
def test_what_a_firm_cannot_begin_with_is_named(run, option, value):
    options = {"--name": "Harbour & Pine", "--slug": "harbour", "--admin-email": "a@example.com"} | {option: value}

    result = run("firm", "create", *(part for pair in options.items() for part in pair))

    assert result.exit_code == 2
    assert f"Invalid value for '{option}'" in result.stderr


def test_a_member_gets_a_link_of_their_own(run, app, firm):
    result = run("member", "add", "--firm", "harbour", "--email", "sam@example.com", "--role", "recruiter")

    assert result.exit_code == 0
    with app.app_context():
        invitation = invitations.find(result.stdout.strip().rsplit("/", 1)[1])
    assert (invitation.firm_id, invitation.role) == (firm.id, "recruiter")


def test_a_key_is_printed_alone_and_opens_the_firm(run, app, firm):
    result = run("apikey", "create", "--firm", "harbour", "--name", "ATS", "--scopes", "read, write")

    assert result.exit_code == 0
    with app.app_context():
        key = keys.find_by_secret(result.stdout.strip())
    assert (key.firm_id, key.name, key.scopes) == (firm.id, "ATS", ["read", "write"])


def test_a_revoked_key_opens_nothing(run, app, firm):
    secret = run("apikey", "create", "--firm", "harbour", "--name", "ATS", "--scopes", "read").stdout.strip()
    prefix = secret[:15]

    assert run("apikey", "revoke", "--firm", "harbour", "--prefix", prefix).exit_code == 0

    with app.app_context():
        assert keys.find_by_secret(secret) is None


def test_a_key_that_is_not_there_cannot_be_revoked(run, firm):
    result = run("apikey", "revoke", "--firm", "harbour", "--prefix", "rk_0")

    assert (result.exit_code, result.stderr) == (1, "Error: harbour has no key that begins with rk_0.\n")


def test_an_unknown_scope_is_named(run, firm):
    result = run("apikey", "create", "--firm", "harbour", "--name", "ATS", "--scopes", "read,everything")

    assert result.exit_code == 2
    assert "'everything' is not a valid Scope; choose from read, write, send, admin" in result.stderr


def test_an_unknown_firm_is_named(run):
    result = run("apikey", "create", "--firm", "nobody", "--name", "ATS", "--scopes", "read")

    assert (result.exit_code, result.stderr) == (1, "Error: There is no firm with the slug nobody.\n")


def test_a_database_without_tables_is_told_in_words(run, tmp_path):
    names = ("--name", "New", "--slug", "new", "--admin-email", "ada@example.com")

    result = run("firm", "create", *names, RECRUITER_DATABASE_URL=f"sqlite:///{tmp_path}/new.sqlite3")

    assert result.exit_code == 1
    assert "recruiter db upgrade" in result.stderr
    assert not {"Traceback", "INSERT", "ada@example.com"} & set(result.stderr.split())
