"""Targeting: to which homes should it be offered, when there is not enough for all?"""

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from analysis import written
from analysis.baseline import Baseline
from analysis.figures import targeting as figures
from analysis.figures.of_plans import of_targeting
from analysis.plans import targets
from analysis.plans.past import Ready
from analysis.plans.targets import FairTo, Listing, TargetingPlan
from analysis.scenarios.faults import faults_with
from analysis.scenarios.yearly import a_year
from analysis.targeting.choice import Capacity
from analysis.targeting.heterogeneity import Attribute
from analysis.words.phrases import called
from pages.shared import cached, plans, scenario_form
from pages.shared.cached import Loaded
from pages.shared.form import Form, choose, fold
from pages.shared.frame import errors_shown, frame
from pages.shared.reported import plan_offered
from pages.shared.showing import as_text, hand_out, shown

NOBODY = "No rule of fairness"
WAYS: dict[targets.Way, str] = {"home_type": "Kind of home", "council": "Council",
                                "postcode_district": "Postcode district", "provider": "Provider"}  # fmt: skip
MOST_LINKED = 300
"""Homes that fit into an address; longer lists are handed on as a file."""
ONLY_HERE = {*(entry.key or name for kind in (Capacity, FairTo) for name, entry in kind.ENTRIES.items()),
             "fair_to", "seen_in"}  # fmt: skip
"""Choices in the address that are not about the offer."""


def main() -> None:
    """Draw the page."""
    data = frame("Targeting", "To which homes should it be offered, when there is not enough for all?")
    if not cached.months_counted(data):
        st.info("This needs admissions and bed-days of the past. Load them on the Data page.")
        return
    with errors_shown():
        ready, first, form = plans.ready(data), st.container(), Form()
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
        asked_for = ("target", written.to_toml(plan))
        at, works = (data.store, cached.past(data), ready), partial(plans.where_it_works, data)
        plan_offered(data, "target", asked_for, lambda: of_targeting((plan, found), at, source, works))


def asked(data: Loaded, baseline: Baseline, form: Form) -> TargetingPlan | None:
    """Ask what is offered and what there is to give; None where it makes no sense, which is said beside the fields."""
    have = room(form.within("capacity"))
    scenario = scenario_form.to_choose_for(data, baseline, form)
    fair = fairness(data, form)
    wrong = faults_with(scenario, baseline.calendar.last + 1 + np.arange(scenario.months))
    wrong += [fault.within("capacity") for fault in Capacity.faults_in(have)]
    return None if form.refused(wrong) else TargetingPlan(scenario=scenario, capacity=Capacity(**have), fairness=fair)


def room(form: Form) -> dict[str, Any]:
    """Ask what there is to give."""
    leads, visits = [*Capacity.ENTRIES][:4], [*Capacity.ENTRIES][4:]
    have = form.ask(Capacity, *leads, boxes=st.columns(3))
    with fold("Visits"):
        return have | form.ask(Capacity, *visits, boxes=st.columns(3))


def fairness(data: Loaded, form: Form) -> FairTo:
    """Ask for a rule of fairness: the way of grouping homes, and how many of each at least and at most."""
    with fold("Fairness between groups of homes"):
        left, *columns = st.columns(3)
        known = plans.places(data)
        ways: dict[targets.Way, str] = {"": NOBODY, **{way: title for way, title in WAYS.items() if way in known}}
        every = choose(left, "Fair to every", ways, "fair_to")
        many = form.within("fairness").ask(FairTo, boxes=columns)
    return FairTo(every=every, **{name: max(homes, 0) for name, homes in many.items()})


def chosen(data: Loaded, ready: Ready, plan: TargetingPlan) -> Listing:
    """Choose homes, and lay the offer on them as the What if page would."""
    offer = targets.offer_of(a_year(plan.scenario, ready.baseline.calendar.last + 1))
    contest = plans.contest(data, offer, plan.capacity)
    groups = targets.known_places(plan, plans.places(data))
    return targets.listing(plan, cached.past(data), ready, contest, groups)


def share(plan: TargetingPlan, found: Listing) -> None:
    """Hand the list on to the What if page, and as files."""
    named, left, right = found.scenario.offers[0].who.units, *st.columns(2)
    if found.projection is not None and len(named) <= MOST_LINKED:
        here = {name: value for name, value in st.query_params.to_dict().items() if name not in ONLY_HERE}
        left.page_link("pages/what_if.py", label="See these homes on the What if page, month by month",
                       query_params=here | {"only0": " ".join(named)})  # fmt: skip
    hand_out([right], {
        "Download this list as a scenario (JSON)": ("list_of_homes.json", lambda: written.to_json(found.scenario)),
        "Download this plan (TOML)": ("targeting.toml", lambda: written.to_toml(plan)),
        "Download the rule (text)": ("entry_rule.txt", lambda: targets.published_rule(found)),
    })  # fmt: skip


def seen_in(data: Loaded) -> list[Attribute] | None:
    """Ask in which intervention to look for differences between homes."""
    given = cached.interventions(data)
    if given.empty:
        return None
    st.header("Does it work better in some homes?")
    names = {name: called(name) for name in given["intervention"]}
    return plans.by_attribute(data, choose(st, "Intervention", names, "seen_in"))


main()
