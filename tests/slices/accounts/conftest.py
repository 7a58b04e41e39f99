import pytest
from flask_security.utils import hash_password

from recruiter.accounts import service, sign_in
from recruiter.db.session import reading
from recruiter.outbox.models import Message
from tests import mail

PASSWORD = "correct horse battery"


@pytest.fixture
def known(app):
    """Give a person the password that the tests type; returns the person."""

    def known(person, password=PASSWORD):
        with app.app_context():
            sign_in.change_password(
                sign_in.ChangePassword(
                    firm_id=person.firm.id,
                    member_id=person.member.id,
                    password_hash=hash_password(password),
                    session_mark=person.member.fs_uniquifier,
                )
            )
        return person

    return known


@pytest.fixture
def enter(client):
    """Type an address and a password on the sign-in page."""

    def enter(person, password=PASSWORD, browser=client, **values):
        return browser.post("/login", data={"email": person.member.email, "password": password} | values)

    return enter


@pytest.fixture
def look(app):
    """The member as kept now."""

    def look(person):
        with app.app_context():
            return service.get_member(person.firm.id, person.member.id)

    return look


@pytest.fixture
def queued(app):
    """The firm's messages, oldest first."""

    def queued(person):
        with app.app_context(), reading(person.firm.id) as session:
            return session.query(Message).order_by(Message.created_at, Message.id).all()

    return queued


@pytest.fixture
def deliver(app, settings, smtp_sink):
    """Send what is due to a real server."""

    def deliver():
        with mail.posting(app, settings, smtp_sink.url) as post:
            mail.deliver(app, post)
        return smtp_sink.messages

    return deliver
