"""Targeting: to which homes should it be offered, when there is not enough for all?"""

from importlib.metadata import version

import pandas as pd
import streamlit as st

from analysis import charts
from analysis.charts import targeting as pictures
from analysis.disclosure import HES
from analysis.errors import AnalysisError
from analysis.prices import BASE_YEAR
from analysis.scenarios.effect_from import from_published, usable
from analysis.tables import targeting as tables
from analysis.targeting.benefit import EVERY_KIND, Benefits, Offer, benefits, costed, listed, offer_faults, usual_effect
from analysis.targeting.choice import Capacity, Choice, Fairness, capacity_faults, choose
from analysis.targeting.contest import Contest
from analysis.targeting.entry_rule import EXIT_MONTHS, FEATURES, LONGEST_MONTHS, EntryRule, entry_rule
from analysis.targeting.heterogeneity import TITLES
from analysis.words import targeting as say_
from pages.shared import baselines, cached, planned, targeted
from pages.shared.cached import Loaded
from pages.shared.figures import INTERVALS, bullets, figure, say, under
from pages.shared.frame import as_text, frame, told

FROM_PUBLISHED, STATED = "Published evaluations, together", "I state it"
NOBODY = "No rule of fairness"


def main() -> None:
    """Draw the page."""
    data = frame("Targeting")
    st.markdown("To which homes should it be offered, when there is not enough for all?")
    covered = cached.coverage(data)
    if not covered["source"].isin(cached.COUNTED).any():
        st.info("This needs admissions and bed-days of the past. Load them on the Data page.")
        return
    with told():
        offer, capacity = asked(data)
        if offer is None or capacity is None:
            st.info("Put right what is marked above, and the answer appears here.")
            return
        source = provenance(data, offer, capacity)
        baseline = baselines.ready(data).baseline
        offered = benefits(baseline, offer, seed=planned.SEED)
        contest = competed(data, offer, capacity)
        mean = offered.mean if contest is None or contest.learned is None else offered.mean_with(contest.learned)
        choice = choose(
            mean,
            capacity.needs(offered.residents, offered.cost),
            capacity.limits(),
            fairness(data),
            eligible=baseline.open,
        )
        answer(offered, choice)
        past = cached.past(data)
        rule = entry_rule(past.panel, baseline, offered, capacity, choice.chosen)
        if contest is not None:
            judged(contest, data, source)
        published_rule(rule, choice, source)
        where_it_works(data, source)
        qualifies = rule.qualifies if rule is not None else False
        sources(offer, source)
        everybody(listed(baseline, offer, offered).assign(chosen=choice.chosen, qualifies=qualifies), offer, source)
    st.subheader("What this cannot tell you")
    bullets(say_.CANNOT)


def asked(data: Loaded) -> tuple[Offer | None, Capacity | None]:
    """Ask what is offered and what there is to give; None where it makes no sense, which is said beside the fields."""
    first, second, third = st.columns(3)
    have = {
        "leads": int(number(first, "Clinical leads", 4, "leads")),
        "homes_per_lead": number(second, "Homes a lead can carry", 7, "homes_per_lead"),
        "residents_per_lead": number(third, "Residents a lead can carry", 300, "residents_per_lead"),
    }
    have["budget"] = number(first, "Budget a year (£)", 250_000, "budget", 10_000)
    usual = Offer()
    cost = {
        "value": number(second, "An admission averted is worth (£)", int(usual.value), "value", 100),
        "cost_per_home": number(third, "Cost of each home a year (£)", int(usual.cost_per_home), "cost_home", 500),
    }
    boxes = {"leads": first, "homes_per_lead": second, "residents_per_lead": third, "budget": first, "value": second,
             "cost_per_home": third}  # fmt: skip
    with st.expander("Effect, fairness, visits"):
        left, middle, right = st.columns(3)
        cost["cost_per_resident"] = number(
            left, "Cost of each resident a year (£)", int(usual.cost_per_resident), "cost_resident", 10
        )
        have["practitioners"] = int(number(middle, "Practitioners (0: not needed)", 0, "practitioners"))
        have["visits_per_practitioner"] = number(right, "Visits a week one can make", 12, "visits")
        have["visits_per_home"] = number(right, "Visits a week one home needs", 1, "visits_home")
        effect = effects(data, left)
        fairness_asked(data, middle)
        boxes |= {"cost_per_resident": left, "practitioners": middle, "visits_per_practitioner": right,
                  "visits_per_home": right, f"effect {EVERY_KIND}": left}  # fmt: skip
    wrong = offer_faults(cost | {"effect": effect}) | capacity_faults(have)
    for name, why in wrong.items():
        boxes.get(name, first).error(as_text(why))
    if wrong:
        return None, None
    return Offer(effect=effect, **cost), Capacity(**have)


def number(box, label: str, value: float, key: str, step: float = 1) -> float:
    """Ask for a number."""
    return box.number_input(as_text(label), value=value, step=step, key=key, bind="query-params")


def effects(data: Loaded, box) -> dict[str, tuple[float, float, float]]:
    """Ask where the effect comes from; rate ratios with intervals by kind of home."""
    given, printed = [*cached.interventions(data)["intervention"]], usable()
    told_as = {key: f"{row.intervention}, {row.home_type} ({row.estimate:.2f})" for key, row in printed.iterrows()}
    names = {
        FROM_PUBLISHED: FROM_PUBLISHED,
        **told_as,
        **{x: f"Here: {x.replace('_', ' ')}" for x in given},
        STATED: STATED,
    }
    chosen = box.selectbox("Effect from", [*names], format_func=names.__getitem__, key="effect_from")
    if chosen == FROM_PUBLISHED:
        return usual_effect()
    if chosen in told_as:
        found = from_published(str(chosen)).ratios
        return {EVERY_KIND if kind == "all" else kind: (x.estimate, x.low, x.high) for kind, x in found.items()}
    if chosen == STATED:
        fewer = number(box, "Fewer admissions (%)", 18, "stated") / 100
        low, high = (
            number(box, "at least (%)", -5, "stated_low") / 100,
            number(box, "at most (%)", 35, "stated_high") / 100,
        )
        return {EVERY_KIND: (1 - fewer, 1 - high, 1 - low)}
    kinds = next((one for one in targeted.by_attribute(data, str(chosen)) if one.name == "home_type"), None)
    if kinds is None:
        raise AnalysisError(
            "These data do not show its effect by kind of home.", do="Choose another source of the effect."
        )
    columns = kinds.table[["group", "shrunken", "shrunken_low", "shrunken_high"]]
    return {str(group): (x, low, high) for group, x, low, high in columns.itertuples(index=False)}


def fairness_asked(data: Loaded, box) -> None:
    """Ask for a rule of fairness; it is read by `fairness`."""
    box.selectbox("Fair to every", [NOBODY, *targeted.places(data)], key="fair_to")
    box.number_input("At least so many homes of each", value=1, min_value=0, step=1, key="fair_least")
    box.number_input("At most so many of each (0: any number)", value=0, min_value=0, step=1, key="fair_most")


def fairness(data: Loaded) -> Fairness | None:
    """Give the rule of fairness that was asked for."""
    way = st.session_state.get("fair_to", NOBODY)
    if way == NOBODY:
        return None
    most = st.session_state["fair_most"] or None
    return Fairness(group=targeted.places(data)[way], least=st.session_state["fair_least"], most=most)


def competed(data: Loaded, offer: Offer, capacity: Capacity) -> Contest | None:
    """Let rules compete, or say why they cannot."""
    try:
        return targeted.judged(data, offer, capacity)
    except AnalysisError as error:
        st.info(as_text(str(error)))
        return None


def answer(offered: Benefits, choice: Choice) -> None:
    """Say the answer first."""
    st.subheader("The answer")
    chosen = choice.chosen
    first = say_.offered(int(chosen.sum()), float(offered.residents[chosen].sum()), float(offered.cost[chosen].sum()))
    if not chosen.any():
        say(first)
        return
    say(f"{first} {say_.worth(offered.interval(chosen), offered.interval(chosen, 'averted'))}")
    total = offered.net[chosen].sum(axis=0)
    bullets([say_.doubt(float((total > 0).mean())), say_.binding(choice.used, choice.limits)])


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


def published_rule(rule: EntryRule | None, choice: Choice, source: dict[str, str]) -> None:
    """Show the plain rule, its goals and its exit."""
    st.subheader("A rule that can be published")
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
    st.subheader("Does it work better in some homes?")
    chosen = st.selectbox(
        "Intervention", [*given["intervention"]], format_func=lambda x: x.replace("_", " "), key="seen_in"
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


def everybody(homes: pd.DataFrame, offer: Offer, source: dict[str, str]) -> None:
    """Show every open home in order, as it may be shown."""
    costs = {"value": offer.value, "cost_per_home": offer.cost_per_home, "cost_per_resident": offer.cost_per_resident}
    shown = tables.ranked(homes[homes["open"]].drop(columns="open"), costs)
    st.subheader("Every home, in order")
    st.markdown("Home by home the list is far less sure than in all: see how often each would be worth its cost.")
    st.caption(as_text(f"{HES} Pounds are worked out from the counts as shown."))
    under("homes_in_order", tables.ranked_display(shown), shown, source, title="The list and its download")


def sources(offer: Offer, source: dict[str, str]) -> None:
    """Show where every number comes from, in which prices, and whether it was checked."""
    st.subheader("Where the numbers come from")
    costs = costed(offer)
    st.markdown(as_text(f"In pounds of {BASE_YEAR}. {say_.unchecked(costs['verified'])}"))
    bullets(
        [
            *(say_.cost(row) for row in costs.to_dict("records")),
            say_.effect_used(offer.effect, usual_effect()),
            say_.CAPACITY,
        ]
    )
    under("costs_used", tables.costed_display(costs, BASE_YEAR), costs, source, title="Costs, sources and price years")


def provenance(data: Loaded, offer: Offer, capacity: Capacity) -> dict[str, str]:
    """Say what a download was made from."""
    return {
        "data": "synthetic" if data.synthetic else data.name,
        "data_sha256": data.digest,
        "offer": repr(offer),
        "capacity": repr(capacity),
        "prices": f"pounds of {BASE_YEAR}",
        "seed": str(planned.SEED),
        "homeward": version("homeward"),
    }


main()
