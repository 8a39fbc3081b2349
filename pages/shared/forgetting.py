"""How is a visitor's file truly forgotten?

A file is held three times while it is being loaded: as Streamlit received it, as it was read, and in the visitor's
store. Once loaded, only the store remains; when the visitor says so, nothing does, at once. A visitor who closes the
page says nothing: the session ends when the connection has been gone for `server.disconnectedSessionTTL` seconds, in
which a lost connection may come back, and everything goes with it.

What is let go would still stand in memory that this program holds free, until something else is written there. So
before the first file comes, the C library is told to write over whatever is freed (`M_PERTURB`, about 3% of the time of
an evaluation), and tables of text are made of its memory and not of a pool of their own (`wipe_what_is_freed`). Python
takes small values from an allocator that nobody can tell so: what is free there is written over when files are
forgotten (`_fill_what_is_free`). Read as an attacker would, memory held 1,469 and 12,090 names of homes after one
evaluation that was let go, and 5 with this (`tests/pages/test_forgotten.py`).

What Streamlit keeps for a session can be let go only through parts of it that are not public; they are touched here
alone, and a test reads the server's memory afterwards.
"""

import ctypes
import gc
import math
from contextlib import suppress
from functools import cache

import pyarrow as pa
import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.caching.cache_resource_api import clear_session_cache
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analysis.store import Store

M_PERTURB, ANYTHING = -6, 0xAA
"""Option of the C library's memory (malloc.h), and the byte that is written."""
SMALL, STEP = 512, 16
"""Bytes up to which Python takes memory from its own allocator, and steps of its blocks (CPython, obmalloc.c)."""
FILLED = 2_000_000
"""Bytes of each size of block that are written: more than an evaluation leaves free."""


@cache
def wipe_what_is_freed() -> None:
    """Have memory written over when it is freed, from now on; a system with another C library keeps its own ways."""
    pa.set_memory_pool(pa.system_memory_pool())
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(M_PERTURB, ANYTHING)


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
    _fill_what_is_free()
    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):  # another C library gives it back by itself
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _fill_what_is_free() -> None:
    """Write over free blocks of Python's own allocator: values of every size are made, and let go."""
    head = b"".__sizeof__()
    held = [[bytes(size - head) for _ in range(FILLED // size)] for size in range(head + STEP, SMALL + 1, STEP)]
    held.append([float(k) for k in range(FILLED // STEP)])  # type: ignore[arg-type]
    held.append([(k,) * (k % 8) for k in range(FILLED // SMALL)])  # type: ignore[arg-type]
    del held
