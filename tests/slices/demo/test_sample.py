import re

import pytest
import sqlalchemy as sa
from flask_security.utils import hash_password

from recruiter.candidates.models import Candidate, CandidateEmail
from recruiter.db.session import reading
from recruiter.demo import service
from recruiter.jobs.models import Job
from recruiter.notices import links
from recruiter.notices.models import FeedbackPage, Notice, NoticeKind, NoticeState
from recruiter.outbox.models import Message, MessageState
from recruiter.tables import metadata
from recruiter.talent_pool.models import Membership

pytestmark = [pytest.mark.once, pytest.mark.slow]


@pytest.fixture
def session(sample):
    with reading(sample.firm_id) as session:
        yield session


@pytest.fixture
def today(priya):
    return priya.get("/today").text


def test_sixteen_people_wait_longer_than_promised(today):
    assert "16 people are waiting longer than we promised" in today
    assert "2 days late" in today
    assert "Write to all 12" in today


def test_four_people_wait_for_a_reply(priya, today):
    assert re.search(r"Replies\s*<span[^>]*>4<", today)
    assert "disagrees with a point" in today
    assert "would like a call" in today
    assert "said thanks" in today


def test_a_law_a_client_and_an_ats_ask_for_something(priya, session, today):
    assert re.search(r"By \w+ \d+ \w+, decided or not. The law of Ontario, Canada.", today)
    assert "Sam Ortiz asks for a second reader." in today
    assert "1 person came with a reason that has no meaning yet." in today
    read = re.search(r'href="(/notices/[^"]+/read)"', today)[1]
    assert "feeders that mattered" in priya.get(read).text
    assert "Team preferred other profile" in priya.get("/settings/reasons").text


def test_a_letter_was_put_right(application, session):
    page = session.scalars(
        sa.select(FeedbackPage)
        .join(Notice, Notice.id == FeedbackPage.notice_id)
        .join(Candidate, Candidate.id == Notice.candidate_id)
        .where(Candidate.name == "Rui Tavares", Notice.kind == NoticeKind.REJECTION)
    ).one()
    letter = application.test_client().get(f"/f/{links.token(page.id, page.version)}").text
    assert "Changed on" in letter
    assert "You led one incident from the first alert to the review." in letter
    assert "You told us about joining two of them." in letter


def test_nearly_everybody_heard_in_time(today):
    assert re.search(r"(9[0-9]|8[6-9])%", today)


def test_one_notice_leaves_in_minutes_and_can_be_taken_back(today):
    assert "Inês Prado" in today
    assert re.search("in [3-8] minutes", today)


def test_what_comes_next_is_there(today):
    assert "you wanted to get in touch" in today
    assert "leaves the talent pool" in today
    assert "did not get the notice" in today


@pytest.mark.parametrize(
    ("role", "best"),
    [("Data Engineer", "Wei Zhang 4 of 6 must-haves"), ("Streaming Engineer", "Rui Tavares 5 of 6 must-haves")],
)
def test_the_pool_has_people_for_a_role_that_opens(priya, session, role, best):
    job = session.scalars(sa.select(Job).where(Job.title == role)).one()
    page = priya.get(f"/pool?job_id={job.id}").text

    person, met = re.search(r"<h3><a[^>]*>([^<]+)</a>.*?(\d of \d must-haves)", page, re.DOTALL).groups()
    assert f"{person} {met}" == best
    assert "Missing" in page
    invitation = re.search(r'href="(/pool/[^"]+/invite[^"]+)"', page)[1].replace("&amp;", "&")
    assert f"Invite {person}" in priya.get(invitation).text


def test_the_draft_to_maya_has_a_word_to_mend(priya, session):
    (draft,) = session.scalars(sa.select(Notice).where(Notice.state == NoticeState.DRAFT, Notice.asked_at.is_(None)))
    page = priya.get(f"/notices/{draft.id}").text
    assert "Notice to Maya Ferreira" in page
    assert "Fix 1 problem to send" in page


def test_it_has_seven_jobs_sixty_people_and_a_pool(session):
    def count(table):
        return session.scalar(sa.select(sa.func.count()).select_from(table))

    assert count(Job) == 7
    assert count(Candidate) == 60
    assert count(Membership) >= 12


def test_it_is_quicker_with_applications_than_its_policy_asks_for(priya):
    page = priya.get("/settings/policies").text
    assert "Once it is decided, they hear within 3 working days." in page
    assert "by Priya Nair" in page


def test_every_state_of_a_notice_is_there(session):
    states = set(session.scalars(sa.select(Notice.state)))
    assert states >= {NoticeState.DRAFT, NoticeState.HELD, NoticeState.SENT, NoticeState.FAILED}


def test_nobody_has_an_address_that_could_be_somebodys(session):
    addresses = {*session.scalars(sa.select(CandidateEmail.address)), *session.scalars(sa.select(Message.recipient))}
    assert {address.rpartition("@")[2] for address in addresses} == {"example.com"}


def test_its_mail_is_in_files(session, settings):
    accepted = session.scalars(sa.select(Message.id).where(Message.state == MessageState.ACCEPTED)).all()
    assert accepted
    assert {f"{key}.eml" for key in accepted} <= {path.name for path in (settings.data_dir / "mail").iterdir()}


def test_the_pages_say_that_nothing_leaves(today):
    assert "mail is written to local files and never leaves this machine" in today


@pytest.mark.parametrize("email", [service.PRIYA, service.SAM])
def test_its_members_sign_in(application, sample, email):
    answer = application.test_client().post("/login", data={"email": email, "password": sample.password})
    assert answer.status_code == 302, answer.text


def test_making_it_again_changes_nothing(application, sample):
    def rows():
        with reading(sample.firm_id) as session:
            return {
                table.name: session.scalar(sa.select(sa.func.count()).select_from(table))
                for table in metadata.tables.values()
            }

    before = rows()
    with application.app_context():
        assert service.make(hash_password) == sample
    assert rows() == before
