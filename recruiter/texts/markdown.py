"""Markdown as HTML and as plain text of equal content; what people typed stays text in both."""

import re
from collections.abc import Callable, Iterator, Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from recruiter.texts.values import Address

_PARSER = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False}).disable(
    ["table", "image", "strikethrough", "fence", "code", "reference"],
)
_TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "h2", "h3", "blockquote", "code", "hr"}
_SCHEMES = {"https", "http", "mailto"}
# What means something anywhere, and what does at the beginning of a line; where a value begins, a line may.
_MARKUP = re.compile(r"([\\`*_\[\]()<>&\"])")
_OPENING = re.compile(r"([#+\-=.)~|:]|\d+[.)])")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9][\w.:/?&=%~#+-]{0,500}", re.ASCII)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_HEADINGS = {"h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}


def spell(value: str) -> str:
    """Write a value so that Markdown reads it as the very text it is; an ``Address`` becomes a link."""
    return f"<{value}>" if is_link(value) else spell_lines(value, _spell_line)


def is_link(value: str) -> bool:
    """Whether this is an ``Address`` without odd signs, which becomes a link."""
    return isinstance(value, Address) and _ADDRESS.fullmatch(value) is not None


def spell_lines(value: str, spell_words: Callable[[str], str]) -> str:
    """Write the lines of a value as lines and the gaps between them as paragraphs, each line's words as told."""
    lines = (" ".join(line.split()) for line in _UNSEEN.sub(" ", value).strip().split("\n"))
    return re.sub(r"(?:\\\n){2,}", "\n\n", "\\\n".join(spell_words(line) if line else "" for line in lines))


def _spell_line(line: str) -> str:
    spelled = _MARKUP.sub(r"\\\1", line)
    opening = _OPENING.match(spelled)
    if opening is None:
        return spelled
    return f"{spelled[: opening.end() - 1]}\\{spelled[opening.end() - 1 :]}"


def spell_line(value: str) -> str:
    """Write a value for a single line of plain text, such as a subject."""
    return " ".join(_UNSEEN.sub(" ", value).split())


def written(source: str) -> tuple[str, str]:
    """Return the same content as HTML and as plain text, as ``to_html`` and ``to_text`` do, from one reading."""
    tokens = _PARSER.parse(source)
    text = "\n\n".join(_blocks(tokens))
    return _html(tokens), text


def to_html(source: str) -> str:
    """Return clean HTML: few tags, https, http and mail links only, no images, no styles, no raw HTML.

    A paragraph that is nothing but one link becomes a button, with the address as text below it.
    """
    return _html(_PARSER.parse(source))


def _html(tokens: Sequence[Token]) -> str:
    html = _PARSER.renderer.render([*_with_buttons(tokens)], _PARSER.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        allowed_classes={"a": {"button"}, "p": {"address"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )


def to_text(source: str) -> str:
    """Return the same content as plain text: paragraphs apart by an empty line, each link with its address."""
    return "\n\n".join(paragraphs(source))


def paragraphs(source: str) -> list[str]:
    """Return each paragraph, heading or list as plain text, in order."""
    return _blocks(_PARSER.parse(source))


def _blocks(tokens: Sequence[Token]) -> list[str]:
    return [block for block in _Plain(tokens).blocks() if block]


def _with_buttons(tokens: Sequence[Token]) -> Iterator[Token]:
    for index, token in enumerate(tokens):
        token.tag = _HEADINGS.get(token.tag, token.tag)
        yield token
        link = _only_link(tokens[index - 1]) if token.type == "paragraph_close" else None
        if link is not None:
            yield from _address(link)


def _only_link(token: Token) -> Token | None:
    """Return the link that an inline token consists of, marked as a button; a bare address stays as it is."""
    children = token.children or []
    if len(children) < 3 or children[0].type != "link_open" or children[-1].type != "link_close":
        return None
    is_one = sum(child.type == "link_open" for child in children) == 1
    if not is_one or children[0].info == "auto":
        return None
    children[0].attrSet("class", "button")
    return children[0]


def _address(link: Token) -> Iterator[Token]:
    """Yield a paragraph with the address of a link as text, for who cannot press the button."""
    address = Token("link_open", "a", 1, attrs={"href": str(link.attrGet("href"))})
    words = Token("text", "", 0, content=str(link.attrGet("href")))
    yield Token("paragraph_open", "p", 1, attrs={"class": "address"})
    yield Token("inline", "", 0, children=[address, words, Token("link_close", "a", -1)])
    yield Token("paragraph_close", "p", -1)


class _Plain:
    """Walks the tokens of a parsed text once, and writes it without markup."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._numbers: list[int | None] = []
        self._item: list[str] = []

    def blocks(self) -> Iterator[str]:
        """Yield each block that stands apart; the items of a list are lines of one block."""
        for token in self._tokens:
            if token.type in {"bullet_list_open", "ordered_list_open"}:
                self._numbers.append(int(token.attrGet("start") or 1) if token.tag == "ol" else None)
            elif token.type in {"bullet_list_close", "ordered_list_close"}:
                self._numbers.pop()
                if not self._numbers:
                    yield "\n".join(self._item)
                    self._item = []
            elif token.type == "inline":
                yield from self._said(_inline(token.children or []))
            elif token.type == "list_item_open":
                self._item.append(self._bullet())

    def _said(self, text: str) -> Iterator[str]:
        if not self._numbers:
            yield text
        elif self._item[-1].endswith(" "):
            self._item[-1] += text.replace("\n", "\n  ")
        else:
            self._item.append("  " + text)

    def _bullet(self) -> str:
        number = self._numbers[-1]
        indent = "  " * (len(self._numbers) - 1)
        if number is None:
            return f"{indent}- "
        self._numbers[-1] = number + 1
        return f"{indent}{number}. "


def _inline(tokens: Sequence[Token]) -> str:
    """Write inline tokens; a link ends in its address unless it says it already."""
    written: list[str] = []
    opened: list[tuple[str, int]] = []
    for token in tokens:
        if token.type == "link_open":
            opened.append((str(token.attrGet("href")), len(written)))
        elif token.type == "link_close":
            address, start = opened.pop()
            address = address.removeprefix("mailto:")
            said = "".join(written[start:])
            written[start:] = [said if said == address else f"{said}: {address}"]
        elif token.type in {"softbreak", "hardbreak"}:
            written.append("\n" if token.type == "hardbreak" else " ")
        else:
            written.append(token.content)
    return "".join(written)
