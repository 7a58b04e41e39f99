"""What an operator's machines ask, and what the log says of a request."""

import dataclasses
import datetime as dt
import json
import logging
import uuid

import pytest
import sqlalchemy as sa
import structlog
from flask import Blueprint

from recruiter import config, logs
from recruiter.app import create_app
from recruiter.audit.models import AuditEntry
from recruiter.db.engine import db
from recruiter.db.session import reading
from tests import leaks


@pytest.fixture
def broken(settings, tmp_path):
    """An application whose database has no tables, or is not there when its folder is taken away."""
    url = f"sqlite:///{tmp_path / 'empty' / 'empty.sqlite3'}"
    (tmp_path / "empty").mkdir()
    app = create_app(dataclasses.replace(settings, database_url=url))
    yield app
    with app.app_context():
        db.engine.dispose()
    config.use(settings)


def test_a_process_that_answers_is_alive(client):
    response = client.get("/healthz")

    assert (response.status_code, response.text) == (200, "ok\n")


def test_an_installation_at_this_release_is_ready(client):
    response = client.get("/readyz")

    assert (response.status_code, response.json) == (200, {"ready": True, "problems": []})


def test_an_installation_that_was_not_upgraded_is_not_ready(broken):
    response = broken.test_client().get("/readyz")

    assert response.status_code == 503
    assert response.json["problems"] == ["The database is not at this release's revision: run `recruiter db upgrade`."]


def test_an_installation_without_its_database_is_not_ready(broken, tmp_path):
    (tmp_path / "empty").rename(tmp_path / "gone")

    response = broken.test_client().get("/readyz")

    assert (response.status_code, response.json["problems"]) == (503, ["The database cannot be reached."])
    assert broken.test_client().get("/healthz").status_code == 200


def test_metrics_count_requests_by_route_and_firms_with_due_work(client):
    client.get("/healthz")

    text = client.get("/metrics").text

    assert 'recruiter_requests_total{method="GET",route="/healthz",status="200"}' in text
    assert 'recruiter_request_seconds_count{route="/healthz"}' in text
    assert 'recruiter_firms_with_due_work{work="messages"} 0.0' in text


def test_a_request_is_one_line_that_names_the_route_not_the_address(client, lines):
    client.get("/nobody/maya@example.com?q=maya")

    (line,) = lines()
    assert line["event"] == "request"
    assert (line["route"], line["method"], line["status"]) == ("unmatched", "GET", 404)
    assert "maya" not in json.dumps(line)


def test_the_audit_log_names_the_request_as_its_line_does(app, acme, alice, lines):
    lines()
    key = alice.api.post("/api/v1/candidates", json={"name": "Maya Okafor", "email": "maya@example.com"}).json["id"]

    (line,) = lines()
    with app.app_context(), reading(acme.id) as session:
        entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.subject_id == uuid.UUID(key)))
    assert (entry.action, str(entry.request_id)) == ("candidate.added", line["request_id"])


def test_an_error_is_told_by_kind_and_place_without_its_words(settings, lines):
    app = create_app(settings)
    faulty = Blueprint("faulty", __name__)

    @faulty.get("/faulty")
    def fail():
        raise RuntimeError("Maya Ferreira <maya@example.com>")

    app.register_blueprint(faulty)
    response = app.test_client().get("/faulty")
    with app.app_context():
        db.engine.dispose()

    assert response.status_code == 500
    assert "Maya" not in response.text
    logged = lines()
    told = next(line for line in logged if line["level"] == "error")
    assert told["kind"] == "RuntimeError"
    assert "test_operations.py:" in told["place"]
    assert "aya" not in json.dumps(logged)


def test_a_library_is_quoted_without_its_arguments(lines):
    logging.getLogger("library").warning("Could not write to %s", "maya@example.com")

    (line,) = lines()
    assert (line["event"], line["library"], line["level"]) == ("Could not write to %s", "library", "warning")


@pytest.mark.parametrize(
    "tell",
    [
        lambda _error: structlog.get_logger().exception("delivery.failed"),
        lambda error: structlog.get_logger().error("delivery.failed", exc_info=error),
        lambda error: logging.getLogger("library").error("delivery.failed", exc_info=error),
    ],
    ids=["caught", "given", "library"],
)
def test_an_error_is_told_the_same_way_however_it_is_logged(lines, tell):
    try:
        dt.date.fromisoformat("maya@example.com")
    except ValueError as error:
        tell(error)

    (line,) = lines()
    assert (line["event"], line["level"], line["error"]) == ("delivery.failed", "error", "ValueError")
    assert line["where"][0].startswith("web/test_operations.py:")
    assert "maya" not in json.dumps(line)


def test_debug_lines_stay_out_unless_asked_for(lines):
    structlog.get_logger().debug("quiet")
    logs.configure("DEBUG")
    structlog.get_logger().debug("heard")

    assert [line["event"] for line in lines()] == ["heard"]


@pytest.mark.once
def test_a_line_that_would_name_a_person_or_open_a_link_is_known_for_one(settings, lines):
    """The whole suite is looked through for these."""
    held = {
        "an address": "Maya <maya@example.com>",
        "a link": f"/f/{settings.token('feedback', b'a page')}",
        "a key": "rk_d98b0bcf5155_biw5hkqhR7SaHDv9",
        "nothing": str(uuid.uuid4()),
        "a place": "tests/test_serve.py:12 test_one_signal_ends_every_process_and_until_then_it_is_kept",
    }
    for value in held.values():
        structlog.get_logger().info("test", value=value)

    told = [json.dumps(line) for line in lines()]
    found = leaks.found_in("\n".join(["Not of the log: maya@example.com", "12", *told]))
    assert [name for name, line in zip(held, told, strict=True) if line in found] == ["an address", "a link", "a key"]
