"""The library: curated in Settings, carried by gaps, read on the candidate's page, and never with a dead link."""

import datetime as dt
import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from recruiter import clock
from recruiter.db.session import transaction
from recruiter.resources import looking
from recruiter.resources.models import Cost, Resource, ResourceKind
from tests.maya import GAP, STRENGTH
from tests.receiver import Receiver
from tests.slices.imports.files import text
from tests.slices.notices.conftest import change, deliver, look, maya, post
from tests.slices.notices.forms import form, value_of
from tests.slices.portal.conftest import open_letter
from tests.slices.webhooks.conftest import configured

__all__ = ["change", "configured", "deliver", "look", "maya", "post"]

PAGE = "/settings/resources"
GUIDE = {
    "title": "How to tell what you did",
    "kind": "interview_help",
    "url": "https://www.guides.example.org/tell",
    "cost": "free",
    "minutes": "10",
    "language": "en",
}


def add(person, **changes):
    return person.browser.post(PAGE, data=GUIDE | changes)


def library(person):
    return {each["title"]: each for each in person.api.get("/api/v1/resources").json["items"]}


def gap(*resources):
    return {"strengths": [STRENGTH], "gaps": [GAP | {"resources": [each["id"] for each in resources]}]}


@pytest.fixture
def guide(alice):
    assert add(alice).location == PAGE
    return library(alice)[GUIDE["title"]]


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def site(app, acme, receiver):
    """An entry whose link leads to a site on loopback, which the pages would refuse."""
    values = {"title": "Site", "kind": ResourceKind.GUIDE, "cost": Cost.PAID, "language": "de", "url": receiver.url}
    with app.app_context(), transaction(acme.id) as session:
        session.add(Resource(firm_id=acme.id, check_at=clock.now(), **values))
    return receiver


@pytest.fixture
def round_of(app, time_machine):
    """Move the clock on and look at what is due."""

    def look_now(**delta):
        time_machine.move_to(clock.now() + dt.timedelta(**delta), tick=False)
        with app.app_context():
            return looking.look()

    return look_now


def test_a_firm_curates_its_library(alice, guide):
    changed = GUIDE | {"title": "Tell what you did", "minutes": "", "cost": "paid"}
    address = f"{PAGE}/{guide['id']}"

    assert "How to tell what you did" in text(alice.browser.get(address))
    assert "Saved." in text(alice.browser.post(address, data=changed, follow_redirects=True))
    page = text(alice.browser.get(PAGE))
    assert "Tell what you did" in page
    assert "Help with interviews, paid English Not looked at yet" in page
    assert alice.api.get(f"/api/v1/resources/{guide['id']}").json["minutes"] is None
    assert "Removed." in text(alice.browser.post(f"{address}/remove", follow_redirects=True))
    assert library(alice) == {}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "http://guides.example.org"}, "The address must begin with https://."),
        ({"url": "javascript:alert(1)"}, "The address must begin with https://."),
        ({"url": "https://me:secret@example.org"}, "no user or password"),
        ({"url": GUIDE["url"]}, "This address is in the library already."),
        ({"title": "", "kind": "", "url": ""}, "Enter the title."),
        ({"title": "What to try when you are too old", "url": "https://x.example.org"}, "“too old” is about age."),
        ({"minutes": "0"}, "Use minutes from 1 to 6,000."),
        ({"minutes": "ten"}, "Use a number of minutes."),
    ],
)
def test_what_cannot_be_an_entry_is_named_and_kept_as_typed(alice, guide, changes, words):
    added = add(alice, **changes)
    other = add(alice, url="https://other.example.org", title="Other")
    other_id = library(alice)["Other"]["id"]
    changed = alice.browser.post(f"{PAGE}/{other_id}", data=GUIDE | changes)

    assert (added.status_code, other.status_code, changed.status_code) == (422, 303, 422)
    assert words in text(added)
    assert words in text(changed)
    assert value_of(added, "language") == "en"


def test_a_library_has_an_end(alice, monkeypatch, guide):
    monkeypatch.setattr("recruiter.resources.service.MOST", 1)

    assert "Remove one that nobody chooses." in text(add(alice, url="https://second.example.org"))


@pytest.mark.parametrize(("minutes", "about"), [("1", "free, about 1 minute, in German"), ("", "free, in German")])
def test_a_gap_gives_it_to_the_candidate_and_the_letter_keeps_it(
    *, app, alice, maya, guide, deliver, smtp_sink, minutes, about
):
    add(
        alice, title="Wie man es sagt", url="https://sagen.example.org/a", language="de", minutes=minutes, kind="course"
    )
    german = library(alice)["Wie man es sagt"]
    reader = open_letter(app, alice, maya, deliver, smtp_sink, feedback=gap(guide, german))
    alice.browser.post(f"{PAGE}/{guide['id']}/remove")
    page = reader.client.get(reader.base)

    assert reader.notice["feedback"]["gaps"][0]["resources"] == [guide["id"], german["id"]]
    assert '<a href="https://www.guides.example.org/tell" rel="noopener noreferrer"' in page.text
    assert "Help with interviews How to tell what you did (guides.example.org) free, about 10 minutes" in text(page)
    assert f"Course Wie man es sagt (sagen.example.org) {about}" in text(page)
    assert "resources" not in reader.notice["feedback"]["strengths"][0]


def test_the_composer_offers_the_library_and_keeps_what_was_chosen(alice, bob, maya, guide):
    address = f"/notices/new?application={maya.application.id}"
    chosen = {"points-1-resource-0": guide["id"], "points-1-resource-1": guide["id"]}
    page = bob.browser.post(address, data=form(do="check") | chosen)
    odd = bob.browser.post(address, data=form(do="check") | {"points-1-resource-0": "x", "points-0-resource-0": "y"})
    draft = bob.browser.post(address, data=form(do="save") | chosen)

    assert (
        "How to tell what you did (Help with interviews, free)" in bob.browser.get(address, follow_redirects=True).text
    )
    assert value_of(page, "points-1-resource-0") == guide["id"]
    assert value_of(page, "points-1-resource-1") is None
    assert "(guides.example.org)" in page.text
    assert "guides.example.org" not in odd.text
    assert value_of(bob.browser.get(draft.location), "points-1-resource-0") == guide["id"]
    sent = bob.browser.post(draft.location, data=form(do="send") | chosen)
    assert sent.status_code == 303
    (notice,) = alice.api.get("/api/v1/notices").json["items"]
    assert notice["feedback"]["gaps"][0]["resources"] == [guide["id"]]


@pytest.mark.parametrize(
    ("feedback", "place"),
    [
        ({"strengths": [STRENGTH | {"resources": [str(uuid.uuid4())]}]}, "strengths"),
        ({"gaps": [GAP | {"resources": [str(uuid.uuid4()) for _ in range(3)]}]}, "gaps"),
        ({"gaps": [GAP | {"resources": ["no id"]}]}, "gaps"),
    ],
)
def test_only_a_gap_carries_resources_and_two_at_most(alice, maya, feedback, place):
    answer = alice.api.post("/api/v1/notices", json=maya.body(feedback=feedback))

    assert answer.status_code == 422
    assert "resources" in answer.json["errors"]["feedback"][place]["0"]


def test_a_link_that_answers_is_looked_at_once_a_day(alice, site, round_of):
    site.statuses += [302, 401]
    site.headers["Location"] = "/moved"

    assert round_of() is True
    assert "Answers" in text(alice.browser.get(PAGE))
    assert round_of(hours=23) is False
    assert [headers["user-agent"] for headers, _ in site.calls] == ["recruiter-links"] * 2
    assert round_of(hours=2) is True


def test_a_link_that_leads_to_no_address_keeps_nobody_from_the_others(app, acme, alice, site, round_of):
    site.statuses += [302]
    site.headers["Location"] = "https://["
    values = {"title": "Z", "kind": ResourceKind.GUIDE, "cost": Cost.PAID, "language": "de", "url": f"{site.url}?other"}
    with app.app_context(), transaction(acme.id) as session:
        session.add(Resource(firm_id=acme.id, check_at=clock.now(), **values))

    assert round_of() is True
    page = text(alice.browser.get(PAGE))
    assert "It leads to something that is no address." in page
    assert "Not looked at yet" not in page


@pytest.mark.parametrize(
    ("statuses", "words"), [([404], "There is no such page any more."), ([500] * 3, "The site has a fault.")]
)
def test_a_dead_link_is_shown_to_the_firm_and_left_out_of_new_letters(
    alice, bob, maya, guide, site, round_of, change, statuses, words, look
):
    site.statuses += statuses
    change(look(Resource, maya.firm, Resource.title == GUIDE["title"]), check_at=dt.datetime(2199, 1, 1, tzinfo=dt.UTC))
    for number, _ in enumerate(statuses):
        assert library(alice)["Site"]["is_dead"] is False
        round_of(hours=2 if number else 0)
    dead = library(alice)["Site"]
    removed = {"id": str(uuid.uuid4())}
    shown = alice.api.post("/api/v1/notices/preview", json=maya.preview(feedback=gap(dead, removed))).json

    assert f"Left out of letters {words}" in text(alice.browser.get(PAGE))
    assert f"Left out of new letters: {words}" in text(alice.browser.get(f"{PAGE}/{dead['id']}"))
    assert "127.0.0.1" not in shown["page_html"]
    found = {each["message"] for each in shown["findings"] if each["rule"] == "RES-LINK"}
    assert [each["severity"] for each in shown["findings"] if each["rule"] == "RES-LINK"] == ["warn", "warn"]
    assert found == {
        "The link of Site does not answer any more, so the letter leaves it out.",
        "What this gap gave to read is no longer in the library, so the letter leaves it out.",
    }
    page = bob.browser.get(f"/notices/new?application={maya.application.id}")
    assert "Site (Guide, paid), does not answer" not in page.text
    site.statuses.clear()
    round_of(days=1, hours=2)
    assert library(alice)["Site"]["is_dead"] is False


@pytest.mark.parametrize(
    ("statuses", "location", "words"),
    [
        ([301] * 5, "/again", "It leads on and on, and never to a page."),
        ([301], "ftp://elsewhere.example", "The address must begin with https://."),
        ([301, 503], "", "It leads on and on, and never to a page."),
    ],
)
def test_what_may_pass_is_looked_at_again_before_it_counts(alice, site, round_of, statuses, location, words):
    site.statuses += statuses
    site.headers["Location"] = location
    round_of()

    assert library(alice)["Site"]["is_dead"] is False
    assert re.search(rf"Looked at again soon {words}", text(alice.browser.get(PAGE)))


def test_no_link_leads_a_look_to_a_private_address(alice, site, round_of, configured):
    configured(webhook_allow_private=False)
    round_of()

    assert "The address must begin with https://." in text(alice.browser.get(PAGE))
    assert site.calls == []


@pytest.mark.parametrize("removed", [True, False])
def test_a_link_that_was_changed_or_removed_meanwhile_is_not_judged(app, alice, site, change, look, acme, removed):
    entry = look(Resource, acme)
    site.statuses.append(404)
    site.gate.clear()
    with ThreadPoolExecutor(1) as pool:
        looked = pool.submit(in_context, app, looking.look)
        site.wait_for(1)
        if removed:
            alice.browser.post(f"{PAGE}/{entry.id}/remove")
        else:
            change(entry, check_at=clock.now())
        site.gate.set()
        assert looked.result() is True

    assert [each["is_dead"] for each in library(alice).values()] == ([] if removed else [False])


def in_context(app, work):
    with app.app_context():
        return work()


def test_the_links_of_the_sample_firm_are_left_alone(app, acme, site, round_of, change):
    change(acme, is_sample=True)

    assert round_of() is False
    assert site.calls == []
