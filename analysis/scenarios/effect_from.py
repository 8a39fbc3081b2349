"""Where does an effect come from: an evaluation in hand, or one that was published?"""

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.results import RATE_RATIO, RATIO_DOWN, RATIO_UP, Effects
from analysis.scenarios.claimed import FURTHEST, NONE, OnDelays, OnRatings
from analysis.scenarios.inputs import JUDGED
from analysis.scenarios.ranges import Ratio
from analysis.scenarios.scenario import Effect
from analysis.sources.evidence import published_effects


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


def in_words() -> dict[str, str]:
    """Name the published effects as they can be chosen, each with its key."""
    checked = usable()["verified"].map({True: "", False: ", a judgement"})
    return {
        f"Published: {row['intervention']}, {row['home_type']} homes: {row['result']}{checked[key]}": str(key)
        for key, row in usable().iterrows()
    }


def from_published(key: str) -> Effect:
    """Take one row of `analysis/evidence/effects.csv`.

    An effect found in one kind of home counts there only: in the other kind none is counted.
    """
    row = usable().loc[key]
    ratio = Ratio(float(row["estimate"]), float(row["low"]), float(row["high"]))
    other = {"residential": "nursing", "nursing": "residential"}
    kind = str(row["home_type"])
    ratios = {kind: ratio} if kind == "all" else {kind: ratio, other[kind]: NONE}
    return Effect(source=str(row["source"]), ratios=ratios, verified=bool(row["verified"]))


def ratings_from(effects: Effects, name: str) -> OnRatings:
    """Take what the model of moves between ratings (`analysis.ratings.multi_state`) found for an intervention here.

    Raises
    ------
    AnalysisError
        If either ratio has no interval, or one so wide that it says nothing.
    """
    rows = effects.tidy().set_index("term").loc[[RATIO_UP, RATIO_DOWN], ["estimate", "conf_low", "conf_high"]]
    spans = rows.astype(float).to_numpy()
    if not np.isfinite(spans).all() or (spans <= 0).any():
        raise AnalysisError(
            f"The ratings of homes with the {name} give no interval, so an effect on them cannot be projected.",
            found="too few changes of rating in homes with it",
            do="Claim no effect on ratings, or state one with a range.",
        )
    if (spans < 1 / FURTHEST).any() or (spans > FURTHEST).any():
        raise AnalysisError(
            f"The ratings of homes with the {name} tell too little for an effect on them to be projected.",
            found=f"an interval that goes beyond {FURTHEST:.0f} times as fast, or as slowly",
            do="Claim no effect on ratings, or state one with a range.",
        )
    better, worse = (Ratio(*map(float, span)) for span in spans)
    source = f"The model of moves between ratings of homes with the {name}, on this data"
    return OnRatings(better=better, worse=worse, source=source, verified=True)


def ratings_stated(better: Ratio, worse: Ratio) -> OnRatings:
    """Take what somebody says of ratings."""
    return OnRatings(better=better, worse=worse, source=JUDGED)


def delays_stated(ratio: Ratio) -> OnDelays:
    """Take what somebody says of delayed days."""
    return OnDelays(ratio=ratio, source=JUDGED)


def stated(residential: Ratio, nursing: Ratio) -> Effect:
    """Take what somebody says."""
    return Effect(source=JUDGED, ratios={"residential": residential, "nursing": nursing})
