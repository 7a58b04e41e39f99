"""A mail from a mould is the mail that is read by itself, whatever its values say."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recruiter.texts import liquid, markdown, moulds, rendering, values
from recruiter.texts.layout import Frame
from recruiter.texts.liquid import Unusable

pytestmark = pytest.mark.once

BODY = """Hello {{ a }},

{% for each in many %}- **{{ each }}**: {{ b }} {{ forloop.index }}
{% endfor %}
{{ forloop.index | default: 3 }}. {{ b }}

[Open it]({{ page_url }})

{{ b }}\\
{{ a }}
"""
TYPED = [
    "",
    "  ",
    "*x* <b>",
    "two\nlines",
    "a\n\n\nb",
    "# no\u00a0heading",
    "1. one",
    "\ue000",
    "e\u0301 &amp;",
    "soft\u00adhyphen",
]
ADDRESSES = ["https://a.example/f/x_y-z", "https://a.example/?q=%20", 'https://a.example/"><b>', "javascript:alert(1)"]


@dataclass
class Words:
    mail_body: str = BODY
    subject: str = "About {{ a }}"
    page_body: str = ""
    page_closing: str = ""


def data_of(a, b, many=("one", "two"), url=ADDRESSES[0]):
    return {"a": a or "A", "b": b or "B", "many": list(many), "page_url": url, "firm": {"name": "Harbour & Pine"}}


def by_itself(words, data):
    subject = liquid.render(words.subject, values.plain(data), markdown.spell_line).strip()
    frame = Frame(("Harbour & Pine",), "en")
    return moulds.written(liquid.render(words.mail_body, values.plain(data), markdown.spell), subject, frame)


@pytest.mark.parametrize("url", ADDRESSES)
@pytest.mark.parametrize("typed", TYPED)
def test_a_mail_from_a_mould_is_the_mail_that_is_read_by_itself(typed, url):
    data = data_of(typed, typed, url=url)
    mail = rendering.mail(Words(), data)

    assert (mail.html, mail.text) == by_itself(Words(), data)


@settings(max_examples=60, deadline=None)
@given(a=st.text(max_size=40), b=st.text(max_size=80), many=st.lists(st.text("ab *_-", min_size=1), max_size=3))
def test_whatever_is_typed_a_mould_shows_the_same(a, b, many):
    words = Words(mail_body=BODY.replace("**", ""))
    data = data_of(a, b, many)
    mail = rendering.mail(words, data)

    assert (mail.html, mail.text) == by_itself(words, data)


def test_mails_that_differ_in_values_alone_share_a_mould():
    rendering.mail(Words(), data_of("Maya", "first"))
    made = moulds.find.cache_info().misses
    rendering.mail(Words(), data_of("Noor", "second"))

    assert moulds.find.cache_info().misses == made


def test_a_value_inside_a_web_address_is_read_with_it():
    words = Words(mail_body="[Open](https://a.example/{{ a }}) {{ b }}")
    mail = rendering.mail(words, data_of("x", "*y*"))

    assert 'href="https://a.example/x"' in mail.html
    assert "Open: https://a.example/x *y*" in mail.text


def test_a_value_never_becomes_the_scheme_of_a_link():
    mail = rendering.mail(Words(mail_body="[Open]({{ a }})"), data_of("javascript:alert(1)", "b"))

    assert "javascript:" not in mail.html.split("<body", 1)[1].replace("[Open](javascript:alert(1))", "")


def test_a_mail_that_would_be_too_long_is_not_written():
    with pytest.raises(Unusable, match="longer than 200000 characters"):
        rendering.mail(Words(), data_of("a", "b" * 60_000))
