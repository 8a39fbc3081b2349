"""Home: how is one home doing, beside homes like it?"""

import streamlit as st

from analysis import written
from analysis.figures import home as figures
from analysis.figures.of_plans import of_plan
from analysis.journal import Visit
from analysis.monitoring.visits import laid_out
from analysis.plans.homes import HomePlan, look_at
from pages.shared import cached, journals
from pages.shared.finding import choose_home
from pages.shared.form import Form
from pages.shared.frame import errors_shown, frame
from pages.shared.reported import plan_offered
from pages.shared.showing import hand_out, shown

ASKS = "How is one home doing: its ratings, its admissions and what was done in it, beside homes like it?"


def main() -> None:
    """Draw the page."""
    data = frame("Home", ASKS)
    with errors_shown():
        homes = cached.homes_known(data)
        if not homes.names:
            st.info("This needs homes. Load a CQC file, or admissions and bed-days, on the Data page.")
            return
        if homes.inspections.frame.empty:
            st.info("No ratings are loaded, so homes are read by their admissions alone. "
                    "Load a CQC file on the Data page.")  # fmt: skip
        left, right = st.columns([2, 1])
        home = choose_home(data, left, "Home", homes.names, "home")
        form = Form()
        plan = HomePlan(home=home, **form.ask(HomePlan, boxes=[right]))
        if form.wrong_with(plan):
            return
        source = figures.source(plan, homes, cached.released(data), data.name)
        found = cached.remembered(data, ("home looked at", written.to_toml(plan)), lambda: look_at(plan, homes))
        every = laid_out([entry for _, _, entry in journals.journal().standing(Visit)])
        shown(figures.figures(found, source, every[every["home"] == found.plan.home]), source)
        plan_offered(data, "monitor", ("home", written.to_toml(plan)),
                     lambda: of_plan(plan, figures.figures(found, source), source, (data.store, homes.shown)),
                     "Print it, or repeat it")  # fmt: skip
        st.code(written.to_toml(plan), language="toml", wrap_lines=True)
        hand_out([st], {"Download the plan (TOML)": ("home.toml", written.to_toml(plan))})


main()
