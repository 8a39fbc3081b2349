"""Worklist: which homes qualify for support, whose support should end, and what was decided?"""

import streamlit as st

from analysis import written
from analysis.errors import AnalysisError
from analysis.figures import Source
from analysis.figures import worklist as figures
from analysis.figures.home import source
from analysis.figures.of_plans import of_plan
from analysis.journal import Decision, Journal, interventions_of
from analysis.plans.homes import HomePlan, KnownHomes
from analysis.plans.month_by_month import MonthByMonth, known_of
from analysis.plans.worklists import Worklist, WorklistPlan, decided, worklist, wrong_with_worklist
from analysis.sources.columns.dates import today
from pages.shared import cached, journals
from pages.shared.cached import Loaded, remembered
from pages.shared.finding import ALL_LISTED, choose_home
from pages.shared.form import Form, fold
from pages.shared.frame import errors_shown, frame
from pages.shared.reported import plan_offered
from pages.shared.showing import as_text, hand_out, shown, wanted

HOME_OF_LIST = "Home of the list"
OWN = "The whole plan (TOML), to change anything else"

ASKS = "Which homes qualify for support by a rule that was written down, whose support should end, and since when?"

DECISIONS = {
    "start": "Start support",
    "wait": "Wait for a place",
    "decline": "Decline, and do not ask again soon",
    "end": "End support",
}


def main() -> None:
    """Draw the page."""
    data = frame("Worklist", ASKS)
    with errors_shown():
        homes = cached.homes_known(data)
        if not homes.names:
            st.info("This needs homes with ratings, or admissions and bed-days. Load them on the Data page.")
            return
        known = remembered(data, ("known by month",), lambda: known_of(homes))
        kept, first = journals.journal(), st.container()
        st.header("Change it")
        plan = asked(Form())
        if plan is None:
            return
        said = [entry for _, _, entry in kept.standing(Decision)]
        found = remembered(
            data, ("worklist", written.to_toml(plan), repr(said)), lambda: worklist(plan, known, homes, said)
        )
        made_from = source(HomePlan(), homes, cached.released(data), data.name)
        with first:
            shown(figures.figures(found, made_from), made_from)
        decide(data, found, kept)
        early_warning(data, homes, known, made_from)
        plan_offered(
            data,
            "monitor",
            ("worklist", written.to_toml(plan), repr(said)),
            lambda: of_plan(plan, figures.figures(found, made_from), made_from, (data.store, homes.shown)),
            "Print it, or repeat it",
        )
        hand_out([st], {"Download the plan (TOML)": ("worklist.toml", written.to_toml(plan))})


def early_warning(data: Loaded, homes: KnownHomes, known: MonthByMonth, made_from: Source) -> None:
    """Judge an early warning, and show it only where it has earned to be shown."""
    from analysis.figures import warning as of_warnings  # noqa: PLC0415 - what it fits with takes a second to import
    from analysis.plans.warnings import WarningPlan, warn  # noqa: PLC0415 - as above

    cost = "Takes some seconds. It is shown only where it tells more, out of time, than a simple rule."
    if not wanted("Can it be told beforehand?", "Judge an early warning", "warning", cost):
        return
    form = Form()
    plan = WarningPlan(**form.ask(WarningPlan, boxes=st.columns(2)))
    if form.wrong_with(plan):
        return
    found = remembered(data, ("early warning", repr(plan)), lambda: warn(plan, known, homes))
    shown(of_warnings.figures(found, made_from), made_from)


def asked(form: Form) -> WorklistPlan | None:
    """Ask for the plan: its numbers as fields, all of it as text; None where a number cannot be, said beside it."""
    plan = WorklistPlan(**form.ask(WorklistPlan, boxes=st.columns(3)))
    if form.wrong_with(plan, wrong_with_worklist):
        return None
    usual = written.to_toml(plan)
    with fold(OWN):
        text = st.text_area("The plan", usual, height=420, key=f"plan {hash(usual)}")
    return written.from_text(WorklistPlan, text, "The plan", wrong=wrong_with_worklist)


def decide(data: Loaded, found: Worklist, kept: Journal) -> None:
    """Write a decision down, show all of them, and hand them on as a list of interventions."""
    st.header("Decide")
    journals.say_where(kept)
    rows = {row["location_id"]: row for row in found.rows.to_dict("records")}
    names = {home: f"{row['name']} ({home})" for home, row in rows.items()}
    if rows:
        many = choose_home(data, st, HOME_OF_LIST, names, "decided_home") if len(names) > ALL_LISTED else None
        with st.form("decide", clear_on_submit=True):
            left, right = st.columns(2)
            home = many or left.selectbox(HOME_OF_LIST, [*names], format_func=lambda one: names[one])
            choice = right.selectbox("Decision", list(DECISIONS), format_func=lambda one: DECISIONS[one])
            day = left.date_input("From the day", today(), format="DD/MM/YYYY")
            by = right.text_input("Who decides")
            why = st.text_area("Reason in words")
            if st.form_submit_button("Write it down"):
                write(found, kept, rows[home], decision=choice, day=f"{day}", by=by.strip(), why=why.strip())
    shown([figures.decisions(kept.entries(Decision))], Source(origin=""))
    table = interventions_of(entry for _, _, entry in kept.standing(Decision))
    if len(table):
        st.markdown(
            "As a list of interventions, which the Data page loads: how homes were chosen, and by which months."
        )
        hand_out([st], {"Download the list of interventions (CSV)": ("interventions.csv", journals.csv(table))})


def write(found: Worklist, kept: Journal, row: dict, **said: str) -> None:
    """Write one decision, or say what is missing."""
    if not said["by"] or not said["why"]:
        raise AnalysisError("Nothing was written: a decision needs who decides and why.", do="Fill in both.")
    number = kept.write(decided(row, found.plan, written.digest(found.plan), found.month, **said))
    st.success(as_text(f"Entry {number} is written. The list takes it into account when the page is next drawn."))


main()
