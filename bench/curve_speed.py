"""How long does every defensible analysis take, of the sample and of a country?

    PYTHONPATH=. python bench/curve_speed.py                 both, to bench/curve_speed.csv (four minutes)
    PYTHONPATH=. python bench/curve_speed.py --only sample
    PYTHONPATH=. python bench/curve_speed.py --only England --workers 1 2

England is that of `simulate.england`: 15,000 homes over 120 months, one in ten with a programme from one of 50 months
on, a true rate ratio of 0.85. `analyses` is how many could be defended; `for_200` is `processor` of 200 of them,
reckoned. `processor` counts user and system seconds of all processes and is what can be compared from day to day; a
clock runs on while others use the machine. `busy` is how many processors the machine's other work kept busy on average
while the clock ran (of `processors`), where the system tells. `median` and `held` (intervals that hold the truth) are
what came of it.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.design import Design, Plan
from analysis.inference.spread import spread_over
from analysis.panel import Panel
from analysis.simulate import england
from analysis.specifications import curve

COLUMNS = ("data", "homes", "months", "workers", "analyses", "processor", "for_200", "clock", "busy", "processors",
           "peak_gb", "median", "held_pct")  # fmt: skip


def country() -> tuple[Panel, Design]:
    """Draw England's admissions, and who had the programme when."""
    size = england.Country()
    homes = england.register(size)
    counts, exposure = np.zeros((size.homes, size.months), np.int64), np.zeros((size.homes, size.months))
    for first in range(0, size.homes, england.PORTION):
        part = homes.iloc[first : first + england.PORTION]
        drawn = england.truth(size, part, first).to_pandas()
        home = first + pd.Index(part["location_id"]).get_indexer(drawn["unit"])
        month = (drawn["month"].to_numpy("datetime64[M]") - england.FIRST.astype("datetime64[M]")).astype(int)
        counts[home, month], exposure[home, month] = drawn["count"], drawn["exposure"]
    kind = np.where(homes["nursing"], "nursing", "residential")
    units = pd.DataFrame({"home_type": kind}, index=pd.Index(homes["location_id"], name="unit"))
    panel = Panel(units=units, months=england.FIRST.astype("datetime64[M]") + np.arange(size.months), counts=counts,
                  exposure=exposure, outcome="emergency admissions", exposure_unit="bed-days")  # fmt: skip
    start = homes["start"].to_numpy(np.int64)
    return panel, Design(intervention="national_programme", start=start, included=np.ones(counts.shape, bool))


def sample() -> tuple[Panel, Design]:
    """Give the sample as pages ask about it: its counts as shown."""
    from analysis.evaluation import evaluate  # noqa: PLC0415 - only for the sample
    from analysis.protocol import Protocol  # noqa: PLC0415
    from analysis.store import sample as stored  # noqa: PLC0415

    protocol = Protocol(plan=Plan(intervention="rapid_response"), subgroups=(), checks=())
    found = evaluate(protocol, stored.stored(stored.SAMPLE_FILES)[0])
    return found.shown, found.design


def used() -> float:
    """Seconds of a processor so far, of this process and of its workers that have ended."""
    return sum(
        r.ru_utime + r.ru_stime for r in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def machine() -> float:
    """Seconds of all processors so far in which anything ran; missing where the system does not tell."""
    try:
        user, nice, system, *_ = (int(n) for n in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:])
    except OSError:
        return np.nan
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def line(data: str, given: tuple[Panel, Design], workers: int) -> tuple:
    """Time one curve."""
    own, whole, clock = used(), machine(), time.perf_counter()
    with spread_over(workers):
        found = curve(*given)
    if workers > 1:
        _end_workers()
    clock, own = time.perf_counter() - clock, used() - own
    busy = max(0.0, machine() - whole - own) / clock
    table, (homes, months) = found.table, given[0].counts.shape
    held = 100 * ((table["conf_low"] <= england.EFFECT) & (table["conf_high"] >= england.EFFECT)).mean()
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)[:workers])
    told = [own, 200 * own / len(table), clock, busy]
    return (data, homes, months, workers, len(table), *(round(value, 1) for value in told), os.cpu_count(),
            round(peak / 1e6, 2), round(found.median, 3), round(held) if data == "England" else "")  # fmt: skip


def _end_workers() -> None:
    """End the workers, so that what they used is counted."""
    from joblib.externals.loky import get_reusable_executor  # noqa: PLC0415 - only where there are workers

    get_reusable_executor().shutdown(wait=True)


def main() -> None:
    """Time, and write the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--only", choices=("sample", "England"))
    asked.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    asked.add_argument("--to", type=Path, default=Path(__file__).with_suffix(".csv"))
    given = asked.parse_args()
    table = pd.read_csv(given.to) if given.to.exists() else pd.DataFrame(columns=list(COLUMNS))
    for data, drawn, some in (("sample", sample, [1]), ("England", country, given.workers)):
        if given.only in (None, data):
            what = drawn()
            for workers in some:
                row = line(data, what, workers)
                print(*row, flush=True)
                same = (table["data"] == data) & (table["workers"] == workers)
                table = pd.concat([table[~same], pd.DataFrame([row], columns=list(COLUMNS))])
                table.to_csv(given.to, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
