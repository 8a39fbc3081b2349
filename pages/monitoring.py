"""Monitoring: is it more than the usual coming and going, and which homes stand apart?"""

import streamlit as st

from analysis import written
from analysis.figures import monitoring as figures
from analysis.monitoring import ControlChart
from analysis.plans.monitored import MonitoringPlan, Seen, names, watch
from pages.shared import cached
from pages.shared.fields import fold, in_address, whole
from pages.shared.frame import errors_shown, frame
from pages.shared.sections import shown

GROUPS = ("all homes", "council", "kind of home")
SEASONS = {"auto": "Where it is found", "kept": "Never", "taken out": "Always"}


def main() -> None:
    """Draw the page."""
    data = frame("Monitoring")
    st.markdown("Are emergency admissions more than their usual coming and going, and which homes stand apart?")
    if not cached.months_counted(data):
        st.info("This needs admissions and bed-days. Load them on the Data page.")
        return
    with errors_shown():
        known, first = cached.watched(data), st.container()
        st.header("Change it")
        plan = asked(known)
        source = figures.source(plan, known.shown, cached.released(data), data.name)
        with first:
            shown(figures.figures(watch(plan, known), source), source)
        st.header("Repeat it")
        st.markdown("“homeward monitor” makes the same of this plan on the same data, to the byte.")
        st.code(written.to_toml(plan), language="toml", wrap_lines=True)
        st.download_button("Download the plan (TOML)", written.to_toml(plan), "watching.toml", on_click="ignore")


def asked(known: Seen) -> MonitoringPlan:
    """Ask what is watched, and how."""
    left, middle, right = st.columns(3)
    group = left.selectbox("Whose admissions", GROUPS, **in_address("group"))
    there = names(known, group)
    name = left.selectbox("Which", there, **in_address("which")) if there else ""
    every = middle.selectbox("Points", ("month", "quarter"), **in_address("every"))
    last = whole(right, "Months of the funnel, up to the last", MonitoringPlan().last, "last")
    with fold("Limits, rules and target"):
        chart = _chart(known)
    return MonitoringPlan(group=group, name=name or "", every=every, last=last, chart=chart)


def _chart(known: Seen) -> ControlChart:
    left, right = st.columns(2)
    baseline = whole(left, "Points from which limits are learnt (0: all)", 0, "baseline")
    points = right.selectbox("In a row that make a run or a trend", (7, 6), **in_address("points"))
    months = [str(month) for month in known.totals.months]
    rebased = left.multiselect("Limits learnt anew from (only where you know why)", months, **in_address("rebased"))
    season = right.selectbox(
        "Take the time of the year out", [*SEASONS], format_func=SEASONS.__getitem__, **in_address("season")
    )
    target = left.number_input("Target, per 1,000 bed-days (0: none)", value=0.0, step=0.1, **in_address("target"))
    return ControlChart(baseline=baseline, points=points, rebased=tuple(rebased), season=season, target=target or None)


main()
