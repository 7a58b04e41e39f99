"""The mail that every drain renders while it delivers: three long paragraphs and thirteen criteria, some 20 kB."""

from typing import Any

from recruiter.texts.rendering import Mail, mail

_PARAGRAPH = (
    "You walked us through the migration in the order in which it was planned, and named what you gave up for it. "
    "Others who went further had been on call for a system of this size, and could say which alerts they took away "
    "and why. The exercise on capacity was close: the sum was right, and the peak of the week was missing from it. "
)
_NOTE = _PARAGRAPH[:290] + _PARAGRAPH[:165]


class Words:
    """The words of one version of a template."""

    subject = "Your application for {{ job.title }} ({{ number }})"
    mail_body = """Hello {{ candidate.first_name }},

{% for paragraph in paragraphs %}{{ paragraph }}

{% endfor %}{% for point in points %}- **{{ point.criterion }}**: {{ point.text }}
{% endfor %}
[Open your page]({{ page_url }})

{{ recruiter.full_name }}, {{ firm.name }}
"""
    page_body = page_closing = ""


def facts(number: int) -> dict[str, Any]:
    """Return what one letter says, as it is stored with its message."""
    return {
        "number": f"{number:07d}",
        "candidate": {"first_name": f"Aylin{number % 977}"},
        "job": {"title": "Senior data engineer"},
        "firm": {"name": "Harbour & Pine"},
        "recruiter": {"full_name": "Priya Nair"},
        "paragraphs": [_PARAGRAPH * 2, _PARAGRAPH, _PARAGRAPH * 2],
        "points": [{"criterion": f"Criterion {index}", "text": _NOTE} for index in range(13)],
        "page_url": f"https://feedback.example.com/f/{number:043d}",
    }


def write(values: dict[str, Any]) -> Mail:
    """Render it as the product renders every mail: Liquid, Markdown, cleaning, layout, styles inlined."""
    return mail(Words(), values)
