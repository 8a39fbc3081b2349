"""How long does a visitor take to an answer? Scripted walks in a real browser, each from a server started for it.

    PYTHONPATH=. .venv/bin/python bench/walks.py              # every walk, three times: minutes
    PYTHONPATH=. .venv/bin/python bench/walks.py --write      # walks.md anew from the recorded walks

A commissioner opens the address that she was given, reads the first answer, opens what it rests on, with its verdict,
and goes on to what would happen if more homes had it. An evaluator loads files of her own, goes step by step to a lock,
sees the answer, and takes the report away and opens it where there is no connection. Beside them: what one waits for
after a control is changed, and for 100,000 rows to be checked and shown.

What the app keeps when it is set up (`python -m pages.shared.warm`) is there when the commissioner comes; nothing is
kept when the evaluator does, and at the first start ever. A script neither reads nor hesitates: these are the seconds
that a person waits, not those that she thinks. On a computer that others use too the wall says little, so a second
clock is read: the processor time of the server, which does not depend on what else runs. Of every walk the best is
held to its promise. Writes `walks.csv` (a row a walk, added) and `walks.md`.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tests.browser import chromium, hands
from tests.browser.server import ROOT, serving
from tests.browser.test_locked_plan import load, steps_before_the_lock
from tests.disclosure.test_plans_of_twins import counts

TABLE = Path(__file__).with_suffix(".csv")
TICKS = os.sysconf("SC_CLK_TCK")
ROWS, MONTHS = 100_000, 80
REPEATS = 3
PROMISED = {
    "cold start to the first result": 5,
    "… the first start ever, nothing kept": 5,
    "commissioner: her first answer, with its verdict": 120,
    "commissioner: then her what-if answer": 120,
    "evaluator: a report from own files": 600,
    "after a control: what is worth having (Verdict)": 0.5,
    "after a control: months to look ahead (What if)": 0.5,
    "after a control: who is compared (Admissions)": 0.5,
    "100,000 rows checked and shown": 5,
}
"""Walk to the seconds that it may take."""
SAID, CALL = ".hw-said", ".hw-call"
WATCH = """
key => { window.waited = new Promise(done => {
    const app = document.querySelector('[data-testid=stApp]')
    let began = null
    document.addEventListener(key ? 'keydown' : 'click', () => { began ??= performance.now() }, {capture: true})
    const before = document.querySelector('.hw-said')?.innerText + document.querySelector('.hw-facts')?.innerText
    new MutationObserver((_, watching) => {
        const said = document.querySelector('.hw-said')?.innerText + document.querySelector('.hw-facts')?.innerText
        const idle = app.dataset.testScriptState === 'notRunning'
        if (began && ((said && said !== before) || (window.ran && idle))) {
            watching.disconnect(); done(performance.now() - began) }
        window.ran = window.ran || (began && !idle)
    }).observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true})
}); window.ran = false }
"""
"""Notes when the answer changes after the next key or click, or the page has been drawn anew."""


@dataclass(slots=True)
class Walk:
    """What is timed: by the wall, by the server's processor, and the clicks that a visitor makes."""

    name: str
    pid: int
    wall: float
    processor: float
    clicks: int = 0

    def done(self) -> dict[str, object]:
        """Give the row of the table."""
        return {
            "walk": self.name, "seconds": round(time.monotonic() - self.wall, 2),
            "processor": round(used(self.pid) - self.processor, 2), "clicks": self.clicks,
        }  # fmt: skip


def used(pid: int) -> float:
    """Seconds of a processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def visiting(browser) -> Iterator:
    """Give a new visitor's page."""
    context = browser.new_context(viewport={"width": 1440, "height": 2400}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(150_000)
    yield page
    context.close()


def first_start(browser) -> Iterator[dict[str, object]]:
    """Open the first page of a server that has never run here: nothing is kept."""
    began = time.monotonic()
    with serving(HOMEWARD_KEPT="") as address, visiting(browser) as page:
        page.goto(address)
        page.locator(SAID).first.wait_for()
        yield Walk("… the first start ever, nothing kept", address.pid, began, 0.0).done()


def commissioner(browser) -> Iterator[dict[str, object]]:
    """Go from a server that is not running to the first answer, the verdict behind it, and what if."""
    with tempfile.TemporaryDirectory() as kept:
        environment = os.environ | {"HOMEWARD_KEPT": kept, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-m", "pages.shared.warm"], cwd=ROOT, env=environment, check=True)
        began = time.monotonic()
        with serving(HOMEWARD_KEPT=kept) as address, visiting(browser) as page:
            page.goto(address)
            page.locator(SAID).first.wait_for()
            yield Walk("cold start to the first result", address.pid, began, 0.0).done()
            first = Walk("commissioner: her first answer, with its verdict", address.pid, began, 0.0, clicks=1)
            page.get_by_test_id("stMain").get_by_role("link", name="See how this was worked out").click()
            page.locator(CALL).first.wait_for()
            yield first.done()
            wall, processor = time.monotonic(), used(address.pid)
            then = Walk("commissioner: then her what-if answer", address.pid, wall, processor, clicks=1)
            page.get_by_test_id("stSidebar").get_by_role("link", name="What if", exact=True).click()
            page.get_by_role("heading", name="What if", exact=True, level=1).wait_for()
            page.locator(SAID).get_by_text("would avert").first.wait_for()
            yield then.done()


def evaluator(browser) -> Iterator[dict[str, object]]:
    """Load own files, go step by step to the lock, see the answer, take the report and open it without a connection."""
    began = time.monotonic()
    with serving(HOMEWARD_KEPT="") as address, visiting(browser) as page:
        walk = Walk("evaluator: a report from own files", address.pid, began, 0.0, clicks=11)
        load(page, address, counts())
        steps_before_the_lock(page)
        page.get_by_text("I have read the five parts above").click()
        hands.still(page)
        page.get_by_role("button", name="Lock this plan").click()
        page.get_by_test_id("stMain").get_by_role("link", name="See the answer").click()
        page.get_by_role("heading", name="Against the plan that was locked").wait_for()
        report = hands.download(page, page.get_by_role("button", name="Report to read (HTML)"), within=600_000)
        with tempfile.TemporaryDirectory() as folder:
            report.save_as(Path(folder) / "report.html")
            reading = browser.new_context(offline=True).new_page()
            reading.goto((Path(folder) / "report.html").as_uri())
            text = reading.locator("body").inner_text()
            reading.context.close()
        assert "The protocol was locked on" in text
        yield walk.done()


def waited(page, pid: int, name: str, act: Callable[[], None], *, key: bool) -> dict[str, object]:
    """Time from a key or a click until the answer has changed."""
    page.evaluate(WATCH, key)
    before = used(pid)
    act()
    limit = "Promise.race([window.waited, new Promise(done => setTimeout(() => done(NaN), 30000))])"
    found = page.evaluate(limit) / 1000
    hands.still(page)
    return {"walk": name, "seconds": round(found, 2), "processor": round(used(pid) - before, 2), "clicks": 1}


def controls(browser) -> Iterator[dict[str, object]]:
    """Change a control of three pages; each time to a value that was not asked for before."""
    with serving() as address, visiting(browser) as page:
        page.goto(f"{address}/verdict")
        hands.still(page)
        slider = page.get_by_role("slider").first
        slider.focus()
        for _ in range(REPEATS):
            yield waited(page, address.pid, "after a control: what is worth having (Verdict)",
                         lambda: slider.press("ArrowRight"), key=True)  # fmt: skip
        page.goto(f"{address}/what_if")
        hands.still(page)
        ahead = page.get_by_role("slider", name="Months to look ahead")
        ahead.focus()
        for _ in range(REPEATS):
            yield waited(page, address.pid, "after a control: months to look ahead (What if)",
                         lambda: ahead.press("ArrowLeft"), key=True)  # fmt: skip
        for other in ("Only homes that never have it", "Homes without it, or not yet"):
            page.goto(f"{address}/admissions?from=2018-0{2 + len(other) % 3}")
            hands.still(page)
            page.get_by_role("combobox", name=re.compile("Compared with")).click()
            option = page.get_by_role("option").filter(has_not_text=other).first
            yield waited(page, address.pid, "after a control: who is compared (Admissions)", option.click, key=False)


def uploading(browser) -> Iterator[dict[str, object]]:
    """Load 100,000 rows: 1,250 homes, 80 months."""
    rng = np.random.default_rng(18)
    homes, months = np.arange(ROWS // MONTHS), pd.date_range("2018-01-01", periods=MONTHS, freq="MS").strftime("%Y-%m")
    rows = pd.DataFrame({"location_id": np.repeat([f"1-{home}" for home in homes], MONTHS),
                         "month": np.tile(months, len(homes)), "admissions": rng.poisson(2.0, ROWS),
                         "bed_days": rng.integers(600, 1_200, ROWS)})  # fmt: skip
    content = rows.to_csv(index=False).encode()
    with serving() as address:
        for _ in range(REPEATS):
            with visiting(browser) as page:
                page.goto(f"{address}/data")
                hands.still(page)
                walk = Walk("100,000 rows checked and shown", address.pid, time.monotonic(), used(address.pid), 2)
                page.locator("input[type=file]").set_input_files(
                    {"name": "many.csv", "mimeType": "text/csv", "buffer": content}
                )
                page.get_by_role("button", name="Load these files").click()
                page.get_by_text("100,000 rows in = ").first.wait_for()
                yield walk.done()


WALKS = {
    "first_start": first_start,
    "commissioner": commissioner,
    "evaluator": evaluator,
    "controls": controls,
    "uploading": uploading,
}


def walked(which: list[str], repeats: int) -> None:
    """Walk, and add what was timed to the table."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not needed to write the table anew

    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        for name in which:
            for _ in range(repeats if name not in ("controls", "uploading") else 1):
                rows = [row | {"load": round(os.getloadavg()[0], 1)} for row in WALKS[name](browser)]
                table = pd.DataFrame(rows)
                print(table.to_string(index=False), flush=True)
                table.to_csv(TABLE, mode="a", header=not TABLE.exists(), index=False, lineterminator="\n")
        browser.close()


def best(table: pd.DataFrame) -> pd.DataFrame:
    """Take the best of each walk by either clock, beside what was promised."""
    walks = table.groupby("walk", sort=False)
    found = pd.DataFrame({"promised": pd.Series(PROMISED), "wall": walks["seconds"].min(),
                          "processor": walks["processor"].min(), "clicks": walks["clicks"].max(),
                          "times": walks.size(), "load": walks["load"].mean()})  # fmt: skip
    return found.loc[[walk for walk in PROMISED if walk in walks.groups]]


def written(table: pd.DataFrame) -> str:
    """Write the table to be read."""
    lines = ["# How long a visitor takes to an answer", ""]
    lines += [(__doc__ or "").split("\n\n", 2)[2].strip(), ""]
    lines += ["| walk | promised, seconds | best by the wall | best by the processor | clicks | times | load |",
              "|---|---|---|---|---|---|---|"]  # fmt: skip
    for walk, row in best(table).iterrows():
        lines.append(f"| {walk} | {row['promised']:g} | {row['wall']:.2f} | {row['processor']:.2f} | "
                     f"{row['clicks']:.0f} | {row['times']:.0f} | {row['load']:.1f} |")  # fmt: skip
    return "\n".join([*lines, "", "Made by `bench/walks.py`.", ""])


def main() -> None:
    """Walk, or write what was recorded."""
    asked = argparse.ArgumentParser()
    asked.add_argument("walks", nargs="*", help=f"some of {', '.join(WALKS)}; all of them where none is named")
    asked.add_argument("--repeats", type=int, default=REPEATS)
    asked.add_argument("--write", action="store_true")
    given = asked.parse_args()
    if not given.write:
        walked(given.walks or [*WALKS], given.repeats)
    TABLE.with_suffix(".md").write_text(written(pd.read_csv(TABLE)), encoding="utf-8")


if __name__ == "__main__":
    main()
