"""The mails that drains render while they deliver: three long paragraphs and thirteen criteria, some 20 kB."""

from typing import Any

from recruiter.texts.rendering import Mail, mail

_PARAGRAPH = (
    "You walked us through the migration in the order in which it was planned, and named what you gave up for it. "
    "Others who went further had been on call for a system of this size, and could say which alerts they took away "
    "and why. The exercise on capacity was close: the sum was right, and the peak of the week was missing from it. "
)
_NOTE = _PARAGRAPH[:290] + _PARAGRAPH[:165]
_SAID: dict[str, list[Any]] = {
    "paragraphs": [_PARAGRAPH * 2, _PARAGRAPH, _PARAGRAPH * 2],
    "points": [{"criterion": f"Criterion {index}", "text": _NOTE} for index in range(13)],
}
_PARAGRAPHS = "{% for paragraph in paragraphs %}{{ paragraph }}\n\n{% endfor %}"
_POINTS = "{% for point in points %}- **{{ point.criterion }}**: {{ point.text }}\n{% endfor %}"


class Words:
    """The words of one version of a template; what is said to each person comes with their facts."""

    subject = "Your application for {{ job.title }} ({{ number }})"
    mail_body = f"""Hello {{{{ candidate.first_name }}}},

{_PARAGRAPHS}{_POINTS}
[Open your page]({{{{ page_url }}}})

{{{{ recruiter.full_name }}}}, {{{{ firm.name }}}}
"""
    page_body = page_closing = ""


class Circular(Words):
    """The same words, all of them the template's: what a firm writes once to very many."""

    mail_body = Words.mail_body.replace(_PARAGRAPHS, "".join(f"{each}\n\n" for each in _SAID["paragraphs"])).replace(
        _POINTS, "".join(f"- **{point['criterion']}**: {point['text']}\n" for point in _SAID["points"])
    )


def facts(number: int) -> dict[str, Any]:
    """Return what one letter says, as it is stored with its message: some 8 kB."""
    return address(number) | _SAID


def address(number: int) -> dict[str, Any]:
    """Return what a circular says of one person, some 0.3 kB."""
    return {
        "number": f"{number:07d}",
        "candidate": {"first_name": f"Aylin{number % 977}"},
        "job": {"title": "Senior data engineer"},
        "firm": {"name": "Harbour & Pine"},
        "recruiter": {"full_name": "Priya Nair"},
        "page_url": f"https://feedback.example.com/f/{number:043d}",
    }


def write(values: dict[str, Any]) -> Mail:
    """Render it as the product renders every mail: Liquid, Markdown, cleaning, layout, styles inlined."""
    return mail(Words() if "points" in values else Circular(), values)
