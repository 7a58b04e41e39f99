"""Throw generated requests at every operation of a really served sample firm, with every check and in every phase.

``python -m tests.api.fuzz [EXAMPLES]``, or ``make api-fuzz examples=5000``: so many requests for each operation, from
another seed each time. Ends with 1 when something was found; schemathesis says how to see it again.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx2

from recruiter.demo.service import SLUG
from tests.api import known
from tests.product import CONSOLE_SCRIPT, Product, surroundings

EXAMPLES = "1000"
ROOT = Path(__file__).parents[2]
SCHEMATHESIS = CONSOLE_SCRIPT.parent / "schemathesis"


def main(examples: str = EXAMPLES) -> int:
    """Serve, run schemathesis beside it, and return its exit code."""
    with tempfile.TemporaryDirectory(prefix="recruiter-fuzz-") as folder:
        home = Path(folder)
        variables = _variables(home)
        with Product(variables, home / "log", "demo") as product:
            key = _key(variables)
            rows = _rows(product.url, key)
            rows_file = home / "ids.json"
            rows_file.write_text(json.dumps(rows), encoding="utf-8")
            hooks = {"SCHEMATHESIS_HOOKS": known.__name__, known.FILE: str(rows_file)}
            command = [SCHEMATHESIS, "run", f"{product.url}/api/v1/openapi.json", "--checks", "all"]
            options = ["--header", f"Authorization: Bearer {key}", "--max-examples", examples]
            ended = subprocess.run([*command, *options], env=variables | hooks, cwd=ROOT, check=False)
        return ended.returncode


def _variables(home: Path) -> dict[str, str]:
    return surroundings() | {
        "RECRUITER_DATA_DIR": str(home / "instance"),
        "RECRUITER_SECRET_KEY": "a-secret-for-tests-of-at-least-32-characters",
        "PYTHONPATH": str(ROOT),
    }


def _key(variables: dict[str, str]) -> str:
    command = [CONSOLE_SCRIPT, "apikey", "create", "--firm", SLUG, "--name", "Fuzz"]
    scopes = ["--scopes", "read,write,send,admin"]
    made = subprocess.run([*command, *scopes], env=variables, check=True, capture_output=True, text=True)
    return made.stdout.strip()


def _rows(url: str, key: str) -> known.Ids:
    with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}) as client:
        hook = {"url": "https://ats.example.com/hook", "events": ["notice.sent"]}
        made = client.post("/api/v1/webhooks", json=hook).raise_for_status().json()
        client.post(f"/api/v1/webhooks/{made['id']}/ping").raise_for_status()
        return known.ids(lambda path: client.get(path).raise_for_status().json())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
