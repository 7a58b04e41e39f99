"""A stream that says what a message's payload holds, and an application that knows nothing else."""

import functools

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from recruiter import config, tables
from recruiter.db import engine
from recruiter.outbox import worker
from recruiter.outbox.streams import Content


class Letters:
    """Remembers what it heard; with ``stop``, lets nothing leave; with ``trouble``, cannot write."""

    def __init__(self):
        self.resends_when_in_doubt = True
        self.stop = None
        self.trouble = None
        self.heard = []

    def may_leave(self, session, messages):
        return {message.id: self.stop for message in messages if self.stop is not None}

    def writers(self, session, messages):
        if isinstance(self.trouble, SQLAlchemyError):
            raise self.trouble
        return {message.id: functools.partial(self.write, message) for message in messages}

    def write(self, message):
        if self.trouble is not None:
            raise self.trouble
        text = message.payload["text"]
        return Content(subject="Your application", text=text, html=f"<p>{text}</p>", secrets=("t0ken",))

    def settled(self, session, messages, outcome):
        self.heard += [(message.id, outcome) for message in messages]

    def outcomes(self, message):
        return [str(outcome) for key, outcome in self.heard if key == message.id]


def make_app(settings):
    """An application that knows the outbox and nothing above it, with these letters as its only stream."""
    config.use(settings)
    app = Flask("letters")
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine.options(settings.database_url)
    engine.db.init_app(app)
    with app.app_context():
        engine.prepare(engine.db.engine)
    worker.init_app(app)
    assert tables.metadata.tables
    return app
