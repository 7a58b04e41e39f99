"""Delivering for real in a test: a worker of the application whose way out is a given relay."""

import dataclasses
from contextlib import contextmanager

import flask

from recruiter.outbox.transports import relay
from recruiter.outbox.transports.smtp import SafeMail, SmtpTransport
from recruiter.outbox.worker import Post


@contextmanager
def posting(app, settings, url, **changes):
    """A worker that sends to ``url``; ``changes`` are settings, such as a shorter time limit."""
    settings = dataclasses.replace(settings, **changes)
    carrier = flask.Flask("carrier")
    way = relay.parse(url, sender="recruiter@agency.example.com", timeout=settings.mail_timeout)
    carrier.config.update(relay.flask_mail_keys(way))
    post = Post(app.app_context, settings, SmtpTransport(SafeMail().init_app(carrier)))
    try:
        yield post
    finally:
        post.close()


def deliver(app, post):
    """Send all that is due now, and return when it is settled."""
    with app.app_context():
        while post.drain():
            pass
    post.finish()
