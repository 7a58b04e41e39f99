"""Every POST of the API can be repeated with its ``Idempotency-Key``: the key is reserved, and tied in the effect."""

import ast
import importlib
import inspect
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

PACKAGE = Path(__file__).parents[2] / "recruiter"
FEATURES = sorted(path.parent.name for path in PACKAGE.glob("*/api.py") if path.parent.name != "web")
ONLY_READS = {"preview"}


def posts(feature):
    """The functions behind POST in a feature's ``api.py``."""
    tree = ast.parse((PACKAGE / feature / "api.py").read_text())
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return functions, [node for node in functions.values() if any(".post(" in mark for mark in marks(node))]


def marks(function):
    return [ast.unparse(mark) for mark in function.decorator_list]


def services(module, functions, function):
    """What a route calls in the modules below it, directly or through a function beside it."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in functions:
                yield from services(module, functions, functions[called])
            owner, _, name = called.partition(".")
            found = getattr(getattr(module, owner, None), name, None)
            if inspect.isfunction(found):
                yield found


@pytest.mark.parametrize("feature", FEATURES)
def test_every_post_reserves_its_key_and_ties_it_in_the_effect(feature):
    module = importlib.import_module(f"recruiter.{feature}.api")
    functions, found = posts(feature)
    wanted = [node for node in found if node.name not in ONLY_READS]

    assert [node.name for node in wanted if not any("idempotent(" in mark for mark in marks(node))] == []
    untied = [
        node.name
        for node in wanted
        if not any("receipts.finish(" in inspect.getsource(each) for each in services(module, functions, node))
    ]
    assert untied == []
