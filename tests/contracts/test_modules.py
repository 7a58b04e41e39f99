"""House rules that no linter ships, read from the source."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from recruiter import tables

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "recruiter"
MODULES = sorted(PACKAGE.rglob("*.py"))
TREES = {path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text()) for path in MODULES}
FEATURES = sorted({path.parent.name for path in PACKAGE.glob("*/__init__.py")} - {"cli", "db", "web"})

# What a log line may say: ids, counts, states and the names of our own things; nothing that a person wrote or is.
LOGGED = {
    "address_hash",
    "bytes",
    "code",
    "endpoint",
    "failures",
    "fence",
    "kind",
    "message",
    "method",
    "ms",
    "network_hash",
    "owner",
    "place",
    "purpose",
    "route",
    "state",
    "status",
    "why",
    "work",
}

COMMITS = {"db/session.py", "db/migrate.py"}  # the second on the owner's connection, which migrates


def calls(tree: ast.AST, name: str) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name
    ]


def mentions(tree: ast.AST, *names: str) -> list[int]:
    return [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and ast.unparse(node) in names]


def test_only_the_transaction_block_commits():
    assert {
        name: lines for name, tree in TREES.items() if (lines := calls(tree, "commit")) and name not in COMMITS
    } == {}


def test_only_the_settings_read_the_environment():
    readers = {name for name, tree in TREES.items() if mentions(tree, "os.environ", "os.getenv", "environs.Env")}

    assert readers == {"config.py"}


def test_only_the_clock_reads_the_time():
    names = ("dt.datetime.now", "datetime.now", "dt.date.today", "date.today", "time.time", "dt.datetime.utcnow")

    assert {name for name, tree in TREES.items() if mentions(tree, *names)} == {"clock.py"}


def test_log_lines_say_nothing_of_people():
    """``logs.py`` forwards the libraries' records and takes their arguments out itself."""
    calls = [
        (f"{name}:{node.lineno}", node)
        for name, tree in TREES.items()
        if name != "logs.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("log.", "logger.", "logging."))
    ]
    odd = [
        place
        for place, node in calls
        if not all(isinstance(said, ast.Constant) for said in node.args)
        or not {keyword.arg for keyword in node.keywords} <= LOGGED
    ]

    assert calls
    assert odd == []


def test_a_module_begins_with_one_sentence_that_says_what_it_is_for():
    first = {name: (ast.get_docstring(tree) or "").split("\n\n")[0] for name, tree in TREES.items()}
    odd = {name: text for name, text in first.items() if text[-1:] not in {".", "?"}}

    assert odd == {}


@pytest.mark.parametrize(
    ("pattern", "limit"),
    [
        ("recruiter/**/*.py", 300),
        ("tests/**/*.py", 400),
        ("templates/**/*.html", 150),
        ("bench/**/*.py", 300),
        ("frontend/js/**/*.js", 300),
    ],
)
def test_a_file_fits_in_the_head(pattern, limit):
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in ROOT.glob(pattern)}

    assert {name: length for name, length in lengths.items() if length > limit} == {}


def test_a_route_parses_calls_and_presents_in_ten_lines():
    """Counted below the docstring. A route is what a blueprint's ``get``, ``post`` and so on decorates."""
    verbs = {"get", "post", "put", "patch", "delete", "route"}
    routes = {
        f"{name}:{node.name}": node.body[-1].end_lineno - node.body[1].lineno + 1
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(mark, ast.Call) and getattr(mark.func, "attr", "") in verbs for mark in node.decorator_list)
    }

    assert len(routes) > 200
    assert {name: lines for name, lines in routes.items() if lines > 10} == {}


def test_addresses_are_built_from_the_names_of_routes():
    sources = [*ROOT.glob("templates/**/*.html"), *MODULES]

    assert [path.name for path in sources if "script_root" in path.read_text()] == []


def test_a_function_fits_on_a_screen():
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 40
    ]

    assert long == []


def test_models_load_without_flask():
    names = [f"recruiter.{path.parent.name}.models" for path in PACKAGE.glob("*/models.py")]
    code = f"import sys, {', '.join(names)}; sys.exit('flask' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_module_with_tables_is_listed():
    with_tables = {
        "recruiter." + name.removesuffix(".py").replace("/", ".")
        for name, tree in TREES.items()
        if any(
            isinstance(node, ast.Assign) and any(ast.unparse(target) == "__tablename__" for target in node.targets)
            for node in ast.walk(tree)
        )
    }

    assert with_tables == {module.__name__ for module in tables.MODULES}


def test_every_feature_has_its_place_in_the_contracts():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    inside = next(contract for contract in contracts if contract["name"].startswith("Inside a feature"))

    assert sorted(inside["containers"]) == [f"recruiter.{feature}" for feature in FEATURES]
