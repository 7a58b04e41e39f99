"""How words are compared: without case, accents and the width of spaces; ``C++``, ``C#`` and ``.NET`` stay whole."""

import re
import unicodedata

# Letters that Unicode does not take apart into a letter and a mark.
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)
_WORD = re.compile(r"((?<!\w)\.(?=\w))?([^\W_]+)([+#]*)")
_SIGNS = str.maketrans({"+": "plus", "#": "sharp"})


def fold(text: str) -> str:
    """Return the text in the form in which texts are compared: ``  ŁÓDŹ `` and ``lodz`` are the same."""
    letters = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    whole = unicodedata.normalize("NFKC", bare).casefold().translate(_LETTERS)
    return " ".join(whole.split())


def fold_address(address: str) -> str:
    """Return a mail address in the form in which addresses are compared; accents count in an address."""
    return address.strip().casefold()


def words(text: str) -> list[str]:
    """Return the words of a text as both full-text indexes keep them: letters and digits only.

    What full-text search would cut off is spelled out: ``C++`` is ``cplusplus``, ``C#`` is ``csharp``, ``.NET`` is
    ``dotnet``.
    """
    found = _WORD.findall(fold(text))
    return [f"{'dot' if dot else ''}{word}{signs.translate(_SIGNS)}" for dot, word, signs in found]
