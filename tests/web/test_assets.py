"""Built files by their plain names, from the address that serves them."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from recruiter.web import assets

pytestmark = pytest.mark.once


def test_a_name_becomes_the_address_of_the_file_with_its_hash(client: FlaskClient, app: Flask) -> None:
    with app.test_request_context():
        address = assets.asset("main.css")
    assert re.fullmatch(r"/static/dist/main-[A-Z0-9]{8}\.css", address)
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    answer.close()


def test_it_keeps_the_prefix_that_the_product_is_mounted_at(app: Flask) -> None:
    with app.test_request_context(base_url="http://localhost/notices"):
        assert assets.asset("main.js").startswith("/notices/static/dist/main-")


def test_an_icon_is_hidden_from_screen_readers(app: Flask) -> None:
    with app.test_request_context():
        assert re.fullmatch(
            r'<svg class="i flip" aria-hidden="true"><use href="/static/dist/icons-[A-Z0-9]{8}\.svg#back"/></svg>',
            assets.icon("back", "flip"),
        )


@pytest.mark.parametrize("ask", [lambda: assets.asset("main.scss"), lambda: assets.icon("unicorn")])
def test_what_is_not_there_is_named(app: Flask, ask: object) -> None:
    with app.test_request_context(), pytest.raises(assets.AssetsMissing, match=r"main\.scss|unicorn"):
        ask()  # type: ignore[operator]


def test_without_a_build_it_says_what_to_run(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "DIST", tmp_path)
    with app.test_request_context(), pytest.raises(assets.AssetsMissing, match="make assets"):
        assets.asset("main.css")


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    templates = Path(__file__).parents[2] / "templates"
    named = {
        name
        for path in templates.rglob("*.html")
        for name in re.findall(r'(?:icon\(|symbol=)"(\w+)"', path.read_text())
    }
    assert named <= set(assets.manifest()["icons"])


def test_third_party_licences_are_shipped() -> None:
    text = (assets.DIST / "licences.txt").read_text()
    assert all(name in text for name in ("htmx.org", "@fontsource-variable/inter", "swagger-ui-dist"))


def test_nothing_is_inline() -> None:
    templates = Path(__file__).parents[2] / "templates"
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|hx-on|<script(?![^>]*\ssrc=)|javascript:|js:")
    pages = (path for path in templates.rglob("*.html") if path.parent.name != "emails")
    assert [path.name for path in pages if inline.search(path.read_text())] == []
