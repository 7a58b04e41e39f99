"""Markdown as HTML and as text: what people typed stays text, and both say the same."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recruiter.texts import markdown
from recruiter.texts.values import Address

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "typed",
    [
        "**bold** and _thin_",
        "<b>loud</b> <script>alert(1)</script>",
        "[here](https://evil.example) ![](https://evil.example/p.gif)",
        "https://evil.example/page and <https://evil.example>",
        "https://evil.example",
        "www.evil.example or mailto:eve@evil.example",
        "# Heading",
        "- item",
        "1. one",
        "> quote",
        "`code` and ~~gone~~",
        "&copy; &lt; &#64;",
        "back\\slash and *",
        "a | b",
        "---",
        "{{ candidate.name }} {% if %}",
    ],
)
def test_typed_signs_appear_as_they_were_typed(typed: str):
    source = markdown.spell(typed)

    assert markdown.to_text(source) == typed
    assert markdown.to_html(source) == f"<p>{html.escape(typed, quote=False)}</p>\n"


def test_typed_lines_stay_lines_and_typed_gaps_paragraphs():
    source = markdown.spell("  one\n\ttwo  \n\n\n# three\x00\u2028\ud800")

    assert markdown.to_text(source) == "one\ntwo\n\n# three"
    assert markdown.to_html(source) == "<p>one<br>\ntwo</p>\n<p># three</p>\n"


def test_an_address_of_the_product_becomes_a_link():
    source = f"Here: {markdown.spell(Address('https://a.example/f/_x_-y_'))}"

    assert markdown.to_text(source) == "Here: https://a.example/f/_x_-y_"
    assert '<a href="https://a.example/f/_x_-y_" rel="noopener noreferrer">https://a.example/f/_x_-y_</a>' in (
        markdown.to_html(source)
    )


def test_an_address_with_odd_signs_is_only_text():
    source = markdown.spell(Address('https://a.example/"><b>'))

    assert markdown.to_html(source) == '<p>https://a.example/"&gt;&lt;b&gt;</p>\n'


def test_a_link_alone_becomes_a_button_with_its_address_as_text():
    source = f"[Open *your* page]({markdown.spell(Address('https://a.example/f/x'))})\n\n[a](https://b.example) b"

    assert markdown.to_html(source) == (
        '<p><a href="https://a.example/f/x" class="button" rel="noopener noreferrer">Open <em>your</em> page</a></p>\n'
        '<p class="address"><a href="https://a.example/f/x" rel="noopener noreferrer">https://a.example/f/x</a></p>'
        '<p><a href="https://b.example" rel="noopener noreferrer">a</a> b</p>\n'
    )
    assert markdown.to_text(source) == "Open your page: https://a.example/f/x\n\na: https://b.example b"


@pytest.mark.parametrize("source", ["[a](https://a.example)[b](https://b.example)", "<https://a.example>", "plain", ""])
def test_nothing_else_becomes_a_button(source: str):
    assert "button" not in markdown.to_html(source)


def test_a_template_may_use_headings_lists_quotes_and_weight():
    source = (
        "# One\n\n#### Two\n\n- **a**\n- b\n  - c\n\n  more\n\n3. d\n4. e\\\n   f"
        "\n\n> g\n\n---\n\n`h`\ni [j](mailto:k@l.example)"
    )

    assert markdown.to_text(source) == (
        "One\n\nTwo\n\n- a\n- b\n  - c\n  more\n\n3. d\n4. e\n  f\n\ng\n\nh i j: k@l.example"
    )
    assert markdown.to_html(source).startswith("<h2>One</h2>\n<h3>Two</h3>\n<ul>\n<li>")


@pytest.mark.parametrize(
    "source",
    [
        "[x](javascript:alert(1))",
        "![x](https://t.example/p.gif)",
        "<img src=x onerror=alert(1)>",
        "<style>*{}</style>",
        "[x](data:text/html,x)",
        "[x](ftp://a.example)",
        "| a |\n| - |\n| b |",
    ],
)
def test_a_template_cannot_bring_scripts_pictures_styles_or_tables(source: str):
    tags = re.findall(r"<(\w+)([^>]*)>", markdown.to_html(source))

    assert {tag for tag, _ in tags} <= {"p", "a"}
    assert not any("javascript:" in rest or "data:" in rest or "ftp:" in rest for _, rest in tags)


def test_a_subject_is_one_line():
    assert markdown.spell_line("A\r\nBcc: eve@evil.example\t\x00 b ") == "A Bcc: eve@evil.example b"


@settings(max_examples=300)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=80))
def test_any_typed_text_reads_the_same_in_both_parts(typed: str):
    source = markdown.spell(typed)
    visible = html.unescape(re.sub(r"<[^>]*>", "", markdown.to_html(source)))

    assert set(re.findall(r"<(\w+)", markdown.to_html(source))) <= {"p", "br"}
    assert visible.split() == markdown.to_text(source).split()
