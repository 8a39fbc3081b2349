"""Answers without each home in turn give no home's count away (attack: every count that a home could have is tried).

The attacker knows the counts of all homes but one, and asks for the answers without each home, provider, area and start
and for the answer itself. For every count that the home could have had before and since its start, all is worked out
again; those that give what was told are the counts it could have had. Told of the counts themselves, one is left.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.admissions import StaggeredRates
from analysis.checks.leave_one_out import leave_one_out
from analysis.design import NEVER, Design
from analysis.disclosure import BEHIND
from analysis.panel import Panel, counts_as_shown
from tests.costs import PROOF
from tests.fitted import on

MODEL = StaggeredRates(permutations=0, subgroups=(), leads=0)
HOMES, TREATED, T, START, KNOWN_BUT = 8, 4, 12, 6, 1
MONTHS = np.datetime64("2022-01", "M") + np.arange(T)
TRIED = [(before, since) for before in range(-3, 4) for since in range(-3, 4) if PROOF or 0 in (before, since)]
"""More or fewer admissions than the home had, in the month before the start and in its month; both in the proof."""


def panel_of(counts):
    names = [f"H{i}" for i in range(HOMES)]
    units = pd.DataFrame(
        {"name": names, "home_type": "nursing", "area": "A", "provider": names}, index=pd.Index(names, name="unit")
    )
    return Panel(units=units, months=MONTHS, counts=counts, exposure=np.full((HOMES, T), 900.0),
                 outcome="emergency admissions", exposure_unit="bed-days")  # fmt: skip


def told(counts, *, with_rule):
    """Every answer, each left out in turn: to the digits of the table with the rule, to nine without it."""
    panel = panel_of(counts)
    start = np.where(np.arange(HOMES) < TREATED, START, NEVER)
    design = Design(intervention="ward round", start=start, included=np.ones((HOMES, T), bool))
    spells = pd.DataFrame(
        {"location_id": panel.units.index[:TREATED], "started": MONTHS[START].astype("datetime64[s]")}
    )
    shown = counts_as_shown(panel, panel, spells) if with_rule else panel
    if with_rule:
        return leave_one_out(on(shown, design, MODEL, MODEL.fit(shown, design))).table.to_csv()
    without = [design.included & (np.arange(HOMES) != home)[:, None] for home in range(HOMES)]
    fits = [MODEL.fit(shown, replace(design, included=held)).tidy()["estimate"].iloc[0] for held in without]
    return tuple(np.round(fits, 9))


def could_be(counts, *, with_rule):
    """How many admissions the home could have had in the month before and in the month of its start."""
    given, found = told(counts, with_rule=with_rule), []
    for before, since in TRIED:
        other = counts.copy()
        other[KNOWN_BUT, START - 1] += before
        other[KNOWN_BUT, START] += since
        if (other >= 0).all() and told(other, with_rule=with_rule) == given:
            found.append((before, since))
    return [len({pair[side] for pair in found}) for side in (0, 1)]


def counts_in_the_middle_of_a_band():
    """Months of 2 to 5; of the home attacked 2 beside its start, in the middle of a band on either side."""
    counts = np.random.default_rng(6).integers(2, 6, (HOMES, T))
    counts[KNOWN_BUT] = 5
    counts[KNOWN_BUT, START - 1 : START + 1] = 2
    return counts


def test_with_the_rule_as_many_counts_give_the_same_answers_as_a_band_has():
    assert could_be(counts_in_the_middle_of_a_band(), with_rule=True) == [BEHIND.base, BEHIND.base]


@pytest.mark.bench
def test_answers_of_exact_counts_without_each_home_give_the_count_of_the_one():
    assert could_be(counts_in_the_middle_of_a_band(), with_rule=False) == [1, 1]
