"""Do the models of ratings answer on real inspections, refuse in words, and say what is true of a known county?"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.design import Plan
from analysis.errors import AnalysisError
from analysis.evaluation import evaluate
from analysis.inference.scores import clusters, uncertainty
from analysis.inspections import stored_inspections
from analysis.outcomes import Ratings
from analysis.protocol import Protocol
from analysis.ratings.landmark import followed
from analysis.ratings.multi_state.fit import fit_followed
from analysis.ratings.multi_state.model import MultiState
from analysis.ratings.next_rating.model import NextRating
from analysis.ratings.records import Records
from analysis.ratings.sensitivity import curve, fewer_others, tip
from analysis.ratings.timing import timing
from analysis.results import AUGMENT, GLANCE, MONTHS_SAVED, PROBABILITY_DIFFERENCE, RATIO_DOWN, RATIO_UP, TIDY
from analysis.simulate.moves import MovesSpec, simulate_moves
from analysis.sources import read
from analysis.store import Store


@pytest.fixture(scope="module")
def county():
    """Inspections and supported homes of the sample county."""
    from pathlib import Path  # noqa: PLC0415

    folder = Path(__file__).resolve().parents[2] / "data" / "sample"
    store = Store.in_memory()
    for name in ("cqc_api_locations.jsonl.gz", "cqc_latest_ratings.csv", "interventions.csv"):
        store.load(read(name, folder / name))
    spells = store.table("interventions").query("intervention == 'manager_training'")
    return stored_inspections(store), spells.set_index("location_id")["started"]


def test_the_next_rating_answers_in_probabilities(county):
    effects = NextRating().fit(*county)
    overall = effects.tidy().iloc[0]
    chances = effects.diagnostics["chances"].set_index("group")
    assert list(effects.tidy().columns) == ["overall", *TIDY]
    assert overall["term"] == PROBABILITY_DIFFERENCE
    assert overall["estimate"] == pytest.approx(chances.loc["all", "with"] - chances.loc["all", "without"])
    assert overall["conf_low"] < overall["estimate"] < overall["conf_high"]
    # What the groups say, weighted by their inspections, is what all say.
    groups = chances.drop(index="all")
    assert np.average(groups["with"], weights=groups["inspections"]) == pytest.approx(chances.loc["all", "with"])
    assert list(effects.glance().columns) == list(GLANCE)
    cells = effects.augment()
    assert list(cells.columns) == list(AUGMENT)
    assert cells["fitted"].mean() == pytest.approx(cells["observed"].mean(), abs=0.02)


def test_months_saved_beyond_the_two_years_they_are_of_are_not_told(sample_store):
    """One of the sample's interventions on one key question: the ends lay at 1,376 months."""
    asked = Protocol(plan=Plan(intervention="rapid_response"), outcome=Ratings(key_question="Effective"),
                     methods=("multi_state",), checks=())  # fmt: skip
    (effects,) = evaluate(asked, sample_store).answers.values()
    saved = effects.tidy().set_index("term").loc[MONTHS_SAVED, ["estimate", "conf_low", "conf_high"]]
    assert saved.isna().all()
    assert any("beyond the time itself" in note for note in effects.notes)


def test_the_model_of_moves_answers_on_real_inspections(county):
    effects = MultiState().fit(*county)
    tidy = effects.tidy().set_index("term")
    assert list(tidy.index) == [RATIO_UP, RATIO_DOWN, MONTHS_SAVED]
    assert effects.summary["converged"]
    assert (tidy["conf_low"] < tidy["estimate"]).all()
    assert (tidy["estimate"] < tidy["conf_high"]).all()
    chances = effects.diagnostics["after"]
    assert chances.iloc[:, 3:].sum(axis=1).to_numpy() == pytest.approx(1.0)
    cells = effects.augment()
    assert cells["fitted"].mean() == pytest.approx(cells["observed"].mean(), abs=0.03)


@pytest.mark.parametrize("model", [NextRating(), MultiState()], ids=["next rating", "moves"])
def test_refusals_are_sentences(county, model):
    inspections, started = county
    with pytest.raises(AnalysisError, match="No home is said to be supported"):
        model.fit(inspections, started.iloc[:0])
    with pytest.raises(AnalysisError, match="No supported home was watched after it started"):
        model.fit(inspections, started + pd.Timedelta(days=36500))
    with pytest.raises(AnalysisError, match="No supported home was watched"):
        model.fit(inspections, pd.Series(started.to_numpy()[:2], index=["nowhere", "nothing"]))


def test_two_supported_homes_get_no_interval(county):
    inspections, started = county
    effects = NextRating().fit(inspections, started.iloc[:2])
    assert np.isnan(effects.tidy()["conf_low"].iloc[0])
    assert any("too few for any interval" in note for note in effects.notes)


def test_weights_balance_inspections_that_risk_brought():
    """Homes with risk are inspected three times as often; weighted, their share is that of the time watched."""
    seen = simulate_moves(MovesSpec(n_homes=1500, supported=300), 21)
    rng = np.random.default_rng(3)
    risky = (rng.random(1500) < 0.5)[seen.home].astype(float)
    # Thinning: of homes without risk, two in three inspections never took place, and the home was open longer unseen.
    kept = (risky > 0) | (seen.became < 0) | (rng.random(len(seen.home)) < 1 / 3)
    lasting = type(seen)(
        home=seen.home[kept], begin=seen.begin[kept], end=seen.end[kept], rated=seen.rated[kept],
        became=seen.became[kept], started=seen.started, attributes=seen.attributes, breaks=seen.breaks,
    )  # fmt: skip
    found = timing(lasting, ["nursing"], risky[kept])
    ratio = found.ratios.set_index("term").loc["each key question below Good", "estimate"]
    ended = lasting.became >= 0
    rate = [ended[risky[kept] == r].sum() / (lasting.end - lasting.begin)[risky[kept] == r].sum() for r in (0, 1)]
    assert ratio == pytest.approx(rate[1] / rate[0], rel=0.25)
    assert found.weight[ended & (risky[kept] == 0)].mean() > 1 > found.weight[ended & (risky[kept] == 1)].mean()
    assert found.weight[ended].mean() == pytest.approx(1.0)


def test_how_often_homes_are_inspected_is_told_beside_another_intervention_too():
    """The page ended in an error where an answer was to be net of another intervention."""
    seen = simulate_moves(MovesSpec(n_homes=300, supported=80), 22)
    begun = np.where(np.arange(300) % 3 == 0, np.median(seen.begin), np.inf)
    risk = np.arange(len(seen.home)) % 2 + 0.0
    terms = [*timing(replace(seen, other=begun), ["nursing"], risk).ratios["term"]]
    assert terms[-2:] == ["another intervention", "each key question below Good"]
    assert [*timing(seen, ["nursing"], risk).ratios["term"]] == [term for term in terms if term != terms[-2]]


def test_poisson_rates_are_inspections_over_years():
    seen = simulate_moves(MovesSpec(n_homes=300, supported=80), 22)
    rates = timing(seen, ["nursing"], np.zeros(len(seen.home)) + np.arange(len(seen.home)) % 2).rates
    assert rates["inspections"].sum() == (seen.became >= 0).sum()
    assert rates["years"].sum() == pytest.approx((seen.end - seen.begin).sum())


def test_tipping_point_is_interpolated():
    assert tip(np.array([1.0, 2.0, 4.0]), np.array([2.0, 1.0, 0.5])) == pytest.approx(2.0)
    assert tip(np.array([1.0, 2.0, 4.0]), np.array([2.0, np.sqrt(2), 1 / np.sqrt(2)])) == pytest.approx(np.sqrt(8))
    assert np.isnan(tip(np.array([1.0, 2.0]), np.array([2.0, 1.5])))
    assert np.isnan(tip(np.array([1.0, 2.0]), np.array([0.9, 0.8])))


def recorded(seen):
    homes = np.array([f"H{k}" for k in range(len(seen.started))])
    return Records(watched=seen, homes=homes, provider=np.arange(len(homes)),
                   supported=int(np.isfinite(seen.started).sum()), unknown=0)  # fmt: skip


def test_curve_begins_with_the_model_itself_and_falls():
    seen = simulate_moves(MovesSpec(n_homes=250, supported=100, ratio_up=1.5), 23)
    since = followed(recorded(seen))
    fit = fit_followed(since)
    frame = curve(since, "better_sooner", (1.0, 4.0), fit)
    assert frame["estimate"].iloc[0] == pytest.approx(np.exp(fit.theta[fit.log_ratios[0]]), rel=1e-6)
    assert frame["estimate"].iloc[1] < frame["estimate"].iloc[0]


def test_fewer_others_keeps_every_supported_home():
    seen = simulate_moves(MovesSpec(n_homes=2000, supported=100), 24)
    fewer = fewer_others(recorded(seen), 1)
    assert len(fewer.homes) == 1600
    assert np.isfinite(fewer.watched.started).sum() == 100
    assert len(fewer.watched.home) == np.isin(seen.home, [int(name[1:]) for name in fewer.homes]).sum()


@pytest.mark.parametrize(("m", "supported"), [(12, 3), (90, 45)], ids=["few", "many, corrected by the series"])
def test_corrected_variance_of_a_linear_model_is_bell_and_mccaffreys(m, supported):
    """With unit working variance the score form is the linear CR2 with its degrees of freedom, by its own formula."""
    rng, n = np.random.default_rng(9), 4 * m
    cluster = np.repeat(np.arange(m), 4)
    X = np.column_stack([np.ones(n), cluster < supported, rng.standard_normal(n)])
    y = rng.standard_normal(n) + rng.standard_normal(m)[cluster]

    def scores_at(beta):
        return np.stack([np.bincount(cluster, column) for column in (X * (y - X @ beta)[:, None]).T], axis=1)

    beta = np.linalg.lstsq(X, y, rcond=None)[0]
    ours = uncertainty(np.array([[0.0, 1.0, 0.0]]), clusters(scores_at, beta))
    inverse, residual = np.linalg.inv(X.T @ X), y - X @ beta
    hat, parts, g = X @ inverse @ X.T, 0.0, []
    for c in range(m):
        own = cluster == c
        value, vector = np.linalg.eigh(np.eye(4) - hat[np.ix_(own, own)])
        root = np.where(value > 1e-9, 1 / np.sqrt(np.maximum(value, 1e-9)), 0)
        weights = (vector * root) @ vector.T @ X[own] @ inverse[:, 1]
        parts += (weights @ residual[own]) ** 2
        whole = np.zeros(n)
        whole[own] = weights
        g.append((np.eye(n) - hat) @ whole)
    G = np.array(g) @ np.array(g).T
    assert ours.std_error[0] == pytest.approx(np.sqrt(parts), rel=1e-4)
    assert ours.df[0] == pytest.approx(np.trace(G) ** 2 / (G**2).sum(), rel=1e-4)


def test_each_chance_has_an_interval_of_its_own(county):
    """Worked out for the log odds: it lies evenly around them, and within 0 and 1."""
    chances = NextRating().fit(*county).diagnostics["chances"]
    for name in ("without", "with"):
        low, middle, high = (chances[f"{name}{end}"].to_numpy() for end in ("_low", "", "_high"))
        assert ((low > 0) & (low < middle) & (middle < high) & (high < 1)).all()
        odds = [np.log(p / (1 - p)) for p in (low, middle, high)]
        assert odds[1] == pytest.approx((odds[0] + odds[2]) / 2)
