"""How is a visitor's file truly forgotten?

A file is held three times while it is being loaded: as Streamlit received it, as it was read, and in the visitor's
store. Once loaded, only the store remains; when the visitor says so, nothing does, at once. A visitor who closes the
page says nothing: the session ends when the connection has been gone for `server.disconnectedSessionTTL` seconds, in
which a lost connection may come back, and everything goes with it.

What Streamlit keeps for a session can be let go only through parts of it that are not public; they are touched here
alone, and a test reads the server's memory afterwards.
"""

import ctypes
import gc
import math
from contextlib import suppress

import pyarrow as pa
import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.caching.cache_resource_api import clear_session_cache
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analysis.store import Store


def minutes_after_closing() -> int:
    """Minutes for which files of a closed page may still be in memory, rounded up."""
    return math.ceil(st.get_option("server.disconnectedSessionTTL") / 60)


def drop_what_was_read() -> None:
    """Let go the files as they were received and read, and answers about what was loaded before them."""
    context = get_script_run_ctx()
    if context is None:
        return
    clear_session_cache(context.session_id)
    get_instance().uploaded_file_mgr.remove_session_files(context.session_id)


def forget(store: Store | None) -> None:
    """Let go everything of this visitor: files, store, answers, choices and downloads."""
    context = get_script_run_ctx()
    drop_what_was_read()
    st.session_state.clear()
    if store is not None:
        store.close()
    if context is not None:
        media = get_instance().media_file_mgr
        media.clear_session_refs(context.session_id)
        media.remove_orphaned_files()
    _return_memory()


def _return_memory() -> None:
    """Give what is free back to the computer, so that it does not lie about in this program's memory."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):  # another C library gives it back by itself
        ctypes.CDLL("libc.so.6").malloc_trim(0)
