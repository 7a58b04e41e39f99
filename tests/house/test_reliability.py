"""Every promise of docs/reliability.md names a test that is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = sorted(set(re.findall(r"`(test_\w+)`", (ROOT / "docs/reliability.md").read_text())))
THERE = {name for path in ROOT.glob("tests/**/*.py") for name in re.findall(r"def (test_\w+)", path.read_text())}


@pytest.mark.once
def test_every_test_that_is_named_is_there():
    assert NAMED
    assert [name for name in NAMED if name not in THERE] == []
