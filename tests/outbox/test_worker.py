"""Fairness between firms, the sample firm's files, the database going away, and leases that are kept alive."""

import dataclasses
import email
from email import policy

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from recruiter import clock
from recruiter.app import create_app
from recruiter.config import BadSettings
from recruiter.db.engine import db
from recruiter.outbox.models import MessageState
from recruiter.outbox.transports.maildir import MaildirTransport
from tests import build, mail
from tests.outbox.conftest import Box


def test_a_firm_with_one_message_does_not_wait_behind_a_firm_with_many(app, settings, box, smtp_sink):
    for _ in range(60):
        box.queue()
    with app.app_context():
        other = Box(app, build.firm("Small & Co"))
    single = other.queue()
    with mail.posting(app, settings, smtp_sink.url, mail_connections=1) as post:
        mail.deliver(app, post)

    position = [str(message["Message-ID"]) for message in smtp_sink.messages].index(single.message_id)
    assert position < 10
    assert len(smtp_sink.raw) == 61


def test_the_sample_firm_writes_files_whatever_the_settings_say(app, settings, stream, deliver, smtp_sink):
    with app.app_context():
        sample = Box(app, build.firm("Sample", is_sample=True))
    message = sample.queue()
    deliver()

    assert smtp_sink.raw == []
    assert sample.look(message).state is MessageState.ACCEPTED
    written = (settings.data_dir / "mail" / f"{message.id}.eml").read_bytes()
    assert email.message_from_bytes(written, policy=policy.default)["Message-ID"] == message.message_id


def test_a_directory_that_cannot_be_written_leaves_the_message_queued(app, settings, box, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    message = box.queue()
    with mail.posting(app, settings, "smtp://127.0.0.1:1") as post:
        post.use(MaildirTransport(blocked / "mail"))
        mail.deliver(app, post)

    row = box.look(message)
    assert (row.state, row.problem_code) == (MessageState.QUEUED, "line_lost")
    assert row.problem_detail.startswith(f"cannot write {message.id}.eml")
