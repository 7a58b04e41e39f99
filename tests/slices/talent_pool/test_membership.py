import datetime as dt
import threading
import uuid

import pytest
import sqlalchemy as sa

from recruiter.audit.models import AuditEntry
from recruiter.audit.service import SYSTEM
from recruiter.candidates import service as candidates
from recruiter.candidates.models import Candidate
from recruiter.db.doors import hash_of
from recruiter.db.session import reading, transaction
from recruiter.policies.values import Span
from recruiter.talent_pool import links, queries, service
from recruiter.talent_pool.models import Membership
from recruiter.webhooks.models import WebhookEvent
from tests.slices.talent_pool.conftest import EVIDENCE

CHOSEN = {"how": "feedback page", "reference": "page 7"}


def told(pool):
    return [event.data | {"type": event.type} for event in pool.rows(WebhookEvent)]


def test_a_yes_is_kept_with_its_proof_and_its_end(pool, today):
    candidate_id = pool.add()

    made = pool.join(candidate_id, months=12)

    assert made["candidate_id"] == candidate_id
    assert made["starts_on"] == today.isoformat()
    assert made["ends_on"] == Span(months=12).after(today).isoformat()
    assert made["evidence"] == EVIDENCE
    assert made["left_at"] is None
    assert pool.ids() == [candidate_id]


def test_joining_and_leaving_are_told_by_ids_only(pool):
    candidate_id = pool.add(external_id="ats-7")
    made = pool.join(candidate_id)
    pool.person.api.post(f"/api/v1/talent-pool/{made['id']}/leave")

    joined, left = told(pool)

    assert (joined["type"], joined["state"]) == ("talent_pool.joined", "joined")
    assert (left["type"], left["state"]) == ("talent_pool.left", "left")
    assert joined["external_ids"] == {"candidate": "ats-7"}
    assert left["candidate_id"] == candidate_id
    assert "Maya" not in str([joined, left])


def test_who_joins_again_starts_anew_and_the_first_proof_stays(pool):
    candidate_id, first = pool.member()

    second = pool.join(candidate_id, evidence={"how": "said so again"})

    old = pool.person.api.get(f"/api/v1/talent-pool/{first}").json
    assert second["id"] != first
    assert (old["left_how"], old["evidence"]) == ("renewed", EVIDENCE)
    assert pool.ids() == [candidate_id]
    assert [event["type"] for event in told(pool)] == ["talent_pool.joined", "talent_pool.joined"]


def test_the_same_key_joins_once(pool):
    candidate_id = pool.add()
    once = {"headers": {"Idempotency-Key": "yes-1"}}

    assert pool.join(candidate_id, **once) == pool.join(candidate_id, **once)
    assert len(pool.rows(Membership)) == 1


def test_leaving_ends_it_and_leaving_again_changes_nothing(pool):
    _, membership_id = pool.member()
    address = f"/api/v1/talent-pool/{membership_id}/leave"

    first, again = pool.person.api.post(address), pool.person.api.post(address)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json["left_at"] == again.json["left_at"]
    assert first.json["left_how"] == "api"
    assert pool.ids() == []
    assert len(pool.rows(AuditEntry, AuditEntry.action == "pool.left")) == 1


def test_one_membership_has_an_etag(pool):
    _, membership_id = pool.member()

    first = pool.person.api.get(f"/api/v1/talent-pool/{membership_id}")
    again = pool.person.api.get(
        f"/api/v1/talent-pool/{membership_id}", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert (first.status_code, again.status_code) == (200, 304)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("basis", "habit"),
        ("months", 0),
        ("months", 37),
        ("months", "12"),
        ("purpose", " "),
        ("evidence", {}),
        ("evidence", {"how": "asked", "at": "yesterday"}),
        ("until", "2026-01-01"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(pool, field, value):
    assert field in pool.join(pool.add(), 422, **{field: value})["errors"]


def test_an_erased_person_cannot_join(app, pool):
    candidate_id = pool.add()
    with app.app_context(), transaction(pool.person.firm.id) as session:
        candidates.forget(session, pool.person.firm.id, uuid.UUID(candidate_id), "asked")

    assert pool.join(candidate_id, 409)["code"] == "erased"


def test_another_firms_people_and_memberships_are_not_there(pool, charlie):
    candidate_id, membership_id = pool.member()
    body = {"candidate_id": candidate_id, "basis": "consent", "purpose": "x", "months": 1, "evidence": EVIDENCE}

    assert charlie.api.post("/api/v1/talent-pool", json=body).status_code == 404
    assert charlie.api.get("/api/v1/talent-pool").json["items"] == []
    assert charlie.api.get(f"/api/v1/talent-pool/{membership_id}").status_code == 404
    assert charlie.api.post(f"/api/v1/talent-pool/{membership_id}/leave").status_code == 404


def test_the_last_day_counts_and_the_day_after_does_not(pool, today):
    candidate_id, membership_id = pool.member()

    pool.last_day(membership_id, today)
    assert pool.ids() == [candidate_id]

    pool.last_day(membership_id, today - dt.timedelta(days=1))
    assert pool.ids() == []


def test_housekeeping_closes_what_has_ended(app, pool, today):
    _, past = pool.member("Ravi Patel")
    _, running = pool.member("Ana Reis")
    pool.last_day(past, today - dt.timedelta(days=1))

    with app.app_context():
        assert service.end_all_past() == 1
        assert service.end_all_past() == 0

    left = {str(row.id): row.left_how for row in pool.rows(Membership)}
    assert left == {past: "ended", running: None}


def test_consent_that_ends_within_two_weeks_is_found(app, pool, today):
    for name, days in (("Ravi Patel", 14), ("Ana Reis", 15), ("Olga Brandt", 3)):
        pool.last_day(pool.member(name)[1], today + dt.timedelta(days=days))
    interest = pool.join(pool.add("Ken Adeyemi"), basis="legitimate_interest")
    pool.last_day(interest["id"], today)

    with app.app_context(), reading(pool.person.firm.id) as session:
        ending = queries.is_ending(pool.person.firm.id, today, today + queries.SOON)
        names = sa.select(Candidate.name).join(Membership, Membership.candidate_id == Candidate.id).where(ending)
        found = session.scalars(names.order_by(Membership.ends_on)).all()

    assert found == ["Olga Brandt", "Ravi Patel"]


def test_a_candidate_joins_and_leaves_by_choice(app, pool, today):
    candidate_id, firm_id = uuid.UUID(pool.add()), pool.person.firm.id

    with app.app_context():
        with transaction(firm_id) as session:
            membership = service.join_by_choice(session, firm_id, candidate_id, 12, CHOSEN)
        with transaction(firm_id) as session:
            assert service.join_by_choice(session, firm_id, candidate_id, 12, CHOSEN).id == membership.id
            assert len(queries.memberships_of(session, firm_id, candidate_id)) == 1
            assert queries.count_current(session, firm_id, today) == 1
            assert service.leave(session, firm_id, candidate_id, SYSTEM, "feedback page")
            assert not service.leave(session, firm_id, candidate_id, SYSTEM, "feedback page")

    assert membership.ends_on == Span(months=12).after(today)
    assert pool.ids() == []


def test_the_row_keeps_no_working_link(app, pool):
    _, membership_id = pool.member()
    row = pool.rows(Membership)[0]

    with app.app_context():
        token = links.token(row.id)

    assert len(token) == 43
    assert row.leave_token_hash == hash_of(token)
    assert token not in str(vars(row))
    assert str(row.id) == membership_id


def test_two_who_join_at_once_leave_one_membership(app, pool):
    candidate_id = pool.add()
    together = threading.Barrier(4)

    def join():
        together.wait()
        pool.join(candidate_id)

    threads = [threading.Thread(target=join) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(pool.rows(Membership, Membership.left_at.is_(None))) == 1
    assert len(pool.rows(Membership, sa.true())) == 4
