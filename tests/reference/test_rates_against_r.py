"""Does the admission-rate engine give what R's own glm gives, with a dummy for every home, month and treated cell?

R's numbers are stored in r/ beside the script that made them (rates.R). Convention: CR1 = G / (G - 1) · CR0, with G
homes; CR2 and its degrees of freedom take the residuals of the model with one common effect, on the Pearson scale.
"""

import numpy as np
import pytest
from reference_panels import as_design, as_panel, covariance, facts, rows, stored

from analysis.admissions import StaggeredRates
from analysis.admissions.compared.sample import take
from analysis.admissions.engine.contrasts import contrast, home_month_weights
from analysis.admissions.engine.saturated import fit_saturated
from tests.costs import in_the_proof

COMPLETE = ("staggered", "unbalanced", "no_never", "one_start", "overdispersed")
"""Panels in which every treated start x month has events."""
EVERY = (*COMPLETE, "sparse")
GROUPINGS = ("overall", "event_time", "cohort", "calendar")

ESTIMATE = 1e-9  # R stores 12 digits; its own convergence is 1e-15 in deviance
ERROR = 1e-8  # R's gradients are numerical


def fitted(name, *, vcov, comparison="not_yet_treated"):
    frame = rows(name)
    model = StaggeredRates(comparison=comparison, vcov=vcov, permutations=19)
    return model.fit(as_panel(frame), as_design(frame, comparison))


def after_start(effects, by):
    """Rate ratios of one grouping in its own order; for event time, the months from the start on."""
    table = effects.tables[by].query("term == 'rate_ratio'")
    return table[table[by] >= 0] if by == "event_time" else table


def log_errors(table):
    with np.errstate(invalid="ignore"):
        return (table["std_error"] / table["estimate"]).to_numpy()


def r_rows(name, by):
    return stored(f"{name}_effects").query("by == @by").reset_index(drop=True)


@pytest.mark.parametrize("by", GROUPINGS)
@pytest.mark.parametrize("name", EVERY)
def test_usual_errors_are_those_of_r(name, by):
    ours, theirs = after_start(fitted(name, vcov="CR1"), by), r_rows(name, by)
    with_events = (theirs["observed"] > 0).to_numpy()
    G = facts(f"{name}_effects")["G"]
    ratio = np.exp(theirs["log_rate_ratio"])[with_events]
    expected = theirs["log_rate_ratio_cr0"][with_events] * np.sqrt(G / (G - 1))
    assert ours["estimate"][with_events].to_numpy() == pytest.approx(ratio.to_numpy(), rel=ESTIMATE)
    assert log_errors(ours)[with_events] == pytest.approx(expected.to_numpy(), rel=ERROR)
    assert (ours["estimate"][~with_events] == 0).all()


@pytest.mark.parametrize("by", GROUPINGS)
@pytest.mark.parametrize("name", COMPLETE)
def test_bias_reduced_errors_and_degrees_of_freedom_are_those_of_r(name, by):
    effects, theirs = fitted(name, vcov="CR2"), r_rows(name, by)
    assert log_errors(after_start(effects, by)) == pytest.approx(theirs["log_rate_ratio_cr2"].to_numpy(), rel=ERROR)
    df = effects.diagnostics["degrees_of_freedom"].query("by == @by")
    df = df[df["key"].astype(int) >= 0] if by == "event_time" else df
    assert df["df"].to_numpy() == pytest.approx(theirs["df"].to_numpy(), rel=ERROR)


@pytest.mark.parametrize("name", EVERY)
def test_totals_are_those_of_r(name):
    table = fitted(name, vcov="CR1").tables["calendar"].set_index("term")
    theirs = r_rows(name, "calendar")
    assert table.loc["admissions_averted", "estimate"].to_numpy() == pytest.approx(
        theirs["averted"].to_numpy(), abs=1e-7
    )
    difference = table.loc["rate_difference_per_1000_bed_days", "estimate"].to_numpy()
    assert difference == pytest.approx(theirs["rate_difference"].to_numpy(), abs=ESTIMATE)


@pytest.mark.parametrize("name", COMPLETE)
def test_whole_covariance_of_the_event_study_is_that_of_r(name):
    effects = fitted(name, vcov="CR1")
    times = effects.tables["event_time"].query("term == 'rate_ratio'")["event_time"].to_numpy()
    ours = effects.covariance["event_time"][np.ix_(times >= 0, times >= 0)]
    G = facts(f"{name}_effects")["G"]
    theirs = covariance(f"{name}_event_time_covariance", list(times[times >= 0])) * G / (G - 1)
    assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-9)


def expected_errors(theirs, vcov, G):
    """R's errors of log rate ratios, with the factor the engine states."""
    if vcov == "CR2":
        return theirs["log_rate_ratio_cr2"].to_numpy()
    return theirs["log_rate_ratio_cr0"].to_numpy() * np.sqrt(G / (G - 1))


def assert_same(ours, theirs, vcov, G):
    assert np.log(ours["estimate"]).to_numpy() == pytest.approx(theirs["log_rate_ratio"].to_numpy(), abs=ESTIMATE)
    assert log_errors(ours) == pytest.approx(expected_errors(theirs, vcov, G), rel=ERROR)


@pytest.mark.parametrize("vcov", ["CR1", "CR2"])
@pytest.mark.parametrize("name", ["staggered", "unbalanced"])
def test_months_before_the_start_are_those_of_r(name, vcov):
    theirs = stored(f"{name}_leads_effects")
    ours = fitted(name, vcov=vcov).tables["event_time"].query("term == 'rate_ratio' and event_time < 0")
    assert ours["event_time"].tolist() == theirs["key"].tolist()
    assert_same(ours, theirs, vcov, facts(f"{name}_leads_effects")["G"])


@pytest.mark.parametrize("vcov", ["CR1", "CR2"])
@pytest.mark.parametrize("name", ["staggered", "unbalanced"])
def test_subgroups_are_those_of_r(name, vcov):
    ours = fitted(name, vcov=vcov).tables["subgroup"].query("term == 'rate_ratio'")
    assert_same(ours, stored(f"{name}_home_type_effects"), vcov, facts(f"{name}_home_type_effects")["G"])


@pytest.mark.parametrize("vcov", ["CR1", "CR2"])
@pytest.mark.parametrize("by", GROUPINGS)
@pytest.mark.parametrize("name", ["staggered", "unbalanced"])
def test_never_treated_comparison_is_that_of_r(name, by, vcov):
    ours = after_start(fitted(name, vcov=vcov, comparison="never_treated"), by)
    assert_same(ours, r_rows(f"{name}_never", by), vcov, facts(f"{name}_never_effects")["G"])


@pytest.mark.parametrize("name", ["staggered", "unbalanced", "one_start", "overdispersed", "sparse"])
def test_every_treated_cell_and_its_covariance_are_those_of_r(name):
    panel, design = as_panel(rows(name)), as_design(rows(name))
    n, T = panel.counts.shape
    start = np.where(design.start < 0, T, design.start)
    sample = take(panel.counts, panel.exposure, start, stratum=np.zeros(n, np.int64), never_only=False)
    fit = fit_saturated(sample)
    theirs = stored(f"{name}_delta")
    places = theirs["cell"].str.extract(r"s(\d+)\.m(\d+)").astype(int).to_numpy()
    months = np.arange(T)
    first = np.array([[g.first] for g in sample.cohorts])
    cells = contrast(fit, np.array([(first == s) & (months == m) & sample.treated_cells for s, m in places]))
    delta = np.log(cells.observed / cells.expected)
    residuals = sample.counts - fit.fitted
    scores = np.array([(home_month_weights(fit, cells, k) * residuals).sum(axis=1) for k in range(len(places))])
    assert delta == pytest.approx(theirs["delta"].to_numpy(), abs=ESTIMATE)
    expected = covariance(f"{name}_delta_covariance", theirs["cell"].tolist())
    assert scores @ scores.T == pytest.approx(expected, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", ["staggered", "one_start"])
def test_a_fit_without_bed_days_would_have_been_wrong(name):
    """The stored panels can tell: bed-days fall after the start, so a forgotten offset shows."""
    frame = rows(name)
    without = StaggeredRates(permutations=19).fit(as_panel(frame.assign(bed_days=1000)), as_design(frame))
    theirs = r_rows(name, "overall")["log_rate_ratio"][0]
    assert abs(np.log(without.tidy()["estimate"][0]) - theirs) > 0.01


@pytest.mark.parametrize(
    "name", ["one_start", in_the_proof("staggered", name="staggered"), in_the_proof("unbalanced", name="unbalanced")]
)
def test_leaving_out_each_home_gives_what_r_gives(name):
    theirs = stored(f"{name}_without_home").set_index("home")["log_rate_ratio"]
    model = StaggeredRates(vcov="CR1", leads=0, subgroups=(), permutations=0)
    frame = rows(name)
    ours = {}
    for home in theirs.index:
        left = frame[frame["home"] != home]
        ours[home] = np.log(model.fit(as_panel(left), as_design(left)).tables["overall"]["estimate"][0])
    assert list(ours.values()) == pytest.approx(theirs.to_numpy(), abs=ESTIMATE)


@pytest.mark.parametrize("vcov", ["CR1", "CR2"])
def test_errors_of_admissions_averted_are_those_of_r(vcov):
    """Averted = C − O moves with both; holding C fixed covers 85% where the rate ratio covers 96%."""
    table = fitted("staggered", vcov=vcov).tables["overall"].set_index("term")
    theirs = r_rows("staggered", "overall").loc[0]
    G = facts("staggered_effects")["G"]
    expected = theirs["averted_cr0"] * np.sqrt(G / (G - 1)) if vcov == "CR1" else theirs["averted_cr2"]
    assert table.loc["admissions_averted", "std_error"] == pytest.approx(expected, rel=ERROR)
    difference = table.loc["rate_difference_per_1000_bed_days", "std_error"]
    per_admission = theirs["rate_difference_cr0"] / theirs["averted_cr0"]
    assert difference == pytest.approx(expected * per_admission, rel=ERROR)
