"""Mail and page of a template, and of what people type into them."""

import re

import pytest

from recruiter.texts import rendering, seeds, variables
from recruiter.texts.liquid import Unusable
from recruiter.texts.models import TextKind

pytestmark = pytest.mark.once

SEEDS = {seed.slug: seed for seed in seeds.load() if seed.language == "en"}


def test_a_mail_names_decision_reason_page_date_and_people():
    mail = rendering.mail(SEEDS["not-selected"], variables.example("rejection"))

    assert mail.subject == "Your application for Data Engineer at Lumen Grid"
    assert mail.text == (
        "Hello Maya,\n\n"
        "We will not be taking your application further for the Data Engineer role at Lumen Grid."
        " The role needs streaming.\n\n"
        "I wrote down what we saw. You can read it and answer it on your page, or ask for a call.\n\n"
        "Open your page: https://notices.example.com/f/example\n\n"
        "The page stays open until Wednesday 18 February 2026."
        " You can also reply to this email. I read every reply.\n\n"
        "Priya Nair\nHarbour & Pine, +351 21 000 00 00\n\n"
        "Harbour & Pine\n12 Quay Street, Lisbon\n"
    )


def test_the_mail_loads_nothing_and_follows_nobody():
    mail = rendering.mail(SEEDS["not-selected"], variables.example("rejection"))

    assert not re.search(r"<(img|link|script|iframe|table)\b|url\(|@import|\ssrc=", mail.html)
    assert set(re.findall(r'href="([^"]*)"', mail.html)) == {"https://notices.example.com/f/example"}
    assert '<html lang="en" dir="ltr">' in mail.html
    assert "prefers-color-scheme: dark" in mail.html
    assert len(mail.html) < 12_000


def test_what_people_typed_appears_literally_everywhere():
    data = variables.example("rejection")
    typed = "<b>**x**</b> [y](https://evil.example) {{ firm.name }} & z"
    data["decision"]["reason_text"] = data["job"]["title"] = data["firm"]["postal_address"] = typed
    mail, page = rendering.mail(SEEDS["not-selected"], data), rendering.page(SEEDS["not-selected"], data)
    escaped = "&lt;b&gt;**x**&lt;/b&gt; [y](https://evil.example) {{ firm.name }} &amp; z"

    assert mail.subject == f"Your application for {typed} at Lumen Grid"
    assert mail.text.count(typed) == 3
    assert mail.html.count(escaped) == 4  # the title too
    assert typed in page.opening[1]


def test_the_postal_address_keeps_its_lines():
    data = variables.example("rejection")
    data["firm"]["postal_address"] = "Hafenstr. 1\n20095 Hamburg"
    mail = rendering.mail(SEEDS["not-selected"], data)

    assert "Hafenstr. 1<br>20095 Hamburg" in mail.html
    assert mail.text.endswith("Hafenstr. 1\n20095 Hamburg\n")


def test_the_same_arguments_give_the_same_bytes():
    data = variables.example("update")

    assert rendering.mail(SEEDS["no-decision-yet"], data) == rendering.mail(SEEDS["no-decision-yet"], dict(data))


def test_a_value_that_is_missing_stops_the_mail():
    data = variables.example("rejection")
    data["page"] = {"open_until": None}

    with pytest.raises(Unusable, match=r"Line \d+: There is no date to write"):
        rendering.mail(SEEDS["not-selected"], data)


def test_faults_are_found_in_every_field_and_with_empty_values_too():
    class Words:
        subject = "{{ job.salary }}"
        mail_body = "Hello {{ candidate.first_name }}"
        page_body = "{% if %}"
        page_closing = "Bye"

    assert {
        field: [str(problem) for problem in problems]
        for field, problems in rendering.faults("rejection", Words()).items()
    } == {
        "subject": ["Line 1: There is no value called job.salary."],
        "mail_body": ["Line 1: 'candidate.first_name' has nothing to print."],
        "page_body": ["Line 1: Missing expression."],
    }


@pytest.mark.parametrize("kind", TextKind)
def test_every_variable_is_explained_and_has_an_example(kind: TextKind):
    for name, variable in variables.of(kind).items():
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", name)
        assert variable.meaning
        assert variable.example not in ("", None)
