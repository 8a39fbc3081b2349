"""What does the visitor want to try? Every field stands in the address, so that a link shows the same scenario.

Labels, units and first values are declared with the classes of a scenario (`ENTRIES`); here stands what hangs on the
data: where an effect comes from, which homes and months there are.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import streamlit as st

from analysis.baseline import Baseline
from analysis.errors import AnalysisError
from analysis.prices import UNIT_COSTS, UnitCost
from analysis.scenarios import DeliveryCosts, Effect, Offer, Ratio, Scenario, Who, effect_from
from analysis.scenarios.claimed import OnDelays, OnRatings
from analysis.scenarios.inputs import JUDGED
from analysis.scenarios.scenario import PAYERS
from analysis.words.phrases import called
from pages.shared import cached, plans
from pages.shared.cached import Loaded
from pages.shared.form import Form, choose, fold, in_address, month, number, pounds_said
from pages.shared.showing import as_text

NOTHING, STATED = "Nothing is claimed", "State it myself"
NO_END, ANY_AREA = "no end", "All areas"
FEWER = {"residential": (25, 10, 40), "nursing": (5, -10, 20)}
"""Per cent fewer admissions, and its interval, from which somebody who states an effect starts."""
SPEEDS = {"better": (1.2, 0.9, 1.6), "worse": (0.9, 0.6, 1.3)}
"""Times as fast, and its interval, likewise: small, and perhaps none."""
FEWER_DELAYED = (5, -5, 15)
"""Per cent fewer delayed days, likewise."""
AskWho = Callable[[Baseline, Form], Who]


def scenario(data: Loaded, baseline: Baseline, form: Form) -> Scenario:
    """Ask for a whole scenario."""
    first, second = st.columns([3, 1])
    ahead = _months_ahead(first)
    count = choose(second, "Interventions at once", [1, 2, 3], "together")
    form.place("months", "offers")
    places = [st.container() for _ in range(3)]  # always the same three: see `form.in_address`
    offers = []
    for k in range(count):
        with places[k]:
            st.markdown(f"**Intervention {k + 1}**" if count > 1 else "**The intervention**")
            with st.container():
                within = form.within(f"offers[{k + 1}]", k)
                offers.append(replace(_offer(data, baseline, within, ahead, _who_is_offered), **_claims(data, within)))
    with st.container():
        overlap = form.ask(Scenario, "overlap") if count > 1 else {}
    named = " and ".join(one.name for one in offers)
    return Scenario(title=named, offers=tuple(offers), months=ahead, **overlap, **_worth(form))


def to_choose_for(data: Loaded, baseline: Baseline, form: Form) -> Scenario:
    """Ask for one intervention as `scenario` does, under the same names, but not for which homes, nor for claims."""
    ahead = _months_ahead(st)
    form.place("months", "offers")
    asked = _offer(data, baseline, form.within("offers[1]", 0), ahead, _who_may_have_it)
    return Scenario(title=asked.name, offers=(asked,), months=ahead, **_worth(form))


def _months_ahead(box) -> int:
    return box.slider("Months to look ahead", 6, 60, 36, 6, **in_address("months"))


def _worth(form: Form) -> dict:
    """Ask what an admission averted frees, and what comes with it."""
    with fold("What an admission is worth, and what comes with it"):
        per_admission = ("stay_days", "attendances", "cash_share", "journeys")
        values = form.ask(Scenario, *per_admission, boxes=st.columns(2))
        return values | {"unit_costs": tuple(_unit_cost(n, cost, form) for n, cost in enumerate(UNIT_COSTS, 1))}


def _unit_cost(n: int, cost: UnitCost, form: Form) -> UnitCost:
    """Ask for a unit cost; one that is changed is no longer the published one."""
    one, two, three, four = st.columns([2, 2, 1, 1])
    low = number(one, f"{cost.what}, £ from", cost.low, f"{cost.key}_from", step=10.0)
    high = number(two, f"{cost.what}, £ to", cost.high, f"{cost.key}_to", step=10.0)
    year = three.text_input(f"{cost.what}, in prices of", cost.price_year, **in_address(f"{cost.key}_year"))
    payer = choose(four, f"{cost.what}, whose", PAYERS, f"{cost.key}_whose", first=cost.payer)
    form.within(f"unit_costs[{n}]").place("low", "price_year", "payer")
    same = (low, high, year) == (cost.low, cost.high, cost.price_year)
    changed = cost if same else replace(cost, low=low, high=high, price_year=year, source=JUDGED, verified=False)
    checked = "Verified" if changed.verified else "Not verified"
    st.caption(as_text(f"{pounds_said(low, high)}. Source: {changed.source}. {checked}."))
    return replace(changed, payer=payer)


def _offer(data: Loaded, baseline: Baseline, form: Form, ahead: int, ask_who: AskWho) -> Offer:
    """Ask for one intervention: what it does, who is offered it, from when, and what it costs."""
    name, effect = _what_it_does(data, form)
    who = ask_who(baseline, form.within("who"))
    left, right = st.columns(2)
    said = form.ask(Offer, "uptake", boxes=[left])
    with right:
        said |= _when(form, [str(month) for month in baseline.calendar.last + 1 + np.arange(ahead)])
    with fold("How fully, how fast, for how long, and what it costs", form.nth):
        left, right = st.columns(2)
        said |= form.ask(Offer, "fidelity", boxes=[left])
        said |= form.ask(Offer, "ramp_months", "half_life_months", boxes=right.columns(2))
        said["programme"] = _costs(form.within("programme"))
    return Offer(name=name, effect=effect, who=who, **said)


def _what_it_does(data: Loaded, form: Form) -> tuple[str, Effect]:
    """Ask where the effect comes from; the second and third of a kind carry their number, so that names differ."""
    k, read = int(form.nth), effect_from.in_words()
    here = {f"As evaluated here: {called(name)}": name for name in cached.interventions(data)["intervention"]}
    options = [*here, *read, STATED]
    first = options[min(k, len(options) - 1)]
    if first in here and not _gives_one(data, here[first]):
        first = next(iter(read), STATED)
    chosen = choose(st, "What it does to emergency admissions", options, f"effect{k}", first=first)
    form.place("effect.ratios", "name", *(f"effect.ratios.{kind}" for kind in ("all", *FEWER)))
    with st.container():
        ratios = [_ratio(form, kind) for kind in FEWER] if chosen == STATED else []
    nth = f" ({k + 1})" if k else ""
    if chosen in here:
        return f"{called(here[chosen])}{nth}", _found_here(data, here[chosen])
    if chosen in read:
        name, effect = effect_from.usable().loc[read[chosen], "intervention"], effect_from.from_published(read[chosen])
        return f"{name}{nth}", effect
    return f"intervention {k + 1}", effect_from.stated(*ratios)


def _found_here(data: Loaded, intervention: str) -> Effect:
    return effect_from.from_evaluation(plans.evaluated(data, intervention).published, called(intervention))


def _gives_one(data: Loaded, intervention: str) -> bool:
    """Whether an evaluation gives an effect that can be projected: what does not is not what a visitor begins with."""
    try:
        return bool(_found_here(data, intervention).ratios)
    except AnalysisError:
        return False


def _ratio(form: Form, kind: str) -> Ratio:
    homes = f"{kind.capitalize()} homes"
    keys = [f"{end}_{kind}{form.nth}" for end in ("fewer", "least", "most")]
    return form.ratio((f"{homes}: fewer admissions, %", homes), FEWER[kind], keys, f"effect.ratios.{kind}")


def _who_is_offered(baseline: Baseline, form: Form) -> Who:
    """Ask which homes."""
    one, two, three, four = st.columns(4)
    said = form.ask(Who, "most", "order", boxes=[one, four])
    may = _may(baseline, form, (two, three))
    with st.container():
        return replace(may, **said, units=_named_homes(baseline, form.nth))


def _who_may_have_it(baseline: Baseline, form: Form) -> Who:
    """Ask which homes may have it, however many they are."""
    return replace(_may(baseline, form, st.columns(2)), most=len(baseline.units))


def _may(baseline: Baseline, form: Form, boxes) -> Who:
    areas = [ANY_AREA, *sorted(baseline.units["area"].dropna().astype(str).unique())]
    kind = form.ask(Who, "home_type", boxes=boxes)
    area = choose(boxes[1], "Where", areas, f"area{form.nth}")
    also = st.checkbox("Also homes that have had an intervention already", **in_address(f"also{form.nth}"))
    return Who(area="" if area == ANY_AREA else area, without_only=not also, **kind)


def _named_homes(baseline: Baseline, k: str) -> tuple[str, ...]:
    """Ask for single homes, such as those that the Targeting page chose."""
    with fold("Or name the homes", k):
        listed = st.text_input(
            "Location IDs with spaces between them (empty: chosen as said above)", **in_address(f"only{k}")
        )
        found, unknown = baseline.open_among(listed or "")
        if unknown:
            st.warning(as_text(f"Not among the open homes loaded, and left out: {', '.join(unknown)}."))
    if found:
        st.caption(f"The {len(found):,} homes named are offered it, whatever is said above.")
    elif unknown:
        st.warning("None of the homes named is loaded, so homes are chosen as said above.")
    return found


def _when(form: Form, months: list[str]) -> dict[str, str]:
    """Ask from when, until when; the first month to come, and no end, are left unsaid."""
    one, two = st.columns(2)
    start = month(one, "Start", months, f"start{form.nth}")
    end = month(two, "Last month", [NO_END, *months], f"end{form.nth}")
    form.place("start", "end")
    return {"start": "" if start == months[0] else start, "end": "" if end == NO_END else end}


def _costs(form: Form) -> DeliveryCosts:
    """Ask what giving it costs."""
    amounts, bought = ("set_up", "fixed_per_year", "per_home_per_year"), ("paid_by", "price_year")
    asked = DeliveryCosts(**form.ask(DeliveryCosts, *amounts), **form.ask(DeliveryCosts, *bought, boxes=st.columns(2)))
    usual = replace(asked, paid_by=DeliveryCosts().paid_by) == DeliveryCosts()
    asked = asked if usual else replace(asked, source=JUDGED)
    st.caption(f"Source: {as_text(asked.source)}. Not verified: put in what you would pay.")
    return asked


def _claims(data: Loaded, form: Form) -> dict:
    """Ask what it does to ratings and to delayed days: nothing is claimed unless the visitor says so."""
    with fold("What it does to ratings and to delayed days", form.nth):
        st.caption("No controlled evaluation gives an effect on either. What is expected without it is shown anyway.")
        return {"ratings": _on_ratings(data, form), "delays": _on_delays(form)}


def _on_ratings(data: Loaded, form: Form) -> OnRatings:
    here = {f"As the ratings show here: {called(name)}": name for name in cached.interventions(data)["intervention"]}
    chosen = choose(st, "What it does to ratings", [NOTHING, *here, STATED], f"on_ratings{form.nth}")
    form.place("ratings.better", "ratings.worse")
    with st.container():
        if chosen in here:
            try:
                return plans.effect_on_ratings(data, here[chosen])
            except AnalysisError as error:
                st.error(as_text(f"{error} Nothing is claimed instead."))
        return effect_from.ratings_stated(*(_speed(form, way) for way in SPEEDS)) if chosen == STATED else OnRatings()


def _speed(form: Form, way: str) -> Ratio:
    keys = [f"{way}{end}{form.nth}" for end in ("", "_least", "_most")]
    labels = f"To a {way} rating: times as fast", way.capitalize()
    return form.ratio(labels, SPEEDS[way], keys, f"ratings.{way}")


def _on_delays(form: Form) -> OnDelays:
    chosen = choose(st, "What it does to delayed days", [NOTHING, STATED], f"on_delays{form.nth}")
    form.place("delays.ratio")
    with st.container():
        if chosen == NOTHING:
            return OnDelays()
        keys = [f"{end}_delayed{form.nth}" for end in ("fewer", "least", "most")]
        labels = "Fewer delayed days in the council, %", "Delayed days"
        return effect_from.delays_stated(form.ratio(labels, FEWER_DELAYED, keys, "delays.ratio"))
