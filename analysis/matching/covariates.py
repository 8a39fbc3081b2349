"""What was known of each home before anybody had the intervention?

All of it from the months that take part before the first home starts, the same months for every home: rates of the last
year and of the time before it, size, the rating that stood when the first home started, and what does not change (kind
of home, area, region). Kinds and ratings become columns of zeros and ones, the commonest left out; homes without a
rating are a level of their own, as they are mostly new.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.design import NEVER, Design
from analysis.errors import AnalysisError
from analysis.months import a_year_of
from analysis.panel import Panel

ENOUGH = 6
"""Months before the last year from which a rate of their own is worth matching on."""
FEWEST = 3
"""Months a home must have before the first start, for its rate to say anything."""
UNKNOWN = "unknown"
NOT_RATED = "not rated"


def before_all(panel: Panel, design: Design) -> np.ndarray:
    """Home-months that take part before anybody starts, shape (N, T)."""
    used = design.included & (panel.exposure > 0)
    starts = design.start[(design.start != NEVER) & used.any(axis=1)]
    first = int(starts.min()) if starts.size else 0
    return used & (np.arange(used.shape[1]) < first)


def covariates(panel: Panel, design: Design, names: Sequence[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """Give every covariate by home, and which homes can be told anything of.

    Returns
    -------
    frame : DataFrame, N rows
        One column per covariate, called as it is said; meaningless for homes not `known`.
    known : ndarray of bool, shape (N,)

    Raises
    ------
    AnalysisError
        If nothing says what is to be matched on.
    """
    before = before_all(panel, design)
    columns: dict[str, np.ndarray] = {}
    for name in names:
        columns |= _rates(panel, before) if name == "rate" else _size(panel, before) if name == "size" else {}
        columns |= _kinds(_described(panel, before, name), name) if name not in ("rate", "size") else {}
    frame = pd.DataFrame(columns, index=panel.units.index)
    used = design.included & (panel.exposure > 0)
    first = _first_start(before)
    known = (before.sum(axis=1) >= max(FEWEST // panel.length, 1)) & used[:, first:].any(axis=1)
    return frame.loc[:, frame[known].std() > 0], known


def _first_start(before: np.ndarray) -> int:
    """Month after the last that takes part before anybody starts."""
    return int(np.flatnonzero(before.any(axis=0)).max(initial=-1)) + 1


def _rates(panel: Panel, before: np.ndarray) -> dict[str, np.ndarray]:
    months = np.flatnonzero(before.any(axis=0))
    year, T = a_year_of(panel.length), before.shape[1]
    spans = {"rate in the year before the first start": np.isin(np.arange(T), months[-year:])}
    if len(months) >= year + max(ENOUGH // panel.length, 1):
        spans["rate before that year"] = np.isin(np.arange(T), months[:-year])
    found = {}
    for name, span in spans.items():
        own = before & span
        days = np.where(own, panel.exposure, 0).sum(axis=1)
        every = np.where(own, panel.counts, 0).sum(axis=1)
        overall = every.sum() / max(days.sum(), 1)
        found[name] = 1000 * np.where(days > 0, every / np.maximum(days, 1), overall)
    return found


def _size(panel: Panel, before: np.ndarray) -> dict[str, np.ndarray]:
    months = before.sum(axis=1)
    days = np.where(before, panel.exposure, 0).sum(axis=1) / np.maximum(months, 1)
    return {"size (log of bed-days a month)": np.log(np.maximum(days, 1))}


def _described(panel: Panel, before: np.ndarray, name: str) -> pd.DataFrame:
    """Give the homes' attributes, the rating among them as it stood when the first home started."""
    if name != "rating" or not len(panel.rated):
        return panel.units
    first = min(_first_start(before), len(panel.months) - 1)
    return panel.units.assign(rating=rating_at(panel, panel.months[first]))


def rating_at(panel: Panel, month: np.datetime64) -> np.ndarray:
    """Overall rating of each home that stood at the beginning of a month, `NOT_RATED` where none did, shape (N,)."""
    known = panel.rated[pd.to_datetime(panel.rated["published"]) < pd.Timestamp(month.astype("datetime64[D]"))]
    last = known.drop_duplicates("unit", keep="last").set_index("unit")["rating"]
    return last.reindex(panel.units.index).astype(object).fillna(NOT_RATED).to_numpy()


def _kinds(units: pd.DataFrame, name: str) -> dict[str, np.ndarray]:
    if name not in units or not units[name].notna().any():
        raise AnalysisError(
            f"Homes are to be matched on their {name.replace('_', ' ')}, but nothing says what it is.",
            found=", ".join(str(known) for known in units if units[known].notna().any()) or "no attributes of homes",
            do="Load a file that says it for each home, or leave it out of match_on.",
        )
    values = units[name].astype(object).where(units[name].notna(), UNKNOWN).astype(str)
    kinds = values.value_counts(sort=True).index[1:]
    called = name.replace("_", " ")
    return {f"{called}: {kind}": (values == kind).to_numpy(float) for kind in sorted(kinds)}
