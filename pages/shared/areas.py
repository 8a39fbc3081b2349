"""What is asked on the Areas page, of which data, and what has been worked out already?

The sample's councils are loaded the first time the page is opened, so that the first page does not wait for them.
"""

from collections import OrderedDict

import pandas as pd
import streamlit as st

from analysis.areas import joined, measures
from analysis.areas.by_year import evaluate_years
from analysis.areas.measures import councils, of_measure
from analysis.areas.question import FEWEST, starts
from analysis.design import Plan
from analysis.evaluation import carry_out, material
from analysis.figures import Figure, Source, areas_by_year
from analysis.figures import areas as monthly
from analysis.figures.ready import ReadyFigure, ready
from analysis.months import YEAR
from analysis.outcomes import AreaMeasure
from analysis.protocol import Protocol
from pages.shared import cached
from pages.shared.cached import Loaded, remembered
from pages.shared.form import choose, fold, month, several

KNOWN_CASES = {"X000": "2021-04", "E06000046": "2017-04"}
"""Areas whose programme and start are known: Marlshire of the sample, and the Isle of Wight."""
REMEMBERED = 12
"""Answers kept."""
CLAIMS = {"No claim": None} | {f"{percent}%": percent / 100 for percent in range(20, 85, 5)}


def loaded(data: Loaded) -> Loaded:
    """Give the data with the areas: the visitor's own or the store's, or the sample's councils."""
    return cached.sample_councils() if data.synthetic else data


def outcomes(data: Loaded) -> pd.DataFrame:
    """Give what councils reported, or remember it."""
    return remembered(data, ("area outcomes",), lambda: joined(data.store.table("area_outcomes")))


def asked(table: pd.DataFrame) -> AreaMeasure:
    """Ask for measure, area and start."""
    found = measures(table)
    first, second, third, fourth = st.columns(4)
    measure = choose(first, "Measure", found["measure"], "area_measure")
    length = int(found.loc[found["measure"] == measure, "months"].min())
    rows = councils(of_measure(table, measure))
    names = rows.drop_duplicates("area_code").sort_values("area_name").set_index("area_code")["area_name"].to_dict()
    known = next((code for code in KNOWN_CASES if code in names), None)
    area = choose(second, "Area", names, "area_area", first=known)
    usable = starts(rows, length=length)
    usual = KNOWN_CASES.get(area, "")
    usual = usual if usual in usable else next(iter(usable[len(usable) // 2 :]), None)
    # of each area its own: its programme has a start of its own, and another area's must not be carried over
    start = month(third, "Start", usable, f"area_{'year' if length == YEAR else 'start'}_{area}", first=usual)
    claimed = CLAIMS[choose(fourth, "Claimed fall", [*CLAIMS], "area_claim")]
    return AreaMeasure(area=area, start=start, measure=measure, claimed=claimed, **_more(rows, names, area))


def _more(rows: pd.DataFrame, names: dict[str, str], area: str) -> dict:
    """Ask for months and areas to leave out."""
    months = [f"{period:%Y-%m}" for period in sorted(set(rows["period"]))]
    with fold("Months and comparison areas"):
        left, middle, right = st.columns(3)
        first = month(left, "First month used", months, "area_from")
        phase = choose(middle, "Months after the start to leave out (setting up)", range(7), "area_phase")
        wash = choose(right, "Months before the start to leave out (may act early)", range(7), "area_wash")
        others = {code: name for code, name in names.items() if code != area}
        label = "Areas that may not serve as comparison (neighbours, areas with a programme of their own)"
        out = several(st, label, others, f"area_out_{area}")
    return {"first": first if first != months[0] else None, "phase_in": phase, "wash_out": wash, "leave_out": out}


def too_short(table: pd.DataFrame, outcome: AreaMeasure) -> bool:
    """Whether it is a value per year with too few years before the start for any method."""
    rows = of_measure(table, outcome.measure)
    before = rows.loc[rows["period"] < pd.Timestamp(outcome.start), "period"].nunique()
    return bool((rows["months"] == YEAR).all()) and before < FEWEST[YEAR]


def figures(data: Loaded, outcome: AreaMeasure, *, short: bool) -> tuple[Source, tuple[ReadyFigure, ...]]:
    """Make ready what is shown, or remember it; the answer's figure first."""
    memory = (_own_memory if data.own else _shared_memory)()
    key = (data.digest, repr(outcome))
    if key not in memory:
        source, found = (by_year if short else _by_month)(data, outcome)
        memory[key] = source, tuple(ready(figure, source) for figure in found)
        while len(memory) > REMEMBERED:
            memory.popitem(last=False)
    return memory[key]


def protocol_of(outcome: AreaMeasure) -> Protocol:
    """Write down what is asked: every method, every doubt."""
    return Protocol(plan=Plan(intervention="programme"), outcome=outcome)


def _by_month(data: Loaded, outcome: AreaMeasure) -> tuple[Source, tuple[Figure, ...]]:
    """Ask every method, with progress."""
    protocol = protocol_of(outcome)
    bar = st.progress(0.0, "Asking every method …")

    def moved(share: float, method: str) -> None:
        bar.progress(FITTED * share, f"{method}, for this area and every comparison area")

    found = carry_out(protocol, material(data.store, outcome), moved)
    bar.progress(FITTED, "The same measured from fewer months before the start, and with a start a year earlier")
    source = monthly.source(found, data.name)
    made = tuple(monthly.figures(found, source))
    bar.empty()
    return source, made


def by_year(data: Loaded, outcome: AreaMeasure) -> tuple[Source, tuple[Figure, ...]]:
    """Examine a yearly measure."""
    found = evaluate_years(outcomes(data), outcome.measure, outcome.area, outcome.start, claimed=outcome.claimed)
    source = areas_by_year.source(outcome, cached.released(data), "" if data.synthetic else data.name)
    return source, tuple(areas_by_year.figures(found, outcome, source))


FITTED = 0.8
"""Share of the time that is over when every method has answered."""


# Streamlit replays what a cached function drew, and a progress bar must not come back: answers are kept by hand
@st.cache_resource(show_spinner=False)
def _shared_memory() -> OrderedDict:
    return OrderedDict()


@st.cache_resource(show_spinner=False, scope="session")
def _own_memory() -> OrderedDict:
    return OrderedDict()
