"""What is offered while a criterion is typed: the firm's own words, by families of jobs."""

import pytest

from tests.maya import case
from tests.slices.notices.forms import open_composer, value_of

PAGE = "/settings/competencies"


def families(person):
    page = person.browser.get(PAGE)
    names = ("general", "office", "finance", "engineering", "sales", "service", "care", "trades", "management")
    return {name: value_of(page, name) for name in names}


def test_a_firm_changes_what_is_offered_and_can_go_back(app, acme, alice, bob, charlie):
    maya = case(app, acme)
    before = families(alice)
    assert before["finance"].splitlines()[0] == "Payroll cycle"
    assert '<option value="Payroll cycle">Finance and payroll</option>' in open_composer(bob, maya).text

    saved = alice.browser.post(PAGE, data=before | {"finance": "  Ledgers \nMonth  end\nledgers\n\n"})
    assert saved.status_code == 303
    assert families(alice)["finance"] == "Ledgers\nMonth end"
    offered = open_composer(bob, maya).text
    assert '<option value="Ledgers">Finance and payroll</option>' in offered
    assert '<option value="Leads on-call">This job</option>' in offered
    assert ("Payroll cycle" in offered, "Infection control" in offered) == (False, True)
    assert families(charlie)["finance"] == before["finance"]

    alice.browser.post(PAGE, data=before | {"finance": "Ledgers"})
    alice.browser.post(PAGE, data={"finance": before["finance"]})
    assert families(alice) == before
    alice.browser.post(PAGE, data=before)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Young and fresh thinking\nYou are too old for this", "cannot be offered"),
        ("x" * 121, "Shorten"),
        ("\n".join(f"Need {number}" for number in range(41)), "Keep 40 at most"),
        ("x" * 4001, "4000"),
    ],
)
def test_what_cannot_be_offered_is_said_and_kept_in_the_form(alice, typed, words):
    answer = alice.browser.post(PAGE, data={"general": typed})

    assert (answer.status_code, words in answer.text) == (422, True)
    assert value_of(answer, "general").splitlines() == typed.splitlines()


def test_only_admins_and_leads_change_them(bob):
    assert bob.browser.get(PAGE).status_code == 403
    assert bob.browser.post(PAGE, data={"general": "Anything"}).status_code == 403
