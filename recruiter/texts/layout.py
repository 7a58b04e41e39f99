"""The frame around the words of a mail: one column without tables or images, readable in light and dark."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import css_inline
import jinja2
from markupsafe import Markup

from recruiter.accounts import branding
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


@dataclass(frozen=True, slots=True)
class Frame:
    """What is around the words: lines below them, their language (BCP 47 tag), the firm's colour or an empty text."""

    footer: tuple[str, ...]
    language: str
    colour: str = ""


def in_frame(subject: str, body: str, frame: Frame) -> str:
    """Return a whole HTML mail around a clean body, its styles on the elements; nothing in it is fetched.

    It runs in the direction of its language.
    """
    html = _frame().render(
        subject=subject,
        body=Markup(body),  # noqa: S704 - cleaned
        footer=frame.footer,
        language=frame.language,
        direction=catalogues.reader(frame.language).direction,
        palette=branding.palette(frame.colour),
    )
    return _INLINER.inline(html)
