"""An early warning knows nothing of what comes after, and is shown only where it beats the simple rule."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.figures import warning as figures
from analysis.figures.figure import Source
from analysis.monitoring.warning import QuarterEnds, TooFew, WarningJudged, foretold, judge
from analysis.plans.homes import known_homes
from analysis.plans.month_by_month import known_of
from analysis.plans.warnings import FEATURES, WarningPlan, features_of, happened_of, warn


def test_what_comes_after_a_month_changes_nothing_that_was_known_at_its_end(homes, known):
    """Every rating published later is turned round, every later count and bed-day made up."""
    T, cut = len(known.measures.months), 40
    day = pd.Timestamp(known.measures.months[cut] + 1)
    frame = homes.inspections.frame
    later = frame["published"] >= day
    turned = frame["rating"].where(~later, frame["rating"].cat.categories[0])
    frame = frame.assign(rating=pd.Categorical(turned, frame["rating"].cat.categories, ordered=True))
    shown = homes.shown
    months = np.arange(T) > cut
    odd = replace(
        shown, counts=np.where(months, 9.0, shown.counts), exposure=np.where(months, 5.0, shown.exposure), digest=""
    )
    other = known_homes(replace(homes.inspections, frame=frame), replace(homes.watchable, shown=odd), homes.spells)
    before, after = features_of(known, homes), features_of(known_of(other), other)
    assert before.shape == (160, T, len(FEATURES))
    np.testing.assert_array_equal(before[:, : cut + 1], after[:, : cut + 1])
    assert (np.nan_to_num(before[:, -1]) != np.nan_to_num(after[:, -1])).any()


def test_what_happened_is_what_was_published_and_who_left(homes, known):
    months = known.measures.months
    happened, seen = happened_of(WarningPlan(event="rating", ahead=12), known, homes)
    rated = homes.inspections.rated()
    low = rated[rated["rating"].astype(str).isin(["Inadequate", "Requires improvement"])]
    rng = np.random.default_rng(2)
    for row, t in zip(rng.integers(0, 160, 200), rng.integers(0, 60, 200), strict=True):
        own = low[low["home"] == known.homes.index[row]]["published"]
        first, last = pd.Timestamp(months[t] + 1), pd.Timestamp(months[t] + 13)
        assert happened[row, t] == bool(((own >= first) & (own < last)).any())
    assert not seen[:, -12:].any()
    left, _ = happened_of(WarningPlan(event="leaving", ahead=6), known, homes)
    gone = homes.inspections.homes.reindex(known.homes.index)
    assert set(np.flatnonzero(left.any(axis=1))) <= set(np.flatnonzero(gone["leaving"] == "left"))
    assert left.any()


def world(seed: int, hidden: float, homes: int = 300, quarters: int = 24) -> QuarterEnds:
    """Draw homes whose chance hangs on the last rating and, by `hidden`, on one more thing that is known."""
    rng = np.random.default_rng(seed)
    home, time = (each.ravel() for each in np.meshgrid(np.arange(homes), 3 * np.arange(quarters), indexing="ij"))
    rank = np.repeat(rng.integers(0, 4, homes), quarters)
    more = np.repeat(rng.standard_normal(homes), quarters)
    noise = rng.standard_normal((len(home), 8))
    p = 1 / (1 + np.exp(-(-1.5 - 0.6 * rank + hidden * more)))
    return QuarterEnds(home=home, time=time, features=np.column_stack([more, noise]), names=tuple("abcdefghi"),
                     cells=rank[:, None], happened=rng.random(len(home)) < p,
                     kinds={"kind": np.where(more > 0, "x", "y")}, ahead=12)  # fmt: skip


def test_a_warning_that_knows_more_than_the_rule_is_shown_and_one_that_does_not_is_not():
    knows, guesses = judge(world(1, 1.0), 1), judge(world(1, 0.0), 1)
    assert isinstance(knows, WarningJudged) and knows.earned and knows.ranks > knows.rule_ranks + 0.05
    assert isinstance(guesses, WarningJudged) and not guesses.earned
    assert knows.drivers[0][0] in ("a", "the simple rule itself")
    assert isinstance(judge(world(1, 0.0, homes=8), 1), TooFew)


def test_nothing_is_shown_where_nothing_is_to_be_known_more_than_one_time_in_forty():
    earned = [judge(world(seed, 0.0, homes=150), seed).earned for seed in range(20)]
    assert sum(earned) <= 2


def test_figures_of_a_judgement_are_those_of_scikit_learn():
    from sklearn.metrics import log_loss, roc_auc_score  # noqa: PLC0415 - of this test alone

    past = world(3, 0.7)
    judged = judge(past, 1)
    late = past.time >= np.unique(past.time)[16]
    chance, rule = foretold(judged, past)
    y = past.happened
    assert judged.ranks == pytest.approx(roc_auc_score(y[late], chance[late]))
    assert judged.gain == pytest.approx(log_loss(y[late], rule[late]) - log_loss(y[late], chance[late]))
    assert judged.calibration["landmarks"].sum() == late.sum() == judged.landmarks
    row = judged.curve.set_index("threshold").loc[0.1]
    act = chance[late] >= 0.1
    assert row["model"] == pytest.approx((act & y[late]).mean() - (act & ~y[late]).mean() / 9)


def test_in_the_sample_no_warning_is_shown_and_each_says_why(homes, known):
    for event in ("rating", "rise", "leaving"):
        found = warn(WarningPlan(event=event, ahead=12), known, homes)
        shown = list(figures.figures(found, Source(origin="")))
        assert found.rows.empty
        assert "is shown" in shown[0].headline and shown[0].headline.startswith("No warning")
        assert not any(table.name == "warning_homes" for figure in shown for table in figure.tables)


@pytest.mark.realdata
def test_on_real_ratings_a_warning_within_six_months_adds_to_the_rule_and_within_twelve_it_does_not(south_west):
    homes, known = south_west
    six, twelve = (warn(WarningPlan(ahead=ahead), known, homes) for ahead in (6, 12))
    assert six.judged.earned and six.judged.gain_low > 0.001
    assert (six.judged.ranks, six.judged.rule_ranks) == (pytest.approx(0.817, abs=0.01), pytest.approx(0.755, abs=0.01))
    assert len(six.rows) == 20
    assert not twelve.judged.earned and twelve.rows.empty
