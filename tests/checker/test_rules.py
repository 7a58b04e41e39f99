"""The rules as data: what each has to say, and what data is refused."""

import re
import subprocess
import sys
from collections import Counter

import pytest

from recruiter.checker import catalogue, machine
from recruiter.checker import service as checker
from recruiter.checker.catalogue import BadRule
from recruiter.checker.document import Context
from recruiter.checker.phrases import BadPhrase, Phrases
from recruiter.checker.reading import read
from recruiter.checker.sentences import check_field

pytestmark = pytest.mark.once

IDS = """
PROT-AGE PROT-RACE PROT-NAT PROT-REL PROT-SEX PROT-GI PROT-SO PROT-DIS PROT-PREG PROT-MAR PROT-GEN PROT-VET
PROT-POL PROT-CRIM PROT-SOC PROT-DV PROX-OVERQ PROX-DIGNAT PROX-GRAD PROX-ENERGY PROX-MATURE PROX-CULT
PROX-TENURE PROX-ACCENT PROX-NATIVE PROX-LOCALEXP PROX-NAME PROX-AREA PROX-GAP PROX-COMMIT PROX-CLASS
HLTH-COND HLTH-ADJ HLTH-ABS HLTH-DIAG HLTH-ABLE APPR-LOOK APPR-DRESS APPR-VOICE APPR-GENDER PERS-TRAIT
PERS-GENDTRAIT PERS-MIND PERS-ABIL PERS-LABEL ABS-ALWAYS ABS-TOTAL ABS-CERT VAG-CLICHE VAG-NOEV VAG-BARE
VAG-HEDGE VAG-PRAISE VAG-SHORT CMP-NAMED CMP-DETAIL CMP-RANK CMP-BETTER CONF-CLIENT CONF-FEE CONF-PAY
CONF-HIST CONF-INT CONF-REF CONF-CHECK CONF-BIZ CONF-DATA PROM-JOB PROM-TIME PROM-HOPE PROM-KEEP PROM-COND
LEG-ADMIT LEG-PREDET LEG-THREAT LEG-CLAIM LEG-WAIVE LEG-PREF LEG-AUTO TONE-INSULT TONE-SARC TONE-HARSH
TONE-BLAME TONE-CMD TONE-UNFORT TONE-SHOUT TONE-PITY TONE-BUT TOK-LIQUID TOK-BRACKET TOK-NULL TOK-BLANK
TOK-NAME TOK-ROLE TOK-DATE TOK-LINK TOK-NOREPLY READ-SENT READ-GRADE READ-JARGON READ-PASSIVE READ-LEN
STR-DECISION STR-STRENGTH STR-COUNT STR-SUGGEST STR-NEXT STR-ROLE STR-CONSENT
"""
CATEGORY = {"id": "ZZZ", "name": "Try"}
RULE = {
    "id": "ZZZ-TRY",
    "severity": "warn",
    "message": "“{words}” is tried.",
    "suggestion": "Try something else.",
    "why": "To see.",
    "source": "None",
}


def build(**rule: object):
    return catalogue.build({"words.toml": {}, "zzz.toml": {"category": CATEGORY, "rule": [RULE | rule]}}, version="1")


@pytest.mark.parametrize("rule", catalogue.load("en").rules.values(), ids=lambda rule: rule.id)
def test_a_rule_says_what_why_and_what_instead(rule):
    assert rule.id.startswith(f"{rule.category.id}-")
    assert all((rule.message, rule.suggestion, rule.why, rule.source, rule.fields))
    assert rule.version >= 1
    assert rule.whens or rule.marks or rule.test


def test_the_rules_are_those_of_the_specification():
    found = Counter(rule.category.id for rule in catalogue.load("en").rules.values())

    assert found == {
        "PROT": 16,
        "PROX": 15,
        "HLTH": 5,
        "APPR": 4,
        "PERS": 5,
        "ABS": 3,
        "VAG": 6,
        "CMP": 4,
        "CONF": 9,
        "PROM": 5,
        "LEG": 7,
        "TONE": 9,
        "TOK": 9,
        "READ": 5,
        "STR": 7,
    }
    assert catalogue.load("en").rules.keys() == set(IDS.split())


def test_a_country_cannot_make_a_rule_lighter():
    files = {
        "words.toml": {},
        "zzz.toml": {"category": CATEGORY, "rule": [RULE]},
        "countries.toml": {"GB": {"ZZZ-TRY": "hint"}},
    }

    with pytest.raises(BadRule, match="GB: ZZZ-TRY is warn everywhere"):
        catalogue.build(files, version="1")


def test_the_version_comes_from_the_data():
    assert re.fullmatch(r"\d+-[0-9a-f]{12}", checker.rules_version())
    checker.prepare()
    assert catalogue.load("en").version == checker.rules_version()


START = """
import sys
from concurrent.futures import ThreadPoolExecutor
import recruiter.cli.main, recruiter.app
from recruiter.checker import catalogue, service
from recruiter.checker.document import Context

service.rules_version()
assert catalogue._built.cache_info().misses == 0, "starting up works no rule out"

def look(_):
    return tuple(service.check_text("You are too old, and would not fit in with the team.", "body", Context()))

with ThreadPoolExecutor(8) as threads:
    found = set(threads.map(look, range(8)))

assert catalogue._built.cache_info().misses == 1, "threads that need the rules at once work them out once"
assert [[each.rule for each in findings] for findings in found] == [["PROT-AGE", "PROX-CULT"]]
"""


@pytest.mark.slow
def test_rules_are_worked_out_when_the_first_text_is_read_and_once():
    subprocess.run([sys.executable, "-c", START], check=True)


def test_a_rule_may_read_some_fields_only():
    rules = build(fields=["growth"], whens=[{"phrases": ["never"]}])

    assert check_field(rules, "feedback.gaps.0.text", "Never again", Context()) != []
    assert check_field(rules, "feedback.strengths.0.text", "Never again", Context()) == []


@pytest.mark.parametrize("mark", ["a*", "a+b", "(a{2,})", r"x[ab]+"])
def test_a_mark_that_repeats_without_an_end_is_refused(mark: str):
    with pytest.raises(BadRule, match=r"ZZZ-TRY: .* repeats without an end"):
        build(marks=[mark])


@pytest.mark.parametrize("mark", [r"\*", "[+*]", "a{1,3}", r"\[x\]"])
def test_a_mark_with_an_end_is_fine(mark: str):
    assert build(marks=[mark]).rules["ZZZ-TRY"].marks


@pytest.mark.parametrize(
    "wrong",
    [
        {"severity": "grave"},
        {"fields": ["nowhere"]},
        {"colour": "red"},
        {"whens": [{"phrases": ["a"], "beside": ["b"]}]},
    ],
)
def test_a_rule_that_cannot_be_used_is_named(wrong: dict[str, object]):
    with pytest.raises(BadRule, match="ZZZ-TRY"):
        build(**wrong)


@pytest.mark.parametrize(
    ("phrase", "complaint"),
    [
        ("too & old", "a sign that means nothing"),
        ("(too", "never closed"),
        ("too)", "closed once too often"),
        ("<nobody>", "names a list that is not there: nobody"),
        ("(too)?", "can match nothing at all"),
    ],
)
def test_a_phrase_that_cannot_be_read_is_quoted(phrase: str, complaint: str):
    with pytest.raises(BadPhrase, match=re.escape(complaint)):
        Phrases().add(phrase, 0)


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("too old", "you are too old", ["too old"]),
        ("too old", "too. Old", []),
        ("too (old|far gone)?", "too far gone", ["too", "too far gone"]),
        ("old*", "older", ["older"]),
        ("old*", "cold", []),
        ("*old", "cold", ["cold"]),
        ("*old", "older", []),
        ("not ... good", "not all that very good", ["not all that very good"]),
        ("not ... good", "not one two three four good", []),
        ("a _ c", "a b c", ["a b c"]),
        ("over #16-80", "over 50 and over 90", ["over 50"]),
        ("over #16-80", "over \u0665\u0660 and over 9999999999", []),
        ("<pair>", "one two three", ["one two", "three"]),
        ("^ hello", "Hello. Well, hello", ["Hello"]),
        ("old $", "too old, and old enough, so old", ["old", "old"]),
        ("e.g. old", "", None),
    ],
)
def test_what_a_phrase_finds(phrase: str, text: str, words: list[str] | None):
    phrases = Phrases({"pair": ("one two", "three")})
    if words is None:
        with pytest.raises(BadPhrase):
            phrases.add(phrase, 0)
        return
    phrases.add(phrase, 0)
    reading = read(text)

    found = [
        text[reading.words[first].start : reading.words[after - 1].end]
        for _, first, after in phrases.find(reading.words)
    ]

    assert sorted(found) == sorted(words)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three", 3),
        ("Mr. Smith and J. Doe, e.g. here", 1),
        ("one\ntwo", 1),
        ("one\n\ntwo", 2),
        ("- one\n- two\n3. three", 3),
        ("“One.” Two", 2),
        ("你好。再见", 2),
        ("3.5 and a.b", 1),
    ],
)
def test_where_a_sentence_ends(text: str, sentences: int):
    assert read(text).words[-1].sentence + 1 == sentences


def test_a_machine_that_met_too_much_forgets_and_finds_the_same(monkeypatch):
    monkeypatch.setattr(machine, "_MOST_STATES", 2)
    monkeypatch.setattr(machine, "_MOST_KINDS", 2)
    phrases = Phrases()
    phrases.add("too (very)? old", 0)

    words = read("far too old and too very old. Too").words

    assert [first for _, first, _ in phrases.find(words)] == [1, 4]
    assert phrases.at(words, 1) == [(0, 3)]
    assert phrases.at(read("too. Old").words, 0) == []


@pytest.mark.parametrize(
    "text", ["You have. They want a youngster.", "You have also then once even so. They want a youngster."]
)
def test_a_sentence_without_a_deed_tells_none(text: str):
    assert [finding.rule for finding in checker.check_text(text, "body", Context())][:1] == ["PROT-AGE"]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Will you call?", []),
        ("We met daniel.", []),
        ("It was Li Osei.", ["CMP-NAMED"]),
        ("We met Priya.", []),
        ("You will hear by 13 June.", []),
    ],
)
def test_what_counts_as_another_candidates_name(text: str, rules: list[str]):
    context = Context(
        candidate=("Priya Raman",), other_candidates=("Li Osei", "Will Raman", "Daniel Ek", "June Hill", "...")
    )

    assert [finding.rule for finding in checker.check_text(text, "body", context)] == rules
