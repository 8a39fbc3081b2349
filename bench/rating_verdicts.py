"""Does the verdict on ratings say the right thing where the truth is known, and does it keep quiet on real homes?

    PYTHONPATH=.:bench python bench/rating_verdicts.py                    to bench/rating_verdicts.csv (eight minutes)
    PYTHONPATH=.:bench python bench/rating_verdicts.py --real FOLDER      real councils, to rating_verdicts_real.csv

Counties are those of `rating_doubts`: 400 homes, 20 of them supported. Of real councils (South West, 2021, not in the
repository) half of the homes below Good on 1 April 2018, at most 20, are taken by lot as if they had had something of
which nothing is known, `--panels` times for every key question and overall: what is said of them is a false alarm.
Councils with fewer than `FEWEST` such homes are not asked. Both go on where they were stopped. An answer refused in
words is no claim.
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
from analysis.ratings import ObservedExpected, observed_expected
from analysis.ratings.support import LEFT_OUT, Support, fit
from analysis.results import Fitted
from analysis.verdict import decide, evidence
from analysis.words.weighed import verdict_said

observed_expected.GROUPS = ()  # subgroups decide nothing here, and take half of the time
PANELS, SEED, SUPPORTED, HERE = 200, 20261127, 20, Path(__file__).parent
REFUSED = "refused in words"
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
SAID = ("helped", "made it worse", "did not help by as much", "cannot tell", "should not be believed", REFUSED)
REAL = ("council", "key_question", "homes", "below_good", "panels", *(call.replace(" ", "_") for call in SAID))
FEWEST = 10
"""Homes below Good without which half of them would be fewer than five."""


def judged(known: Inspections, support: Support):
    """Answer, doubt and decide; where it is said how homes were chosen, that doubt is never a concern."""
    effects = fit(ObservedExpected(), known, support)
    fitted = Fitted(observed=known, design=support, model=ObservedExpected(), effects=effects, answers={"x": effects})
    doubts = {} if support.chosen_by else {"chosen_by_rating": chosen_by_rating(fitted)}
    return decide(evidence(Ratings(key_question=support.key_question), fitted, pd.DataFrame(), doubts))


def called(known: Inspections, support: Support) -> tuple[str, str]:
    """Give the verdict and its sentence; where there is no answer, the refusal."""
    try:
        found = judged(known, support)
    except AnalysisError as error:
        return REFUSED, str(error)
    return found.call, verdict_said(found)


def line(name: str, panels: int) -> tuple:
    """Count one world."""
    world, right = WORLDS[name]
    said = [
        called(*worlds.drawn(world, np.random.default_rng([SEED, [*WORLDS].index(name), k]))) for k in range(panels)
    ]
    calls = pd.Series([call for call, _ in said])
    share = float(calls.isin((*right, REFUSED)).mean() if "helped" not in right else calls.isin(right).mean())
    oftenest = next(sentence for call, sentence in said if call == calls.mode()[0])
    return (name, panels, round(100 * share, 1), round(100 * np.sqrt(share * (1 - share) / panels), 1),
            "; ".join(right), "; ".join(f"{n} {call}" for call, n in calls.value_counts().items()),
            oftenest)  # fmt: skip


def councils(folder: Path) -> Iterator[tuple[str, Inspections]]:
    """Read every real council by itself."""
    from analysis.inspections import stored_inspections  # noqa: PLC0415 - only where real files are read
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
        yield str(council), known


def of_council(known: Inspections, question: str, panels: int) -> tuple | None:
    """Say what is said of homes by lot for one key question; None where too few are below Good."""
    from analysis.inspections.spells import spells_of  # noqa: PLC0415 - only where real files are read

    spells, day = spells_of(known, question).frame, worlds.STARTED
    low = spells.loc[(spells["start"] <= day) & (spells["end"] > day) & (spells["rating"] < "Good"), "home"]
    if len(low) < FEWEST:
        return None
    homes, calls = min(SUPPORTED, len(low) // 2), []
    for k in range(panels):
        own = np.random.default_rng([SEED, k]).permutation(low.to_numpy(object))[:homes]
        support = Support(
            intervention="x", key_question=question, started=pd.Series(day, own, dtype="datetime64[us]"),
            others=pd.Series(dtype="datetime64[us]"), included=np.ones(len(known.frame), bool),
            left_out=pd.DataFrame(columns=list(LEFT_OUT)), chosen_by="homes below Good",
        )  # fmt: skip
        calls.append(called(known, support)[0])
    counted = pd.Series(calls).value_counts()
    return homes, len(low), panels, *(int(counted.get(call, 0)) for call in SAID)


def real(folder: Path, panels: int, to: Path) -> pd.DataFrame:
    """Go on with the table of real councils."""
    rows = [*pd.read_csv(to).itertuples(index=False, name=None)] if to.exists() else []
    done = {row[:2] for row in rows}
    for council, known in councils(folder):
        for question in sorted(set(known.frame["key_question"])):
            if (council, question) not in done and (found := of_council(known, question, panels)) is not None:
                rows.append((council, question, *found))
                pd.DataFrame(rows, columns=list(REAL)).to_csv(to, index=False, lineterminator="\n")
    return pd.DataFrame(rows, columns=list(REAL))


def main() -> None:
    """Write the tables."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--panels", type=int, default=PANELS)
    asked.add_argument("--real", type=Path)
    asked.add_argument("--to", type=Path, default=HERE)
    given = asked.parse_args()
    if given.real:
        print(real(given.real, given.panels, given.to / "rating_verdicts_real.csv").to_string())
        return
    file = given.to / "rating_verdicts.csv"
    rows = [*pd.read_csv(file).itertuples(index=False, name=None)] if file.exists() else []
    for name in WORLDS:
        if (name, given.panels) not in {row[:2] for row in rows}:
            rows = [row for row in rows if row[0] != name] + [line(name, given.panels)]
            pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(file, index=False, lineterminator="\n")
            print(*rows[-1], flush=True)


if __name__ == "__main__":
    main()
