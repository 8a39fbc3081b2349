"""How long do pages take at England's size, and how much memory do they hold?

    PYTHONPATH=. python bench/england_app.py DIR                      every page, to england_app.csv
    PYTHONPATH=. python bench/england_app.py DIR --only pages/home.py

DIR holds the country of `homeward sample DIR --england`, of which `bench/england_answers.py` makes ``full.duckdb``.
Pages are run by Streamlit from the first line to the last, without a browser, one after the other on one server: by its
first visitor, by the next, and by ten more. Seconds of the processor; `held_gb` is what the process holds after the
second, all told, `more_mb` by how much the second visitor made that grow, `later_mb` by how much each of the last eight
did on average: what the allocator gives back and takes again, up to 18 MB here, tells nothing of a single visitor.
"""

import argparse
import gc
import os
import resource
import threading
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
PAGES = (
    "app.py",
    "pages/ratings.py",
    "pages/worklist.py",
    "pages/home.py",
    "pages/monitoring.py",
    "pages/admissions.py",
)

LATER = 8
"""Visitors by whom it is told what one more takes."""


def held_gb() -> float:
    """Tell what this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024**3


def settled() -> None:
    """Wait for what is worked out beforehand, which belongs to no visitor."""
    for thread in threading.enumerate():
        if thread.name == "beforehand":
            thread.join()


def grown_mb(before: float) -> int:
    """Tell by how much what this process holds has grown."""
    settled()
    gc.collect()
    return round(1024 * max(0.0, held_gb() - before))


def opened(page: str) -> tuple[float, str]:
    """Open a page as a new visitor; seconds of the processor, and what went wrong."""
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415 - after the store is named

    began = time.process_time()
    made = AppTest.from_file(str(ROOT / "app.py"), default_timeout=1_800)
    made = (made if page == "app.py" else made.switch_page(page)).run()
    return time.process_time() - began, "; ".join(str(error.value)[:80] for error in made.exception)


def main() -> None:
    """Open every page twice, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--to", type=Path, default=Path(__file__).with_suffix(".csv"))
    parser.add_argument("--only", nargs="+", choices=PAGES, default=PAGES)
    asked = parser.parse_args()
    os.environ["HOMEWARD_STORE"] = str(asked.folder / "full.duckdb")
    columns = ["page", "first", "again", "held_gb", "more_mb", "later_mb", "wrong"]
    table = pd.read_csv(asked.to).set_index("page") if asked.to.exists() else pd.DataFrame(columns=columns[1:])
    table = table.reindex(columns=columns[1:]).astype(object)
    for page in asked.only:
        first, wrong = opened(page)
        settled()
        before, (again, _) = held_gb(), opened(page)
        held, grown = held_gb(), grown_mb(before)
        for _ in range(2):
            opened(page)
        settled()
        fourth = held_gb()
        for _ in range(LATER):
            opened(page)
        figures = round(first, 2), round(again, 2), round(held, 2), grown, round(grown_mb(fourth) / LATER, 1), wrong
        table.loc[page, columns[1:]] = [*figures]
        kept = table.loc[[page for page in PAGES if page in table.index]]
        kept.rename_axis("page").reset_index().to_csv(asked.to, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
