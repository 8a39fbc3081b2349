"""Who is supported and what is looked at: every home and rating that takes no part is counted with its reason."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.design import UNDATED, Plan
from analysis.errors import AnalysisError
from analysis.outcomes import Ratings
from analysis.ratings import ObservedExpected
from analysis.ratings.support import fit, support_from
from analysis.results import OBSERVED_EXPECTED
from tests.ratings.test_observed_expected import SUPPORTED, inspections, others

PLAN = Plan(intervention="training")
COLUMNS = ["location_id", "intervention", "started", "ended", "chosen_by"]
KNOWN = inspections({**SUPPORTED, **others(20, 20), **others(20, 20, rating="Inadequate")})


def spells(*rows) -> pd.DataFrame:
    frame = pd.DataFrame([(*row, None, None)[:5] for row in rows], columns=COLUMNS)
    return frame.assign(started=pd.to_datetime(frame["started"]), ended=pd.to_datetime(frame["ended"]))


TRAINED = [(home, "training", "2017-04-01") for home in SUPPORTED]


def supported(*more, plan=PLAN, outcome=None):
    return support_from(KNOWN, spells(*TRAINED, *more), plan, outcome or Ratings())


def ratio(support, model=ObservedExpected()) -> float:  # noqa: B008 - frozen
    tidy = fit(model, KNOWN, support).tidy().set_index("term")
    return float(tidy.loc[OBSERVED_EXPECTED, "estimate"])


def test_the_first_start_counts_and_later_ones_are_told():
    found = supported(("a", "training", "2018-01-01"))
    assert found.started["a"] == pd.Timestamp("2017-04-01")
    assert found.notes == ("Not used: 1 later start of homes already started; a home's first start counts.",)
    assert found.included.all() and found.left_out.empty
    assert found.seen(KNOWN) is KNOWN


def test_a_home_supported_from_an_unknown_day_is_neither_supported_nor_compared_with():
    lost = next(home for home in KNOWN.homes.index if home.startswith("other Req"))
    found = supported((lost, "training", None))
    assert lost not in found.started.index
    assert lost not in set(found.seen(KNOWN).frame["home"])
    assert found.left_out.to_dict("records") == [{"reason": UNDATED, "homes": 1, "ratings": 2}]
    assert "1 home that had the intervention from a day that is not known is left out" in found.notes[0]
    without = inspections({**SUPPORTED, **{h: r for h, r in others(20, 20).items() if h != lost},
                           **others(20, 20, rating="Inadequate")})  # fmt: skip
    alone = fit(ObservedExpected(), without, support_from(without, spells(*TRAINED), PLAN, Ratings()))
    assert ratio(found) == pytest.approx(float(alone.tidy()["estimate"].iloc[0]), rel=1e-12)


def test_months_left_out_take_their_ratings_and_are_counted_once():
    plan = replace(PLAN, leave_out=(("2017-11", "2017-12"), ("2017-12", "2018-03")))
    found = supported(plan=plan)
    seen = found.seen(KNOWN)
    assert not seen.frame["date"].between("2017-11-01", "2018-03-31").any()
    assert found.left_out["ratings"].sum() == len(KNOWN.rated()) - len(seen.rated())
    assert list(found.left_out["reason"]) == ["2017-11 to 2017-12: left out by the protocol"]
    assert seen.digest != KNOWN.digest


def test_ratings_after_the_last_month_take_no_part():
    found = supported(outcome=Ratings(first="2016-01", last="2017-10"))
    dates = found.seen(KNOWN).frame["date"]
    assert dates.min() >= pd.Timestamp("2016-01-01") and dates.max() < pd.Timestamp("2017-11-01")
    assert set(found.left_out["reason"]) == {"ratings before 2016-01", "ratings after 2017-10"}


def test_other_interventions_end_the_comparison_unless_the_protocol_keeps_them():
    touched = [home for home in KNOWN.homes.index if home.startswith("other Req")][:10]
    rows = [(home, "ward round", "2017-01-01") for home in touched]
    left, kept = supported(*rows), supported(*rows, plan=replace(PLAN, others="keep"))
    assert set(left.others.index) == set(kept.others.index) == set(touched)
    model = ObservedExpected(other_interventions=kept.other_interventions)
    assert ratio(kept, model) == ratio(supported())
    assert fit(ObservedExpected(), KNOWN, left).summary["n_units"] < fit(model, KNOWN, kept).summary["n_units"]


def test_another_intervention_from_an_unknown_day_is_taken_to_be_there_always():
    home = next(home for home in KNOWN.homes.index if home.startswith("other Req"))
    found = supported((home, "ward round", None))
    assert found.others[home] == KNOWN.frame["date"].min()


def test_an_intervention_nobody_had_is_told_with_those_there_are():
    with pytest.raises(AnalysisError, match="'training'"):
        supported(plan=Plan(intervention="trainin"))
