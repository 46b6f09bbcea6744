"""Published figures that macros must reproduce: vectors_<area>.json beside this file."""

import json
from pathlib import Path
from typing import Any


def vector(name: str, area: str = "web") -> dict[str, Any]:
    """One entry: `inputs`, `expected`, `tolerance` and `source`. KeyError if there is none of the name."""
    file = Path(__file__).with_name(f"vectors_{area}.json")
    entries = {entry["name"]: entry for entry in json.loads(file.read_text(encoding="utf-8"))}
    found: dict[str, Any] = entries[name]
    return found
