"""Lines that wait for the database while another writes are served together."""

import concurrent.futures
import threading

import pytest

from recruiter.db.engine import db
from recruiter.outbox import claims
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
        turns, goes_on, answer = Turns(), threading.Event(), stream.may_leave

        def may_leave(session, messages):
            assert goes_on.wait(PATIENCE)
            if mistake is not None:
                raise mistake
            return answer(session, messages)

        def take(lease):
            with app.app_context():
                return turns.take([], [lease])

        def those_behind():
            return len(turns._firms[box.firm.id].waiting)  # noqa: SLF001 - nothing else shows that they wait

        with app.app_context():
            side_by_side = SIDE_BY_SIDE[db.engine.dialect.name]
        monkeypatch.setattr(stream, "may_leave", may_leave)
        with concurrent.futures.ThreadPoolExecutor(len(asked)) as lines:
            found = [lines.submit(take, lease) for lease in asked]
            wait_until(lambda: those_behind() == len(asked) - side_by_side)
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
