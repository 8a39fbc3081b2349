"""Where supported homes take in iller newcomers: is the comparison of homes biased, that of new residents centred?

    python bench/residents.py                 goes on to 1,000 worlds of each kind, in bench/residents.csv (20 minutes)
    python bench/residents.py --worlds 20     a first look
    python bench/residents.py --told          writes what they come to into bench/residents.md

80 homes (or 40) over three years, a quarter of which (or 8) are supported from the second year on. Whoever moves into
one of these from then on has 0.8 conditions more on average, and each makes admissions and deaths likelier
(`analysis.simulate.residents`). The true rate ratio is 0.75 or 1. One line a world: log rate ratios with their limits
by the default of new residents (`MatchedResidents`) and of homes (`StaggeredRates` over resident-days), and the limits
of the difference in shares gone to hospital by day 180.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates, overall
from analysis.design import NEVER, Design, Plan
from analysis.outcomes import Residents
from analysis.panel import Panel
from analysis.residents import cohort_from
from analysis.residents.ends import by_horizon
from analysis.residents.rates import rate_ratio
from analysis.residents.records import records_of
from analysis.simulate.residents import ResidentWorld, SimulatedResidents, as_tables, simulate_residents

WORLDS, SEED, FIRST = 1_000, 20261127, "2020-01-01"
KINDS = {
    "iller newcomers, effect": ResidentWorld(start=366),
    "iller newcomers, no effect": ResidentWorld(start=366, rate_ratio=1.0),
    "newcomers alike, no effect": ResidentWorld(start=366, rate_ratio=1.0, iller=0.0),
    "few homes, iller newcomers, effect": ResidentWorld(start=366, homes=40, supported=8),
}
FILE = Path(__file__).with_suffix(".csv")
COLUMNS = ("world", "number", "residents", "error", "df", "welch", "low", "high", "homes", "homes_low", "homes_high",
           "share_low", "share_high")  # fmt: skip
MODEL = StaggeredRates(leads=0, subgroups=(), permutations=0)
PLAN, OUTCOME = Plan(intervention="support"), Residents()


def once(kind: str, number: int) -> tuple:
    """Ask both of one world."""
    world = KINDS[kind]
    found = simulate_residents(world, np.random.default_rng([SEED, [*KINDS].index(kind), number]))
    stays, admissions, homes = as_tables(found, FIRST)
    records = records_of(stays, admissions, lambda ids: ids, homes)
    start = pd.Timestamp(FIRST) + pd.Timedelta(days=world.start)
    spells = pd.DataFrame({"location_id": homes.index[: world.supported], "intervention": "support",
                           "started": start, "ended": pd.NaT})  # fmt: skip
    cohort = cohort_from(records, spells, PLAN, OUTCOME)
    own = rate_ratio(cohort, "emergency_admissions", adjust=True)
    share = by_horizon(cohort).iloc[0]
    said = overall(*of_homes(found, world), MODEL)
    error = (own.error.cr2, own.error.df, own.welch) if own.error else (np.nan, np.nan, np.nan)
    values = (
        own.log_ratio,
        *error,
        *own.limits(),
        said.log_ratio,
        said.low,
        said.high,
        share["conf_low"],
        share["conf_high"],
    )
    return (kind, number, *(round(float(value), 4) for value in values))


def of_homes(found: SimulatedResidents, world: ResidentWorld) -> tuple[Panel, Design]:
    """Count the same emergency admissions over the same resident-days, home by home and month by month."""
    day = np.datetime64(FIRST, "D") + np.arange(world.days)
    month = (day.astype("datetime64[M]") - np.datetime64(FIRST, "M")).astype(np.int64)
    T, n = int(month[-1]) + 1, world.homes
    stays = found.spells
    first = np.clip(stays["moved_in"], 0, world.days).to_numpy(np.int64)
    last = np.clip(stays["moved_out"].fillna(world.days), 0, world.days).to_numpy(np.int64)
    there = np.zeros((n, world.days + 1), np.int64)
    np.add.at(there, (stays["home"].to_numpy(), first), 1)
    np.add.at(there, (stays["home"].to_numpy(), last), -1)
    days = np.cumsum(there, axis=1)[:, :-1]
    went = found.admissions.loc[found.admissions["kind"] == "emergency"].merge(stays, on="person")
    went = went.loc[(went["day"] >= went["moved_in"]) & (went["day"] <= went["moved_out"].fillna(world.days))]
    counts, exposure = np.zeros((n, T), np.int64), np.zeros((n, T))
    np.add.at(counts, (went["home"].to_numpy(), month[went["day"].to_numpy(np.int64)]), 1)
    np.add.at(exposure, (np.repeat(np.arange(n), world.days), np.tile(month, n)), days.ravel())
    units = pd.DataFrame(
        {
            "name": "",
            "home_type": np.where(found.homes.nursing, "nursing", "residential"),
            "beds": found.homes.beds,
            "area": "",
            "region": "",
            "provider": "",
        },
        index=pd.Index(range(n), name="unit").astype(str),
    )
    months = np.datetime64(FIRST, "M") + np.arange(T)
    starts = np.where(np.arange(n) < world.supported, month[world.start], NEVER)
    panel = Panel(units=units, months=months, counts=counts, exposure=exposure, outcome="emergency admissions",
                  exposure_unit="resident-days")  # fmt: skip
    return panel, Design(intervention="support", start=starts, included=np.ones((n, T), bool))


def told(rows: pd.DataFrame) -> pd.DataFrame:
    """Say what the worlds come to, one row a kind."""
    found = []
    for kind, own in rows.groupby("world", sort=False):
        truth = np.log(KINDS[str(kind)].rate_ratio)
        row: dict = {"world": kind, "worlds": len(own), "true": KINDS[str(kind)].rate_ratio}
        for name, low, high in (("residents", "low", "high"), ("homes", "homes_low", "homes_high")):
            error = own[name] - truth
            row |= {
                f"{name}_bias_pct": round(100 * error.mean(), 1),
                f"{name}_bias_error": round(100 * error.std(ddof=1) / np.sqrt(len(own)), 1),
                f"{name}_coverage_pct": round(100 * ((own[low] <= truth) & (truth <= own[high])).mean(), 1),
            }
        nothing = (own["share_low"] <= 0) & (own["share_high"] >= 0)
        row["share_holds_zero_pct"] = round(100 * nothing.mean(), 1)
        found.append(row)
    return pd.DataFrame(found)


def main() -> None:
    """Go on with the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--told", action="store_true", help="say what the table comes to")
    asked = parser.parse_args()
    rows = pd.read_csv(FILE) if FILE.exists() else pd.DataFrame(columns=list(COLUMNS))
    if not asked.told:
        done = set(zip(rows["world"], rows["number"], strict=True))
        for number in range(asked.worlds):  # all kinds side by side, so that a table cut short is fair to all
            new = [once(kind, number) for kind in KINDS if (kind, number) not in done]
            if new:
                pd.DataFrame(new, columns=list(COLUMNS)).to_csv(FILE, mode="a", header=not FILE.exists(), index=False)
        rows = pd.read_csv(FILE)
    said = told(rows).to_string(index=False)
    FILE.with_suffix(".md").write_text(f"# New residents, and homes\n\n```\n{said}\n```\n", encoding="utf-8")
    print(said)


if __name__ == "__main__":
    main()
