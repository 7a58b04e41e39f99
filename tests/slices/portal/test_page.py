"""The candidate's page: the letter at once, then what she may do, each of it kept once and shown to the firm."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from recruiter import clock
from recruiter.candidates.models import Candidate
from recruiter.db.session import reading
from recruiter.notices.models import FeedbackPage, Notice, Rating
from recruiter.tables import metadata
from recruiter.texts.models import Template
from recruiter.web.jinja import day


def rows(app, firm):
    """How many rows each table has."""
    with app.app_context(), reading(firm.id) as session:
        tables = [table for table in metadata.sorted_tables if "firm_id" in table.columns]
        return {t.name: session.scalar(sa.select(sa.func.count()).select_from(t)) for t in tables}


def test_the_letter_stands_at_once_with_its_points(reader):
    page = reader.page()
    assert "Hello Maya" in page
    assert "We will not be taking your application further" in page
    assert "Data modelling" in page
    assert "Works with late and repeated events" in page
    assert "Alice Adams" in page


def test_reading_changes_nothing_and_sets_no_cookie(app, acme, reader):
    before = rows(app, acme)
    for method in ("get", "head", "get"):
        response = getattr(reader.client, method)(reader.base)
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers
        assert response.headers["Referrer-Policy"] == "no-referrer"
    assert rows(app, acme) == before


def test_thanks_are_kept_once_and_can_be_taken_back(alice, reader):
    said = reader.send("thanks")
    assert "You said thanks" in said
    assert f'action="{reader.base}/thanks/undo"' in said
    reader.send("thanks")
    assert [item["kind"] for item in alice.api.get("/api/v1/responses").json["items"]] == ["thanks"]

    assert "Say thanks" in reader.send("thanks/undo")
    reader.send("thanks/undo")
    assert alice.api.get("/api/v1/responses").json["items"] == []


def test_a_question_a_response_and_a_wish_for_a_call_reach_the_firm(alice, maya, reader):
    asked = reader.send("ask", text="Which <b>tool</b> do you use?")
    assert "Which &lt;b&gt;tool&lt;/b&gt; do you use?" in asked
    reader.send(f"point/{reader.point}", text="I did stream processing at Alder.", differs="yes")
    reader.send("call", text="Mornings, Lisbon time.")

    items = alice.api.get(f"/api/v1/responses?candidate_id={maya.candidate.id}").json["items"]
    assert [item["kind"] for item in items] == ["question", "point", "call"]
    assert items[1]["disagrees"] is True
    today = alice.browser.get("/today").text
    assert "asked a question" in today
    assert "disagrees with a point" in today
    assert "would like a call" in today
    assert "Asked a question" in alice.browser.get(f"/candidates/{maya.candidate.id}").text


def test_on_return_a_line_says_what_was_written_last(alice, reader, time_machine):
    monday = clock.now().replace(hour=10) + dt.timedelta(days=7 - clock.now().weekday())
    wednesday, thursday = (monday + dt.timedelta(days=days) for days in (2, 3))
    time_machine.move_to(monday, tick=False)
    just_sent = reader.send("ask", text="Which tool do you use?")
    assert "You asked a question</a> on" not in just_sent

    def line():
        page = re.sub("</?bdi>", "", reader.page())
        found = re.search(r'<a href="#(section-[^"]+)">(You [^<]+)</a>(.*?)</span>', page, re.DOTALL)
        return found and (found[1], re.sub(r"\s+", " ", found[2] + found[3]))

    assert line() == (
        "section-ask",
        f"You asked a question on {day(monday)}. Alice answers by {day(wednesday)}.",
    )
    time_machine.move_to(thursday, tick=False)
    assert line()[1].endswith("has not answered yet.")

    [question] = alice.api.get("/api/v1/responses").json["items"]
    assert alice.api.post(f"/api/v1/responses/{question['id']}/answer", json={"text": "Ours."}).status_code == 201
    assert line()[1].endswith(f"Alice answered on {day(thursday)}.")

    reader.send("call", text="Mornings.")
    assert line()[:1] == ("section-call",)
    reader.send(f"point/{reader.point}", text="I did that at Alder.")
    assert line()[0].startswith("section-point-")


def test_nothing_was_written_so_no_line_says_it(reader):
    assert "You asked" not in reader.page()
    reader.send("thanks")
    assert "has not answered yet" not in reader.page()


@pytest.mark.parametrize(
    ("where", "text", "words"),
    [
        ("ask", "", "Write what you would like to say."),
        ("call", " ", "Write what you would like to say."),
        ("ask", "x" * 1001, "Shorten this to 1,000 characters; it has 1,001."),
        ("ask", "a\x00b", "Leave out control characters."),
    ],
)
def test_what_cannot_be_kept_is_shown_again_with_the_reason(app, acme, reader, where, text, words):
    before = rows(app, acme)
    response = reader.client.post(f"{reader.base}/{where}", data={"text": text})
    assert response.status_code == 422
    assert words in response.text
    assert "Error: " in response.text
    if len(text) > 1000:
        assert text in response.text
    assert rows(app, acme) == before


def test_a_response_to_a_point_of_another_letter_is_not_found(app, acme, reader):
    other = "01900000-0000-7000-8000-000000000000"
    assert reader.client.post(f"{reader.base}/point/{other}", data={"text": "Hello"}).status_code == 404
    assert reader.client.post(f"{reader.base}/point/not-an-id", data={"text": "Hello"}).status_code == 404


def test_what_a_robot_sends_is_thrown_away(alice, reader):
    reader.send("ask", text="Buy now", website="https://spam.example.com")
    assert alice.api.get("/api/v1/responses").json["items"] == []


def test_after_twenty_a_day_no_more_is_taken(alice, reader):
    for number in range(20):
        reader.send("ask", text=f"Question {number}")
    response = reader.client.post(f"{reader.base}/ask", data={"text": "One more"})
    assert response.status_code == 422
    assert "tomorrow" in response.text
    assert len(alice.api.get("/api/v1/responses").json["items"]) == 20


def test_the_pool_is_a_choice_that_can_be_changed(alice, maya, reader):
    assert "checked" not in reader.page()
    assert reader.client.post(f"{reader.base}/pool", data={}).status_code == 422

    assert "You are in our talent pool until" in reader.send("pool", choice="yes")
    [member] = alice.api.get("/api/v1/talent-pool").json["items"]
    reader.send("pool", choice="yes")
    assert alice.api.get("/api/v1/talent-pool").json["items"] == [member]
    assert member["candidate_id"] == str(maya.candidate.id)

    assert "You are not in our talent pool" in reader.send("pool", choice="no")
    assert alice.api.get("/api/v1/talent-pool").json["items"] == []


def test_a_rating_belongs_to_nobody(app, acme, alice, reader):
    before = rows(app, acme)
    assert reader.client.post(f"{reader.base}/rate", data={}).status_code == 422
    assert reader.client.post(f"{reader.base}/rate", data={"score": "6"}).status_code == 422
    assert "counted without your name" in reader.send("rate", score="4", comment="More examples.")
    reader.send("rate", score="1")
    assert reader.client.post(f"{reader.base}/rate", data={"score": "2", "comment": "x" * 1001}).status_code == 422

    after = rows(app, acme)
    assert {name for name in after if after[name] != before[name]} == {"ratings"}
    with app.app_context(), reading(acme.id) as session:
        words = session.scalars(sa.select(Template).where(Template.rated > 0)).one()
        assert (words.slug, words.language, words.rated, words.rated_useful) == ("after-final", "en", 1, 1)
        [rating] = session.scalars(sa.select(Rating))
        assert (rating.value, rating.comment, rating.month.day) == (4, "More examples.", 1)
        assert rating.id.version == 4
    assert "More examples." not in alice.browser.get("/today").text


def test_an_expired_page_says_so_without_naming_anybody(reader, time_machine):
    time_machine.move_to(clock.now() + dt.timedelta(days=91))
    response = reader.client.get(reader.base)
    assert response.status_code == 410
    assert "This page has closed" in response.text
    assert "Maya" not in response.text
    assert reader.client.post(f"{reader.base}/thanks").status_code == 410


def test_a_closed_page_tells_the_day_where_its_reader_lives(acme, reader, change, look):
    change(look(Candidate, acme), time_zone="Pacific/Auckland")
    change(look(FeedbackPage, acme), expires_at=dt.datetime(2025, 3, 2, 20, tzinfo=dt.UTC))
    assert "3 March 2025" in reader.client.get(reader.base).text


def test_a_withdrawn_link_says_so_without_naming_anybody(app, acme, reader, change, look):
    change(look(FeedbackPage, acme), revoked_at=clock.now())
    response = reader.client.get(reader.base)
    assert response.status_code == 410
    assert "This link is no longer in use" in response.text
    assert "Maya" not in response.text


def test_a_link_that_newer_ones_replaced_says_so_without_naming_anybody(alice, reader, deliver, smtp_sink):
    for _ in range(2):
        alice.browser.post(f"/notices/{reader.notice['id']}/link")
        deliver()
    first, second, newest = (
        re.search(r"/f/[\w-]{43}", mail.get_body(("plain",)).get_content())[0] for mail in smtp_sink.messages
    )

    assert reader.client.get(newest).status_code == 200
    for old in (first, second):
        response = reader.client.get(old)
        assert response.status_code == 410
        assert "If you have a newer email from" in response.text
        assert "Maya" not in response.text
        assert reader.client.post(f"{old}/thanks").status_code == 410


def test_a_guessed_link_opens_nothing(client, acme):
    for token in ("x" * 43, "the-link-is-in-the-mail", "%00"):
        assert client.get(f"/f/{token}").status_code == 404
        assert client.post(f"/f/{token}/thanks").status_code == 404


def test_a_notice_that_is_still_held_opens_nothing(app, alice, maya, client):
    notice = alice.api.post("/api/v1/notices", json=maya.body(hold_minutes=30)).json
    path = notice["feedback_url"].removeprefix("http://localhost")
    assert client.get(path).status_code == 404


def test_the_print_page_carries_its_script_and_nothing_else(reader):
    assert "print" in reader.page("?print=1")
    assert "<script" not in reader.page()


def test_only_what_the_letter_offers_is_there(app, acme, alice, maya, reader, change, look):
    notice = look(Notice, acme)
    change(notice, data=notice.data | {"offers": [], "pool": {"offer": False, "months": 12}})
    page = reader.page()
    assert "Ask for a call" not in page
    assert "Should we keep you in mind?" not in page
    assert "Was this feedback useful" not in page
