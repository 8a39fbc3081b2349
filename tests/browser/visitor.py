"""A visitor without a browser: asks for a page over the websocket as Streamlit's own does, and reads."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

LARGE = 'class="hw-said"'
"""How an answer is shown (`pages.shared.showing.say`)."""
PATIENCE = 180
"""Seconds after which a page that does not end has failed."""


@dataclass
class Visit:
    """What came: all of it, what is drawn of it, texts in their order, addresses of downloads, when the answer stood.

    `answered` is by the clock on the wall, `answered_by` by the one that was given.
    """

    sent: bytearray = field(default_factory=bytearray)
    drawn: list[bytes] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    downloads: list[str] = field(default_factory=list)
    answered: float = float("nan")
    answered_by: float = float("nan")
    error: bool = False
    answers: bool = False


def visit(
    address: str, page: str, query: str = "", *, patience: float = PATIENCE, clock: Callable[[], float] = time.monotonic
) -> Visit:
    """Open a page and stay until it has been drawn."""
    began, began_by, seen = time.monotonic(), clock(), Visit()
    stream = address.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(stream, origin=address, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[arg-type]
        ask = BackMsg()
        ask.rerun_script.query_string, ask.rerun_script.page_name = query, page
        socket.send(ask.SerializeToString())
        while time.monotonic() - began < patience:
            sent: bytes = socket.recv(timeout=patience)  # type: ignore[assignment]
            seen.sent += sent
            came = ForwardMsg.FromString(sent)
            if came.WhichOneof("type") == "script_finished":
                return seen
            if came.WhichOneof("type") == "delta":
                if came.delta.new_element.WhichOneof("type") == "download_button":
                    came.delta.new_element.download_button.ClearField(
                        "deferred_file_id"
                    )  # drawn by lot in each session
                if came.delta.new_element.WhichOneof("type") != "empty":  # room for what is said while one waits
                    seen.drawn.append(came.delta.SerializeToString(deterministic=True))
                _take(came, seen)
                if seen.answers and not seen.answered > 0:
                    seen.answered, seen.answered_by = time.monotonic() - began, clock() - began_by
    raise TimeoutError(f"{page} was not drawn within {patience:.0f} seconds")


def answer_of(seen: Visit) -> str:
    """Give the first words of a page that are written as an answer is, as they are read."""
    written = next(text for text in seen.texts if LARGE in text)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", written)).split())


def _take(came: ForwardMsg, seen: Visit) -> None:
    element = came.delta.new_element
    kind = element.WhichOneof("type")
    if kind == "exception":
        seen.error = True
    elif kind == "download_button":
        seen.downloads.append(element.download_button.url)
    elif kind in ("html", "markdown", "alert"):
        text = getattr(element, kind).body
        seen.texts.append(text)
        seen.answers |= LARGE in text
