"""Keeping templates on the pages: reading, drafting, publishing."""

import re
import uuid

import pytest
import sqlalchemy as sa

from recruiter.accounts.models import Role
from recruiter.audit.models import AuditEntry
from recruiter.db.session import reading, transaction
from recruiter.errors import NotFound
from recruiter.texts import queries
from recruiter.texts.models import Template, TemplateVersion, TextKind, VersionState
from recruiter.texts.queries import Want
from tests import people
from tests.slices.texts.drafting import draft, publish, published, versions

pytestmark = pytest.mark.usefixtures("seeded")


def test_the_list_names_every_template_by_purpose(alice):
    page = alice.browser.get("/templates").text

    names = re.findall(r'scope="row"><a[^>]*>([^<]+)', page)
    assert names == [
        "Not selected",
        "After the application",
        "After the screening call",
        "CV declined by the client",
        "After the interview",
        "After the final interview",
        "No decision yet",
        "Role filled, on hold or closed",
        "A correction",
        "There is an answer",
        "A role for someone in the pool",
        "Do you still want to hear from us?",
    ]
    assert page.count(">German<") == page.count(">French<") == 12


def test_a_firm_without_templates_is_told_so(charlie):
    assert "No templates yet." in charlie.browser.get("/templates").text


def test_a_template_shows_how_it_reads(alice, template):
    page = alice.browser.get(f"/templates/{template.id}").text

    assert "Your application for Data Engineer at Lumen Grid" in page
    assert "If any of this does not match how you remember it, tell me." in page
    assert "Live, version 1" in page


def test_the_form_begins_with_the_live_words_and_explains_every_value(alice, template):
    page = alice.browser.get(f"/templates/{template.id}/draft").text

    assert "{{ decision.reason_text }}" in page
    assert "<code>candidate.first_name</code>" in page
    assert "<code>pool.leave_url</code>" not in page


def test_a_draft_is_kept_once_and_changed(alice, template):
    assert draft(alice, template).status_code == 303
    assert draft(alice, template, subject="Changed").status_code == 303

    newest, live = versions(template)
    assert (newest.number, newest.state, newest.subject) == (2, VersionState.DRAFT, "Changed")
    assert newest.created_by_id == alice.member.id
    assert "\r" not in newest.mail_body
    assert live.state is VersionState.PUBLISHED
    assert "Changed" in alice.browser.get(f"/templates/{template.id}/draft").text
    assert "Draft, version 2" in alice.browser.get("/templates").text


def test_a_draft_changes_nothing_until_it_is_published(alice, template):
    draft(alice, template)
    assert published(template).number == 1

    answer = publish(alice, template)

    assert answer.status_code == 303
    assert published(template).number == 2
    page = alice.browser.get(answer.location).text
    assert "Version 2 is live." in page
    assert "Draft, version" not in page


def test_who_did_what_is_kept(alice, template):
    draft(alice, template)
    publish(alice, template)

    with reading(template.firm_id) as session:
        entries = session.scalars(
            sa.select(AuditEntry)
            .where(AuditEntry.subject_id == template.id)
            .order_by(AuditEntry.created_at, AuditEntry.id)
        ).all()
    assert [(entry.action, entry.actor_id, entry.details) for entry in entries] == [
        ("template.published", None, {"number": 1}),
        ("template.drafted", alice.member.id, {"number": 2}),
        ("template.published", alice.member.id, {"number": 2}),
    ]


def test_an_old_version_stays_readable(alice, template):
    draft(alice, template)
    publish(alice, template)
    first = versions(template)[-1]

    page = alice.browser.get(f"/templates/{template.id}/versions/{first.id}").text

    assert "Your application for Data Engineer at Lumen Grid" in page
    assert "Published" in page


def test_a_version_that_is_live_is_never_published_again(alice, template):
    answer = publish(alice, template)

    assert answer.status_code == 409
    assert versions(template)[0].number == 1


def test_words_that_cannot_be_filled_are_refused_with_field_and_line(alice, template):
    answer = draft(alice, template, mail_body="Hello\n{{ candidate.name }}", subject="")

    assert answer.status_code == 422
    assert "Write a subject." in answer.text

    answer = draft(alice, template, mail_body="Hello\n{{ candidate.name }}")

    assert answer.status_code == 422
    assert "Line 2: There is no value called candidate.name." in answer.text
    assert "{{ candidate.name }}" in answer.text
    assert len(versions(template)) == 1


@pytest.mark.parametrize("part", ["mail_body", "page_body"])
@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("Hello,\n\nThank you for your time.", "The decision is not said in the first 60 words."),
        ("Hello,\n\nYou are too old. We decided not to go on.", "is about age"),
        ("Hello [Name],\n\nWe will not be taking your application further.", "placeholder"),
    ],
)
def test_words_that_would_stop_every_message_are_not_published(alice, template, part, body, says):
    draft(alice, template, **{part: body + ("\n\n{{ candidate.page_url }}" if part == "mail_body" else "")})

    answer = publish(alice, template)

    assert answer.status_code == 422
    assert says in answer.text
    assert versions(template)[0].state is VersionState.DRAFT


def test_a_notice_needs_its_page(alice, template):
    answer = draft(alice, template, page_body="")

    assert answer.status_code == 422
    assert "A notice has a letter on its page." in answer.text


def test_what_is_no_notice_needs_no_decision(alice, acme):
    with reading(acme.id) as session:
        answer = next(t for t in queries.list_templates(session, acme.id) if t.kind is TextKind.ANSWER)
    draft(alice, answer, mail_body="Hello,\n\nThere is an answer: {{ candidate.page_url }}", page_body="")

    assert publish(alice, answer).status_code == 303


def test_a_recruiter_drafts_and_a_lead_publishes(app, acme, bob, template):
    lead = people.person(app, acme, "Lea Brandt", Role.LEAD)

    assert draft(bob, template).status_code == 303
    assert "Only leads and admins can publish templates." in bob.browser.get(f"/templates/{template.id}").text
    assert publish(bob, template).status_code == 403
    assert publish(lead, template).status_code == 303


def test_a_viewer_only_reads(vera, template):
    page = vera.browser.get(f"/templates/{template.id}")
    assert page.status_code == 200
    assert not any(words in page.text for words in ("Send me a copy", "Write a new version", "Begin a draft", "Retire"))
    assert draft(vera, template).status_code == 403


def test_another_firms_templates_do_not_exist(charlie, template):
    version = versions(template)[0]

    assert charlie.browser.get(f"/templates/{template.id}").status_code == 404
    assert charlie.browser.get(f"/templates/{template.id}/versions/{version.id}").status_code == 404
    assert draft(charlie, template).status_code == 404
    assert charlie.browser.post(f"/templates/{template.id}/versions/{version.id}/publish").status_code == 404


def test_a_version_is_found_under_its_own_template_only(alice, acme, template):
    with reading(acme.id) as session:
        other = next(t for t in queries.list_templates(session, acme.id) if t.kind is TextKind.UPDATE)

    assert alice.browser.get(f"/templates/{other.id}/versions/{versions(template)[0].id}").status_code == 404


def test_the_published_version_is_chosen_by_language_then_age(acme, template):
    dutch = build_template(acme, language="nl", slug="afwijzing")
    second = build_template(acme, language="en", slug="second")

    assert published(template).template_id == template.id
    assert published(template, language="nl-BE").template_id == dutch.id
    assert published(template, language="pt-BR").template_id == template.id
    assert published(template, slug="second").template_id == second.id
    assert published(template, slug="nowhere") is None


def test_the_stage_and_the_language_choose_the_words(acme, template):
    def slug(**wanted) -> tuple[str, str]:
        with reading(acme.id) as session:
            found = queries.find_published(session, acme.id, TextKind.REJECTION, Want(**wanted)).template
        return found.slug, found.language

    assert slug(stage="screening") == ("after-screening", "en")
    assert slug(stage="final", language="de-AT") == ("after-final", "de")
    assert slug(stage="submitted", language="fr") == ("cv-declined", "fr")
    assert slug(stage="offer", language="pt") == ("not-selected", "en")
    build_template(acme, language="pt", slug="no-stage")
    assert slug(stage="final", language="pt") == ("no-stage", "pt")  # rather the reader's language than the stage


def build_template(firm, *, language: str, slug: str) -> Template:
    """A template with one published version, as another firm's habit would have made it."""
    with transaction(firm.id) as session:
        row = Template(
            id=uuid.uuid4(), firm_id=firm.id, kind=TextKind.REJECTION, slug=slug, name=slug, language=language
        )
        session.add(row)
        session.flush()
        session.add(
            TemplateVersion(
                firm_id=firm.id,
                template_id=row.id,
                number=1,
                state=VersionState.PUBLISHED,
                published_at=row.created_at,
                subject="x",
                mail_body="x",
                page_body="x",
            )
        )
    return row


def test_a_template_without_any_version_gets_its_first_draft(alice, acme):
    with transaction(acme.id) as session:
        empty = Template(id=uuid.uuid4(), firm_id=acme.id, kind=TextKind.REJECTION, slug="new", name="New")
        session.add(empty)

    assert alice.browser.get(f"/templates/{empty.id}/draft").status_code == 200
    assert draft(alice, empty).status_code == 303
    assert [version.number for version in versions(empty)] == [1]


def test_a_version_is_read_by_its_id(acme, template):
    version = versions(template)[0]

    with reading(acme.id) as session:
        assert queries.get_version(session, acme.id, version.id).id == version.id
        with pytest.raises(NotFound):
            queries.get_version(session, acme.id, uuid.uuid4())
