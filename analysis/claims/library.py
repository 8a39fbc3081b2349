"""What do the published controlled effects say together, by what was counted, kind of home and of intervention?

One estimate a scheme goes into a pool: a subgroup and the whole of one scheme are not two studies. Emergency
admissions are pooled alone, and once more with the avoidable ones standing in where a scheme printed an interval
for those only. Rows without an interval are told and not pooled; judgements are no studies.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.claims.anyway import LocalKnowledge
from analysis.inference.pooling import pooled
from analysis.sources.evidence import improving_by_year, published_effects

EMERGENCY, AVOIDABLE = "emergency admissions", "potentially avoidable emergency admissions"
GROUPS = {
    EMERGENCY: (EMERGENCY,),
    "emergency admissions, or the avoidable ones where only those have an interval": (EMERGENCY, AVOIDABLE),
    AVOIDABLE: (AVOIDABLE,),
    "A&E attendances": ("A&E attendances",),
}
HOMES = ("all", "residential", "nursing")
Z = 1.959964
"""Half the width of a 95% interval, in standard errors."""


def studies() -> pd.DataFrame:
    """Take the controlled results that print an interval: `published_effects`, and log_ratio and its variance."""
    table = published_effects()
    rows = table.loc[table[["estimate", "low", "high"]].notna().all(axis=1) & (table["scheme"] != "judgement")].copy()
    rows["log_ratio"] = np.log(rows["estimate"])
    rows["variance"] = ((np.log(rows["high"]) - np.log(rows["low"])) / (2 * Z)) ** 2
    return rows


def pools() -> pd.DataFrame:
    """Pool them.

    Returns
    -------
    DataFrame
        outcome, home_type, kind (of intervention), studies, estimate, conf_low, conf_high, predict_low, predict_high
        (NaN with fewer than three studies), common_low and common_high (were all schemes to do the same), tau (NaN of
        one study), which.
    """
    every = studies()
    rows = []
    for outcome, outcomes in GROUPS.items():
        alike = every.loc[every["outcome"].isin(outcomes)]
        for home_type in HOMES:
            parts = alike.loc[alike["home_type"] == home_type].groupby("kind")
            rows += [_row(outcome, home_type, kind, _one_a_scheme(part, outcomes)) for kind, part in parts]
    return pd.DataFrame(rows).drop_duplicates(["home_type", "kind", "which"], ignore_index=True)


def _one_a_scheme(part: pd.DataFrame, outcomes: tuple[str, ...]) -> pd.DataFrame:
    order = part["outcome"].map({name: at for at, name in enumerate(outcomes)})
    return part.assign(order=order).sort_values("order", kind="stable").drop_duplicates("scheme")


def _row(outcome: str, home_type: str, kind: str, part: pd.DataFrame) -> dict:
    which = "; ".join(f"{row['intervention']}: {row['outcome']}" for row in part.to_dict("records"))
    about = {"outcome": outcome, "home_type": home_type, "kind": kind, "studies": len(part)}
    if len(part) == 1:
        one = part.iloc[0]
        return about | {"estimate": one["estimate"], "conf_low": one["low"], "conf_high": one["high"],
                        "predict_low": np.nan, "predict_high": np.nan, "common_low": one["low"],
                        "common_high": one["high"], "tau": np.nan, "which": which}  # fmt: skip
    found = pooled(part["log_ratio"].to_numpy(), part["variance"].to_numpy())
    ends = {"estimate": found.mean, "conf_low": found.low, "conf_high": found.high,
            "predict_low": found.predict_low, "predict_high": found.predict_high,
            "common_low": found.common_low, "common_high": found.common_high}  # fmt: skip
    return about | {name: float(np.exp(end)) for name, end in ends.items()} | {"tau": found.tau2**0.5, "which": which}


def by_year(known: LocalKnowledge) -> pd.DataFrame:
    """Lay base rates of services rated below Good, or Requires improvement, out by year, published and loaded.

    Returns
    -------
    DataFrame
        whose, from_rating, year, share, of (NaN: not printed), source.
    """
    return pd.DataFrame(
        [*_published(), *_loaded(known)], columns=["whose", "from_rating", "year", "share", "of", "source"]
    )


def _published() -> Iterator[tuple]:
    rows = improving_by_year()
    for row in rows.loc[rows["year"].notna()].to_dict("records"):
        yield row["homes"], row["from_rating"], int(row["year"]), row["percent"] / 100, row["of"], row["source"]


def _loaded(known: LocalKnowledge) -> Iterator[tuple]:
    rows = known.improving
    if rows.empty:
        return
    wanted = rows["from_rating"].isin(["Below Good", "Requires improvement"]) & (rows["year"] > 0) & (rows["of"] > 0)
    for row in rows.loc[wanted].to_dict("records"):
        share = row["better"] / row["of"]
        yield f"Services in {known.name}", row["from_rating"], int(row["year"]), share, row["of"], "The files loaded"
