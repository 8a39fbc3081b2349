"""Targeting: to which homes should it be offered, when there is not enough for all?"""

from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from analysis import charts
from analysis.baseline import Baseline
from analysis.charts import targeting as pictures
from analysis.disclosure import HES
from analysis.errors import AnalysisError
from analysis.figures.admissions import INTERVALS
from analysis.prices import BASE_YEAR
from analysis.scenarios import Scenario, display, money, project, published, written
from analysis.scenarios.faults import faults_with
from analysis.scenarios.yearly import a_year
from analysis.tables import targeting as tables
from analysis.targeting.benefit import Offer, benefits
from analysis.targeting.choice import Capacity, Fairness, capacity_faults, choose
from analysis.targeting.contest import Contest
from analysis.targeting.entry_rule import EXIT_MONTHS, FEATURES, LONGEST_MONTHS, entry_rule
from analysis.targeting.heterogeneity import TITLES
from analysis.words import scenarios as told_as
from analysis.words import targeting as say_
from pages.shared import answers_if, baselines, cached, planned, scenario_form, targeted
from pages.shared.baselines import Ready
from pages.shared.cached import Loaded
from pages.shared.fields import Form, kept, whole
from pages.shared.figures import bullets, figure, say, under
from pages.shared.frame import as_text, frame, told
from pages.shared.targeted import Listing

Fair = tuple[str, int, int]
NOBODY = "No rule of fairness"
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
        if why := cached.past(data).left_out:
            st.warning(as_text(why))
        st.header("Change it")
        scenario, capacity, fair = asked(data, ready.baseline, form)
        if scenario is None or capacity is None:
            first.info("Put right what is marked below, and the answer appears here.")
            return
        listing = chosen(data, ready, scenario, capacity, fair)
        with first:
            answer(data, ready, listing)
        source = provenance(data, listing)
        if listing.contest is not None:
            judged(listing.contest, data, source)
        published_rule(listing, source)
        where_it_works(data, source)
        sources(scenario, source)
        everybody(ready.baseline, listing, source)
    st.header("What this cannot tell you")
    bullets(say_.CANNOT)


def asked(data: Loaded, baseline: Baseline, form: Form) -> tuple[Scenario | None, Capacity | None, Fair]:
    """Ask what is offered and what there is to give; None where it makes no sense, which is said beside the fields."""
    have, boxes = room()
    scenario = scenario_form.to_choose_for(data, baseline, form)
    fair = fairness_asked(data)
    ahead = baseline.calendar.last + 1 + np.arange(scenario.months)
    faults, wrong = faults_with(scenario, ahead), capacity_faults(have)
    form.tell(faults)
    for name, why in wrong.items():
        boxes[name].error(as_text(why))
    fits = not faults and not wrong
    return (scenario if fits else None), (Capacity(**have) if fits else None), fair


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


def fairness_asked(data: Loaded) -> Fair:
    """Ask for a rule of fairness: the way of grouping homes, and how many of each at least and at most."""
    with st.expander("Fairness between groups of homes"):
        left, middle, right = st.columns(3)
        way = left.selectbox("Fair to every", [NOBODY, *targeted.places(data)], **kept("fair_to"))
        least = whole(middle, "At least so many homes of each", 1, "fair_least")
        most = whole(right, "At most so many of each (0: any number)", 0, "fair_most")
    return way or NOBODY, max(least, 0), max(most, 0)


def chosen(data: Loaded, ready: Ready, scenario: Scenario, capacity: Capacity, fair: Fair) -> Listing:
    """Choose homes, and lay the offer on them as the What if page would."""
    baseline, (way, least, most) = ready.baseline, fair
    yearly = a_year(scenario, baseline.calendar.last + 1)
    offer, may = targeted.offer_of(yearly), scenario.offers[0].who.fits(baseline)
    offered, contest = benefits(baseline, offer, seed=planned.SEED), competed(data, offer, capacity)
    learned = None if contest is None else contest.learned
    mean = offered.mean if learned is None else offered.mean_with(learned, offer.mean_uptake)
    rule = None if way == NOBODY else Fairness(group=targeted.places(data)[way], least=least, most=most or None)
    left_for_homes = capacity.after(yearly.fixed)
    needs = left_for_homes.needs(offered.residents, offered.cost)
    choice = choose(mean, needs, left_for_homes.limits(), rule, eligible=may)
    entry = entry_rule(cached.past(data).shown, baseline, offered, left_for_homes, choice)
    listed = targeted.offered_to(scenario, baseline, choice.chosen)
    projection = project(baseline, listed, levels=ready.levels) if choice.chosen.any() else None
    return Listing(scenario=listed, yearly=yearly, capacity=capacity, offered=offered, choice=choice, rule=entry,
                   contest=contest, projection=projection)  # fmt: skip


def competed(data: Loaded, offer: Offer, capacity: Capacity) -> Contest | None:
    """Let rules compete, or say why they cannot."""
    try:
        return targeted.judged(data, offer, capacity)
    except AnalysisError as error:
        st.info(as_text(str(error)))
        return None


def answer(data: Loaded, ready: Ready, listing: Listing) -> None:
    """Say the answer first: to how many, and what that comes to, in the words of the What if page."""
    st.header("The answer")
    offered, choice = listing.offered, listing.choice
    residents, cost = (float(each[choice.chosen].sum()) for each in (offered.residents, offered.cost))
    first = say_.offered(int(choice.chosen.sum()), residents, cost + listing.yearly.fixed)
    if listing.projection is None:
        say(first)
        return
    worth = money(listing.projection)
    say(f"{first} {answers_if.headline(listing.projection)}")
    st.markdown(as_text(answers_if.worth(worth)))
    supported = int((ready.baseline.supported & ready.baseline.open).sum())
    also = not listing.scenario.offers[0].who.without_only
    bullets([say_.doubt(), say_.binding(choice.used, choice.limits), say_.already(supported, also)])
    share(listing)


def share(listing: Listing) -> None:
    """Hand the list on to the What if page, and as a file."""
    named, left, right = listing.scenario.offers[0].who.units, *st.columns(2)
    if len(named) <= MOST_LINKED:
        here = {name: value for name, value in st.query_params.to_dict().items() if name not in ONLY_HERE}
        left.page_link("pages/what_if.py", label="See these homes on the What if page, month by month",
                       query_params=here | {"only0": " ".join(named)})  # fmt: skip
    right.download_button("Download this list as a scenario (JSON)", written.to_json(listing.scenario),
                          "list_of_homes.json", "application/json", on_click="ignore")  # fmt: skip


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
    rule, choice = listing.rule, listing.choice
    if rule is None:
        st.markdown("No plain rule chooses homes in which it is expected to be worth its cost.")
        return
    found = {
        "kinds": rule.kinds, "threshold": rule.threshold, "homes": int(rule.qualifies.sum()), "kept": rule.kept,
        "shared": rule.shared, "optimum": int(choice.chosen.sum()), "expected": rule.expected, "goal": rule.goal,
        "leaves_below": rule.leaves_below, "exit_months": EXIT_MONTHS, "longest_months": LONGEST_MONTHS,
    }  # fmt: skip
    sentences = say_.rule(found, FEATURES[rule.feature])
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
    shown = tables.homes(targeted.by_name(baseline, listing))
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
        "data_sha256": cached.released(data),
        "scenario_sha256": written.digest(listing.scenario),
        "capacity": repr(listing.capacity),
        "prices": f"pounds of {BASE_YEAR}",
        "seed": str(planned.SEED),
        "homeward": version("homeward"),
    }


main()
