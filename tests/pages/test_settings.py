import datetime as dt
import re
import threading

import pytest
import time_machine

from recruiter import clock
from recruiter.accounts import keys, service
from recruiter.accounts.models import Role
from recruiter.accounts.service import LastAdmin, themself
from recruiter.audit.models import AuditEntry
from recruiter.db.session import reading
from tests import people

AREAS = ["/settings/profile", "/settings/password", "/settings/members", "/settings/keys", "/settings/firm"]
FIRM = {
    "name": "Acme People",
    "time_zone": "Europe/Lisbon",
    "country": "PT",
    "postal_address": "Rua do Ouro 1\r\n1100-061 Lisboa",
    "phone": "+351 21 000 00 00",
    "hold_minutes": "20",
    "pool_months": "18",
    "holds_doubtful": "yes",
    "promise_application": "8",
    "promise_screening": "4",
    "promise_submitted": "9",
    "promise_client_interview": "4",
    "promise_final": "2",
}


@pytest.fixture
def look(app):
    """A person's member, with the firm, as kept now."""

    def look(person):
        with app.app_context():
            return service.get_member(person.firm.id, person.member.id)

    return look


@pytest.fixture
def audited(app, acme):
    """The names of Acme's changes, oldest first."""

    def audited():
        with app.app_context(), reading(acme.id) as session:
            entries = session.query(AuditEntry).filter_by(firm_id=acme.id).order_by(AuditEntry.created_at)
            return [entry.action for entry in entries if entry.action != "api_key.created"]

    return audited


@pytest.mark.parametrize("path", AREAS)
def test_an_admin_opens_every_area(alice, path):
    assert alice.browser.get(path).status_code == 200


@pytest.mark.parametrize("path", AREAS[2:])
def test_what_concerns_the_firm_is_for_admins(bob, path):
    answer = bob.browser.get(path)

    assert answer.status_code == 403
    assert "Your role does not include this" in answer.text
    assert path not in bob.browser.get("/settings/profile").text


def test_the_settings_begin_with_the_profile(bob):
    assert bob.browser.get("/settings/", follow_redirects=True).request.path == "/settings/profile"


def test_a_profile_is_what_candidates_read(vera, look, audited):
    values = {"name": "Vera Vogt", "title": "Researcher", "phone": "+44 20 0000 0000", "single_key_shortcuts": "yes"}
    assert vera.browser.post("/settings/profile", data=values).status_code == 303
    assert vera.browser.post("/settings/profile", data=values).status_code == 303

    member = look(vera)
    assert (member.name, member.title, member.phone) == ("Vera Vogt", "Researcher", "+44 20 0000 0000")
    assert audited() == ["member.changed"]


def test_shortcuts_can_be_switched_off(alice, look):
    assert 'data-shortcuts="on"' in alice.browser.get("/settings/profile").text

    alice.browser.post("/settings/profile", data={"name": "Alice Adams"})

    assert look(alice).single_key_shortcuts is False
    assert 'data-shortcuts="off"' in alice.browser.get("/settings/profile").text


def test_a_name_cannot_add_a_header(alice, look):
    answer = alice.browser.post("/settings/profile", data={"name": "Alice\r\nBcc: x@example.com"})

    assert answer.status_code == 422
    assert look(alice).name == "Alice Adams"


def test_an_admin_gives_another_role(alice, bob, look, audited):
    path = f"/settings/members/{bob.member.id}/role"

    answer = alice.browser.post(path, data={"role": "lead"}, follow_redirects=True)
    alice.browser.post(path, data={"role": "lead"})

    assert "Bob Brown is now lead." in answer.text
    assert look(bob).role is Role.LEAD
    assert audited() == ["member.role_changed"]
    assert "Bob Brown is now admin." in alice.browser.post(path, data={"role": "admin"}, follow_redirects=True).text
    assert alice.browser.post(path, data={"role": "king"}).status_code == 422


def test_a_member_is_let_go_and_let_in_again(alice, bob, look, audited):
    path = f"/settings/members/{bob.member.id}"
    assert "Deactivate Bob Brown?" in alice.browser.get(f"{path}/deactivate").text
    for _ in range(2):
        answer = alice.browser.post(f"{path}/deactivate", follow_redirects=True)
        assert "Bob Brown cannot sign in any more." in answer.text
    assert (look(bob).active, bob.browser.get("/settings/profile").status_code) == (False, 302)

    for _ in range(2):
        assert "Bob Brown can sign in again." in alice.browser.post(f"{path}/reactivate", follow_redirects=True).text
    assert look(bob).active
    assert audited() == ["member.deactivated", "member.reactivated"]


def test_the_last_admin_stays(alice, look):
    path = f"/settings/members/{alice.member.id}"
    for change in (f"{path}/deactivate", f"{path}/role"):
        answer = alice.browser.post(change, data={"role": "viewer"}, follow_redirects=True)
        assert "This is the firm&#39;s only admin." in answer.text

    assert (look(alice).role, look(alice).active) == (Role.ADMIN, True)


def test_one_of_two_admins_may_go(app, acme, alice, look):
    other = people.person(app, acme, "Ada Archer", Role.ADMIN)

    assert alice.browser.post(f"/settings/members/{other.member.id}/role", data={"role": "admin"}).status_code == 303
    assert alice.browser.post(f"/settings/members/{other.member.id}/deactivate").status_code == 303
    assert not look(other).active


def test_two_admins_who_let_each_other_go_at_once_cannot_both_win(app, acme, alice):
    other = people.person(app, acme, "Ada Archer", Role.ADMIN)
    start, refused = threading.Barrier(2), []

    def let_go(actor, leaving):
        with app.app_context():
            start.wait()
            try:
                service.deactivate_member(
                    service.DeactivateMember(firm_id=acme.id, actor=themself(actor.member), member_id=leaving.member.id)
                )
            except LastAdmin as error:
                refused.append(error.code)

    threads = [threading.Thread(target=let_go, args=pair) for pair in ((alice, other), (other, alice))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["last_admin"]


def test_a_key_is_shown_once_and_can_be_revoked(app, alice):
    values = {"name": "Greenhouse", "scopes": ["read", "send"], "last_day": "2099-12-31"}
    answer = alice.browser.post("/settings/keys", data=values)
    [secret] = re.findall(r'value="(rk_\w{12}_[\w-]+)"', answer.text)

    listed = alice.browser.get("/settings/keys").text
    assert secret not in listed
    assert secret[:15] in listed
    assert "read, send" in listed
    assert people.api(app, secret).get("/api/v1/candidates").status_code == 200

    with app.app_context():
        key = next(key for key in keys.list_keys(alice.firm.id) if key.name == "Greenhouse")
    assert key.expires_at == dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    assert "Revoke the key “Greenhouse”?" in alice.browser.get(f"/settings/keys/{key.id}/revoke").text
    answer = alice.browser.post(f"/settings/keys/{key.id}/revoke", follow_redirects=True)
    assert "The key “Greenhouse” opens nothing any more." in answer.text
    assert "Revoked" in answer.text
    assert people.api(app, secret).get("/api/v1/candidates").status_code == 401


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"scopes": ["read"]}, "Say what the key is for."),
        ({"name": "ATS"}, "Choose at least one scope."),
        ({"name": "ATS", "scopes": ["read"], "last_day": "soon"}, "Enter a day such as 2027-01-31."),
        ({"name": "ATS", "scopes": ["read"], "last_day": "2020-01-01"}, "Choose a day in the future."),
    ],
)
def test_a_key_that_cannot_be_made_is_explained(alice, values, words):
    answer = alice.browser.post("/settings/keys", data=values)

    assert answer.status_code == 422
    assert answer.text.count(words) == 2


def test_an_ended_key_says_so(app, alice):
    today = clock.today("UTC").isoformat()
    alice.browser.post("/settings/keys", data={"name": "ATS", "scopes": ["read"], "last_day": today})

    with time_machine.travel(clock.now() + dt.timedelta(days=2), tick=False):
        assert "Ended" in people.browser(app, alice.member).get("/settings/keys").text


def test_the_firm_decides_promises_hold_and_address(alice, look, audited):
    assert 'value="10"' in alice.browser.get("/settings/firm").text
    for _ in range(2):
        assert alice.browser.post("/settings/firm", data=FIRM).status_code == 303

    firm = look(alice).firm
    assert (firm.name, firm.time_zone, firm.country) == ("Acme People", "Europe/Lisbon", "PT")
    assert (firm.hold_minutes, firm.pool_months, firm.phone) == (20, 18, "+351 21 000 00 00")
    assert firm.holds_doubtful
    assert firm.promise_days == {
        "application": 8,
        "screening": 4,
        "submitted": 9,
        "client_interview": 4,
        "final": 2,
    }
    assert 'value="18"' in alice.browser.get("/settings/firm").text
    assert audited() == ["firm.changed"]


def test_time_zones_to_choose_from_are_places_and_the_one_in_use(app, alice):
    def offered():
        page = alice.browser.get("/settings/firm").text.partition('name="time_zone"')[2]
        return re.findall(r'<option value="([^"]+)"', page.partition("</select>")[0])

    assert {"UTC", "Europe/Lisbon", "Asia/Kolkata"} <= set(offered())
    assert not {"localtime", "Factory", "GB", "US/Eastern", "EST5EDT", "Etc/GMT+1"} & set(offered())
    assert {"Europe/Kyiv", "America/Argentina/Buenos_Aires", "Asia/Ho_Chi_Minh"} <= set(offered())
    assert not {"Europe/Kiev", "America/Buenos_Aires", "Asia/Calcutta", "Asia/Saigon"} & set(offered())

    assert alice.browser.post("/settings/firm", data=FIRM | {"time_zone": "Asia/Calcutta"}).status_code == 303
    assert 'value="Asia/Calcutta" selected' in people.browser(app, alice.member).get("/settings/firm").text


def test_a_country_may_be_typed_in_small_letters(alice, look):
    assert alice.browser.post("/settings/firm", data=FIRM | {"country": "pt"}).status_code == 303
    assert look(alice).firm.country == "PT"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "localtime"),
        ("country", "Portugal"),
        ("hold_minutes", "1441"),
        ("hold_minutes", "ten"),
        ("pool_months", "0"),
        ("promise_final", ""),
        ("promise_final", "0"),
    ],
)
def test_a_setting_that_cannot_be_is_named(alice, look, field, value):
    answer = alice.browser.post("/settings/firm", data=FIRM | {field: value})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert look(alice).firm.name == "Acme Staffing"


def test_a_number_that_cannot_be_is_answered_with_those_that_can(alice):
    answer = alice.browser.post("/settings/firm", data=FIRM | {"hold_minutes": "ten", "promise_client_interview": "0"})

    for words in ("Enter 0 to 1,440 minutes for the hold.", "Enter 1 to 90 working days for client interview."):
        assert answer.text.count(words) == 2, words  # in the summary and at the field
