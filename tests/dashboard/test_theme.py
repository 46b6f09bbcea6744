"""The themes: told apart by everyone, the same in Streamlit's settings and in the palette."""

import tomllib
from pathlib import Path

import pytest

from dashboard.theme import DARK, LIGHT, STATIC, Palette, stylesheet

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
THEMES = {"light": LIGHT, "dark": DARK}


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio by WCAG 2.2, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("palette", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("name", ["text", "muted", "accent", "better", "worse"])
def test_text_stands_out(palette: Palette, name: str) -> None:
    for ground in (palette.page, palette.surface):
        assert contrast(getattr(palette, name), ground) >= 4.5


@pytest.mark.parametrize("palette", THEMES.values(), ids=THEMES)
def test_text_on_the_accent_stands_out(palette: Palette) -> None:
    assert contrast(palette.on_accent, palette.accent) >= 4.5


@pytest.mark.parametrize("palette", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("name", ["accent", "accent_light", "accent_strong", "earlier", "target"])
def test_marks_stand_out(palette: Palette, name: str) -> None:
    assert contrast(getattr(palette, name), palette.surface) >= 3


def seen_by(colour: str, matrix: list[list[float]]) -> list[float]:
    """The colour as a dichromat sees it: linear RGB times the matrix of Viénot, Brettel & Mollon (1999)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c**2.2 for c in channels]
    return [max(0.0, sum(a * b for a, b in zip(row, linear, strict=True))) ** (1 / 2.2) for row in matrix]


@pytest.mark.parametrize("palette", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize(
    "matrix",
    [
        [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]],
        [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]],
    ],
    ids=["protanopia", "deuteranopia"],
)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("accent", "target"),
        ("better", "worse"),
        ("target", "earlier"),
        ("earlier", "accent_light"),
        ("accent_light", "accent"),
        ("accent", "accent_strong"),
    ],
)
def test_pairs_differ_to_the_colour_blind(
    palette: Palette, matrix: list[list[float]], one: str, other: str
) -> None:
    left, right = (seen_by(getattr(palette, name), matrix) for name in (one, other))
    assert sum((a - b) ** 2 for a, b in zip(left, right, strict=True)) ** 0.5 > 0.12


@pytest.mark.parametrize(("name", "palette"), THEMES.items())
def test_streamlit_has_the_same_colours(name: str, palette: Palette) -> None:
    settings = CONFIG["theme"][name]
    assert settings["primaryColor"] == palette.accent
    assert settings["backgroundColor"] == palette.surface
    assert settings["textColor"] == palette.text
    assert settings["borderColor"] == palette.line


def test_every_font_is_shipped_with_its_licence() -> None:
    for face in CONFIG["theme"]["fontFaces"]:
        assert (STATIC / Path(face["url"]).name).read_bytes()[:4] == b"wOF2"
    assert "SIL Open Font License" in (STATIC / "inter-LICENSE.txt").read_text(encoding="utf-8")


def test_the_page_names_no_other_host() -> None:
    assert "//" not in stylesheet().replace("/*", "").replace("*/", "")
