"""What publishing changes, who may, and what else becomes of a template."""

import datetime as dt
import re

import pytest

from recruiter import clock
from recruiter.accounts.models import Role
from recruiter.audit.models import AuditEntry
from recruiter.db.session import reading
from recruiter.notices.models import Notice
from recruiter.outbox.models import Message, MessageState, StreamKind
from recruiter.texts import queries
from recruiter.texts.models import Template
from tests import people
from tests.slices.notices.conftest import change, deliver, look, maya, post
from tests.slices.texts.drafting import WORDS, draft, publish, published, versions

__all__ = ["change", "deliver", "look", "maya", "post"]

NOT_SHOWN = "\u2013"
PAGE = WORDS["page_body"]


def review(person, template: Template):
    return person.browser.get(f"/templates/{template.id}/versions/{versions(template)[0].id}/publish")


def words_of(page) -> str:
    """The page as it reads, with what goes in [-…-] and what comes in {+…+}."""
    marked = re.sub(r"<del>(.*?)</del>", r"[-\1-]", re.sub(r"<ins>(.*?)</ins>", r"{+\1+}", page.text, flags=re.DOTALL))
    return " ".join(re.sub(r"<[^>]*>", " ", marked[marked.index("<main") :]).split())


def test_a_difference_is_shown_word_by_word(alice, template):
    live = versions(template)[0]
    words = {field: getattr(live, field) for field in WORDS}
    draft(alice, template, **words | {"page_closing": words["page_closing"].replace("every answer", "each answer")})

    page = review(alice, template)

    assert page.status_code == 200
    assert "Publish version 2" in page.text
    assert "Confirm changes" not in page.text
    assert "I read [-every-]{+each+} answer." in words_of(page)
    assert words_of(page).count("line 1") == 1
    assert "Page, after the points, line 1" in words_of(page)


def test_a_place_of_very_many_words_is_shown_whole(alice, template):
    long = f"{WORDS['mail_body']}\n\n{'so it goes ' * 1500}"
    draft(alice, template, mail_body=f"{long}on.")
    publish(alice, template)
    draft(alice, template, mail_body=f"{long}by.")

    page = words_of(review(alice, template))
    assert "so it goes on.-]" in page
    assert "{+so it goes" in page


def test_a_version_without_a_difference_says_so(alice, template):
    live = versions(template)[0]
    draft(alice, template, **{field: getattr(live, field) for field in WORDS})

    assert "No word is different." in review(alice, template).text


def test_values_that_come_and_go_are_confirmed(alice, template):
    draft(alice, template, page_body=f"{PAGE}\n\n{{% if stage.interviewed %}}{{{{ recruiter.email }}}}{{% endif %}}")

    page = review(alice, template)

    assert "Confirm changes" in page.text
    said = words_of(page)
    assert "Gone: decision.reason_text What recruiters write there is not said any more." in said
    assert "Gone: recruiter.phone It is not said any more: the writer&#39;s telephone." in said
    assert "Gone: call.offer It reads the same either way: whether the page offers a call." in said
    assert "New: stage.interviewed It now depends on this: whether the client met the person." in said
    assert "New: recruiter.email It is said from now on: the address that answers go to." in said
    assert publish(alice, template).status_code == 303
    assert published(template).number == 2


def test_what_changed_since_somebody_looked_is_asked_anew(alice, bob, template):
    draft(alice, template)
    address = f"/templates/{template.id}/versions/{versions(template)[0].id}/publish"
    seen = re.search(r'name="seen" value="(\w+)"', review(alice, template).text)[1]
    draft(bob, template, subject="Another subject")

    answer = alice.browser.post(address, data={"seen": seen})

    assert answer.status_code == 409
    assert "Somebody changed this template after you opened it." in answer.text
    assert "{+Another subject+}" in words_of(answer)
    assert alice.browser.post(address, data={}).status_code == 409
    assert published(template).number == 1


def test_words_that_break_a_final_rule_have_no_button(alice, template):
    draft(alice, template, page_body="Hello,\n\nYou are too old. We decided not to go on.")

    page = review(alice, template).text

    assert "Fix before publishing" in page
    assert "is about age" in page
    assert 'name="seen"' not in page


def test_a_language_without_rules_asks_for_a_reader(alice, acme, seeded):
    with reading(acme.id) as session:
        german = next(
            each for each in queries.list_templates(session, acme.id) if (each.slug, each.language) == ("answer", "de")
        )
    draft(alice, german, mail_body="Guten Tag,\n\nhier steht die Antwort: {{ candidate.page_url }}", page_body="")

    assert "No reasons allowed" not in alice.browser.get(f"/templates/{german.id}").text
    assert "Ask a second person who reads the language" in review(alice, german).text
    assert publish(alice, german).status_code == 303


def test_a_draft_that_can_no_longer_be_filled_is_sent_back(alice, template, change):
    draft(alice, template)
    change(versions(template)[0], mail_body="{{ candidate.nickname }}")

    answer = review(alice, template)

    assert answer.status_code == 422
    assert "Line 1: There is no value called candidate.nickname." in answer.text
    assert "These words cannot be filled: Line 1" in answer.text


def test_a_first_version_has_nothing_to_be_compared_with(alice, acme, template, change):
    change(versions(template)[0], state="draft", published_at=None)

    assert "There is no version yet that it could be compared with." in review(alice, template).text
    assert "Draft only" in alice.browser.get("/templates").text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"mail_body": "Hello,\n\nNo link."}, "The email needs {{ candidate.page_url }} whatever the case."),
        (
            {"mail_body": "{% if pool.offer %}{{ candidate.page_url }}{% endif %}"},
            "The email needs {{ candidate.page_url }} whatever the case.",
        ),
        (
            {"page_body": "Hello,\n\nNo.\n{{ decision.reason_text | default: 'None' }}"},
            "Line 4: Reasons are said here for everybody.",
        ),
        (
            {"page_closing": "{% for gap in feedback.gaps %}{{ gap.text }}{% endfor %}"},
            "Line 1: Reasons are said here for everybody.",
        ),
        (
            {"page_body": "{% if interview.date %}{{ decision.reason_text }}{% endif %}"},
            "Line 1: &#39;decision.reason_text&#39; has nothing to print.",
        ),
    ],
)
def test_words_that_would_fail_somebody_are_refused(alice, template, words, says):
    answer = draft(alice, template, **words)

    assert answer.status_code == 422
    assert says in answer.text


def test_what_a_person_reads_in_other_cases(alice, template):
    address = f"/templates/{template.id}"

    assert "The role needs streaming." in alice.browser.get(address).text
    assert "The role needs streaming." not in alice.browser.get(f"{address}?as=no-reasons").text
    assert "Hello Maya" not in alice.browser.get(f"{address}?as=little").text
    assert "Hello Maya" in alice.browser.get(f"{address}?as=else").text


def test_a_copy_reaches_the_member_who_asks(alice, template, deliver, smtp_sink, look, acme):
    version = versions(template)[0]

    answer = alice.browser.post(f"/templates/{template.id}/versions/{version.id}/copy")

    assert f"on its way to {alice.member.email}" in alice.browser.get(answer.location).text
    deliver()
    (mail,) = smtp_sink.messages
    assert str(mail["Subject"]) == "Copy: Your application for Data Engineer at Lumen Grid"
    assert str(mail["To"]) == f"Alice Adams <{alice.member.email}>"
    assert "Hello Maya" in mail.get_body(("plain",)).get_content()
    assert "Open your page" in mail.get_body(("html",)).get_content()
    assert look(Message, acme).state is MessageState.ACCEPTED


def test_no_copy_reaches_a_member_who_left(alice, bob, template, deliver, smtp_sink, look, change, acme):
    bob.browser.post(f"/templates/{template.id}/versions/{versions(template)[0].id}/copy")
    change(bob.member, active=False)

    deliver()

    assert smtp_sink.messages == []
    message = look(Message, acme, Message.stream == StreamKind.COPY)
    assert (message.state, message.problem_code) == (MessageState.STOPPED, "inactive")


def test_a_retired_template_is_chosen_by_nobody_and_can_come_back(app, acme, alice, bob, maya, look):
    final = look(Template, acme, Template.slug == "after-final", Template.language == "en")

    def chosen() -> str:
        page = alice.browser.get(f"/notices/new?application={maya.application.id}").text
        return re.search(r'<option value="([\w-]+)" selected', page)[1]

    assert chosen() == "after-final"
    assert bob.browser.post(f"/templates/{final.id}/retire").status_code == 403

    answer = alice.browser.post(f"/templates/{final.id}/retire")

    page = alice.browser.get(answer.location).text
    assert "Nobody can choose this template any more." in page
    assert "Restore" in page
    assert chosen() == "not-selected"
    assert "After the final interview, English" in alice.browser.get("/templates").text
    alice.browser.post(f"/templates/{final.id}/retire")
    assert "in use again" in alice.browser.get(alice.browser.post(f"/templates/{final.id}/restore").location).text
    assert chosen() == "after-final"
    with app.app_context(), reading(acme.id) as session:
        entries = session.query(AuditEntry).filter_by(subject_id=final.id).order_by(AuditEntry.created_at).all()
    assert [entry.action for entry in entries] == ["template.published", "template.retired", "template.restored"]


def test_the_last_template_of_a_kind_stays(alice, acme, look, seeded):
    each = [look(Template, acme, Template.slug == "answer", Template.language == tag) for tag in ("en", "de", "fr")]
    for template in each[:2]:
        assert alice.browser.post(f"/templates/{template.id}/retire").status_code == 303

    answer = alice.browser.post(f"/templates/{each[2].id}/retire")

    assert answer.status_code == 409
    assert "This is the last template for messages of this kind." in answer.text


def test_use_and_usefulness_are_counted_in_sums(alice, acme, maya, deliver, look, change):
    assert alice.api.post("/api/v1/notices", json=maya.body()).status_code == 201
    deliver()
    final = look(Template, acme, Template.slug == "after-final", Template.language == "en")

    def row() -> list[str]:
        page = alice.browser.get("/templates").text
        after = page[page.index("After the final interview</a>") :]
        return re.findall(r'<td class="num"[^>]*>([^<]*)</td>', after)[:2]

    assert row() == ["1", NOT_SHOWN]
    change(final, rated=9, rated_useful=7)
    assert row() == ["1", NOT_SHOWN]
    change(final, rated=10)
    assert row() == ["1", "7 of 10"]
    change(look(Notice, acme), sent_at=clock.now() - dt.timedelta(days=31))
    assert row() == ["0", "7 of 10"]


def test_a_text_is_begun_in_another_language(alice, template):
    address = f"/templates/{template.id}/languages"

    form = alice.browser.post(address, data={"language": "pt-BR"})

    page = alice.browser.get(form.location).text
    assert "Write them anew, then publish." in page
    assert "{{ decision.reason_text }}" in page
    listed = alice.browser.get("/templates").text
    assert "Portuguese (Brazil)" in listed
    assert "Draft only" in listed
    assert published(template, language="pt-BR").template_id == template.id
    assert alice.browser.post(address, data={"language": "pt-BR"}).status_code == 409
    assert alice.browser.post(address, data={"language": "nonsense!"}).status_code == 422


def test_a_lead_may_do_what_a_recruiter_may_not(app, acme, bob, template):
    lead = people.person(app, acme, "Lea Brandt", Role.LEAD)
    draft(bob, template)

    assert "Only leads and admins can publish templates." in review(bob, template).text
    assert 'name="seen"' in review(lead, template).text
    assert lead.browser.post(f"/templates/{template.id}/restore").status_code == 303


def test_another_firm_changes_nothing(charlie, template):
    version = versions(template)[0]

    for path in (f"versions/{version.id}/publish", f"versions/{version.id}/copy", "languages", "retire", "restore"):
        address = f"/templates/{template.id}/{path}"
        assert charlie.browser.post(address, data={"language": "nl"}).status_code == 404
    assert charlie.browser.get(f"/templates/{template.id}/versions/{version.id}/publish").status_code == 404
