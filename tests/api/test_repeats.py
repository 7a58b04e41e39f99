"""`Idempotency-Key` on every POST but preview: a repeat answers what was made, another body is refused."""

import pytest

from tests import mail
from tests.maya import case

ROOT = "/api/v1"
PREVIEW = f"POST {ROOT}/notices/preview"


@pytest.fixture
def told(app, acme, alice, settings, smtp_sink):
    """Maya was told and asked a question; another person of the firm waits, and both agreed to be kept."""
    maya, ana = case(app, acme), case(app, acme, seeded=True)
    hook = {"url": "https://ats.example.com/hook", "events": ["notice.sent"]}
    endpoint = alice.api.post(f"{ROOT}/webhooks", json=hook).json["id"]
    notice = alice.api.post(f"{ROOT}/notices", json=maya.body()).json
    with mail.posting(app, settings, smtp_sink.url) as post:
        mail.deliver(app, post)
    page = notice["feedback_url"].removeprefix("http://localhost")
    app.test_client().post(f"{page}/ask", data={"text": "Which tool did you mean?"})
    return {
        "maya": str(maya.candidate.id),
        "ana": str(ana.candidate.id),
        "waiting": ana.body(hold_minutes=60),
        "job": str(maya.job.id),
        "other_job": alice.api.post(f"{ROOT}/jobs", json={"title": "Payroll Manager"}).json["id"],
        "question": alice.api.get(f"{ROOT}/responses").json["items"][0]["id"],
        "endpoint": endpoint,
        "delivery": alice.api.get(f"{ROOT}/webhooks/{endpoint}/deliveries").json["items"][0]["id"],
    }


@pytest.mark.slow
def test_every_post_is_done_once_however_often_it_is_sent(alice, told):
    done = {}

    def post(path, **body):
        """Send it twice with a key of its own, then once with that key and another body; return what it made."""
        number = len(done)
        first, again, other = (
            alice.api.post(f"{ROOT}{path}", json=sent, headers={"Idempotency-Key": f"key {number}"})
            for sent in (body, dict(reversed(body.items())), body | {"surprise": 1} if not body else changed(body))
        )
        assert first.status_code in {200, 201, 202}, (path, first.json)
        assert (again.status_code, again.data) == (first.status_code, first.data), path
        assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused"), path
        done[path] = first.json
        return first.json

    post("/clients", name="Lumen")
    post("/candidates", name="Ines Reis", email="ines@example.com")
    post("/jobs", title="Data Engineer")
    post(f"/jobs/{told['other_job']}/close")
    post(f"/jobs/{told['other_job']}/reopen")
    application = post("/applications", candidate_id=told["maya"], job_id=told["other_job"], stage="final")
    post(f"/applications/{application['id']}/decision", decision="withdrew")
    card = {"moment": "the call", "interviewer": {"name": "Ines"}, "notes": [{"criterion": "SQL"}]}
    post("/scorecards", application_id=application["id"], **card)
    notice = post("/notices", **told["waiting"])
    post(f"/notices/{notice['id']}/withdraw")
    post(f"/responses/{told['question']}/answer", text="We use several; none is a must.")
    yes = {"basis": "consent", "purpose": "Roles in data", "months": 6, "evidence": {"how": "a call"}}
    membership = post("/talent-pool", candidate_id=told["ana"], **yes)
    invitation = post(f"/talent-pool/{membership['id']}/invitations", job_id=told["other_job"])
    post(f"/invitations/{invitation['id']}/withdraw")
    post(f"/talent-pool/{membership['id']}/leave")
    call = {"kind": "call", "direction": "outbound", "outcome": "spoke", "happened_at": "2025-11-14T10:00:00Z"}
    post("/contacts", candidate_id=told["maya"], remind_on="2199-01-01", **call)
    reminder = alice.api.get(f"{ROOT}/reminders").json["items"][0]["id"]
    post(f"/reminders/{reminder}/snooze", until="2199-02-01")
    post(f"/reminders/{reminder}/done")
    post("/webhooks", url="https://ats.example.com/other", events=["notice.failed"])
    post(f"/webhooks/{told['endpoint']}/deliveries/{told['delivery']}/repeat")
    ever = {"since": "2025-11-01T00:00:00Z", "until": "2199-01-01T00:00:00Z"}
    post(f"/webhooks/{told['endpoint']}/replay", **ever, everything=False)
    post(f"/webhooks/{told['endpoint']}/rotate", overlap_hours=2)
    post(f"/webhooks/{told['endpoint']}/ping")

    spec = alice.api.get(f"{ROOT}/openapi.json").json
    assert len(done) == sum("post" in methods for methods in spec["paths"].values()) - 1


def changed(body):
    """Another body that is as good."""
    others = {
        "everything": True,
        "name": "Other",
        "title": "Other",
        "stage": "offer",
        "decision": "hired",
        "hold_minutes": 30,
    }
    others |= {"text": "Other.", "months": 12, "sender": None, "outcome": "no_answer", "until": "2199-03-01"}
    others |= {"url": "https://ats.example.com/third", "overlap_hours": 3, "moment": "the second call"}
    name = next((name for name in others if name in body), "sender")
    return body | {name: others[name]}


def test_a_preview_is_the_same_with_any_key(alice, told):
    body = {name: value for name, value in told["waiting"].items() if name not in {"hold_minutes", "timing"}}
    with_key = {"Idempotency-Key": "previewed"}

    one = alice.api.post(f"{ROOT}/notices/preview", json=body, headers=with_key)
    two = alice.api.post(f"{ROOT}/notices/preview", json=body | {"reason": "Another reason."}, headers=with_key)

    assert (one.status_code, two.status_code) == (200, 200)
    assert "Another reason." in two.json["text"]


def test_a_body_that_is_no_json_belongs_to_its_key_too(alice, told):
    url, headers = f"{ROOT}/jobs/{told['job']}/close", {"Idempotency-Key": "close"}

    answers = [alice.api.post(url, data=data, headers=headers) for data in (b"[" * 9000, b"[" * 9000, b"")]

    assert [answer.status_code for answer in answers] == [200, 200, 422]


def test_what_was_made_and_has_moved_on_is_answered_as_it_stands_now(alice, told):
    notice = alice.api.post(f"{ROOT}/notices", json=told["waiting"], headers={"Idempotency-Key": "told"}).json
    alice.api.post(f"{ROOT}/notices/{notice['id']}/withdraw")

    again = alice.api.post(f"{ROOT}/notices", json=told["waiting"], headers={"Idempotency-Key": "told"})

    assert (again.status_code, again.json["id"], again.json["state"]) == (201, notice["id"], "withdrawn")
