"""Does the effect grow with the dose as the model says?

The effect of one unit more is a straight line through zero on the scale of the log rate. Here homes with little and
with much of the intervention get effects of their own, free of that line, and the line is held against them. Homes were
not given their dose by lot: homes with much may differ from homes with little in other ways too.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.admissions.answer.published import fitted as fitted_as_shown
from analysis.checks.bare import bare
from analysis.design import Design
from analysis.errors import AnalysisError
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.results import RATE_RATIO, Check, Fitted

NAME = "Does the effect grow with the dose?"
OUTCOMES = (Rate,)
FEW_DOSES = 4
"""Up to so many different doses each is a band; more are cut into thirds of the homes."""
COLUMNS = ("dose", "homes", "rate_ratio", "conf_low", "conf_high", "by_the_line")
UNKNOWN = "not recorded"


def dose_bands(fitted: Fitted[Panel, Design]) -> Check:
    """Hold the effect of one unit more against effects of bands of doses."""
    panel, design, model, effects = fitted.observed, fitted.design, fitted.model, fitted.effects
    if "dose" not in effects.tables:
        return _silent("The protocol does not ask for an effect by dose.")
    bands = _bands(design.dose)
    units = panel.units.assign(dose_band=bands.to_numpy())
    banded = bare(model, subgroups=("dose_band",))
    try:
        split = replace(panel, units=units, digest="")
        found = fitted_as_shown(banded, split, design).tidy("subgroup")
    except AnalysisError as said:
        return _silent(f"Bands of doses give no estimate. {said}")
    slope = float(effects.tidy("dose")["estimate"].iloc[0])
    table = _table(found.loc[found["term"] == RATE_RATIO], bands, design.dose, slope)
    return Check(name=NAME, passed=_passed(table), table=table, reading=_reading(table, slope))


def _silent(reading: str) -> Check:
    return Check(name=NAME, passed=None, table=pd.DataFrame(columns=list(COLUMNS)), reading=reading)


def _bands(dose: np.ndarray) -> pd.Series:
    """Name the band of each home's dose."""
    values = pd.Series(dose)
    known = values.dropna()
    if known.nunique() <= FEW_DOSES:
        named = values.map("{:g}".format)
    else:
        cut = pd.qcut(known, 3, duplicates="drop")
        ends = known.groupby(cut, observed=True).agg(["min", "max"])
        named = cut.map(
            {band: f"{low:g} to {high:g}" for band, (low, high) in zip(ends.index, ends.to_numpy(), strict=True)}
        )
        named = named.astype(object).reindex(values.index)
    return named.where(values.notna(), UNKNOWN)


def _table(ratios: pd.DataFrame, bands: pd.Series, dose: np.ndarray, slope: float) -> pd.DataFrame:
    """One row per band, by dose: `COLUMNS`; `by_the_line` is the ratio that the line gives at the band's mean dose."""
    rows = ratios.assign(dose=ratios["subgroup"].str.rpartition(": ")[2])
    mean, homes = (getattr(pd.Series(dose).groupby(bands), how)() for how in ("mean", "size"))
    rows = rows.assign(at=mean.reindex(rows["dose"]).to_numpy(), homes=homes.reindex(rows["dose"]).to_numpy())
    rows = rows.rename(columns={"estimate": "rate_ratio"}).sort_values("at", na_position="last")
    return rows.assign(by_the_line=slope ** rows["at"])[list(COLUMNS)].reset_index(drop=True)


def _passed(table: pd.DataFrame) -> bool | None:
    known = table.dropna(subset=["by_the_line", "conf_low", "conf_high"])
    if len(known) < 2:
        return None
    return bool(known["by_the_line"].between(known["conf_low"], known["conf_high"]).all())


def _reading(table: pd.DataFrame, slope: float) -> str:
    known = table.dropna(subset=["by_the_line"])
    told = "; ".join(
        f"dose {row['dose']}: {row['rate_ratio']:.2f}, by the line {row['by_the_line']:.2f}"
        for row in known.to_dict("records")
    )
    if len(known) < 2:
        return f"Only one dose can be looked at ({told or 'none'}), so nothing shows whether more does more."
    passed = _passed(table)
    if passed is None:
        return f"{told}. There are too few homes for intervals, so the line cannot be held against them."
    if passed:
        return (
            f"{told}. The line lies within every interval: nothing speaks against it, but homes were not given their "
            "dose by lot."
        )
    return f"{told}. The line leaves an interval: the effect of one unit more does not hold for all doses."
