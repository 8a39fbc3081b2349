"""What does the visitor want to try? Every field stands in the address, so that a link shows the same scenario."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from analysis.baseline import Baseline
from analysis.design import Plan
from analysis.evaluation import Evaluation
from analysis.prices import UNIT_COSTS, UnitCost
from analysis.protocol import Protocol
from analysis.scenarios import DeliveryCosts, Effect, Offer, Range, Ratio, Scenario, Who
from analysis.scenarios.claimed import OnDelays, OnRatings
from analysis.scenarios.effect_from import from_evaluation, from_published, stated, usable
from analysis.scenarios.inputs import JUDGED, place
from analysis.scenarios.scenario import ORDERS, OVERLAPS, PAYERS
from analysis.words.phrases import called
from pages.shared import cached, further_form
from pages.shared.cached import Loaded
from pages.shared.fields import Form, fewer, fold, in_address, month_in_address, pounds_said, whole, with_interval
from pages.shared.frame import as_text

STATED = "State it myself"
NO_END = "no end"
ANY_AREA = "All areas"
KINDS = {"all": "All homes", "residential": "Residential homes", "nursing": "Nursing homes"}
FEWER = {"residential": (25, 10, 40), "nursing": (5, -10, 20)}
"""Per cent fewer admissions, and its interval, from which somebody who states an effect starts."""


def scenario(data: Loaded, baseline: Baseline, form: Form) -> Scenario:
    """Ask for a whole scenario."""
    first, second = st.columns([3, 1])
    ahead = months_ahead(first)
    count = second.selectbox("Interventions at once", [1, 2, 3], **in_address("together")) or 1
    form.place("months", "offers")
    labels = labels_of(baseline, ahead)
    places = [st.container() for _ in range(3)]  # always the same three: see `fields.in_address`
    offers = []
    for k in range(count):
        with places[k]:
            st.markdown(f"**Intervention {k + 1}**" if count > 1 else "**The intervention**")
            with st.container():
                offers.append(offer(data, baseline, form, k, labels))
    overlap = "multiply"
    with st.container():
        if count > 1:
            overlap = st.selectbox("Homes that take up more than one", list(OVERLAPS), format_func=OVERLAPS.__getitem__,
                                   **in_address("overlap"))  # fmt: skip
    worth = what_an_admission_is_worth(form)
    named = " and ".join(one.name for one in offers)
    return Scenario(title=named, offers=tuple(offers), months=ahead, overlap=overlap, **worth)  # type: ignore[arg-type]


def to_choose_for(data: Loaded, baseline: Baseline, form: Form) -> Scenario:
    """Ask for one intervention as `scenario` does, under the same names, but not for which homes."""
    ahead = months_ahead(st)
    form.place("months", "offers")
    asked = offer(data, baseline, form, 0, labels_of(baseline, ahead))
    return Scenario(title=asked.name, offers=(asked,), months=ahead, **what_an_admission_is_worth(form))


def months_ahead(box) -> int:
    """Ask how far to look ahead."""
    return box.slider("Months to look ahead", 6, 60, 36, 6, **in_address("months"))


def labels_of(baseline: Baseline, ahead: int) -> list[str]:
    """Give the months to come, such as "2024-01"."""
    return [str(month) for month in baseline.calendar.last + 1 + np.arange(ahead)]


def what_an_admission_is_worth(form: Form) -> dict:
    """Ask what an admission averted frees, and what comes with it."""
    with fold("What an admission is worth, and what comes with it"):
        values = per_admission(form)
        return values | {"unit_costs": tuple(unit_cost(n, cost, form) for n, cost in enumerate(UNIT_COSTS, 1))}


def offer(data: Loaded, baseline: Baseline, form: Form, k: int, months: list[str]) -> Offer:
    """Ask for one intervention: what it does, who is offered it, from when, and what it costs."""
    name, effect = what_it_does(data, form, k)
    who = who_may_have_it(baseline, form, k) if form.choosing else who_is_offered(baseline, form, k)
    left, right = st.columns(2)
    with left:
        uptake = percent("Homes that take it up, %", (60, 90), form, place(k, "uptake"))
    with right:
        start, end = when(form, k, months)
    with fold("How fully, how fast, for how long, and what it costs", k):
        left, right = st.columns(2)
        with left:
            fidelity = percent("Effect delivered, %", (80, 100), form, place(k, "fidelity"))
        with right:
            one, two = st.columns(2)
            ramp = whole(one, "Months to the full effect", 6, f"ramp{k}")
            half = two.number_input(
                "Then fades by half in (0: never)", value=0.0, step=6.0, format="%g", **in_address(f"half{k}")
            )
            form.place(place(k, "ramp_months"), place(k, "half_life_months"))
        programme = costs_of(form, k)
    ratings, delays = (OnRatings(), OnDelays()) if form.choosing else further_form.claims(data, form, k)
    return Offer(
        name=name,
        effect=effect,
        who=who,
        start="" if start == months[0] else start,
        end="" if end == NO_END else end,
        uptake=uptake,
        fidelity=fidelity,
        ramp_months=int(ramp),
        half_life_months=half,
        programme=programme,
        ratings=ratings,
        delays=delays,
    )


def what_it_does(data: Loaded, form: Form, k: int) -> tuple[str, Effect]:
    """Ask where the effect comes from."""
    given, published = cached.interventions(data), usable()
    here = {f"As evaluated here: {called(name)}": name for name in given["intervention"]}
    read = {f"Published: {_published(row)}": key for key, row in published.iterrows()}
    options = [*here, *read, STATED]
    chosen = st.selectbox("What it does to emergency admissions", options, index=min(k, len(options) - 1),
                          **in_address(f"effect{k}"))  # fmt: skip
    ratios = (place(k, f"effect.ratios.{kind}") for kind in ("all", "residential", "nursing"))
    form.place(place(k, "effect.ratios"), *ratios, place(k, "name"))
    with st.container():
        ratios = _ratios(form, k) if chosen == STATED else []
    if chosen in here:
        found = evaluated(data, here[chosen])
        return _unlike(called(here[chosen]), k), from_evaluation(found.published, called(here[chosen]))
    if chosen in read:
        return _unlike(str(published.loc[read[chosen], "intervention"]), k), from_published(read[chosen])
    return f"intervention {k + 1}", stated(*ratios)


def evaluated(data: Loaded, intervention: str) -> Evaluation:
    """Evaluate an intervention as the Admissions page does, without its doubts."""
    return cached.evaluation(data, Protocol(plan=Plan(intervention=intervention), checks=()))


def _unlike(name: str, k: int) -> str:
    """Name an offer; the second and third carry their number, so that two of one kind differ."""
    return name if k == 0 else f"{name} ({k + 1})"


def _published(row: pd.Series) -> str:
    checked = "" if row["verified"] else ", a judgement"
    return f"{row['intervention']}, {row['home_type']} homes: {row['result']}{checked}"


def _ratios(form: Form, k: int) -> list[Ratio]:
    ratios = []
    for kind, usual in FEWER.items():
        homes = f"{kind.capitalize()} homes"
        texts = (f"{homes}: fewer admissions, %", f"{homes}: at least, % (95%)", f"{homes}: at most, % (95%)")
        keys = (f"fewer_{kind}{k}", f"least_{kind}{k}", f"most_{kind}{k}")
        ratios.append(fewer(with_interval(texts, usual, keys)))
        form.place(place(k, f"effect.ratios.{kind}"))
    return ratios


def who_is_offered(baseline: Baseline, form: Form, k: int) -> Who:
    """Ask which homes."""
    one, two, three, four = st.columns(4)
    most = whole(one, "Homes the team can take on", 40, f"homes{k}")
    order = four.selectbox("Which first", ORDERS, format_func=str.capitalize, **in_address(f"order{k}"))
    may = _may(baseline, (two, three), k)
    with st.container():
        named = named_homes(baseline, k)
    form.place(place(k, "who.most"), place(k, "who.order"))
    return replace(may, most=int(most), order=order or "by lot", units=named)


def who_may_have_it(baseline: Baseline, form: Form, k: int) -> Who:
    """Ask which homes may have it, however many they are."""
    who = _may(baseline, st.columns(2), k)
    form.place(place(k, "who.most"), place(k, "who.order"))
    return replace(who, most=len(baseline.units))


def _may(baseline: Baseline, boxes, k: int) -> Who:
    areas = [ANY_AREA, *sorted(baseline.units["area"].dropna().astype(str).unique())]
    kind = boxes[0].selectbox("Which homes", list(KINDS), format_func=KINDS.__getitem__, **in_address(f"kind{k}"))
    area = boxes[1].selectbox("Where", areas, **in_address(f"area{k}"))
    also = st.checkbox("Also homes that have had an intervention already", **in_address(f"also{k}"))
    return Who(home_type=kind or "all", area="" if area == ANY_AREA else area or "", without_only=not also)


def named_homes(baseline: Baseline, k: int) -> tuple[str, ...]:
    """Ask for single homes, such as those that the Targeting page chose."""
    with fold("Or name the homes", k):
        listed = st.text_input(
            "Location IDs with spaces between them (empty: chosen as said above)", **in_address(f"only{k}")
        )
        named = tuple(dict.fromkeys((listed or "").replace(",", " ").split()))
        open_homes = set(baseline.units.index[baseline.open].astype(str))
        if unknown := [name for name in named if name not in open_homes]:
            st.warning(as_text(f"Not among the open homes loaded, and left out: {', '.join(unknown)}."))
    found = tuple(name for name in named if name in open_homes)
    if found:
        st.caption(f"The {len(found):,} homes named are offered it, whatever is said above.")
    elif named:
        st.warning("None of the homes named is loaded, so homes are chosen as said above.")
    return found


def when(form: Form, k: int, months: list[str]) -> tuple[str, str]:
    """Ask from when, until when."""
    one, two = st.columns(2)
    start = one.selectbox("Start", months, **month_in_address(f"start{k}", months)) or months[0]
    end = two.selectbox("Last month", [NO_END, *months], **month_in_address(f"end{k}", months)) or NO_END
    form.place(place(k, "start"), place(k, "end"))
    return start, end


def costs_of(form: Form, k: int) -> DeliveryCosts:
    """Ask what giving it costs."""
    usual = DeliveryCosts()
    set_up = money("Setting up, once, £", usual.set_up, form, place(k, "programme.set_up"))
    fixed = money("Fixed cost a year, £", usual.fixed_per_year, form, place(k, "programme.fixed_per_year"))
    a_home = money("Cost a home and year, £", usual.per_home_per_year, form, place(k, "programme.per_home_per_year"))
    one, two = st.columns(2)
    paid_by = one.selectbox("Paid by", PAYERS, **in_address(f"paid{k}")) or PAYERS[0]
    year = two.text_input("In prices of", usual.price_year, **in_address(f"prices{k}"))
    form.place(place(k, "programme.price_year"), place(k, "programme.paid_by"))
    usually = (usual.set_up, usual.fixed_per_year, usual.per_home_per_year, usual.price_year)
    source = usual.source if (set_up, fixed, a_home, year) == usually else JUDGED
    st.caption(f"Source: {as_text(source)}. Not verified: put in what you would pay.")
    return DeliveryCosts(
        set_up=set_up, fixed_per_year=fixed, per_home_per_year=a_home, paid_by=paid_by, price_year=year, source=source
    )


def per_admission(form: Form) -> dict[str, Range]:
    """Ask what comes with an admission averted."""
    usual = Scenario(title="", offers=())
    left, right = st.columns(2)
    with left:
        stay = pair("Days in hospital, each", usual.stay_days, form, "stay_days", 1.0)
        cash = percent("Share that is cash, %", (0, 10), form, "cash_share")
    with right:
        attendances = pair("A&E attendances, each", usual.attendances, form, "attendances", 0.05)
        journeys = pair("Ambulances, each", usual.journeys, form, "journeys", 0.05)
    return {"stay_days": stay, "cash_share": cash, "attendances": attendances, "journeys": journeys}


def unit_cost(n: int, cost: UnitCost, form: Form) -> UnitCost:
    """Ask for a unit cost; one that is changed is no longer the published one."""
    one, two, three, four = st.columns([2, 2, 1, 1])
    low = one.number_input(
        f"{cost.what}, £ from", value=cost.low, step=10.0, format="%g", **in_address(f"{cost.key}_from")
    )
    high = two.number_input(
        f"{cost.what}, £ to", value=cost.high, step=10.0, format="%g", **in_address(f"{cost.key}_to")
    )
    year = three.text_input(f"{cost.what}, in prices of", cost.price_year, **in_address(f"{cost.key}_year"))
    payer = (
        four.selectbox(f"{cost.what}, whose", PAYERS, index=PAYERS.index(cost.payer), **in_address(f"{cost.key}_whose"))
        or cost.payer
    )
    form.place(*(f"unit_costs[{n}].{name}" for name in ("low", "price_year", "payer")))
    same = (low, high, year) == (cost.low, cost.high, cost.price_year)
    changed = cost if same else replace(cost, low=low, high=high, price_year=year, source=JUDGED, verified=False)
    checked = "Verified" if changed.verified else "Not verified"
    st.caption(as_text(f"{pounds_said(low, high)}. Source: {changed.source}. {checked}."))
    return replace(changed, payer=payer)


def pair(label: str, usual: Range, form: Form, name: str, step: float) -> Range:
    """Ask for a range."""
    one, two = st.columns(2, vertical_alignment="bottom")
    low = one.number_input(
        f"{label}: from", value=float(usual.low), step=step, format="%g", **in_address(f"{_key(name)}_from")
    )
    high = two.number_input(
        f"{label}: to", value=float(usual.high), step=step, format="%g", **in_address(f"{_key(name)}_to")
    )
    form.place(name)
    return Range(low, high)


def money(label: str, usual: Range, form: Form, name: str) -> Range:
    """Ask for a range of pounds."""
    asked = pair(label, usual, form, name, 1_000.0)
    st.caption(as_text(pounds_said(asked.low, asked.high)))
    return asked


def percent(label: str, usual: tuple[int, int], form: Form, name: str) -> Range:
    """Ask for a range of shares, in per cent."""
    asked = pair(label, Range(*usual), form, name, 5.0)
    return Range(asked.low / 100, asked.high / 100)


def _key(name: str) -> str:
    """Name a field in the address: "offers[1].programme.set_up" is set_up0."""
    found = re.fullmatch(r"offers\[(\d+)\]\.(?:\w+\.)*(\w+)", name)
    return f"{found[2]}{int(found[1]) - 1}" if found else name
