"""Monitoring: is it more than the usual coming and going, and which homes stand apart?"""

import streamlit as st

from analysis import written
from analysis.figures import Source
from analysis.figures import monitoring as figures
from analysis.figures import networks as of_networks
from analysis.monitoring import ControlChart
from analysis.months import month_said
from analysis.plans.monitored import GROUPS, MonitoringPlan, Watchable, names, watch
from analysis.plans.networks import NetworksPlan, lead, listed
from analysis.store.sample import SAMPLE
from pages.shared import cached
from pages.shared.cached import Loaded, remembered
from pages.shared.form import Form, choose, fold, number, several
from pages.shared.frame import errors_shown, frame
from pages.shared.showing import hand_out, shown, wanted

ASKS = "Are emergency admissions more than their usual coming and going, and which homes stand apart?"

LIST = SAMPLE / "lists" / "networks.csv"
NEEDS = (
    "One row per home: location ID and network, and if you like lead, role, team (in place, building, none), named "
    "lead, weekly round, assessment, medication review, information sharing (yes or no). Names of leads are not kept."
)
SYNTHETIC = "Synthetic data: the fictional county of Marlshire."


def main() -> None:
    """Draw the page."""
    data = frame("Monitoring", ASKS)
    if not cached.months_counted(data):
        st.info("This needs admissions and bed-days. Load them on the Data page.")
        return
    with errors_shown():
        known, first = cached.watched(data), st.container()
        st.header("Change it")
        form = Form()
        plan = asked(known, form)
        if form.wrong_with(plan):
            return
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


def networks(data: Loaded) -> None:
    """Ask whether networks are wanted, take the list, and show what leads have."""
    if not wanted("By network and clinical lead", "Show homes by primary care network", "networks", NEEDS):
        return
    given = st.file_uploader("List of homes and networks (CSV, Excel, ODS)")
    if given is None and not data.synthetic:
        st.caption(NEEDS)
        return
    plan = listed(given.name, given.getvalue()) if given else remembered(data, ("networks",), _of_the_sample)
    homes = cached.homes_known(data)
    found = lead(plan, homes)
    source = Source(origin=SYNTHETIC if data.synthetic else f"Source: {data.name}.",
                    made_from={"plan": written.digest(plan), "data_sha256": cached.released(data)})  # fmt: skip
    shown(of_networks.figures(found, source), source)
    hand_out([st], {"Download these networks as a plan (TOML)": ("networks.toml", written.to_toml(plan))})


def _of_the_sample() -> NetworksPlan:
    return listed(LIST.name, LIST)


main()
