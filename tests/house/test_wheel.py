"""The wheel is the whole product: installed into an empty environment, it shows itself with nothing set up before."""

import contextlib
import re
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from tests.product import CONSOLE_SCRIPT, Product, surroundings

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.once, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def installed(tmp_path) -> Path:
    """The console script of an environment that holds the wheel, what it needs, and nothing else."""
    uv = [Path(sys.executable).parent / "uv", "--quiet"]
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path], cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    environment = tmp_path / "env"
    subprocess.run([*uv, "venv", "--python", sys.executable, environment], check=True)
    subprocess.run(
        [*uv, "pip", "install", "--python", environment, "--constraint", ROOT / "requirements.lock", wheel],
        cwd=tmp_path,
        check=True,
    )
    return environment / "bin/recruiter"


def test_the_wheel_shows_a_sample_firm_from_nothing_and_the_firm_stays(installed, tmp_path):
    """One test, for the wheel and the firm take seconds to make."""
    folder = {"RECRUITER_DATA_DIR": str(tmp_path / "instance")}
    no_other_program = {"PATH": "", "HOME": str(tmp_path)}
    with Product(no_other_program | folder, tmp_path / "log", "demo", executable=installed, cwd=tmp_path) as product:
        a_page_has_its_template_styles_and_scripts(product)
        candidates_are_written_to_in_their_language(product)
        with contextlib.closing(sign_in(product)) as client:
            today = client.get("/today").text
    assert "people are waiting longer than we promised" in today
    assert "Sample firm" in today
    before = printed(product)

    measured = surroundings(measured=True) | folder
    with Product(measured, tmp_path / "later", "demo", executable=CONSOLE_SCRIPT) as product:
        assert printed(product) == before


def a_page_has_its_template_styles_and_scripts(product):
    page = httpx2.get(f"{product.url}/", follow_redirects=True)

    assert page.status_code == 200
    paths = re.findall(r'(?:href|src)="(/static/[^"#]+)', page.text)
    assert {Path(path).suffix for path in paths} >= {".css", ".js"}
    for path in paths:
        assert httpx2.get(f"{product.url}{path}").status_code == 200


def candidates_are_written_to_in_their_language(product):
    page = httpx2.get(f"{product.url}/f/{'x' * 43}", headers={"Accept-Language": "de"})

    assert (page.status_code, page.headers["Content-Language"]) == (404, "de")
    assert "Seite nicht gefunden" in page.text


def printed(product) -> list[tuple[str, str]]:
    """Who can sign in with which password, as the command says, beside where."""
    log = product.log.read_text()
    assert f"Sign in on {product.url}/login" in log
    found = re.findall(r"^ +as (\S+@example\.com) with the password (\S+)$", log, re.MULTILINE)
    assert found
    return found


def sign_in(product) -> httpx2.Client:
    """A session of the first member that the command printed."""
    email, password = printed(product)[0]
    client = httpx2.Client(base_url=product.url, follow_redirects=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login").text).group(1)
    assert client.post("/login", data={"email": email, "password": password, "csrf_token": token}).status_code == 200
    return client
