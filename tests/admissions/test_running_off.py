"""Where a part of the fit rests on nothing, there is no estimate: neither a crash nor a ratio of 0.000000000000001."""

import grid
import numpy as np
import pytest

from analysis.admissions import StaggeredRates
from analysis.design import Plan, design_from
from analysis.words import Subject, headline

RARE = {"months": 12, "comparison": "never_treated", "effects": "cohort", "others": "estimate"}
SINGULAR = [  # panels in which solving the month and intervention effects meets a singular matrix
    (grid.Cell(sides="2+2", starts="staggered", month_effects_by="home_type", rate=0.3, **RARE), 0),
    (grid.Cell(sides="2+2", starts="common", month_effects_by="size", **RARE), 2),
    (grid.Cell(sides="3+3", starts="common", month_effects_by="size", **RARE), 0),
]
WITHOUT_BOUND = [  # panels in which the most likely number of admissions expected is infinite
    (grid.Cell(sides="6+6", starts="common", month_effects_by="home_type", rate=0.3, **RARE), 4),
    (grid.Cell(sides="6+6", starts="staggered", month_effects_by="size", rate=0.3, **RARE), 1),
]


def fitted(cell, number):
    panel, spells = grid.drawn(cell, np.random.default_rng(cell.seed(number)))
    plan = Plan(intervention="it", comparison=cell.comparison, others=cell.others)
    model = StaggeredRates(effects=cell.effects, month_effects_by=(cell.month_effects_by,), leads=0, subgroups=())
    return model.fit(panel, design_from(panel, spells, plan))


@pytest.mark.parametrize(("cell", "number"), [*SINGULAR, *WITHOUT_BOUND])
def test_nothing_crashes_and_no_number_is_beyond_reason(cell, number):
    effects = fitted(cell, number)
    for by in ("overall", "event_time", "cohort"):
        tidy = effects.tidy(by)
        ratios = tidy.loc[tidy["term"] == "rate_ratio", "estimate"].dropna()
        assert ((ratios == 0) | ratios.between(1 / 1000, 1000)).all()
        assert not (tidy.loc[tidy["term"] == "admissions_averted", "estimate"].abs() > 1e6).any()


@pytest.mark.parametrize(("cell", "number"), WITHOUT_BOUND)
def test_what_has_no_bound_has_no_estimate_in_words(cell, number):
    said = headline(fitted(cell, number), Subject(intervention="the ward round"))
    assert said.startswith("There is no estimate of what the ward round did")
