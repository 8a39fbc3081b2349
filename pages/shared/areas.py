"""What is asked on the Areas page, of which data, and what has been worked out already?

The sample's councils are loaded the first time the page is opened, so that the first page does not wait for them.
"""

from collections import OrderedDict
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from analysis.areas import joined, measures
from analysis.areas.by_year import evaluate_years
from analysis.areas.measures import councils
from analysis.areas.question import FEWEST_BEFORE
from analysis.design import Plan
from analysis.evaluation import carry_out, material
from analysis.figures import Figure, Source, areas_by_year
from analysis.figures import areas as monthly
from analysis.months import month_said
from analysis.outcomes import AreaMeasure
from analysis.protocol import Protocol
from pages.shared import cached
from pages.shared.cached import Loaded, remembered
from pages.shared.fields import fold, in_address
from pages.shared.figures import Ready, ready

KNOWN_CASES = {"X000": "2021-04", "E06000046": "2017-04"}
"""Areas whose programme and start are known: Marlshire of the sample, and the Isle of Wight."""
REMEMBERED = 12
"""Answers kept."""
CLAIMS = {"No claim": None} | {f"{percent}%": percent / 100 for percent in range(20, 85, 5)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the visitor asks.

    Parameters
    ----------
    outcome : AreaMeasure
    yearly : bool
        Whether the measure is a value per year.
    """

    outcome: AreaMeasure
    yearly: bool


def loaded(data: Loaded) -> Loaded:
    """Give the data with the areas: the visitor's own or the store's, or the sample's councils."""
    return cached.sample_councils() if data.synthetic else data


def outcomes(data: Loaded) -> pd.DataFrame:
    """Give what councils reported, or remember it."""
    return remembered(data, ("area outcomes",), lambda: joined(data.store.table("area_outcomes")))


def asked(table: pd.DataFrame) -> Asked:
    """Ask for measure, area and start."""
    found = measures(table)
    first, second, third, fourth = st.columns(4)
    measure = first.selectbox("Measure", found["measure"].tolist(), **in_address("area_measure"))
    yearly = bool(found.set_index("measure").loc[measure, "months"] == 12)
    rows = councils(table.loc[table["measure"] == measure])
    names = rows.drop_duplicates("area_code").sort_values("area_name").set_index("area_code")["area_name"]
    codes = list(names.index)
    known = next((codes.index(code) for code in KNOWN_CASES if code in codes), 0)
    area = second.selectbox("Area", codes, index=known, format_func=lambda code: names[code], **in_address("area_area"))
    starts = _starts(rows, yearly=yearly)
    usual = KNOWN_CASES.get(area, starts[len(starts) // 2] if starts else "")
    at = starts.index(usual) if usual in starts else len(starts) // 2
    # of each area its own: its programme has a start of its own, and another area's must not be carried over
    own = in_address(f"area_{'year' if yearly else 'start'}_{area}")
    start = third.selectbox("Start", starts, index=at if starts else None, format_func=month_said, **own)
    claim = fourth.selectbox("Claimed fall", list(CLAIMS), **in_address("area_claim"))
    more = {} if yearly else _more(rows, names, area)
    claimed = CLAIMS[claim or "No claim"]
    outcome = AreaMeasure(area=area, start=start or "", measure=measure, claimed=claimed, **more)
    return Asked(outcome=outcome, yearly=yearly)


def _starts(rows: pd.DataFrame, *, yearly: bool) -> list[str]:
    periods = sorted(set(rows["period"]))
    usable = (periods[1:] if yearly else periods[FEWEST_BEFORE:]) or periods[-1:]
    return [f"{period:%Y-%m}" for period in usable]


def _more(rows: pd.DataFrame, names: pd.Series, area: str) -> dict:
    """Ask for months and areas to leave out."""
    months = [f"{period:%Y-%m}" for period in sorted(set(rows["period"]))]
    with fold("Months and comparison areas"):
        left, middle, right = st.columns(3)
        first = left.selectbox("First month used", months, format_func=month_said, **in_address("area_from"))
        phase = middle.selectbox(
            "Months after the start to leave out (setting up)", list(range(7)), **in_address("area_phase")
        )
        wash = right.selectbox(
            "Months before the start to leave out (may act early)", list(range(7)), **in_address("area_wash")
        )
        others = [code for code in names.index if code != area]
        out = st.multiselect(
            "Areas that may not serve as comparison (neighbours, areas with a programme of their own)", others,
            format_func=lambda code: names[code], **in_address(f"area_out_{area}"),
        )  # fmt: skip
    return {
        "first": first if first != months[0] else None,
        "phase_in": phase,
        "wash_out": wash,
        "leave_out": tuple(out),
    }


def figures(data: Loaded, want: Asked) -> tuple[Source, tuple[Ready, ...]]:
    """Make ready what is shown, or remember it; the answer's figure first."""
    memory = (_own_memory if data.own else _shared_memory)()
    key = (data.digest, repr(want.outcome))
    if key not in memory:
        source, found = (_by_year if want.yearly else _by_month)(data, want.outcome)
        memory[key] = source, tuple(ready(figure, source) for figure in found)
        while len(memory) > REMEMBERED:
            memory.popitem(last=False)
    return memory[key]


def _by_month(data: Loaded, outcome: AreaMeasure) -> tuple[Source, tuple[Figure, ...]]:
    """Ask every method, with progress."""
    protocol = Protocol(plan=Plan(intervention="programme"), outcome=outcome)
    bar = st.progress(0.0, "Asking every method …")
    found = carry_out(protocol, material(data.store, outcome), lambda share, method: _moved(bar, share, method))
    bar.progress(FITTED, "The same measured from fewer months before the start, and with a start a year earlier")
    source = monthly.source(found, data.name)
    made = tuple(monthly.figures(found, source))
    bar.empty()
    return source, made


def _by_year(data: Loaded, outcome: AreaMeasure) -> tuple[Source, tuple[Figure, ...]]:
    """Examine a yearly measure."""
    found = evaluate_years(outcomes(data), outcome.measure, outcome.area, outcome.start, claimed=outcome.claimed)
    source = areas_by_year.source(outcome, cached.released(data), "" if data.synthetic else data.name)
    return source, tuple(areas_by_year.figures(found, outcome, source))


FITTED = 0.8
"""Share of the time that is over when every method has answered."""


def _moved(bar, share: float, method: str) -> None:
    bar.progress(FITTED * share, f"{method}, for this area and every comparison area")


# Streamlit replays what a cached function drew, and a progress bar must not come back: answers are kept by hand
@st.cache_resource(show_spinner=False)
def _shared_memory() -> OrderedDict:
    return OrderedDict()


@st.cache_resource(show_spinner=False, scope="session")
def _own_memory() -> OrderedDict:
    return OrderedDict()
