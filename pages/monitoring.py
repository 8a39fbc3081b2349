"""Monitoring: is it more than the usual coming and going, and which homes stand apart?"""

import streamlit as st

from analysis import written
from analysis.figures import monitoring as figures
from analysis.monitoring import ControlChart
from analysis.months import month_said
from analysis.plans.monitored import GROUPS, MonitoringPlan, Watchable, names, watch
from pages.shared import cached
from pages.shared.form import Form, choose, fold, number, several
from pages.shared.frame import errors_shown, frame
from pages.shared.networks import networks
from pages.shared.showing import hand_out, shown

ASKS = "Are emergency admissions more than their usual coming and going, and which homes stand apart?"


def main() -> None:
    """Draw the page."""
    data = frame("Monitoring", ASKS)
    if not cached.months_counted(data):
        st.info("This needs admissions and bed-days. Load them on the Data page.")
        return
    with errors_shown():
        known, first = cached.watched(data), st.container()
        st.header("Change it")
        plan = asked(known, Form())
        source = figures.source(plan, known.shown, cached.released(data), data.name)
        with first:
            shown(figures.figures(watch(plan, known), source), source)
        networks(data)
        st.header("Repeat it")
        st.markdown("“homeward monitor” makes the same of this plan on the same data, to the byte.")
        st.code(written.to_toml(plan), language="toml", wrap_lines=True)
        hand_out([st], {"Download the plan (TOML)": ("watching.toml", written.to_toml(plan))})


def asked(known: Watchable, form: Form) -> MonitoringPlan:
    """Ask what is watched, and how."""
    left, middle, right = st.columns(3)
    group = choose(left, "Whose admissions", GROUPS, "group")
    there = names(known, group)
    name = choose(left, "Which", there, "which") if there else ""
    said = form.ask(MonitoringPlan, boxes=[middle, right])
    with fold("Limits, rules and target"):
        left, right = columns = st.columns(2)
        chart = form.within("chart").ask(ControlChart, boxes=columns)
        months = {str(month): month_said(month) for month in known.totals.months}
        rebased = several(right, "Limits learnt anew from (only where you know why)", months, "rebased")
        target = number(left, "Target, per 1,000 bed-days (0: none)", 0, "target", step=0.1)
    chart = ControlChart(rebased=rebased, target=target or None, **chart)
    return MonitoringPlan(group=group, name=name, chart=chart, **said)


main()
