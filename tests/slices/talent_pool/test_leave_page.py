import datetime as dt

import pytest

from recruiter.audit.models import ActorKind, AuditEntry
from recruiter.talent_pool import links
from recruiter.talent_pool.models import Membership


@pytest.fixture
def strict(app):
    """The application as it is served: with CSRF protection."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def link(app, pool):
    """Maya's way out."""
    pool.member("Maya Ferreira")
    with app.app_context():
        return f"/p/{links.token(pool.rows(Membership)[0].id)}"


def test_looking_shows_a_button_and_changes_nothing(strict, client, link, pool):
    page = client.get(link)

    assert page.status_code == 200
    assert "Leave the talent pool?" in page.text
    assert '<form method="post">' in page.text
    assert client.head(link).status_code == 200
    assert len(pool.ids()) == 1
    assert "Set-Cookie" not in page.headers


def test_one_click_leaves_at_once_without_cookie_or_token(strict, client, link, pool):
    answer = client.post(link, data={"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
    assert "You have left the talent pool" in answer.text
    assert pool.ids() == []
    assert pool.rows(AuditEntry, AuditEntry.action == "pool.left")[0].actor_kind is ActorKind.CANDIDATE
    assert pool.rows(Membership)[0].left_how == "link"


def test_leaving_twice_is_as_good_as_once(client, link, pool):
    client.post(link)

    assert client.post(link).status_code == 200
    assert "You are not in the talent pool" in client.get(link).text
    assert len(pool.rows(AuditEntry, AuditEntry.action == "pool.left")) == 1


def test_the_link_of_an_earlier_yes_ends_a_later_one(client, link, pool):
    pool.join(pool.ids()[0])

    client.post(link)

    assert pool.ids() == []


def test_the_page_says_nothing_about_the_person(client, link):
    page = client.get(link)

    assert "Maya" not in page.text
    assert "Acme Staffing" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("token", ["guessed", "a" * 43, "%00", "a" * 3000])
def test_a_link_that_is_not_ours_is_not_found(client, method, token):
    answer = getattr(client, method)(f"/p/{token}")

    assert answer.status_code == 404
    assert "Today" not in answer.text


def test_a_membership_that_has_ended_needs_no_button(client, link, pool, today):
    pool.last_day(str(pool.rows(Membership)[0].id), today - dt.timedelta(days=1))

    assert "You are not in the talent pool" in client.get(link).text
