"""The templates that ship: each in every language it has, filled in every way the product fills it."""

import html
import re
from collections.abc import Iterator

import pytest

from recruiter.checker import service as checker
from recruiter.checker.document import Context, Document
from recruiter.checker.grade import grade
from recruiter.checker.reading import read
from recruiter.texts import rendering, seeds, variables
from recruiter.texts.models import TextKind, TextStage
from recruiter.texts.rendering import Mail, PageLetter
from recruiter.texts.seeds import Seed
from recruiter.texts.variables import Data

pytestmark = pytest.mark.once

SEEDS = {(seed.language, seed.slug): seed for seed in seeds.load()}
ENGLISH = [seed for seed in SEEDS.values() if seed.language == "en"]
NOTICES = ("rejection", "update", "role_closed", "correction")
DECIDING = {
    "en": ("will not be", "do not have a decision", "on hold", "was not right"),
    "de": ("weiter berücksichtigen", "nicht vorschlagen", "nicht zu einem Gespräch", "noch keine", "ruht", "war nicht"),
    "fr": ("pas suite", "ne présenterai pas", "ne vous proposera pas", "pas encore de", "en pause", "erreur"),
}


def each(seed: Seed) -> pytest.param:
    return pytest.param(seed, id=f"{seed.language}-{seed.slug}")


every_seed = pytest.mark.parametrize("seed", [each(seed) for seed in SEEDS.values()])
every_english = pytest.mark.parametrize("seed", [each(seed) for seed in ENGLISH])


def modes(seed: Seed) -> Iterator[Data]:
    """As usual, with nothing that may be missing, with each value by turns, and without leave to give reasons."""
    for data in variables.cases(seed.kind, seed.language):
        yield data
        if "policy" in data:
            yield data | {"policy": {"reasons_allowed": False}}


def filled(seed: Seed) -> dict[tuple[str, str], tuple[Data, Mail, PageLetter]]:
    """Every letter that comes of it, once, with the last data that gave it: without leave to give reasons, if any."""
    found = {}
    for data in modes(seed):
        mail, page = rendering.mail(seed, data, seed.language), rendering.page(seed, data, seed.language)
        letter = "\n\n".join((mail.text.strip(), *page.opening, *page.closing))
        found[mail.subject, letter] = (data, mail, page)
    return found


def visible(mail: Mail) -> str:
    body = re.sub(r"<(title|style)>.*?</\1>", "", mail.html, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", " ", body))


def test_every_moment_has_its_text_in_every_language():
    for language in seeds.LANGUAGES:
        found = [seed for seed in SEEDS.values() if seed.language == language]

        assert {seed.kind for seed in found} == set(TextKind)
        assert {seed.stage for seed in found if seed.kind == "rejection"} == {None, *TextStage}
        assert [(seed.slug, seed.name, seed.stage) for seed in found] == [
            (seed.slug, seed.name, seed.stage) for seed in ENGLISH
        ]


@every_seed
def test_a_seed_has_no_fault(seed: Seed):
    assert rendering.faults(seed.kind, seed, seed.language) == {}


@every_seed
def test_a_seed_reads_well_in_every_mode(seed: Seed):
    for (subject, letter), (_, mail, _) in filled(seed).items():
        assert "  " not in letter
        assert not re.search(r"[^\S\xa0][.,]|\n{3}", letter)
        assert subject == subject.strip() != ""
        assert all(len(words.split()) <= 25 for words in re.split(r"(?<=[.?!:])\s|\n\n", mail.text))
        rich, text = (re.sub(r":\s+https://", " https://", part) for part in (visible(mail), mail.text))
        assert rich.split() == text.split()


@pytest.mark.parametrize("seed", [each(seed) for seed in SEEDS.values() if seed.kind in NOTICES])
def test_the_decision_comes_first_and_no_reason_where_none_is_allowed(seed: Seed):
    for (_, letter), (data, mail, page) in filled(seed).items():
        for text in ("\n\n".join(mail.text.split("\n\n")[1:]), "\n\n".join(page.opening[1:])):
            first_two = " ".join(re.split(r"(?<=[^\d][.?!])\s+", text)[:2])
            assert any(words in first_two for words in DECIDING[seed.language]), first_two
        if not data["policy"]["reasons_allowed"]:
            assert not any(reason in letter for reason in variables.REASONS)
            assert not re.search("we saw|stood out|gesehen|Rückmeldung|avons vu|retour est", letter)


@every_seed
def test_an_unnamed_client_is_said_in_the_language(seed: Seed):
    for (subject, letter), (data, _, _) in filled(seed).items():
        if "client" in data and not data["client"]["is_named"]:
            assert "Lumen Grid" not in subject + letter
            assert seed.language == "en" or "our client" not in letter.lower()


@every_english
def test_a_seed_passes_the_checker_in_every_mode(seed: Seed):
    context = Context(candidate=("Maya", "Maya Ferreira"), recruiter="Priya Nair")
    for (subject, letter), (_, mail, page) in filled(seed).items():
        assert checker.check_text(f"{subject}\n\n{letter}", "body", context) == []
        assert grade(read(mail.text).words) <= 7
        if seed.kind in NOTICES:
            found = checker.check(Document(letter=letter, subject=subject), context)
            assert [finding for finding in found if finding.rule != "READ-LEN"] == []
            assert checker.blocking(checker.check(Document(letter=mail.text, subject=subject), context)) == []
            assert checker.blocking(checker.check(Document(letter="\n\n".join(page.opening)), context)) == []
