"""By how much did support change how often new residents go to hospital, against new residents like them?

Estimand: among new residents of supported homes for whom there is somebody like them, the ratio of the rate of
admissions per resident-day to what it would have been had their home not had the support; average over residents, each
followed from the day of moving in. Weighted Poisson regression of the matched residents over their days in the home,
with what they were matched on in the model too (matching first, then risk adjustment, as the Improvement Analytics Unit
does), errors clustered by home (`analysis.inference.weighted_poisson`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from analysis.allowed import TRUE_OR_FALSE, Option
from analysis.residents import ends
from analysis.residents.cohort import ResidentCohort
from analysis.residents.counted import ADMITTED, COUNTED
from analysis.residents.kept_back import KEPT_BACK, kept_back
from analysis.residents.rates import CONF_LEVEL, RateRatio, rate_ratio
from analysis.residents.records import ResidentRecords
from analysis.results import AUGMENT, AVERTED, RATE_RATIO, TIDY, Effects

RATE_DIFFERENCE = "rate_difference_per_1000_resident_days"
SHARE_DIFFERENCE = "share_gone_to_hospital_by_horizon_difference"
ESTIMAND = (
    "rate of {what} per resident-day of new residents of supported homes, over that without the support, told by "
    "matched new residents of homes without it"
)
VCOV = "CR2 by home; degrees of freedom of Bell–McCaffrey or Welch, the fewer"
MANY = 1e9
"""Degrees of freedom of a normal distribution."""
KINDS_OF_HOME = ("residential", "nursing")


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedResidents:
    """Rate ratio of matched new residents, and shares with death as an end of its own.

    Parameters
    ----------
    adjust : bool
        Whether what residents were matched on, and the quarter, are in the model too.
    subgroups : tuple of str
        "home_type" gives the effect in residential and in nursing homes apart.
    """

    OPTIONS: ClassVar[Mapping[str, Option]] = {"adjust": TRUE_OR_FALSE}

    adjust: bool = True
    subgroups: tuple[str, ...] = ("home_type",)

    def fit(self, records: ResidentRecords, cohort: ResidentCohort) -> Effects:
        """Compare the matched residents."""
        found = {name: rate_ratio(cohort, name, adjust=self.adjust) for name in COUNTED}
        lead, horizon = found[cohort.outcome.count], ends.by_horizon(cohort)
        tables: dict = {"overall": _overall(lead, horizon)}
        if "home_type" in self.subgroups:
            tables["subgroup"] = self._kinds(cohort)
        return Effects(
            tables=tables, summary=_summary(cohort, lead), cells=pd.DataFrame(columns=list(AUGMENT)),
            diagnostics={
                "residents": _outcomes(found), "ends": horizon, "incidence": ends.curves(cohort),
                "balance": cohort.balance, "methods": _methods(lead), "degrees_of_freedom": _degrees(cohort, lead),
                "inference": pd.DataFrame({"df": [lead.df]}),
            },
            notes=cohort.notes, call=repr(self), average="unit", exposure_unit="resident-days",
        )  # fmt: skip

    def _kinds(self, cohort: ResidentCohort) -> pd.DataFrame:
        """Give the ratio in homes of each kind; those of the other kind take no part."""
        rows = []
        for kind in KINDS_OF_HOME:
            some = (cohort.residents["home_type"] == kind).to_numpy(bool)
            sides = cohort.residents["supported"][some]
            if some.any() and sides.any() and not sides.all():
                rows.append({"subgroup": kind, **_row(rate_ratio(cohort, cohort.outcome.count, adjust=self.adjust,
                                                                 some=some))})  # fmt: skip
        return pd.DataFrame(rows, columns=["subgroup", *TIDY])


def _row(ratio: RateRatio) -> dict[str, Any]:
    low, high = ratio.limits()
    error = ratio.error.cr2 if ratio.error else np.nan
    estimate = float(np.exp(ratio.log_ratio))
    values = (RATE_RATIO, estimate, estimate * error, ratio.log_ratio / error if error else np.nan, ratio.p_value(),
              np.exp(low), np.exp(high))  # fmt: skip
    return dict(zip(TIDY, values, strict=True))


def _overall(lead: RateRatio, horizon: pd.DataFrame) -> pd.DataFrame:
    """Say the one effect in four ways: the ratio, per 1,000 resident-days, averted, and by share of residents."""
    row = _row(lead)
    observed, days = lead.events[0], lead.days[0]
    ways = [(RATE_DIFFERENCE, 1_000 / days, 1.0), (AVERTED, 1.0, -1.0)]
    rows = [row]
    for term, scale, sign in ways:  # what was seen is given; what there would have been hangs on the ratio
        values = [sign * scale * observed * (1 - 1 / row[name]) for name in ("estimate", "conf_low", "conf_high")]
        limits = sorted(values[1:]) if np.isfinite(values[1:]).all() else [np.nan, np.nan]
        error = scale * observed / row["estimate"] ** 2 * row["std_error"]
        rows.append(dict(zip(TIDY, (term, values[0], error, np.nan, row["p_value"], *limits), strict=True)))
    share = horizon.loc[horizon["end"] == ADMITTED].iloc[0]
    told = (SHARE_DIFFERENCE, share["estimate"], share["std_error"], np.nan, np.nan, share["conf_low"],
            share["conf_high"])  # fmt: skip
    rows.append(dict(zip(TIDY, told, strict=True)))
    return pd.DataFrame(rows).assign(overall="all")[["overall", *TIDY]]


def _outcomes(found: Mapping[str, RateRatio]) -> pd.DataFrame:
    """Give each count of both sides and the ratio of rates, one row each."""
    rows = []
    for name, ratio in found.items():
        row = _row(ratio)
        rows.append({
            "outcome": name, "events_supported": ratio.events[0], "events_others": ratio.events[1],
            "days_supported": ratio.days[0], "days_others": ratio.days[1],
            **{key: row[key] for key in ("estimate", "std_error", "p_value", "conf_low", "conf_high")},
        })  # fmt: skip
    return pd.DataFrame(rows)


def _methods(lead: RateRatio) -> pd.DataFrame:
    """Say what the usual errors would have said."""
    columns = ["method", "std_error", "df", "conf_low", "conf_high", "p_value", "default", "good_for"]
    if lead.error is None:
        return pd.DataFrame(columns=columns)
    rows = []
    for name, error, df, good_for in (
        ("CR2", lead.error.cr2, lead.df, "The default: errors corrected for few homes of unequal weight."),
        ("CR1", lead.error.cr1, len(lead.error.scores) - 1.0, "What most software prints; too small with few homes."),
        ("Poisson", lead.error.model, np.inf, "As if residents of one home shared nothing: too narrow where they do."),
    ):
        reach = float(stdtrit(max(min(df, MANY), 1.0), 0.5 + CONF_LEVEL / 2)) * error
        limits = np.exp([lead.log_ratio - reach, lead.log_ratio + reach])
        p = float(2 * stdtr(max(min(df, MANY), 1.0), -abs(lead.log_ratio / error))) if error > 0 else np.nan
        rows.append((name, error, df, *limits, p, name == "CR2", good_for))
    return pd.DataFrame(rows, columns=columns)


def _degrees(cohort: ResidentCohort, lead: RateRatio) -> pd.DataFrame:
    """Say how many homes stand on either side, and what part of it the heaviest has."""
    people, sides = cohort.residents, {}
    for name, side in (("treated", people["supported"]), ("compared", ~people["supported"].astype(bool))):
        days = (people["at_risk"] * people["weight"])[side.astype(bool)].groupby(people["home"]).sum()
        sides |= {f"{name}_clusters": float(len(days)), f"{name}_share": float((days / days.sum()).max())}
    df = lead.df
    return pd.DataFrame([{"by": "overall", "df": df, **sides}])


def _summary(cohort: ResidentCohort, lead: RateRatio) -> dict[str, object]:
    people = cohort.residents
    treated, others = (people["home"][people["supported"] == side].nunique() for side in (True, False))
    return {
        "estimand": ESTIMAND.format(what=COUNTED[cohort.outcome.count]), "scale": "log rate ratio",
        "n_units": people["home"].nunique(), "n_treated": treated, "n_comparison": others,
        "n_clusters": people["home"].nunique(), "n_obs": len(people), "events": sum(lead.events),
        "exposure": sum(lead.days), "conf_level": CONF_LEVEL, "vcov": VCOV,
        "converged": lead.error is not None, "dropped": int(cohort.left_out["residents"].sum()),
        "treated_events": lead.events[0], "residents": cohort_sizes(cohort), KEPT_BACK: kept_back(cohort),
    }  # fmt: skip


def cohort_sizes(cohort: ResidentCohort) -> tuple[int, int]:
    """Count the residents who are compared: of supported homes, and those like them."""
    supported = cohort.residents["supported"].to_numpy(bool)
    return int(supported.sum()), int((~supported).sum())
