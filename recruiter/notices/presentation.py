"""From a composed notice to what the API and the composer show of it; renders the very page the person gets."""

from dataclasses import asdict
from typing import Any

from flask import render_template

from recruiter import clock
from recruiter.notices import page_view
from recruiter.notices.composition import Composed
from recruiter.notices.page_view import PageView
from recruiter.notices.service import Preview
from recruiter.policies import promises
from recruiter.translations import catalogues


def preview_body(preview: Preview) -> dict[str, Any]:
    """Return what the API answers to a preview, with the link masked everywhere."""
    composed = preview.composed
    return {
        "subject": composed.letter.subject,
        "text": composed.letter.text,
        "html": composed.letter.html,
        "page_html": page_html(composed),
        "findings": [asdict(finding) for finding in composed.findings],
        "feedback_mode": composed.case.ruling.mode,
        "feedback_mode_because": composed.case.ruling.because,
        "preview_token": preview.token,
        "barrier": preview.barrier and asdict(preview.barrier),
    }


def page_html(composed: Composed) -> str:
    """Return the candidate's page as they will find it, marked as a preview on which nothing does anything."""
    page = page_of(composed)
    with catalogues.writing_to(page.language):
        return render_template("candidate/letter.html", page=page, firm=page_view.firm_on_page(composed.facts))


def page_of(composed: Composed) -> PageView:
    """Return the values of the candidate's page for a preview."""
    firm = composed.case.firm
    answer_by = promises.answered_by(clock.today(firm.time_zone), firm.place)
    return page_view.preview(composed.letter.page, composed.facts, answer_by)
