"""How much does one unit more of the intervention do?

    y_it ~ E_it · exp(α_i + γ_t + τ·x_it·D_it),

x the home's dose, the same in all its months or, where elements come into place one after the other, a month is had in
part or the intervention pauses, that of the month (`analysis.doses`); D its months since the start: the log rate
changes by τ with every unit, in proportion, from the first unit on and in the months in which it is had. That is an
assumption; the check `dose_bands` sets effects of low and high doses beside it. Errors are those of
`analysis.inference.clustered`, of this very model. Homes that had the intervention and of whose dose nothing is known
take no part.

Source: Hausman, Hall and Griliches (1984), Econometrica 52, for the model with home effects; de Chaisemartin and
D'Haultfœuille (2020), AER 110(9), on why more than one effect should be looked at beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from analysis.admissions.compared.sample import Sample
from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.common_effect import fit_common
from analysis.admissions.engine.estimate import Vcov
from analysis.admissions.uncertainty.rule import FEWEST_COMPARED, FEWEST_FOR_CLUSTERED
from analysis.admissions.uncertainty.scales import ratios, t_table
from analysis.errors import AnalysisError
from analysis.inference.clustered import Clustered, correct, cr1, cr2
from analysis.inference.two_way import two_way
from analysis.plural import counted
from analysis.results import RATE_RATIO

Dose = Literal["ignore", "log-linear"]
ONE_MORE = "one unit more"
FACTS = ("homes", "without_dose", "doses", "lowest", "highest", "df")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DoseEffect:
    """Effect of one unit more.

    Parameters
    ----------
    table : DataFrame
        One row: ``dose``, then `TIDY`.
    covariance : ndarray, shape (1, 1)
        Of the log rate ratio.
    facts : DataFrame
        One row: homes, without_dose, doses (how many different ones), lowest, highest, df.
    changes : bool
        Whether the dose may change from month to month.
    """

    table: pd.DataFrame
    covariance: np.ndarray
    facts: pd.DataFrame
    changes: bool = False

    def notes(self) -> Iterator[str]:
        """Say what the reader must know of the doses."""
        facts = self.facts.iloc[0]
        if facts["without_dose"]:
            who = counted(facts["without_dose"], "home")
            yield f"No dose is recorded for {who} with the intervention; the effect of one unit more is without them."
        if self.changes:
            yield (
                "Doses are those of each month, so months in which the intervention paused or had ended count as none "
                "of it: the effect of one unit more takes for granted that nothing of it lasts into them."
            )
        if facts["doses"] == 1:
            yield (
                f"Every home had the same dose ({facts['lowest']:g}), so nothing shows what more or less of it does: "
                "the effect of one unit is the average effect shared out over that dose."
            )


def dose_effect(setting: Setting, dose: np.ndarray, vcov: Vcov, conf_level: float) -> DoseEffect:
    """Estimate the effect of one unit more.

    Parameters
    ----------
    setting : Setting
        Months without the intervention after a start among it, where doses change from month to month.
    dose : ndarray, shape (N,) or (N, T)
        Of each home from its start on, or in each month; missing where nobody said.

    Raises
    ------
    AnalysisError
        If no home that can be compared has a dose above zero.
    """
    treated = setting.treated
    given = _by_month(dose, treated)
    unknown = np.asarray((treated & np.isnan(given)).any(axis=1), bool)
    given = np.where(treated & ~unknown[:, None], given, 0.0)
    known = replace(setting, exposure=np.where(unknown[:, None], 0.0, setting.exposure), average="bed_day")
    sample = known.sample(stratum=np.unique(given, axis=0, return_inverse=True)[1].ravel()) if given.any() else None
    if sample is None or not (given[np.ix_(sample.homes, sample.months)] * sample.treated).any():
        raise AnalysisError(
            "An effect by dose is asked for, and no home that can be compared has a dose above zero.",
            found=f"{counted(unknown.sum(), 'home')} with the intervention and no dose",
            do='Fill in the column "dose" of the interventions file, or take dose out of the protocol.',
        )
    found = _estimate(setting, sample, given, vcov)
    homes = sample.homes[sample.treated.any(axis=1)]
    enough = _enough(setting, sample)
    error = found.std_error if enough else np.array([np.nan])
    doses = given[np.ix_(sample.homes, sample.months)][sample.treated]
    facts = (len(homes), int(unknown.sum()), len(np.unique(doses)), doses.min(), doses.max())
    logs = t_table(found.log_ratio, error, found.df, conf_level)
    return DoseEffect(
        table=pd.DataFrame({"dose": ONE_MORE, "term": RATE_RATIO} | ratios(logs)),
        covariance=np.array([error**2]),
        facts=pd.DataFrame([(*facts, found.df[0])], columns=list(FACTS)),
        changes=dose.ndim == 2,
    )


def _by_month(dose: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Give doses of every month, shape (N, T), whether they change or not."""
    if not dose.size:
        return np.full(treated.shape, np.nan)
    return dose if dose.ndim == 2 else np.broadcast_to(dose[:, None], treated.shape)


def _enough(setting, sample):
    """Whether there are enough clusters with the intervention, and with months without it while others have it."""
    ran = sample.treated_cells.any(axis=0)
    there = (sample.exposure > 0) & ran
    compared = (there & ~sample.treated).any(axis=1)
    sides = ((sample.treated.any(axis=1), FEWEST_FOR_CLUSTERED), (compared, FEWEST_COMPARED))
    return all(
        len(np.unique(by[sample.homes[side]])) >= fewest for by in setting.groupings[:2] for side, fewest in sides
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Slope:
    """τ, its error and degrees of freedom, each of shape (1,)."""

    log_ratio: np.ndarray
    std_error: np.ndarray
    df: np.ndarray


def _estimate(setting: Setting, sample: Sample, given: np.ndarray, vcov: Vcov) -> _Slope:
    """Fit the model; doses as parts of the largest, so that the equations are well scaled."""
    largest = given[sample.homes].max()
    regressor = (setting.cohort_time(sample) >= 0) * sample.of_cohorts(given)[:, sample.months] / largest
    months = sample.counts.sum(axis=0) / sample.exposure.sum(axis=0)
    common = fit_common(sample, regressor, months)
    reference = common.reference(sample, regressor, setting.groupings[0][sample.homes])
    weights = np.array([[reference.along(g, reference.inverse[-1]) for g in range(len(sample.cohorts))]])
    ways = [replace(reference, cluster=by[sample.homes]) for by in setting.groupings]
    found = [_clustered(weights, way, vcov) for way in ways]
    scores = [part.scores for part in found]
    V = two_way(*scores) if len(scores) > 1 else scores[0] @ scores[0].T
    df = np.min([part.df for part in found[:2]], axis=0)
    return _Slope(log_ratio=np.array([common.effect]) / largest, std_error=np.sqrt(np.diag(V)) / largest, df=df)


def _clustered(weights, reference, vcov) -> Clustered:
    if vcov == "CR2":
        return cr2(weights, correct(reference))
    return cr1(weights, reference.counts - reference.fitted, reference)
