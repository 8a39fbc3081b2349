"""Windows and national events: an answer made by some months, and one that is not."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.admissions import StaggeredRates
from analysis.checks.national_events import national_events
from analysis.checks.windows import windows
from analysis.design import NEVER
from analysis.results import RATE_RATIO
from analysis.simulate import PanelSpec, simulate_panel
from analysis.sources.evidence import national_events as calendar
from tests.fitted import on

MODEL = StaggeredRates(permutations=0, subgroups=(), leads=0)
SPEC = PanelSpec(n_homes=60, n_months=48, first_month="2018-01", starts=(24,) * 20)


def fitted(panel, design):
    return on(panel, design, MODEL, MODEL.fit(panel, design))


def changed_in(first: int, last: int, seed: int = 1):
    """Homes with the intervention lose two thirds of their admissions in some months only."""
    panel, truth = simulate_panel(SPEC, seed)
    month = np.arange(48)
    inside = (truth.start != NEVER)[:, None] & (month >= first) & (month < last)
    counts = np.random.default_rng(seed).binomial(panel.counts, np.where(inside, 1 / 3, 1.0))
    return replace(panel, counts=counts, digest=""), truth.design()


def ratio(panel, design) -> float:
    tidy = MODEL.fit(panel, design).tidy()
    return float(tidy.loc[tidy["term"] == RATE_RATIO, "estimate"].iloc[0])


def test_each_window_is_a_fit_to_its_months():
    panel, design = changed_in(24, 48)
    table = windows(fitted(panel, design)).table
    row = table[(table["first_month"] == "July 2018") & (table["last_month"] == "December 2020")].iloc[0]
    part = design.included.copy()
    part[:, :6] = part[:, 36:] = False
    assert row["estimate"] == pytest.approx(ratio(panel, replace(design, included=part)), rel=1e-9)
    assert len(table) == 10


def test_an_answer_made_in_the_last_year_is_a_concern_and_a_lasting_one_is_none():
    assert windows(fitted(*changed_in(36, 48))).passed is False
    lasting = windows(fitted(*changed_in(24, 48)))
    assert lasting.passed is True
    assert "at least half of the effect is there in every one" in lasting.reading


def test_nothing_claimed_is_nothing_to_depend_on_months():
    panel, truth = simulate_panel(SPEC, 5)
    assert windows(fitted(panel, truth.design())).passed is None


def test_an_answer_made_in_the_pandemic_is_a_concern_and_one_that_is_not_is_none():
    within = national_events(fitted(*changed_in(26, 42)))
    assert within.passed is False
    assert "cannot be told from the intervention" in within.reading
    assert national_events(fitted(*changed_in(24, 48))).passed is True


def test_the_answer_without_an_event_is_a_fit_without_its_months():
    panel, design = changed_in(24, 48)
    table = national_events(fitted(panel, design)).table.set_index("left_out")
    part = design.included.copy()
    part[:, 26:42] = False
    pandemic = next(name for name in table.index if name.startswith("pandemic"))
    assert table.loc[pandemic, "months"] == 16
    assert table.loc[pandemic, "estimate"] == pytest.approx(ratio(panel, replace(design, included=part)), rel=1e-9)


def test_months_without_an_event_say_so():
    panel, truth = simulate_panel(replace(SPEC, first_month="1998-01"), 1)
    assert national_events(fitted(panel, truth.design())).reading.startswith("No national event")


def test_every_event_begins_before_it_ends_and_names_its_source():
    events = calendar()
    assert (events["first"] <= events["last"]).all()
    assert events["source"].notna().all() and events["key"].is_unique
