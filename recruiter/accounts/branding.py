"""A firm's one colour: whether text in it can be read, and the shades made of it for light and dark pages and mails."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

NEEDED = 4.5  # contrast of text with what it stands on: WCAG 2.2, 1.4.3
_STEPS = 100
_KEPT = re.compile(r"#[0-9a-f]{6}")
_BLACK, _WHITE = "#000000", "#ffffff"


@dataclass(frozen=True, slots=True)
class Paper:
    """The colours of pages that a firm does not choose, as ``frontend/css`` names them."""

    surface: str
    grounds: tuple[str, ...]
    inks: tuple[str, ...]


LIGHT = Paper(_WHITE, ("#f7f4ee", _WHITE, "#f1ede4", "#efeae0", "#f6f2ea"), ("#1c211e", "#474e49", "#646a64"))
DARK = Paper("#1d2220", ("#121514", "#1d2220", "#0d100f", "#272d2a", "#252b28"), ("#eeede8", "#c0c4bd", "#9aa19a"))
_NIGHT = "#121514"


@dataclass(frozen=True, slots=True)
class Shades:
    """The colours of one theme: buttons and links, text on buttons, buttons under the pointer, a ground for every ink.

    ``contrast`` is the least that a link has, of all that it stands on.
    """

    brand: str
    on_brand: str
    hover: str
    tint: str
    contrast: float


@dataclass(frozen=True, slots=True)
class Palette:
    """What becomes of one colour."""

    light: Shades
    dark: Shades


# As ``frontend/css`` has them.
OURS = Palette(
    Shades("#1e5b49", _WHITE, "#16473a", "#e2eee8", 6.6),
    Shades("#7cc6a9", "#0d1f18", "#93d5bb", "#1d332b", 7.0),
)


def normal(value: str) -> str:
    """Return a colour as it is kept, ``#1e5b49``, of ``1E5B49`` or ``#abc`` too; raise ``ValueError`` for none."""
    digits = value.strip().lower().removeprefix("#")
    colour = "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)
    if not is_kept(colour):
        raise ValueError(value)
    return colour


def is_kept(value: str) -> bool:
    """Whether this is a colour as it is kept."""
    return _KEPT.fullmatch(value) is not None


def on_light(colour: str) -> float:
    """Return the least contrast that text in this colour has on a light page; it needs 4.5."""
    return _least(colour, LIGHT.grounds)


@lru_cache(maxsize=256)
def palette(colour: str) -> Palette:
    """Return the shades made of a colour, ``#1e5b49``, each readable where it stands; ours for an empty one.

    What is too faint for light pages is made darker, and lighter for dark ones, as little as is needed.
    """
    if not colour:
        return OURS
    dark = _moved(colour, _BLACK, lambda each: on_light(each) >= NEEDED)
    light = _moved(colour, _WHITE, lambda each: _least(each, DARK.grounds) >= NEEDED)
    return Palette(
        Shades(dark, _WHITE, mixed(dark, _BLACK, 0.2), _tint(dark, LIGHT), on_light(dark)),
        Shades(light, _NIGHT, mixed(light, _WHITE, 0.2), _tint(light, DARK), _least(light, DARK.grounds)),
    )


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG 2.2, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """Return the colour with a share (0 to 1) of another one in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (mine + (its - mine) * share)):02x}" for mine, its in pairs)


def _least(colour: str, others: Iterable[str]) -> float:
    return min(contrast(colour, other) for other in others)


def _moved(colour: str, towards: str, suits: Callable[[str], bool]) -> str:
    """Return the first colour on the way to another that suits; the other one itself does."""
    shades = (mixed(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next(shade for shade in shades if suits(shade))


def _tint(colour: str, paper: Paper) -> str:
    """Return a ground with as much of the colour in it as lets every ink and the colour be read on it."""
    inks = (colour, *paper.inks)
    return _moved(mixed(paper.surface, colour, 0.12), paper.surface, lambda each: _least(each, inks) >= NEEDED)


def _luminance(colour: str) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
