"""How long do twenty wait who ask twenty different questions at once? A real server on this computer, asked live.

    PYTHONPATH=. python bench/at_once.py           # appends a row to bench/at_once.csv

Every visitor opens the Admissions page with another first month, all at the same moment, after one visitor has opened
it before (so that the sample is there). What is timed is when the answer, in words, stands on each visitor's page.

Seconds on a computer that others use too say little; what may be compared is two rows of one load, and the work.
Twenty evaluations with their doubts, without a server, took 24 seconds of a processor in a line and 27 all together; in
the line the first came after 5 seconds, the middle one after 47 and the 95th of a hundred after 83, together 60, 106
and 145 (loads of 12 and 18: the ratios, not the seconds). With processes beside a live server, pages drawn too, it was
55 seconds of a processor, about 12 of them to begin four processes.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from tests.browser.conftest import serving
from tests.browser.visitor import visit

TABLE = Path(__file__).with_suffix(".csv")
VISITORS = 20
MONTHS = [f"{month:%Y-%m}" for month in pd.date_range("2018-02-01", periods=VISITORS + 1, freq="MS")]


def at_once(address: str, visitors: int = VISITORS) -> np.ndarray:
    """Seconds until each of the visitors had the answer, the first answered first."""
    visit(address, "admissions", f"from={MONTHS[visitors]}")
    with ThreadPoolExecutor(visitors) as together:
        seen = list(together.map(lambda month: visit(address, "admissions", f"from={month}"), MONTHS[:visitors]))
    assert not any(one.error for one in seen)
    return np.sort([one.answered for one in seen])


def main(called: str) -> None:
    """Ask, and keep what came; `called` names the code."""
    load = os.getloadavg()[0]
    with serving() as address:
        waited = at_once(address)
    first, middle, last = waited[0], *np.quantile(waited, [0.5, 0.95])
    row = (called, version("streamlit"), os.cpu_count(), round(load, 1), *np.round([first, middle, last], 1))
    columns = ["code", "streamlit", "processors", "load_before", "first", "p50", "p95"]
    table = pd.DataFrame([row], columns=columns)
    table.to_csv(TABLE, mode="a", header=not TABLE.exists(), index=False, lineterminator="\n")
    print(table.to_string(index=False))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "now")
