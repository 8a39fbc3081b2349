"""Homes in which something else was done: compared until it began, or kept, in every answer alike, and counted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from analysis.errors import AnalysisError
from analysis.inspections import Spells, spells_of
from analysis.ratings import ObservedExpected
from analysis.ratings.curves import OTHERS, supported_curves
from analysis.ratings.key_questions import supported_by_question
from analysis.ratings.multi_state.fit import fit_moves
from analysis.ratings.multi_state.model import MultiState
from analysis.ratings.next_rating.model import NextRating, _sample
from analysis.ratings.observed_expected import overall
from analysis.ratings.other_interventions import until_other
from analysis.ratings.programme import beside_others, programme
from analysis.simulate.moves import MovesSpec, simulate_moves
from analysis.simulate.renewal import simulate_spells
from tests.ratings.test_honest_comparisons import recorded
from tests.ratings.test_observed_expected import RI, START, SUPPORTED, inspections, others, starts

TOUCHED = [f"other {RI} 2017-10-01 {n}" for n in range(3)]
ELSEWHERE = pd.Series(pd.Timestamp("2017-06-01"), index=TOUCHED)


@pytest.fixture(scope="module")
def known():
    return inspections(SUPPORTED | others(15, 10))


@pytest.fixture(scope="module")
def county():
    """A county of homes that are alike, of which 20 are supported and 15 others had something else done."""
    rng = np.random.default_rng(12)
    spells = simulate_spells(rng, 400, until=np.datetime64("2022-01-01"), home_sd=0.0)
    day = pd.Timestamp("2018-04-01")
    low = spells.loc[(spells["start"] <= day) & (spells["end"] > day) & (spells["rating"] < "Good"), "home"]
    spells = spells.assign(home=[f"h{home:03}" for home in spells["home"]])
    names = [f"h{home:03}" for home in low]
    whole = Spells(frame=spells, key_question="Overall", until=spells["end"].max(), homes_left=1, homes_again=0)
    other = pd.Series(day, index=names[20:35])
    return whole, pd.Series(day, index=names[:20]), other


def test_a_home_is_followed_until_something_else_begins_there(known):
    spells = spells_of(known)
    cut = until_other(spells, starts("a"), pd.concat([ELSEWHERE, pd.Series(START, index=["a"])])).frame
    for home in TOUCHED:
        assert cut.loc[cut["home"] == home, ["end", "ended"]].values.tolist() == [
            [pd.Timestamp("2017-06-01"), "in sight no longer"]
        ]
        assert cut.loc[cut["home"] == home, "next_rating"].isna().all()
    rest = ~spells.frame["home"].isin(TOUCHED)
    pd.testing.assert_frame_equal(
        cut.loc[~cut["home"].isin(TOUCHED)].reset_index(drop=True), spells.frame.loc[rest].reset_index(drop=True)
    )


def test_observed_over_expected_leaves_them_out_or_keeps_them_and_counts_them(known):
    started = starts("a", "b", "c")
    out = ObservedExpected().fit(known, started, ELSEWHERE)
    kept = ObservedExpected(other_interventions="keep").fit(known, started, ELSEWHERE)
    assert out.summary["exposure"] == pytest.approx(3 * 12 / 22)  # three of the 15 that were rated better are out
    assert kept.summary["exposure"] == pytest.approx(3 * 15 / 25)
    assert "3 other homes like them had another intervention before the next rating, and are left out." in out.notes
    assert any("and are kept, as if nothing had been done there." in note for note in kept.notes)
    assert ObservedExpected().fit(known, started).notes == ()


def test_supported_homes_with_something_else_are_told(known):
    other = pd.Series(pd.to_datetime(["2017-05-01", "2018-05-01"]), index=["a", "b"])
    found = programme(known, starts("a", "b", "c"), other=other)
    assert (found.both, found.with_other) == (1, 0)
    notes = ObservedExpected().fit(known, starts("a", "b", "c"), other).notes
    assert "1 supported home had another intervention too by then: what it did is in the answer." in notes


def test_models_see_nothing_of_a_home_after_something_else_began(county):
    whole, started, other = county
    known = inspections({home: [] for home in whole.frame["home"].unique()})
    cut = until_other(whole, started, other)
    gone = replace(whole, frame=whole.frame.loc[~whole.frame["home"].isin(other.index)].reset_index(drop=True))
    n = NextRating().fit_spells(known, whole, started).summary["n_comparison"]
    found = NextRating().fit_spells(known, cut, started)
    assert found.summary["n_comparison"] < n
    assert found.tidy()["estimate"].iloc[0] == NextRating().fit_spells(known, gone, started).tidy()["estimate"].iloc[0]
    cells = MultiState().fit_spells(known, cut, started).augment()
    last = cells.loc[cells["unit"].isin(other.index), "month"].max()
    assert pd.isna(last) or last <= other.max()


def test_supported_homes_that_none_are_like_are_left_out_of_both_models_and_counted(county):
    whole, started, _ = county
    known = inspections({home: [] for home in whole.frame["home"].unique()})
    day = started.iloc[0]
    stood = whole.frame.loc[(whole.frame["start"] <= day) & (whole.frame["end"] > day)].set_index("home")
    worst = stood.index[(stood["rating"] == "Inadequate").to_numpy()]
    assert len(worst)  # all of them are supported, so no other home is like them
    started = pd.Series(day, index=started.index.union(worst))
    for model in (NextRating(), MultiState()):
        found = model.fit_spells(known, whole, started)
        assert any("left out here: when support began, no other home was like" in note for note in found.notes)
        assert found.summary["n_treated"] <= len(started) - len(worst)
        with pytest.raises(AnalysisError, match="Too few homes can be compared"):
            model.fit_spells(known, whole, pd.Series(day, index=worst))


def test_curves_end_there_too(county):
    whole, started, other = county
    gone = replace(whole, frame=whole.frame.loc[~whole.frame["home"].isin(other.index)].reset_index(drop=True))

    def better(found):
        part = found.frame.loc[found.frame["who"] == OTHERS]
        return part.loc[part["years"] <= 1.0, "better"].iloc[-1]

    cut = better(supported_curves(whole, started, other))
    assert cut == pytest.approx(better(supported_curves(gone, started)), abs=0.02)
    assert cut != better(supported_curves(whole, started))


def test_key_questions_take_the_same_choice(known):
    frame = known.frame.assign(key_question="Safe")
    safe = replace(known, frame=frame)
    started = starts("a", "b", "c")
    out, kept = (
        supported_by_question(safe, started, ELSEWHERE, choice).set_index("question").loc["Safe", "expected"]
        for choice in ("leave out", "keep")
    )
    assert (out, kept) == (pytest.approx(3 * 12 / 22), pytest.approx(3 * 15 / 25))


@pytest.mark.parametrize(
    ("model", "wrong"),
    [
        (MultiState, {"cluster": "provder"}),
        (MultiState, {"other_interventions": "out"}),
        (NextRating, {"weights": "inverse"}),
        (NextRating, {"random_intercept": "yes"}),
        (NextRating, {"conf_level": 95}),
        (ObservedExpected, {"key_question": "safe"}),
    ],
)
def test_an_option_that_does_not_exist_is_refused(model, wrong):
    (name, value), *_ = wrong.items()
    with pytest.raises(ValueError, match=f"{name} is {value!r}; expected"):
        model(**wrong)


def test_expected_of_a_home_with_something_else_is_that_of_others_with_it(known):
    """a and three others had something else by their next rating: (3 + 15/25) / 4; b and c: (12 + 15/25) / 23 each."""
    other = pd.concat([ELSEWHERE, pd.Series(pd.Timestamp("2017-05-01"), index=["a"])])
    found = ObservedExpected(other_interventions="estimate").fit(known, starts("a", "b", "c"), other)
    assert found.summary["exposure"] == pytest.approx((3 + 0.6) / 4 + 2 * (12 + 0.6) / 23)
    assert "1 supported home had another intervention too by then: they are compared only with" in " ".join(found.notes)
    alone = ObservedExpected(other_interventions="estimate").fit(known, starts("a", "b", "c"), other.loc[["a"]])
    assert alone.summary["n_treated"] == 2  # nobody else had it: a is left out and counted
    assert any("could not be compared" in note for note in alone.notes)


@pytest.fixture(scope="module")
def helped_by_another():
    """Homes alike, of which half have something else that triples the odds of every rating; support does nothing.

    Six in seven of the supported homes have it, so that support seems to help.
    """
    rng = np.random.default_rng(8)
    has = rng.random(2_500) < 1 / 2
    spells = simulate_spells(
        rng, len(has), until=np.datetime64("2022-01-01"), home_sd=0.0, helped=np.log(3.0) * (has - 0.5)
    )
    day = pd.Timestamp("2018-04-01")
    low = spells.loc[(spells["start"] <= day) & (spells["end"] > day) & (spells["rating"] < "Good"), "home"].to_numpy()
    chosen = np.concatenate([low[has[low]][:60], low[~has[low]][:10]])
    name = np.array([f"h{home:04}" for home in range(len(has))])
    spells = spells.assign(home=name[spells["home"]])
    whole = Spells(frame=spells, key_question="Overall", until=spells["end"].max(), homes_left=1, homes_again=0)
    other = pd.Series(pd.Timestamp("2014-01-01"), index=name[has])
    return inspections({home: [] for home in name}), whole, pd.Series(day, index=name[chosen]), other


@pytest.mark.parametrize(("model", "nothing"), [(NextRating, 0.0), (MultiState, 1.0)])
def test_an_answer_is_net_of_something_else_where_that_is_asked(helped_by_another, model, nothing):
    known, whole, started, other = helped_by_another
    rows = {
        choice: model(other_interventions=choice).fit_spells(known, whole, started, other)
        for choice in ("keep", "estimate")
    }
    kept, net = (rows[choice].tidy().iloc[0] for choice in ("keep", "estimate"))
    assert kept["conf_low"] > nothing
    assert net["conf_low"] < nothing < net["conf_high"]
    assert any("net of it" in note for note in rows["estimate"].notes)


def test_observed_over_expected_is_net_of_it_too(helped_by_another):
    known, whole, started, other = helped_by_another
    about = known.homes.assign(home_type="residential", provider_id=known.homes.index, area_name="One")
    found = {
        choice: overall(beside_others(whole.frame, about, started, other, choice)) for choice in ("keep", "estimate")
    }
    kept, net = (found[choice].iloc[0] for choice in ("keep", "estimate"))
    assert kept["conf_low"] > 1
    assert net["conf_low"] < 1 < net["conf_high"]


def test_the_model_of_the_next_rating_with_something_else_is_that_of_statsmodels(helped_by_another):
    known, whole, started, other = helped_by_another
    model = NextRating(other_interventions="estimate")
    found = model.fit_spells(known, whole, started, other).diagnostics["coefficients"].set_index("term")["estimate"]
    sample = _sample(known, whole, started, model, other)
    plain = OrderedModel(sample.data.y, sample.data.x, distr="logit").fit(method="bfgs", disp=False, gtol=1e-8)
    assert "another intervention" in found.index
    np.testing.assert_allclose(found.to_numpy(), np.asarray(plain.params)[: len(found)], atol=1e-4)


def test_support_and_something_else_change_places_in_the_model_of_moves():
    spec = MovesSpec(n_homes=300, supported=150, badly_rated_at=2.0)
    seen = recorded(simulate_moves(spec, 4)).watched
    rng = np.random.default_rng(1)
    days = np.where(rng.random(len(seen.started)) < 0.5, 3.0 + rng.random(len(seen.started)), np.inf)
    one, two = fit_moves(replace(seen, other=days)), fit_moves(replace(seen, started=days, other=seen.started))
    assert one.seen.intervals.other
    here, there = one.log_ratios, np.flatnonzero(two.seen.layout.covariate == two.seen.intervals.other)
    np.testing.assert_allclose(one.theta[here], two.theta[there], atol=1e-4)


def test_something_else_in_just_the_supported_homes_cannot_be_told_apart_and_that_is_said(county):
    whole, started, _ = county
    known = inspections({home: [] for home in whole.frame["home"].unique()})
    found = NextRating(other_interventions="estimate").fit_spells(known, whole, started, started)
    assert any("cannot be made net of it" in note for note in found.notes)
