"""The peer: django-post_office as its documents tune it, rendering while it delivers; run by its own Python.

``peer.py fill N`` queues mails for the facts of the file ``facts.json``, ``peer.py drain`` sends them in
two processes. POST_OFFICE_DB is a file or a PostgreSQL port, POST_OFFICE_PORT the relay.
"""

import json
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

PROCESSES, BATCH = 2, 10_000
FACTS = Path(__file__).parent / "facts.json"

STYLE = (
    "body{margin:0;font-family:Arial,sans-serif;color:#1c2330}.page{max-width:600px;margin:0 auto}"
    "p{font-size:15px;line-height:23px}li{margin:0 0 8px}a{color:#2b5fd9}"
)
BODY = """<p>Hello {{ candidate.first_name }},</p>
{% for paragraph in paragraphs %}<p>{{ paragraph }}</p>
{% endfor %}<ul>{% for point in points %}<li><strong>{{ point.criterion }}</strong>: {{ point.text }}</li>
{% endfor %}</ul><p><a href="{{ page_url }}">Open your page</a></p>
<p>{{ recruiter.full_name }}, {{ firm.name }}</p>"""
HTML = f"<!doctype html><html><head><style>{STYLE}</style></head><body><div class='page'>{BODY}</div></body></html>"
TEXT = """Hello {{ candidate.first_name }},
{% for paragraph in paragraphs %}
{{ paragraph }}
{% endfor %}{% for point in points %}
- {{ point.criterion }}: {{ point.text }}{% endfor %}

Open your page: {{ page_url }}

{{ recruiter.full_name }}, {{ firm.name }}
"""


def configure() -> None:
    """Set Django up for one database and one relay."""
    place = os.environ["POST_OFFICE_DB"]
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": place}
    server = {"ENGINE": "django.db.backends.postgresql", "NAME": "postgres", "USER": "postgres", "HOST": "127.0.0.1"}
    settings.configure(
        SECRET_KEY="measured",  # noqa: S106 - of an installation that lives for one measurement
        USE_TZ=True,
        DATABASES={"default": server | {"PORT": place} if place.isdigit() else sqlite},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        EMAIL_BACKEND="post_office.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=int(os.environ["POST_OFFICE_PORT"]),
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        POST_OFFICE={
            "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
            "BATCH_SIZE": BATCH,
            "THREADS_PER_PROCESS": 1,
            "LOG_LEVEL": 0,
            "MESSAGE_ID_ENABLED": True,
            "MESSAGE_ID_FQDN": "bench.example.com",
            "LOCK_FILE_NAME": f"post_office_{os.environ['POST_OFFICE_PORT']}",
        },
        LOGGING_CONFIG=None,
    )
    django.setup()


def fill(number: int) -> None:
    """Queue so many mails, each with its facts and one template."""
    from post_office import mail  # noqa: PLC0415 - only once Django is set up
    from post_office.models import Email, EmailTemplate  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    Email.objects.all().delete()
    EmailTemplate.objects.all().delete()
    subject = "Your application for {{ job.title }} ({{ number }})"
    template = EmailTemplate.objects.create(name="letter", subject=subject, content=TEXT, html_content=HTML)
    facts = json.loads(FACTS.read_text())
    for start in range(0, number, 500):
        mail.send_many(
            [
                {
                    "sender": "Priya Nair <recruiter@example.com>",
                    "recipients": [f"person{index}@candidates.example.com"],
                    "template": template,
                    "context": facts | {"number": f"{index:07d}"},
                    "render_on_delivery": True,
                }
                for index in range(start, min(start + 500, number))
            ]
        )


if __name__ == "__main__":
    configure()
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]))
    else:
        call_command("send_queued_mail", processes=PROCESSES)
