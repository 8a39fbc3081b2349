"""Who may come in, and who loaded, ran and exported what: a log for whoever runs this for others, never the data.

Sign-in is configuration: where Streamlit's secrets hold an `[auth]` part (OpenID Connect), nobody sees a page who has
not signed in. The log is written where `HOMEWARD_LOG` names a file: a line of JSON for each event, with the time, who,
what was done, and the page, layout, digest or file it was done with. No number, no name of a home, no file's own name.
"""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import streamlit as st

LOG = "HOMEWARD_LOG"
NOBODY = "not signed in"
Did = Literal["opened", "loaded", "ran", "locked", "exported"]
WRITTEN = "written down"
"""Where the session keeps what was written down of it: a page is drawn anew at every click, and opened once."""


def admit() -> None:
    """Ask whoever has not signed in to do so, where that is asked for, and show nothing before."""
    if not asked_for() or getattr(st.user, "is_logged_in", False):  # which is not there where nobody can sign in
        return
    st.title("Homeward")
    st.markdown("Sign in with your organisation's account to go on.")
    st.button("Sign in", on_click=st.login, type="primary")
    st.stop()


def asked_for() -> bool:
    """Whether visitors have to sign in."""
    return bool(st.secrets.load_if_toml_exists() and "auth" in st.secrets)


def who() -> str:
    """Name the visitor as the identity provider does."""
    known = st.user.to_dict() if asked_for() else {}
    return str(known.get("email") or known.get("sub") or NOBODY)


def note(did: Did, what: str) -> None:
    """Write down what the visitor did, where a log is kept: the same once in a session."""
    path = os.environ.get(LOG)
    if path and (did, what) not in (known := st.session_state.setdefault(WRITTEN, set())):
        known.add((did, what))
        _write(path, who(), did, what)


Content = str | bytes | Callable[[], str | bytes]
"""What a file holds, or what makes it when it is taken."""


def noted(name: str, content: Content) -> Content:
    """Give a download that is written down when it is taken, where a log is kept."""
    path = os.environ.get(LOG)
    if not path:
        return content
    visitor = who()  # asked now: when the file is taken there is no page to ask

    def taken() -> str | bytes:
        _write(path, visitor, "exported", name)
        return content() if callable(content) else content

    return taken


def _write(path: str, visitor: str, did: Did, what: str) -> None:
    line = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "who": visitor, "did": did, "what": what}
    with Path(path).open("a", encoding="utf-8") as log:
        log.write(json.dumps(line, ensure_ascii=False) + "\n")
