"""The composer at /notices/new: a full form, every button a post, nothing that needs a script."""

import pytest


def url(case, **query):
    return "/notices/new", {"query_string": {"application": str(case.application.id)} | query}


def form(**fields):
    return {
        "kind": "rejection",
        "outcome_code": "CLO-OTHER",
        "coded": "CLO-OTHER",
        "template": "not-selected",
        "reason": "The person chosen matched two needs of this role more closely.",
        "timing": "now",
        "offer_pool": "yes",
        "points-0-kind": "strength",
        "points-0-criterion": "Data modelling",
        "points-0-text": "Your redesign cut the nightly job from 40 to 6 minutes.",
        "points-1-kind": "gap",
        "points-1-criterion": "Leading on-call",
        "points-1-text": "You told us about joining two incidents.",
        "points-1-requirement": "Leads on-call",
        "points-1-suggestion": "Lead one small incident review.",
    } | fields


def press(person, case, button, **fields):
    address, options = url(case)
    return person.browser.post(address, data=form(do=button, **fields), **options)


def test_the_composer_opens_prefilled_for_an_application(bob, maya):
    address, options = url(maya)
    page = bob.browser.get(address, **options)

    assert page.status_code == 200
    assert "Notice to Maya Ferreira" in page.text
    assert "Data Engineer, Lumen Grid" in page.text
    assert "We will not be taking your application further" in page.text


@pytest.mark.parametrize("mode", ["email", "page", "text"])
def test_check_shows_what_would_leave(bob, maya, mode):
    page = press(bob, maya, "check", preview=mode)

    assert page.status_code == 200
    assert "Hello Maya," in page.text
    assert "style=" not in page.text


def test_queueing_goes_back_to_today_and_the_notice_is_held(bob, maya):
    answer = press(bob, maya, "send")

    assert (answer.status_code, answer.location) == (303, "/today"), answer.text
    (item,) = bob.api.get("/api/v1/notices").json["items"]
    assert (item["state"], item["timing"]) == ("held", "now")
