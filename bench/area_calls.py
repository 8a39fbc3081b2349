"""What is said of real councils in which nothing was done, by the rules of the verdict?

    PYTHONPATH=.:bench python bench/area_calls.py            the sample's councils, to bench/area_calls.csv
    PYTHONPATH=.:bench python bench/area_calls.py --real     also NHS England's, from the folder HOMEWARD_REALDATA

Every council but the one whose programme is known is asked about as if something had begun there, for every monthly
measure, from the start of the known case (`area_verdicts`): "fell" and "rose" are false alarms. Then a true fall, by
30% or by half, is put into every third: "fell" is then right. Beside the rule of years and baselines, the doubts that
are grave for areas are examined where a change would be announced: the year before the start, and the same asked a year
early (elsewhere they cannot make a false alarm of what is said, and take three quarters of the time). `spike` and
`early` count how often each was a concern there. One row per data, measure and what was done; a row that is there is
not counted again. Of ASCOF's yearly measure (`ascof`, 16 councils of the South East) no change can be announced at all,
for that takes 19 councils to compare with; the verdict says that it cannot tell.

A fall by half in real councils is said in 34 of 50 where all delayed days are asked about, in 24 of those for which the
NHS answers, in 6 of those for which social care does, and in none of those for which both do: three are said where
nothing was done, too, and three where half was taken away. Small parts of a count move too much by themselves.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from pathlib import Path

import area_verdicts as councils
import numpy as np
import pandas as pd

from analysis.areas import SyntheticControl, area_panel, choose, measures
from analysis.areas.in_time import placebo_in_time
from analysis.areas.judged import Judged
from analysis.areas.measures import TOTAL_DELAYS
from analysis.areas.observed import Areas
from analysis.areas.verdict import verdict
from analysis.areas.year_before import examine, years_from
from analysis.checks import placebo_in_time as early
from analysis.checks import spike_before as spike
from analysis.errors import AnalysisError
from analysis.outcomes import AreaMeasure
from analysis.panel import Panel
from analysis.results import Effects, Fitted
from analysis.verdict import decide, evidence

FILE = Path(__file__).with_suffix(".csv")
REFUSED = "refused in words"
CALLS = ("helped", "made it worse", "did not help by as much", "cannot tell", "should not be believed", REFUSED)
COLUMNS = (
    "data",
    "measure",
    "start",
    "done",
    "councils",
    *(call.replace(" ", "_") for call in CALLS),
    "spike",
    "early",
)
EFFECTS = Effects(tables={}, summary={}, cells=pd.DataFrame())
YEARLY = "ascof_permanent_admissions_65plus.csv"
STARTS = councils.STARTS | {"ascof": ("2020-04",)}
"""Of ten years six lie before: the fewest that a yearly measure needs are five."""
DONE = ("nothing", "30% fewer", "50% fewer")


PANELS: dict[tuple[str, str], Panel] = {}
"""By data and measure: made once."""


def called(cell: councils.Cell, code: str, rng: np.random.Generator) -> tuple[str, bool, bool]:
    """Give the verdict on one council, and whether each of the two doubts is a concern."""
    panel = councils.thinned(PANELS[cell.data, cell.measure], code, cell, rng)
    returns = panel if cell.measure == TOTAL_DELAYS else PANELS.get((cell.data, TOTAL_DELAYS))
    question = AreaMeasure(area=code, start=cell.start, measure=cell.measure)
    try:
        chosen, told = choose(panel, question, returns), verdict(panel, question, returns)
    except AnalysisError:
        return REFUSED, False, False
    try:
        baseline = examine(years_from(panel, cell.start, returns, None), code, None)
    except AnalysisError:
        baseline = None
    claims = told is not None and bool(told.years)
    in_time = placebo_in_time(SyntheticControl(), panel, chosen.design) if claims else pd.DataFrame()
    judged = Judged(name=code, years=pd.DataFrame(), verdict=told, persistence=None, baseline=baseline, in_time=in_time)
    fitted = Fitted(observed=Areas(panel=panel, returns=returns), design=chosen, model=SyntheticControl(),
                    effects=EFFECTS, answers={"Synthetic control": EFFECTS}, judged=judged)  # fmt: skip
    doubts = (
        {"spike_before": spike.spike_before(fitted), "placebo_in_time": early.placebo_in_time(fitted)} if claims else {}
    )
    failed = [claims and doubts[name].passed is False for name in ("spike_before", "placebo_in_time")]
    return decide(evidence(question, fitted, pd.DataFrame(), doubts)).call, failed[0], failed[1]


def line(table: pd.DataFrame, cell: councils.Cell) -> tuple:
    """Count one cell."""
    for measure in {cell.measure, TOTAL_DELAYS} & {*measures(table)["measure"]}:
        PANELS.setdefault((cell.data, measure), area_panel(table, measure))
    codes = [code for code in PANELS[cell.data, cell.measure].units.index if code != councils.TREATED.get(cell.data)]
    rng = np.random.default_rng(councils.SEED)
    found = [called(cell, code, rng) for code in codes[:: 1 if cell.done == "nothing" else councils.STEP]]
    calls = [call for call, *_ in found]
    return (cell.data, cell.measure, cell.start, cell.done, len(found), *(calls.count(call) for call in CALLS),
            sum(spiked for _, spiked, _ in found), sum(before for *_, before in found))  # fmt: skip


def main() -> None:
    """Go on with the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--one", action="store_true", help="count one row and stop")
    given = parser.parse_args()
    folder = Path(os.environ.get("HOMEWARD_REALDATA", councils.ROOT.parent / "shared" / "data"))
    files = {"real": folder / councils.REAL, "ascof": folder / YEARLY} if given.real else {}
    files["sample"] = councils.ROOT / "data" / "sample" / "delayed_transfers.csv"
    rows = [*pd.read_csv(FILE).itertuples(index=False, name=None)] if FILE.exists() else []
    for data, file in files.items():
        table = councils.outcomes(file)
        for measure in measures(table)["measure"]:
            for done in DONE:
                cell = councils.Cell(data=data, measure=measure, start=STARTS[data][0], done=done)
                if (data, measure, cell.start, done) not in {row[:4] for row in rows}:
                    rows.append(line(table, cell))
                    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(FILE, index=False, lineterminator="\n")
                    print(*rows[-1], flush=True)
                    if given.one:
                        return


if __name__ == "__main__":
    main()
