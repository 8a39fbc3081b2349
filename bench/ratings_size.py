"""How often do the three answers about ratings speak where nothing was done, and hold a true effect?

    nice python bench/ratings_size.py              every world, to ratings_size.csv and .md; goes on where it stopped
    python bench/ratings_size.py --runs 200 --only "chosen worst"

Six worlds in which nothing is done (`analysis.simulate.renewal`: 500 homes, 20 of them chosen on 1 April 2018 among
those rated below Good), and two with an effect. An answer is helpful where its 95% interval lies wholly on the side of
more improvement, harmful where it lies on the other; chance alone gives 2.5% of each.

- `homes alike`; `homes different`: homes differ for good (log-SD 0.6 in the odds of every rating); chosen by lot.
- `providers different`: providers of five homes differ for good (log-SD 0.6), and whole providers are chosen.
- `chosen worst`: homes differ for good, and the worst rated are chosen first.
- `chosen just fallen`: homes differ for good; chosen among those rated Good or better before. About 28 such homes stand
  in a county, so that eight are left to compare with, and often too few for an answer.
- `small council`: 160 homes that differ for good; the worst rated are chosen first.
- `odds 1.6`: as `homes different`, but every supported home has 1.6 times the odds of a better next rating. Observed
  over expected and the next rating must hold what that gives on average over the homes chosen.
- `odds 1.6, 60 homes`: the same with 60 supported homes, three in four of those below Good, so that few are left to
  compare with: more supported homes tell more only where enough others stand
  (`tests/ratings/test_placebo_programmes.py`).
- `speed 1.6`: 300 homes that move as the model of moves takes them to (`analysis.simulate.moves`), 20 supported ones
  improving 1.6 times as fast.

Per cent helpful and harmful are of the runs that gave an interval; how many did stands beside them. Every run is kept
in .cache/ratings_size_runs.csv until it is deleted; the table counts them.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from analysis.errors import AnalysisError
from analysis.inspections import Spells
from analysis.ratings.landmark import followed
from analysis.ratings.multi_state.model import MultiState
from analysis.ratings.next_rating.model import NextRating
from analysis.ratings.observed_expected import overall
from analysis.ratings.programme import beside_others
from analysis.ratings.records import Records
from analysis.results import MONTHS_SAVED, OBSERVED_EXPECTED, PROBABILITY_DIFFERENCE, RATIO_UP
from analysis.simulate.inspections import NEXT_RATING
from analysis.simulate.moves import MovesSpec, simulate_moves
from analysis.simulate.renewal import simulate_spells

SEED = 20261127
HERE = Path(__file__).parent
RUNS = 1_000
SUPPORTED, MORE, HOMES_EACH, SIZE, SMALL = 20, 60, 5, 500, 160
STARTED, UNTIL = pd.Timestamp("2018-04-01"), np.datetime64("2022-01-01")
SD, EFFECT = 0.6, 1.6
NULLS = ("homes alike", "homes different", "providers different", "chosen worst", "chosen just fallen", "small council")
WORLDS = (*NULLS, "odds 1.6", "speed 1.6", "odds 1.6, 60 homes")
ANSWERS = {
    OBSERVED_EXPECTED: "observed over expected", PROBABILITY_DIFFERENCE: "next rating", RATIO_UP: "moves: ratio up",
    MONTHS_SAVED: "moves: months below Good saved",
}  # fmt: skip
NOTHING = {OBSERVED_EXPECTED: 1.0, PROBABILITY_DIFFERENCE: 0.0, RATIO_UP: 1.0, MONTHS_SAVED: 0.0}


def one(world: str, number: int) -> list[dict]:
    """Draw one county and answer in every way."""
    rng = np.random.default_rng([SEED, WORLDS.index(world), number])
    if world == "speed 1.6":
        return [{"world": world, "run": number, **row} for row in _speed(rng)]
    size = SMALL if world == "small council" else SIZE
    provider = rng.permutation(size) // HOMES_EACH
    shift = _shift(rng, world, size, provider)
    spells = simulate_spells(rng, size, until=UNTIL, home_sd=0.0, helped=shift)
    homes = pd.DataFrame({"home_type": "residential", "beds": 30, "provider_id": [f"p{p}" for p in provider],
                          "area_name": "One"}, index=[f"h{h:03}" for h in range(size)])  # fmt: skip
    chosen = _chosen(rng, world, spells, provider)
    truth = dict(NOTHING)
    if world.startswith("odds"):
        spells, truth = _helped(rng, spells, chosen, shift)
    spells = spells.assign(home=homes.index[spells["home"]])
    started = pd.Series(STARTED, homes.index[chosen])
    return [{"world": world, "run": number, **row} for row in _answers(spells, homes, started, truth)]


def _shift(rng: np.random.Generator, world: str, size: int, provider: np.ndarray) -> np.ndarray:
    if world == "homes alike":
        return np.zeros(size)
    if world == "providers different":
        return SD * rng.standard_normal(provider.max() + 1)[provider]
    return SD * rng.standard_normal(size)


def _chosen(rng: np.random.Generator, world: str, spells: pd.DataFrame, provider: np.ndarray) -> np.ndarray:
    """Choose homes among those below Good that day."""
    standing = spells.assign(before=spells.groupby("home")["rating"].shift())
    standing = standing.loc[(spells["start"] <= STARTED) & (spells["end"] > STARTED) & (spells["rating"] < "Good")]
    standing = standing.sample(frac=1, random_state=rng)
    if world in ("chosen worst", "small council"):
        standing = standing.sort_values("rating", kind="stable")
    if world == "chosen just fallen":
        standing = standing.loc[standing["before"] >= "Good"]
    if world == "providers different":
        order = rng.permutation(provider.max() + 1)
        standing = standing.iloc[np.argsort(order[provider[standing["home"]]], kind="stable")]
    return standing["home"].head(MORE if world == "odds 1.6, 60 homes" else SUPPORTED).to_numpy()


def _helped(rng: np.random.Generator, spells: pd.DataFrame, chosen: np.ndarray, shift: np.ndarray) -> tuple:
    """Draw the next ratings of supported homes anew with better odds; what that gives on average."""
    spells = spells.copy()
    own = spells["home"].isin(chosen)
    spells = spells.loc[~own | (spells["start"] <= STARTED)].reset_index(drop=True)
    next_up = spells["home"].isin(chosen) & (spells["end"] > STARTED) & (spells["ended"] == "rated")
    codes, chances = spells["next_rating"].cat.codes.to_numpy().copy(), []
    for row in np.flatnonzero(next_up):
        rating = int(spells["rating"].cat.codes.iloc[row])
        above = np.clip(1 - np.cumsum(NEXT_RATING[rating])[:3], 1e-12, 1 - 1e-12)
        odds = above / (1 - above) * np.exp(shift[spells["home"].iloc[row]])
        without = odds[rating] / (1 + odds[rating])
        odds[rating:] *= EFFECT
        odds[:rating] *= EFFECT
        codes[row] = int((rng.random() < odds / (1 + odds)).sum())
        chances.append((without, odds[rating] / (1 + odds[rating])))
    spells["next_rating"] = pd.Categorical.from_codes(codes, spells["next_rating"].cat.categories, ordered=True)
    without, helped = np.array(chances).mean(axis=0)
    return spells, {**NOTHING, OBSERVED_EXPECTED: helped / without, PROBABILITY_DIFFERENCE: helped - without,
                    RATIO_UP: np.nan, MONTHS_SAVED: np.nan}  # fmt: skip


def _answers(spells: pd.DataFrame, homes: pd.DataFrame, started: pd.Series, truth: dict) -> list[dict]:
    known: Any = SimpleNamespace(homes=homes)  # all that is asked of inspections once there are spells
    whole = Spells(frame=spells, key_question="Overall", until=pd.Timestamp(UNTIL), homes_left=1, homes_again=0)
    rows = []
    for answer in (
        lambda: overall(beside_others(spells, homes, started)),
        lambda: NextRating().fit_spells(known, whole, started).tidy(),
        lambda: MultiState().fit_spells(known, whole, started).tidy(),
    ):
        try:
            tidy = answer()
        except AnalysisError:
            continue
        rows += [_row(line, truth) for line in tidy.to_dict("records") if line["term"] in ANSWERS]
    told = {row["answer"] for row in rows}
    return rows + [{"answer": name} for name in ANSWERS.values() if name not in told]


def _row(line: dict, truth: dict) -> dict:
    low, high, nothing = line["conf_low"], line["conf_high"], NOTHING[line["term"]]
    true = truth[line["term"]]
    return {"answer": ANSWERS[line["term"]], "estimate": line["estimate"], "truth": true,
            "told": np.isfinite(low + high), "helpful": low > nothing, "harmful": high < nothing,
            "holds": low <= true <= high}  # fmt: skip


def _speed(rng: np.random.Generator) -> list[dict]:
    spec = MovesSpec(n_homes=300, supported=SUPPORTED, badly_rated_at=2.0, ratio_up=EFFECT)
    seen = simulate_moves(spec, int(rng.integers(2**31)))
    names = np.array([f"h{h:03}" for h in range(spec.n_homes)])
    found = Records(watched=seen, homes=names, provider=np.arange(len(names)),
                    supported=int(np.isfinite(seen.started).sum()), unknown=0)  # fmt: skip
    effects = MultiState().followed(followed(found), "")
    truth = {**NOTHING, RATIO_UP: EFFECT, MONTHS_SAVED: np.nan}
    return [_row(line, truth) for line in effects.tidy().to_dict("records") if line["term"] == RATIO_UP]


def table(runs: pd.DataFrame) -> pd.DataFrame:
    """Count the runs: one line per world and answer; all but the first in per cent of those with an interval."""
    rows = []
    for (world, answer), part in runs.groupby(["world", "answer"], sort=False):
        told = part["told"].fillna(False).astype(bool)
        of = max(int(told.sum()), 1)
        row = {"world": world, "answer": answer, "runs": len(part), "interval_percent": 100 * told.mean()}
        for way in ("helpful", "harmful"):
            count = int(part[way].fillna(False).astype(bool).sum())
            low, high = proportion_confint(count, of, method="wilson")
            row |= {f"{way}_percent": 100 * count / of, f"{way}_low": 100 * low, f"{way}_high": 100 * high}
        true = part["truth"].notna() & told
        row["holds_percent"] = 100 * part.loc[true, "holds"].astype(bool).mean() if true.any() else np.nan
        rows.append({**row, "median_estimate": part["estimate"].median(), "mean_truth": part["truth"].mean()})
    found = pd.DataFrame(rows)
    order = {name: place for place, name in enumerate(WORLDS)}
    return found.sort_values("world", key=lambda names: names.map(order), kind="stable", ignore_index=True).round(3)


def written(found: pd.DataFrame) -> str:
    """Write the table for reading."""
    lines = [
        "# How often do the answers about ratings speak where nothing was done, and hold what is true?",
        "",
        "Worlds and answers as in `bench/ratings_size.py`, which made this. `answered`: of all runs, those with an "
        "interval; the rest is of these. `helpful`, `harmful`: the 95% interval lies wholly on one side, which chance "
        "alone does in 2.5% (with Wilson's 95% interval of the count). `holds`: the interval holds what is true.",
        "",
        "| world | answer | runs | answered % | helpful % | harmful % | holds % | median | true |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in found.to_dict("records"):
        ways = [f"{row[f'{w}_percent']:.1f} ({row[f'{w}_low']:.1f} to {row[f'{w}_high']:.1f})"
                for w in ("helpful", "harmful")]  # fmt: skip
        rest = ["–" if np.isnan(row[name]) else f"{row[name]:.{digits}f}"
                for name, digits in (("holds_percent", 1), ("median_estimate", 2), ("mean_truth", 2))]  # fmt: skip
        cells = [row["world"], row["answer"], f"{row['runs']:,}", f"{row['interval_percent']:.1f}", *ways, *rest]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Go on from the runs there are, one of every world at a time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--only", nargs="+", choices=WORLDS, default=list(WORLDS))
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    record = HERE.parent / ".cache" / "ratings_size_runs.csv"
    record.parent.mkdir(exist_ok=True)
    made = pd.read_csv(record) if record.exists() else pd.DataFrame(columns=["world", "run"])
    done, rows = set(zip(made["world"], made["run"], strict=True)), []
    for number in range(asked.runs):
        rows += [row for world in asked.only if (world, number) not in done for row in one(world, number)]
        if rows and (number % 10 == 9 or number == asked.runs - 1):
            made, rows = pd.concat([made, pd.DataFrame(rows)], ignore_index=True), []
            made.to_csv(record, index=False)
            found = table(made)
            found.to_csv(HERE / "ratings_size.csv", index=False)
            (HERE / "ratings_size.md").write_text(written(found), encoding="utf-8")
            print(number + 1, "of", asked.runs, flush=True)


if __name__ == "__main__":
    main()
