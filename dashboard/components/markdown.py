"""Text in Markdown that is no markup: what readers, links and the data say is shown as it is."""

import re

SPECIAL = re.compile(r"([\\`*\[\]$:<>~])")


def escaped(text: str) -> str:
    """The text as Markdown that draws no pictures, formulas or icons of it."""
    return SPECIAL.sub(r"\\\1", text)


def literal(text: str) -> str:
    """The text as code, in which not even dashes are drawn otherwise."""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    edge = " " if text.startswith("`") or text.endswith("`") or not text.strip() else ""
    line = re.sub(r"\s", " ", text)
    return f"{fence}{edge}{line}{edge}{fence}"
