"""Mail and page of the templates that ship, and of what people type into them."""

import re

import pytest

from recruiter.checker import service as checker
from recruiter.checker.document import Context, Document
from recruiter.texts import rendering, seeds, variables
from recruiter.texts.liquid import Unusable
from recruiter.texts.models import TextKind
from recruiter.texts.rendering import Mail
from recruiter.texts.seeds import Seed

pytestmark = pytest.mark.once

SEEDS = {seed.kind: seed for seed in seeds.load("en")}
NOTICES = ("rejection", "update", "role_closed", "correction")
ROLES = ("filled", "on_hold", "closed")


def settings(kind: str) -> list[dict[str, dict[str, object]]]:
    """Everything given, nothing that may be empty given, and reasons that exist but may not be told."""
    full = variables.example(kind)
    neutral = {group: {**fields, "reasons_allowed": False} for group, fields in full.items()}
    return [
        {**each, "role": {"status": role}}
        for each in (full, variables.without_options(full), neutral)
        for role in ROLES
    ]


CASES = [(seed, data) for seed in SEEDS.values() for data in settings(seed.kind)]


def visible(mail: Mail) -> str:
    body = re.sub(r"<(title|style)>.*?</\1>", "", mail.html, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", body).replace("&amp;", "&")


def test_every_kind_that_is_sent_has_a_seed():
    assert set(SEEDS) == set(TextKind)


@pytest.mark.parametrize("kind", SEEDS)
def test_a_seed_has_no_fault(kind: str):
    assert rendering.faults(kind, SEEDS[kind]) == {}


@pytest.mark.parametrize(("seed", "data"), CASES)
def test_a_seed_reads_well_in_every_setting(seed: Seed, data: dict[str, dict[str, object]]):
    mail, page = rendering.mail(seed, data), rendering.page(seed, data)
    context = Context(candidate=("Maya Ferreira",))
    letter = "\n\n".join((mail.text.strip(), *page.opening, *page.closing))

    assert checker.check_text(f"{mail.subject}\n\n{letter}", "body", context) == []
    assert "  " not in letter
    assert not re.search(r"\s[.,]|\n{3}", letter)
    assert all(len(sentence.split()) <= 25 for sentence in re.split(r"(?<=[.?!:])\s|\n\n", mail.text))
    if seed.kind in NOTICES:
        found = checker.check(Document(letter=letter, subject=mail.subject), context)
        assert [finding for finding in found if finding.rule != "READ-LEN"] == []
        assert checker.blocking(checker.check(Document(letter=mail.text, subject=mail.subject), context)) == []
        assert checker.blocking(checker.check(Document(letter="\n\n".join(page.opening)), context)) == []
        assert page.opening[0] in {"Hello Maya,", "Hello,"}


@pytest.mark.parametrize(("seed", "data"), CASES)
def test_both_parts_of_a_mail_say_the_same(seed: Seed, data: dict[str, dict[str, object]]):
    mail = rendering.mail(seed, data)
    html, text = (re.sub(r":\s+https://", " https://", part) for part in (visible(mail), mail.text))

    assert html.split() == text.split()


@pytest.mark.parametrize("kind", ["rejection", "role_closed"])
def test_without_leave_to_give_reasons_none_is_given(kind: str):
    data = variables.example(kind)
    data["policy"] = {"reasons_allowed": False}
    mail, page = rendering.mail(SEEDS[kind], data), rendering.page(SEEDS[kind], data)
    letter = "\n".join((mail.text, *page.opening, *page.closing))

    assert "streaming" not in letter
    assert "what we saw" not in letter
    assert "what stood out" not in letter


def test_a_mail_names_decision_reason_page_date_and_people():
    mail = rendering.mail(SEEDS["rejection"], variables.example("rejection"))

    assert mail.subject == "Your application for Data Engineer at Lumen Grid"
    assert mail.text == (
        "Hello Maya,\n\n"
        "We will not be taking your application further for the Data Engineer role at Lumen Grid."
        " The role needs streaming.\n\n"
        "I wrote down what we saw. You can read it, answer it or ask for a call on your page.\n\n"
        "Open your page: https://notices.example.com/f/example\n\n"
        "The page stays open until Wednesday 18 February 2026."
        " You can also reply to this email. I read every reply.\n\n"
        "Priya Nair\nHarbour & Pine, +351 21 000 00 00\n\n"
        "Harbour & Pine\n12 Quay Street, Lisbon\n"
    )


def test_the_mail_loads_nothing_and_follows_nobody():
    mail = rendering.mail(SEEDS["rejection"], variables.example("rejection"))

    assert not re.search(r"<(img|link|script|iframe|table)\b|url\(|@import|\ssrc=", mail.html)
    assert set(re.findall(r'href="([^"]*)"', mail.html)) == {"https://notices.example.com/f/example"}
    assert '<html lang="en" dir="ltr">' in mail.html
    assert "prefers-color-scheme: dark" in mail.html
    assert len(mail.html) < 12_000


def test_what_people_typed_appears_literally_everywhere():
    data = variables.example("rejection")
    typed = "<b>**x**</b> [y](https://evil.example) {{ firm.name }} & z"
    data["decision"]["reason_text"] = data["job"]["title"] = data["firm"]["postal_address"] = typed
    mail, page = rendering.mail(SEEDS["rejection"], data), rendering.page(SEEDS["rejection"], data)
    escaped = "&lt;b&gt;**x**&lt;/b&gt; [y](https://evil.example) {{ firm.name }} &amp; z"

    assert mail.subject == f"Your application for {typed} at Lumen Grid"
    assert mail.text.count(typed) == 3
    assert mail.html.count(escaped) == 4  # the title too
    assert typed in page.opening[1]


def test_the_postal_address_keeps_its_lines():
    data = variables.example("rejection")
    data["firm"]["postal_address"] = "Hafenstr. 1\n20095 Hamburg"
    mail = rendering.mail(SEEDS["rejection"], data)

    assert "Hafenstr. 1<br>20095 Hamburg" in mail.html
    assert mail.text.endswith("Hafenstr. 1\n20095 Hamburg\n")


def test_the_same_arguments_give_the_same_bytes():
    data = variables.example("update")

    assert rendering.mail(SEEDS["update"], data) == rendering.mail(SEEDS["update"], dict(data))


def test_a_value_that_is_missing_stops_the_mail():
    data = variables.example("rejection")
    data["page"] = {"open_until": None}

    with pytest.raises(Unusable, match=r"Line \d+: There is no date to write"):
        rendering.mail(SEEDS["rejection"], data)


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
