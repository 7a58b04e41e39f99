"""The pages about jobs."""

import re

import pytest

JOB = {"title": "Data Engineer", "client_name": "Lumen Grid", "must_have": "Led a rota\r\nSQL, daily", "country": "PT"}


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def added(person, **values):
    return person.browser.post("/jobs/new", data=JOB | values).location


def only(person):
    return person.api.get("/api/v1/jobs").json["items"][0]


def test_a_job_is_added_and_shown(alice):
    page = text(alice.browser.get(added(alice, nice_to_have="Kafka", location="Lisbon")))

    assert "Data Engineer Open" in page
    assert "Lumen Grid, not disclosed to candidates" in page
    assert "Must have Led a rota SQL, daily" in page
    assert "Nice to have Kafka" in page


def test_a_job_without_a_client_or_needs_is_shown(alice):
    page = text(alice.browser.get(added(alice, client_name="", must_have="", advertised="yes")))

    assert "Nothing yet." in page
    assert "Advertised Yes" in page
    assert "Client" not in page


def test_a_job_of_a_known_ats_id_opens_that_one(alice):
    first = added(alice, external_id="job-1")
    answer = alice.browser.post("/jobs/new", data=JOB | {"external_id": "job-1"}, follow_redirects=True)

    assert answer.request.path == first
    assert "known by its ATS id" in text(answer)


def test_a_job_needs_a_title(alice):
    answer = alice.browser.post("/jobs/new", data={"title": " ", "client_name": "Lumen", "client_disclosed": "yes"})

    assert answer.status_code == 422
    assert "<title>Error: Add a job" in answer.text
    assert 'value="Lumen"' in answer.text
    assert "checked" in answer.text


def test_the_form_comes_filled_and_requirements_keep_their_ids(alice):
    url = added(alice, client_disclosed="yes")
    before = only(alice)

    form = alice.browser.get(f"{url}/edit").text
    seen = re.search(r'name="seen" value="([^"]+)"', form)[1]
    changed = JOB | {"must_have": "SQL, daily\nKafka", "nice_to_have": "led a ROTA", "seen": seen}
    answer = alice.browser.post(f"{url}/edit", data=changed)

    after = {need["text"]: need for need in only(alice)["requirements"]}
    ids = {need["text"]: need["id"] for need in before["requirements"]}
    assert "Led a rota\nSQL, daily</textarea>" in form
    assert answer.status_code == 303
    assert after["SQL, daily"]["id"] == ids["SQL, daily"]
    assert after["led a ROTA"] == {"id": ids["Led a rota"], "text": "led a ROTA", "must_have": False}
    assert after["Kafka"]["must_have"] is True


def test_somebody_elses_change_is_not_overwritten(alice, bob):
    url = f"{added(alice)}/edit"
    seen = re.search(r'name="seen" value="([^"]+)"', alice.browser.get(url).text)[1]
    bob.browser.post(url, data=JOB | {"title": "Bob's", "seen": seen})

    answer = alice.browser.post(url, data=JOB | {"title": "Alice's", "seen": seen})

    assert answer.status_code == 422
    assert "Somebody changed this meanwhile" in text(answer)


def test_a_job_is_closed_and_opened_again(alice):
    url = added(alice)

    closed = text(alice.browser.post(f"{url}/close", follow_redirects=True))
    opened = text(alice.browser.post(f"{url}/reopen", follow_redirects=True))

    assert "Data Engineer Closed" in closed
    assert "Data Engineer Open" in opened


def test_jobs_are_listed_and_filtered(alice):
    added(alice)
    added(alice, title="Payroll Manager", client_name="", location="Porto")

    everything = text(alice.browser.get("/jobs"))
    narrowed = text(alice.browser.get("/jobs?q=payroll&state=open"))

    assert "Data Engineer Lumen Grid Not disclosed Portugal 2 must-haves Open" in everything
    assert "Payroll Manager Porto, Portugal 2 must-haves Open" in everything
    assert "Data Engineer" not in narrowed
    assert "No job matches this filter." in text(alice.browser.get("/jobs?q=nothing"))


def test_the_list_goes_on(alice):
    for number in range(3):
        added(alice, title=f"Job {number}")

    first = alice.browser.get("/jobs?limit=2")
    link = re.search(r'href="([^"]+cursor=[^"]+)"', first.text)[1].replace("&amp;", "&")
    second = alice.browser.get(link)

    assert "Job 0" in text(second)
    assert "First page" in text(second)


def test_an_empty_list_offers_the_first_step(alice):
    assert "No jobs yet." in text(alice.browser.get("/jobs"))


@pytest.mark.parametrize("view", ["", "/edit"])
def test_another_firms_job_is_not_there(alice, charlie, view):
    assert charlie.browser.get(f"{added(alice)}{view}").status_code == 404


def test_viewers_read_and_change_nothing(alice, vera):
    url = added(alice)

    assert vera.browser.get(url).status_code == 200
    assert vera.browser.get(f"{url}/edit").status_code == 403
    assert vera.browser.get("/jobs/new").status_code == 403
    assert vera.browser.post(f"{url}/close").status_code == 403


def test_the_empty_form_is_shown(alice):
    assert "Add a job" in text(alice.browser.get("/jobs/new"))
