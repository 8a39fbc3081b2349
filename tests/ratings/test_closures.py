"""Closures over those expected: against other code, by brute force, in worlds of which the truth is known."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.stats.rates import test_poisson_2indep as two_rates

from analysis.design import Plan
from analysis.errors import AnalysisError
from analysis.evaluation import evaluate
from analysis.figures.by_outcome import in_words
from analysis.inference.standardised_ratio import Clumped, standardised_ratio
from analysis.outcomes import Closures
from analysis.protocol import Protocol
from analysis.ratings.closures import ClosuresExpected, following_from
from analysis.ratings.closures.alike import ALIKE, beside
from analysis.ratings.closures.followed import DAY, NEVER
from analysis.ratings.closures.model import count
from analysis.results import CLOSURES_AVERTED, NOT_SHOWN, OBSERVED_EXPECTED
from analysis.simulate.closures import INTERVENTION, World, simulate_closures
from analysis.sources import read
from analysis.store import Store

BENCH = Path(__file__).parents[2] / "bench" / "closures.csv"
PLAN = Plan(intervention=INTERVENTION)


@pytest.mark.parametrize(("seen", "elsewhere", "times"), [(3, 20, 0.4), (0, 9, 1.0), (12, 7, 1.5), (1, 1, 1.0)])
def test_single_events_that_count_alike_are_two_poisson_counts(seen, elsewhere, times):
    expected = Clumped(sums=np.full(elsewhere, times), one_more=times)
    found = standardised_ratio(Clumped(sums=np.ones(seen)), expected)
    asked = [(found.high, "smaller", 0.025), (found.low, "larger", 0.025)]
    for ratio, alternative, level in asked:
        if 0 < ratio < np.inf:  # no low end where nothing was seen
            theirs = two_rates(seen, 1, elsewhere, 1 / times, value=ratio, method="cond-midp", alternative=alternative)
            assert theirs.pvalue == pytest.approx(level, abs=1e-6)


def test_closures_of_one_provider_tell_hardly_more_than_one():
    expected = Clumped(sums=np.full(200, 0.05), one_more=0.05)
    together = standardised_ratio(Clumped(sums=np.array([4.0])), expected)
    apart = standardised_ratio(Clumped(sums=np.ones(4)), expected)
    assert together.estimate == apart.estimate == pytest.approx(0.4)
    one = standardised_ratio(Clumped(sums=np.ones(1)), Clumped(sums=np.full(200, 0.05 / 4), one_more=0.05 / 4))
    assert 1.5 * apart.high < together.high < one.high


@pytest.fixture(scope="module")
def simulated():
    """A large world in which half of closures are averted, with what is followed."""
    inspections, spells = simulate_closures(World(homes=1_600, supported=300, ratio=0.5), 0)
    return inspections, spells, following_from(inspections, spells, PLAN, Closures())


@pytest.fixture(scope="module")
def set_beside(simulated):
    inspections, _, following = simulated
    return beside(inspections, following)


def _by_hand(inspections, following, day):
    """Closures expected of those who start on the first day, and in which strata, home by home."""
    homes, rated = following.homes, inspections.frame.loc[inspections.frame["date"] <= pd.Timestamp(day)]
    bands = {"Good": "Good or Outstanding", "Outstanding": "Good or Outstanding"}
    last = rated.groupby("home")["rating"].last().astype(str).replace(bands)
    rows = homes.assign(rating=last.reindex(homes.index).fillna("no rating"))
    own, rest = rows[rows["begun"] == day], rows[(rows["begun"] > day) & (rows["exit"] > day)]
    until, expected = np.minimum(rest["exit"], rest["begun"]), {}
    for home, facts in own.iterrows():
        for names in (ALIKE, ALIKE[:2], ALIKE[:1]):
            like = (rest[[*names]] == facts[[*names]].to_numpy()).all(axis=1)
            if like.sum() >= (20 if len(names) > 1 else 5):
                break
        events = until[like & rest["left"] & (until == rest["exit"])]
        expected[home] = sum(1 / (until[like] >= end).sum() for end in events if end <= facts["exit"])
    return pd.Series(expected)


def test_what_is_expected_is_the_hazard_of_homes_alike_home_by_home():
    inspections, spells = simulate_closures(World(homes=300, supported=60), 3)
    first = spells.assign(started=spells["started"].min())  # one day of starts: nobody speaks for others
    following = following_from(inspections, first, PLAN, Closures())
    found, day = beside(inspections, following), first["started"].iloc[0].to_datetime64().astype(DAY)
    theirs = _by_hand(inspections, following, day)
    ours = found.homes.set_index("home")["expected"]
    pd.testing.assert_series_equal(ours.sort_index(), theirs.reindex(ours.index).sort_index(), check_names=False)
    assert found.others["weight"].sum() == pytest.approx(ours.sum())


def test_the_ratio_is_near_cox_regression_stratified_by_what_homes_are_alike_in(simulated):
    inspections, spells, _ = simulated
    first = spells.loc[spells["started"] == spells["started"].min()]
    later = set(spells["location_id"]) - set(first["location_id"])
    plan, day = PLAN, first["started"].iloc[0].to_datetime64().astype(DAY)
    kept = inspections.homes.drop(index=list(later))  # a world without later starts
    alone = type(inspections)(frame=inspections.frame, homes=kept, ledger=inspections.ledger, joins=inspections.joins,
                              digest="")  # fmt: skip
    following = following_from(alone, first, plan, Closures())
    found = count(beside(alone, following)).ratio
    homes = following.homes.loc[(following.homes["exit"] > day).to_numpy()]
    standing = alone.frame.loc[alone.frame["date"] <= pd.Timestamp(day)].groupby("home")["rating"].last().astype(str)
    stratum = standing.reindex(homes.index).replace({"Outstanding": "Good"}) + homes["size"]
    cox = PHReg(
        (homes["exit"].to_numpy(DAY) - day).astype(float), (homes["begun"] < NEVER).to_numpy(float)[:, None],
        status=homes["left"].to_numpy(int), strata=pd.factorize(stratum)[0],
    ).fit(disp=0)  # fmt: skip
    assert np.log(found.estimate) == pytest.approx(cox.params[0], abs=cox.bse[0] / 2)  # theirs weighs strata otherwise
    width = np.log(found.high / found.low) / (2 * 1.96)
    assert width == pytest.approx(cox.bse[0], rel=0.25)


def test_leaving_out_survivors_is_not_done_and_every_supported_home_is_accounted_for(simulated, set_beside):
    _, spells, following = simulated
    assert len(set_beside.homes) + set_beside.unmatched == following.supported.sum()
    assert following.supported.sum() + following.left_out["homes"].sum() == len(spells)
    assert set_beside.others["weight"].sum() == pytest.approx(set_beside.homes["expected"].sum())


def test_the_large_world_is_seen_to_avert_about_half(simulated):
    inspections, _, following = simulated
    effects = ClosuresExpected().fit(inspections, following)
    ratio = effects.tidy().set_index("term").loc[OBSERVED_EXPECTED]
    assert ratio["conf_low"] < 0.5 < ratio["conf_high"] < 1
    assert effects.summary["events"] > 7
    assert effects.tidy().set_index("term").loc[CLOSURES_AVERTED, "estimate"] > 5
    groups = effects.tidy("subgroup")
    assert {"kind: nursing", "rating: Requires improvement"} <= set(groups["subgroup"])


def _bench() -> pd.DataFrame:
    rows = pd.read_csv(BENCH)
    rows["holds"] = (rows["low"] <= rows["truth"]) & (rows["high"] >= rows["truth"])
    return rows


COUNTED = ["half averted", "half averted, providers differ", "nothing done", "nothing done, providers differ"]


@pytest.mark.parametrize("world", COUNTED)
def test_the_interval_holds_the_truth_in_500_simulated_programmes(world):
    rows = _bench().query("world == @world")
    assert len(rows) == 500
    assert 0.93 <= rows["holds"].mean() <= 0.97


@pytest.mark.parametrize("world", COUNTED[2:])
def test_a_programme_that_does_nothing_is_rarely_called_helpful(world):
    rows = _bench().query("world == @world and told")
    assert (rows["high"] < 1).mean() <= 0.035  # 2.5% and a standard error and a half of 500
    assert (rows["low"] > 1).mean() <= 0.035


def test_the_table_is_what_the_code_gives():
    from closures import run  # noqa: PLC0415 - bench is on the path

    table = _bench().set_index(["world", "seed"])
    for world in COUNTED[:2]:
        found = run(world, 7)
        assert {name: found[name] for name in ("observed", "expected", "low", "high")} == pytest.approx(
            table.loc[(world, 7), ["observed", "expected", "low", "high"]].to_dict()
        )


@pytest.fixture(scope="module")
def evaluation(sample_store):
    text = '[intervention]\nname = "weekly_ward_round"\n[outcome]\nkind = "closures"\n'
    return evaluate(Protocol.read(text), sample_store)


def test_few_closures_are_told_in_words_and_numbers_from_1_to_7_nowhere(evaluation):
    assert 1 <= evaluation.effects.summary["events"] <= 7
    assert NOT_SHOWN in evaluation.effects.summary
    assert "between 1 and 7 left the register" in evaluation.headline
    assert "no number is given" in evaluation.headline
    assert evaluation.published.tidy()["estimate"].isna().all()
    became = evaluation.published.diagnostics["became"].set_index("became")["homes"]
    assert became["left the register"] is pd.NA and became["still registered when sight ends"] is pd.NA
    said = in_words(evaluation, "sample")
    assert "No number is given" in said or "no number is given" in said
    assert evaluation.provenance["model"]["events"] is None


def test_the_same_files_are_written_as_of_any_evaluation(evaluation):
    assert set(evaluation.files()) == {
        "effects.csv", "methods.csv", "diagnostics.csv", "checks.csv", "account.csv", "provenance.json",
    }  # fmt: skip
    assert len(evaluation.checks) == 5 and all(check.reading for check in evaluation.checks)
    assert Protocol.read(evaluation.protocol.to_toml()) == evaluation.protocol


def test_files_of_homes_that_stayed_say_nothing_of_closures(realdata):
    store = Store.in_memory()
    path = realdata / "cqc_api_locations_south_west_2021-02.jsonl.gz"
    store.load(read(path.name, path))
    home = gzip.decompress(path.read_bytes()).decode().split('"locationId": "')[1].split('"')[0]
    told = f"location_id,intervention,start\n{home},early help,2018-01-01\n"
    store.load(read("who.csv", told.encode()))
    text = '[intervention]\nname = "early help"\n[outcome]\nkind = "closures"\n'
    with pytest.raises(AnalysisError, match="hold only those that stayed") as refused:
        evaluate(Protocol.read(text), store)
    assert "list of deactivated locations" in str(refused.value)
