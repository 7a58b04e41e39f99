"""Names and texts that try to be something else: they arrive as what they are, letter by letter, and nowhere else."""

import html.parser

import pytest

from recruiter.accounts.models import Role
from tests import build, mail
from tests.maya import GAP, STRENGTH, case

pytestmark = pytest.mark.slow

NOTICES = "/api/v1/notices"
NAMES = [
    'Maya "Bcc" <everybody@localhost>',
    "<script>alert(1)</script>",
    "\u202emoc.elpmaxe@ydobyreve",
    "مايا فيريرا",
    "Zoë 😀 Ferreira",
    "M" * 40,
    "'; DROP TABLE candidates; --",
]
SENDERS = [
    *NAMES,
    "Maya, everybody@localhost",
    "Maya: Bcc; everybody@localhost (x)",
]
STOPPED = [  # the checker sees no name in it, or a field that was never filled
    "Maya, everybody@example.com",
    "=?utf-8?q?Maya=0D=0ABcc:_everybody=40example.com?=",
    "{{ firm.name }}{% raw %}",
]
TEXTS = [
    "<script>alert('one')</script>",
    "<img src=x onerror=alert(1)>",
    "</p></body></html><!--",
    "&lt;b&gt; &amp; &nbsp; &#x41;",
    "**bold** _slanted_ `code` ~~gone~~",
    "# A heading",
    "- a list - that is none",
    "1. First",
    "> quoted",
    "![image](https://example.com/pixel.gif)",
    "<https://example.com/>",
    "a | b | c",
    "a \\ b \\* c \\n",
    ".\r\nQUIT is two words",
    "From here to there",
    "\u202eright to left, مرحبا, עברית",
    "👩‍💻 e\u0301 ﬁ",
    "x" * 900,
]


class Words(html.parser.HTMLParser):
    """The text that a reader of the HTML sees, and the names of its elements."""

    def __init__(self, source):
        super().__init__()
        self.elements, self.texts, self.hidden = set(), [], 0
        self.feed(source)

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        self.hidden += tag in {"style", "title"}

    def handle_endtag(self, tag):
        self.hidden -= tag in {"style", "title"}

    def handle_data(self, data):
        self.texts += [] if self.hidden else [data]


def one_line(text):
    return " ".join(text.split())


def read(source):
    return one_line("".join(Words(source).texts))


@pytest.fixture
def post(app, settings, smtp_sink):
    with mail.posting(app, settings, smtp_sink.url) as post:
        yield post


@pytest.fixture
def told(app, alice, post, smtp_sink, client):
    """Queue a notice, let it leave, and return the mail and the page that its link opens."""

    def told(body):
        answer = alice.api.post(NOTICES, json=body)
        assert answer.status_code == 201, answer.json
        mail.deliver(app, post)
        assert alice.api.get(f"{NOTICES}/{answer.json['id']}").json["state"] == "sent"
        return smtp_sink.messages[-1], client.get(answer.json["feedback_url"].removeprefix("http://localhost")).text

    return told


def only_headers_of_ours(message):
    names = [name.lower() for name in message.keys()]  # noqa: SIM118 - every one, repeated ones too
    assert len(names) == len(set(names))
    assert not {"bcc", "cc", "x-injected"} & set(names)


@pytest.mark.parametrize("name", NAMES)
def test_a_candidates_name_is_a_name_and_no_header(app, acme, alice, told, smtp_sink, name):
    made = case(app, acme)
    address = f"/api/v1/candidates/{made.candidate.id}"
    version = {"If-Match": alice.api.get(address).headers["ETag"]}
    assert alice.api.patch(address, json={"name": name}, headers=version).status_code == 200

    message, _page = told(made.body())

    only_headers_of_ours(message)
    (recipient,) = message["To"].addresses
    assert (one_line(recipient.display_name), recipient.addr_spec) == (one_line(name), made.candidate.email)
    assert smtp_sink.envelopes[-1][1] == [made.candidate.email]


@pytest.mark.parametrize("name", STOPPED)
def test_what_cannot_be_a_candidates_name_is_stopped_before_it_is_sent(app, acme, alice, name):
    made = case(app, acme)
    address = f"/api/v1/candidates/{made.candidate.id}"
    version = {"If-Match": alice.api.get(address).headers["ETag"]}
    assert alice.api.patch(address, json={"name": name}, headers=version).status_code == 200

    refused = alice.api.post(NOTICES, json=made.body())

    assert (refused.status_code, refused.json["code"]) == (422, "findings")
    assert {"TOK-NAME", "TOK-LIQUID"} & {finding["rule"] for finding in refused.json["findings"]}
    assert alice.api.get(NOTICES).json["items"] == []


@pytest.mark.parametrize("name", SENDERS)
def test_a_senders_a_firms_and_a_jobs_name_are_no_headers(app, acme, told, smtp_sink, name):
    with app.app_context():
        writer = build.member(acme, name, Role.RECRUITER, email="writer@agency.example.com")
    made = case(app, acme)
    with app.app_context():
        job = build.job(acme, title=name)
        application = build.application(acme, build.candidate(acme), job)

    message, page = told(made.body(application_id=str(application.id), sender=writer.email))

    only_headers_of_ours(message)
    (sender,) = message["From"].addresses
    assert one_line(sender.display_name) == one_line(name)
    assert [address.addr_spec for address in message["Reply-To"].addresses] == [writer.email]
    assert one_line(name) in one_line(message["Subject"])
    assert one_line(name) in read(page)
    assert "script" not in Words(message.get_body(("html",)).get_content()).elements
    assert len(smtp_sink.envelopes[-1][1]) == 1


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_arrives_letter_by_letter_in_mail_and_page(app, acme, told, text):
    feedback = {"strengths": [STRENGTH | {"text": f"We saw: {text}"}], "gaps": [GAP | {"suggestion": f"Try: {text}"}]}
    message, page = told(case(app, acme).body(reason=f"Because {text}", feedback=feedback))

    plain = one_line(message.get_body(("plain",)).get_content())
    written = message.get_body(("html",)).get_content()
    for words in (f"We saw: {text}", f"Try: {text}", f"Because {text}"):
        assert one_line(words) in read(page)
    for mail_text in (plain, read(written)):
        assert one_line(f"Because {text}") in mail_text
    for source in (page, written):
        assert not {"script", "img", "blockquote", "em", "del", "code"} & Words(source).elements


@pytest.mark.parametrize("text", ["{{ recruiter.email }}", "{% for x in (1..9) %}a{% endfor %}", "{{ 'a' | upcase }}"])
def test_liquid_in_a_text_is_shown_as_it_was_typed_and_stopped(app, acme, alice, text):
    body = case(app, acme).body(reason=f"Because {text}")
    bound = {name: value for name, value in body.items() if name not in {"hold_minutes", "timing"}}

    shown = alice.api.post(f"{NOTICES}/preview", json=bound).json
    refused = alice.api.post(NOTICES, json=body)

    assert text in one_line(shown["text"])
    assert text in read(shown["html"])
    assert text in read(shown["page_html"])
    assert (refused.status_code, refused.json["code"]) == (422, "findings")
    assert "TOK-LIQUID" in {finding["rule"] for finding in refused.json["findings"] if finding["severity"] == "block"}
    assert alice.api.get(NOTICES).json["items"] == []
