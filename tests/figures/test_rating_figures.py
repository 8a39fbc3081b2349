"""What is shown of ratings can be written down without a page: the answer first, every number from the comparison."""

import pytest

from analysis import words
from analysis.figures import Source, markdown
from analysis.figures.ratings import BaseRates, anyway, limits, listed, programme
from analysis.inspections import spells_of, stored_inspections
from analysis.ratings import ObservedExpected, transitions
from analysis.ratings.curves import supported_curves
from analysis.ratings.supported import intervention_starts, other_starts
from analysis.ratings.waits import times
from analysis.results import NUMBER_NEEDED

MADE = Source(origin="Invented.", made_from={"data": "synthetic"})


@pytest.fixture(scope="module")
def known(sample_store):
    return stored_inspections(sample_store)


def test_a_programme_is_written_down_answer_first(sample_store, known):
    started, other = (find(sample_store, "manager_training") for find in (intervention_starts, other_starts))
    effects = ObservedExpected().fit(known, started, other)
    followed = supported_curves(spells_of(known), started, other)
    shown = list(programme(effects, "the training", "Overall", followed, MADE))
    assert shown[0].headline == words.programme(effects, "the training")
    wide = shown[1].tables[0]
    assert wide.tidy["estimate"].iloc[0] == effects.tidy()["estimate"].iloc[0]
    assert wide.shown.iloc[0, 1].startswith(f"{effects.tidy()['estimate'].iloc[0]:.2f} (")
    assert wide.csv(MADE).decode("utf-8-sig").splitlines()[0].endswith(f"{NUMBER_NEEDED}_high,data")
    written = markdown("Ratings", [listed(started.rename("started").rename_axis("home").reset_index()), *shown], MADE)
    assert "## The answer" in written
    assert "| Supported homes | Homes |" in written


def test_base_rates_are_written_down_in_the_order_of_reading(known):
    every = transitions(known)
    spells = spells_of(known)
    found = BaseRates(
        every=every,
        by_area=transitions(known, by="area_name"),
        by_year=transitions(known, by="year"),
        by_group={"home_type": transitions(known, by="home_type")},
        times=times(spells),
        origin="Below Good",
        area=None,
    )
    titles = [figure.title for figure in anyway(found, MADE)]
    assert [title for title in titles if title] == [
        "Beside published figures.", "Next rating", "By year of the later inspection", "By kind of home", "How soon",
    ]  # fmt: skip
    last = limits(every, known, spells.leaving)
    assert spells.leaving in last.notes
    assert (last.tables[0].tidy["rows"] > 0).all()
    assert last.tables[1].tidy.equals(known.joins)
