"""Targeting: to which homes should it be offered, when there is not enough for all?"""

from typing import Any

import numpy as np
import streamlit as st

from analysis import written
from analysis.baseline import Baseline
from analysis.figures import targeting as figures
from analysis.plans import targets
from analysis.plans.past import Ready
from analysis.plans.targets import FairTo, Listing, TargetingPlan, Way
from analysis.scenarios.faults import faults_with
from analysis.scenarios.yearly import a_year
from analysis.targeting.choice import Capacity, capacity_faults
from analysis.targeting.heterogeneity import Attribute
from analysis.words.phrases import called
from pages.shared import baselines, cached, scenario_form, targeted
from pages.shared.cached import Loaded
from pages.shared.fields import Form, fold, in_address, pounds_said, whole
from pages.shared.frame import as_text, errors_shown, frame
from pages.shared.sections import shown

NOBODY = "No rule of fairness"
WAYS: dict[str, Way] = {"Kind of home": "home_type", "Council": "council", "Postcode district": "postcode_district",
                        "Provider": "provider"}  # fmt: skip
BUDGET = 500_000
"""Pounds a year at first: enough that leads, and not money, decide how many homes can have it."""
MOST_LINKED = 300
"""Homes that fit into an address; longer lists are handed on as a file."""
ONLY_HERE = {"leads", "homes_per_lead", "residents_per_lead", "budget", "practitioners", "visits", "visits_home",
             "fair_to", "fair_least", "fair_most", "seen_in"}  # fmt: skip
"""Choices in the address that are not about the offer."""


def main() -> None:
    """Draw the page."""
    data = frame("Targeting")
    st.markdown("To which homes should it be offered, when there is not enough for all?")
    if not cached.months_counted(data):
        st.info("This needs admissions and bed-days of the past. Load them on the Data page.")
        return
    with errors_shown():
        ready, first, form = baselines.ready(data), st.container(), Form(choosing=True)
        if why := cached.past(data).left_out:
            st.warning(as_text(why))
        st.header("Change it")
        plan = asked(data, ready.baseline, form)
        if plan is None:
            first.info("Put right what is marked below, and the answer appears here.")
            return
        found = chosen(data, ready, plan)
        source = figures.source(plan, found, cached.past(data), (cached.released(data), data.name))
        with first:
            shown([figures.answer(found, ready.baseline)], source)
            share(plan, found)
        shown(figures.rest(plan, found, ready.baseline, source, lambda: seen_in(data)), source)


def asked(data: Loaded, baseline: Baseline, form: Form) -> TargetingPlan | None:
    """Ask what is offered and what there is to give; None where it makes no sense, which is said beside the fields."""
    have, boxes = room()
    scenario = scenario_form.to_choose_for(data, baseline, form)
    fair = fairness_asked(data)
    ahead = baseline.calendar.last + 1 + np.arange(scenario.months)
    faults, wrong = faults_with(scenario, ahead), capacity_faults(have)
    form.tell(faults)
    for name, why in wrong.items():
        boxes[name].error(as_text(why))
    return None if faults or wrong else TargetingPlan(scenario=scenario, capacity=Capacity(**have), fairness=fair)


def room() -> tuple[dict[str, Any], dict]:
    """Ask what there is to give."""
    first, second, third = st.columns(3)
    have: dict[str, Any] = {
        "leads": whole(first, "Clinical leads", 4, "leads"),
        "homes_per_lead": whole(second, "Homes a lead can carry", 7, "homes_per_lead"),
        "residents_per_lead": whole(third, "Residents a lead can carry", 300, "residents_per_lead"),
        "budget": whole(first, "Budget a year (£)", BUDGET, "budget", step=10_000),
    }
    first.caption(as_text(pounds_said(have["budget"])))
    with fold("Visits"):
        left, middle, right = st.columns(3)
        have["practitioners"] = whole(left, "Practitioners (0: not needed)", 0, "practitioners")
        have["visits_per_practitioner"] = whole(middle, "Visits a week one can make", 12, "visits")
        have["visits_per_home"] = whole(right, "Visits a week one home needs", 1, "visits_home")
    boxes = {"leads": first, "homes_per_lead": second, "residents_per_lead": third, "budget": first,
             "practitioners": left, "visits_per_practitioner": middle, "visits_per_home": right}  # fmt: skip
    return have, boxes


def fairness_asked(data: Loaded) -> FairTo:
    """Ask for a rule of fairness: the way of grouping homes, and how many of each at least and at most."""
    with fold("Fairness between groups of homes"):
        left, middle, right = st.columns(3)
        known = targeted.places(data)
        ways = [title for title, way in WAYS.items() if way in known]
        way = left.selectbox("Fair to every", [NOBODY, *ways], **in_address("fair_to"))
        least = whole(middle, "At least so many homes of each", 1, "fair_least")
        most = whole(right, "At most so many of each (0: any number)", 0, "fair_most")
    return FairTo(every=WAYS.get(way or NOBODY, ""), least=max(least, 0), most=max(most, 0))


def chosen(data: Loaded, ready: Ready, plan: TargetingPlan) -> Listing:
    """Choose homes, and lay the offer on them as the What if page would."""
    offer = targets.offer_of(a_year(plan.scenario, ready.baseline.calendar.last + 1))
    contest = targeted.judged(data, offer, plan.capacity)
    groups = targets.known_places(plan, targeted.places(data))
    return targets.listing(plan, cached.past(data), ready, contest, groups)


def share(plan: TargetingPlan, found: Listing) -> None:
    """Hand the list on to the What if page, and as files."""
    named, left, right = found.scenario.offers[0].who.units, *st.columns(2)
    if found.projection is not None and len(named) <= MOST_LINKED:
        here = {name: value for name, value in st.query_params.to_dict().items() if name not in ONLY_HERE}
        left.page_link("pages/what_if.py", label="See these homes on the What if page, month by month",
                       query_params=here | {"only0": " ".join(named)})  # fmt: skip
    files = {
        "Download this list as a scenario (JSON)": ("list_of_homes.json", lambda: written.to_json(found.scenario)),
        "Download this plan (TOML)": ("targeting.toml", lambda: written.to_toml(plan)),
        "Download the rule (text)": ("entry_rule.txt", lambda: targets.published_rule(found)),
    }
    for label, (name, made) in files.items():
        right.download_button(label, made, name, "text/plain", on_click="ignore")


def seen_in(data: Loaded) -> list[Attribute] | None:
    """Ask in which intervention to look for differences between homes."""
    given = cached.interventions(data)
    if given.empty:
        return None
    st.header("Does it work better in some homes?")
    name = st.selectbox("Intervention", [*given["intervention"]], format_func=called, **in_address("seen_in"))
    return targeted.by_attribute(data, str(name))


main()
