"""The list of candidates and the forms that move an application."""

import datetime as dt
import re

import pytest

from recruiter import clock
from recruiter.applications.models import Decision, Stage
from tests import build


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


@pytest.fixture
def maya(app, acme):
    with app.app_context():
        return build.candidate(acme)


@pytest.fixture
def job(app, acme):
    with app.app_context():
        return build.job(acme)


@pytest.fixture
def applied(app, acme, maya, job):
    with app.app_context():
        return build.application(acme, maya, job)


def read(person, applied):
    return person.api.get(f"/api/v1/applications/{applied.id}").json


def seen(person, applied):
    page = person.browser.get(f"/applications/{applied.id}").text
    return re.search(r'name="seen" value="([^"]+)"', page)[1]


@pytest.fixture
def list_of_four(app, acme, bob):
    """Maya is late, Ana was told, Ravi was hired, Ola has an offer and no promise; Ida applied for nothing."""
    with app.app_context():
        job, past = build.job(acme), clock.now().date() - dt.timedelta(days=9)
        decided = {"decision": Decision.NOT_SELECTED, "decided_at": clock.now(), "told_at": clock.now()}
        hired = {"decision": Decision.HIRED, "decided_at": clock.now()}
        for name, values in {
            "Maya": {"promised_on": past, "owner_id": bob.member.id},
            "Ana": {"promised_on": past, **decided},
            "Ravi": {"promised_on": past, **hired},
            "Ola": {"promised_on": None, "stage": Stage.OFFER},
        }.items():
            build.application(acme, build.candidate(acme, name), job, **values)
        build.candidate(acme, "Ida")
    return {"job": job.id, "bob": bob.member.id}


def test_a_closed_job_that_the_list_is_narrowed_to_stays_chosen(alice, list_of_four):
    alice.browser.post(f"/jobs/{list_of_four['job']}/close")

    narrowed = alice.browser.get(f"/candidates?job_id={list_of_four['job']}").text

    assert f'<option value="{list_of_four["job"]}" selected>' in narrowed
    assert f'<option value="{list_of_four["job"]}"' not in alice.browser.get("/candidates").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Maya", "Ana", "Ravi", "Ola"}),
        ("view=waiting", {"Maya"}),
        ("view=overdue", {"Maya"}),
        ("view=people", {"Maya", "Ana", "Ravi", "Ola", "Ida"}),
        ("stage=offer", {"Ola"}),
        ("decision=none", {"Maya", "Ola"}),
        ("decision=hired", {"Ravi"}),
        ("job_id={job}&owner_id={bob}", {"Maya"}),
    ],
)
def test_the_query_says_who_is_listed(alice, list_of_four, query, found):
    page = text(alice.browser.get(f"/candidates?{query.format(**list_of_four)}"))

    assert {name for name in ("Maya", "Ana", "Ravi", "Ola", "Ida") if f" {name} " in page} == found


def test_a_row_says_stage_decision_and_how_late(alice, list_of_four):
    page = text(alice.browser.get("/candidates"))

    assert re.search(r"Maya Data Engineer Final of Maya, change \w+day \d+ \w+ 9 days late", page)
    assert "Ana Data Engineer Final of Ana, change Not selected Told" in page
    assert "Ola Data Engineer Offer of Ola, change" in page
    assert "4 applications" in page


def test_htmx_gets_the_rows_alone(alice, list_of_four):
    answer = alice.browser.get("/candidates?stage=offer", headers={"HX-Request": "true"})

    assert answer.text.lstrip().startswith("<table")
    assert "HX-Request" in answer.headers["Vary"]


def test_the_list_goes_on(alice, list_of_four):
    first = alice.browser.get("/candidates?limit=3")
    link = re.search(r'href="([^"]+cursor=[^"]+)"', first.text)[1].replace("&amp;", "&")
    second = text(alice.browser.get(link))

    assert "Maya" in second
    assert "First page" in second


def test_empty_lists_say_why(alice, maya):
    assert "No candidates yet." in text(alice.browser.get("/candidates"))
    assert "Nobody waits longer than promised." in text(alice.browser.get("/candidates?view=overdue"))
    assert "No one matches this filter." in text(alice.browser.get("/candidates?q=kafka"))


def test_a_filter_that_cannot_be_used_is_refused(alice):
    assert alice.browser.get("/candidates?stage=rejected").status_code == 422


def test_an_application_is_added_for_a_person(alice, maya, job):
    url = f"/candidates/{maya.id}/applications/new"
    values = {"job_id": str(job.id), "stage": "screening", "owner": str(alice.member.id)}

    form = text(alice.browser.get(url))
    answer = alice.browser.post(url, data=values | {"last_interview_at": "2026-07-01T10:00"})
    again = alice.browser.post(url, data=values)

    made = alice.api.get(f"/api/v1/applications?candidate_id={maya.id}").json["items"]
    assert "Data Engineer" in form
    assert (answer.status_code, answer.location) == (303, f"/candidates/{maya.id}")
    assert again.status_code == 303
    assert [(row["stage"], row["owner"]) for row in made] == [("screening", alice.member.email)]
    assert made[0]["last_interview_at"].startswith("2026-07-01T09:00")  # Lisbon in summer


def test_the_job_has_to_be_chosen(alice, maya, job):
    answer = alice.browser.post(f"/candidates/{maya.id}/applications/new", data={"stage": "final"})

    assert answer.status_code == 422
    assert text(answer).count("Choose the job.") == 2


def test_without_an_open_job_the_form_offers_one(alice, maya):
    assert "There is no open job yet." in text(alice.browser.get(f"/candidates/{maya.id}/applications/new"))


def test_stage_owner_and_promise_are_changed(alice, applied):
    values = {"stage": "offer", "owner": "", "promised_on": "2026-12-24", "seen": seen(alice, applied)}

    answer = alice.browser.post(f"/applications/{applied.id}", data=values, follow_redirects=True)

    assert "Saved." in text(answer)
    assert "24 December, set by hand" in text(answer)
    assert read(alice, applied)["stage"] == "offer"


def test_an_owner_who_left_stays_until_another_is_chosen(app, acme, alice, bob, maya, job):
    with app.app_context():
        applied = build.application(acme, maya, job, owner_id=bob.member.id)
    alice.browser.post(f"/settings/members/{bob.member.id}/deactivate")

    page = alice.browser.get(f"/applications/{applied.id}").text
    owner = re.search(rf'<option value="([^"]+)" selected>{bob.member.name}<', page)[1]
    alice.browser.post(
        f"/applications/{applied.id}", data={"stage": "offer", "owner": owner, "seen": seen(alice, applied)}
    )

    kept = read(alice, applied)
    assert (kept["stage"], kept["owner_id"]) == ("offer", str(bob.member.id))
    assert bob.member.name not in alice.browser.get(f"/candidates/{maya.id}/applications/new").text


def test_somebody_elses_change_is_not_overwritten(alice, bob, applied):
    values = {"stage": "offer", "seen": seen(alice, applied)}
    bob.browser.post(f"/applications/{applied.id}", data=values)

    answer = alice.browser.post(f"/applications/{applied.id}", data=values | {"stage": "screening"})

    assert answer.status_code == 422
    assert "Somebody changed this meanwhile" in text(answer)
    assert read(alice, applied)["stage"] == "offer"


def test_a_decision_is_recorded_and_reopened(alice, applied):
    url = f"/applications/{applied.id}"
    values = {"decision": "not_selected", "decided_by": "client", "outcome_code": "REQ-EXP"}

    decided = text(alice.browser.post(f"{url}/decision", data=values, follow_redirects=True))
    reopened = text(alice.browser.post(f"{url}/reopen", follow_redirects=True))

    assert "Decision Not selected," in decided
    assert "Reason Experience of a task was not shown" in decided
    assert "Open again, with a new promise." in reopened
    assert "Round 2" in reopened


def test_a_reason_is_chosen_in_words_by_group(alice, applied):
    page = alice.browser.get(f"/applications/{applied.id}").text

    _, group, rest = page.partition('<optgroup label="The needs of the role">')
    assert group
    assert (
        '<option value="REQ-EXP">Experience of a task was not shown (REQ-EXP)</option>'
        in rest.partition("</optgroup>")[0]
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [({}, "Choose what was decided."), ({"decision": "hired", "outcome_code": "x"}, "Use a code such as REQ-EXP.")],
)
def test_a_decision_that_cannot_be_used_is_named(alice, applied, values, words):
    answer = alice.browser.post(f"/applications/{applied.id}/decision", data=values)

    assert answer.status_code == 422
    assert text(answer).count(words) == 2


def test_reopening_beside_another_open_application_is_refused_in_words(alice, applied, maya, job):
    alice.browser.post(f"/applications/{applied.id}/decision", data={"decision": "withdrew"})
    alice.browser.post(f"/candidates/{maya.id}/applications/new", data={"job_id": str(job.id), "stage": "final"})

    answer = alice.browser.post(f"/applications/{applied.id}/reopen")

    assert answer.status_code == 422
    assert "another open application for the same job" in text(answer)


def test_another_firms_application_is_not_there(charlie, applied, maya):
    url = f"/applications/{applied.id}"

    assert charlie.browser.get(url).status_code == 404
    assert charlie.browser.post(f"{url}/decision", data={"decision": "hired"}).status_code == 404
    assert charlie.browser.get(f"/candidates/{maya.id}/applications/new").status_code == 404


def test_viewers_read_and_change_nothing(vera, applied, maya):
    assert vera.browser.get(f"/applications/{applied.id}").status_code == 200
    assert vera.browser.post(f"/applications/{applied.id}", data={"stage": "offer"}).status_code == 403
    assert vera.browser.get(f"/candidates/{maya.id}/applications/new").status_code == 403
