"""What does each page send to a browser at England's size, and how long does its second run take?

    PYTHONPATH=. python bench/england_sent.py STORE [--to TABLE.csv] [--only home worklist]

STORE is ``full.duckdb`` of the country of `homeward sample DIR --england`, as `bench/england_answers.py` makes it.
Pages are opened over the websocket as a browser does, one after the other on one server: once until they are drawn, and
once more by the same visitor, as any click does. `sent_kb`: all that came the first time; `largest`, `largest_kb`: the
kind of element that sent most of it; `options`: of the longest list to choose from; `again_kb` and `again_s`: the
second run, in seconds of the server's processors.
"""

import argparse
import os
import time
from collections import Counter
from pathlib import Path

import pandas as pd
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from tests.browser.server import serving

ROOT = Path(__file__).resolve().parents[1]
PAGES = tuple(sorted(path.stem for path in (ROOT / "pages").glob("*.py")))
LISTS = ("selectbox", "multiselect", "radio")
PATIENCE = 900
COLUMNS = ("page", "sent_kb", "largest", "largest_kb", "options", "again_kb", "again_s", "wrong")


def used(pid: int) -> float:
    """Seconds of the processors that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(socket, page: str) -> tuple[int, Counter, int, bool]:
    """Ask for a page, and read until it is drawn: bytes, bytes by kind of element, longest list, whether it failed."""
    ask = BackMsg()
    ask.rerun_script.page_name = page
    socket.send(ask.SerializeToString())
    total, kinds, longest, wrong = 0, Counter(), 0, False
    while True:
        sent = socket.recv(timeout=PATIENCE)
        total += len(sent)
        came = ForwardMsg.FromString(sent)
        if came.WhichOneof("type") == "script_finished":
            return total, kinds, longest, wrong
        kind = came.delta.new_element.WhichOneof("type") if came.WhichOneof("type") == "delta" else None
        kinds[kind or came.WhichOneof("type")] += len(sent)
        wrong |= kind == "exception"
        if kind in LISTS:
            longest = max(longest, len(getattr(came.delta.new_element, kind).options))


def measured(address, page: str) -> tuple:
    """Open a page, and run it once more."""
    stream = address.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(stream, origin=address, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[arg-type]
        sent, kinds, longest, wrong = run(socket, page)
        time.sleep(2)  # what is worked out while it is read
        before = used(address.pid)
        again, *_ = run(socket, page)
        seconds = used(address.pid) - before
    (largest, most), *_ = kinds.most_common(1)
    return page, round(sent / 1e3), largest, round(most / 1e3), longest, round(again / 1e3), round(seconds, 2), wrong


def main() -> None:
    """Measure every page, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--to", type=Path, default=Path(__file__).with_suffix(".csv"))
    parser.add_argument("--only", nargs="+", choices=PAGES, default=PAGES)
    asked = parser.parse_args()
    rows = []
    with serving(HOMEWARD_STORE=str(asked.store)) as address:
        for page in asked.only:
            rows.append(measured(address, page))
            print(*rows[-1], flush=True)
            pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(asked.to, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
