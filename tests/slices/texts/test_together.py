"""Two people at one template: one asks the other to publish, and neither writes over the other unseen."""

import re

from recruiter.audit.models import AuditEntry
from tests.slices.notices.conftest import look
from tests.slices.texts.drafting import WORDS, draft, publish, versions

__all__ = ["look"]


def seen_in(page):
    return re.search(r'name="seen" value="([^"]+)"', page)[1]


def test_who_may_not_publish_asks_who_may(acme, alice, bob, vera, template, look):
    draft(bob, template)
    at = f"/templates/{template.id}"
    asking = f"{at}/versions/{versions(template)[0].id}/ask"
    assert "Ask to publish" in bob.browser.get(at).text
    assert "asks to publish" not in alice.browser.get("/templates").text
    assert vera.browser.post(asking).status_code == 403

    assert bob.browser.post(asking).status_code == 303
    assert bob.browser.post(asking).status_code == 303
    assert look(AuditEntry, acme, AuditEntry.action == "template.publish_asked").actor_id == bob.member.id
    page = bob.browser.get(at).text
    assert ("They were asked" in page, "Ask to publish" in page) == (True, False)
    listed = alice.browser.get("/templates").text
    assert f"{bob.member.name} asks to publish version 2 of {template.name}" in listed
    assert f"{at}/versions/{versions(template)[0].id}/publish" in listed

    draft(bob, template, subject="Your application for {{ job.title }}")
    assert "asks to publish" not in alice.browser.get("/templates").text
    bob.browser.post(asking)
    assert publish(alice, template).status_code == 303
    assert "asks to publish" not in alice.browser.get("/templates").text
    assert bob.browser.post(asking).status_code == 409


def test_nobody_writes_over_words_that_they_have_not_seen(alice, bob, template):
    at = f"/templates/{template.id}/draft"
    theirs, mine = (seen_in(person.browser.get(at).text) for person in (alice, bob))
    assert draft(alice, template, seen=theirs, subject="From Alice about {{ job.title }}").status_code == 303
    assert draft(bob, template, seen=mine, subject="From Alice about {{ job.title }}").status_code == 303

    refused = draft(bob, template, seen=mine, subject="From Bob about {{ job.title }}")
    assert (refused.status_code, "after you opened them" in refused.text) == (409, True)
    assert ("From Alice about" in refused.text, "From Bob about" in refused.text) == (True, True)
    assert versions(template)[0].subject == "From Alice about {{ job.title }}"

    again = draft(bob, template, seen=seen_in(refused.text), subject="From Bob about {{ job.title }}")
    assert again.status_code == 303
    assert versions(template)[0].subject == "From Bob about {{ job.title }}"
    assert draft(bob, template, subject=WORDS["subject"]).status_code == 303
