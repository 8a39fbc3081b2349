"""Are there homes without the intervention like those with it?

Where what is known of a home tells exactly whether it had the intervention (every nursing home of a county had it and
no residential home), there is nobody like them to compare with: the answer then compares how two kinds of home changed,
and whatever else befell one kind since is in it. No model shows that, for each home is held against its own past.

Asked of kind, area and rating: how many homes with it share theirs with a home without it; of size: how many are as
large as some home without it and as small as some other; and of size, kind and rating together: how many are no
likelier to have had it than some home without it. That likelihood is a logistic one held back a little (ridge), so that
it exists where the three tell the groups apart. Of what was known before the first start only, and of no count of
people. Places that hold one home each are no kind, and are not asked about.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.design import NEVER, Design
from analysis.matching.covariates import UNKNOWN, before_all, rating_at
from analysis.matching.scores import log_odds
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.results import Check, Fitted

NAME = "Are there homes without it like those with it?"
OUTCOMES = (Rate,)
HALF, MOST = 0.5, 0.8
"""Share of the homes with it that have a like: under a half the answer is mostly about homes unlike those they are
compared with; under four in five a reader should know which."""
ENOUGH = 10
"""Homes of each group from which being told apart by several things together is no accident: few always are."""
HELD_BACK = 0.1
"""Weight of the ridge beside one home's part of the likelihood."""
TOGETHER = "size, kind and rating together"
CALLED = {"home_type": "kind of home", "area": "area", "rating": "rating when the first home started", "size": "size"}
COLUMNS = ("alike_in", "homes_with_intervention", "homes_with_a_like", "share")


def others_alike(fitted: Fitted[Panel, Design]) -> Check:
    """Say of how many homes with the intervention there are others like them."""
    panel, design = fitted.observed, fitted.design
    used = np.asarray((design.included & (panel.exposure > 0)).any(axis=1), bool)
    treated = design.start[used] != NEVER
    if treated.all() or not treated.any():
        reading = (
            "Every home had it in the end: each is compared with homes that had it later, and these may be of another "
            "kind." if treated.any() else "No home with it takes part."
        )  # fmt: skip
        return Check(name=NAME, passed=None, table=pd.DataFrame(columns=list(COLUMNS)), reading=reading)
    table = pd.DataFrame([*_rows(panel, design, used, treated)], columns=list(COLUMNS))
    least = table.loc[table["share"].idxmin()]
    passed = False if least["share"] < HALF else True if least["share"] >= MOST else None
    number = f"{least['share']:.0%} have a like in {least['alike_in']}"
    return Check(name=NAME, passed=passed, table=table, reading=_reading(table, least), number=number)


def _rows(panel: Panel, design: Design, used: np.ndarray, treated: np.ndarray) -> Iterator[tuple]:
    """Yield what homes are to be alike in, homes with it, those with a like, and their share."""
    size, kinds = _size(panel, design)[used], _kinds(panel, design, used)
    n = int(treated.sum())
    for name, values in kinds.items():
        if _places_of_one(values[~treated]):
            continue
        alike = int(np.isin(values[treated], values[~treated]).sum())
        yield CALLED[name], n, alike, alike / n
    others = size[~treated]
    inside = int(((size[treated] >= others.min()) & (size[treated] <= others.max())).sum())
    yield CALLED["size"], n, inside, inside / n
    if min(n, len(treated) - n) >= ENOUGH:
        likely = log_odds(_columns(size, kinds), treated, HELD_BACK)
        alike = int((likely[treated] <= likely[~treated].max()).sum())
        yield TOGETHER, n, alike, alike / n


def _size(panel: Panel, design: Design) -> np.ndarray:
    """Log of exposure a month before the first start, or over all months where there is none before, shape (N,)."""
    before = before_all(panel, design)
    before = np.where(before.any(axis=1, keepdims=True), before, panel.exposure > 0)
    months = np.maximum(before.sum(axis=1), 1)
    return np.log(np.maximum(np.where(before, panel.exposure, 0.0).sum(axis=1) / months, 1e-9))


def _kinds(panel: Panel, design: Design, used: np.ndarray) -> dict[str, np.ndarray]:
    """Kind, area and rating of the homes that take part, where they are known."""
    units, starts = panel.units, design.start[(design.start != NEVER) & used]
    found = {name: units[name] for name in ("home_type", "area") if name in units and units[name].notna().any()}
    known = {name: values.astype(object).fillna(UNKNOWN).astype(str).to_numpy()[used] for name, values in found.items()}
    if len(panel.rated):
        known["rating"] = rating_at(panel, panel.months[min(int(starts.min()), len(panel.months) - 1)])[used].astype(
            str
        )
    return {name: values for name, values in known.items() if len(set(values)) > 1}


def _places_of_one(values: np.ndarray) -> bool:
    """Whether most homes without it are alone in their place."""
    _, at, homes = np.unique(values, return_inverse=True, return_counts=True)
    return bool((homes[at] == 1).mean() > HALF)


def _columns(size: np.ndarray, kinds: dict[str, np.ndarray]) -> np.ndarray:
    """Lay out size and kinds but areas as numbers, the first level of each left out, shape (n, K)."""
    parts = [
        pd.get_dummies(values, drop_first=True).to_numpy(float) for name, values in kinds.items() if name != "area"
    ]
    return np.column_stack([size, *parts])


def _reading(table: pd.DataFrame, least: pd.Series) -> str:
    if not least["share"]:
        exact = table.loc[table["share"] == 0, "alike_in"].tolist()
        return (
            f"What is known of homes ({'; '.join(exact)}) tells exactly which of them had it: no home without it is "
            "like any with it. The answer compares how homes of different kinds changed, and whatever else befell one "
            "kind since is in it. Matching cannot help; only other homes, or others that begin later, can."
        )
    told = f"In {least['alike_in']}, {least['share']:.0%} of the homes with it have others without it like them"
    if least["share"] < HALF:
        return f"{told}: the answer is mostly about homes unlike those they are compared with."
    if least["share"] < MOST:
        return f"{told}; for the rest the comparison reaches outside what was seen."
    return f"{told}, and in all else as many or more. What is not listed here may still differ."
