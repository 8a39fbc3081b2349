"""Does it work better in some homes than in others, or does it only look so?

Effects of groups of homes scatter by chance alone, and the one that looks best is most likely to owe it to chance. With
θ̂ the log rate ratios of K groups and V their covariance (groups share the months they are compared with, so V is not
diagonal),

    θ̂ ~ N(θ, V),   θ_k ~ N(m, τ²),   m flat,   τ half-normal with scale `SCALE`,

and what is told of each group is the posterior of θ_k: its own estimate drawn towards the others, the more so the less
the groups differ and the less is known of it. τ is integrated over, not estimated: with two to four groups no estimate
of it can be trusted, and the usual one is often zero.

Whether groups differ at all is asked once for each attribute, by a Wald test with the full covariance, and the p-values
of the several attributes are corrected by Holm's method: whoever asks four questions has four chances to be misled.

A home's past rate is an attribute like any other only if it comes from months that are then left out: homes that are
"high" in the months they are compared with fall back by themselves, and the fall would look like an effect.

Source: Gelman (2006), Bayesian Analysis 1(3), and Röver et al. (2021), Research Synthesis Methods 12(4), for the prior;
Holm (1979), Scandinavian Journal of Statistics 6; Wang et al. (2007), NEJM 357, on subgroups.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import fdtrc

from analysis.design import NEVER, Design
from analysis.inference.usual import NORMAL, holm
from analysis.panel import Panel
from analysis.results import RATE_RATIO, Effects

SCALE = 0.2
"""Scale of the half-normal prior of τ: two groups then differ by less than a third in the rate ratio, 95 times in 100;
residential against nursing homes in Rushcliffe (0.60 against about 1) is at its far end."""
GRID = np.linspace(0.0, 1.0, 401)
"""Values of τ that are integrated over."""
PAST_MONTHS = 12
"""Months from which a home's past rate is taken, and which are then left out."""
BEFORE = 12
"""Months that must be left before the first start once the past is taken out."""
BELOW_GOOD = ("Inadequate", "Requires improvement")
TITLES = {"home_type": "Kind of home", "size": "Size", "rating": "Rating when it began", "past_rate": "Past admissions"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attribute:
    """Effects by one attribute of homes.

    Parameters
    ----------
    name : str
    table : DataFrame
        One row per group: group, estimate, conf_low, conf_high (by itself), shrunken, shrunken_low, shrunken_high
        (drawn towards the others); rate ratios.
    p_value, adjusted : float
        Of no difference between groups, by itself and corrected for the number of attributes asked about.
    spread : float
        Posterior mean of τ.
    """

    name: str
    table: pd.DataFrame
    p_value: float
    adjusted: float
    spread: float

    @property
    def apart(self) -> float:
        """Largest shrunken rate ratio over the smallest."""
        return float(self.table["shrunken"].max() / self.table["shrunken"].min())


def with_attributes(panel: Panel, design: Design, ratings: pd.Series | None = None) -> tuple[Panel, Design, list[str]]:
    """Add to a panel's homes what their effects may differ by beside kind and size: rating and past rate.

    The past rate is split at the middle of the homes that had the intervention.

    Parameters
    ----------
    panel, design : Panel, Design
    ratings : Series, optional
        Rating of each home when the first one started, by unit.

    Returns
    -------
    panel, design, names
        The past's months are left out of the design, for every home, where the past rate is used.
    """
    treated = design.start != NEVER
    units, names = panel.units.copy(), ["home_type"]
    if panel.units["beds"].notna().any():
        names.append("size")  # the bands of the admission-rate models
    if ratings is not None:
        known = ratings.reindex(units.index).astype(object)
        below = known.isin(BELOW_GOOD)
        units["rating"] = np.where(
            known.isna(), "not rated", np.where(below, "rated below Good", "rated Good or better")
        )
        names.append("rating")
    past = slice(0, PAST_MONTHS)
    if treated.any() and design.start[treated].min() >= PAST_MONTHS + BEFORE:
        exposure = panel.exposure[:, past].sum(axis=1)
        rate = np.divide(panel.counts[:, past].sum(axis=1), exposure, out=np.zeros(len(units)), where=exposure > 0)
        units["past_rate"] = _halves(rate, treated, "fewer admissions before", "more admissions before")
        names.append("past_rate")
        included = design.included.copy()
        included[:, past] = False
        design = replace(design, included=included)
    return replace(panel, units=units, digest=""), design, names


def _halves(values, treated, low, high):
    middle = np.median(values[treated]) if treated.any() else np.median(values)
    return np.where(values < middle, low, high)


def heterogeneity(effects: Effects) -> list[Attribute]:
    """Read how effects differ by each attribute that the model was fitted for.

    Parameters
    ----------
    effects : Effects
        With subgroups, such as those of `with_attributes`.

    Returns
    -------
    list of Attribute
        Those of which more than one group has an interval.
    """
    if "subgroup" not in effects.covariance:  # nothing is known that tells homes apart, or no group has an effect
        return []
    tidy = effects.tidy("subgroup")
    ratios = tidy[tidy["term"] == RATE_RATIO].reset_index(drop=True)
    covariance, df = effects.covariance["subgroup"], _degrees(effects)
    attribute = ratios["subgroup"].str.partition(": ")[0]
    found = []
    for name in attribute.unique():
        rows = np.flatnonzero((attribute == name) & (ratios["estimate"] > 0) & ratios["std_error"].notna())
        if len(rows) > 1:
            found.append(_read(str(name), ratios.iloc[rows], covariance[np.ix_(rows, rows)], df[rows].min()))
    adjusted = holm(np.array([one.p_value for one in found])).tolist()
    return [replace(one, adjusted=p) for one, p in zip(found, adjusted, strict=True)]


def _degrees(effects):
    table = effects.diagnostics["degrees_of_freedom"]
    return table.loc[table["by"] == "subgroup", "df"].to_numpy(float)


def _read(name, rows, V, df):
    estimate = np.log(rows["estimate"].to_numpy(float))
    mean, sd, spread = shrink(estimate, V)
    return Attribute(
        name=name,
        table=pd.DataFrame(
            {
                "group": rows["subgroup"].str.partition(": ")[2].to_numpy(),
                "estimate": rows["estimate"].to_numpy(float),
                "conf_low": rows["conf_low"].to_numpy(float),
                "conf_high": rows["conf_high"].to_numpy(float),
                "shrunken": np.exp(mean),
                "shrunken_low": np.exp(mean - NORMAL * sd),
                "shrunken_high": np.exp(mean + NORMAL * sd),
            }
        ),
        p_value=no_difference(estimate, V, df),
        adjusted=np.nan,
        spread=spread,
    )


def no_difference(estimate: np.ndarray, V: np.ndarray, df: float) -> float:
    """P-value of equal effects: Wald's F with K − 1 and `df` degrees of freedom."""
    K = len(estimate)
    contrasts = np.eye(K)[1:] - np.eye(K)[0]
    apart = contrasts @ estimate
    statistic = apart @ np.linalg.solve(contrasts @ V @ contrasts.T, apart) / (K - 1)
    return float(fdtrc(K - 1, df, statistic))


def shrink(estimate: np.ndarray, V: np.ndarray, scale: float = SCALE) -> tuple[np.ndarray, np.ndarray, float]:
    """Posterior mean (K,) and standard deviation (K,) of each group's effect, and posterior mean of τ.

    Parameters
    ----------
    estimate : ndarray, shape (K,)
    V : ndarray, shape (K, K)
    scale : float
        Of the half-normal prior of τ.
    """
    given = [_given(estimate, V, tau) for tau in GRID]
    log_weight = np.array([one[0] for one in given]) - GRID**2 / (2 * scale**2)
    weight = np.exp(log_weight - log_weight.max())
    weight[0] /= 2  # the trapezoidal rule
    weight /= weight.sum()
    means, variances = (np.array([one[k] for one in given]) for k in (1, 2))
    mean = weight @ means
    return mean, np.sqrt(weight @ (variances + (means - mean) ** 2)), float(weight @ GRID)


def _given(estimate, V, tau):
    """With τ known: restricted log likelihood, and posterior mean and variance of each effect, shape (K,)."""
    K = len(estimate)
    one, inverse = np.ones(K), np.linalg.inv(V + tau**2 * np.eye(K))
    precision = one @ inverse @ one
    m = one @ inverse @ estimate / precision
    rest = estimate - m
    likelihood = (np.linalg.slogdet(inverse)[1] - np.log(precision) - rest @ inverse @ rest) / 2
    towards = tau**2 * inverse
    mean = m + towards @ rest
    left = one - towards @ one
    variance = np.diag(tau**2 * np.eye(K) - tau**2 * towards) + left**2 / precision
    return likelihood, mean, variance
