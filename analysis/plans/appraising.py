"""What do the files of a store say of what happens anyway, for whoever weighs a claim?

Of admissions everything is worked out from counts as they may be shown; of ratings, from published ones.
"""

from collections.abc import Mapping
from importlib.metadata import version
from platform import python_version
from typing import Any

import pandas as pd

from analysis import written
from analysis.claims import Claim, LocalKnowledge
from analysis.evaluation.provenance import PACKAGES, code_digest
from analysis.inspections import Inspections, stored_inspections
from analysis.plans.past import Past, stored_past
from analysis.plans.writing import provenance
from analysis.ratings.base_rates import transitions
from analysis.ratings.supported import other_starts
from analysis.store import Store
from analysis.store.contents import months_counted

DAYS = 365.25
"""Of a year."""


def stored_known(store: Store, name: str) -> LocalKnowledge:
    """Take what is known from a store: of ratings, of admissions, of both or of neither."""
    past = stored_past(store) if months_counted(store) else None
    return anyway_of(name, stored_inspections(store), other_starts(store), past)


def anyway_of(name: str, rated: Inspections, supported: pd.Series, past: Past | None) -> LocalKnowledge:
    """Take what is known from what was loaded.

    Parameters
    ----------
    name : str
        What the files are called.
    rated : Inspections
    supported : Series of datetime64, index home
        Day from which homes had any intervention: what came later is not what happens anyway.
    past : Past or None
        None where no admissions are loaded.
    """
    monthly = pd.DataFrame() if past is None else _monthly(past)
    return LocalKnowledge(name=name, improving=_improving(rated, supported), monthly=monthly)


def _improving(rated: Inspections, supported: pd.Series) -> pd.DataFrame:
    if rated.rated().empty:
        return pd.DataFrame()
    parts = []
    for by in (None, "year"):
        moved = transitions(rated, by=by, supported=supported)
        if moved.pairs.empty:
            return pd.DataFrame()
        better = moved.table.loc[moved.table["moved"].eq("better")]
        rows = better.rename(columns={"count": "better", "n": "of"})
        rows = rows.assign(from_rating=rows["from_rating"].astype(str), year=rows["year"] if by else 0)
        parts.append(rows[["from_rating", "year", "better", "of"]])
    return pd.concat(parts, ignore_index=True)


def _monthly(past: Past) -> pd.DataFrame:
    """Sum admissions and resident-years of homes without any intervention, by month."""
    without, shown = past.without, past.shown
    sums = {"events": (shown.counts * without).sum(axis=0), "years": (shown.exposure * without).sum(axis=0) / DAYS}
    return pd.DataFrame(sums, index=pd.PeriodIndex(shown.months.astype("datetime64[D]"), freq="M", name="month"))


def made_from(claim: Claim, store: Store | None) -> Mapping[str, Any]:
    """Say what an appraisal was made from: claim, data where there are some, code and packages."""
    if store is not None:
        return provenance(claim, store, None, 0)
    return {
        "plan": {"title": claim.title, "digest": written.digest(claim), "toml": written.to_toml(claim)},
        "data": None,
        "code": {"homeward": version("homeward"), "sha256": code_digest()},
        "packages": {"python": python_version(), **{name: version(name) for name in PACKAGES}},
    }
