"""The words of files: those of pages, without what only a page on a screen can do."""

from html import unescape
from re import sub

CLICKS = ("Click ", "A click ")
"""How sentences begin that only a page on a screen can keep."""


def plain(html: str) -> str:
    """A subtitle without its marks, and without what only a page on a screen can do."""
    text = unescape(sub(r"<[^>]*>", "", sub(r"<br */?>", " ", html)))
    return "".join(said for said in sentences(" ".join(text.split())) if not said.startswith(CLICKS)).strip()


def sentences(text: str) -> list[str]:
    """The text in sentences, each with the space after it."""
    parts = text.split(". ")
    return [f"{part}. " for part in parts[:-1]] + parts[-1:]


def joined(*parts: str) -> str:
    """What is said in parts, as sentences with one full stop each."""
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


def legal(text: str) -> str:
    """The text without the characters that XML forbids."""
    return sub("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]", "", text)
