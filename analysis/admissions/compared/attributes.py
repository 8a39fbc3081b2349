"""Which homes are of one kind?

Attributes of homes that do not change: kind of home, area, region, and size. Sizes are the bands in which the Care
Quality Commission reports.

Source: CQC, State of Care (small 1–10 beds, medium 11–49, large 50 and more).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError

SIZES = {"small (1–10 beds)": 10, "medium (11–49 beds)": 49, "large (50 beds or more)": np.inf}
"""Name of each band, and its most beds."""
UNKNOWN = "unknown"
"""Kind of the homes of which it is not known."""
MOST_EFFECTS = 4_000
"""Month effects a model may have: their information is then 128 MB, and every step solves for all of them."""


def attribute(units: pd.DataFrame, name: str) -> pd.Series:
    """Value of an attribute for each home; `UNKNOWN` where it is missing.

    Raises
    ------
    AnalysisError
        If nothing is known of it.
    """
    known = stated(units)
    if name not in known:
        raise AnalysisError(
            f"Homes are to be told apart by {name}, but nothing says what it is.",
            found=", ".join(known) or "no attributes of homes",
            do="Load a file that says it for each home, or name another attribute.",
        )
    values = _size(units["beds"]) if name == "size" else units[name]
    return values.astype(object).where(values.notna(), UNKNOWN).astype(str)


def stated(units: pd.DataFrame) -> list[str]:
    """Name the attributes that are known of some home."""
    known = [str(name) for name in units if units[name].notna().any()]
    return [*known, "size"] if "beds" in known else known


def _size(beds: pd.Series) -> pd.Series:
    bands = pd.cut(pd.to_numeric(beds), [0, *SIZES.values()], labels=list(SIZES))
    return bands.astype(object)


def kinds(units: pd.DataFrame, names: Sequence[str], n_months: int) -> tuple[np.ndarray, list[str]]:
    """Give each home the number of its kind, shape (N,), and name the kinds; none where none is asked for.

    Raises
    ------
    AnalysisError
        If there are too many kinds for effects of every month and kind.
    """
    if not names:
        return np.zeros(len(units), dtype=np.int64), []
    label = [" · ".join(row) for row in zip(*(attribute(units, name) for name in names), strict=True)]
    kind, called = pd.factorize(np.array(label, dtype=object), sort=True)
    if len(called) * n_months > MOST_EFFECTS:
        raise AnalysisError(
            f"Months are to have effects of their own in each of {len(called):,} kinds of home "
            f"({', '.join(names)}), which is more than can be estimated.",
            found=f"{len(called):,} kinds × {n_months} months",
            do="Compare within fewer kinds: region instead of area, for example.",
        )
    return kind.astype(np.int64), list(called)
