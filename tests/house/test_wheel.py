"""The wheel is the whole product: built once, installed into an empty environment, run without Node."""

import re
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from tests.product import Product

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.once, pytest.mark.slow]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The console script of an environment that holds the wheel, what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    uv = [Path(sys.executable).parent / "uv", "--quiet"]
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([*uv, "venv", "--python", sys.executable, folder / "env"], check=True)
    subprocess.run(
        [*uv, "pip", "install", "--python", folder / "env", "--constraint", ROOT / "requirements.lock", wheel],
        cwd=folder,
        check=True,
    )
    return folder / "env/bin/recruiter"


@pytest.fixture(scope="module")
def demo(installed, tmp_path_factory):
    """The sample firm, served from the wheel on a machine with no other program, and what it printed."""
    home = tmp_path_factory.mktemp("home")
    variables = {"PATH": "", "HOME": str(home), "RECRUITER_DATA_DIR": str(home / "instance")}
    with Product(variables, home / "log", "demo", executable=installed, cwd=home) as product:
        yield product


def test_a_page_has_its_template_styles_and_scripts(demo):
    page = httpx2.get(f"{demo.url}/", follow_redirects=True)

    assert page.status_code == 200
    paths = re.findall(r'(?:href|src)="(/static/[^"#]+)', page.text)
    assert {Path(path).suffix for path in paths} >= {".css", ".js"}
    for path in paths:
        assert httpx2.get(f"{demo.url}{path}").status_code == 200


def test_the_sign_in_is_printed(demo):
    assert re.search(r"Sign in on http:\S+/login\n +as \S+@example.com with the password \S+", demo.log.read_text())


def test_candidates_are_written_to_in_their_language(demo):
    page = httpx2.get(f"{demo.url}/f/{'x' * 43}", headers={"Accept-Language": "de"})

    assert (page.status_code, page.headers["Content-Language"]) == (404, "de")
    assert "Hier ist nichts" in page.text
