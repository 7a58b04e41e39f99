"""Delivering for real in a test: a worker of the application whose way out is a given relay."""

import dataclasses
from contextlib import contextmanager

from flask import Flask

from recruiter.outbox.worker import Post, way_out


@contextmanager
def posting(app, settings, url, **changes):
    """A worker that sends to ``url``; ``changes`` are settings, such as a shorter time limit."""
    settings = dataclasses.replace(settings, mail_url=url, **changes)
    post = Post(app.app_context, settings, way_out(Flask("carrier"), settings))
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
