"""A visitor without a browser: asks for a page over the websocket as Streamlit's own does, and reads."""

import re
import time
from dataclasses import dataclass, field
from html import unescape

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

LARGE = "font-size: 1.25rem"
"""How an answer is shown (`pages.shared.figures.say`)."""
PATIENCE = 180
"""Seconds after which a page that does not end has failed."""


@dataclass
class Visit:
    """What came: all of it, every text in the order of its coming, addresses of downloads, when the answer stood."""

    sent: bytearray = field(default_factory=bytearray)
    texts: list[str] = field(default_factory=list)
    downloads: list[str] = field(default_factory=list)
    answered: float = float("nan")
    error: bool = False


def visit(address: str, page: str, query: str = "") -> Visit:
    """Open a page and stay until it has been drawn."""
    began, seen = time.monotonic(), Visit()
    stream = address.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(stream, origin=address, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[arg-type]
        ask = BackMsg()
        ask.rerun_script.query_string, ask.rerun_script.page_name = query, page
        socket.send(ask.SerializeToString())
        while time.monotonic() - began < PATIENCE:
            sent: bytes = socket.recv(timeout=PATIENCE)  # type: ignore[assignment]
            seen.sent += sent
            came = ForwardMsg.FromString(sent)
            if came.WhichOneof("type") == "script_finished":
                return seen
            if came.WhichOneof("type") == "delta":
                _take(came, seen, time.monotonic() - began)
    raise TimeoutError(f"{page} was not drawn within {PATIENCE} seconds")


def answer_of(seen: Visit) -> str:
    """Give the first words of a page that are written as an answer is, as they are read."""
    written = next(text for text in seen.texts if LARGE in text)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", written)).split())


def _take(came: ForwardMsg, seen: Visit, after: float) -> None:
    element = came.delta.new_element
    kind = element.WhichOneof("type")
    if kind == "exception":
        seen.error = True
    elif kind == "download_button":
        seen.downloads.append(element.download_button.url)
    elif kind in ("html", "markdown", "alert"):
        text = getattr(element, kind).body
        seen.texts.append(text)
        if LARGE in text and not seen.answered > 0:
            seen.answered = after
