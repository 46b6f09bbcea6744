"""The colours of both themes, for the page and for its charts.

The page's CSS names both of a colour's values, `light-dark(…, …)`, and the browser picks. Charts get the
values of the reader's theme, so that one saved as a picture keeps them.
Blue, orange, vermilion and green derive from Okabe & Ito (2008), "Color Universal Design", made darker or
lighter until each stands out from its ground: text by 4.5:1, marks by 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

FONT = "Inter, sans-serif"
STATIC = Path(__file__).parent / "static"
ICON = STATIC / "icon.svg"
STYLE = STATIC / "style.css"
SCRIPT = STATIC / "history.js"


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, as #rrggbb."""

    page: str
    surface: str
    line: str
    text: str
    muted: str
    accent: str
    accent_soft: str
    accent_light: str
    accent_strong: str
    on_accent: str
    earlier: str
    target: str
    better: str
    worse: str


LIGHT = Palette(
    page="#f7f7f4",
    surface="#ffffff",
    line="#dedfd9",
    text="#1c2330",
    muted="#5b6472",
    accent="#0a6aa6",
    accent_soft="#a9cbe2",
    accent_light="#4d96cb",
    accent_strong="#0a3a5c",
    on_accent="#ffffff",
    earlier="#858d99",
    target="#cc5a00",
    better="#04724f",
    worse="#b24600",
)
DARK = Palette(
    page="#12161d",
    surface="#1a202a",
    line="#2c3442",
    text="#e9edf3",
    muted="#a2adbb",
    accent="#5cb5ea",
    accent_soft="#2d506b",
    accent_light="#3a7fb5",
    accent_strong="#d3edfc",
    on_accent="#12161d",
    earlier="#7f8a99",
    target="#f0a830",
    better="#3ecf9f",
    worse="#ff9a5c",
)


MIXED = {
    "much": ("page", "accent_light", 0.85),
    "less": ("page", "target", 0.5),
    **{f"{name}_text": (name, "text", 0.3) for name in asdict(LIGHT)},
}
"""Colours between two of the palette, and how near they are to the second: shades, upon which words are read,
and the colour of a mark as that of its name, for words need a higher contrast."""


def mixed(colour: str, other: str, share: float) -> str:
    """A colour (#rrggbb) between two: the other one's share in it."""
    pairs = [(int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(one + share * (two - one)):02x}" for one, two in pairs)


def mix(colours: Palette, name: str) -> str:
    """One of MIXED."""
    one, other, share = MIXED[name]
    return mixed(getattr(colours, one), getattr(colours, other), share)


def palette() -> Palette:
    """The colours of the theme in which the reader's browser shows the page."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def stylesheet() -> str:
    """The page's CSS with the palette as variables: `--accent-soft` and so on."""
    variables = "".join(
        f"--{name.replace('_', '-')}: light-dark({light}, {dark});"
        for (name, light), dark in zip(asdict(LIGHT).items(), asdict(DARK).values(), strict=True)
    )
    # Dialogs lie outside the app, where the browser does not know the reader's theme.
    plain = "".join(f"--{name.replace('_', '-')}: {value};" for name, value in asdict(palette()).items())
    rules = f".stApp, [data-baseweb=layer] {{{variables}}} .stDialog {{{plain}}}"
    return f"<style>{rules}\n{STYLE.read_text(encoding='utf-8')}</style>"


def script() -> str:
    """The page's JavaScript."""
    return f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>"


def chart_config(colours: Palette) -> dict[str, Any]:
    """Every chart's look: no frame, hairline grid, quiet axes, one typeface."""
    axis = {
        "domain": False,
        "ticks": False,
        "labelColor": colours.muted,
        "labelFontSize": 12,
        "labelPadding": 8,
        "gridColor": colours.line,
        "gridWidth": 1,
        "title": None,
    }
    return {
        "font": FONT,
        "background": colours.surface,
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"grid": False},
        "text": {"fontSize": 12, "color": colours.text},
        "bar": {"cornerRadiusEnd": 3},
    }
