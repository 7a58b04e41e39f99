"""What a member could write to harm the others: each is refused on its line, quickly, before anything is kept."""

import time

import pytest

from recruiter.texts import liquid, variables
from recruiter.texts.liquid import Names

pytestmark = pytest.mark.once

NAMES = Names(frozenset(variables.of("rejection")), frozenset(variables.POINT))
NO_RANGE = "Ranges of numbers cannot be used."
NO_BOUND = "Limit and offset are numbers from 0."
TOO_LONG = "This tag has no {} within 500 characters."
LOOP = "{{% for i in {} %}}x{{% endfor %}}"

# What is written on the second line, and what is said about that line.
ATTACKS = {
    # loops
    "a loop over a billion": (LOOP.format("(1..999999999)"), NO_RANGE),
    "a list of a billion, turned round": (LOOP.format("(1..999999999) reversed"), NO_RANGE),
    "a range kept for later": ("{% assign x = (1..999999999) %}{{ x | size }}", NO_RANGE),
    "a range with a filter": ("{{ (1..999999999) | first }}", NO_RANGE),
    "a range in a condition": ("{% if (1..9) contains 5 %}x{% endif %}", NO_RANGE),
    "a range inside of much": ("{% if true %}{% unless true %}{{ (1..9) | size }}{% endunless %}{% endif %}", NO_RANGE),
    "a range in a case": ("{% case 5 %}{% when (1..9) %}x{% endcase %}", NO_RANGE),
    "a bound below nothing": (LOOP.format("feedback.gaps limit: -1"), NO_BOUND),
    "a start below nothing": (LOOP.format("feedback.gaps offset: -5"), NO_BOUND),
    "a bound that is a word": (LOOP.format("feedback.gaps limit: job.title"), NO_BOUND),
    "a start from where it ended": (LOOP.format("feedback.gaps offset: continue"), NO_BOUND),
    # memory
    "joining what doubles": ("{{ feedback.gaps | join: job.title }}", "There is no filter called join."),
    "adding to a text": ("{{ job.title | append: job.title }}", "There is no filter called append."),
    "repeating a text": ("{{ job.title | times: 999999 }}", "There is no filter called times."),
    "replacing by more": ("{{ job.title | replace: 'a', job.title }}", "There is no filter called replace."),
    "keeping what was written": ("{% capture x %}{{ x }}{% endcapture %}", "Unexpected tag 'capture'."),
    "counting on": ("{% increment x %}", "Unexpected tag 'increment'."),
    # nesting
    "too many blocks": ("{% if true %}" * 9 + "{% endif %}" * 9, "Block nesting limit reached."),
    "brackets in brackets": ("{{ " + "a[" * 150 + "a" + "]" * 150 + " }}", "There is no value called a."),
    "a condition without end": ("{% if " + "true and " * 500 + "true %}x{% endif %}", TOO_LONG.format("%}")),
    "filters without end": ("{{ job.title" + " | upcase" * 500 + " }}", TOO_LONG.format("}}")),
    "a number without end": ("{{ " + "9" * 5000 + " }}", TOO_LONG.format("}}")),
    # other files, other code
    "another template": ("{% include 'x' %}", "Unexpected tag 'include'."),
    "another template, apart": ("{% render 'x' %}", "Unexpected tag 'render'."),
    "code in many lines": ("{% liquid assign x = 1 %}", "Unexpected tag 'liquid'."),
    "a table": ("{% tablerow i in feedback.gaps %}{% endtablerow %}", "Unexpected tag 'tablerow'."),
    "text that is not read": ("{% raw %}{{ x }}{% endraw %}", "Unexpected tag 'raw'."),
    # objects
    "the class of a text": ("{{ job.title.__class__ }}", "There is no value called job.title.__class__."),
    "the globals of a function": (
        "{{ firm.__init__.__globals__ }}",
        "There is no value called firm.__init__.__globals__.",
    ),
    "what spells the values": ("{{ [' spell'] }}", "There is no value called  spell."),
    "a whole record": ("{{ recruiter }}", "There is no value called recruiter."),
    "a name that is worked out": ("{{ firm[job.title] }}", "There is no value called firm[job.title]."),
    "a method of a list": ("{{ feedback.gaps.append }}", "There is no value called feedback.gaps.append."),
    "a private fact": ("{{ private.client }}", "There is no value called private.client."),
    "the present moment": ("{{ 'now' | date: '%Y' }}{{ now }}", "There is no value called now."),
    # unknown filters
    "an unknown filter": ("{{ job.title | nope }}", "There is no filter called nope."),
    "an address of the machine": ("{{ 'x' | file_url }}", "There is no filter called file_url."),
    "raw HTML": ("{{ job.title | safe }}", "There is no filter called safe."),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_on_its_line(attack: str):
    source, says = ATTACKS[attack]

    began = time.perf_counter()
    found = [str(problem) for problem in liquid.problems(f"Hello\n{source}\nBye", NAMES)]

    assert found[0] == f"Line 2: {says}"
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("{% if true %}\n" + "x" * 40 + ("\n" + "{{ job.title }} " * 3) * 398, 1),
        ("x\n{{ " + "a[" * 450 + "\n" * 300, 2),
        ("x\n" + "{{" * 9_000, 2),
        ("{{ a" + " " * 19_000, 1),
        ("{{ a" + " " * 900 + "}} " + "{{ a" + " " * 990 + "b }}", 1),
        ("{% raw %}" * 2_000, 1),
        ("{% doc %}" * 2_000, 1),
        ("{% comment %}" * 1_500, 1),
        ("{% if " * 3_000, 1),
        ("{%" + " " * 19_000, 1),
        ("{# " * 5_000 + "{% assign x", 1),
    ],
)
def test_what_never_ends_is_refused_quickly(source: str, line: int):
    began = time.perf_counter()
    found = liquid.problems(source, NAMES)

    assert [problem.line for problem in found] == [line]
    assert time.perf_counter() - began < 2
