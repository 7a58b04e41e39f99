"""Getting in without being let in: more tries than are allowed, forms of a stranger's site, pages out of a cache."""

import pytest
from flask_security.utils import hash_password

from tests import build, walk
from tests.everything import one_of_each


@pytest.fixture
def paula(app, acme):
    with app.app_context():
        password = hash_password("correct horse battery")
        return build.member(acme, "Paula", email="paula@agency.example.com", password=password)


def spellings(domain):
    """The domain with other letters that mean the same to IDNA, another mixture each time."""
    wide = {letter: chr(ord(letter) + 0xFEE0) for letter in domain if letter.isalpha()}
    for mixture in range(2 ** len(domain)):
        yield "".join(
            wide.get(letter, letter) if mixture >> place & 1 else letter for place, letter in enumerate(domain)
        )


def test_other_spellings_of_an_address_are_no_further_tries(client, paula):
    domains = spellings("agency.example.com")
    wrong = [
        client.post("/login", data={"email": f"Paula@{next(domains)}", "password": "wrong horse battery"}).status_code
        for _ in range(12)
    ]
    right = client.post("/login", data={"email": paula.email, "password": "correct horse battery"})

    assert wrong == [200] * 10 + [429] * 2
    assert right.status_code == 429


@pytest.mark.once
def test_every_form_of_a_page_wants_its_token(app, application, acme, alice, client, monkeypatch):
    with app.app_context():
        ids = {table: str(key) for table, key in one_of_each(acme.id).items()}
    monkeypatch.setitem(application.config, "WTF_CSRF_ENABLED", True)

    found = {
        step.name: alice.browser.open(step.path(ids.get), method=step.method, data=values).status_code
        for step in walk.steps(app)
        for values in ({}, {"csrf_token": "made-up"})
        if step.guard == "member" and not step.is_safe
    }
    others = ("/login", "/logout", "/reset-password", "/reset-password/token", "/join/token")
    found |= {path: client.post(path).status_code for path in others}

    assert set(found.values()) == {400}


def test_no_page_is_kept_by_a_cache(alice, client):
    kept = {
        path: browser.get(path).headers["Cache-Control"]
        for browser, path in (
            (client, "/login"),
            (client, "/reset-password"),
            (client, "/f/x"),
            (alice.browser, "/today"),
        )
    }

    assert set(kept.values()) == {"no-store"}
