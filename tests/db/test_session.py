import pytest
import sqlalchemy as sa

from recruiter.accounts.models import Firm
from recruiter.db.base import new_id
from recruiter.db.engine import db
from recruiter.db.session import reading, transaction
from tests import build


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def test_a_block_commits_whole_or_not_at_all():
    firm = build.firm()

    def fail_half_way():
        with transaction(firm.id) as session:
            session.get_one(Firm, firm.id).name = "Changed"
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()

    with reading(firm.id) as session:
        assert session.get_one(Firm, firm.id).name == "Harbour & Pine"


def test_what_is_read_cannot_be_written():
    firm = build.firm()
    with reading(firm.id) as session:
        session.get_one(Firm, firm.id).name = "Changed"

    with reading(firm.id) as session:
        assert session.get_one(Firm, firm.id).name == "Harbour & Pine"


def test_blocks_do_not_nest():
    firm = build.firm()
    with reading(firm.id), pytest.raises(RuntimeError, match="already open"), transaction(firm.id):
        pass


def test_a_query_outside_a_block_is_refused():
    with pytest.raises(RuntimeError, match="inside reading"):
        db.session.scalar(sa.select(Firm))
    db.session.remove()


def test_a_row_cannot_belong_to_a_firm_that_is_not_there():
    with pytest.raises(sa.exc.DBAPIError):
        build.member(build.firm(), firm_id=new_id())
