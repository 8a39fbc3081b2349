"""What is shown of ratings can be written down without a page: the answer first, every number from the comparison."""

import pandas as pd
import pytest

from analysis import words
from analysis.figures import Source
from analysis.figures.base_rates import anyway, limits
from analysis.figures.by_outcome import figures_of, in_words, source_of
from analysis.inspections import spells_of, stored_inspections
from analysis.ratings import ObservedExpected, transitions
from analysis.ratings.anyway import base_rates
from analysis.ratings.supported import intervention_starts, other_starts
from analysis.results import NUMBER_NEEDED

MADE = Source(origin="Invented.", made_from={"data": "synthetic"})


@pytest.fixture(scope="module")
def known(sample_store):
    return stored_inspections(sample_store)


def test_a_programme_is_written_down_answer_first(sample_store, shipped, known):
    started, other = (find(sample_store, "manager_training") for find in (intervention_starts, other_starts))
    effects = ObservedExpected().fit(known, started, other)
    evaluation = shipped("manager_training")
    shown = list(figures_of(evaluation, source_of(evaluation, "the sample")))
    assert shown[0].headline == words.programme(effects, "the manager training")
    wide = shown[1].tables[0]
    assert wide.tidy["estimate"].iloc[0] == effects.tidy()["estimate"].iloc[0]
    assert wide.shown.iloc[0, 1].startswith(f"{effects.tidy()['estimate'].iloc[0]:.2f} (")
    assert wide.csv(MADE).decode("utf-8-sig").splitlines()[0].endswith(f"{NUMBER_NEEDED}_high,conf_level,data")
    written = in_words(evaluation, "the sample")
    assert "## The answer" in written and "## The chance of a better next rating" in written
    assert "| Supported homes | Homes |" in written


def test_base_rates_are_written_down_in_the_order_of_reading(known):
    every, spells = transitions(known), spells_of(known)
    found = base_rates(known, pd.Series(dtype="datetime64[us]"))
    pd.testing.assert_frame_equal(found.every.table, every.table)
    titles = [figure.title for figure in anyway(found, "Below Good", None, MADE)]
    assert [title for title in titles if title] == [
        "Beside published figures.", "Next rating", "By year of the later inspection", "By kind of home",
        "By size of home", "How soon",
    ]  # fmt: skip
    last = limits(every, known, spells.leaving)
    assert spells.leaving in last.notes
    assert (last.tables[0].tidy["rows"] > 0).all()
    assert last.tables[1].tidy.equals(known.joins)
