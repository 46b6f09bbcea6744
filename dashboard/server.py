"""What `python -m dashboard` serves: Streamlit's application, with a middleware before it."""

from pathlib import Path
from urllib.parse import quote

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.ahead import readers
from dashboard.components import links

STREAMLIT = frozenset({"_stcore", "app", "component", "media", "static"})
"""How the addresses begin that Streamlit itself answers."""
MOST_PARAMETERS = 1000
"""Of more Streamlit reads none."""


class Readable:
    """Lead addresses that Streamlit cannot read to those that it can, of which the app says what it lacks.

    Pages have addresses of one part: of several the last one counts, for at others Streamlit would look for
    its own files below the parts before, and show nothing. A query of too many parameters it would leave out
    without a word.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Before an application."""
        self.app = app
        base = st.get_option("server.baseUrlPath").strip("/")
        self.base = f"/{base}" if base else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        answer = self.app
        # Whoever opens an address asks for HTML; the page there asks for files below it, to find its server.
        if scope["type"] == "http" and "text/html" in (request := Request(scope)).headers.get("accept", ""):
            readers.expect()
            path, query = scope["path"].removeprefix(self.base), request.url.query
            parts = [part for part in path.split("/") if part]
            is_long = query.count("&") >= MOST_PARAMETERS
            if (path.count("/") > 1 or is_long) and not STREAMLIT.intersection(parts[:1]):
                last = "".join(quote(part, safe="") for part in parts[-1:])
                kept = f"{links.CUT}=true" if is_long else query
                up = "../" * (path.count("/") - 1) or "./"
                answer = RedirectResponse(f"{up}{last}{'?' * bool(kept)}{kept}", 302)
        await answer(scope, receive, send)


app = st.App(Path(__file__).with_name("app.py").absolute(), middleware=[Middleware(Readable)])
