"""The package holds what the product serves, and building it without Node says what is missing."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from recruiter.web import assets

pytestmark = [pytest.mark.once, pytest.mark.slow]

ROOT = Path(__file__).parents[2]


def build(root: Path, to: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(to)]
    return subprocess.run(command, cwd=root, env=os.environ | environment, capture_output=True, text=True, check=False)


def test_a_wheel_carries_assets_templates_and_migrations(tmp_path: Path) -> None:
    made = build(ROOT, tmp_path)
    assert made.returncode == 0, made.stderr
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    served = {f"recruiter/static/dist/{name}" for name in assets.manifest()["files"].values()}
    assert served | {"recruiter/static/dist/manifest.json", "recruiter/static/dist/licences.txt"} <= names
    assert {"recruiter/templates/layouts/base.html", "recruiter/migrations/env.py"} <= names
    assert not [name for name in names if name.startswith("frontend/") or name.endswith(".map")]


def test_a_bare_checkout_without_node_says_what_to_install(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "hatch_build.py", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "frontend").mkdir()
    made = build(tmp_path, tmp_path / "to", PATH="")
    assert made.returncode != 0
    assert "install Node.js 20 or later" in made.stderr
