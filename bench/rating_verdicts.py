"""Does the verdict on ratings say the right thing where the truth is known, and does it keep quiet on real homes?

    PYTHONPATH=.:bench python bench/rating_verdicts.py                    to bench/rating_verdicts.csv (a minute)
    PYTHONPATH=.:bench python bench/rating_verdicts.py --real FOLDER      and real councils, to rating_verdicts_real.csv

Counties are those of `rating_doubts`: 400 homes, 20 of them supported. Of real councils (South West, 2021, not in the
repository) twenty homes below Good on 1 April 2018, or as many as there are, are taken by lot as if they had had
something of which nothing is known, for every key question and overall: what is said of them is a false alarm.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import gzip
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import rating_doubts as worlds

from analysis.checks.chosen_by_rating import chosen_by_rating
from analysis.errors import AnalysisError
from analysis.inspections import Inspections
from analysis.outcomes import Ratings
from analysis.ratings import ObservedExpected
from analysis.ratings.support import LEFT_OUT, Support, fit
from analysis.results import Fitted
from analysis.verdict import decide, evidence
from analysis.words.weighed import verdict_said

PANELS, SEED, HERE = 200, 20261127, Path(__file__).parent
NO_CLAIM = ("did not help by as much", "cannot tell")
DOUBTED = (*NO_CLAIM, "should not be believed")
WORLDS = {
    "nothing, by lot": (worlds.World(doubt="chosen by rating", name="", speaks=False, choose="lot"), NO_CLAIM),
    "nothing, below Good": (worlds.World(doubt="chosen by rating", name="", speaks=True), DOUBTED),
    "nothing, just fallen": (worlds.World(doubt="chosen by rating", name="", speaks=True, choose="fallen"), DOUBTED),
    "ten times the odds": (worlds.World(doubt="x", name="", speaks=False, choose="lot", odds=10.0), ("helped",)),
}
"""World to how it is drawn, and what may rightly be said of it."""
COLUMNS = ("world", "panels", "right_pct", "error_pct", "right", "said", "sentence")
SOUTH_WEST = "cqc_api_locations_south_west_2021-02.jsonl.gz"
REAL = ("council", "key_question", "homes", "call", "ratio", "low", "high", "sentence")


def judged(known: Inspections, support: Support):
    """Answer, doubt and decide."""
    effects = fit(ObservedExpected(), known, support)
    fitted = Fitted(observed=known, design=support, model=ObservedExpected(), effects=effects, answers={"x": effects})
    doubts = {"chosen_by_rating": chosen_by_rating(fitted)}
    return decide(evidence(Ratings(key_question=support.key_question), fitted, pd.DataFrame(), doubts))


def line(name: str, panels: int) -> tuple:
    """Count one world."""
    world, right = WORLDS[name]
    said = [
        judged(*worlds.drawn(world, np.random.default_rng([SEED, [*WORLDS].index(name), k]))) for k in range(panels)
    ]
    calls = pd.Series([one.call for one in said])
    share = float(calls.isin(right).mean())
    oftenest = next(one for one in said if one.call == calls.mode()[0])
    return (name, panels, round(100 * share, 1), round(100 * np.sqrt(share * (1 - share) / panels), 1),
            "; ".join(right), "; ".join(f"{n} {call}" for call, n in calls.value_counts().items()),
            verdict_said(oftenest))  # fmt: skip


def of_councils(folder: Path) -> Iterator[tuple]:
    """Say what is said of homes by lot in every real council."""
    from analysis.inspections import stored_inspections  # noqa: PLC0415 - only where real files are read
    from analysis.inspections.spells import spells_of  # noqa: PLC0415
    from analysis.sources import read  # noqa: PLC0415
    from analysis.store import Store  # noqa: PLC0415

    with gzip.open(folder / SOUTH_WEST, "rt", encoding="utf-8") as lines:
        rows = pd.DataFrame([(json.loads(line)["localAuthority"], line) for line in lines], columns=["council", "line"])
    for council, own in rows.groupby("council"):
        with tempfile.TemporaryDirectory() as place:
            file = Path(place) / "council.jsonl"
            file.write_text("".join(own["line"]), encoding="utf-8")
            store = Store(Path(place) / "council.duckdb")
            store.load(read("council.jsonl", file))
            known = stored_inspections(store)
            store.close()
        yield from ((council, *row) for row in of_council(known, spells_of))


def of_council(known: Inspections, spells_of) -> Iterator[tuple]:
    """Ask every key question of homes chosen by lot."""
    for question in sorted(set(known.frame["key_question"])):
        spells = spells_of(known, question).frame
        day = worlds.STARTED
        low = spells.loc[(spells["start"] <= day) & (spells["end"] > day) & (spells["rating"] < "Good"), "home"]
        own = np.random.default_rng(SEED).permutation(low.to_numpy(object))[: worlds.SUPPORTED]
        support = Support(
            intervention="x", key_question=question, started=pd.Series(day, own, dtype="datetime64[us]"),
            others=pd.Series(dtype="datetime64[us]"), included=np.ones(len(known.frame), bool),
            left_out=pd.DataFrame(columns=list(LEFT_OUT)), chosen_by="homes below Good",
        )  # fmt: skip
        try:
            found = judged(known, support)
        except AnalysisError as error:
            yield question, len(own), "refused in words", np.nan, np.nan, np.nan, str(error)
            continue
        e = found.evidence
        yield question, len(own), found.call, round(e.ratio, 2), round(e.low, 2), round(e.high, 2), verdict_said(found)


def main() -> None:
    """Write the tables."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--panels", type=int, default=PANELS)
    asked.add_argument("--real", type=Path)
    asked.add_argument("--to", type=Path, default=HERE)
    given = asked.parse_args()
    if given.real:
        table = pd.DataFrame(list(of_councils(given.real)), columns=list(REAL))
        table.to_csv(given.to / "rating_verdicts_real.csv", index=False, lineterminator="\n")
    else:
        table = pd.DataFrame([line(name, given.panels) for name in WORLDS], columns=list(COLUMNS))
        table.to_csv(given.to / "rating_verdicts.csv", index=False, lineterminator="\n")
    print(table.to_string())


if __name__ == "__main__":
    main()
