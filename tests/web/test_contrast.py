"""Pairs of colour tokens that the styles put together, by WCAG 2.2: 4.5 for text, 3 for edges and the focus ring."""

import re
from pathlib import Path

import pytest

from recruiter.accounts import branding

pytestmark = pytest.mark.once

CSS = Path(__file__).parents[2] / "frontend" / "css"
THEMES = {"light": "tokens.css", "dark": "dark.css"}
PLAIN = "canvas surface sunken wash hover"
TEXT = {
    "ink": f"{PLAIN} brand-tint amber-tint red-tint blue-tint plum-tint",
    "ink-2": f"{PLAIN} brand-tint amber-tint red-tint blue-tint",
    "ink-3": f"{PLAIN} brand-tint",
    "brand-ink": f"{PLAIN} brand-tint",
    "on-brand": "brand brand-hover",
    "amber": "amber-tint surface canvas",
    "red": "red-tint surface canvas hover",
    "blue": "blue-tint surface canvas",
    "plum": "plum-tint surface canvas",
}
EDGES = {
    "line-strong": "surface canvas sunken",
    "red-line": "surface canvas",
    "amber-line": "surface",
    "brand": "surface canvas sunken",
    "focus": f"{PLAIN} brand-tint",
}
PAIRS = [
    (theme, front, back, need)
    for theme in THEMES
    for pairs, need in ((TEXT, 4.5), (EDGES, 3.0))
    for front, backs in pairs.items()
    for back in backs.split()
]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def tokens_of(theme: str) -> dict[str, str]:
    root = re.search(r":root \{(.*?)\n\}", (CSS / THEMES[theme]).read_text(), re.DOTALL)
    return dict(re.findall(r"--c-([\w-]+): (#[0-9a-f]{6})", root[1] if root else ""))


@pytest.mark.parametrize(
    ("theme", "paper", "ours"),
    [("light", branding.LIGHT, branding.OURS.light), ("dark", branding.DARK, branding.OURS.dark)],
)
def test_a_firm_s_colour_is_judged_by_the_very_tokens(theme: str, paper: branding.Paper, ours: branding.Shades) -> None:
    tokens = tokens_of(theme)

    assert paper.surface == tokens["surface"]
    assert paper.grounds == tuple(tokens[name] for name in PLAIN.split())
    assert paper.inks == tuple(tokens[name] for name in ("ink", "ink-2", "ink-3"))
    assert (ours.brand, ours.hover) == (tokens["brand"], tokens["brand-hover"])
    assert (ours.on_brand, ours.tint) == (tokens["on-brand"], tokens["brand-tint"])


@pytest.mark.parametrize(("theme", "front", "back", "need"), PAIRS)
def test_it_can_be_read(theme: str, front: str, back: str, need: float) -> None:
    tokens = tokens_of(theme)
    lighter, darker = sorted((luminance(tokens[front]), luminance(tokens[back])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= need
