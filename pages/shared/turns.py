"""Who is answered first when many ask at once?

Twenty questions worked out together are all answered last: each waits for every other. So questions wait in a line, as
many are worked out at a time as there are processors, and the first asked is the first answered; one who waits is told
how many are before. What has been worked out is remembered, each thing once however many ask for it.

A piece of work asks for parts of it, such as the panel behind an evaluation: those are worked out there and then.

All of it is done in this process. Processes beside it were tried: a question takes a second of a processor and a
process some three to begin, and the middle one of twenty visitors waited twice as long as before there were any. They
could be kept ready, and would wait for years on a computer where one person asks (`bench/at_once_before.csv`).
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

T = TypeVar("T")
AT_ONCE = os.cpu_count() or 1
PATIENCE = 0.4
"""Seconds after which one who waits is told why."""

_workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="answers")
_line: "OrderedDict[Future, None]" = OrderedDict()
"""Questions not yet answered, in the order asked; those at the front are being worked out."""
_changing = threading.Lock()
_here = threading.local()
"""In a worker: that it is one."""


class Answers:
    """What has been worked out for whoever asked, the latest so many.

    Parameters
    ----------
    most : int
        How many are remembered.
    """

    def __init__(self, most: int):
        self.most = most
        self._held: OrderedDict[Hashable, Future] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, asked: Hashable, work: Callable[[], T]) -> T:
        """Give what was asked for: remembered, or worked out when its turn comes.

        Whatever the work raises is raised here, and not remembered.
        """
        if getattr(_here, "working", False):
            return self._part(asked, work)
        with self._lock:
            future = self._held.get(asked)
            if future is None:
                future = self._keep(asked, _enqueued(work))
            self._held.move_to_end(asked)
        return self._result(asked, future)

    def has(self, asked: Hashable) -> bool:
        """Whether the answer is there, so that nobody need wait for it."""
        with self._lock:
            held = self._held.get(asked)
        return held is not None and held.done() and not held.exception()

    def worked_out(self) -> dict[Hashable, Any]:
        """Give every answer that is there, by what was asked."""
        with self._lock:
            return {asked: held.result() for asked, held in self._held.items() if held.done() and not held.exception()}

    def _part(self, asked: Hashable, work: Callable[[], T]) -> T:
        """Work out a part of what is being worked out: to wait for a turn would be to wait for oneself."""
        with self._lock:
            held = self._held.get(asked)
            if held is None or not (held.done() or held.running()):
                held = None
                future = self._keep(asked, Future())
                future.set_running_or_notify_cancel()  # whoever else asks for it waits for this one
        if held is not None:
            return self._result(asked, held, wait=True)
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)
        return self._result(asked, future, wait=True)

    def _keep(self, asked: Hashable, future: Future) -> Future:
        self._held[asked] = future
        while len(self._held) > self.most:
            self._held.popitem(last=False)
        return future

    def _result(self, asked: Hashable, future: Future, *, wait: bool = False) -> Any:
        try:
            if not (wait or future.done()) and get_script_run_ctx(suppress_warning=True):  # a page, not a download
                _told(future)
            return future.result()
        except BaseException:
            with self._lock:
                if self._held.get(asked) is future and future.done():
                    del self._held[asked]
            raise


def _enqueued(work: Callable[[], object]) -> Future:
    """Put work at the end of the line."""
    with _changing:
        future = _workers.submit(working, work)
        _line[future] = None
    future.add_done_callback(_leave)
    return future


def working(work: Callable[[], T]) -> T:
    """Work something out here and now, with all that it is made of."""
    _here.working = True
    return work()


def beforehand(work: Callable[[], object]) -> None:
    """Work something out before anybody asks, beside the line; what it is made of is remembered as it comes."""
    threading.Thread(target=working, args=(work,), name="beforehand", daemon=True).start()


def while_read(work: Callable[[], object]) -> None:
    """Work out beforehand what one click on the page that is read would ask; not while anybody waits for an answer."""
    if not _line:
        beforehand(work)


def _leave(future: Future) -> None:
    with _changing:
        _line.pop(future, None)


def _before(future: Future) -> int:
    """How many questions are before this one and not being worked out for it to begin."""
    with _changing:
        place = list(_line).index(future) if future in _line else 0
    return max(place - AT_ONCE + 1, 0)


def _told(future: Future) -> None:
    """Wait for an answer, and tell the visitor what for."""
    room = st.empty()
    while not future.done():
        try:
            future.exception(timeout=PATIENCE)
        except TimeoutError:
            room.markdown(_words(_before(future)))
    room.empty()


def _words(before: int) -> str:
    if not before:
        return "*Working it out …*"
    others = "One question is" if before == 1 else f"{before} questions are"
    return f"*{others} before yours; they are answered in the order asked …*"
