"""Everybody who takes part in the speed table, each as one function from a panel in memory to estimates with errors.

All fit y ~ Poisson(bed-days · exp(home or cohort + month + effects)) with errors clustered by home. "Saturated": one
effect for each cohort and month; "event study": one for each month since the start, as most software would be asked.
Answers are (estimates, standard errors) of the effects, in an order of which only agreement between runs of the same
model depends: cohort by month, or month since the start.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.admissions.cells import cells, cohort_moments, covariance_by_home, home_moments
from analysis.admissions.cohort_effects import fit_cohorts
from analysis.admissions.contrasts import contrast
from analysis.admissions.groups import by_label
from analysis.admissions.saturated import fit_saturated
from analysis.admissions.setting import Setting
from analysis.design import NEVER, Design
from analysis.panel import Panel

COLUMNS = ("home", "month", "admissions", "bed_days", "start")
"""What a panel is read from; `start` is −1 for homes never treated."""

Answer = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """Who, with which model, and how: `prepare` is not timed, `run` is."""

    who: str
    model: str
    prepare: Callable
    run: Callable[..., Answer]


def dense(frame):
    """Panel and design of the project, from home-months."""
    n, T = int(frame["home"].iloc[-1]) + 1, int(frame["month"].max()) + 1
    counts, exposure, start = np.zeros((n, T), np.int64), np.zeros((n, T)), np.full(n, NEVER)
    home, month = frame["home"].to_numpy(), frame["month"].to_numpy()
    counts[home, month], exposure[home, month] = frame["admissions"].to_numpy(), frame["bed_days"].to_numpy()
    start[home] = frame["start"].to_numpy()
    units = pd.DataFrame(index=pd.RangeIndex(n, name="unit"))
    months = np.datetime64("2012-01", "M") + np.arange(T)
    panel = Panel(
        units=units, months=months, counts=counts, exposure=exposure,
        outcome="admissions", exposure_unit="bed-days", digest="not needed",
    )  # fmt: skip
    return panel, Design(intervention="bench", start=start, included=np.ones((n, T), bool))


def labelled(frame):
    """Columns that regression software needs; cells without an admission are left out, which no estimate notices."""
    since = np.where(frame["start"] >= 0, frame["month"] - frame["start"], -1)
    table = frame.assign(
        log_bed_days=np.log(frame["bed_days"]),
        cell=np.where(since >= 0, 1000 * (frame["start"] + 1) + frame["month"], 0),
        event=np.where(since >= 0, since + 1, 0),
        admissions=frame["admissions"].astype(float),
    )
    return table[table.groupby("cell")["admissions"].transform("sum") > 0]


def homeward(effects: str):
    """Saturated fit, one effect for each cohort and month, errors clustered by home (CR1)."""

    def run(ready) -> Answer:
        sample = Setting.of(*ready).sample()
        fit = fit_saturated(sample) if effects == "home" else fit_cohorts(sample)
        moments = home_moments(fit) if effects == "home" else cohort_moments(sample, fit)
        found = cells(fit, moments, len(sample.homes))
        told = ~np.isnan(found.log_ratio)
        return found.log_ratio[told], found.std_error[told]

    return run


def homeward_events(ready) -> Answer:
    """Saturated fit, averaged by month since the start, errors clustered by home (CR1)."""
    setting = Setting.of(*ready)
    sample = setting.sample()
    fit = fit_saturated(sample)
    answer = contrast(fit, by_label(setting.cohort_time(sample), sample.treated_cells & (sample.events > 0)).marks)
    covariance = covariance_by_home(answer.weights, home_moments(fit), len(sample.homes))
    return np.log(answer.observed / answer.expected), np.sqrt(np.diag(covariance))


def homeward_whole(ready) -> Answer:
    """Everything the default says but the permutations: CR2, leads, every grouping, bands, diagnostics."""
    table = StaggeredRates(permutations=0).fit(*ready).tidy("event_time")
    rows = table[(table["term"] == "rate_ratio") & (table["event_time"] >= 0)]
    return np.log(rows["estimate"].to_numpy()), (rows["std_error"] / rows["estimate"]).to_numpy()


def pyfixest(column: str):
    """Fit by alternating projections."""

    def run(ready) -> Answer:
        import pyfixest as pf  # noqa: PLC0415 - peers are imported only where they run

        fit = pf.fepois(
            f"admissions ~ i({column}, ref=0) | home + month", ready, vcov={"CRV1": "home"}, offset="log_bed_days"
        )
        return fit.coef().to_numpy(), fit.se().to_numpy()

    return run


def glum(ready) -> Answer:
    """Saturated with cohort effects: as categoricals, by iteratively reweighted least squares."""
    from glum import GeneralizedLinearRegressor  # noqa: PLC0415 - peers are imported only where they run

    X, clusters = ready[["start", "month", "cell"]].astype("category"), ready["home"].to_numpy()
    y, offset = ready["admissions"], ready["log_bed_days"]
    fit = GeneralizedLinearRegressor(family="poisson", alpha=0, drop_first=True, gradient_tol=1e-9)
    fit.fit(X, y, offset=offset)
    cells = [name.startswith("cell") for name in fit.feature_names_]
    errors = np.sqrt(np.diag(fit.covariance_matrix(X, y, offset=offset, clusters=clusters)))[1:]
    return fit.coef_[cells], errors[cells]


def diff_diff(ready) -> Answer:
    """Saturated with cohort effects and without bed-days, which it cannot take: its time, not its answer, compares."""
    from diff_diff import WooldridgeDiD  # noqa: PLC0415 - peers are imported only where they run

    table = ready.assign(start=np.where(ready["start"] < 0, 0, ready["start"] + 1), month=ready["month"] + 1)
    model = WooldridgeDiD(method="poisson", cluster="home")
    found = model.fit(table, outcome="admissions", unit="home", time="month", cohort="start")
    effects = found.group_time_effects.values()
    return np.array([e["att"] for e in effects]), np.array([e["se"] for e in effects])


def statsmodels(ready) -> Answer:
    """Saturated, with a dummy variable for every home."""
    import statsmodels.api as sm  # noqa: PLC0415 - peers are imported only where they run

    X = pd.get_dummies(ready[["home", "month", "cell"]].astype("category"), drop_first=True, dtype=float)
    X.insert(0, "constant", 1.0)
    model = sm.GLM(ready["admissions"], X, family=sm.families.Poisson(), offset=ready["log_bed_days"])
    fit = model.fit(tol=1e-12, cov_type="cluster", cov_kwds={"groups": ready["home"]})
    cells = X.columns.str.startswith("cell")
    return fit.params.to_numpy()[cells], fit.bse.to_numpy()[cells]


HOME, COHORT, EVENTS = "saturated, home effects", "saturated, cohort effects", "event study, home effects"
AVERAGED = "saturated, home effects, averaged by month since the start"
EVERYTHING = "all the default says (CR2, leads, all groupings)"

ALL = {
    "homeward": Contestant(who="Homeward", model=HOME, prepare=dense, run=homeward("home")),
    "homeward events": Contestant(who="Homeward", model=AVERAGED, prepare=dense, run=homeward_events),
    "homeward cohorts": Contestant(who="Homeward", model=COHORT, prepare=dense, run=homeward("cohort")),
    "homeward whole": Contestant(who="Homeward", model=EVERYTHING, prepare=dense, run=homeward_whole),
    "pyfixest": Contestant(who="pyfixest", model=HOME, prepare=labelled, run=pyfixest("cell")),
    "pyfixest events": Contestant(who="pyfixest", model=EVENTS, prepare=labelled, run=pyfixest("event")),
    "glum": Contestant(who="glum", model=COHORT, prepare=labelled, run=glum),
    "diff-diff": Contestant(who="diff-diff", model=COHORT + ", no bed-days", prepare=labelled, run=diff_diff),
    "statsmodels": Contestant(who="statsmodels", model=HOME, prepare=labelled, run=statsmodels),
}
SAME = {"pyfixest": "homeward", "statsmodels": "homeward", "glum": "homeward cohorts"}
"""Whose estimates must equal whose."""
