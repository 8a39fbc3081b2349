"""How much more often is a supported home's next rating a better one, against homes like it?

Cumulative logit of the next rating (`fit` for the equation and the source), answered as a difference in probabilities
over the supported homes. As in observed over expected, each home counts once, by the first rating after the support
began; others are those that stood at the same rating that day and had come to it in the same way
(`analysis.ratings.landmark`): compared with every inspection of every home, useless support looked harmful in 15% of
programmes of homes that are lastingly worse. Errors allow for homes of one provider sharing their luck (CR2, with
degrees of freedom). With ``weights="inverse intensity"`` homes inspected often because of what their last report said
count less.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from analysis.allowed import TRUE_OR_FALSE, Checked, Option, one_of, share
from analysis.design import Others
from analysis.errors import AnalysisError
from analysis.inference.one_thread import compute_on_one_thread
from analysis.inference.scores import Uncertainty, uncertainty
from analysis.inspections import Inspections, Spells, spells_of
from analysis.inspections.regimes import PERIODS
from analysis.inspections.watched import DAYS_PER_YEAR
from analysis.ratings.answers import FEWEST, ONE_HOME, estimate_table, few, net_of, unmatched_said
from analysis.ratings.base_rates import MIN_GAP_DAYS
from analysis.ratings.landmark import FALLEN, FIRST, before, landmarks, refuse_few
from analysis.ratings.next_rating.cumulative_logit import Ordered
from analysis.ratings.next_rating.fit import (
    WITHOUT_END,
    OrderedFit,
    Standardised,
    fit_ordered,
    probabilities,
    probability_slopes,
)
from analysis.ratings.next_rating.proportional_odds import examined
from analysis.ratings.other_interventions import OPTIONS as ASKED
from analysis.ratings.other_interventions import for_choice
from analysis.ratings.programme import beside_homes_like_them
from analysis.ratings.records import ATTRIBUTES, Records, records
from analysis.ratings.strata import refuse_thin
from analysis.ratings.timing import Timing, risk_at, timing
from analysis.results import AUGMENT, PROBABILITY_DIFFERENCE, TIDY, Check, Effects
from analysis.sources.schema import RATINGS

REFERENCE = 1
"""Requires improvement: the rating that others are compared with."""
SUPPORTED = 0
"""Column of x."""
ANOTHER = "another intervention"
INSEPARABLE = (
    "Another intervention began in just the homes that were supported, so the answer cannot be made net of it: what it "
    "did is in the answer."
)
Weights = Literal["none", "inverse intensity"]
OPTIONS: Mapping[str, Option] = {
    **ASKED,
    "random_intercept": TRUE_OR_FALSE,
    "weights": one_of(get_args(Weights)),
    "conf_level": share(0.5, 0.999, 0.95),
}
"""What each option may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRating(Checked):
    """Difference in the chance of a better next rating; see the module.

    Parameters
    ----------
    key_question : str
        "Overall" or one of the five.
    random_intercept : bool
        Whether homes differ in ways that are not measured (a normal random intercept); errors then are by home.
    other_interventions : Others
        What becomes of homes with another intervention (`analysis.ratings.other_interventions`).
    weights : Weights
        Whether an inspection counts by how likely it was to take place (`analysis.ratings.timing`).
    conf_level : float
    """

    OPTIONS: ClassVar[Mapping[str, Option]] = OPTIONS

    key_question: str = "Overall"
    random_intercept: bool = False
    other_interventions: Others = "leave out"
    weights: Weights = "none"
    conf_level: float = 0.95

    def fit(self, inspections: Inspections, started: pd.Series, other: pd.Series | None = None) -> Effects:
        """Fit to every inspection, and say what the intervention changed.

        Parameters
        ----------
        inspections, started, other : as of `programme`

        Returns
        -------
        Effects
            Term `PROBABILITY_DIFFERENCE`, overall and by the rating before (subgroup). Diagnostics: coefficients,
            chances (without and with the intervention, with
            intervals), inference; with weights also timing and weights.

        Raises
        ------
        AnalysisError
            If no supported home was rated again after it started, or all next ratings are the same.
        """
        return self.fit_spells(inspections, spells_of(inspections, self.key_question), started, other)

    def fit_spells(
        self, inspections: Inspections, spells: Spells, started: pd.Series, other: pd.Series | None = None
    ) -> Effects:
        """Fit to spells that were made ready before, as `fit`."""
        compute_on_one_thread()
        sample = _sample(inspections, spells, started, self, other)
        refuse_thin(beside_homes_like_them(inspections, spells, started, other, self.other_interventions))
        fit = fit_ordered(sample.data, sample.cluster)
        tables, chances, inference = self._answer(sample, fit)
        return Effects(
            tables=tables,
            summary=self._summary(sample, fit),
            cells=_cells(sample, fit),
            diagnostics={"coefficients": _coefficients(sample, fit), "chances": chances, "inference": inference,
                         **_of_timing(sample.timing)},
            notes=(*_notes(sample, fit, inference), *filter(None, [spells.beyond])),
            call=repr(self),
        )  # fmt: skip

    def check(
        self, inspections: Inspections, spells: Spells, started: pd.Series, other: pd.Series | None = None
    ) -> Check:
        """Examine proportional odds for the intervention; arguments as of `fit_spells`."""
        sample = _sample(inspections, spells, started, self, other)
        return examined(sample.data, SUPPORTED, sample.provider)

    def _answer(self, sample: "_Sample", fit: OrderedFit) -> tuple[dict, pd.DataFrame, pd.DataFrame]:
        groups = {"all": sample.asked}
        for rating in np.unique(sample.origin[sample.counted]):
            rows = sample.origin[sample.counted] == rating
            groups[f"from {RATINGS[rating]}"] = Standardised(x=sample.asked.x[:, rows], above=sample.asked.above[rows])
        cuts, sigma = fit.data.cuts, fit.data.home is not None
        both = np.array([probabilities(fit.theta, cuts, asked, sigma) for asked in groups.values()])
        each = np.array([probability_slopes(fit, asked) for asked in groups.values()])[:, :, fit.maximum.free]
        spread = uncertainty(np.diff(each, axis=1)[:, 0], fit.clusters)
        told = sample.homes >= FEWEST and abs(fit.theta[fit.coefficients][SUPPORTED]) <= WITHOUT_END
        error = spread.std_error if told else np.full(len(both), np.nan)
        names = [PROBABILITY_DIFFERENCE] * len(both)
        every = estimate_table(names, both[:, 1] - both[:, 0], error, spread.df, self.conf_level)
        rest = every.iloc[1:].assign(subgroup=list(groups)[1:])[["subgroup", *TIDY]].reset_index(drop=True)
        chances = _shares(groups, both, uncertainty(each.reshape(-1, each.shape[2]), fit.clusters), self.conf_level)
        if not told:
            chances[[*SPANS]] = np.nan
        inference = pd.DataFrame({"group": list(groups), "df": spread.df})
        return {"overall": every.iloc[[0]], "subgroup": rest}, chances, inference

    def _summary(self, sample: "_Sample", fit: OrderedFit) -> dict[str, object]:
        homes = np.unique(sample.home)
        return {
            "estimand": "chance of a better next rating with the intervention less without it, over supported homes",
            "scale": "difference in probability",
            "n_units": len(homes),
            "n_treated": sample.homes,
            "n_comparison": len(homes) - sample.homes,
            "n_clusters": len(fit.clusters.scores),
            "n_obs": len(sample.data.y),
            "events": int((sample.next > sample.origin).sum()),
            "exposure": float(sample.years.sum()),
            "conf_level": self.conf_level,
            "vcov": f"CR2 by {'home' if self.random_intercept else 'provider'}",
            "converged": fit.maximum.converged,
            "dropped": sample.close,
        }


SPANS = ("without_low", "without_high", "with_low", "with_high")


def _shares(groups: Mapping[str, Standardised], both: np.ndarray, spread: Uncertainty, level: float) -> pd.DataFrame:
    """Give both chances of every group with their intervals, which are worked out for the log odds: within 0 and 1.

    Parameters
    ----------
    both : ndarray, shape (G, 2)
        Chances without and with the intervention.
    spread : Uncertainty
        Of the 2G chances, in that order.
    """
    p = both.ravel()
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.where(spread.df >= ONE_HOME, spread.std_error, np.nan) / (p * (1 - p))
        odds, half = np.log(p / (1 - p)), stdtrit(spread.df, 0.5 + level / 2) * error
    low, high = (1 / (1 + np.exp(-end)).reshape(-1, 2) for end in (odds - half, odds + half))
    found = {"without": both[:, 0], "without_low": low[:, 0], "without_high": high[:, 0]}
    found |= {"with": both[:, 1], "with_low": low[:, 1], "with_high": high[:, 1]}
    return pd.DataFrame(
        {"group": list(groups), **found, "inspections": [len(asked.above) for asked in groups.values()]}
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sample:
    """Inspections that take part, one row each."""

    data: Ordered
    cluster: np.ndarray
    provider: np.ndarray
    asked: Standardised
    counted: np.ndarray
    origin: np.ndarray
    next: np.ndarray
    years: np.ndarray
    home: np.ndarray
    end: np.ndarray
    found: Records
    names: list[str]
    with_another: int
    homes: int
    unmatched: int
    close: int
    timing: Timing | None


def _sample(
    inspections: Inspections, spells: Spells, started: pd.Series, model: NextRating, other: pd.Series | None
) -> _Sample:
    spells, with_another = for_choice(model.other_interventions, spells, started, other)
    found = records(inspections, spells, started, with_another)
    watched = found.watched
    rated, far = watched.became >= 0, (watched.end - watched.begin) * DAYS_PER_YEAR >= MIN_GAP_DAYS
    at = landmarks(watched, rated & far)
    if at.unmatched and not len(at.own):
        refuse_few(0)
    rows = np.flatnonzero(at.compared)
    supported = np.isfinite(watched.started[watched.home[rows]])
    origin, after = watched.rated[rows], watched.became[rows]
    counted = supported & (origin < len(RATINGS) - 1)
    _refuse(counted, after)
    refuse_few(len(np.unique(watched.home[rows[~supported]])))
    levels, y = np.unique(after, return_inverse=True)
    x, names = _covariates(watched, rows, supported)
    when = _timing(spells, inspections, found) if model.weights == "inverse intensity" else None
    home = np.unique(watched.home[rows], return_inverse=True)[1]
    provider = np.unique(found.provider[watched.home[rows]], return_inverse=True)[1]
    both = np.stack([x[counted], x[counted]])
    both[0, :, SUPPORTED], both[1, :, SUPPORTED] = 0.0, 1.0
    return _Sample(
        data=Ordered(y=y, x=x, weight=np.ones(len(y)) if when is None else when.weight[rows],
                     home=home if model.random_intercept else None),
        cluster=np.arange(home.max() + 1) if model.random_intercept else provider,
        provider=provider,
        asked=Standardised(x=both, above=np.searchsorted(levels, origin[counted], side="right") - 1),
        counted=counted, origin=origin, next=after, years=watched.end[rows] - watched.begin[rows],
        home=watched.home[rows], end=watched.end[rows], found=found, names=names,
        with_another=len(np.unique(home[_had_another(watched, rows)])),
        homes=len(np.unique(home[counted])), unmatched=at.unmatched,
        close=int((landmarks(watched, rated).compared & ~far).sum()), timing=when,
    )  # fmt: skip


def _refuse(counted: np.ndarray, after: np.ndarray) -> None:
    if not counted.any():
        raise AnalysisError(
            "No supported home that could be rated better was rated again after it started.",
            do="Load ratings up to today, or wait: inspections are one to three years apart.",
        )
    if len(np.unique(after)) < 2:
        raise AnalysisError(
            "All next ratings are the same, so nothing can be said of what changes them.",
            found=f"{len(after):,} inspections, all {RATINGS[after[0]]}",
            do="Load ratings of more homes.",
        )


def _covariates(watched, rows: np.ndarray, supported: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Columns of x with their names: supported first; what does not vary is left out."""
    origin, period = watched.rated[rows], np.searchsorted(watched.breaks, watched.end[rows], side="right")
    since = np.log(watched.end[rows] - watched.begin[rows])
    columns = {"supported": supported}
    columns |= {f"from {RATINGS[r]}": origin == r for r in range(len(RATINGS)) if r != REFERENCE}
    side = before(watched)[rows]
    columns |= {"fallen to it": side == FALLEN, "first rating seen": side == FIRST}
    columns |= {"log years since": since - since.mean()}
    columns |= {name: period == p for p, name in enumerate(PERIODS) if p}
    if len(watched.other):
        columns |= {ANOTHER: _had_another(watched, rows)}
    columns |= dict(zip(ATTRIBUTES, watched.attributes[watched.home[rows]].T, strict=True))
    kept = {
        name: np.asarray(c, float) for name, c in columns.items() if name == "supported" or np.ptp(np.asarray(c, float))
    }
    x = np.column_stack(list(kept.values()))
    independent = [0]
    for k in range(1, x.shape[1]):
        tried = np.column_stack([np.ones(len(x)), x[:, [*independent, k]]])
        if np.linalg.matrix_rank(tried.T @ tried) == tried.shape[1]:
            independent.append(k)
    return x[:, independent], [list(kept)[k] for k in independent]


def _had_another(watched, rows: np.ndarray) -> np.ndarray:
    """Whether another intervention that has an effect of its own had begun by the next rating, shape (rows,)."""
    if not len(watched.other):
        return np.zeros(len(rows), bool)
    return watched.other[watched.home[rows]] < watched.end[rows]


def _timing(spells: Spells, inspections: Inspections, found: Records) -> Timing:
    frame = spells.timed().loc[:, ["home", "start"]]
    return timing(found.watched, [*ATTRIBUTES, *PERIODS[1:]], risk_at(frame, inspections.frame))


def _of_timing(when: Timing | None) -> dict[str, pd.DataFrame]:
    if when is None:
        return {}
    weights = pd.DataFrame({"least": [when.weight.min()], "median": [np.median(when.weight)],
                            "most": [when.weight.max()], "truncated": [when.truncated]})  # fmt: skip
    return {"timing": when.ratios, "rates": when.rates, "weights": weights}


def _coefficients(sample: _Sample, fit: OrderedFit) -> pd.DataFrame:
    """Log odds ratios: term, estimate, std_error."""
    place = np.arange(fit.coefficients.start, fit.coefficients.stop)
    spread = uncertainty(np.eye(len(fit.theta))[place][:, fit.maximum.free], fit.clusters)
    return pd.DataFrame({"term": sample.names, "estimate": fit.theta[place], "std_error": spread.std_error})


def _cells(sample: _Sample, fit: OrderedFit) -> pd.DataFrame:
    """One row per inspection: rated better (1) or not, the model's chance of it, and without the intervention."""
    levels = np.unique(sample.next)
    above = np.searchsorted(levels, sample.origin, side="right") - 1
    without = sample.data.x.copy()
    without[:, SUPPORTED] = 0.0
    from analysis.ratings.next_rating.cumulative_logit import chances  # noqa: PLC0415

    fitted, counterfactual = (
        (chances(fit.theta, fit.data.cuts, x @ fit.theta[fit.coefficients], fit.sigma)
         * (np.arange(len(levels)) > above[:, None])).sum(axis=1)
        for x in (sample.data.x, without)
    )  # fmt: skip
    since = np.floor(12 * (sample.end - sample.found.watched.started[sample.home]))
    month = (np.datetime64("2000-01", "M") + np.floor(12 * sample.end).astype(int)).astype("datetime64[s]")
    values = (sample.found.homes[sample.home], month, np.where(np.isfinite(since), since, np.nan),
              (sample.next > sample.origin).astype(int), fitted, counterfactual, sample.data.weight)  # fmt: skip
    return pd.DataFrame(dict(zip(AUGMENT, values, strict=True)))


def _notes(sample: _Sample, fit: OrderedFit, inference: pd.DataFrame):
    """Yield what must stand beside the answer."""
    if sample.unmatched:
        yield unmatched_said(sample.unmatched)
    if sample.with_another:
        yield net_of(sample.with_another) if ANOTHER in sample.names else INSEPARABLE
    if sample.close:
        yield f"{sample.close:,} ratings less than {MIN_GAP_DAYS} days after the one before were left out."
    if abs(fit.theta[fit.coefficients][SUPPORTED]) > WITHOUT_END:
        yield (
            "Supported homes of one rating, or the others of it, all did alike, so the model sees no end to the effect "
            "and no interval can be given."
        )
    yield from few(sample.homes, inference.iloc[[0]])
    if not fit.maximum.converged:
        yield "The model did not settle on an estimate. Do not use these numbers."
