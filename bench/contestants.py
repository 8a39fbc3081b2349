"""Everybody who takes part in the speed table: `prepare` a panel's file, which is not timed, and `run`, which is.

All fit y ~ Poisson(bed-days · exp(home or cohort + month + effects)) with errors clustered by home. "Saturated": one
effect for each cohort and month; "event study": one for each month since the start, as most software would be asked.
Answers are (estimates, standard errors) of the effects, in an order of which only agreement between runs of the same
model depends: cohort by month, or month since the start.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from panels import COLUMNS, FIRST, starts_of
from precision import in_single_precision

from analysis.admissions import StaggeredRates
from analysis.admissions.compared.groups import by_label
from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.cells import cells, cohort_moments, covariance_by_home, home_moments
from analysis.admissions.engine.cohort_effects import fit_cohorts
from analysis.admissions.engine.contrasts import contrast
from analysis.admissions.engine.estimate import fit_both
from analysis.admissions.engine.saturated import fit_saturated
from analysis.admissions.uncertainty.rule import fit_null
from analysis.design import Design
from analysis.inference.left_out import refit_without_each
from analysis.inference.randomisation import assign, p_value
from analysis.inference.refits import SaturatedFit, refit
from analysis.inference.resampling import drawn_with_replacement
from analysis.panel import Panel

Answer = tuple[np.ndarray, np.ndarray]
NONE = np.zeros(0), np.zeros(0)
DRAWS, PERMUTATIONS = 1_000, 2_000


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """Who, with which model, and how."""

    who: str
    model: str
    prepare: Callable
    run: Callable[..., Answer | None]


def panel_and_design(path):
    """Panel and design of the project, straight from the file."""
    panel = Panel.from_parquet(path)
    start = pd.read_parquet(starts_of(path)).set_index("unit")["start"].reindex(panel.units.index).to_numpy()
    return panel, Design(intervention="bench", start=start, included=np.ones(panel.counts.shape, bool))


def labelled(path):
    """Columns that regression software needs; cells without an admission are left out, which no estimate notices."""
    frame = pq.read_table(path, read_dictionary=["unit"]).to_pandas()
    starts = pd.read_parquet(starts_of(path)).set_index("unit")["start"]
    home, month = frame["unit"].cat.codes, (frame["month"].to_numpy().astype("datetime64[M]") - FIRST).astype(int)
    start = starts.reindex(frame["unit"].cat.categories).to_numpy()[home]
    since = np.where(start >= 0, month - start, -1)
    table = pd.DataFrame(
        {
            "home": home,
            "month": month,
            "start": start,
            "admissions": frame["count"].astype(float),
            "log_bed_days": np.log(frame["exposure"]),
            "cell": np.where(since >= 0, 1000 * (start + 1) + month, 0),
            "event": np.where(since >= 0, since + 1, 0),
        }
    )
    return table[table.groupby("cell")["admissions"].transform("sum") > 0]


def homeward(effects: str):
    """Saturated fit, one effect for each cohort and month, errors clustered by home (CR1)."""

    def run(ready) -> Answer:
        sample = Setting.of(*ready).sample()
        fit = fit_saturated(sample) if effects == "home" else fit_cohorts(sample)
        moments = home_moments(fit) if effects == "home" else cohort_moments(sample, fit)
        return _told(cells(fit, moments, len(sample.homes)))

    return run


def _told(found) -> Answer:
    told = ~np.isnan(found.log_ratio)
    return found.log_ratio[told], found.std_error[told]


def homeward_events(ready) -> Answer:
    """Saturated fit, averaged by month since the start, errors clustered by home (CR1)."""
    setting = Setting.of(*ready)
    sample = setting.sample()
    fit = fit_saturated(sample)
    answer = contrast(fit, by_label(setting.cohort_time(sample), sample.treated_cells & (sample.events > 0)).marks)
    covariance = covariance_by_home(answer.weights, home_moments(fit), len(sample.homes))
    return np.log(answer.observed / answer.expected), np.sqrt(np.diag(covariance))


def homeward_file(path) -> Answer:
    """Read the file, and the same."""
    return homeward_events(panel_and_design(path))


def homeward_whole(ready) -> Answer:
    """Everything the default says but the permutations: CR2, leads, every grouping, bands, diagnostics."""
    table = StaggeredRates(permutations=0).fit(*ready).tidy("event_time")
    rows = table[(table["term"] == "rate_ratio") & (table["event_time"] >= 0)]
    return np.log(rows["estimate"].to_numpy()), (rows["std_error"] / rows["estimate"]).to_numpy()


def single_precision(ready) -> Answer:
    """Make every sum over homes in single precision, at the fit, and take the step it asks for."""
    sample = Setting.of(*ready).sample()
    return _told(in_single_precision(fit_saturated(sample)))


def model_of(path) -> SaturatedFit:
    """Fit a model, to be refitted."""
    sample = Setting.of(*panel_and_design(path)).sample()
    fit = fit_saturated(sample)
    return SaturatedFit(
        counts=sample.counts, fitted=fit.fitted, counterfactual=np.where(sample.treated, fit.counterfactual, 0.0),
        rows=tuple(g.rows for g in sample.cohorts), first=tuple(g.first for g in sample.cohorts),
        informs=tuple(g.informs for g in sample.cohorts),
    )  # fmt: skip


def bootstrap(model) -> Answer:
    """Draw homes anew within cohorts and refit, every draw of which must settle."""
    n, sizes = len(model.counts), [rows.stop - rows.start for rows in model.rows]
    weights = drawn_with_replacement(np.arange(n), np.repeat(np.arange(len(sizes)), sizes), DRAWS, 1)
    return _every(refit(model, weights))


def leave_one_out(model) -> Answer:
    """Refit without each home."""
    return _every(refit_without_each(model))


def _every(found) -> Answer:
    if np.isnan(found).any():
        raise RuntimeError(f"{np.isnan(found).sum()} refits did not settle")
    return np.array([found.mean()]), np.array([found.std()])


def permutations(fit) -> Answer:
    """Permute which homes were treated."""
    assignments = assign(fit.sample.first, len(fit.sample.months), PERMUTATIONS, 1)
    return np.array([p_value(fit_null(fit, 0.0), assignments)]), np.zeros(1)


def fitted(path):
    """Both fits of the default."""
    setting = Setting.of(*panel_and_design(path))
    return fit_both(setting, setting.sample(), "CR1")


def decode(path) -> None:
    """Decode the columns needed, and do nothing with them."""
    pq.read_table(path, columns=COLUMNS, read_dictionary=["unit"])


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
    cell = [name.startswith("cell") for name in fit.feature_names_]
    errors = np.sqrt(np.diag(fit.covariance_matrix(X, y, offset=offset, clusters=clusters)))[1:]
    return fit.coef_[cell], errors[cell]


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
    cell = X.columns.str.startswith("cell")
    return fit.params.to_numpy()[cell], fit.bse.to_numpy()[cell]


HOME, COHORT, EVENTS = "saturated, home effects", "saturated, cohort effects", "event study, home effects"
AVERAGED = "saturated, home effects, averaged by month since the start"


def _ours(model, prepare, run):
    return Contestant(who="Homeward", model=model, prepare=prepare, run=run)


ALL = {
    "homeward": _ours(HOME, panel_and_design, homeward("home")),
    "homeward events": _ours(AVERAGED, panel_and_design, homeward_events),
    "homeward cohorts": _ours(COHORT, panel_and_design, homeward("cohort")),
    "homeward whole": _ours("all the default says (CR2, leads, all groupings)", panel_and_design, homeward_whole),
    "homeward single": _ours("the first, were its sums made in single precision", panel_and_design, single_precision),
    "homeward file": _ours("file to event-study table", lambda path: path, homeward_file),
    "decode": Contestant(
        who="pyarrow", model="decoding the four columns, nothing else", prepare=lambda path: path, run=decode
    ),
    "bootstrap": _ours(f"{DRAWS:,} cluster-bootstrap refits, every one settled", model_of, bootstrap),
    "left out": _ours("a refit without each home", model_of, leave_one_out),
    "permutations": _ours(f"{PERMUTATIONS:,} permutations", fitted, permutations),
    "pyfixest": Contestant(who="pyfixest", model=HOME, prepare=labelled, run=pyfixest("cell")),
    "pyfixest events": Contestant(who="pyfixest", model=EVENTS, prepare=labelled, run=pyfixest("event")),
    "glum": Contestant(who="glum", model=COHORT, prepare=labelled, run=glum),
    "diff-diff": Contestant(who="diff-diff", model=COHORT + ", no bed-days", prepare=labelled, run=diff_diff),
    "statsmodels": Contestant(who="statsmodels", model=HOME, prepare=labelled, run=statsmodels),
}
SAME = {"pyfixest": "homeward", "statsmodels": "homeward", "glum": "homeward cohorts", "homeward single": "homeward"}
"""Whose estimates must equal whose."""
