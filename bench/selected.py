"""How often is a programme without effect called helpful once only homes that look Good are re-inspected?

    nice python bench/selected.py --runs 200       to selected.csv and .md; goes on where it stopped

A county of 500 homes that differ for good (log-SD 0.6 in the odds of every rating), in which nothing is done
(`analysis.simulate.renewal`). From 1 June 2026 a visit is made only where it would find the home Good or better; where
it would not, it is put off beyond sight (31 March 2027). Three programmes of 20 homes without effect:

- `below Good, long before`: homes below Good are taken into it on 1 September 2025, so that some are visited before;
- `below Good, just before`: on 1 May 2026, so that nearly all are visited because they look Good;
- `Good`: homes rated Good, on 1 September 2025, to keep them so.

`selections apart` is what Homeward does; `mixed` what it did before: one period since November 2023, and re-ratings
from before June 2026 beside those after it. An answer is helpful where its 95% interval lies wholly on the side of more
improvement; chance alone gives 2.5%. Beside them stands what anybody does by hand (`by hand`): the share of supported
homes rated better since the start against the share among all re-ratings of homes below Good before it (Wilson
interval of the first wholly above the second).
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
import warnings
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

import analysis.inspections.regimes as facts
from analysis.errors import AnalysisError
from analysis.inference.usual import wilson
from analysis.inspections import Spells
from analysis.ratings.multi_state.model import MultiState
from analysis.ratings.next_rating.model import NextRating
from analysis.ratings.observed_expected import overall
from analysis.ratings.programme import beside_others
from analysis.results import OBSERVED_EXPECTED, PROBABILITY_DIFFERENCE, RATIO_UP
from analysis.simulate.renewal import simulate_spells

programme, records = (import_module(f"analysis.ratings.{name}") for name in ("programme", "records"))
SEED = 20260601
HERE = Path(__file__).parent
TABLE, RUNS_KEPT = HERE / "selected.csv", Path(".cache/selected_runs.csv")
SIZE, SUPPORTED, SD = 500, 20, 0.6
UNTIL, SELECTED = np.datetime64("2027-03-31"), facts.RETURN_TO_GOOD
PROGRAMMES = {
    "below Good, long before": ("2025-09-01", True), "below Good, just before": ("2026-05-01", True),
    "Good": ("2025-09-01", False),
}  # fmt: skip
ANSWERS = {
    OBSERVED_EXPECTED: "observed over expected", PROBABILITY_DIFFERENCE: "next rating", RATIO_UP: "moves: ratio up",
}  # fmt: skip
NOTHING = {OBSERVED_EXPECTED: 1.0, PROBABILITY_DIFFERENCE: 0.0, RATIO_UP: 1.0}
MIXED_STARTS = facts.STARTS[:3]


def world(rng: np.random.Generator) -> pd.DataFrame:
    """Draw spells of a county in which only homes that look Good are visited from June 2026 on."""
    spells = simulate_spells(rng, SIZE, until=UNTIL, home_sd=0.0, helped=SD * rng.standard_normal(SIZE))
    seen = (spells["ended"] == "rated") & (spells["end"] >= SELECTED)
    put_off = seen & (spells["next_rating"] < "Good")
    after = put_off.groupby(spells["home"]).cumsum().groupby(spells["home"]).shift(fill_value=0) > 0
    spells = spells.loc[~after].copy()
    off = put_off.loc[spells.index]
    spells.loc[off, "end"] = pd.Timestamp(UNTIL)
    spells.loc[off, "ended"] = "in sight no longer"
    spells["next_rating"] = spells["next_rating"].where(~off)
    return spells.assign(days=(spells["end"] - spells["start"]).dt.days).reset_index(drop=True)


def seen_before(spells: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Cut sight at a day, as `spells_of` does."""
    spells = spells.loc[spells["start"] < day].reset_index(drop=True)
    cut = spells["end"] >= day
    end = spells["end"].where(~cut, day - pd.Timedelta(days=1))
    return spells.assign(
        end=end, days=(end - spells["start"]).dt.days, next_rating=spells["next_rating"].where(~cut),
        ended=spells["ended"].where(~cut, "in sight no longer"),
    )  # fmt: skip


@contextmanager
def mixed():
    """Take the rules away that keep selections apart."""
    kept = programme.looked_good, programme.selection, records.STARTS
    programme.looked_good = lambda rating, days: np.zeros(len(rating), bool)
    programme.selection = lambda days: np.full(len(days), facts.SELECTIONS[0], dtype=object)
    records.STARTS = MIXED_STARTS
    try:
        yield
    finally:
        programme.looked_good, programme.selection, records.STARTS = kept


def one(name: str, number: int) -> list[dict]:
    """Draw one county, and answer both ways."""
    rng = np.random.default_rng([SEED, list(PROGRAMMES).index(name), number])
    day, below = PROGRAMMES[name]
    started, spells = pd.Timestamp(day), world(rng)
    homes = pd.DataFrame({"home_type": "residential", "beds": 30, "provider_id": [f"p{h // 5}" for h in range(SIZE)],
                          "area_name": "One"}, index=[f"h{h:03}" for h in range(SIZE)])  # fmt: skip
    standing = spells.loc[(spells["start"] <= started) & (spells["end"] > started)]
    standing = standing.loc[(standing["rating"] < "Good") if below else (standing["rating"] == "Good")]
    chosen = standing.sample(frac=1, random_state=rng)["home"].head(SUPPORTED).to_numpy()
    spells = spells.assign(home=homes.index[spells["home"]])
    starts = pd.Series(started, homes.index[chosen])
    key = {"programme": name, "run": number}
    rows = [{**key, "how": "selections apart", **told} for told in answers(spells, homes, starts, apart=True)]
    with mixed():
        rows += [{**key, "how": "mixed", **told} for told in answers(spells, homes, starts, apart=False)]
    return [*rows, {**key, "how": "by hand", **by_hand(spells, starts)}]


def answers(spells: pd.DataFrame, homes: pd.DataFrame, started: pd.Series, *, apart: bool) -> list[dict]:
    """Ask the three models."""
    known: Any = SimpleNamespace(homes=homes)
    cut = seen_before(spells, SELECTED) if apart else spells
    whole = Spells(frame=cut, key_question="Overall", until=cut["end"].max(), homes_left=1, homes_again=0)
    rows = []
    for ask in (
        lambda: overall(beside_others(spells, homes, started)),
        lambda: NextRating().fit_spells(known, whole, started).tidy(),
        lambda: MultiState().fit_spells(known, whole, started).tidy(),
    ):
        try:
            tidy = ask()
        except AnalysisError:
            continue
        rows += [row(line) for line in tidy.to_dict("records") if line["term"] in ANSWERS]
    told = {found["answer"] for found in rows}
    return rows + [{"answer": name, "helpful": np.nan, "harmful": np.nan} for name in ANSWERS.values()
                   if name not in told]  # fmt: skip


def row(line: dict) -> dict:
    """Say on which side the interval lies; missing where there is none."""
    low, high, none = line["conf_low"], line["conf_high"], NOTHING[line["term"]]
    known = np.isfinite(low) or np.isfinite(high)
    return {"answer": ANSWERS[line["term"]], "helpful": float(low > none) if known else np.nan,
            "harmful": float(high < none) if known else np.nan}  # fmt: skip


def by_hand(spells: pd.DataFrame, started: pd.Series) -> dict:
    """Compare the supported homes' share with that of all re-ratings before the start."""
    rated = spells.loc[(spells["ended"] == "rated") & spells["rating"].isin(["Inadequate", "Requires improvement"])]
    better = rated["next_rating"].cat.codes > rated["rating"].cat.codes
    before = better[rated["end"] < started.iloc[0]].mean()
    own = better[rated["home"].isin(started.index) & (rated["end"] >= started.iloc[0])]
    if not len(own):
        return {"answer": "share against base rate", "helpful": np.nan, "harmful": np.nan}
    low, high = wilson(np.array([float(own.sum())]), np.array([float(len(own))]), 0.95)
    return {"answer": "share against base rate", "helpful": float(low[0] > before), "harmful": float(high[0] < before)}


def summary(runs: pd.DataFrame) -> pd.DataFrame:
    """Count by programme, way and answer."""
    table = runs.groupby(["programme", "how", "answer"], sort=False).agg(
        runs=("run", "nunique"), answered=("helpful", "count"), helpful=("helpful", "mean"), harmful=("harmful", "mean")
    )
    return table.reset_index()


def written(table: pd.DataFrame) -> str:
    """Write the table for reading."""
    lines = [
        "# Programmes without effect once only homes that look Good are visited",
        "",
        "Per cent of the answers given; made by `bench/selected.py`, which says what each world is.",
        "",
        "| programme | how | answer | runs | answered | helpful | harmful |",
        "|---|---|---|---|---|---|---|",
    ]
    for r in table.to_dict("records"):
        told = ("–", "–") if not r["answered"] else (f"{r['helpful']:.1%}", f"{r['harmful']:.1%}")
        lines.append(f"| {r['programme']} | {r['how']} | {r['answer']} | {r['runs']} | {r['answered']} | {told[0]} | "
                     f"{told[1]} |")  # fmt: skip
    return "\n".join(lines) + "\n"


def main() -> None:
    """Count, and write the table."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--only", nargs="*", default=list(PROGRAMMES), choices=list(PROGRAMMES))
    asked = parser.parse_args()
    RUNS_KEPT.parent.mkdir(exist_ok=True)
    kept = pd.read_csv(RUNS_KEPT) if RUNS_KEPT.exists() else pd.DataFrame(columns=["programme", "run"])
    for number in range(asked.runs):
        for name in asked.only:
            if ((kept["programme"] == name) & (kept["run"] == number)).any():
                continue
            kept = pd.concat([kept, pd.DataFrame(one(name, number))], ignore_index=True)
        if number % 10 == 9 or number == asked.runs - 1:
            kept.to_csv(RUNS_KEPT, index=False)
            table = summary(kept)
            table.to_csv(TABLE, index=False, float_format="%.4g", lineterminator="\n")
            (HERE / "selected.md").write_text(written(table))
            print(number + 1, flush=True)


if __name__ == "__main__":
    main()
