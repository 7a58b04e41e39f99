"""The audit log is added to, and never altered."""

import pytest
import sqlalchemy as sa

from recruiter.accounts.models import Firm
from recruiter.audit import service as audit
from recruiter.audit.models import AuditEntry
from recruiter.audit.service import SYSTEM, Change
from recruiter.db.session import reading, transaction


@pytest.fixture(autouse=True)
def recorded(app, acme):
    """One entry, within an application's context."""
    with app.app_context():
        with transaction(acme.id) as session:
            audit.record(session, acme.id, SYSTEM, Change(action="test.done", subject_id=acme.id))
        yield


def entries(firm):
    with reading(firm.id) as session:
        return session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action == "test.done")).all()


@pytest.mark.parametrize("change", ["UPDATE audit_entries SET action = 'test.other'", "DELETE FROM audit_entries"])
def test_neither_the_application_nor_the_owner_alters_what_was_recorded(acme, owner, change):
    with pytest.raises(sa.exc.DBAPIError), transaction(acme.id) as session:
        session.execute(sa.text(change))
    with owner.connect() as connection:
        if owner.dialect.name == "postgresql":  # or its policy would show the owner nothing to change
            connection.execute(sa.text("SELECT set_config('recruiter.firm_id', :firm, true)"), {"firm": str(acme.id)})
        with pytest.raises(sa.exc.DBAPIError, match="never altered"):
            connection.execute(sa.text(change))

    assert entries(acme) == ["test.done"]


def test_it_goes_with_its_firm(acme):
    with transaction(acme.id) as session:
        session.execute(sa.delete(Firm).where(Firm.id == acme.id))

    assert entries(acme) == []
