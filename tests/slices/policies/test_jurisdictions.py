"""The files of policies: what holds where, and what a file may not say."""

import datetime as dt
from importlib import resources

import pytest

from recruiter.policies import jurisdictions
from recruiter.policies.jurisdictions import Place, Rank, Unusable
from recruiter.policies.values import FeedbackMode, PolicyName, Span

pytestmark = pytest.mark.once

# place, feedback, weeks or months of the file, months of the pool
HOLDS = [
    (None, "full", "12 months", "12 months"),
    ("BR", "full", "12 months", "12 months"),
    ("US", "full", "12 months", "24 months"),
    ("US-NY", "full", "12 months", "24 months"),
    ("US-CA", "full", "48 months", "24 months"),
    ("CA", "full", "12 months", "12 months"),
    ("CA-BC", "full", "12 months", "12 months"),
    ("CA-ON", "full", "12 months", "24 months"),
    ("CA-QC", "full", "12 months", "12 months"),
    ("GB", "full", "12 months", "24 months"),
    ("GB-SCT", "full", "12 months", "24 months"),
    ("IE", "full", "12 months", "12 months"),
    ("DE", "neutral", "6 months", "12 months"),
    ("DE-BY", "neutral", "6 months", "12 months"),
    ("AT", "full", "7 months", "12 months"),
    ("FR", "full", "3 months", "24 months"),
    ("NL", "full", "4 weeks", "12 months"),
    ("PT", "full", "6 months", "12 months"),
    ("NO", "full", "6 months", "12 months"),
    ("AU", "full", "12 months", "24 months"),
]


@pytest.mark.parametrize(("place", "mode", "file", "pool"), HOLDS, ids=[str(row[0]) for row in HOLDS])
def test_what_holds_in_a_place(place, mode, file, pool):
    rules = jurisdictions.find(place).rules

    assert rules[PolicyName.FEEDBACK_MODE].value == FeedbackMode(mode)
    assert rules[PolicyName.FILE].words == file
    assert rules[PolicyName.POOL].words == pool
    assert all(rule.told(rule.value).endswith(".") and "{" not in rule.told(rule.value) for rule in rules.values())
    assert all(rule.origin.source and rule.origin.seen <= dt.date(2026, 11, 22) for rule in rules.values())


@pytest.mark.parametrize(
    ("job", "person", "firm", "work", "home"),
    [
        ("DE", "GB", "PT", "DE", "GB"),
        (None, "GB", "PT", "GB", "GB"),
        ("CA-ON", None, "PT", "CA-ON", "CA-ON"),
        (None, None, "AT", "AT", "AT"),
        (None, None, None, "default", "default"),
    ],
)
def test_the_job_decides_first_and_for_keeping_the_person_their_home(job, person, firm, work, home):
    place = Place(job=job, person=person, firm=firm)

    assert (place.work.code, place.home.code) == (work, home)


def test_only_what_a_law_or_authority_says_binds_a_firm_beyond_our_own_numbers():
    bound = {
        (code, name)
        for code, each in jurisdictions.every().items()
        for name in each.own
        if (rule := each.rules[name]).origin.rank in {Rank.LAW, Rank.AUTHORITY} and (rule.at_least or rule.at_most)
    }

    assert bound == {(code, PolicyName.FILE) for code in ("US", "US-CA", "GB", "NL")} | {
        (code, PolicyName.POOL) for code in ("FR", "NL")
    }


@pytest.mark.parametrize(
    ("span", "day", "ends"),
    [
        (Span(weeks=4), "2026-11-30", "2026-12-28"),
        (Span(months=3), "2026-11-30", "2027-02-28"),
        (Span(months=12), "2028-02-29", "2029-02-28"),
        (Span(months=36), "2026-10-20", "2029-10-20"),
        (Span(months=1), "2025-12-01", "2026-01-01"),
    ],
)
def test_a_span_ends_on_the_day_of_the_calendar(span, day, ends):
    assert span.after(dt.date.fromisoformat(day)) == dt.date.fromisoformat(ends)


@pytest.fixture
def folder(tmp_path):
    """The files as they are, one of them with some words replaced."""
    for file in (resources.files("recruiter.policies") / "data").iterdir():
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")

    def change(name, *replaced):
        text = (tmp_path / name).read_text("utf-8")
        for old, new in zip(replaced[::2], replaced[1::2], strict=True):
            assert old in text
            text = text.replace(old, new)
        (tmp_path / name).write_text(text, "utf-8")
        return tmp_path

    return change


CLOCK = """[clock]
days = 45
alarms = [30, 40]
headcount = 25
proof = "3 years"
means = "They hear."
source = "A law"
rank = "law"
seen = 2026-11-22

[values.pool]"""
STRANGE = [
    (
        "a value that is none",
        "NL.toml",
        ('"4 weeks"', '"4 moons"'),
        "NL.toml: Enter a number of weeks",
    ),
    (
        "a value beyond its own bound",
        "NL.toml",
        ('at_most = "12 months"', 'at_most = "3 months"'),
        "is the most",
    ),
    ("a choice that is closed", "FR.toml", ('allowed = ["consent"]', 'allowed = ["legitimate_interest"]'), "not open"),
    ("a name that no policy has", "DE.toml", ("values.file", "values.fill"), "'fill' is not a valid PolicyName"),
    ("a word that no value has", "DE.toml", ("rank =", "range ="), "DE.toml: "),
    ("a rank that is none", "DE.toml", ('"practice"', '"hearsay"'), "'hearsay' is not a valid Rank"),
    (
        "no day on which it was read",
        "DE.toml",
        ("seen = 2026-11-22", 'seen = "lately"'),
        "has words and a day",
    ),
    ("words that do not name the value", "DE.toml", ("{value}", "it"), "names the value"),
    ("a place above that is not there", "IE.toml", ('above = "EU"', 'above = "EEC"'), "EEC.toml: is not there"),
    ("a place above itself", "EU.toml", ("members = [", 'above = "IE"\nmembers = ['), "is above itself"),
    ("nothing said at all", "default.toml", ("[values.pool_basis]", "[other]"), "default.toml: "),
    ("what is no TOML", "DE.toml", ("value =", "value"), "DE.toml: "),
    (
        "a clock of a whole country",
        "CA.toml",
        ("[values.pool]", CLOCK),
        "CA.toml: a clock runs for the jobs of a region",
    ),
    ("alarms after the day", "CA-ON.toml", ("[30, 40]", "[40, 30]"), "the two alarms come one after the other"),
]


@pytest.mark.parametrize(("_name", "file", "replaced", "words"), STRANGE, ids=[row[0] for row in STRANGE])
def test_a_file_that_says_something_strange_is_refused_by_name(folder, _name, file, replaced, words):
    with pytest.raises(Unusable) as refused:
        jurisdictions.read(folder(file, *replaced))

    assert words in str(refused.value)


def test_a_value_that_nothing_says_is_named(folder):
    path = folder("default.toml")
    text = (path / "default.toml").read_text("utf-8")
    (path / "default.toml").write_text(text.partition("[values.pool_basis]")[0], "utf-8")

    with pytest.raises(Unusable, match=r"default\.toml: says nothing of pool_basis"):
        jurisdictions.read(path)
