"""Lines that wait for the database while another writes are served together."""

import concurrent.futures
import threading

import pytest

from recruiter.db.engine import db
from recruiter.outbox import claims, turns
from recruiter.outbox.models import MessageState
from recruiter.outbox.turns import SIDE_BY_SIDE, Turns
from tests.house.test_serve import wait_until
from tests.outbox.test_engine import PATIENCE


class Mistake(Exception):
    """Something that is wrong with us."""


@pytest.fixture
def together(app, box, stream, monkeypatch):
    """Let several lines take their turns while the first is held up; return what came of each, or the mistake."""

    def together(asked, mistake=None):
        ours, goes_on, answer, held = Turns(), threading.Event(), stream.may_leave, []

        def may_leave(session, messages):
            held.append(messages)
            assert goes_on.wait(PATIENCE)
            if mistake is not None:
                raise mistake
            return answer(session, messages)

        def take(lease):
            with app.app_context():
                return ours.take([], [lease])

        def there():
            return len(held) + len(ours._firms[box.firm.id].waiting)  # noqa: SLF001 - nothing else shows that they wait

        monkeypatch.setattr(stream, "may_leave", may_leave)
        with concurrent.futures.ThreadPoolExecutor(len(asked)) as lines:
            found = []
            for lease in asked:
                found.append(lines.submit(take, lease))
                wait_until(lambda: bool(ours._firms) and there() == len(found))  # noqa: SLF001
            goes_on.set()
        return [each.exception() or each.result() for each in found]

    return together


@pytest.fixture
def leased(app, box):
    for _ in range(4):
        box.queue()
    with app.app_context():
        return claims.claim(box.firm.id, "somebody", 10)


def test_each_is_told_what_it_may_send(box, together, leased):
    assert together(leased) == [[lease] for lease in leased]
    assert {box.look(lease.message).state for lease in leased} == {MessageState.SENDING}


def test_a_mistake_is_told_to_each(together, leased):
    mistake = Mistake()

    assert together(leased, mistake) == [mistake] * 4


def test_a_turn_waits_for_lines_that_are_about_to_ask(app, box, stream, leased, monkeypatch):
    ours, asked, answer = Turns(), [], stream.may_leave

    def may_leave(session, messages):
        asked.append(len(messages))
        return answer(session, messages)

    def carry(lease):
        with app.app_context(), ours.joined(box.firm.id):
            all_there.wait(PATIENCE)
            return ours.take([], [lease])

    all_there = threading.Barrier(len(leased))
    monkeypatch.setattr(stream, "may_leave", may_leave)
    monkeypatch.setattr(turns, "GATHER_SECONDS", PATIENCE)
    with concurrent.futures.ThreadPoolExecutor(len(leased)) as lines:
        assert list(lines.map(carry, leased)) == [[lease] for lease in leased]
    with app.app_context():
        assert len(asked) <= SIDE_BY_SIDE[db.engine.dialect.name]
