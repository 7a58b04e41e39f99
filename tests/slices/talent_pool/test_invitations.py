import dataclasses
import datetime as dt
import re
import uuid

import pytest

from recruiter import config
from recruiter.accounts.models import Firm, Member, Role, Scope
from recruiter.accounts.service import themself
from recruiter.audit.models import AuditEntry
from recruiter.candidates.models import Candidate
from recruiter.inbox import service as inbox
from recruiter.inbox.service import Incoming
from recruiter.jobs.models import Client, Job
from recruiter.outbox import schedules
from recruiter.outbox.models import Message
from recruiter.talent_pool import invitations, links
from recruiter.talent_pool.invitations import Invite
from recruiter.talent_pool.models import Membership, PoolInvitation
from recruiter.texts.models import Template
from tests import build
from tests.people import person

MONDAY = dt.datetime(2025, 11, 17, 10, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def working_hours(time_machine):
    time_machine.move_to(MONDAY, tick=False)
    return time_machine


@pytest.fixture
def member(pool):
    return pool.member("Maya Ferreira", time_zone="Europe/Lisbon")


@pytest.fixture
def job(pool):
    client = Client(firm_id=pool.person.firm.id, name="Lumen Grid", name_folded="lumen grid", updated_at=MONDAY)
    return pool.job("Kafka", client=client)


@pytest.fixture
def invite(pool, member, job):
    """Invite Maya to the job."""

    def post(expected=201, headers=None, **values):
        response = pool.person.api.post(
            f"/api/v1/talent-pool/{values.pop('membership', member[1])}/invitations",
            json={"job_id": str(job.id)} | values,
            headers=headers,
        )
        assert response.status_code == expected, response.json
        return response.json

    return post


@pytest.fixture
def apart(settings):
    """An installation whose pool has a sender of its own, and that hears what people write."""
    own = {"pool_mail_from": "Talent <talent@pool.agency.example>", "reply_address": "reply@mail.agency.example"}
    config.use(dataclasses.replace(settings, **own))
    yield
    config.use(settings)


def state(pool):
    return [invitation.state.value for invitation in pool.invitations()]


def test_an_invitation_is_held_and_leaves_with_its_ways_out(invite, pool, deliver, working_hours):
    made = invite(text="The team works from Lisbon two days a week.")
    assert made["state"] == "held"
    assert dt.datetime.fromisoformat(made["leaves_at"]) == MONDAY + dt.timedelta(minutes=10)
    assert deliver() == []

    working_hours.shift(dt.timedelta(minutes=11))
    (mail,) = deliver()

    link = re.search(r"http://localhost/p/[\w-]{43}", mail.get_body(("plain",)).get_content())[0]
    assert mail["Subject"] == "A Streaming Engineer role at Lumen Grid"
    assert "two days a week" in mail.get_body(("html",)).get_content()
    assert mail["List-Unsubscribe"] == f"<{link}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == f"<{pool.person.firm.slug}.pool.localhost>"
    assert pool.person.member.email in mail["Reply-To"]
    assert "<recruiter@agency.example.com>" in mail["From"]
    assert pool.person.api.get(f"/api/v1/invitations/{made['id']}").json["state"] == "sent"


def test_an_invitation_leaves_from_an_address_of_its_own(apart, invite, deliver, working_hours, smtp_sink):
    invite()
    working_hours.shift(dt.timedelta(minutes=11))
    (mail,) = deliver()

    assert "<talent@pool.agency.example>" in mail["From"]
    assert mail["Message-ID"].endswith("@pool.agency.example>")
    assert smtp_sink.envelopes[-1][0] == "talent@pool.agency.example"


def test_a_mail_that_says_unsubscribe_leaves_by_the_address_in_its_head(
    app, apart, invite, pool, member, deliver, working_hours
):
    invite()
    working_hours.shift(dt.timedelta(minutes=11))
    (mail,) = deliver()
    address = re.search(r"<mailto:(reply\+\w+@\S+)\?subject=unsubscribe>", mail["List-Unsubscribe"])[1]
    raw = f"From: {mail['To']}\r\nTo: {address}\r\nSubject: unsubscribe\r\n\r\n"

    with app.app_context():
        inbox.take_in(Incoming(raw=raw.encode(), mailbox="lmtp"))
        inbox.sort_all()

    assert pool.person.api.get(f"/api/v1/talent-pool/{member[1]}").json["left_how"] == "mail"


def test_what_left_is_recorded_without_the_link(invite, pool, deliver, working_hours, member):
    invite()
    working_hours.shift(dt.timedelta(minutes=11))
    deliver()

    message = pool.rows(Message)[0]
    actions = [entry.action for entry in pool.rows(AuditEntry) if entry.action.startswith("pool.inv")]

    assert f"/p/{links.MASKED}" not in message.sent_text
    assert not re.search(r"/p/[\w-]{43}", message.sent_text)
    assert actions == ["pool.invited", "pool.invitation_sent"]
    assert pool.rows(Candidate)[0].last_contact_at == pool.invitations()[0].sent_at
    assert pool.rows(Message)[0].payload is None


def test_the_template_counts_who_was_invited_with_it_in_thirty_days(invite, pool, deliver, working_hours):
    def used() -> str:
        page = pool.person.browser.get("/templates").text
        after = page[page.index("A role for someone in the pool</a>") :]
        return re.search(r'data-label="Used in 30 days">([^<]*)', after)[1]

    made = invite()
    assert used() == "0"
    working_hours.shift(dt.timedelta(minutes=11))
    deliver()
    assert used() == "1"
    pool.change(PoolInvitation, made["id"], sent_at=MONDAY - dt.timedelta(days=30))
    assert used() == "0"


def test_the_window_of_the_person_is_kept(invite, working_hours):
    working_hours.move_to(dt.datetime(2025, 11, 15, 12, tzinfo=dt.UTC), tick=False)  # a Saturday

    assert invite()["leaves_at"] == "2025-11-17T08:30:00+00:00"


def test_it_is_kept_where_the_clocks_are_moved_otherwise_than_was_said(
    app, invite, pool, working_hours, lisbon_keeps_time_of
):
    working_hours.move_to(dt.datetime(2025, 11, 15, 12, tzinfo=dt.UTC), tick=False)
    invite()
    lisbon_keeps_time_of("Atlantic/Azores")
    pool.change(Firm, str(pool.person.firm.id), created_at=MONDAY - dt.timedelta(days=9))
    with app.app_context():
        schedules.resolve_all()

    assert pool.invitations()[0].leaves_at == dt.datetime(2025, 11, 17, 9, 30, tzinfo=dt.UTC)


def test_one_in_thirty_days_is_the_limit(invite, pool, deliver, working_hours):
    first = invite()
    refused = invite(409)
    working_hours.shift(dt.timedelta(minutes=11))
    deliver()

    assert (refused["code"], refused["invitation_id"]) == ("invited_lately", first["id"])
    working_hours.shift(dt.timedelta(days=29))
    again = MONDAY + dt.timedelta(days=30, minutes=11)  # thirty days from when it left
    assert dt.datetime.fromisoformat(invite(409)["possible_from"]) == again
    working_hours.shift(dt.timedelta(days=2))
    invite()
    assert state(pool) == ["sent", "held"]


def test_what_was_withdrawn_does_not_count(invite, pool, deliver, working_hours):
    first = invite()
    address = f"/api/v1/invitations/{first['id']}/withdraw"

    assert pool.person.api.post(address).json["state"] == "withdrawn"
    assert pool.person.api.post(address).status_code == 200
    invite()
    working_hours.shift(dt.timedelta(minutes=11))
    assert len(deliver()) == 1


def test_what_has_left_cannot_be_withdrawn(invite, pool, deliver, working_hours):
    made = invite()
    working_hours.shift(dt.timedelta(minutes=11))
    deliver()

    refused = pool.person.api.post(f"/api/v1/invitations/{made['id']}/withdraw")

    assert (refused.status_code, refused.json["code"]) == (409, "not_held")


def test_the_same_key_invites_once(invite, pool):
    once = {"headers": {"Idempotency-Key": "ask-maya"}}

    assert invite(**once) == invite(**once)
    assert state(pool) == ["held"]


def test_the_list_of_invitations_is_the_newest_first(invite, pool, member):
    made = invite()

    listed = pool.person.api.get(f"/api/v1/invitations?candidate_id={member[0]}").json

    assert listed["items"] == [made]
    assert pool.person.api.get(f"/api/v1/invitations?candidate_id={uuid.uuid4()}").json["items"] == []


def test_leaving_takes_back_what_waits(invite, pool, deliver, member, working_hours):
    invite()
    pool.person.api.post(f"/api/v1/talent-pool/{member[1]}/leave")
    working_hours.shift(dt.timedelta(minutes=11))

    assert deliver() == []
    assert state(pool) == ["withdrawn"]


@pytest.mark.parametrize(
    ("table", "values", "code"),
    [
        (Membership, {"ends_on": MONDAY.date() - dt.timedelta(days=1), "starts_on": dt.date(2025, 1, 1)}, "left_pool"),
        (Job, {"closed_at": MONDAY}, "job_closed"),
        (Message, {"recipient": "old@example.com"}, "no_address"),
    ],
)
def test_it_is_asked_again_just_before_it_leaves(invite, pool, deliver, working_hours, table, values, code):
    invite()
    pool.change(table, str(pool.rows(table)[-1].id), **values)
    working_hours.shift(dt.timedelta(minutes=11))

    assert deliver() == []
    assert state(pool) == ["failed"]
    assert pool.rows(Message)[0].problem_code == code


def test_an_address_that_gets_nothing_stops_it(invite, pool, deliver, member, working_hours):
    invite()
    pool.suppress(member[0])
    working_hours.shift(dt.timedelta(minutes=11))

    assert deliver() == []
    assert pool.rows(Message)[0].problem_code == "suppressed"


def test_a_relay_that_is_busy_delays_and_does_not_end_it(invite, pool, deliver, smtp_sink, working_hours):
    invite()
    smtp_sink.faults.data = ["451 4.3.0 try again"]
    working_hours.shift(dt.timedelta(minutes=11))

    deliver()

    assert state(pool) == ["held"]


def test_nobody_is_invited_who_is_not_in_the_pool(invite, pool, member):
    pool.person.api.post(f"/api/v1/talent-pool/{member[1]}/leave")

    assert invite(409)["code"] == "not_in_pool"


def test_nobody_is_invited_to_a_closed_job_or_to_their_own(invite, pool, member, job):
    pool.applied(member[0], str(job.id))
    assert invite(409)["code"] == "already_applied"

    pool.change(Job, str(job.id), closed_at=MONDAY)
    assert invite(409)["code"] == "job_closed"


def test_nobody_is_invited_without_an_address(app, invite, pool, member):
    pool.suppress(member[0])
    assert invite(422)["code"] == "no_address"

    with app.app_context():
        build.without_addresses(pool.rows(Candidate)[0])
    assert invite(422)["code"] == "no_address"


def test_the_added_text_is_checked(invite):
    problem = invite(422, text="You may be a bit young for this.")

    assert problem["code"] == "findings"
    assert problem["findings"][0]["words"] == "a bit young"


def test_a_firm_without_the_template_is_told_so(invite, pool):
    for template in pool.rows(Template, Template.slug == "pool-invitation"):
        pool.change(Template, str(template.id), archived_at=MONDAY)

    assert invite(422)["code"] == "no_template"


def test_the_sender_is_named_or_the_first_admin(invite, pool, bob, deliver, working_hours):
    made = invite(sender=bob.member.email.upper())
    working_hours.shift(dt.timedelta(minutes=11))
    (mail,) = deliver()
    assert bob.member.email in mail["Reply-To"]

    working_hours.shift(dt.timedelta(days=31))
    invite()
    senders = [invitation.sender_id for invitation in pool.invitations()]
    assert senders == [bob.member.id, pool.person.member.id]
    assert made["state"] == "held"


def test_a_sender_has_to_be_an_active_member(invite, pool):
    assert "sender" in invite(422, sender="nobody@agency.example.com")["errors"]

    pool.change(Member, str(pool.person.member.id), active=False)
    assert "sender" in invite(422, sender=pool.person.member.email)["errors"]
    assert "sender" in invite(422)["errors"]


def test_an_undisclosed_client_is_not_named(invite, pool, job, deliver, working_hours):
    pool.change(Job, str(job.id), client_disclosed=False)
    invite()
    working_hours.shift(dt.timedelta(minutes=11))

    (mail,) = deliver()

    assert mail["Subject"] == "A Streaming Engineer role"
    assert "Lumen" not in mail.as_string()


def test_the_preview_shows_the_mail_and_no_working_link(app, pool, member, job):
    command = Invite(
        firm_id=pool.person.firm.id,
        actor=themself(pool.person.member),
        membership_id=uuid.UUID(member[1]),
        job_id=job.id,
        text="You may be a bit young for this.",
    )

    with app.app_context():
        shown = invitations.preview(command)

    assert shown.mail.subject == "A Streaming Engineer role at Lumen Grid"
    assert links.MASKED in shown.mail.text
    assert [finding.words for finding in shown.findings] == ["a bit young"]
    assert shown.leaves_at == MONDAY + dt.timedelta(minutes=10)


def test_inviting_needs_a_key_that_may_send(app, acme, invite, member, job):
    writer = person(app, acme, "Walt West", Role.RECRUITER, scopes=(Scope.READ, Scope.WRITE))

    response = writer.api.post(f"/api/v1/talent-pool/{member[1]}/invitations", json={"job_id": str(job.id)})

    assert response.status_code == 403


def test_another_firms_rows_are_not_there(invite, charlie, member, job, app):
    with app.app_context():
        theirs = build.job(charlie.firm)
    made = invite()

    invite(404, job_id=str(theirs.id))
    invite(404, membership=str(uuid.uuid4()))
    assert charlie.api.get(f"/api/v1/invitations/{made['id']}").status_code == 404
    assert charlie.api.post(f"/api/v1/invitations/{made['id']}/withdraw").status_code == 404
    assert charlie.api.get("/api/v1/invitations").json["items"] == []
