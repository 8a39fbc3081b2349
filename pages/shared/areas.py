"""What is asked about one council, and of which data?

The sample's councils are loaded the first time the page is opened, so that the first page does not wait for them.
"""

import pandas as pd
import streamlit as st

from analysis.areas import by_year, joined, measures
from analysis.areas.measures import councils, of_measure
from analysis.areas.question import starts
from analysis.design import Plan
from analysis.figures import Figure, Source, areas_by_year
from analysis.months import MONTH, PERIODS, YEAR
from analysis.outcomes import AreaMeasure
from analysis.protocol import Protocol
from pages.shared import cached
from pages.shared.cached import Loaded, remembered
from pages.shared.form import choose, fold, month, several

NEEDS = "This needs figures by council: delayed transfers of care or ASCOF. Load them on the Data page."
KNOWN_CASES = {"X000": "2021-04", "E06000046": "2017-04"}
"""Areas whose programme and start are known: Marlshire of the sample, and the Isle of Wight."""
CLAIMS = {"No claim": None} | {f"{percent}%": percent / 100 for percent in range(20, 85, 5)}


def loaded(data: Loaded) -> Loaded:
    """Give the data with the areas: the visitor's own or the store's, or the sample's councils."""
    return cached.sample_councils() if data.synthetic else data


def outcomes(data: Loaded) -> pd.DataFrame:
    """Give what councils reported, or remember it."""
    return remembered(data, ("area outcomes",), lambda: joined(data.store.table("area_outcomes")))


def asked(data: Loaded) -> AreaMeasure:
    """Ask for measure, area and start."""
    found = measures(table := outcomes(data))
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
    return AreaMeasure(area=area, start=start, measure=measure, claimed=claimed, **_more(rows, names, area, length))


def _more(rows: pd.DataFrame, names: dict[str, str], area: str, length: int) -> dict:
    """Ask for months and areas to leave out; a first month is not carried over to figures by another period."""
    months = [f"{period:%Y-%m}" for period in sorted(set(rows["period"]))]
    with fold("Months and comparison areas"):
        left, middle, right = st.columns(3)
        by = "" if length == MONTH else f"_{PERIODS[length]}"
        first = month(left, "First month used", months, f"area_from{by}")
        phase = choose(middle, "Months after the start to leave out (setting up)", range(7), "area_phase")
        wash = choose(right, "Months before the start to leave out (may act early)", range(7), "area_wash")
        others = {code: name for code, name in names.items() if code != area}
        label = "Areas that may not serve as comparison (neighbours, areas with a programme of their own)"
        out = several(st, label, others, f"area_out_{area}")
    return {"first": first if first != months[0] else None, "phase_in": phase, "wash_out": wash, "leave_out": out}


def protocol_of(outcome: AreaMeasure) -> Protocol:
    """Write down what is asked: every method, every doubt."""
    return Protocol(plan=Plan(intervention="programme"), outcome=outcome)


def too_few_years(data: Loaded, outcome: AreaMeasure) -> bool:
    """Whether nothing but the area's place among the others can be said."""
    return by_year.too_few_years(outcomes(data), outcome.measure, outcome.start)


def year_by_year(data: Loaded, outcome: AreaMeasure) -> tuple[Source, tuple[Figure, ...]]:
    """Give the area's place among the others by a yearly measure, or remember it."""

    def made() -> tuple[Source, tuple[Figure, ...]]:
        asked = outcome.measure, outcome.area, outcome.start
        found = by_year.evaluate_years(outcomes(data), *asked, claimed=outcome.claimed)
        source = areas_by_year.source(outcome, cached.released(data), "" if data.synthetic else data.name)
        return source, tuple(areas_by_year.figures(found, outcome, source))

    return remembered(data, ("years", repr(outcome)), made)
