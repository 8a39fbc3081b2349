"""Where does an effect come from: an evaluation in hand, or one that was published?"""

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.results import RATE_RATIO, Effects
from analysis.scenarios.ranges import Ratio
from analysis.scenarios.scenario import Effect
from analysis.sources.evidence import published_effects

NONE = Ratio(1.0, 1.0, 1.0)


def from_evaluation(effects: Effects, name: str) -> Effect:
    """Take what was found here: by kind of home where each has an interval, else over all homes.

    The estimate is an average over the months seen, the first ones with them: months of building up are in it already.

    Raises
    ------
    AnalysisError
        If there is no interval: an effect without one is not a distribution.
    """
    by_kind = _ratios(effects.tidy("subgroup"), "subgroup") if "subgroup" in effects.tables else {}
    kinds = {key.removeprefix("home_type: "): ratio for key, ratio in by_kind.items() if key.startswith("home_type: ")}
    source = f"The evaluation of the {name} on this data"
    if {"residential", "nursing"} <= kinds.keys():
        return Effect(source=source, ratios={kind: kinds[kind] for kind in ("residential", "nursing")}, verified=True)
    overall = _ratios(effects.tidy(), "overall")
    if not overall:
        raise AnalysisError(
            f"The evaluation of the {name} gives no interval, so its effect cannot be projected.",
            do="Choose a published effect, or state one with a range.",
        )
    return Effect(source=source, ratios={"all": next(iter(overall.values()))}, verified=True)


def _ratios(tidy: pd.DataFrame, by: str) -> dict[str, Ratio]:
    rows = tidy.loc[tidy["term"] == RATE_RATIO]
    spans = rows[["estimate", "conf_low", "conf_high"]].astype(float)
    known = np.isfinite(spans).all(axis=1) & (spans["conf_low"] > 0)
    return {str(row[by]): Ratio(row["estimate"], row["conf_low"], row["conf_high"])
            for row in rows[known].to_dict("records")}  # fmt: skip


def usable() -> pd.DataFrame:
    """Find the published effects on emergency admissions that have an interval, indexed by key."""
    table = published_effects()
    return table[(table["outcome"] == "emergency admissions") & table[["estimate", "low", "high"]].notna().all(axis=1)]


def from_published(key: str) -> Effect:
    """Take one row of `data/evidence/effects.csv`.

    An effect found in one kind of home counts there only: in the other kind none is counted.
    """
    row = usable().loc[key]
    ratio = Ratio(float(row["estimate"]), float(row["low"]), float(row["high"]))
    other = {"residential": "nursing", "nursing": "residential"}
    kind = str(row["home_type"])
    ratios = {kind: ratio} if kind == "all" else {kind: ratio, other[kind]: NONE}
    return Effect(source=str(row["source"]), ratios=ratios, verified=bool(row["verified"]))


def stated(residential: Ratio, nursing: Ratio) -> Effect:
    """Take what somebody says."""
    return Effect(source="Stated for this scenario", ratios={"residential": residential, "nursing": nursing})
