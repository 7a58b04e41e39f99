"""Maya's letter has arrived; what she can do with its link."""

import re
from dataclasses import dataclass, field

import pytest
from flask.testing import FlaskClient

from tests.people import Browser
from tests.slices.notices.conftest import Case, change, deliver, look, maya, post

__all__ = ["Case", "change", "deliver", "look", "maya", "post"]


@dataclass
class Reader:
    """Whoever has the link: a browser without a session, and the address of the page."""

    client: FlaskClient
    base: str
    notice: dict[str, object]
    said: list[str] = field(default_factory=list)

    def page(self, query=""):
        response = self.client.get(f"{self.base}{query}")
        assert response.status_code == 200, response.text
        return response.text

    def send(self, where, **form):
        """Post a form and follow to the page."""
        response = self.client.post(f"{self.base}/{where}", data=form)
        assert response.status_code == 303, response.text
        return self.client.get(response.location.partition("#")[0]).text

    @property
    def point(self):
        """The id of the gap, as its form names it."""
        return re.search(r"/point/([0-9a-f-]{36})", self.page())[1]


@pytest.fixture
def reader(app, alice, maya, deliver, smtp_sink):
    return open_letter(app, alice, maya, deliver, smtp_sink)


def open_letter(app, person, case, deliver, smtp_sink, **changes):
    notice = person.api.post("/api/v1/notices", json=case.body(**changes))
    assert notice.status_code == 201, notice.json
    deliver()
    text = smtp_sink.messages[-1].get_body(("plain",)).get_content()
    base = re.search(r"http://localhost(/f/[\w-]{43})", text)[1]
    return Reader(Browser(app, app.response_class), base, notice.json)
