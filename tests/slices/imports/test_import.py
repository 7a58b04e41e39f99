"""An import from the upload to the last row: checked whole, good rows in, the others to mend."""

import io
import uuid

import pytest

from recruiter.audit.service import SYSTEM
from recruiter.imports import service
from recruiter.imports.models import ImportKind
from recruiter.imports.service import CheckFile, StartRun
from tests import build
from tests.slices.imports.files import PEOPLE, people, problems, take_in, text, upload, xlsx


def test_nothing_goes_in_before_a_member_says_so(app, alice):
    url = upload(alice, PEOPLE).location

    assert "2 rows read, nothing has gone in yet. 2 rows can go in." in text(alice.browser.get(url))
    with app.app_context():
        assert service.work() is False
    assert people(alice) == {}


def test_people_go_in_as_through_the_api(app, alice):
    page = take_in(app, alice, PEOPLE)

    assert "2 imported." in page
    assert people(alice)["Maya Ferreira"]["skills"] == ["C++", "Kafka"]
    assert people(alice)["Maya Ferreira"]["country"] == "PT"
    assert people(alice)["Ana Reis"]["skills"] == []


def test_known_people_are_found_again_and_filled(app, alice):
    alice.api.post("/api/v1/candidates", json={"name": "M. Ferreira", "email": "MAYA@example.com"})

    take_in(app, alice, PEOPLE)

    assert set(people(alice)) == {"M. Ferreira", "Ana Reis"}
    assert people(alice)["M. Ferreira"]["country"] == "PT"


def test_all_problems_are_listed_by_row_and_field_and_good_rows_go_in(app, alice):
    for name, number in (("One", "1"), ("Two", "2")):
        body = {"name": name, "email": f"{name}@example.com", "external_id": number}
        alice.api.post("/api/v1/candidates", json=body)
    content = (
        "ATS id;First name;Last name;E-mail;Other emails;Country;Notes\n"
        ";Maya;Ferreira;maya@example.com;m@example.com, f@example.com;PT;\n"
        ";Olga;Brandt;;;PT;\n"
        ";;;joao@;x@, y@;XX;\n"
        "1;Clash;;two@example.com;;;\n"
        ";Maya;Again;MAYA@example.com;;;\n"
        ";Wide;;w@example.com;;;;more\n"
        ";Short;;s@example.com\n"
    )
    answer = upload(alice, content)
    found = problems(app, alice, answer)

    assert [(each["row"], each["field"], each["message"]) for each in found] == [
        (3, "email", "Enter the email."),
        (4, "name", "Enter the name."),
        (4, "email", "Enter an address such as name@example.com."),
        (4, "emails", "Enter an address such as name@example.com."),
        (4, "country", "Use a country's two letters (ISO 3166-1), such as PT."),
        (5, "email", "The ATS id and the addresses belong to different people we know."),
        (6, "email", "This is in row 2 too."),
        (7, "", "This row has more cells than the file has columns."),
    ]
    page = text(alice.browser.get(answer.location))
    assert "7 rows read, nothing has gone in yet. 2 rows can go in, 5 cannot." in page
    assert "3 Email : Enter the email. Olga Brandt" in page
    assert "Nothing is read from: Notes." in page

    alice.browser.post(f"{answer.location}/start")
    with app.app_context():
        service.work()
    assert "2 imported. 5 rows to mend." in text(alice.browser.get(answer.location))
    assert problems(app, alice, answer) == found
    assert {"Maya Ferreira", "Short"} <= set(people(alice))


def test_rows_to_mend_are_given_out_before_and_after_and_can_come_back(app, alice):
    content = "Name,E-mail,Phone\nMaya,maya@example.com,\n=HYPERLINK(1),olga@,+351 21\n"
    url = upload(alice, content).location

    before = alice.browser.get(f"{url}/rows-to-mend.csv")
    alice.browser.post(f"{url}/start")
    with app.app_context():
        service.work()
    after = alice.browser.get(f"{url}/rows-to-mend.csv")
    mended = after.text.replace("olga@", "olga@example.com")
    take_in(app, alice, mended)

    assert before.text == after.text
    assert before.headers["Content-Disposition"] == "attachment; filename=rows-to-mend.csv"
    assert "\n'=HYPERLINK(1),olga@,'+351 21,email: Enter an address" in before.text.replace("\r", "")
    assert people(alice)["=HYPERLINK(1)"]["phone"] == "+351 21"


def test_of_a_clean_import_no_file_is_kept(app, alice):
    url = upload(alice, PEOPLE).location
    alice.browser.post(f"{url}/start")
    with app.app_context():
        service.work()

    assert alice.browser.get(f"{url}/rows-to-mend.csv").text == ""
    assert "to mend" not in text(alice.browser.get(url))


def test_a_row_that_clashes_only_when_it_goes_in_is_reported_then(app, alice):
    url = upload(alice, "Name,E-mail,ATS id\nMaya,maya@example.com,1\nAna,ana@example.com,2\n").location
    alice.browser.post(f"{url}/start")
    for name, number in (("maya", "9"), ("other", "1")):
        body = {"name": name, "email": f"{name}@example.com", "external_id": number}
        alice.api.post("/api/v1/candidates", json=body)
    with app.app_context():
        service.work()

    page = text(alice.browser.get(url))
    assert "1 imported. 1 row to mend." in page
    assert "2 The ATS id and the addresses belong to different people." in page


def test_the_same_file_is_refused_and_the_first_import_shown(app, alice):
    first = upload(alice, PEOPLE).location
    second = upload(alice, PEOPLE).location
    alice.browser.post(f"{first}/start")

    other = alice.browser.post(f"{second}/start", follow_redirects=True)
    again = upload(alice, PEOPLE)
    with app.app_context():
        service.work()
    once_more = upload(alice, PEOPLE)

    assert "This file went in before." in text(other)
    assert (again.location, once_more.location) == (first, first)
    assert upload(alice, PEOPLE, "applications").status_code == 422  # another kind is another import


def test_a_file_without_a_good_row_cannot_start(alice):
    url = upload(alice, "Name,E-mail\nMaya,maya@\n").location

    assert "No row of this file can go in" in text(alice.browser.post(f"{url}/start", follow_redirects=True))


@pytest.mark.slow
def test_progress_is_shown_while_it_runs_with_and_without_a_script(app, alice):
    rows = "".join(f"P {number},p{number}@example.com\n" for number in range(150))
    url = upload(alice, f"Name,E-mail\n{rows}").location
    alice.browser.post(f"{url}/start")
    seen = []

    def look(run):
        page = alice.browser.get(url, headers={"HX-Request": "true"})
        seen.append((run.rows_read, text(page), "every 2s" in page.text))

    waiting = alice.browser.get(url)
    with app.app_context():
        service.finish(alice.firm.id, uuid.UUID(url.rpartition("/")[2]), look)
        service.finish(alice.firm.id, uuid.UUID(url.rpartition("/")[2]), look)

    assert "0 of 150 rows read" in text(waiting)
    assert "Look again" in text(waiting)
    assert [(read, polls) for read, _, polls in seen] == [(100, True), (150, False)]
    assert "100 of 150 rows read" in seen[0][1]
    assert "150 imported." in seen[1][1]


@pytest.mark.slow
def test_two_processes_take_each_row_once(app, alice):
    rows = "".join(f"P {number},p{number}@example.com\n" for number in range(250))
    url = upload(alice, f"Name,E-mail\n{rows}").location
    alice.browser.post(f"{url}/start")
    run_id = uuid.UUID(url.rpartition("/")[2])
    parts = []

    def another(run):
        parts.append(run.rows_read)
        service.finish(alice.firm.id, run_id, lambda other: parts.append(other.rows_read))

    with app.app_context():
        done = service.finish(alice.firm.id, run_id, another)

    assert parts == [100, 200, 250]
    assert (done.rows_read, done.rows_taken) == (250, 250)


def test_a_spreadsheet_of_applications_goes_in(app, alice, acme):
    with app.app_context():
        build.job(acme, "Payroll Manager", external_id="job-1")
    alice.api.post("/api/v1/jobs", json={"title": "Data Engineer", "client": {"name": "Lumen Grid"}})
    alice.api.post("/api/v1/candidates", json={"name": "Ana", "email": "ana@example.com", "external_id": "7"})
    heads = ["Candidate ID", "Candidate", "E-mail", "Job ID", "Job title", "Client", "Stage", "Promised by"]
    more = ["Last interview", "Decision", "Decided on", "Decided by", "Reason code", "Owner", "Application ID"]
    page = take_in(
        app,
        alice,
        xlsx(
            heads + more,
            ["", "Maya", "maya@example.com", "", "data engineer", "LUMEN grid", "Phone screen", "2025-12-01",
             "2025-11-20 10:30", "Rejected", "2025-11-23", "Client", "REQ-EXP", alice.member.email, "a-1"],
            ["7", "", "", "job-1", "", "", "Client interview", "", "", "", "", "", "", "", "a-2"],
            ["", "Ravi", "ravi@example.com", "", "Warehouse Lead", "Alder", "Final"],
        ),
        "applications",
    )  # fmt: skip

    rows = {row["external_id"]: row for row in alice.api.get("/api/v1/applications").json["items"]}
    assert "3 imported." in page
    assert set(people(alice)) == {"Ana", "Maya", "Ravi"}
    assert {job["title"] for job in alice.api.get("/api/v1/jobs").json["items"]} == {
        "Payroll Manager",
        "Data Engineer",
        "Warehouse Lead",
    }
    maya = rows["a-1"]
    assert (maya["stage"], maya["promised_on"], maya["owner"]) == ("screening", "2025-12-01", alice.member.email)
    assert maya["last_interview_at"].startswith("2025-11-20T10:30")
    assert (maya["decision"], maya["decided_by"], maya["outcome_code"]) == ("not_selected", "client", "REQ-EXP")
    assert maya["decided_at"].startswith("2025-11-23T12:00")
    assert (rows["a-2"]["stage"], rows["a-2"]["decision"]) == ("client_interview", None)


def test_an_application_that_cannot_go_in_says_why(app, alice):
    alice.api.post("/api/v1/candidates", json={"name": "One", "email": "one@example.com", "external_id": "1"})
    content = (
        "Candidate ID,E-mail,Job ID,Job,Stage,Promised on,Interviewed on,Owner,ID\n"
        ",maya@example.com,,Data Engineer,final,31/11,soon,,\n"
        ",maya@example.com,,Data Engineer,final,2026-02-30,,,\n"
        ",,,Data Engineer,final,,,,\n"
        ",maya@example.com,,,final,,,,\n"
        ",maya@example.com,,Data Engineer,interview two,,,,\n"
        ",one@example.com,,Data Engineer,final,,,,x\n"
        ",one@example.com,,Other,final,,,,x\n"
        ",unknown@example.com,,Data Engineer,final,,,,\n"
        ",one@example.com,job-9,,final,,,,\n"
        ",one@example.com,,Third,final,,,nobody@example.com,\n"
    )
    answer = upload(alice, content, "applications")
    page = text(alice.browser.get(answer.location))

    for words in (
        "2 Last interview at : Use a real date such as 2026-11-24, or with a time",
        "3 Promised on : Use a real date such as 2026-11-24.",
        "4 Email : Enter an email address.",
        "5 Job : Enter the job&#39;s title or ATS id.",
        "6 Stage : Must be one of: application,",
        "8 External id : This is in row 7 too.",
        "9 Email : We know no candidate of this address or ATS id.",
        "10 Job external id : We know no job of this ATS id.",
        "11 Owner : No active member of this firm has this address or id.",
        "1 row can go in, 9 cannot.",
    ):
        assert words in page


def test_a_row_may_lean_on_a_person_and_a_job_that_an_earlier_row_adds(app, alice):
    content = (
        "Name,E-mail,Candidate ID,Job ID,Job,Stage\n"
        ",late@example.com,c-1,job-1,,final\n"
        "Late,late@example.com,c-1,job-1,Data Engineer,final\n"
        ",late@example.com,,job-2,Warehouse Lead,final\n"
        ",,c-1,job-2,,screening\n"
    )

    page = take_in(app, alice, content, "applications")

    assert "2 Email : We know no candidate of this address or ATS id." in page
    assert "Job external id : We know no job of this ATS id." in page
    assert "3 imported. 1 row to mend." in page


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        ("Name\nMaya\n", "candidates", "There is no column for: email."),
        ("E-mail\nm@example.com\n", "applications", "There is no column for: job or job_external_id, stage."),
        ("Name,E-mail\nMaya,m@example.com\n", "", "Say what the rows are."),
        (b"Name,E-mail\nJo\xc3\xa3o,j@example.com\nJo\xe3o,k@example.com\n", "candidates", "Row 3 has letters"),
        (b"", "candidates", "The file is empty."),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(alice, content, kind, words):
    answer = upload(alice, content, kind)

    assert answer.status_code == 422
    assert text(answer).count(words) == 2
    assert "Error: Import" in answer.text


@pytest.mark.slow
@pytest.mark.once
def test_a_file_has_to_be_chosen_and_may_be_large_but_not_too_large(alice):
    assert "Choose a file." in text(alice.browser.post("/imports", data={"kind": "candidates"}))
    assert upload(alice, PEOPLE + "\n" * 2_000_000).status_code == 303


@pytest.mark.once
def test_a_file_that_is_too_large_is_taken_off_the_line_and_said_at_the_form(app, alice, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)  # it reads the form before the guard knows who sent it
    sent = {name: io.BytesIO(b"-" * 10_500_000) for name in ("member", "guest")}
    for name, browser in (("member", alice.browser), ("guest", app.test_client())):
        answer = browser.post("/imports", input_stream=sent[name], content_type="multipart/form-data; boundary=x")
        assert (answer.status_code, answer.location) == (303, "/imports?too_large=")

    assert (sent["member"].read(1), sent["guest"].tell()) == (b"", 0)
    form = alice.browser.get(answer.location)
    assert "Error: Import" in form.text
    assert text(form).count("This file is over 10 MB. Save it as CSV") == 2


def test_the_list_shows_what_was_imported(alice, charlie, bob):
    upload(alice, PEOPLE, name="autumn.csv")

    assert "autumn.csv 2 candidates" in text(alice.browser.get("/imports"))
    assert "autumn.csv" not in text(charlie.browser.get("/imports"))
    assert upload(bob, PEOPLE).status_code == 403


def test_another_firms_import_is_not_there(alice, charlie):
    url = upload(alice, PEOPLE).location

    assert charlie.browser.get(url).status_code == 404
    assert charlie.browser.post(f"{url}/start").status_code == 404
    assert charlie.browser.get(f"{url}/rows-to-mend.csv").status_code == 404


def test_an_operator_imports_without_a_member(app, alice):
    with app.app_context():
        run = service.check(
            CheckFile(
                firm_id=alice.firm.id,
                actor=SYSTEM,
                kind=ImportKind.CANDIDATES,
                filename="p.csv",
                content=PEOPLE.encode(),
            )
        )
        service.start(StartRun(firm_id=alice.firm.id, actor=SYSTEM, run_id=run.id))
        done = service.finish(alice.firm.id, run.id, lambda _run: None)

    assert done.rows_taken == 2
    assert len(people(alice)) == 2
