"""Whatever is sent that cannot be used: an answer that names the field, and nothing is stored."""

import copy
import json
import re

import pytest
import sqlalchemy as sa

from recruiter.notices import links
from recruiter.tables import metadata
from tests.maya import GAP, STRENGTH, case

ROOT = "/api/v1"
# No field of any body takes one of these, and none of them may reach a database or a log.
NEVER = [{"a": 1}, [[[]]], 1e308, "\x00", "a\ud800", "x" * 100_000]
UNREADABLE = [
    b"{",
    b'{"name": \xff}',
    b"\xff\xfe{\x00}\x00",
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b"1" * 6_000,
    b'{"a": ' + b"9" * 6_000 + b"}",
]
FAR = [
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-02-30T00:00:00Z",
    "2026-01-01T00:00:00",
    "+999999-01-01T00:00:00Z",
    "yesterday",
]


@pytest.fixture
def maya(app, acme, alice):
    return case(app, acme)


@pytest.fixture
def rows(alice, maya):
    """Ids of Acme's rows, by what they are."""
    post = lambda path, **body: alice.api.post(f"{ROOT}/{path}", json=body).json["id"]  # noqa: E731 - used here alone
    candidate = str(maya.candidate.id)
    yes = {"basis": "consent", "purpose": "Roles", "months": 6, "evidence": {"how": "a call"}}
    call = {"kind": "call", "direction": "outbound", "outcome": "spoke", "happened_at": "2025-11-14T10:00:00Z"}
    post("contacts", candidate_id=candidate, remind_on="2199-01-01", **call)
    return {
        "candidate": candidate,
        "job": str(maya.job.id),
        "application": str(maya.application.id),
        "requirement": str(maya.job.requirements[0].id),
        "client": post("clients", name="Lumen"),
        "other_job": post("jobs", title="Payroll Manager"),
        "membership": post("talent-pool", candidate_id=candidate, **yes),
        "reminder": alice.api.get(f"{ROOT}/reminders").json["items"][0]["id"],
        "hook": post("webhooks", url="https://ats.example.com/hook", events=["notice.sent"]),
        "owner": alice.member.email,
    }


@pytest.fixture
def bodies(rows):
    """A whole body for every operation that takes one: the method, the path, and each field that there is."""
    client = {"name": "Lumen"}
    person = {"name": "Ana", "email": "ana@example.com", "external_id": "a", "emails": ["a@example.com"]}
    person |= {"time_zone": "Europe/Lisbon", "language": "en", "country": "PT", "skills": ["SQL"]}
    person |= {"location": "Lisbon", "phone": "1"}
    job = {"title": "T", "client": {"name": "Lumen", "disclosed": True}, "country": "PT", "location": "Lisbon"}
    job |= {"advertised": True, "external_id": "j", "requirements": [{"text": "SQL", "must_have": True}]}
    facts = {"stage": "final", "external_id": "x", "owner": rows["owner"], "promised_on": "2026-12-24"}
    facts |= {"last_interview_at": "2025-11-13T10:00:00Z"}
    ends = {"candidate_id": rows["candidate"], "job_id": rows["other_job"]}
    verdict = {"decision": "not_selected", "outcome_code": "REQ-EXP", "decided_by": "client"}
    said = {"application_id": rows["application"], "kind": "update", "outcome_code": "CLO-OTHER", "reason": "R."}
    said |= {"template": "no-decision-yet", "promised_on": "2199-01-01", "sender": rows["owner"]}
    said |= {"feedback": {"strengths": [STRENGTH], "gaps": [GAP]}}
    leaving = {"hold_minutes": 5, "timing": "now", "send_at": "2026-12-01T00:00:00Z", "preview_token": "t"}
    proof = {"how": "a call", "at": "2025-01-01T00:00:00Z", "text_version": "1", "reference": "r"}
    yes = {"candidate_id": rows["candidate"], "basis": "consent", "purpose": "Roles", "months": 6, "evidence": proof}
    call = {"candidate_id": rows["candidate"], "application_id": rows["application"], "kind": "call"}
    call |= {"direction": "outbound", "outcome": "spoke", "happened_at": "2025-11-14T10:00:00Z", "note": "n"}
    call |= {"told": "delay", "remind_on": "2199-01-01"}
    hook = {"url": "https://ats.example.com/", "events": ["notice.sent"]}
    return [
        ("POST", "clients", client),
        ("PATCH", f"clients/{rows['client']}", client),
        ("POST", "candidates", person),
        ("PATCH", f"candidates/{rows['candidate']}", person),
        ("POST", "jobs", job),
        ("PATCH", f"jobs/{rows['job']}", job),
        ("POST", "applications", facts | ends),
        ("PATCH", f"applications/{rows['application']}", facts),
        ("POST", f"applications/{rows['application']}/decision", verdict | {"decided_at": "2025-11-14T10:00:00Z"}),
        ("POST", "notices/preview", said),
        ("POST", "notices", said | leaving),
        ("POST", f"responses/{rows['candidate']}/answer", {"text": "Hello"}),
        ("POST", "talent-pool", yes),
        ("POST", f"talent-pool/{rows['membership']}/invitations", {"job_id": rows["other_job"], "text": "t"}),
        ("POST", "contacts", call),
        ("POST", f"reminders/{rows['reminder']}/snooze", {"until": "2199-01-01"}),
        ("POST", "webhooks", hook),
        ("PATCH", f"webhooks/{rows['hook']}", hook | {"enabled": True}),
    ]


@pytest.fixture
def kept(owner):
    """Everything that is stored, as text."""

    def kept():
        with owner.connect() as connection:
            every = [table for table in metadata.sorted_tables if table.name != "api_keys"]  # which note their use
            return {table.name: sorted(map(str, connection.execute(sa.select(table)))) for table in every}

    return kept


@pytest.fixture
def send(alice):
    """Send a body, with the version of what it changes."""

    def send(method, path, data, content_type="application/json"):
        url = f"{ROOT}/{path}"
        version = {"If-Match": alice.api.get(url).headers["ETag"]} if method == "PATCH" else {}
        return alice.api.open(url, method=method, data=data, content_type=content_type, headers=version)

    return send


def places(value, at=()):
    """Every place in a body, from the fields down to what their lists and parts hold."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inner:
        yield (*at, name)
        yield from places(part, (*at, name))


def put(body, at, value):
    body = copy.deepcopy(body)
    part = body
    for name in at[:-1]:
        part = part[name]
    part[at[-1]] = value
    return body


def refused(answer, field):
    assert answer.status_code == 422, (field, answer.text[:300])
    assert answer.mimetype == "application/problem+json"
    assert list(answer.json["errors"]) == [field], answer.json
    assert "Traceback" not in answer.text


@pytest.mark.once
@pytest.mark.slow
def test_every_field_of_every_body_is_named_when_it_cannot_be_used(bodies, send, kept):
    before = kept()
    for method, path, body in bodies:
        for at in places(body):
            for value in NEVER:
                refused(send(method, path, json.dumps(put(body, at, value))), at[0])

    assert kept() == before


@pytest.mark.once
def test_an_unknown_field_is_named_however_deep_it_is(bodies, send, kept):
    before = kept()
    for method, path, body in bodies:
        refused(send(method, path, json.dumps(body | {"surprise": 1})), "surprise")
        for at in places(body):
            part = put(body, at, None)
            if isinstance(body.get(at[0]), dict) and len(at) == 1:
                refused(send(method, path, json.dumps(put(part, at, body[at[0]] | {"surprise": 1}))), at[0])

    assert kept() == before


@pytest.mark.once
def test_a_body_that_is_no_json_is_told_so(bodies, send, kept):
    before = kept()
    for method, path, _ in bodies:
        for data in UNREADABLE:
            answer = send(method, path, data)
            assert (answer.status_code, answer.json["code"]) == (400, "malformed"), (path, data[:20], answer.text)
            assert answer.json["detail"].startswith("The body is not JSON.")
        for content_type in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
            answer = send(method, path, b"{}", content_type)
            assert (answer.status_code, answer.mimetype) == (415, "application/problem+json"), (path, content_type)
        large = send(method, path, b" " * 2_000_000 + b"{}")
        assert (large.status_code, large.json["code"]) == (413, "too_large"), path

    assert kept() == before


@pytest.mark.once
@pytest.mark.parametrize("data", [b"[]", b'"text"', b"7", b"null", b"true"])
def test_a_body_that_is_no_object(bodies, send, data):
    for method, path, _ in bodies:
        assert send(method, path, data).status_code == 422, path


@pytest.mark.parametrize("value", FAR)
def test_a_moment_that_nobody_can_mean(bodies, send, alice, kept, value):
    before = kept()
    for method, path, body in bodies:
        for name in {"last_interview_at", "decided_at", "send_at", "happened_at"} & body.keys():
            refused(send(method, path, json.dumps(body | {name: value})), name)
    for path, name in (("candidates", "updated_since"), ("applications", "updated_since"), ("responses", "since")):
        refused(alice.api.get(f"{ROOT}/{path}", query_string={name: value}), name)

    assert kept() == before


@pytest.mark.parametrize("value", ["0001-01-01", "9999-12-31", "2026-02-30", "tomorrow", "20261"])
def test_a_day_that_nobody_can_mean(bodies, send, alice, kept, value):
    before = kept()
    for method, path, body in bodies:
        for name in {"promised_on", "remind_on", "until"} & body.keys():
            refused(send(method, path, json.dumps(body | {name: value})), name)
    for path, name in (("talent-pool", "ends_before"), ("reminders", "due_by")):
        refused(alice.api.get(f"{ROOT}/{path}", query_string={name: value}), name)

    assert kept() == before


@pytest.mark.once
@pytest.mark.parametrize("value", ["Maya\r\nBcc: everybody@example.com", "Maya\nX: y", "Maya\x0b", "Maya\u2028", " "])
def test_one_line_is_one_line(bodies, send, kept, value):
    before = kept()
    lines = {"name", "title", "external_id", "location", "phone", "purpose", "template", "owner", "url", "sender"}
    for method, path, body in bodies:
        for name in lines & body.keys():
            refused(send(method, path, json.dumps(body | {name: value})), name)

    assert kept() == before


@pytest.mark.once
@pytest.mark.parametrize(
    ("path", "changes", "field"),
    [
        ("candidates", {"emails": ["a@example.com"] * 11}, "emails"),
        ("candidates", {"skills": ["SQL"] * 101}, "skills"),
        ("jobs", {"requirements": [{"text": "SQL"}] * 31}, "requirements"),
        ("notices", {"feedback": {"strengths": [STRENGTH] * 4}}, "feedback"),
        ("notices", {"feedback": {"gaps": [GAP] * 4}}, "feedback"),
        ("webhooks", {"events": ["notice.sent"] * 100}, "events"),
    ],
)
def test_a_list_that_is_too_long(bodies, send, kept, path, changes, field):
    before = kept()
    body = next(body for _, known, body in bodies if known == path)
    refused(send("POST", path, json.dumps(body | changes)), field)
    assert kept() == before


@pytest.mark.parametrize("name", ["q", "email", "external_id", "skill", "place", "cursor"])
def test_a_filter_holds_no_control_characters_and_ends_somewhere(alice, name):
    path = "talent-pool" if name == "place" else "candidates"
    for value in ("\x00", "a\x00b", "x" * 5_000):
        refused(alice.api.get(f"{ROOT}/{path}", query_string={name: value}), name)


@pytest.mark.parametrize(
    ("name", "mine", "status"),
    [("candidate_id", "candidate", 404), ("job_id", "other_job", 404), ("application_id", "application", 404)],
)
def test_an_id_of_another_firm_is_named_and_leads_nowhere(bodies, send, charlie, app, kept, rows, name, mine, status):
    theirs = case(app, charlie.firm, seeded=True)
    other = {"candidate_id": theirs.candidate.id, "job_id": theirs.job.id, "application_id": theirs.application.id}
    before, asked = kept(), 0
    for method, path, body in bodies:
        if name in body:
            answer = send(method, path, json.dumps(body | {name: str(other[name])}))
            nobody = send(method, path, json.dumps(body | {name: rows[mine][:-12] + "0" * 12}))
            assert (answer.status_code, list(answer.json["errors"])) == (status, [name]), (path, answer.json)
            assert answer.json == nobody.json
            asked += 1

    assert asked >= 2
    assert kept() == before


@pytest.mark.parametrize("name", ["owner", "sender"])
def test_a_member_of_another_firm_is_nobody_here(bodies, send, charlie, kept, name):
    before = kept()
    for method, path, body in bodies:
        if name in body and path != "notices":
            refused(send(method, path, json.dumps(body | {name: charlie.member.email})), name)

    assert kept() == before


def test_a_requirement_of_another_firm_is_replaced_nowhere_and_read_nowhere(send, alice, charlie, rows, maya, kept):
    theirs = charlie.api.post(f"{ROOT}/jobs", json={"title": "T", "requirements": [{"text": "Their secret need"}]}).json
    strange = theirs["requirements"][0]["id"]
    before = kept()

    change = {"requirements": [{"id": strange, "text": "Ours now"}]}
    refused(send("PATCH", f"jobs/{rows['job']}", json.dumps(change)), "requirements")
    body = maya.body(feedback={"strengths": [STRENGTH], "gaps": [GAP | {"requirement": strange}]})
    bound = {name: value for name, value in body.items() if name not in {"hold_minutes", "timing"}}
    shown = alice.api.post(f"{ROOT}/notices/preview", json=bound)

    assert shown.status_code == 200
    assert "Their secret need" not in shown.text
    assert "feedback.gaps.0.requirement" in {finding["field"] for finding in shown.json["findings"]}
    assert kept() == before


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer rk_0123456789ab",
        "Bearer rk_0123456789ab_wrong",
        "Bearer \u00e9\u00ff",
        f"Bearer {'x' * 5_000}",
        "Basic YWxpY2U6cGFzc3dvcmQ=",
        "Bearer a=b, c=d",
        "\u00ff",
    ],
)
def test_a_guessed_key_opens_nothing(client, alice, header):
    answer = client.get(f"{ROOT}/clients", headers={"Authorization": header})
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_the_secret_of_a_key_counts_to_its_last_letter(client, alice):
    last = "A" if alice.key[-1] != "A" else "B"
    for key in (alice.key[:-1], alice.key + "x", alice.key[:-1] + last, alice.key.upper(), alice.key[:15]):
        assert client.get(f"{ROOT}/clients", headers={"Authorization": f"Bearer {key}"}).status_code == 401


@pytest.mark.parametrize("token", ["a", "A" * 43, "a" * 5_000, "%00", "%F0%9F%98%80", "..%2F..", links.MASKED])
def test_a_guessed_link_opens_nothing_and_takes_nothing(client, maya, kept, token):
    before = kept()
    said = {"text": "Hello", "choice": "yes", "score": "5"}
    sections = ("thanks", "thanks/undo", "ask", "call", "pool", "rate", f"point/{maya.job.id}")
    answers = [client.get(f"/f/{token}"), client.get(f"/p/{token}"), client.post(f"/p/{token}")]
    answers += [client.post(f"/f/{token}/{section}", data=said) for section in sections]

    assert {answer.status_code for answer in answers} == {404}
    assert not any(re.search("Maya|Acme|Traceback", answer.text) for answer in answers)
    assert kept() == before
