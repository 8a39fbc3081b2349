"""How long until England's answer stands in a browser, from opening the Admissions page?

    PYTHONPATH=. python bench/england_headline.py DIR             a row to england_headline.csv: warm, then cold

DIR holds the country, of which `bench/england_answers.py` makes ``full.duckdb``. A server is started on that store, and
the Admissions page opened in a browser without a window. *Warm*: another page was open before, so that what every page
imports is there, and no answer was asked for. *Cold*: nothing was. `seconds` run by the clock from asking for the page
to its answer in words; `processor` is what the server used meanwhile, which on two quiet processors is the most that
the clock can show; `beside` is when what must be known beside the answer stood there too, and what was used till then.
"""

import argparse
import os
import time
from pathlib import Path

import pandas as pd
from playwright.sync_api import sync_playwright

from bench.at_once import processor_time
from tests.browser import chromium
from tests.browser.server import serving

COLUMNS = ("start", "seconds", "processor", "beside_seconds", "beside_processor", "load", "said")
SAID, NOTES = ".hw-said", "[data-testid=stMain] li:visible"
PATIENCE = 600_000


def opened(page, address, start: str) -> dict:
    """Open the page, and tell when the answer and what belongs beside it stood there."""
    if start == "warm":
        page.goto(f"{address}/evidence")
        page.locator("h1").wait_for(timeout=PATIENCE)
        time.sleep(3)
    load, began, used = os.getloadavg()[0], time.perf_counter(), processor_time(address.pid)
    page.goto(f"{address}/admissions")
    found = []
    for sign in (SAID, NOTES):
        page.locator(sign).first.wait_for(timeout=PATIENCE)
        found += [time.perf_counter() - began, processor_time(address.pid) - used]
    said = page.locator(SAID).first.inner_text()
    return {"start": start, **dict(zip(COLUMNS[1:5], (round(each, 1) for each in found), strict=True)),
            "load": round(load, 1), "said": said[:80]}  # fmt: skip


def main() -> None:
    """Open it warm, then cold, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--to", type=Path, default=Path(__file__).with_suffix(".csv"))
    asked, rows = parser.parse_args(), []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        for start in ("warm", "cold"):
            with serving(HOMEWARD_STORE=str(asked.folder / "full.duckdb"), OPENBLAS_NUM_THREADS="1") as address:
                rows.append(opened(browser.new_page(), address, start))
                print(rows[-1], flush=True)
        browser.close()
    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(asked.to, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
