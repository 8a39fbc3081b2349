"""Months left out may leave homes with months before their start and none after it: the answer goes on without them."""

from analysis.design import PANDEMIC, Plan
from analysis.evaluation import evaluate
from analysis.outcomes import Rate
from analysis.protocol import Protocol


def test_a_lead_of_homes_of_which_no_month_with_it_takes_part_is_not_told(sample_store, tmp_path):
    asked = Protocol(plan=Plan(intervention="weekly_ward_round", leave_out=(PANDEMIC,)), checks=("few_clusters",),
                     outcome=Rate(first="2019-04", last="2021-06"))  # fmt: skip
    found = evaluate(asked, sample_store)
    found.write(tmp_path / "answer")
    exact, told = (set(part.tidy("event_time")["event_time"]) for part in (found.effects, found.published))
    assert min(exact) < -10 and not any(lead < -10 for lead in told)
    assert found.published.tidy()["estimate"].notna().all()


def test_as_many_homes_had_it_as_there_are_at_most_however_they_share_their_luck(sample_store):
    asked = Protocol(plan=Plan(intervention="weekly_ward_round"), checks=("few_clusters",), options={"cluster": "area"})
    (check,) = evaluate(asked, sample_store).checks
    assert "40 of 160 homes had the intervention" in check.reading
