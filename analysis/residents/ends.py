"""By which day had which share gone to hospital, or died before they did?

Whoever dies can no longer be admitted, so one less the survival curve of "not yet admitted" would tell what would be
were nobody to die. Told is the cumulative incidence with death as an end of its own (Aalen–Johansen), and that of death
whatever went before. Moving elsewhere, and the end of what is known, end follow-up without saying what came after.
Errors are clustered by home; the interval of a difference has Welch's degrees of freedom from the homes of both sides.
"""

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from analysis.inference.incidence import Incidence, Waits, aalen_johansen
from analysis.residents.cohort import ResidentCohort
from analysis.residents.counted import DIED, DIED_FIRST, ENDS
from analysis.residents.rates import CONF_LEVEL, FEWEST_HOMES

SUPPORTED, OTHERS = "residents of supported homes", "residents like them elsewhere"
STEP = 30
"""Days between two points of a curve: a curve with a step for every event would tell the day of each."""


def curves(cohort: ResidentCohort) -> pd.DataFrame:
    """Give shares by day: who, day, residents, and for each of `ENDS` estimate, _low, _high.

    The days are those of every month to the horizon.
    """
    parts = []
    for who, side in ((SUPPORTED, True), (OTHERS, False)):
        parts.append(_side(cohort, side=side).assign(who=who))
    return pd.concat(parts, ignore_index=True)


def by_horizon(cohort: ResidentCohort) -> pd.DataFrame:
    """Give shares at the horizon and their difference.

    Returns
    -------
    DataFrame
        end, supported, others, estimate, std_error, conf_low, conf_high.
    """
    at = np.array([float(cohort.outcome.horizon)])
    found = {side: _incidences(cohort, at, side=side) for side in (True, False)}
    homes = [cohort.residents["home"][cohort.residents["supported"] == side].nunique() for side in (True, False)]
    rows = []
    for place, end in enumerate(ENDS):
        shares = [float(found[side][place][0][0]) for side in (True, False)]
        errors = [float(found[side][place][1][0]) * np.sqrt(m / max(m - 1, 1))
                  for side, m in zip((True, False), homes, strict=True)]  # fmt: skip
        rows.append((end, *shares, *_difference(shares, errors, homes)))
    names = ["end", "supported", "others", "estimate", "std_error", "conf_low", "conf_high"]
    return pd.DataFrame(rows, columns=names)


def _difference(shares: list[float], errors: list[float], homes: list[int]) -> tuple[float, float, float, float]:
    estimate, variances = shares[0] - shares[1], np.square(errors)
    total = variances.sum()
    if min(homes) < FEWEST_HOMES or not total > 0:
        return estimate, np.nan, np.nan, np.nan
    df = total**2 / sum(v**2 / (m - 1) for v, m in zip(variances, homes, strict=True))
    reach = float(stdtrit(df, 0.5 + CONF_LEVEL / 2)) * np.sqrt(total)
    return estimate, float(np.sqrt(total)), float(estimate - reach), float(estimate + reach)


def days_told(horizon: int) -> np.ndarray:
    """Give the days at which shares are told."""
    return np.unique(np.append(np.arange(STEP, horizon, STEP), horizon)).astype(float)


def _side(cohort: ResidentCohort, *, side: bool) -> pd.DataFrame:
    at = days_told(cohort.outcome.horizon)
    columns: dict[str, np.ndarray] = {"day": at}
    for end, (estimate, _, low, high, waiting) in zip(ENDS, _incidences(cohort, at, side=side), strict=True):
        columns |= {end: estimate, f"{end}_low": low, f"{end}_high": high, "residents": waiting}  # of the last: alive
    return pd.DataFrame(columns)


def _incidences(cohort: ResidentCohort, at: np.ndarray, *, side: bool) -> list[tuple]:
    """Estimate, error, low, high, still followed, of each of `ENDS`."""
    people = cohort.residents.loc[cohort.residents["supported"] == side]
    first = aalen_johansen(waits(people, DIED_FIRST), at)
    died = aalen_johansen(waits(people, DIED), at)
    return [_of(first, 0), _of(first, 1), _of(died, 0)]


def _of(found: Incidence, cause: int) -> tuple:
    return (*(values[:, cause] for values in (found.estimate, found.std_error, found.low, found.high)), found.at_risk)


def waits(people: pd.DataFrame, until: str) -> Waits:
    """Give how long residents waited, for a first admission or death (`DIED_FIRST`), or for death (`DIED`)."""
    days, died = people["days"].to_numpy(float), people["died"].to_numpy(bool)
    admitted = people["first_admission"].to_numpy(float) if until == DIED_FIRST else np.full(len(people), np.nan)
    went = ~np.isnan(admitted)
    exit_ = np.where(went, admitted, days)
    cause = np.where(went, 1, np.where(died, 2 if until == DIED_FIRST else 1, 0))
    return Waits(
        entry=np.zeros(len(people)), exit=exit_, cause=cause.astype(np.int64),
        cluster=pd.factorize(people["home"])[0].astype(np.int64), weights=people["weight"].to_numpy(float),
        causes=2 if until == DIED_FIRST else 1,
    )  # fmt: skip
