"""The talent pool as a member sees it."""

import datetime as dt
import re

import pytest

from recruiter import clock
from recruiter.candidates.models import Candidate
from recruiter.feedback.models import FindingChoice
from recruiter.jobs.models import Job
from recruiter.talent_pool.models import Membership, PoolInvitation
from tests.slices.notices.forms import shown_in

MUST_HAVES = ("Kafka", "Python", "Terraform")


@pytest.fixture
def see(pool):
    """Read the page's words."""

    def get(path="/pool", **query):
        answer = pool.person.browser.get(path, query_string=query)
        assert answer.status_code == 200
        return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())

    return get


@pytest.fixture
def job(pool):
    return pool.job(*MUST_HAVES)


def test_an_empty_pool_says_how_people_join(see):
    assert "Nobody has joined yet." in see()
    assert "People join on their feedback page" in see()


def test_the_list_counts_people_in_words(pool, see):
    pool.member("Maya Ferreira", location="Lisbon")
    assert "1 person is in the pool." in see()

    pool.member("Ravi Patel")
    page = see()
    assert "2 people are in the pool." in page
    assert "Has not applied yet" in page
    assert "1 person matches your search." in see(q="maya")
    assert "1 person matches your search." in see(place="lisb")
    assert "No one matches your search. Search" in see(q="rust")


@pytest.mark.parametrize(
    ("skills", "headline"),
    [
        (["Kafka", "Python", "Terraform"], "1 person has all three must-haves."),
        (["Kafka", "Python"], "Nobody has all three must-haves. 1 person has two."),
        ([], "Nobody has any of the three must-haves."),
    ],
)
def test_the_headline_answers_the_search(pool, see, job, skills, headline):
    pool.member(skills=skills)

    assert headline in see(job_id=str(job.id))


def test_a_single_must_have_is_spoken_of_as_one(pool, see):
    job = pool.job("Kafka")
    pool.member(skills=["Rust"])
    assert "Nobody has the must-have." in see(job_id=str(job.id))

    pool.member("Ravi Patel", skills=["Kafka"])
    pool.member("Ana Reis", skills=["Kafka"])
    assert "2 people have the must-have." in see(job_id=str(job.id))


def test_a_card_says_why(pool, see, tell, job):
    maya, _ = pool.member("Maya Ferreira", skills=["Python"])
    tell(maya, strength="Kafka", gap="Terraform")

    page = see(job_id=str(job.id))

    assert "2 of 3 must-haves" in page
    assert "Last contact" in page  # the notice
    assert re.search(r"Has Kafka the exercise, \w+ 20\d\d Python skill", page)
    assert re.search(r"Missing Terraform the second call, \w+ 20\d\d", page)
    assert "Finalist for Streaming Engineer" in page
    assert "Another candidate matched more needs. Your redesign cut the nightly job" in page


def test_what_nobody_asked_is_unknown(pool, see, job):
    maya, _ = pool.member(location="Lisbon")
    pool.applied(maya, str(pool.job().id))

    page = see(job_id=str(job.id))

    assert "Unknown Kafka nobody asked Python nobody asked" in page
    assert "Not decided yet." in page


def test_a_must_have_can_be_left_out(pool, see, job):
    pool.member("Both", skills=["Kafka", "Python"])
    kafka, python, terraform = (str(each.id) for each in job.requirements)

    whole = see(job_id=str(job.id))
    without = see(job_id=str(job.id), asked=str(job.id), need=[kafka, python])
    changed = see(job_id=str(job.id), asked=str(pool.job().id), need=[terraform])

    assert "The rarest. Without it, 1 person has all the rest." in whole
    assert "1 person has all two must-haves." in without
    assert "2 of 2 must-haves" in without
    assert "Nobody has all three must-haves." in changed


def test_a_role_without_must_haves_lists_everybody(pool, see):
    pool.member()

    page = see(job_id=str(pool.job().id))

    assert "No must-haves to search with. Everybody in the pool is listed." in page
    assert "This role has no must-haves yet." in page


def test_who_cannot_be_invited_is_not_shown_unless_asked_for(pool, see, job):
    _, invited = pool.member("Maya Ferreira", skills=["Kafka"])
    applied, _ = pool.member("Ravi Patel", skills=["Kafka"])
    pool.member("Ana Reis")
    pool.applied(applied, str(job.id))
    pool.person.api.post(f"/api/v1/talent-pool/{invited}/invitations", json={"job_id": str(job.id)})

    page, everybody = see(job_id=str(job.id)), see(job_id=str(job.id), everybody="true")

    assert "2 not shown 1 had an invitation in the last 30 days, 1 applied for this role. Show who" in page
    assert "Ana Reis" in page
    assert "Maya Ferreira" not in page
    assert "Maya Ferreira" in everybody
    assert "2 who cannot be invited" in everybody
    assert everybody.count("Write invitation") == 1


def test_the_list_goes_on(pool, see):
    for number in range(21):
        pool.member(f"Person {number:02}")

    first = pool.person.browser.get("/pool?q=person")
    address = re.search(r'href="(/pool\?[^"]*cursor=[^"]+)"', first.text)[1].replace("&amp;", "&")
    second = pool.person.browser.get(address)

    assert "Person 00" not in first.text
    assert "Person 00" in second.text
    assert 'href="/pool?q=person"' in second.text


def test_an_invitation_is_shown_and_queued(pool, see, job):
    _, membership_id = pool.member("Maya Ferreira", skills=["Kafka"], time_zone="Europe/Lisbon")
    address = f"/pool/{membership_id}/invite"

    shown = see(address, job_id=str(job.id))
    again = pool.person.browser.post(address, data={"job_id": str(job.id), "text": "Two days a week.", "do": "preview"})
    assert pool.invitations() == []
    queued = pool.person.browser.post(address, data={"job_id": str(job.id), "text": "Two days a week."})

    assert "Invite Maya Ferreira" in shown
    assert "A Streaming Engineer role" in shown
    assert again.text.count("Two days a week.") == 2
    assert (queued.status_code, queued.location) == (303, f"/pool?job_id={job.id}")
    assert [invitation.state for invitation in pool.invitations()] == ["held"]


def test_words_that_must_be_fixed_are_shown_with_the_text(pool, job):
    _, membership_id = pool.member()

    answer = pool.person.browser.post(
        f"/pool/{membership_id}/invite", data={"job_id": str(job.id), "text": "You may be a bit young for this."}
    )

    assert answer.status_code == 422
    assert "Fix before sending:" in answer.text
    assert "You may be a bit young for this.</textarea>" in answer.text


def test_words_to_consider_are_shown_before_an_invitation_is_queued(pool, job):
    _, membership_id = pool.member()
    address, typed = f"/pool/{membership_id}/invite", {"job_id": str(job.id), "text": "You seemed nervous in spring."}

    asked = pool.person.browser.post(address, data=typed)
    assert (asked.status_code, pool.invitations()) == (422, [])
    assert ("Consider:" in asked.text, "Queue invitation, keep 1" in asked.text) == (True, True)

    shown = re.search(r'name="shown" value="([^"]+)"', asked.text)[1]
    assert pool.person.browser.post(address, data=typed | {"shown": shown}).status_code == 303
    [invitation] = pool.rows(PoolInvitation)
    assert [finding["rule"] for finding in invitation.findings] == ["PERS-TRAIT"]
    assert invitation.rules_version
    assert [(found.rule, found.choice) for found in pool.rows(FindingChoice)] == [("PERS-TRAIT", "kept")]

    _, membership_id = pool.member("Jonas Weber", language="de")
    german = {"job_id": str(job.id), "text": "Das Team arbeitet zwei Tage in der Woche vor Ort."}
    unread = pool.person.browser.post(f"/pool/{membership_id}/invite", data=german)
    assert (unread.status_code, "There are no rules for this language yet" in unread.text) == (422, True)


def test_a_refusal_is_told_on_the_pool(pool, job):
    _, membership_id = pool.member()
    address, data = f"/pool/{membership_id}/invite", {"job_id": str(job.id)}
    pool.person.browser.post(address, data=data)

    for answer in (
        pool.person.browser.post(address, data=data, follow_redirects=True),
        pool.person.browser.get(address, query_string=data, follow_redirects=True),
    ):
        assert "One in 30 days is the limit." in answer.text


def test_an_invitation_is_taken_back_until_it_leaves(pool, job):
    _, membership_id = pool.member()
    pool.person.browser.post(f"/pool/{membership_id}/invite", data={"job_id": str(job.id)})
    invitation = pool.invitations()[0]
    address = f"/pool/invitations/{invitation.id}/withdraw"

    back = pool.person.browser.post(address)
    assert (back.status_code, back.location) == (303, "/outbox")
    assert pool.invitations()[0].state == "withdrawn"

    pool.change(PoolInvitation, str(invitation.id), state="sent")
    assert "This invitation has left" in pool.person.browser.post(address, follow_redirects=True).text


def test_a_yes_is_recorded_with_its_evidence(pool, see):
    candidate_id = pool.add("Maya Ferreira")
    address = f"/candidates/{candidate_id}/pool"
    data = {"basis": "consent", "purpose": "Data roles", "months": "6", "how": "at a fair", "on": "2025-11-03"}

    assert "Add to the talent pool" in see(address)
    answer = pool.person.browser.post(address, data=data)

    membership = pool.rows(Membership)[0]
    assert (answer.status_code, answer.location) == (303, f"/candidates/{candidate_id}")
    assert membership.evidence == {"how": "at a fair", "at": "2025-11-03"}
    page = see(address)
    assert "Said: at a fair, 3 November 2025" in page
    assert page.index("Take out of the pool") < page.index("A new yes") < page.index("On what ground")


def test_the_purpose_is_read_as_what_the_person_was_told(pool):
    address = f"/candidates/{pool.add()}/pool"
    data = {"basis": "consent", "months": "6", "how": "at a fair"}

    refused = pool.person.browser.post(address, data=data | {"purpose": "Roles in a young team."})
    assert (refused.status_code, 'href="#purpose"' in refused.text) == (422, True)
    vague = data | {"purpose": "We will be in touch soon about data roles."}
    asked = pool.person.browser.post(address, data=vague)
    assert (asked.status_code, "Keep it and add to the pool" in asked.text) == (422, True)
    assert pool.rows(Membership) == []

    assert pool.person.browser.post(address, data=vague | {"shown": shown_in(asked)}).status_code == 303
    assert [(found.rule, found.choice) for found in pool.rows(FindingChoice)] == [("PROM-TIME", "kept")]
    sent = pool.join(pool.add(), expected=422, purpose="To guarantee you a job.")
    assert "promises work" in sent["errors"]["purpose"][0]


def test_a_yes_without_evidence_is_refused(pool):
    candidate_id = pool.add()

    answer = pool.person.browser.post(f"/candidates/{candidate_id}/pool", data={"purpose": "Data roles", "months": "6"})

    assert answer.status_code == 422
    assert 'href="#how"' in answer.text
    assert 'href="#basis"' in answer.text
    assert "Data roles" in answer.text


def test_a_person_is_taken_out(pool):
    candidate_id, membership_id = pool.member()

    answer = pool.person.browser.post(f"/pool/{membership_id}/leave")

    assert (answer.status_code, answer.location) == (303, f"/candidates/{candidate_id}")
    assert pool.rows(Membership)[0].left_how == "asked a member"


def test_a_closed_role_can_still_be_looked_at(pool, see, job):
    pool.member(skills=["Kafka"])
    pool.change(Job, str(job.id), closed_at=clock.now())

    page = see(job_id=str(job.id))

    assert "Streaming Engineer" in page
    assert "Write invitation" not in page


def test_the_last_contact_is_said(pool, see):
    candidate_id, _ = pool.member()
    pool.change(Candidate, candidate_id, last_contact_at=dt.datetime(2025, 11, 3, 12, tzinfo=dt.UTC))

    assert "Last contact 3 November 2025." in see()


def test_viewers_and_strangers_do_not_see_it(pool, vera, charlie, job):
    candidate_id, membership_id = pool.member("Maya Ferreira")

    assert vera.browser.get("/pool").status_code == 403
    assert "Maya" not in charlie.browser.get("/pool").text
    assert charlie.browser.get(f"/pool?job_id={job.id}").status_code == 404
    assert charlie.browser.get(f"/pool/{membership_id}/invite?job_id={job.id}").status_code == 404
    assert charlie.browser.get(f"/candidates/{candidate_id}/pool").status_code == 404
    assert charlie.browser.post(f"/pool/{membership_id}/leave").status_code == 404


def test_a_client_that_is_undisclosed_is_named_to_members_only(pool, see):
    maya, _ = pool.member("Maya Ferreira")
    body = {"title": "Analyst", "client": {"name": "Lumen Grid", "disclosed": False}, "requirements": []}
    made = pool.person.api.post("/api/v1/jobs", json=body).json
    pool.applied(maya, made["id"])

    assert "Finalist for Analyst at Lumen Grid" in see()
