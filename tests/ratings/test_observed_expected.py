"""Is a programme set beside the right homes, and are the numbers those a person would add up?"""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import words
from analysis.errors import AnalysisError
from analysis.inspections import inspections_from
from analysis.ratings import ObservedExpected, transitions
from analysis.ratings.programme import programme
from analysis.ratings.strata import FEWEST
from analysis.sources.schema import RATINGS, TABLES

INADEQUATE, RI, GOOD, OUTSTANDING = RATINGS
START = pd.Timestamp("2017-04-01")
HELPFUL_AT_MOST = 3.5
"""Per cent of programmes without effect; chance alone gives 2.5%."""


def inspections(histories, **facts):
    """Homes by name: [(published, rating), …]; nursing, provider and deregistered by name of the home where told."""
    homes = [
        {"location_id": home, "residential": True, "nursing": home in facts.get("nursing", ()),
         "provider_id": facts.get("providers", {}).get(home, f"provider of {home}"),
         "deregistered": facts.get("left", {}).get(home)}
        for home in histories
    ]  # fmt: skip
    rows = [
        {"location_id": home, "service": "Overall", "key_question": "Overall", "published": day, "rating": rating,
         "report_id": f"{home} {day}", "visited": visited[0] if visited else None}
        for home, said in histories.items() for day, rating, *visited in said
    ]  # fmt: skip
    frames = [
        pd.DataFrame(part, columns=list(TABLES[name])) for name, part in (("locations", homes), ("ratings", rows))
    ]
    for frame in frames:
        for day in frame.columns.intersection(["registered", "deregistered", "published", "visited"]):
            frame[day] = pd.to_datetime(frame[day])
    return inspections_from(*frames, pd.DataFrame(columns=list(TABLES["links"])))


def others(better, worse, first="2016-09-01", again="2017-10-01", rating=RI):
    """Homes that were not supported, some rated better and some not."""
    return {
        f"other {rating} {again} {n}": [(first, rating), (again, GOOD if n < better else rating)]
        for n in range(better + worse)
    }


SUPPORTED = {
    "a": [("2016-10-01", RI), ("2017-11-01", GOOD)],
    "b": [("2016-10-01", RI), ("2017-12-01", RI)],
    "c": [("2016-11-01", RI), ("2017-08-01", GOOD)],
    "d": [("2015-11-01", GOOD), ("2016-11-01", INADEQUATE), ("2017-09-01", RI)],
}


def starts(*homes, day=START):
    return pd.Series(day, index=list(homes))


def overall(effects, *names):
    row = effects.tidy().set_index("term").loc["observed_over_expected"]
    return row[list(names)].tolist()


def test_observed_and_expected_by_hand():
    fell = {name: [("2015-01-01", GOOD), *said] for name, said in others(12, 8, rating=INADEQUATE).items()}
    known = inspections(SUPPORTED | others(15, 10) | fell)
    found = ObservedExpected().fit(known, starts("a", "b", "c", "d"))
    glance = found.glance().iloc[0]
    assert (glance["events"], glance["exposure"]) == (3, pytest.approx(3 * 15 / 25 + 12 / 20))
    terms = found.tidy().set_index("term")["estimate"]
    assert terms["observed_over_expected"] == pytest.approx(3 / 2.4)
    assert terms["extra_rated_better"] == pytest.approx(0.6)
    assert terms["share_difference"] == pytest.approx(0.15)
    assert np.isnan(terms["number_needed_to_support"])  # the data fit no effect, so no number gives one
    worth = 4**2 / (3**2 / 25 + 1 / 20)
    assert (glance["n_treated"], glance["n_comparison"], glance["dropped"]) == (4, round(worth), 0)
    assert glance["n_units"] == 49
    cells = found.augment().set_index("unit")
    assert cells["observed"].to_dict() == {"a": 1, "b": 0, "c": 1, "d": 1}
    assert cells["counterfactual"].to_dict() == pytest.approx({"a": 0.6, "b": 0.6, "c": 0.6, "d": 0.6})
    assert cells["event_time"].to_dict() == {"a": 7, "b": 8, "c": 4, "d": 5}
    by = found.tidy("subgroup").query("term == 'observed_over_expected'").set_index("subgroup")["estimate"]
    assert by[f"from_rating: {RI}"] == pytest.approx(2 / 1.8)


def test_homes_are_compared_with_those_of_their_kind_and_year_where_there_are_enough():
    many = others(FEWEST, FEWEST) | others(0, FEWEST, again="2018-06-01")
    known = inspections(SUPPORTED | many)
    strata = programme(known, starts("a", "b", "c")).strata
    assert strata[["year", "others", "improved"]].values.tolist() == [["2017", 2 * FEWEST, FEWEST]]
    assert set(strata["follow_up"]) == {"any"}  # within one to two years there are enough, within one year none
    long = programme(known, starts("a", "b")).strata
    assert long[["follow_up", "home_type", "supported"]].values.tolist() == [["1 to 2 years", "residential", 2]]
    few = programme(inspections(SUPPORTED | others(3, 2)), starts("a", "b", "c")).strata
    assert few[["year", "home_type", "others"]].values.tolist() == [["any", "any", 5]]


def test_only_ratings_that_stood_when_the_programme_began_are_compared_and_each_home_once():
    before, after = others(0, 30, first="2015-01-01", again="2016-06-01"), others(15, 10)
    after |= {f"{name} again": [*said, ("2018-10-01", RI)] for name, said in others(0, 3).items()}
    begun_later = others(0, 30, first="2018-01-01", again="2019-06-01")
    found = programme(inspections(SUPPORTED | before | after | begun_later), starts("a", "b", "c", "d"))
    assert found.others["to_date"].dt.strftime("%Y-%m-%d").tolist() == ["2017-10-01"] * 28


def test_homes_that_had_just_fallen_are_compared_with_others_that_had():
    fell = {f"fell {n}": [("2015-01-01", GOOD), *said] for n, said in enumerate(others(4, 1).values())}
    strata = programme(inspections(SUPPORTED | fell | others(0, 30)), starts("d", *[*fell][:2])).strata
    assert strata[["before", "supported", "others", "improved"]].values.tolist() == [["fallen", 2, 3, 2]]


def test_a_home_that_had_just_fallen_is_left_out_where_no_other_had():
    found = programme(inspections(SUPPORTED | others(15, 10) | others(12, 8, rating=INADEQUATE)), starts("a", "d"))
    assert found.strata[["before", "supported"]].values.tolist() == [["first rating seen", 1]]
    assert found.unmatched == 1


def test_where_most_rests_on_other_years_that_is_said():
    fell = [("2013-01-01", GOOD), ("2013-06-01", RI), ("2014-05-01", RI)]
    known = inspections(SUPPORTED | others(1, 0) | others(20, 10, first="2014-06-01", again="2016-02-01"))
    effects = ObservedExpected().fit(known, starts("a", "b", "c"))
    assert "Most of what was expected rests on inspections from before" in words.programme(effects, "the support")
    known = inspections(SUPPORTED | others(15, 10) | {"early": fell})
    assert ObservedExpected().fit(known, starts("a", "b", "c")).caveats == ()


def test_a_rating_that_stood_on_two_starts_is_weighed_once():
    known = inspections(SUPPORTED | others(15, 10))
    later = pd.concat([starts("a", "b"), starts("c", day=pd.Timestamp("2017-05-01"))])
    found = programme(known, later).strata
    assert found["since"].tolist() == ["2017-04-01", "2017-05-01"]
    assert found["others"].tolist() == [25, 25]
    assert found["weight"].tolist() == [0.5, 0.5]


def test_homes_with_another_intervention_are_no_comparison_after_it_began():
    histories = SUPPORTED | others(15, 10)
    helped = pd.Series(pd.Timestamp("2017-06-01"), [name for name in histories if name.startswith("other")][:5])
    found = ObservedExpected().fit(inspections(histories), starts("a", "b", "c"), helped)
    assert found.diagnostics["strata"][["others", "improved"]].values.tolist() == [[20, 10]]
    later = ObservedExpected().fit(inspections(histories), starts("a", "b", "c"), helped + pd.Timedelta(days=365))
    assert later.diagnostics["strata"][["others", "improved"]].values.tolist() == [[25, 15]]


def test_base_rates_leave_out_what_came_after_support():
    known = inspections(SUPPORTED | others(15, 10))
    every, without = transitions(known), transitions(known, supported=starts("a", "b", "c"))
    assert (len(every.pairs), len(without.pairs), without.supported) == (30, 27, 3)


def test_supported_homes_are_never_their_own_comparison():
    own = {f"own {n}": [("2015-01-01", RI), ("2016-12-01", RI), ("2017-12-01", GOOD)] for n in range(30)}
    found = programme(inspections(SUPPORTED | own | others(15, 10)), starts("a", "b", *own))
    assert not found.others["home"].isin([*own]).any()


def test_every_supported_home_is_accounted_for():
    histories = (
        SUPPORTED
        | others(15, 10)
        | {
            "gone": [("2016-10-01", RI)],
            "waiting": [("2016-10-01", RI)],
            "best": [("2016-10-01", OUTSTANDING), ("2018-01-01", GOOD)],
            "new": [("2017-05-01", RI), ("2018-01-01", GOOD)],
            "twice": [("2017-04-20", RI, "2017-03-20"), ("2017-05-30", GOOD, "2017-04-10")],
            "never": [],
        }
    )
    known = inspections(histories, left={"gone": "2017-09-01"})
    asked = starts("a", "b", "gone", "waiting", "best", "new", "twice", "never", "unheard of")
    found = ObservedExpected().fit(known, asked)
    became = found.diagnostics["homes"].set_index("home")["became"].to_dict()
    assert became == {
        "a": "rated again", "b": "rated again", "gone": "left the register", "waiting": "not rated again yet",
        "best": "already Outstanding", "new": "no rating when it started", "never": "no rating when it started",
        "twice": "rated again within 60 days of the last rating", "unheard of": "not among the homes loaded",
    }  # fmt: skip
    assert found.diagnostics["became"]["homes"].sum() == len(asked)
    assert any("left the register" in note for note in found.notes)
    assert any("had not been rated again" in note for note in found.notes)


def test_a_homes_first_start_counts():
    twice = pd.concat([starts("a"), starts("a", day=pd.Timestamp("2018-06-01"))])
    found = programme(inspections(SUPPORTED | others(15, 10)), twice)
    assert found.homes["started"].tolist() == [START]


def test_no_comparison_home_of_that_origin_is_said():
    known = inspections(SUPPORTED | others(15, 10))
    found = ObservedExpected().fit(known, starts("a", "b", "d"))
    assert found.glance()["n_treated"].iloc[0] == 2
    assert any("could not be compared" in note for note in found.notes)
    with pytest.raises(AnalysisError, match="No supported home can be compared"):
        ObservedExpected().fit(known, starts("d"))


def test_nobody_rated_again_is_said():
    known = inspections({"a": [("2016-10-01", RI)]} | others(15, 10))
    with pytest.raises(AnalysisError, match="No supported home was rated again") as told:
        ObservedExpected().fit(known, starts("a"))
    assert "1 not rated again yet" in str(told.value)


def test_all_or_none_rated_better_have_wide_intervals():
    good = {f"g{n}": [("2016-10-01", RI), ("2017-11-01", GOOD)] for n in range(5)}
    ratio, low, high = overall(
        ObservedExpected().fit(inspections(good | others(15, 10)), starts(*good)), "estimate", "conf_low", "conf_high"
    )
    assert (ratio, high) == (pytest.approx(5 / 3), pytest.approx(5 / 3))
    assert low < 1
    bad = {f"b{n}": [("2016-10-01", RI), ("2017-11-01", RI)] for n in range(5)}
    ratio, low, high = overall(
        ObservedExpected().fit(inspections(bad | others(15, 10)), starts(*bad)), "estimate", "conf_low", "conf_high"
    )
    assert (ratio, low) == (0, 0)
    assert 0 < high < 1.5


def test_one_provider_with_most_homes_is_said():
    known = inspections(SUPPORTED | others(15, 10), providers={"a": "one", "b": "one"})
    found = ObservedExpected().fit(known, starts("a", "b", "c"))
    assert any("2 of the 3 homes are run by one provider" in note for note in found.notes)


def test_order_and_names_do_not_matter():
    histories = SUPPORTED | others(15, 10)
    plain = ObservedExpected().fit(inspections(histories), starts("a", "b", "c")).tidy()
    names = {home: f"z{n}" for n, home in enumerate(reversed(histories))}
    renamed = inspections({names[home]: said for home, said in reversed(histories.items())})
    again = ObservedExpected().fit(renamed, starts(*(names[home] for home in "cab"))).tidy()
    pd.testing.assert_frame_equal(plain, again)


def test_where_no_rating_stood_when_support_began_the_remedy_is_earlier_ratings():
    """As with one list of latest ratings: later ones would not say what a home was rated before."""
    known = inspections({home: said[-1:] for home, said in SUPPORTED.items()} | others(15, 10))
    with pytest.raises(AnalysisError, match=r"4 no rating when it started.*Load earlier ratings"):
        ObservedExpected().fit(known, starts("a", "b", "c", "d"))


def test_a_supported_home_closed_by_enforcement_is_told_from_those_that_left():
    known = inspections(SUPPORTED | others(15, 10), left={"a": "2017-06-01", "b": "2017-06-01"})
    said = known.homes["ended_by"].astype(object)
    said["b"] = "enforcement"
    cut = known.frame.loc[~(known.frame["home"].isin(["a", "b"]) & (known.frame["date"] > "2017-06-01"))]
    known = replace(known, homes=known.homes.assign(ended_by=said), frame=cut.reset_index(drop=True))
    found = ObservedExpected().fit(known, starts("a", "b", "c"))
    became = found.diagnostics["became"].set_index("became")["homes"]
    assert (became["left the register"], became["closed by enforcement"], became["rated again"]) == (1, 1, 1)
    assert any(note.startswith("1 supported home was closed by enforcement") for note in found.notes)


@pytest.mark.parametrize(("supported", "limited"), [(5, False), (9, True)])
def test_where_fewer_others_than_supported_homes_carry_the_answer_that_is_what_limits_it(supported, limited):
    known = inspections({f"s{n}": SUPPORTED["a"] for n in range(supported)} | others(3, 4))
    notes = ObservedExpected().fit(known, starts(*(f"s{n}" for n in range(supported)))).notes
    assert (
        any("The others count for 7 homes only, fewer than the 9 supported ones" in note for note in notes) is limited
    )


@pytest.fixture(scope="module")
def bench():
    path = Path(__file__).resolve().parents[2] / "bench" / "helpful.py"
    spec = importlib.util.spec_from_file_location("helpful", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_programmes_without_effect_are_seldom_called_helpful(bench):
    """Forty counties: at 2.5% more than four are called helpful in 3 draws of 1,000. The full count is in bench/."""
    row = bench.counted(bench.SCENARIOS[2], 40, seed=1)
    assert row["beta_binomial_percent"] * row["programmes"] / 100 <= 4


@pytest.mark.bench
def test_no_more_than_three_and_a_half_programmes_in_a_hundred_without_effect_are_called_helpful(bench):
    for scenario in bench.SCENARIOS:
        row = bench.counted(scenario, 2_000, bench.SEED)
        assert row["high_percent"] <= HELPFUL_AT_MOST, row


def test_the_count_on_record_holds_the_promise(bench):
    table = pd.read_csv(Path(bench.__file__).with_suffix(".csv"))
    assert (table["programmes"] >= 2_000).all()
    assert (table["high_percent"] <= HELPFUL_AT_MOST).all()  # the upper end of the count's own interval
    assert np.isfinite(table["all_homes_percent"]).all()
