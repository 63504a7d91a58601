"""The ratios of the colour table, recomputed from the style sheet; and the two dark blocks are one theme."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kaoping.web.ui

CSS = Path(kaoping.web.ui.__file__).parent / "static/kaoping/css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")

LIGHT = r":root \{"
DARK = r':root\[data-theme="dark"\] \{'
DARK_MEDIA = r':root:not\(\[data-theme="light"\]\) \{'

# foreground, background, light, dark: the table of the design, to two places
RATIOS = [
    ("line2", "surface", 3.96, 4.19),
    ("line2", "bg", 3.61, 4.55),
    ("ink", "surface", 16.76, 14.57),
    ("ink", "bg", 15.31, 15.81),
    ("ink2", "surface", 8.32, 9.54),
    ("ink2", "bg", 7.60, 10.35),
    ("ink3", "surface", 5.84, 6.52),
    ("ink3", "bg", 5.33, 7.08),
    ("accent", "surface", 8.42, 8.75),
    ("accent", "bg", 7.69, 9.50),
    ("accent-h", "surface", 12.21, 11.03),
    ("accent-h", "bg", 11.15, 11.97),
    ("ink", "soft", 13.71, 11.30),
    ("on-accent", "accent", 8.42, 8.21),
    ("neg", "surface", 7.31, 8.38),
    ("neg", "bg", 6.67, 9.09),
    ("neg", "neg-soft", 6.16, 7.30),
    ("cau", "surface", 7.49, 9.88),
    ("cau", "bg", 6.84, 10.73),
    ("cau", "cau-soft", 6.54, 8.34),
    ("ink", "h0", 8.22, 7.20),
    ("ink", "h1", 12.79, 11.21),
    ("ink", "h2", 15.04, 12.99),
    ("ink", "h3", 12.45, 10.26),
    ("ink", "h4", 8.93, 6.60),
]
# Pairs that the components use beyond the table: text at 4.5, shapes at 3.
TEXT = [
    ("ink3", "sunken"),
    ("ink2", "sunken"),
    ("accent-h", "soft"),
    ("ink2", "soft"),
    ("surface", "neg"),
    ("surface", "ink"),
    ("ink2", "line"),
    ("accent-h", "cau-soft"),
    ("accent-h", "neg-soft"),
]


def block(head: str) -> dict[str, str]:
    found = re.search(head + r"(.*?)\n\s*\}", TOKENS, re.S)
    assert found is not None
    return dict(re.findall(r"--([a-z0-9-]+):\s*([^;]+);", found[1]))


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("front", "back", "light", "dark"), RATIOS)
def test_the_ratios_are_those_of_the_design(front: str, back: str, light: float, dark: float) -> None:
    for head, expected in ((LIGHT, light), (DARK, dark)):
        colours = block(head)
        assert ratio(colours[front], colours[back]) == pytest.approx(expected, abs=0.011)


@pytest.mark.parametrize(("front", "back"), TEXT)
def test_further_pairs_of_the_components_can_be_read(front: str, back: str) -> None:
    for head in (LIGHT, DARK):
        colours = block(head)
        assert ratio(colours[front], colours[back]) >= 4.5


def test_the_focus_ring_stands_out_from_its_edge_in_both_themes() -> None:
    light = block(LIGHT)
    assert ratio(light["focus"], light["focus-edge"]) == pytest.approx(11.87, abs=0.011)
    assert ratio(light["focus"], block(DARK)["focus-edge"]) == pytest.approx(13.18, abs=0.011)


def test_the_dark_theme_of_the_system_and_of_the_reader_are_the_same() -> None:
    assert block(DARK_MEDIA) == block(DARK)


def test_every_colour_outside_the_tokens_is_a_token() -> None:
    for sheet in CSS.rglob("*.css"):
        if sheet.name in ("tokens.css", "print.css"):
            continue
        assert not re.findall(r"#[0-9A-Fa-f]{3,8}\b(?![^{]*\{)", sheet.read_text(encoding="utf-8")), (
            sheet.name
        )


def test_no_sheet_asks_for_anything_from_elsewhere() -> None:
    for sheet in CSS.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert "url(" not in text and "@import" not in text and "@font-face" not in text, sheet.name


def test_every_variable_in_use_is_defined() -> None:
    defined = set(re.findall(r"--([a-z0-9-]+):", TOKENS))
    for sheet in CSS.rglob("*.css"):
        used = set(re.findall(r"var\(--([a-z0-9-]+)\)", sheet.read_text(encoding="utf-8")))
        assert used <= defined, (sheet.name, used - defined)
