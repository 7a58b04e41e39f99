"""The frame around the words of a mail: one column without tables or images, readable in light and dark."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import css_inline
import jinja2
from markupsafe import Markup

from recruiter.translations import catalogues

_PACKAGE = Path(__file__).parent.parent
_INLINER = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


@lru_cache(maxsize=1)
def _frame() -> jinja2.Template:
    inside = _PACKAGE / "templates"
    folder = inside if inside.is_dir() else _PACKAGE.parent / "templates"
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder / "emails"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("mail.html")


def in_frame(*, subject: str, body: str, footer: Sequence[str], language: str) -> str:
    """Return a whole HTML mail around a clean body, its styles on the elements; nothing in it is fetched.

    It runs in the direction of its language (BCP 47 tag).
    """
    direction = catalogues.reader(language).direction
    html = _frame().render(
        subject=subject,
        body=Markup(body),  # noqa: S704 - cleaned
        footer=footer,
        language=language,
        direction=direction,
    )
    return _INLINER.inline(html)
