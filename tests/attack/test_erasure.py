"""A person of whom everything is known is erased, and then every table is read as its owner, the search index too."""

import datetime as dt
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from recruiter.imports import service as imports
from recruiter.outbox.models import Message, MessageState
from tests.slices.imports.files import PEOPLE, upload
from tests.slices.portal.conftest import change, deliver, look, maya, open_letter, post  # noqa: F401 - fixtures

# Whatever is said of Zephyrine holds one of these words; no other text of the test does.
TELLING = re.compile("zephyr|quill", re.IGNORECASE)
FIRST, SECOND = "zephyrine@quill.example", "z@quillfeather.example"


def dump(owner):
    """Every row of every table, views and shadow tables included, as one text each."""
    with owner.connect() as connection:
        if owner.dialect.name == "postgresql":
            query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        else:
            query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        tables = list(connection.scalars(sa.text(query)))
        return {
            table: [readable(row) for row in connection.execute(sa.text(f"SELECT * FROM {table}"))] for table in tables
        }


def readable(row):
    return " ".join(
        bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value) for value in row
    )


def telling(owner):
    return {
        table: TELLING.findall(" ".join(rows)) for table, rows in dump(owner).items() if TELLING.search(" ".join(rows))
    }


@pytest.fixture
def zephyrine(app, alice, maya, deliver, smtp_sink):  # noqa: F811 - the fixtures above
    """Maya's letter has arrived; with another name, and everything that can be said about a person."""
    person = f"/api/v1/candidates/{maya.candidate.id}"
    match = {"If-Match": alice.api.get(person).headers["ETag"]}
    facts = {
        "name": "Zephyrine Quillfeather",
        "email": FIRST,
        "external_id": "ats-zephyr",
        "skills": ["Quillwork"],
        "location": "Quillhaven",
        "phone": "+351 quill",
    }
    assert alice.api.patch(person, json=facts, headers=match).status_code == 200
    application = f"/api/v1/applications/{maya.application.id}"
    match = {"If-Match": alice.api.get(application).headers["ETag"]}
    assert alice.api.patch(application, json={"external_id": "zephyr-1"}, headers=match).status_code == 200
    strength = {"criterion": "Quill craft", "text": "Your quill stayed sharp.", "effect": "The Quill team saw it."}
    gap = {"criterion": "Ink", "text": "The Quill example was dry.", "suggestion": "Try a Quill.", "moment": "at Quill"}
    reason = "The other person knew Quills longer."
    return open_letter(
        app, alice, maya, deliver, smtp_sink, reason=reason, feedback={"strengths": [strength], "gaps": [gap]}
    )


def erase(who, case):
    return who.browser.post(f"/candidates/{case.candidate.id}/erase", data={"reason": "ASKED"})


def live(alice, maya, reader, deliver, sink):  # noqa: F811 - values of the fixtures above
    """Do everything that leaves a trace of a person."""
    made = []

    def post(path, **body):  # noqa: F811 - another thing
        answer = alice.api.post(f"/api/v1{path}", json=body, headers={"Idempotency-Key": f"zephyr-{len(made)}"})
        assert answer.status_code in {200, 201}, answer.json
        made.append(answer.json)
        return answer.json

    me, about = str(maya.candidate.id), str(maya.application.id)
    reader.send("thanks")
    reader.send("ask", text="What of the Quill, asks Zephyrine?")
    reader.send("call", text="Call Zephyrine on Quill day")
    reader.send(f"point/{reader.point}", text="My quill was not dry", differs="yes")
    reader.send("pool", choice="yes")
    reader.send("rate", score="4", comment="")
    for response in alice.api.get("/api/v1/responses").json["items"]:
        if response["kind"] == "question":
            post(f"/responses/{response['id']}/answer", text="Quills are fine, Zephyrine.")
    deliver()
    member = alice.api.get("/api/v1/talent-pool").json["items"][0]["id"]
    job = post("/jobs", title="Scribe")
    post(f"/talent-pool/{member}/invitations", job_id=job["id"], text="The Quill team asks for you.")
    now = dt.datetime.now(dt.UTC)
    post(
        "/contacts",
        candidate_id=me,
        application_id=about,
        kind="call",
        direction="inbound",
        outcome="left_message",
        happened_at=now.isoformat(),
        note="Zephyrine called about quills",
        remind_on=(now + dt.timedelta(days=3)).date().isoformat(),
    )
    evidence = {"how": "Zephyrine said so", "reference": "quill-1"}
    post("/talent-pool", candidate_id=me, basis="consent", purpose="Quill work", months=6, evidence=evidence)
    alice.api.post(f"/api/v1/applications/{about}/decision", json={"decision": None})
    composer = f"/notices/new?application={about}"
    draft = {"do": "save", "reason": "A draft about quills", "points-0-kind": "gap", "points-0-text": "Quill"}
    assert alice.browser.post(composer, data=draft).status_code == 303
    move(alice, maya, deliver, sink)
    alice.browser.post(f"/candidates/{me}/mail/stop", data={"address": SECOND, "reason": "Zephyrine said no"})
    item = next(row for row in alice.api.get("/api/v1/responses").json["items"] if row["kind"] == "call")
    alice.browser.post(f"/today/response-{item['id']}/done")


def move(alice, maya, deliver, sink):  # noqa: F811 - values of the fixtures above
    """The first address bounces at the door of the relay, which quotes it; then there is another one."""
    sink.faults.recipient.append(f"550 5.1.1 <{FIRST}>: user unknown")
    body = maya.body(kind="update", reason="The Quill team takes longer.", feedback={"strengths": [], "gaps": []})
    body.pop("outcome_code")
    assert alice.api.post("/api/v1/notices", json=body).status_code == 201
    deliver()
    person = f"/api/v1/candidates/{maya.candidate.id}"
    match = {"If-Match": alice.api.get(person).headers["ETag"]}
    assert alice.api.patch(person, json={"email": SECOND}, headers=match).status_code == 200


def test_nothing_in_any_table_tells_who_it_was(alice, maya, zephyrine, deliver, smtp_sink, owner):  # noqa: F811
    live(alice, maya, zephyrine, deliver, smtp_sink)
    upload(alice, f"Name,E-mail,Stage\nZephyrine,{FIRST},\nQuill,none,\n")
    assert telling(owner).keys() >= {"messages", "notices", "contacts", "suppressions", "import_runs", "attempts"}

    assert erase(alice, maya).status_code == 303

    assert telling(owner) == {}
    assert TELLING.search(file_of(owner)) is None


def file_of(owner):
    """What stands in SQLite's file, between the rows too; PostgreSQL keeps its own house."""
    if owner.dialect.name != "sqlite":
        return ""
    with owner.connect() as connection:
        connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return Path(owner.url.database).read_bytes().decode("latin-1")


def test_a_file_that_waits_for_its_start_goes_with_the_person(app, alice, maya):  # noqa: F811
    url = upload(alice, PEOPLE).location

    erase(alice, maya)
    alice.browser.post(f"{url}/start")

    assert "it is no longer kept" in alice.browser.get(url).text
    with app.app_context():
        assert imports.work() is False
    assert "2 rows read" in alice.browser.get(upload(alice, PEOPLE).location).text


def test_nobody_is_erased_while_a_file_goes_in(app, alice, maya):  # noqa: F811
    url = upload(alice, PEOPLE).location
    alice.browser.post(f"{url}/start")

    refused = erase(alice, maya)
    with app.app_context():
        imports.work()

    assert refused.status_code == 422
    assert "A file is being imported" in refused.text
    assert erase(alice, maya).status_code == 303


def test_nobody_is_erased_while_a_mail_is_in_doubt(alice, maya, change, look):  # noqa: F811
    alice.api.post("/api/v1/notices", json=maya.body(hold_minutes=60))
    message = look(Message, alice.firm, Message.candidate_id == maya.candidate.id)
    change(message, state=MessageState.DOUBTFUL, lease_until=message.due_at)

    assert erase(alice, maya).status_code == 422
