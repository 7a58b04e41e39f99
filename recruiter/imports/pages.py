"""Imports: upload a file, see what is wrong with it, let the good rows in, and watch."""

import uuid
from contextlib import suppress
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.wsgi import LimitedStream

from recruiter.accounts import auth
from recruiter.accounts.models import Role
from recruiter.db.keyset import Window
from recruiter.db.session import reading
from recruiter.errors import Invalid
from recruiter.imports import inspection, queries, service
from recruiter.imports.models import ImportRun, ImportState
from recruiter.imports.reading import Table
from recruiter.imports.schemas import UploadForm
from recruiter.imports.service import CheckFile, NothingToTake, SameFile, StartRun
from recruiter.web import forms, htmx

pages = Blueprint("imports", __name__, url_prefix="/imports")

MOST_BYTES = 10 * 1024 * 1024
MOST_THROWN_AWAY = 5 * MOST_BYTES
SHOWN_ROWS = 200
TOO_LARGE = "This file is over 10 MB. Save it as CSV without pictures and sheets, or import it in parts."


@pages.url_value_preprocessor
def _let_files_in(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Take larger bodies here than elsewhere; before the guard, which already reads the form."""
    request.max_content_length = MOST_BYTES


pages.before_request(auth.require_member)


@pages.get("")
def run_list() -> ResponseReturnValue:
    """Show the form for a file, and the imports so far; with ``too_large`` what to do with a file that was."""
    return _list({"file": TOO_LARGE} if "too_large" in request.args else {})


@pages.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Lead back to the form: this comes before the guard, and nothing of what was sent was read.

    A browser shows an answer only when all was taken that it sends, so that is taken from members, and thrown away.
    """
    if current_user.is_authenticated:
        length = min(request.content_length or 0, MOST_THROWN_AWAY)
        with suppress(ClientDisconnected):
            LimitedStream(request.environ["wsgi.input"], length).exhaust()
    return redirect(url_for("imports.run_list", too_large=""), 303)


@pages.post("")
@auth.roles(Role.ADMIN)
def upload() -> ResponseReturnValue:
    """Check the file and show what was found; nothing goes in yet."""
    caller = auth.caller()
    try:
        values, (filename, content) = forms.load(UploadForm, request.form), _file()
        command = CheckFile(firm_id=caller.firm_id, actor=caller.actor, filename=filename, content=content, **values)
        run = service.check(command)
    except Invalid as error:
        return _list(forms.problems(error)), 422
    except SameFile as error:
        return _same(error)
    return _open(run.id)


@pages.get("/<uuid:run_id>")
def show(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a file has and how far it came; for htmx the progress alone."""
    run, table = _run(run_id)
    bad, sees = {problem["row"] for problem in run.problems}, auth.caller().sees_contacts
    context = {
        "run": run,
        "States": ImportState,
        "heads": table.heads if table else (),
        "rows": [row for row in table.rows if row.number in bad][:SHOWN_ROWS] if table and sees else [],
        "unread": inspection.unread(run, table) if table else [],
    }
    return htmx.page_or_part("pages/imports/run.html", "pages/imports/_progress.html", **context)


@pages.post("/<uuid:run_id>/start")
@auth.roles(Role.ADMIN)
def start(run_id: uuid.UUID) -> ResponseReturnValue:
    """Let the good rows in."""
    caller = auth.caller()
    try:
        service.start(StartRun(firm_id=caller.firm_id, actor=caller.actor, run_id=run_id))
    except SameFile as error:
        return _same(error)
    except NothingToTake as error:
        flash(error.message, "error")
    return _open(run_id)


@pages.get("/<uuid:run_id>/rows-to-mend.csv")
@auth.roles(Role.ADMIN)
def to_mend(run_id: uuid.UUID) -> ResponseReturnValue:
    """Give out the rows that have problems, as a file to mend and upload."""
    run, table = _run(run_id)
    content = inspection.to_mend(table, run.problems) if table else b""
    response = Response(content, mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=rows-to-mend.csv"
    return response


def _file() -> tuple[str, bytes]:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid({"file": ["Choose a file."]})
    return file.filename, file.read()


def _list(errors: dict[str, str]) -> str:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        found = queries.page(session, firm_id, Window(limit=50))
    return render_template("pages/imports/list.html", found=found, errors=errors, values=request.form)


def _run(run_id: uuid.UUID) -> tuple[ImportRun, Table | None]:
    """Return the run and, unless rows go in at this moment, the table of what is kept of its file."""
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        run = queries.get_with_file(session, firm_id, run_id)
    return run, None if run.is_under_way else inspection.kept(run)


def _same(error: SameFile) -> ResponseReturnValue:
    flash(error.message, "error")
    run_id = error.details["run_id"]
    return redirect(url_for("imports.show", run_id=run_id) if run_id else url_for("imports.run_list"), 303)


def _open(run_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("imports.show", run_id=run_id), 303)
