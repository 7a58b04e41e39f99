"""The candidate's page in the language the letter was sent into: every word of the frame, its dates, its direction."""

import datetime as dt
import html
import re
from html.parser import HTMLParser

import pytest

from recruiter import clock
from recruiter.candidates.models import Candidate
from recruiter.db.base import new_id
from recruiter.db.session import transaction
from recruiter.notices.models import FeedbackPage, Notice
from recruiter.talent_pool import links
from recruiter.talent_pool.models import Membership
from recruiter.texts.models import Template, TemplateVersion, TextKind, VersionState
from recruiter.translations import catalogues, days
from recruiter.translations.catalogues import TRANSLATED
from tests.slices.portal.conftest import open_letter

# What the firm and the person wrote; the rest of a page is ours.
WRITTEN = re.compile(r'<p class="(?:letter__text|fb__text|thread__said)".*?</p>|<textarea.*?</textarea>', re.DOTALL)
NAMES = {"A", "AA", "Alice", "Alice Adams", "Alice Adams, Acme Staffing", "Acme Staffing", "Data Engineer"}
POINTS = {"Data modelling", "Streaming pipelines", ": Streaming pipelines", ", the exercise", ", the second call"}
POINTS |= {"Works with late and repeated events", "A small project with windowing and replay."}
# Another language may have the very word.
SAME = {"Talent pool", "15 minutes."}
LONG_ENOUGH = "We will not be taking your application further. You can reply to this email. " * 4


class _Texts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_data(self, data):
        if any(letter.isalpha() for letter in data):
            self.found.add(" ".join(data.split()))


def texts(*pages):
    """What these pages say besides what people wrote."""
    reader = _Texts()
    for page in pages:
        reader.feed(WRITTEN.sub("", page))
    return reader.found


@pytest.fixture
def speak(reader, acme, change, look):
    """Make the letter one that was sent into another language."""

    def speak(tag, written_in="en"):
        notice = look(Notice, acme)
        change(notice, data=notice.data | {"language": tag, "written_in": written_in})

    return speak


def wrong():
    """Every way in which a form can be sent in vain."""
    sent = [("ask", "text", ""), ("ask", "text", "x" * 1001), ("call", "text", "\x00"), ("pool", "choice", "")]
    sent += [("pool", "choice", "perhaps"), ("rate", "score", ""), ("rate", "score", "9"), ("rate", "score", "much")]
    return [(where, {name: value}) for where, name, value in sent]


def deeds(reader):
    """What a person does, one after the other, and what the page then confirms."""
    said = {"text": "Warum?"}
    point = reader.point
    done = [("ask", said, "ask"), ("call", said, "call"), (f"point/{point}", said, f"point-{point}")]
    return [*done, ("thanks", {}, "thanks"), ("rate", {"score": 4}, "rate"), ("pool", {"choice": "no"}, "pool")]


@pytest.mark.once
@pytest.mark.slow
def test_nothing_of_a_page_is_left_in_english(reader, speak):
    said = {"en": set(), **{tag: set() for tag in TRANSLATED}}

    def read(*asked):
        """Take in what a page says in each language."""
        for tag, found in said.items():
            speak(tag, tag)
            shown = [reader.client.post(f"{reader.base}/{where}", data=form).text for where, form in asked]
            found.update(texts(*shown or [reader.page(), reader.page(f"?done={read.done}")]))

    read.done = ""
    read(*wrong())
    for where, form, read.done in deeds(reader):
        reader.send(where, **form)
        read()
    reader.send("pool", choice="yes")
    read()

    english = said.pop("en") - NAMES - POINTS - SAME
    assert len(english) > 60
    assert {tag: found & english for tag, found in said.items()} == {tag: set() for tag in TRANSLATED}


def test_a_person_reads_german_from_the_mail_to_the_end_of_the_page(
    app, acme, alice, maya, deliver, smtp_sink, change, look, time_machine
):
    time_machine.move_to(dt.datetime(2025, 11, 20, 10, tzinfo=dt.UTC))
    template(app, acme, "de")
    change(maya.candidate, language="de")
    reader = open_letter(app, alice, maya, deliver, smtp_sink, template="own")
    change(maya.candidate, language="fr")

    assert smtp_sink.messages[-1]["Content-Language"] == "de"
    response = reader.client.get(reader.base)
    page = response.text
    assert response.headers["Content-Language"] == "de"
    assert '<article class="letter note" lang="de" dir="ltr"' in page
    assert "Donnerstag, 20. November 2025" in page
    assert '>Ihre Bewerbung als <bdi class="keep">Data Engineer bei Lumen Grid</bdi><' in page
    assert "bis zum 18. Februar 2026 offen" in page
    assert "<bdi>Alice</bdi> antwortet bis Montag, 24. November." in page
    assert "Ja, für 12 Monate" in page
    assert "Was die Stelle verlangt" in page

    long = reader.client.post(f"{reader.base}/ask", data={"text": "x" * 1234})
    assert "auf 1.000 Zeichen, er hat 1.234." in long.text
    assert "Wählen Sie eine der beiden Antworten" in reader.client.post(f"{reader.base}/pool", data={}).text

    reader.send("pool", choice="yes")
    proof = look(Membership, acme).evidence
    assert proof["text_version"] == "page-2026-11-de"

    change(look(FeedbackPage, acme), revoked_at=clock.now())
    closed = reader.client.get(reader.base)
    assert (closed.status_code, closed.headers["Content-Language"]) == (410, "de")
    assert "Dieser Link gilt nicht mehr" in closed.text


def test_who_has_no_language_gets_the_firm_s(app, acme, alice, maya, deliver, smtp_sink, change):
    change(acme, language="fr")
    page = open_letter(app, alice, maya, deliver, smtp_sink, reason="", feedback={}).page()
    assert '<html lang="fr"' in page
    assert "Nous ne donnerons pas suite à votre candidature au poste" in page


def test_a_replaced_link_closes_in_the_firm_s_language(acme, alice, reader, deliver, change):
    change(acme, language="de", name="50 % <b>Acme</b>")
    alice.browser.post(f"/notices/{reader.notice['id']}/link")
    deliver()

    page = reader.client.get(reader.base).text
    assert "Wenn Sie eine neuere E-Mail von <bdi>50 % &lt;b&gt;Acme&lt;/b&gt;</bdi> haben" in page


@pytest.mark.once
def test_a_language_from_right_to_left_mirrors_the_page_and_keeps_names_apart(reader, speak):
    speak("ar")
    page = reader.page()

    assert '<html lang="en" dir="rtl"' in page
    assert '<article class="letter note" lang="en" dir="ltr"' in page
    assert "<bdi>Alice</bdi> answers by" in page

    speak("he", "he")
    assert '<article class="letter note" lang="he" dir="rtl"' in reader.page()


def test_a_mail_runs_in_the_direction_of_its_own_words(app, acme, alice, maya, deliver, smtp_sink, change):
    template(app, acme, "ar", mail_body=f"{LONG_ENOUGH}\n\n[مرحبا]({{{{ candidate.page_url }}}})")
    change(maya.candidate, language="ar")
    open_letter(app, alice, maya, deliver, smtp_sink)

    mail = smtp_sink.messages[-1].get_body(("html",)).get_content()
    assert '<html lang="ar" dir="rtl">' in mail


@pytest.mark.parametrize(
    ("asked", "words", "title"),
    [
        ("DE-ch, fr;q=0.5", "de", "Seite nicht gefunden"),
        ("pt, fr;q=0.5", "fr", "Page introuvable"),
        ("ar", "en", "This is not here"),
        ("", "en", "This is not here"),
    ],
)
def test_an_error_is_in_the_language_that_the_browser_asks_for(client, acme, asked, words, title):
    for path in (f"/f/{'x' * 43}", f"/p/{'x' * 43}"):
        response = client.get(path, headers={"Accept-Language": asked})
        assert (response.status_code, response.headers["Content-Language"]) == (404, words)
        assert title in response.text


def test_the_way_out_of_the_pool_speaks_the_person_s_language(app, acme, reader, change, look):
    reader.send("pool", choice="yes")
    change(look(Candidate, acme), language="fr")
    with app.app_context():
        path = f"/p/{links.token(look(Membership, acme).id)}"

    asked, left, again = (reader.client.open(path, method=method) for method in ("GET", "POST", "GET"))
    assert asked.headers["Content-Language"] == "fr"
    assert "conserve votre profil jusqu\u2019au" in html.unescape(asked.text)
    assert "Vous avez quitté le vivier" in left.text
    assert "ne vous écrit pas" in again.text


def test_the_preview_is_in_the_person_s_language_inside_pages_in_english(app, acme, alice, maya, change):
    template(app, acme, "de")
    change(maya.candidate, language="de")
    body = {name: value for name, value in maya.body().items() if name not in {"hold_minutes", "timing"}}

    shown = alice.api.post("/api/v1/notices/preview", json=body).json["page_html"]
    assert '<html lang="de"' in shown
    assert "Vorschau. Die Schaltflächen haben keine Wirkung." in shown
    composer = alice.browser.get(f"/notices/new?application={maya.application.id}").text
    assert '<html lang="en"' in composer


@pytest.mark.once
@pytest.mark.parametrize(
    ("tag", "day", "written", "number"),
    [
        ("en", dt.date(2025, 11, 20), "Thursday 20 November 2025", "1,000"),
        ("en-US", dt.date(2025, 11, 20), "Thursday, November 20, 2025", "1,000"),
        ("de", dt.date(2025, 12, 1), "Montag, 1. Dezember 2025", "1.000"),
        ("fr", dt.date(2025, 12, 1), "lundi 1er décembre 2025", "1\u202f000"),
        ("fr-CA", dt.date(2025, 12, 2), "mardi 2 décembre 2025", "1\xa0000"),
    ],
)
def test_dates_and_numbers_are_written_as_readers_write_them(tag, day, written, number):
    with catalogues.writing_to(tag):
        assert (days.full_day(day), days.number(1000)) == (written, number)


def template(app, firm, language, **words):
    """A published template of a language."""
    said = {
        "subject": "{{ job.title }}",
        "mail_body": f"Guten Tag,\n\n{LONG_ENOUGH}\n\n[Ihre Seite]({{{{ candidate.page_url }}}})",
        "page_body": "Guten Tag {{ candidate.full_name }},",
        "page_closing": "",
    }
    row = Template(
        id=new_id(),
        firm_id=firm.id,
        kind=TextKind.REJECTION,
        slug="own",
        name="Own",
        language=language,
        archived_at=None,
    )
    with app.app_context(), transaction(firm.id) as session:
        session.add(row)
        session.flush()
        session.add(
            TemplateVersion(
                firm_id=firm.id,
                template_id=row.id,
                number=1,
                state=VersionState.PUBLISHED,
                published_at=clock.now(),
                **said | words,
            )
        )
