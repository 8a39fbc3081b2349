"""Who is let in, and what may a browser do with what it is given?

A page that anybody's site could read by naming this computer in its own address (DNS rebinding) would hand out what a
visitor loaded. So only requests that name a host this server is known by, and that no other site's page sends, get past
here; Streamlit, which would ask an outside service for this computer's own address to judge such a request, is never
asked. What passes is given headers under which a browser runs nothing but the app's own code.

The hosts are `server.allowedHosts` of the configuration: this computer's own names unless somebody decides otherwise.
"""

import base64
import hashlib
import re
from pathlib import Path
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.shared import menu, own_files

CLOSED = re.compile(r"/_stcore/(metrics|agent)(/|$)")
"""Parts of Streamlit that tell a stranger about the server."""


def middleware() -> list[Middleware]:
    """List what every request passes through, the first first."""
    hosts = streamlit.get_option("server.allowedHosts") or ["*"]
    return [Middleware(Headed, policy=content_policy()), Middleware(TrustedHostMiddleware, allowed_hosts=hosts),
            Middleware(OwnPagesOnly)]  # fmt: skip


def content_policy() -> str:
    """Say in the words of the Content-Security-Policy header that a page is made of this server's own parts only.

    The script that stands in Streamlit's page itself and those of `own_files` and `menu` are known by their digests;
    WebAssembly reads Arrow tables.
    """
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    inline = [*re.findall(r"<script>(.*?)</script>", page, re.DOTALL), *own_files.SCRIPTS, *menu.SCRIPTS.values()]
    digests = [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in inline]
    parts = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", "'wasm-unsafe-eval'", *digests]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


class Headed:
    """Give every answer the headers that keep a browser from doing anything else with it."""

    def __init__(self, app: ASGIApp, policy: str):
        self.app = app
        self.headers = {
            "Content-Security-Policy": policy,
            "X-Frame-Options": "DENY",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""

        async def headed(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, headed)


class OwnPagesOnly:
    """Refuse what another site's page sends, and what is nobody's business."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] in ("http", "websocket"):
            if foreign(Headers(scope=scope)):
                await _refusal("This page is shown to its own visitors only.", 403)(scope, receive, send)
                return
            if CLOSED.search(scope["path"]):
                await _refusal("There is nothing here.", 404)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def foreign(headers: Headers) -> bool:
    """Whether another site's page sent a request: browsers say whose page it was, other programs need not."""
    return any(urlsplit(origin).netloc != headers.get("host") for origin in headers.getlist("origin"))


def _refusal(words: str, status: int) -> PlainTextResponse:
    return PlainTextResponse(words, status)
