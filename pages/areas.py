"""Areas: one council, many others; did the series change, and did it last?"""

import streamlit as st

from analysis.figures import Source
from analysis.figures.of_plans import of_years
from analysis.outcomes import AreaMeasure
from pages.shared import answer, areas, gate
from pages.shared.cached import Loaded
from pages.shared.frame import errors_shown, frame
from pages.shared.reported import evaluation_offered, plan_offered
from pages.shared.showing import provenance, show, shown

ASKS = "Something was done in one council. Did its figures change, against what was to be expected, and did it last?"


def main() -> None:
    """Draw the page."""
    held = areas.loaded(frame("Areas", ASKS))
    if areas.outcomes(held).empty:
        st.info(areas.NEEDS)
        return
    outcome = areas.asked(held)
    with errors_shown():
        provenance((year_by_year if areas.too_few_years(held, outcome) else month_by_month)(held, outcome))


def month_by_month(held: Loaded, outcome: AreaMeasure) -> Source:
    """Show what every method says, and all that it rests on; give what it was made from."""
    asked = answer.Asked(data=held, protocol=areas.protocol_of(outcome))
    source = answer.show_lead(asked)
    gate.show_against_the_lock(asked, source)
    for made in answer.behind(asked):
        show(made)
    evaluation_offered(asked)
    return source


def year_by_year(held: Loaded, outcome: AreaMeasure) -> Source:
    """Show the area's place among the others; give what it was made from."""
    source, figures = areas.year_by_year(held, outcome)
    shown(figures, source)
    toml = areas.protocol_of(outcome).to_toml()
    plan_offered(held, "years", ("years", toml), lambda: of_years(outcome, figures, source, toml))
    return source


main()
