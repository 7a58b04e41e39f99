import dataclasses
import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
import time_machine

from recruiter import config
from recruiter.accounts import service, sign_in
from recruiter.accounts.models import SignInCounter
from recruiter.accounts.service import themself
from recruiter.accounts.sign_in import Purpose, Try
from recruiter.app import create_app
from recruiter.db.engine import db
from recruiter.db.session import transaction
from tests import people

HOME = "/settings/profile"
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def is_in(browser):
    return browser.get(HOME).status_code == 200


def test_the_right_password_opens_the_work_list(client, alice, known, enter, look):
    answer = enter(known(alice))

    assert (answer.status_code, answer.location) == (302, "/today")
    assert is_in(client)
    assert look(alice).last_signed_in_at is not None


def test_an_address_is_found_however_it_is_typed(client, alice, known, enter):
    enter(known(alice), email=f" {alice.member.email.upper()} ")

    assert is_in(client)


def test_nobody_learns_who_signs_in_here(client, alice, known, enter):
    wrong = enter(known(alice), "not the password")
    unknown = enter(alice, email="nobody@agency.example.com")
    without_password = enter(alice, "")

    def seen(answer):
        return re.sub(r'content="[^"]+"|value="[^"]+"', "", answer.text)

    assert wrong.status_code == unknown.status_code == without_password.status_code == 200
    assert seen(wrong) == seen(unknown)
    assert "do not belong together" in wrong.text
    assert not is_in(client)


def test_a_member_without_a_password_cannot_guess_one(client, alice, enter):
    assert "do not belong together" in enter(alice).text


def test_what_is_no_address_is_said(client, alice, enter):
    assert enter(alice, email="alice").status_code == 200


def test_the_way_back_stays_on_this_site(client, alice, known, enter):
    known(alice)
    asked = client.get("/settings/profile?a=1")
    assert asked.location == "/login?next=/settings/profile?a%3D1"
    assert 'value="/settings/profile?a=1"' in client.get(asked.location).text

    assert enter(alice, next="https://evil.example.com/").status_code == 200
    assert enter(alice, next="/settings/profile?a=1").location == "/settings/profile?a=1"


def test_a_fragment_asks_the_whole_page_to_sign_in(client):
    answer = client.get(HOME, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login")


def test_signing_out_ends_the_session(alice):
    assert alice.browser.get("/logout").status_code == 405
    assert alice.browser.post("/logout").location == "/login"

    assert not is_in(alice.browser)


def test_signing_out_everywhere_ends_every_session(app, alice):
    elsewhere = people.browser(app, alice.member)

    answer = alice.browser.post("/settings/profile/sign-out-everywhere", follow_redirects=True)

    assert "signed out everywhere" in answer.text
    assert not is_in(alice.browser)
    assert not is_in(elsewhere)


def test_a_deactivated_member_is_out_at_once(app, alice, bob, known, enter, client):
    known(bob)
    with app.app_context():
        service.deactivate_member(
            service.DeactivateMember(firm_id=bob.firm.id, actor=themself(alice.member), member_id=bob.member.id)
        )

    assert not is_in(bob.browser)
    enter(bob)
    assert not is_in(client)


def test_a_session_ends_after_twelve_idle_hours(client, alice, known, enter):
    with time_machine.travel(NOON, tick=False) as now:
        enter(known(alice))
        now.shift(dt.timedelta(hours=11))
        assert is_in(client)
        now.shift(dt.timedelta(hours=11))
        assert is_in(client)
        now.shift(dt.timedelta(hours=12, seconds=1))
        assert not is_in(client)


def test_a_session_ends_after_a_week_of_work(client, alice, known, enter):
    with time_machine.travel(NOON, tick=False) as now:
        enter(known(alice))
        for _ in range(14):
            now.shift(dt.timedelta(hours=11, minutes=59))
            assert is_in(client)
        now.shift(dt.timedelta(hours=11, minutes=59))
        assert not is_in(client)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client, alice, known, enter):
    cookie = enter(known(alice)).headers["Set-Cookie"]

    assert cookie.startswith("recruiter=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


@pytest.fixture
def another(settings, app):
    """Build the application anew with other settings; returns a browser of it."""
    made = []

    def another(**changes):
        made.append(create_app(dataclasses.replace(settings, **changes)))
        config.use(settings)
        people.hash_quickly(made[-1])
        return made[-1].test_client()

    yield another
    for each in made:
        with each.app_context():
            db.engine.dispose()


@pytest.fixture
def secure(another):
    """A browser that reaches the product over HTTPS, with forms protected as in life."""
    client = another(base_url="https://notices.example.com")
    client.environ_base["wsgi.url_scheme"] = "https"
    return client


def test_over_https_the_cookie_is_bound_to_the_host_and_the_browser_stays_there(secure, client):
    answer = secure.get("/login")
    cookie = answer.headers["Set-Cookie"]

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in client.get("/login").headers
    assert cookie.startswith("__Host-recruiter=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))


def test_over_https_a_form_needs_its_token_and_no_referrer(secure, alice, known, enter):
    known(alice)
    [token, *_] = re.findall(r'name="csrf_token" value="([^"]+)"', secure.get("/login").text)

    assert enter(alice, browser=secure).status_code == 400
    assert enter(alice, browser=secure, csrf_token=token).location == "/today"


def test_a_form_of_another_site_is_refused(app, alice, known, enter, monkeypatch):
    known(alice)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    for path in ("/login", "/logout", "/reset-password", "/settings/profile", "/settings/password"):
        answer = alice.browser.post(path)
        assert answer.status_code == 400
        assert "go back, copy what you typed, and open the page anew." in answer.text


def test_an_address_has_ten_tries_in_a_quarter_of_an_hour(client, alice, known, enter):
    with time_machine.travel(NOON, tick=False) as now:
        known(alice)
        for _ in range(10):
            assert enter(alice, "wrong").status_code == 200
        now.shift(dt.timedelta(minutes=3))

        answer = enter(alice)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "720")
        assert "Too many tries. Try again in 12 minutes." in answer.text
        assert not is_in(client)

        now.shift(dt.timedelta(minutes=11, seconds=30))
        assert "Try again in 1 minute." in enter(alice).text

        now.shift(dt.timedelta(seconds=30))
        assert enter(alice).location == "/today"


def test_signing_in_forgets_earlier_tries(alice, known, enter):
    known(alice)
    for _ in range(2):
        for _ in range(6):
            enter(alice, "wrong")
        assert enter(alice).location == "/today"
        alice.browser.post("/logout")


def test_who_signs_in_as_a_window_ends_leaves_the_network_no_tries_to_spare(app):
    slow, quick = (
        Try(purpose=Purpose.SIGN_IN, email=f"{name}@agency.example.com", network_address="192.0.2.1")
        for name in ("slow", "quick")
    )
    with app.app_context(), time_machine.travel(NOON, tick=False) as moment:
        sign_in.count_try(slow)
        moment.shift(sign_in.WINDOW)
        sign_in.count_try(quick)
        sign_in.forget_tries(quick)
        sign_in.forget_tries(slow)

        with transaction(None) as session:
            assert session.scalars(sa.select(SignInCounter.failures)).all() == [0]


def test_tries_sent_at_once_cannot_all_pass(app, alice, known, enter):
    known(alice)

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: enter(alice, "wrong", app.test_client()).status_code, range(16)))

    assert (statuses.count(200), statuses.count(429)) == (10, 6)


@pytest.mark.parametrize(
    ("one", "other"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8::1", "2001:db8::ffff"), ("", "")],
    ids=["IPv4", "IPv6 network", "socket file"],
)
def test_a_network_has_a_hundred_tries(app, one, other):
    def attempt(number, address):
        return Try(purpose=Purpose.SIGN_IN, email=f"{number}@example.com", network_address=address)

    with app.app_context():
        for number in range(100):
            assert sign_in.count_try(attempt(number, one)) is None

        assert sign_in.count_try(attempt(100, other)) is not None
        assert sign_in.count_try(attempt(100, "198.51.100.1")) is None


def test_behind_a_trusted_proxy_the_network_is_the_visitors(app, alice, known, enter, another):
    behind = another(trusted_proxies=1)
    behind.application.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        for number in range(100):
            full = Try(purpose=Purpose.SIGN_IN, email=f"{number}@example.com", network_address="203.0.113.9")
            sign_in.count_try(full)

    def status(browser, visitor):
        browser.environ_base["HTTP_X_FORWARDED_FOR"] = visitor
        return enter(known(alice), browser=browser).status_code

    assert status(behind, "203.0.113.9") == 429
    assert status(behind, "203.0.113.10") == 302
    assert status(app.test_client(), "203.0.113.9") == 302


def test_a_password_hashed_with_less_care_is_hashed_anew(app, alice, known, enter, look, queued):
    with app.app_context():
        weaker = app.extensions["security"].pwd_context.copy(argon2__memory_cost=32).hash("correct horse battery")
        sign_in.change_password(
            sign_in.ChangePassword(
                firm_id=alice.firm.id,
                member_id=alice.member.id,
                password_hash=weaker,
                session_mark=alice.member.fs_uniquifier,
            )
        )

    assert enter(alice).location == "/today"
    assert look(alice).password not in {weaker, None}
    assert is_in(alice.browser)
    assert queued(alice) == []
