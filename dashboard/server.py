"""What `python -m dashboard` serves: Streamlit's application, with a middleware before it."""

from pathlib import Path
from urllib.parse import quote

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

STREAMLIT = frozenset({"_stcore", "app", "component", "media", "static"})
"""How the addresses begin that Streamlit itself answers."""


class LastPart:
    """Lead an address of several parts to that of its last one, which the app opens or says is no page.

    Pages have addresses of one part. On another Streamlit would look for its own files below the parts
    before, and show nothing.
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
            path = scope["path"].removeprefix(self.base)
            parts = [part for part in path.split("/") if part]
            if path.count("/") > 1 and not STREAMLIT.intersection(parts[:1]):
                last = "".join(quote(part, safe="") for part in parts[-1:])
                query = f"?{request.url.query}" if request.url.query else ""
                answer = RedirectResponse(f"{'../' * (path.count('/') - 1)}{last}{query}", 302)
        await answer(scope, receive, send)


app = st.App(Path(__file__).with_name("app.py").absolute(), middleware=[Middleware(LastPart)])
