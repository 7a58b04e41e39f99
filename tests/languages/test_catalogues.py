"""The catalogues hold what the sources say, whole, and nothing else."""

import re

import pytest

from recruiter.texts import seeds
from recruiter.translations import catalogues
from recruiter.translations.catalogues import TRANSLATED
from tests.languages import extraction

pytestmark = pytest.mark.once

LOOSE = re.compile(r" [?!:;»]|« |[“”]")  # French has a space before them, and it does not break
PARTS = re.compile(r"%\(\w+\)s|<[^>]+>")


@pytest.mark.slow
@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_catalogue_is_what_make_translations_writes(tag):
    assert extraction.FOLDER.joinpath(f"{tag}.po").read_text("utf-8") == extraction.brought_up_to_date(tag)


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_message_is_translated_with_its_values_and_tags(tag):
    faults = []
    for message in extraction.read(tag):
        said = message.id if isinstance(message.id, tuple) else (message.id,)
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        is_whole = all(words) and len(words) == len(said) and not message.fuzzy
        if message.id and not (is_whole and [*map(parts, words)] == [*map(parts, said)]):
            faults.append(message.id)

    assert faults == []


def test_french_signs_never_begin_a_line():
    said = [message.string for message in extraction.read("fr")]
    said += [(seed.subject, seed.mail_body, seed.page_body) for seed in seeds.load() if seed.language == "fr"]

    assert [words for words in said if LOOSE.search("\n".join(words if isinstance(words, tuple) else (words,)))] == []


@pytest.mark.parametrize(
    ("tag", "words", "direction", "locale"),
    [
        ("en", "en", "ltr", "en_IE"),
        ("en-US", "en", "ltr", "en_US"),
        ("de-AT", "de", "ltr", "de_AT"),
        ("fr", "fr", "ltr", "fr"),
        ("pt-BR", "en", "ltr", "en_IE"),
        ("ar", "en", "rtl", "en_IE"),
        ("he-IL", "en", "rtl", "en_IE"),
        ("fa", "en", "rtl", "en_IE"),
        ("ur-PK", "en", "rtl", "en_IE"),
        ("az-Arab", "en", "rtl", "en_IE"),
        ("xx", "en", "ltr", "en_IE"),
    ],
)
def test_a_reader_gets_the_nearest_words_in_the_direction_of_their_language(tag, words, direction, locale):
    reader = catalogues.reader(tag)

    assert (reader.words, reader.direction, str(reader.locale)) == (words, direction, locale)


def parts(message):
    return sorted(PARTS.findall(message))
