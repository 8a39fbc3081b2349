"""A ratio of days over an exposure is that of a regression by statsmodels; few homes and few stays are not told.

Independent: a Poisson regression with a level for each home and month and an effect for each start and month since;
days with the intervention over those that it expects without these effects.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.admissions.stays import FEW_HOMES, StayRatios, as_told
from analysis.design import Plan, design_from
from analysis.errors import AnalysisError
from analysis.evaluation import evaluate
from analysis.figures.by_outcome import figures_of, in_words, source_of
from analysis.outcomes import Stays
from analysis.panel.stays import MEASURES, stays_panel
from analysis.protocol import Protocol
from analysis.reports.designs import facts_of
from analysis.results import NOT_SHOWN, RATE_RATIO
from analysis.simulate.stays import INTERVENTION, StayWorld, simulate_stays, store_of

LESS = StayWorld(homes=40, supported=14, months=30, admissions=0.8, evening=0.7, days=0.7, waits=0.6)


@pytest.fixture(scope="module")
def store():
    return store_of(simulate_stays(LESS, 11))


def asked(measure):
    return Protocol(plan=Plan(intervention=INTERVENTION), outcome=Stays(measure=measure))


@pytest.fixture(scope="module")
def answered(store):
    return {measure: evaluate(asked(measure), store) for measure in MEASURES}


def regressed(panel, start):
    """Give observed over expected of home-months with the intervention, by statsmodels."""
    frame = panel.tidy()
    began = pd.Series(start, panel.units.index).reindex(frame["unit"]).to_numpy()
    on = (began >= 0) & (panel.month_index(frame["month"]) >= began)
    levels = pd.get_dummies(frame[["unit", "month"]].astype(str), dtype=float, drop_first=True)
    since = pd.Series(np.where(on, [f"{b} {m}" for b, m in zip(began, frame["month"], strict=True)], None))
    effects = pd.get_dummies(since, dtype=float)
    design = sm.add_constant(pd.concat([levels, effects], axis=1))
    offset = np.log(frame["exposure"])
    fit = sm.GLM(frame["count"], design, family=sm.families.Poisson(), offset=offset).fit(tol=1e-13, maxiter=300)
    without = fit.predict(design.assign(**dict.fromkeys(effects, 0.0)), offset=offset)
    return frame.loc[on, "count"].sum() / without[on].sum()


@pytest.mark.parametrize("measure", ["hospital_bed_days", "length_of_stay"])
def test_the_ratio_is_that_of_a_poisson_regression_of_statsmodels(answered, measure):
    found = answered[measure]
    ratio = found.effects.tidy().set_index("term").loc[RATE_RATIO, "estimate"]
    assert ratio == pytest.approx(regressed(found.observed, found.design.start), rel=1e-6)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_is_answered_doubted_and_told(answered, measure):
    found = answered[measure]
    assert len(found.checks) == 3 and all(check.reading for check in found.checks)
    assert Protocol.read(found.protocol.to_toml()) == found.protocol
    words = in_words(found, "a test")
    assert found.headline in words and "admissions averted" not in words
    titles = [figure.title for figure in figures_of(found, source_of(found, "a test"))]
    assert titles[0] == "The answer" and "What this cannot tell you" in titles
    assert facts_of(found).question.startswith("Did the support change")


def test_what_is_told_is_near_what_the_store_holds(answered):
    for measure in ("out_of_hours", "length_of_stay"):
        own, shown = (effects.tidy().set_index("term").loc[RATE_RATIO]
                      for effects in (answered[measure].effects, answered[measure].published))  # fmt: skip
        assert shown["conf_low"] < own["estimate"] < shown["conf_high"]


def test_files_hold_no_sum_of_days_by_home_or_quarter(answered):
    files = answered["hospital_bed_days"].files()
    assert b"quarter" not in files["diagnostics.csv"]
    terms = {line.split(",")[2] for line in files["effects.csv"].decode().splitlines()[1:]}
    assert terms <= {RATE_RATIO} or RATE_RATIO in files["effects.csv"].decode()


def test_two_homes_on_a_side_are_not_told(store):
    spells = store.table("interventions").head(2)
    panel = stays_panel(store, Stays(measure="length_of_stay"))
    design = design_from(panel, spells, Plan(intervention=INTERVENTION))
    found = StayRatios().fit(panel, design)
    shown = as_told(found, replace(panel, unseen=np.zeros(panel.counts.shape, bool)), design, 1)
    assert shown.summary[NOT_SHOWN] == FEW_HOMES and shown.tidy()["estimate"].isna().all()


def test_few_delays_are_not_told_and_why_is_said(answered):
    found = answered["delayed_days"]
    if found.published.tidy()["estimate"].isna().all():
        assert "few delayed days stand behind it" in found.headline


def test_a_refusal_speaks_of_what_was_asked(store):
    panel = stays_panel(store, Stays())
    spells = store.table("interventions").assign(location_id=panel.units.index[:14], started=pd.Timestamp("2019-09-01"))
    every = pd.concat([spells.head(1).assign(location_id=unit) for unit in panel.units.index])
    with pytest.raises(AnalysisError, match="same month"):
        StayRatios().fit(panel, design_from(panel, every, Plan(intervention=INTERVENTION)))
    nothing = replace(panel, counts=np.zeros_like(panel.counts), digest="")
    with pytest.raises(AnalysisError, match="no emergency admissions out of hours in any home"):
        StayRatios().fit(nothing, design_from(panel, spells, Plan(intervention=INTERVENTION)))
