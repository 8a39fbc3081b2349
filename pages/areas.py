"""Areas: one council, many others; did the series change, and did it last?"""

import streamlit as st

from pages.shared import areas, cached
from pages.shared.frame import errors_shown, frame
from pages.shared.reported import of_evaluation, of_years, report_offered
from pages.shared.showing import provenance, show

ASKS = "Something was done in one council. Did its figures change, against what was to be expected, and did it last?"


def main() -> None:
    """Draw the page."""
    data = frame("Areas", ASKS)
    held = areas.loaded(data)
    outcomes = areas.outcomes(held)
    if outcomes.empty:
        st.info("This needs figures by council: delayed transfers of care or ASCOF. Load them on the Data page.")
        return
    outcome = areas.asked(outcomes)
    short = areas.too_short(outcomes, outcome)
    with errors_shown():
        source, shown = areas.figures(held, outcome, short=short)
        for made in shown:
            show(made)
        if not short:
            asked = areas.protocol_of(outcome)
            key = ("evaluation", asked.to_toml())
            report_offered(held, key, lambda: of_evaluation(held, cached.evaluation(held, asked)))
        else:
            toml = areas.protocol_of(outcome).to_toml()
            report_offered(held, ("years", toml), lambda: of_years(held, outcome, toml))
        provenance(source)


main()
