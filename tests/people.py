"""Alice and Bob of one firm and Charlie of another, each with a browser that is signed in and an API key."""

import contextvars
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from recruiter import clock
from recruiter.accounts import keys
from recruiter.accounts.models import Firm, Member, Role, Scope
from recruiter.accounts.service import themself
from tests import build

ALL_SCOPES = tuple(Scope)


@dataclass(frozen=True)
class Person:
    """A member, the firm, a browser with their session, and a client that sends the header of their key."""

    firm: Firm
    member: Member
    browser: FlaskClient
    api: FlaskClient
    key: str


class Browser(FlaskClient):
    """Makes each request in a context of its own: Flask would lend it the test's, with the last one's member in g."""

    def open(self, *args, **kwargs):
        return contextvars.Context().run(super().open, *args, **kwargs)


class KeyClient(Browser):
    """Sends one API key with every request."""

    key = ""

    def open(self, *args, **kwargs):
        kwargs["headers"] = {"Authorization": f"Bearer {self.key}", **dict(kwargs.get("headers") or {})}
        return super().open(*args, **kwargs)


def person(app: Flask, firm: Firm, name: str, role: Role, scopes: tuple[Scope, ...] = ALL_SCOPES) -> Person:
    with app.app_context():
        member = build.member(firm, name, role)
        command = keys.CreateKey(firm_id=firm.id, name=f"Key of {name}", scopes=scopes, actor=themself(member))
        created = keys.create_key(command)
    return Person(firm, member, browser(app, member), api(app, created.secret), created.secret)


def browser(app: Flask, member: Member) -> FlaskClient:
    """A browser that holds the session of a member."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = member.fs_uniquifier
        session["_fresh"] = True
        session["fs_paa"] = clock.now().timestamp()
    return client


def api(app: Flask, key: str) -> FlaskClient:
    """A client that sends this key."""
    client = KeyClient(app, app.response_class, use_cookies=False)
    client.key = key
    return client


def hash_quickly(app: Flask) -> None:
    """Spend next to nothing on the hashes of passwords, and of what their links hold, which are slow by design."""
    security = app.extensions["security"]
    security.pwd_context = security.pwd_context.copy(argon2__memory_cost=64, argon2__time_cost=1)
    security.hashing_context = security.hashing_context.copy(sha256_crypt__default_rounds=1000)


@pytest.fixture
def acme(app: Flask) -> Firm:
    with app.app_context():
        return build.firm("Acme Staffing", slug="acme")


@pytest.fixture
def alice(app: Flask, acme: Firm) -> Person:
    """An admin of Acme."""
    return person(app, acme, "Alice Adams", Role.ADMIN)


@pytest.fixture
def bob(app: Flask, acme: Firm) -> Person:
    """A recruiter of Acme, Alice's colleague."""
    return person(app, acme, "Bob Brown", Role.RECRUITER)


@pytest.fixture
def vera(app: Flask, acme: Firm) -> Person:
    """A viewer of Acme: reads, without addresses."""
    return person(app, acme, "Vera Vogel", Role.VIEWER, scopes=(Scope.READ,))


@pytest.fixture
def charlie(app: Flask) -> Person:
    """An admin of another firm."""
    with app.app_context():
        firm = build.firm("Copper Lane", slug="copper-lane")
    return person(app, firm, "Charlie Cole", Role.ADMIN)
