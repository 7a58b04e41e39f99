"""The page that shows the API's description; it loads nothing from elsewhere."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from recruiter.web.api import PREFIX

blueprint = Blueprint("docs", __name__)


@blueprint.get("/api/docs")
def show() -> ResponseReturnValue:
    """Show the description of this installation's own API."""
    return render_template("pages/api/docs.html", spec_url=f"{PREFIX}/openapi.json")
