from tests import build


def test_the_record_shows_the_person(app, acme, alice):
    with app.app_context():
        maya = build.candidate(acme, location="Lisbon", time_zone="Europe/Lisbon")
        build.application(acme, maya, build.job(acme))
    page = alice.browser.get(f"/candidates/{maya.id}").text
    assert "Maya Ferreira" in page
    assert "Data Engineer" in page
    assert maya.email in page


def test_a_viewer_sees_no_address(app, acme, vera):
    with app.app_context():
        maya = build.candidate(acme)
    assert maya.email not in vera.browser.get(f"/candidates/{maya.id}").text


def test_an_empty_outbox_says_so(alice):
    assert "Nothing is waiting to leave." in alice.browser.get("/outbox").text
    assert "Nothing has left yet." in alice.browser.get("/outbox?tab=sent").text
    assert alice.browser.get("/outbox?tab=nonsense").status_code == 404
