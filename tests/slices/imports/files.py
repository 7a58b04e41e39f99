"""Files to import, as people save them."""

import io

import xlsxwriter

PEOPLE = "Name,E-mail,Skills,Country\nMaya Ferreira,maya@example.com,C++; Kafka,pt\nAna Reis,ana@example.com,,\n"


def upload(person, content, kind="candidates", name="people.csv"):
    if isinstance(content, str):
        content = content.encode()
    return person.browser.post("/imports", data={"kind": kind, "file": (io.BytesIO(content), name)})


def xlsx(*rows):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd", "remove_timezone": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return content.getvalue()
