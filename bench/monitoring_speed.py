"""How much of a processor do the pages about monitoring take, on 160 homes and on 15,000?

    PYTHONPATH=. python bench/monitoring_speed.py

writes bench/monitoring_speed.csv and .md: seconds of processor, not of the clock, so that other work on the machine
does not count. "Opened" is a page of the sample as a visitor opens it, run by Streamlit from the first line to the
last: by the first visitor of a server that has loaded the sample, and by the next. "Worked out" is what a page asks
of 15,000 homes with ratings, and 36 months of admissions and bed-days, beside what is worked out once for a store.
"""

import os
from collections.abc import Callable
from pathlib import Path
from time import process_time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

from analysis.figures import home as of_home
from analysis.figures import monitoring as of_groups
from analysis.figures import worklist as of_worklist
from analysis.figures.figure import Source
from analysis.plans.homes import HomePlan, look_at, stored_homes
from analysis.plans.monitored import MonitoringPlan, watch
from analysis.plans.month_by_month import known_of
from analysis.plans.worklists import WorklistPlan, worklist
from analysis.simulate import PanelSpec, simulate_panel
from analysis.sources import read
from analysis.store import Store

ROOT = Path(__file__).resolve().parents[1]
OUT = Path(__file__).with_suffix(".csv")
HOMES, MONTHS = 15_000, 36
PAGES = {"Monitoring": "pages/monitoring.py", "Home": "pages/home.py", "Worklist": "pages/worklist.py",
         "Feedback": "pages/feedback.py"}  # fmt: skip
COMPONENTS: dict = {}
"""What this way of testing, and no server, finds out about installed packages for every page."""
RUNS = 5
NONE = Source(origin="")
SAID = """# The pages about monitoring, timed

Seconds of a processor. "First" is the first time on a server that has the data, "again" the middle of {runs} more:
of pages each by a new visitor.

{rows}

What is asked of them: the dashboard of 160 homes under 1 second, one home's page under 1, the worklist of 15,000 homes
under 3. {verdict}

Made by `bench/monitoring_speed.py`.
"""


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Give seconds of processor of the first time, and the middle of some more."""
    taken = []
    for _ in range(RUNS + 1):
        began = process_time()
        work()
        taken.append(process_time() - began)
    return round(taken[0], 2), round(float(np.median(taken[1:])), 2)


def opened(page: str) -> None:
    """Open a page of the sample as a visitor does, sent there by its address."""
    made = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    vars(made).update(COMPONENTS)
    made = (made if page == "app.py" else made.switch_page(page)).run()
    COMPONENTS.update({name: value for name, value in vars(made).items() if name == "_bidi_component_manager"})
    assert not made.exception


def country() -> Store:
    """Load 15,000 homes: ratings, admissions and bed-days, as files are."""
    panel, _ = simulate_panel(PanelSpec(n_homes=HOMES, n_months=MONTHS, starts=()), 1)
    rng = np.random.default_rng(1)
    ids = np.array([f"1-{1_000_000 + number}" for number in range(HOMES)])
    home, month = np.nonzero(panel.exposure > 0)
    rows = pd.DataFrame({
        "location_id": ids[home], "month": panel.months[month].astype(str), "admissions": panel.counts[home, month],
        "bed_days": panel.exposure[home, month].astype(int), "home_type": panel.units["home_type"].to_numpy()[home],
        "beds": panel.units["beds"].to_numpy()[home],
    })  # fmt: skip
    visited = np.tile(pd.date_range("2017-01-01", periods=3, freq="800D"), HOMES)
    rated = pd.DataFrame({
        "location_id": np.repeat(ids, 3), "published": visited + pd.to_timedelta(rng.integers(0, 700, 3 * HOMES), "D"),
        "rating": rng.choice(["Inadequate", "Requires improvement", "Good", "Outstanding"], 3 * HOMES,
                             p=[0.02, 0.16, 0.78, 0.04]),
    })  # fmt: skip
    store = Store.in_memory()
    for name, frame in {"homes.csv": rows, "rated.csv": rated}.items():
        reading = read(name, frame.to_csv(index=False).encode())
        assert reading.tables, reading.findings
        store.load(reading)
    return store


def of_the_country() -> list[tuple]:
    """Time what pages ask of 15,000 homes."""
    homes, found = [], []

    def once():
        homes[:] = [stored_homes(store)]

    def by_month():
        found[:] = [known_of(homes[0])]

    store = country()
    rows = [("15,000 homes", "taken from the store, once", *timed(once)),
            ("15,000 homes", "laid out by month, once", *timed(by_month))]  # fmt: skip
    known, months = homes[0], found[0]
    one = next(iter(known.names))
    asked = {
        "worklist": lambda: [*of_worklist.figures(worklist(WorklistPlan(capacity=500), months, known), NONE)],
        "one home": lambda: [*of_home.figures(look_at(HomePlan(home=one), known), NONE)],
        "dashboard": lambda: [*of_groups.figures(watch(MonitoringPlan(), known.watchable), NONE)],
    }
    return [*rows, *(("15,000 homes", name, *timed(work)) for name, work in asked.items())]


def main() -> None:
    """Write both tables."""
    opened("app.py")  # a server that has loaded the sample, and on which somebody saw the first page
    rows = [("160 homes", f"{name} opened", *timed(lambda page=page: opened(page))) for name, page in PAGES.items()]
    rows += of_the_country()
    table = pd.DataFrame(rows, columns=["data", "what", "first", "again"])
    table.to_csv(OUT, index=False, lineterminator="\n")
    lines = ["| data | what | first | again |", "|---|---|---|---|"]
    lines += [f"| {row.data} | {row.what} | {row.first} | {row.again} |" for row in table.itertuples()]
    said = SAID.format(runs=RUNS, rows="\n".join(lines), verdict=verdict(table))
    OUT.with_suffix(".md").write_text(said, encoding="utf-8")


ASKED = {("160 homes", "Monitoring opened"): 1, ("160 homes", "Home opened"): 1, ("15,000 homes", "worklist"): 3}
"""Seconds."""


def verdict(table: pd.DataFrame) -> str:
    """Say whether each is met, by the slower of both columns."""
    slow = table.set_index(["data", "what"])[["first", "again"]].max(axis=1)
    return " ".join(
        f"{what}: {slow[data, what]} s, {'met' if slow[data, what] < most else 'not met'}."
        for (data, what), most in ASKED.items()
    )


if __name__ == "__main__":
    main()
