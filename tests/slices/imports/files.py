"""Files to import, as people save them."""

import io
import re
import uuid

import xlsxwriter

from recruiter.db.session import reading
from recruiter.imports import queries, service

PEOPLE = "Name,E-mail,Skills,Country\nMaya Ferreira,maya@example.com,C++; Kafka,pt\nAna Reis,ana@example.com,,\n"


def upload(person, content, kind="candidates", name="people.csv"):
    """Send the form as a browser does; the test client's own way leaves a temporary file open."""
    if isinstance(content, str):
        content = content.encode()
    head = 'Content-Disposition: form-data; name="{}"{}\r\n\r\n'
    body = b"\r\n".join(
        [
            b"--part",
            head.format("kind", "").encode() + kind.encode(),
            b"--part",
            head.format("file", f'; filename="{name}"').encode() + content,
            b"--part--",
            b"",
        ]
    )
    return person.browser.post("/imports", data=body, content_type="multipart/form-data; boundary=part")


def xlsx(*rows):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd", "remove_timezone": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return content.getvalue()


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def problems(app, person, answer):
    run_id = uuid.UUID(answer.location.rpartition("/")[2])
    with app.app_context(), reading(person.firm.id) as session:
        return queries.get_run(session, person.firm.id, run_id).problems


def take_in(app, person, content, kind="candidates"):
    """Upload, start, let the worker work, and return the page of the import."""
    url = upload(person, content, kind).location
    person.browser.post(f"{url}/start")
    with app.app_context():
        assert service.work() is True
        assert service.work() is False
    return text(person.browser.get(url))


def people(person):
    return {row["name"]: row for row in person.api.get("/api/v1/candidates").json["items"]}
