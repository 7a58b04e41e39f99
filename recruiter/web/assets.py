"""Finds the built styles, scripts and icons by the name a template asks for."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from markupsafe import Markup
from whitenoise import WhiteNoise

DIST = Path(__file__).parent.parent / "static" / "dist"


class AssetsMissing(RuntimeError):
    """The assets were not built, or the template asks for one that is not among them."""


def init_app(app: Flask) -> None:
    """Serve the built files compressed and for ever: a changed file has another name."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # the way Flask documents
        app.wsgi_app, root=str(DIST), prefix="static/dist/", immutable_file_test=lambda _path, _url: True
    )


def asset(name: str) -> str:
    """Return the path of a built file such as ``main.css``, with its hash, so that it may be cached for ever.

    Raises ``AssetsMissing``. Needs a request, because the product may be mounted below a prefix.
    """
    return url_for("static", filename=f"dist/{built(name)}")


def built(name: str) -> str:
    """Return the name of a built file such as ``main.css`` in ``DIST``, with its hash. Raises ``AssetsMissing``."""
    files: dict[str, str] = manifest()["files"]
    if name not in files:
        raise AssetsMissing(f"There is no asset {name!r}; there are {', '.join(sorted(files))}.")
    return files[name]


def icon(name: str, modifier: str = "") -> Markup:
    """Return the drawing of a symbol of the sprite, hidden from screen readers.

    The modifier ``flip`` mirrors it in right-to-left text and ``turn`` stands it on its head. Raises
    ``AssetsMissing`` for a symbol that has no file in ``frontend/icons``.
    """
    if name not in manifest()["icons"]:
        raise AssetsMissing(f"There is no icon {name!r} in frontend/icons.")
    return _drawn(asset("icons.svg"), name, f"i {modifier}".strip())


def manifest() -> dict[str, Any]:
    """Return what the build made: ``files`` by plain name and the names of all ``icons``; read once a process."""
    return _read(DIST)


@lru_cache(maxsize=1024)
def _drawn(sprite: str, name: str, classes: str) -> Markup:
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(classes, sprite, name)


@lru_cache(maxsize=4)
def _read(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not path.exists():
        raise AssetsMissing("The assets are not built: run `make assets` (needs Node.js 20 or later).")
    made: dict[str, Any] = json.loads(path.read_text())
    return made
