"""SQLite is told how the rows are spread."""

from recruiter.db import engine
from tests import build


def test_a_person_is_found_by_the_index_made_for_it(app):
    with app.app_context():
        firm = build.firm()
        job = build.job(firm)
        for _ in range(30):
            build.application(firm, build.candidate(firm), job)

        assert engine.refresh_statistics() is False
        engine.db.engine.dispose()  # a connection reads the statistics when it opens

        if engine.db.engine.dialect.name == "sqlite":
            plan = (
                "EXPLAIN QUERY PLAN SELECT * FROM applications"
                " WHERE firm_id = ? AND candidate_id = ? ORDER BY created_at DESC, id DESC"
            )
            with engine.db.engine.connect() as connection:
                steps = connection.exec_driver_sql(plan, (firm.id.hex, firm.id.hex)).scalars(3).all()
                assert "ix_applications_candidate" in steps[0]
