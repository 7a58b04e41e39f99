"""The pages about a person: add, edit, and whether mail goes there."""

import datetime as dt
import re

import pytest

from recruiter.db.session import transaction
from recruiter.outbox import suppressions
from recruiter.outbox.suppressions import Suppress
from tests import build

MAYA = {"name": "Maya Ferreira", "email": "maya@example.com"}


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def only(person):
    return person.api.get("/api/v1/candidates").json["items"][0]


def test_a_person_is_added_and_their_record_opened(alice):
    answer = alice.browser.post(
        "/candidates/new",
        data=MAYA | {"emails": "b@example.com\r\nc@example.com", "skills": "C++, Kafka; .NET", "country": "pt"},
    )

    made = only(alice)
    assert answer.status_code == 303
    assert answer.location == f"/candidates/{made['id']}"
    assert made["emails"] == ["maya@example.com", "b@example.com", "c@example.com"]
    assert made["skills"] == [".NET", "C++", "Kafka"]
    assert made["country"] == "PT"


def test_country_and_language_are_read_in_words_and_kept_as_codes(alice):
    answer = alice.browser.post("/candidates/new", data=MAYA | {"country": "PT", "language": "pt-BR"})

    record = text(alice.browser.get(answer.location))
    assert "Country Portugal" in record
    assert "Language Portuguese (Brazil)" in record
    assert (only(alice)["country"], only(alice)["language"]) == ("PT", "pt-BR")
    form = alice.browser.get(f"{answer.location}/edit").text
    assert '<option value="PT" selected>Portugal</option>' in form
    assert '<option value="pt-BR" selected>Portuguese (Brazil)</option>' in form


@pytest.mark.parametrize(
    ("language", "words"), [("gsw-LI", "Swiss German (Liechtenstein)"), ("uz-Cyrl", "Uzbek (Cyrillic)"), ("qzz", "qzz")]
)
def test_a_language_that_is_rarely_chosen_stays_chosen(alice, language, words):
    path = f"/candidates/{alice.api.post('/api/v1/candidates', json=MAYA | {'language': language}).json['id']}"

    assert f"Language {words}" in text(alice.browser.get(path))
    assert f'<option value="{language}" selected>{words}</option>' in alice.browser.get(f"{path}/edit").text


def test_a_known_person_is_found_again(alice):
    alice.browser.post("/candidates/new", data=MAYA)
    answer = alice.browser.post("/candidates/new", data=MAYA | {"location": "Lisbon"}, follow_redirects=True)

    assert "This person was known. What was empty is filled." in text(answer)
    assert len(alice.api.get("/api/v1/candidates").json["items"]) == 1


def test_what_is_wrong_stands_on_top_and_at_the_field_and_answers_are_kept(alice):
    answer = alice.browser.post("/candidates/new", data={"name": "Maya <b>", "email": "maya", "emails": "x\ny"})

    assert answer.status_code == 422
    assert "<title>Error: Add a candidate" in answer.text
    assert answer.text.count("Enter an address such as name@example.com.") == 4
    assert 'value="Maya &lt;b&gt;"' in answer.text
    assert "x\ny</textarea>" in answer.text


def test_an_address_that_few_mail_servers_take_is_refused_with_what_to_do(alice):
    answer = alice.browser.post("/candidates/new", data=MAYA | {"email": "müller@example.org"})

    assert answer.status_code == 422
    assert "Few mail servers take letters such as ü or é before the @. Ask for another address." in answer.text


def test_two_people_under_one_entry_are_refused_in_words(alice):
    alice.browser.post("/candidates/new", data=MAYA | {"external_id": "gh-1"})
    alice.browser.post("/candidates/new", data={"name": "Ana", "email": "ana@example.com"})

    answer = alice.browser.post(
        "/candidates/new", data={"name": "?", "email": "ana@example.com", "external_id": "gh-1"}
    )

    assert answer.status_code == 422
    assert "belong to different people" in text(answer)


def test_the_form_comes_filled_and_saves_a_change(alice):
    alice.browser.post("/candidates/new", data=MAYA | {"emails": "b@example.com", "skills": "C++", "phone": "123"})
    url = f"/candidates/{only(alice)['id']}/edit"

    form = alice.browser.get(url).text
    seen = re.search(r'name="seen" value="([^"]+)"', form)[1]
    answer = alice.browser.post(url, data=MAYA | {"location": "Porto", "seen": seen})

    assert "b@example.com</textarea>" in form
    assert 'value="123"' in form
    assert answer.status_code == 303
    assert only(alice)["location"] == "Porto"
    assert only(alice)["emails"] == ["maya@example.com"]
    assert only(alice)["skills"] == []


def test_somebody_elses_change_is_not_overwritten(alice, bob):
    alice.browser.post("/candidates/new", data=MAYA)
    url = f"/candidates/{only(alice)['id']}/edit"
    seen = re.search(r'name="seen" value="([^"]+)"', alice.browser.get(url).text)[1]
    bob.browser.post(url, data=MAYA | {"location": "Porto", "seen": seen})

    answer = alice.browser.post(url, data=MAYA | {"location": "Faro", "seen": seen})

    assert answer.status_code == 422
    assert "Somebody changed this meanwhile" in text(answer)
    assert only(alice)["location"] == "Porto"


def test_mail_to_an_address_is_stopped_with_a_reason_and_let_go_again(alice):
    alice.browser.post("/candidates/new", data=MAYA | {"emails": "b@example.com"})
    url = f"/candidates/{only(alice)['id']}/mail"

    nameless = alice.browser.post(f"{url}/stop", data={"address": "maya@example.com"})
    alice.browser.post(f"{url}/stop", data={"address": "MAYA@example.com", "reason": "She asked for calls only"})
    stopped = text(alice.browser.get(url))
    alice.browser.post(f"{url}/start", data={"address": "maya@example.com"})
    again = alice.browser.post(f"{url}/start", data={"address": "maya@example.com"}, follow_redirects=True)

    assert nameless.status_code == 422
    assert "Say why" in text(nameless)
    assert "She asked for calls only" in stopped
    assert "She asked for calls only" not in text(again)


def test_until_when_an_address_rests_and_what_to_do_is_said(app, alice, vera, acme):
    person = f"/candidates/{alice.api.post('/api/v1/candidates', json=MAYA).json['id']}"
    ends = dt.datetime(2099, 12, 22, 12, tzinfo=dt.UTC)
    with app.app_context(), transaction(acme.id) as session:
        full = Suppress(address="maya@example.com", reason="The mailbox was full.", expires_at=ends)
        suppressions.suppress(session, acme.id, full)

    shown = alice.browser.get(person)
    assert ", until 22 December 2099: The mailbox was full." in text(shown)
    assert f'<a href="{person}/mail">What to do</a>' in shown.text
    page = alice.browser.get(f"{person}/mail")
    assert ", until 22 December 2099: The mailbox was full." in text(page)
    assert f'<a href="{person}/edit">put it right</a>' in page.text
    assert "What to do" not in vera.browser.get(person).text


def test_only_an_address_of_the_person_is_stopped(alice):
    alice.browser.post("/candidates/new", data=MAYA)
    url = f"/candidates/{only(alice)['id']}/mail/stop"

    assert alice.browser.post(url, data={"address": "x@example.com", "reason": "x"}).status_code == 404


def test_a_person_without_an_address_says_so(app, alice, acme):
    with app.app_context():
        person = build.candidate(acme)
        build.without_addresses(person)

    assert "We have no address of this person." in text(alice.browser.get(f"/candidates/{person.id}/mail"))
    assert alice.browser.get(f"/candidates/{person.id}/edit").status_code == 200


@pytest.mark.parametrize("view", ["edit", "mail"])
def test_viewers_and_outsiders_see_no_addresses(app, acme, vera, charlie, view):
    with app.app_context():
        person = build.candidate(acme)

    assert vera.browser.get(f"/candidates/{person.id}/{view}").status_code == 403
    assert charlie.browser.get(f"/candidates/{person.id}/{view}").status_code == 404


def test_the_empty_form_is_shown(alice, vera):
    assert "Add a candidate" in text(alice.browser.get("/candidates/new"))
    assert vera.browser.get("/candidates/new").status_code == 403
