"""A sample as a regression has it: one row for each home-month, and the answer of such a regression as Effects."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.admissions.compared.refusals import refuse_before, refuse_without_estimate
from analysis.admissions.compared.sample import Sample
from analysis.admissions.compared.setting import Setting
from analysis.admissions.uncertainty.rule import FEWEST_FOR_CLUSTERED
from analysis.admissions.uncertainty.scales import ratios, t_table
from analysis.allowed import Option, share
from analysis.design import Design
from analysis.errors import AnalysisError
from analysis.panel import Panel
from analysis.results import AUGMENT, RATE_RATIO, Effects

OPTIONS: Mapping[str, Option] = {"conf_level": share(0.5, 0.999, 0.95)}
"""What a protocol may set of each regression."""
LARGEST = 40_000_000
"""Numbers in the matrix of a regression (320 MB): a larger panel is refused in words."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """What a regression is fitted to.

    Parameters
    ----------
    setting, sample
        Where it comes from.
    y, exposure : ndarray, shape (m,)
    X : ndarray, shape (m, P)
        Levels, months, and last whether the intervention has begun.
    home, month : ndarray of int64, shape (m,)
        Rows and columns of the sample.
    exposure_unit : str
    """

    setting: Setting
    sample: Sample
    y: np.ndarray
    exposure: np.ndarray
    X: np.ndarray
    home: np.ndarray
    month: np.ndarray
    exposure_unit: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regression:
    """What a regression found: coefficients (P,), standard error of the last, fitted values (m,), facts of its own."""

    beta: np.ndarray
    std_error: float
    fitted: np.ndarray
    converged: bool
    facts: dict[str, float]


def rows_of(panel: Panel, design: Design, *, level: str) -> Rows:
    """Lay out a panel seen through a design.

    Parameters
    ----------
    level : "home" or "cohort"
        Whose usual rate has a coefficient of its own.

    Raises
    ------
    AnalysisError
        If there is no estimate, or the matrix would be too large.
    """
    if design.weights.size:
        raise AnalysisError("This model takes homes as they are, and these are weighted.", do="Match homes instead.")
    setting = Setting.of(panel, design)
    refuse_before(setting)
    sample = setting.sample()
    refuse_without_estimate(setting, sample)
    home, month = np.nonzero(sample.exposure > 0)
    own = home if level == "home" else np.unique(setting.start[sample.homes], return_inverse=True)[1][home]
    columns = int(own.max()) + len(sample.months) + 1
    if len(home) * columns > LARGEST:
        raise AnalysisError(
            "This model has a coefficient for every home and month, and these are too many for it.",
            found=f"{len(home):,} home-months and {columns:,} coefficients",
            do="Leave it out of methods, or ask it of fewer homes or months.",
        )
    X = np.column_stack([_dummies(own), _dummies(month)[:, 1:], sample.treated[home, month]]).astype(float)
    cells = sample.counts[home, month], sample.exposure[home, month]
    return Rows(setting=setting, sample=sample, y=cells[0], exposure=cells[1], X=X, home=home, month=month,
                exposure_unit=panel.exposure_unit)  # fmt: skip


def _dummies(number: np.ndarray) -> np.ndarray:
    return number[:, None] == np.arange(int(number.max()) + 1)


def effects_of(rows: Rows, found: Regression, model, words: tuple[str, str]) -> Effects:
    """Give the answer of a regression; without an interval where too few homes had the intervention.

    Parameters
    ----------
    words : pair of str
        What is estimated, and by which error.
    """
    sample, treated = rows.sample, rows.sample.treated.any(axis=1)
    sides = int(treated.sum()), int((~treated).sum())
    enough = min(sides) >= FEWEST_FOR_CLUSTERED
    error = np.array([found.std_error if enough else np.nan])
    df = np.array([max(min(sides) - 1.0, 1.0)])
    table = ratios(t_table(found.beta[-1:], error, df, model.conf_level))
    summary = {
        "estimand": words[0], "scale": "log rate ratio", "n_units": len(sample.homes), "n_treated": sides[0],
        "n_comparison": sides[1], "n_clusters": len(sample.homes), "n_obs": len(rows.y), "events": int(rows.y.sum()),
        "exposure": float(rows.exposure.sum()), "conf_level": model.conf_level, "vcov": words[1],
        "converged": found.converged, "dropped": int((sample.reason != "").sum()),
    }  # fmt: skip
    return Effects(
        tables={"overall": pd.DataFrame({"overall": ["all"], "term": [RATE_RATIO]} | table)},
        summary=summary,
        cells=_cells(rows, found),
        diagnostics={"dispersion": pd.DataFrame([found.facts])},
        call=repr(model),
        exposure_unit=rows.exposure_unit,
    )


def _cells(rows: Rows, found: Regression) -> pd.DataFrame:
    setting, sample = rows.setting, rows.sample
    start = setting.start[sample.homes[rows.home]]
    since = np.where(start < len(setting.months), sample.months[rows.month] - start, np.nan)
    values = (
        setting.units.index[sample.homes[rows.home]], setting.months[sample.months[rows.month]].astype("datetime64[s]"),
        since, rows.y, found.fitted, found.fitted * np.exp(-found.beta[-1] * rows.X[:, -1]), np.ones(len(rows.y)),
    )  # fmt: skip
    return pd.DataFrame(dict(zip(AUGMENT, values, strict=True)))
