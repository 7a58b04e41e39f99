"""Writes what the sources say to candidates into the catalogues: ``python -m tests.languages.extraction``."""

import io
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from recruiter.translations.catalogues import TRANSLATED

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "recruiter" / "translations"
SOURCES = {"recruiter": [("**.py", "python")], "templates": [("**.html", "jinja2")]}
KEYWORDS = {"gettext": None, "later": None, "ngettext": (1, 2)}
# No dates and no versions: who extracts twice gets the same file.
HEAD = """# The words around a letter in {name}. Sources change, then `make translations`, then the empty lines here.
msgid ""
msgstr ""
"Language: {tag}\\n"
"Plural-Forms: {plural}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def messages() -> Catalog:
    """Every message of the sources, with the files that say it."""
    found = Catalog()
    for folder, methods in SOURCES.items():
        said = extract_from_dir(
            ROOT / folder, methods, {"**.html": {"trimmed": "true", "silent": "false"}}, keywords=KEYWORDS
        )
        for name, _line, message, *_ in said:
            found.add(message, locations=[(f"{folder}/{name}", None)])
    return found


def read(tag: str) -> Catalog:
    """The catalogue of a language as it stands."""
    path = FOLDER / f"{tag}.po"
    return read_po(io.BytesIO(path.read_bytes() if path.exists() else b""), locale=tag)


def brought_up_to_date(tag: str) -> str:
    """The catalogue with what the sources say now: new messages are empty, those that nothing says are gone."""
    catalogue, written = read(tag), io.BytesIO()
    catalogue.update(messages(), no_fuzzy_matching=True)
    write_po(written, catalogue, width=110, omit_header=True, sort_output=True, ignore_obsolete=True)
    head = HEAD.format(name=catalogue.locale.english_name, tag=tag, plural=catalogue.plural_forms)
    return head + written.getvalue().decode().strip() + "\n"


if __name__ == "__main__":
    for language in TRANSLATED:
        FOLDER.joinpath(f"{language}.po").write_text(brought_up_to_date(language), "utf-8")
