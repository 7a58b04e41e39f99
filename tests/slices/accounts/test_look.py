"""A firm's one colour, judged by contrast, on the pages and in the mails of its candidates; and its language."""

import re

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from recruiter.accounts import branding
from recruiter.audit.models import AuditEntry
from recruiter.db.session import reading
from tests.maya import case
from tests.people import Browser

LOOK = {"colour": "#aa3322", "language": "en"}


@pytest.fixture
def look(alice):
    """Send the form, and return the answer."""

    def send(**values):
        return alice.browser.post("/settings/look", data=LOOK | values)

    return send


@pytest.fixture
def stylesheet(client):
    """The styles that a page asks for."""

    def read(page, **headers):
        return client.get(re.search(r'<link rel="stylesheet" href="([^"]+)"', page)[1], headers=headers)

    return read


@pytest.mark.parametrize(
    ("typed", "light", "dark"),
    [
        ("#aa3322", "#aa3322", "#ca8176"),
        ("0055FF", "#0055ff", "#578fff"),
        ("#036", "#003366", "#7a95af"),
        ("#000000", "#000000", "#949494"),
        ("#1e5b49", "#1e5b49", "#769b90"),
        ("", "#1e5b49", "#7cc6a9"),
    ],
)
def test_a_colour_in_which_text_can_be_read_is_taken(alice, look, typed, light, dark):
    assert look(colour=typed).status_code == 303

    page = alice.browser.get("/settings/look").text
    assert ("Saved. Text in" in page) == bool(typed)
    assert f"In use on light pages: {light}, " in page
    assert f"In use on dark pages: {dark}, " in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (
            "#f2c94c",
            "Text in #f2c94c reaches 1.3 : 1 on light pages and needs 4.5 : 1. The nearest that does is #7b6727",
        ),
        ("#ffffff", "Text in #ffffff reaches 1.0 : 1 on light pages"),
        ("#ff0000", "Text in #ff0000 reaches 3.3 : 1 on light pages"),
        ("#6b6b6b", "Text in #6b6b6b reaches 4.4 : 1 on light pages"),
        ("green", "Use six digits from 0 to f, such as #1e5b49."),
        ("#12345", "Use six digits from 0 to f, such as #1e5b49."),
        ("#\uff11\uff12\uff13\uff14\uff15\uff16", "Use six digits from 0 to f, such as #1e5b49."),
    ],
)
def test_any_other_is_refused_with_its_ratio_and_the_nearest_that_will_do(alice, look, typed, words):
    answer = look(colour=typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert "In use on light pages: #1e5b49" in alice.browser.get("/settings/look").text
    for nearest in re.findall(r'name="instead" value="(#[0-9a-f]{6})"', answer.text):
        assert look(colour=typed, instead=nearest).status_code == 303


@given(st.integers(0, 0xFFFFFF).map("#{:06x}".format))
def test_whatever_the_colour_all_that_is_made_of_it_can_be_read(colour):
    made = branding.palette(colour)

    for shades, paper in ((made.light, branding.LIGHT), (made.dark, branding.DARK)):
        for ink in (shades.brand, *paper.inks):
            assert branding.contrast(ink, shades.tint) >= branding.NEEDED
        for ground in paper.grounds:
            assert branding.contrast(shades.brand, ground) >= branding.NEEDED
        for button in (shades.brand, shades.hover):
            assert branding.contrast(shades.on_brand, button) >= branding.NEEDED
    assert (made.light.brand == colour) == (branding.on_light(colour) >= branding.NEEDED)


def test_mails_and_pages_of_candidates_carry_the_colour_for_ever(app, acme, alice, look, stylesheet):
    look()
    maya = case(app, acme)
    queued = alice.api.post("/api/v1/notices", json=maya.body()).json
    mail = alice.api.post("/api/v1/notices/preview", json=_words(maya)).json["html"]
    look(colour="#0055ff")

    page = Browser(app, app.response_class).get(queued["feedback_url"].removeprefix("http://localhost")).text
    styles = stylesheet(page)
    assert "--c-brand:#aa3322" in styles.text
    assert "--c-brand:#ca8176" in styles.text
    assert (styles.mimetype, styles.headers["Cache-Control"]) == ("text/css", "public, max-age=31536000, immutable")
    assert stylesheet(page, **{"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
    assert "background-color: #aa3322" in mail
    assert "#ca8176" in mail


def test_who_chose_nothing_shares_the_styles_of_all(app, acme, alice):
    page = alice.api.post("/api/v1/notices/preview", json=_words(case(app, acme))).json["page_html"]
    assert "/static/dist/candidate-" in page


def test_only_colours_and_the_styles_of_today_have_an_address(client, acme, app, alice, look):
    look()
    page = alice.api.post("/api/v1/notices/preview", json=_words(case(app, acme))).json["page_html"]
    path = re.search(r'href="(/brand/aa3322/[^"]+)"', page)[1]
    for wrong in (path.replace("aa3322", "abc"), path.replace("aa3322", "zzzzzz"), path.replace("candidate-", "main-")):
        assert client.get(wrong).status_code == 404


def test_the_firm_s_language_is_for_who_has_none_and_for_admins_to_choose(app, acme, alice, bob, look):
    look(language="fr")
    page = alice.api.post("/api/v1/notices/preview", json=_words(case(app, acme))).json["page_html"]
    assert '<html lang="fr"' in page
    assert '<option value="fr" selected>French</option>' in alice.browser.get("/settings/look").text
    assert look(language="").status_code == 422
    assert bob.browser.post("/settings/look", data=LOOK).status_code == 403


def test_what_is_kept_is_in_the_audit_once(app, acme, look):
    look(language="fr")
    look(language="fr")
    with app.app_context(), reading(acme.id) as session:
        entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "firm.changed"))
        assert [entry.details for entry in entries] == [{"fields": ["colour", "language"]}]


def _words(maya):
    return {name: value for name, value in maya.body().items() if name not in {"hold_minutes", "timing"}}
