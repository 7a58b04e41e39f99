"""What a database forgot as it went down is known to who sent, to the journal, or taken for doubtful."""

import datetime as dt

import pytest

from recruiter import clock
from recruiter.outbox import claims, delivery, journal, recovery
from recruiter.outbox.journal import Journal
from recruiter.outbox.models import MessageState
from recruiter.outbox.replies import Phase, Verdict
from recruiter.outbox.settlement import Accepted, Ended
from recruiter.outbox.streams import Content
from recruiter.outbox.transports.base import DeliveryError
from tests.conftest import DATABASE

CONTENT = Content(subject="s", text="t", html="h")
LATER = DeliveryError("451 4.3.0 later", verdict=Verdict.TEMPORARY, phase=Phase.RECIPIENT, code=451)


@pytest.fixture
def kept(app, settings):
    """A journal that its process left behind."""
    kept = Journal(settings.data_dir / "outbox")
    with app.app_context():
        yield kept


def forget(box, message):
    """Take the mark of a message back, as a server does that loses its last moment."""
    box.change(message, state=MessageState.LEASED, attempts=0, dated_at=None)


def mark(box, owner="somebody"):
    (lease,) = delivery.turn([], claims.claim(box.firm.id, owner, 10))
    return lease


@pytest.mark.parametrize(
    ("result", "state"), [(Accepted("250 ok"), MessageState.ACCEPTED), (LATER, MessageState.QUEUED)]
)
def test_who_sent_it_settles_it(app, box, result, state):
    message = box.queue()
    with app.app_context():
        lease = mark(box)
        forget(box, message)
        delivery.turn([Ended(lease, clock.now(), result, CONTENT)], [])

    row = box.look(message)
    assert (row.state, row.attempts, row.dated_at) == (state, 1, lease.message.dated_at)
    assert [attempt.number for attempt in box.attempts(message)] == [1]


def test_the_journal_of_who_sent_it_settles_it(box, settings, kept):
    said, unsaid = box.queue(), box.queue()
    marked = delivery.turn([], claims.claim(box.firm.id, kept.owner, 10))
    page = kept.page()
    page.begin(said.id, 1)
    page.accept("250 ok")
    for lease in marked:
        forget(box, lease.message)
    kept.close(keep=True)
    recovery.take_back(settings.data_dir / "outbox")

    assert (box.look(said).state, box.look(said).attempts) == (MessageState.ACCEPTED, 1)
    assert (box.look(unsaid).state, box.look(unsaid).attempts) == (MessageState.QUEUED, 0)


@pytest.mark.parametrize("is_marked", [True, False])
def test_after_the_machine_went_down_its_journal_proves_nothing(box, settings, kept, monkeypatch, tmp_path, is_marked):
    message = box.queue()
    mark(box, kept.owner)
    if not is_marked:
        forget(box, message)
    kept.close(keep=True)
    (tmp_path / "boot_id").write_text("another start of the machine")
    monkeypatch.setattr(journal, "BOOT", tmp_path / "boot_id")
    recovery.take_back(settings.data_dir / "outbox")

    assert (box.look(message).state, box.look(message).attempts) == (MessageState.DOUBTFUL, 1)


def test_a_lease_from_before_the_server_was_started_is_in_doubt(app, box):
    """SQLite goes down with its processes, whose journal tells."""
    message = box.queue()
    with app.app_context():
        claims.claim(box.firm.id, "somebody", 10)
        box.change(message, lease_until=clock.now() - dt.timedelta(days=1))
        recovery.end_leases(clock.now())

    state = MessageState.DOUBTFUL if DATABASE == "postgresql" else MessageState.QUEUED
    assert box.look(message).state is state
