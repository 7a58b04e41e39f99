"""Zephyrine Quillfeather, of whom everything is known that the product can know of a person."""

import datetime as dt
import re

import pytest

from tests.slices.portal.conftest import change, deliver, look, maya, open_letter, post

__all__ = ["change", "deliver", "look", "maya", "post", "zephyrine"]

# Whatever is said of Zephyrine holds one of these words; no other text of the test does.
TELLING = re.compile("zephyr|quill", re.IGNORECASE)
FIRST, SECOND = "zephyrine@quill.example", "z@quillfeather.example"


@pytest.fixture
def zephyrine(app, alice, maya, deliver, smtp_sink):
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


def live(alice, maya, reader, deliver, sink):
    """Do everything that leaves a trace of a person."""
    made = []

    def post(path, **body):
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


def move(alice, maya, deliver, sink):
    """The first address bounces at the door of the relay, which quotes it; then there is another one."""
    sink.faults.recipient.append(f"550 5.1.1 <{FIRST}>: user unknown")
    body = maya.body(kind="update", reason="The Quill team takes longer.", feedback={"strengths": [], "gaps": []})
    body.pop("outcome_code")
    assert alice.api.post("/api/v1/notices", json=body).status_code == 201
    deliver()
    person = f"/api/v1/candidates/{maya.candidate.id}"
    match = {"If-Match": alice.api.get(person).headers["ETag"]}
    assert alice.api.patch(person, json={"email": SECOND}, headers=match).status_code == 200
