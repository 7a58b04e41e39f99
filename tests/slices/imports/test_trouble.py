"""What may go wrong while a checked file goes in: rows gone stale, refusals, a database that is away."""

import pytest
import sqlalchemy as sa

from recruiter.db.engine import db
from recruiter.db.session import transaction
from recruiter.imports import service
from recruiter.imports.models import ImportRun
from tests import outage
from tests.slices.imports.files import PEOPLE, people, problems, text, upload


def test_what_was_there_when_the_file_was_checked_may_be_gone(app, alice):
    alice.api.post("/api/v1/candidates", json={"name": "One", "email": "one@example.com"})
    answer = upload(alice, "E-mail,Job ID,Job,Stage\none@example.com,,Data Engineer,final\n", "applications")
    path = f"/api/v1/candidates/{people(alice)['One']['id']}"
    as_it_was = {"If-Match": alice.api.get(path).headers["ETag"]}
    alice.api.patch(path, json={"email": "two@example.com", "emails": ["two@example.com"]}, headers=as_it_was)
    alice.browser.post(f"{answer.location}/start")

    with app.app_context():
        service.work()

    assert "2 Email : We know no candidate" in text(alice.browser.get(answer.location))


def test_a_job_that_was_there_when_the_file_was_checked_may_be_gone(app, alice):
    alice.api.post("/api/v1/candidates", json={"name": "One", "email": "one@example.com"})
    body = {"title": "Data Engineer", "external_id": "REQ-1", "requirements": []}
    job = f"/api/v1/jobs/{alice.api.post('/api/v1/jobs', json=body).json['id']}"
    answer = upload(alice, "E-mail,Job ID,Stage\none@example.com,REQ-1,final\n", "applications")
    as_it_was = {"If-Match": alice.api.get(job).headers["ETag"]}
    alice.api.patch(job, json={"external_id": "REQ-2"}, headers=as_it_was)
    alice.browser.post(f"{answer.location}/start")

    with app.app_context():
        service.work()

    assert "We know no job of this ATS id" in text(alice.browser.get(answer.location))


@pytest.mark.slow
def test_a_row_that_the_database_refuses_is_reported_and_the_others_go_in(app, alice, owner):
    """No refusal of ours, so nothing is foreseen for it: it must neither end the run nor be tried for ever."""
    url = upload(alice, b"name,email,country\nMaya,maya@example.com,PT\nAna,ana@example.com,PT\nBo,bo@example.com,NL\n")
    with owner.begin() as connection:
        connection.execute(sa.text("CREATE UNIQUE INDEX probe ON candidates (country)"))
    try:
        alice.browser.post(f"{url.location}/start")
        with app.app_context():
            assert service.work() is True
            assert service.work() is False
    finally:
        with owner.begin() as connection:
            connection.execute(sa.text("DROP INDEX probe"))

    assert set(people(alice)) == {"Maya", "Bo"}
    assert [problem["row"] for problem in problems(app, alice, url)] == [3]
    assert "This row could not be kept" in text(alice.browser.get(url.location))


def test_while_the_database_is_away_a_run_waits(app, alice):
    url = upload(alice, PEOPLE).location
    alice.browser.post(f"{url}/start")
    with app.app_context(), outage.at(db.engine, "INSERT INTO candidates"), pytest.raises(sa.exc.OperationalError):
        service.work()

    with app.app_context():
        assert service.work() is True

    assert "2 imported." in text(alice.browser.get(url))


def test_a_run_that_cannot_go_on_says_so_and_holds_up_no_other(app, alice):
    url = upload(alice, PEOPLE).location
    with app.app_context(), transaction(alice.firm.id) as session:
        session.execute(sa.update(ImportRun).values(content=b"nothing\nof use\n"))
    alice.browser.post(f"{url}/start")
    with app.app_context():
        assert service.work() is True
        assert service.work() is False

    page = text(alice.browser.get(url))
    assert "had to stop after 0 of 2 rows; 0 went in. Upload the file again" in page
    assert upload(alice, PEOPLE).location != url
