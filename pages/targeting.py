"""Targeting: to which homes should it be offered, when there is not enough for all?"""

from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from analysis import charts, written
from analysis.baseline import Baseline
from analysis.charts import targeting as pictures
from analysis.disclosure import HES
from analysis.figures.admissions import INTERVALS
from analysis.missing import Missing
from analysis.plans import targets
from analysis.plans.targets import FairTo, Listing, TargetingPlan, Way
from analysis.prices import BASE_YEAR
from analysis.scenarios import Scenario, display, published
from analysis.scenarios.faults import faults_with
from analysis.scenarios.yearly import a_year
from analysis.tables import targeting as tables
from analysis.targeting.choice import Capacity, capacity_faults
from analysis.targeting.contest import Contest
from analysis.targeting.heterogeneity import TITLES
from analysis.words import scenarios as told_as
from analysis.words import targeting as say_
from pages.shared import baselines, cached, scenario_form, targeted
from pages.shared.baselines import Ready
from pages.shared.cached import Loaded
from pages.shared.fields import Form, kept, whole
from pages.shared.figures import bullets, figure, say, under
from pages.shared.frame import as_text, frame, told

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
    covered = cached.coverage(data)
    if not covered["source"].isin(cached.COUNTED).any():
        st.info("This needs admissions and bed-days of the past. Load them on the Data page.")
        return
    with told():
        ready, first, form = baselines.ready(data), st.container(), Form(choosing=True)
        st.header("Change it")
        plan = asked(data, ready.baseline, form)
        if plan is None:
            first.info("Put right what is marked below, and the answer appears here.")
            return
        listing = chosen(data, ready, plan)
        with first:
            answer(ready, plan, listing)
        source = provenance(data, listing)
        if not isinstance(listing.contest, Missing):
            judged(listing.contest, data, source)
        published_rule(listing, source)
        where_it_works(data, source)
        sources(plan.scenario, source)
        everybody(ready.baseline, listing, source)
    st.header("What this cannot tell you")
    bullets(say_.CANNOT)


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
    with st.expander("Visits"):
        left, middle, right = st.columns(3)
        have["practitioners"] = whole(left, "Practitioners (0: not needed)", 0, "practitioners")
        have["visits_per_practitioner"] = whole(middle, "Visits a week one can make", 12, "visits")
        have["visits_per_home"] = whole(right, "Visits a week one home needs", 1, "visits_home")
    boxes = {"leads": first, "homes_per_lead": second, "residents_per_lead": third, "budget": first,
             "practitioners": left, "visits_per_practitioner": middle, "visits_per_home": right}  # fmt: skip
    return have, boxes


def fairness_asked(data: Loaded) -> FairTo:
    """Ask for a rule of fairness: the way of grouping homes, and how many of each at least and at most."""
    with st.expander("Fairness between groups of homes"):
        left, middle, right = st.columns(3)
        known = targeted.places(data)
        ways = [title for title, way in WAYS.items() if way in known]
        way = left.selectbox("Fair to every", [NOBODY, *ways], **kept("fair_to"))
        least = whole(middle, "At least so many homes of each", 1, "fair_least")
        most = whole(right, "At most so many of each (0: any number)", 0, "fair_most")
    return FairTo(every=WAYS.get(way or NOBODY, ""), least=max(least, 0), most=max(most, 0))


def chosen(data: Loaded, ready: Ready, plan: TargetingPlan) -> Listing:
    """Choose homes, and lay the offer on them as the What if page would; say why rules could not be judged."""
    offer = targets.offer_of(a_year(plan.scenario, ready.baseline.calendar.last + 1))
    contest = targeted.judged(data, offer, plan.capacity)
    if isinstance(contest, Missing):
        st.info(as_text(contest.reason))
    groups = targeted.places(data)[plan.fairness.every] if plan.fairness.every else None
    return targets.listing(plan, cached.past(data), ready, contest, groups)


def answer(ready: Ready, plan: TargetingPlan, listing: Listing) -> None:
    """Say the answer first: to how many, and what that comes to, in the words of the What if page."""
    st.header("The answer")
    first, *more = targets.headline(listing)
    say(first)
    for sentence in more:
        st.markdown(as_text(sentence))
    if listing.projection is not None:
        bullets(targets.beside(listing, ready.baseline))
        share(plan, listing)


def share(plan: TargetingPlan, listing: Listing) -> None:
    """Hand the list on to the What if page, and as a file."""
    named, left, right = listing.scenario.offers[0].who.units, *st.columns(2)
    if len(named) <= MOST_LINKED:
        here = {name: value for name, value in st.query_params.to_dict().items() if name not in ONLY_HERE}
        left.page_link("pages/what_if.py", label="See these homes on the What if page, month by month",
                       query_params=here | {"only0": " ".join(named)})  # fmt: skip
    right.download_button("Download this list as a scenario (JSON)", written.to_json(listing.scenario),
                          "list_of_homes.json", "application/json", on_click="ignore")  # fmt: skip
    right.download_button("Download this plan (TOML)", lambda: written.to_toml(plan), "targeting.toml", "text/plain",
                          on_click="ignore")  # fmt: skip


def judged(contest: Contest, data: Loaded, source: dict[str, str]) -> None:
    """Show what targeting buys."""
    shown = tables.contested(contest.table)
    caption = (
        f"{'Synthetic data. ' if data.synthetic else ''}{contest.homes:,} homes that had no intervention in the year "
        f"judged; {len(contest.cuts)} years, the first from {pd.Timestamp(contest.cuts[0]):%B %Y}. The effect is held "
        "at its mean."
    )
    figure(
        "What targeting truly buys", say_.contest(contest.table, len(contest.cuts)), pictures.contest(shown), caption
    )
    bullets([say_.fell_back(contest.table), say_.learned(contest.table)])
    under("rules_judged", tables.contested_display(shown), shown, source)


def published_rule(listing: Listing, source: dict[str, str]) -> None:
    """Show the plain rule, its goals and its exit."""
    st.header("A rule that can be published")
    sentences = targets.rule_in_words(listing)
    if listing.rule is None:
        st.markdown(as_text(sentences[0]))
        return
    bullets(sentences)
    text = "\n".join(["Who is offered it", "", *sentences, "", *(f"{name}: {value}" for name, value in source.items())])
    st.download_button("Download the rule (text)", text, "entry_rule.txt", "text/plain", on_click="ignore")


def where_it_works(data: Loaded, source: dict[str, str]) -> None:
    """Show how the effect of an intervention in hand differs between homes."""
    given = cached.interventions(data)
    if given.empty:
        return
    st.header("Does it work better in some homes?")
    chosen = st.selectbox(
        "Intervention", [*given["intervention"]], format_func=lambda x: x.replace("_", " "), **kept("seen_in")
    )
    found = targeted.by_attribute(data, str(chosen))
    if not found:
        st.markdown("These data cannot say: no attribute has two groups of homes with an effect.")
        return
    bullets(say_.groups(TITLES.get(one.name, one.name), one.apart, one.adjusted, len(found)) for one in found)
    drawn = pictures.groups([one.table for one in found])
    drawn["told"] = [say_.group_change(ratio) for ratio in drawn["estimate"]]
    chart = charts.forest(drawn, "group", "Effect by group of homes")
    sentence = (
        "Each group's effect is drawn towards the others, because the one that looks best mostly owes it to chance."
    )
    figure("By group of homes", sentence, chart, INTERVALS)
    table = pd.concat([one.table.assign(attribute=one.name) for one in found], ignore_index=True)
    under("effect_by_group", tables.groups_display(table), table, source)


def everybody(baseline: Baseline, listing: Listing, source: dict[str, str]) -> None:
    """Show every open home by name, as it may be shown: there is no order of merit."""
    st.header("Every home, by name")
    st.markdown("Home by home the list is far less sure than in all: see how wide each home's interval is.")
    st.caption(as_text(f"{HES} Rates are worked out from the counts as shown."))
    shown = tables.homes(targets.by_name(baseline, listing))
    under("homes_by_name", tables.homes_display(shown), shown, source, title="The homes and their download")


def sources(scenario: Scenario, source: dict[str, str]) -> None:
    """List every assumption with its source, as the What if page does."""
    st.header("Where the numbers come from")
    listed = published.assumptions(scenario)
    unchecked = int((~listed["verified"]).sum())
    st.markdown(as_text(told_as.assumed(len(listed), unchecked, BASE_YEAR)))
    under("assumptions", display.assumptions(listed), listed, source, title="Every assumption, with its source")


def provenance(data: Loaded, listing: Listing) -> dict[str, str]:
    """Say what a download was made from."""
    return {
        "data": "synthetic" if data.synthetic else data.name,
        "data_sha256": data.digest,
        "scenario_sha256": written.digest(listing.scenario),
        "capacity": repr(listing.capacity),
        "prices": f"pounds of {BASE_YEAR}",
        "seed": str(targets.SEED),
        "homeward": version("homeward"),
    }


main()
