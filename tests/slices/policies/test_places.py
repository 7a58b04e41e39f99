"""The region of a job and the number of people of a client: in the API and on the pages."""

import pytest

from tests import people


def job(person, **values):
    return person.api.post("/api/v1/jobs", json={"title": "Data Engineer"} | values)


def patch(person, path, body):
    return person.api.patch(path, json=body, headers={"If-Match": person.api.get(path).headers["ETag"]})


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"region": "CA-ON"}, ("CA", "CA-ON")),
        ({"country": "CA", "region": "ca-on"}, ("CA", "CA-ON")),
        ({"country": "CA"}, ("CA", None)),
        ({"country": "CA", "region": None}, ("CA", None)),
    ],
)
def test_a_region_tells_its_country(alice, sent, kept):
    made = job(alice, **sent).json

    assert (made["country"], made["region"]) == kept


@pytest.mark.parametrize(
    "sent",
    [
        {"country": "US", "region": "CA-ON"},
        {"region": "CA-XX"},
        {"region": "XX-ON"},
        {"region": "Ontario"},
        {"region": "DE-Augsburg"},
    ],
)
def test_a_region_that_is_none_is_refused_at_its_field(alice, sent):
    answer = job(alice, **sent)

    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["region"]


def test_the_country_of_a_job_changes_together_with_its_region(alice):
    made = job(alice, region="CA-ON").json
    path = f"/api/v1/jobs/{made['id']}"

    refused = patch(alice, path, {"country": "DE"})
    assert list(refused.json["errors"]) == ["region"]
    changed = patch(alice, path, {"country": "DE", "region": None}).json
    assert (changed["country"], changed["region"]) == ("DE", None)


def test_a_region_is_chosen_by_its_name(alice):
    form = alice.browser.get("/jobs/new").text
    assert '<optgroup label="Canada">' in form
    assert '<option value="CA-ON">Ontario</option>' in form

    answer = alice.browser.post("/jobs/new", data={"title": "Data Engineer", "region": "CA-ON", "location": "Ottawa"})
    page = alice.browser.get(answer.location).text
    assert "Ottawa, Ontario, Canada" in page
    assert "By law" not in page
    alice.browser.post(f"{answer.location}/edit", data={"title": "x", "region": "CA-ON", "advertised": "yes"})
    assert "Within 45 days of their last interview they hear" in alice.browser.get(answer.location).text
    assert '<option value="CA-ON" selected>Ontario</option>' in alice.browser.get(f"{answer.location}/edit").text
    wrong = alice.browser.post(f"{answer.location}/edit", data={"title": "x", "region": "CA-ON", "country": "US"})
    assert "Choose a region of the same country." in wrong.text


def test_a_region_that_only_the_api_knows_can_be_kept(alice):
    made = job(alice, region="FR-57").json

    assert '<option value="FR-57" selected>Moselle</option>' in alice.browser.get(f"/jobs/{made['id']}/edit").text


def test_a_client_takes_a_headcount_with_its_day(alice):
    client = alice.api.post("/api/v1/clients", json={"name": "Lumen Grid"}).json
    path = f"/api/v1/clients/{client['id']}"
    assert (client["headcount"], client["headcount_on"]) == (None, None)

    kept = patch(alice, path, {"headcount": 24, "headcount_on": "2025-12-31"}).json
    assert (kept["name"], kept["headcount"], kept["headcount_on"]) == ("Lumen Grid", 24, "2025-12-31")
    renamed = patch(alice, path, {"name": "Lumen"}).json
    assert (renamed["name"], renamed["headcount"]) == ("Lumen", 24)
    redated = patch(alice, path, {"headcount_on": "2026-01-31"}).json
    assert (redated["headcount"], redated["headcount_on"]) == (24, "2026-01-31")
    assert patch(alice, path, {"headcount": None}).json["headcount_on"] is None
    for wrong in ({"headcount": -1}, {"headcount": "24"}, {"headcount_on": "2190-01-01"}):
        assert patch(alice, path, wrong).status_code == 422


def firm_form(**values):
    promises = {
        f"promise_{stage}": "2" for stage in ("application", "screening", "submitted", "client_interview", "final")
    }
    kept = {"name": "Acme", "time_zone": "America/Toronto", "hold_minutes": "10", "pool_months": "12"}
    return kept | promises | values


def test_promises_count_the_working_days_of_the_firms_region(alice, time_machine):
    time_machine.move_to("2026-02-13T15:00:00Z")  # the Friday before Family Day in Ontario
    browser = people.browser(alice.browser.application, alice.member)
    wrong = browser.post("/settings/firm", data=firm_form(region="CA-ON", country="US"))
    assert "Choose a region of the same country." in wrong.text
    for region, promised_on in (("CA-ON", "2026-02-18"), ("", "2026-02-17")):
        kept = browser.post("/settings/firm", data=firm_form(region=region, country="" if region else "CA"))
        assert kept.status_code == 303
        candidate = alice.api.post("/api/v1/candidates", json={"name": "Maya", "email": f"m{region}@example.com"}).json
        applied = {"candidate_id": candidate["id"], "job_id": job(alice).json["id"], "stage": "final"}
        assert alice.api.post("/api/v1/applications", json=applied).json["promised_on"] == promised_on
    assert '<option value="CA" selected>Canada</option>' in browser.get("/settings/firm").text
