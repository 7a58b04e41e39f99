"""Templates as firms may write them: what works, what is refused, and on which line."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recruiter.texts import liquid, markdown, values, variables
from recruiter.texts.liquid import Names, Unusable

pytestmark = pytest.mark.once

NAMES = Names(frozenset(variables.of("rejection")), frozenset(variables.POINT))
DATA = variables.example("rejection")


def problems(source: str) -> list[str]:
    return [str(problem) for problem in liquid.problems(source, NAMES)]


def render(source: str, **data: object) -> str:
    return liquid.render(source, values.plain(data or DATA), str)


def refusal(source: str, **data: object) -> str:
    with pytest.raises(Unusable) as refused:
        render(source, **data)
    return str(refused.value)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("Hi\n{{ candidate.first_name", "Line 2: This tag has no }} within 500 characters."),
        (
            "a\n{% if pool.offer %}x{% endif %}\n{% if pool.offer %}\ny\nz",
            "Line 3: Expected tag endif, found end of expression.",
        ),
        ("{{ job.salary }}", "Line 1: There is no value called job.salary."),
        ("a\nb {{ now }}", "Line 2: There is no value called now."),
        ("{{ candidate }}", "Line 1: There is no value called candidate."),
        ("{{ candidate.__class__.__mro__ }}", "Line 1: There is no value called candidate.__class__.__mro__."),
        ("{{ candidate.first_name.__class__ }}", "Line 1: There is no value called candidate.first_name.__class__."),
        ("{{ candidate[job.title] }}", "Line 1: There is no value called candidate[job.title]."),
        (
            "{% for gap in feedback.gaps %}\n{{ gap.rating }}{% endfor %}",
            "Line 2: There is no value called gap.rating.",
        ),
        ("ok\n{{ job.title | capitalize }}", "Line 2: There is no filter called capitalize."),
        ("{% include 'secret' %}", "Line 1: Unexpected tag 'include'."),
        ("{% render 'secret' %}", "Line 1: Unexpected tag 'render'."),
        ("\n{% capture x %}{% endcapture %}", "Line 2: Unexpected tag 'capture'."),
        ("{% liquid\nassign x = 1\n%}", "Line 1: Unexpected tag 'liquid'."),
        ("{% if true %}" * 9 + "{% endif %}" * 9, "Line 1: Block nesting limit reached."),
        ("x" * 20_001, "Line 1: A template has at most 400 lines and 20000 characters."),
        ("\n" * 400, "Line 1: A template has at most 400 lines and 20000 characters."),
    ],
)
def test_a_template_is_refused_with_its_line(source: str, problem: str):
    assert problems(source) == [problem]


def test_every_problem_is_listed_once_in_order():
    assert problems("{{ b.b }}{{ a.a }}\n{{ b.b }}\n{{ job.title | lower | lower }}") == [
        "Line 1: There is no value called a.a.",
        "Line 1: There is no value called b.b.",
        "Line 2: There is no value called b.b.",
        "Line 3: There is no filter called lower.",
    ]


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("{{ candidate.first_name }} {{ candidate['full_name'] }}", "Maya Maya Ferreira"),
        ("{% for gap in feedback.gaps %}{{ forloop.index }}. {{ gap.criterion }}{% endfor %}", "1. Pension rules"),
        ("{% for gap in feedback.gaps limit: 3 offset: 0 %}{{ gap.criterion }}{% endfor %}", "Pension rules"),
        ("{{ feedback.gaps[0].text }} {{ feedback.gaps.size }}", "You named two of the five steps. 1"),
        ("{% assign role = job.title %}{{ role | upcase }}", "DATA ENGINEER"),
        ("{% case role.status %}{% when 'closed' %}closed{% else %}open{% endcase %}", "closed"),
        ("{% unless pool.offer %}no{% else %}{{ pool.months }}{% endunless %}", "12"),
        ("{{ interview.date | date: '%A %-d %B %Y, %d %H:%M' }}", "Friday 14 November 2025, 14 00:00"),
        ("{{ interview.date | date }}", "14 November 2025"),
        ("{% comment %}{{ x }}{% endcomment %}{{ 'a' }}{% # note %}", "a"),
    ],
)
def test_what_a_template_writes(source: str, written: str):
    assert problems(source) == []
    assert render(source) == written


@pytest.mark.parametrize("empty", [None, ""])
def test_what_is_missing_is_false_and_has_a_default_and_is_never_a_blank(empty: str | None):
    person = {"first_name": empty}

    assert render("{% if candidate.first_name %}a{% else %}b{% endif %}", candidate=person) == "b"
    assert render("{{ candidate.first_name | default: 'there' }}", candidate=person) == "there"
    assert refusal("Hi\n{{ candidate.first_name }}", candidate=person) == (
        "Line 2: 'candidate.first_name' has nothing to print."
    )


@pytest.mark.parametrize("source", ["{{ list }}", "{{ record }}", "{{ truth }}", "{{ list | first }}"])
def test_only_words_and_numbers_can_be_printed(source: str):
    assert "has nothing to print" in refusal(source, list=[{"a": "b"}], record={"a": "b"}, truth=True)


@pytest.mark.parametrize("value", [None, "", "soon", "now", "today", 5, "2025-13-01"])
def test_only_a_date_is_written_as_a_date(value: object):
    assert refusal("{{ day.date | date: '%Y' }}", day={"date": value}) == "Line 1: There is no date to write."


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Monday 1 December 2025"),
        ("de", "Montag 1 Dezember 2025"),
        ("de-AT", "Montag 1 Dezember 2025"),
        ("fr", "lundi 1er décembre 2025"),
        ("pt-BR", "segunda-feira 1 dezembro 2025"),
        ("tlh", "Monday 1 December 2025"),
    ],
)
def test_a_date_is_in_the_language_of_the_template(language: str, written: str):
    day = {"date": "2025-12-01"}

    assert liquid.render("{{ day.date | date: '%A %-d %B %Y' }}", values.plain({"day": day}), str, language) == written


def test_a_date_knows_a_few_signs_only():
    assert refusal("{{ interview.date | date: '%Y %j' }}").startswith("Line 1: A date can be written with %A")


NESTED = "{% for a in list %}" * 4 + "x" + "{% endfor %}" * 4


def test_loops_have_an_end():
    assert refusal(NESTED, list=[{"a": "b"}] * 9) == "Line 1: Loop iteration limit reached."


def test_the_result_has_an_end():
    assert refusal(NESTED.replace("x", "{{ long }}"), list=["a"] * 4, long="x" * 1000).endswith("limit reached.")


def test_memory_has_an_end():
    source = "{% for i in list %}{% assign x = long | upcase %}{% endfor %}{{ x }}"

    assert refusal(source, list=["a"], long="x" * 30_000) == "Line 1: Local namespace limit reached."


def test_an_object_never_reaches_a_template():
    with pytest.raises(TypeError, match="plain values, not object"):
        render("{{ x }}", x=[object()])


def test_what_a_person_typed_is_never_a_template():
    typed = "{{ candidate.full_name }}{% for i in list %}"

    assert render("{{ x }}", x=typed) == typed


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            [
                *"{}%|.[]()'\"\n a1",
                "{{",
                "}}",
                "{%",
                "%}",
                "if ",
                "for x in ",
                "endif",
                "endfor",
                "job.title",
                "assign ",
                "..",
                "else",
                "case ",
                "raw",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_no_source_does_more_than_be_refused(source: str):
    for problem in liquid.problems(source, NAMES):
        assert 1 <= problem.line <= source.count("\n") + 1
    with contextlib.suppress(Unusable):
        liquid.render(source, values.plain(DATA), markdown.spell)
