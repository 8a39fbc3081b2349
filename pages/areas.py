"""Areas: one council, many others; did the series change, and did it last?"""

from importlib.metadata import version

import pandas as pd
import streamlit as st

from analysis.areas.by_year import YearlyEvaluation
from analysis.charts import areas as pictures
from analysis.disclosure import HES
from analysis.tables import areas as tables
from analysis.tables.columns import read
from analysis.words import areas as said
from analysis.words.areas import AreaSubject
from pages.shared import areas
from pages.shared.cached import Loaded, released
from pages.shared.figures import bullets, figure, say, show, under
from pages.shared.frame import as_text, frame, told


def main() -> None:
    """Draw the page."""
    data = frame("Areas")
    st.markdown(
        "Something was done in one council. Did its figures change, against what was to be expected, and did it last?"
    )
    held = areas.loaded(data)
    outcomes = areas.outcomes(held)
    if outcomes.empty:
        st.info("This needs figures by council: delayed transfers of care or ASCOF. Load them on the Data page.")
        return
    want = areas.asked(outcomes)
    with told():
        if want.yearly:
            by_year(areas.yearly_evaluation(held, want), want, held)
        else:
            by_month(want, held)


def by_month(want: areas.Asked, held: Loaded) -> None:
    """Show a monthly measure: every method, its doubts, and the baseline."""
    source, shown = areas.figures(held, want)
    for made in shown:
        show(made)
    st.caption("  \n".join(as_text(f"{name}: {value}") for name, value in source.made_from.items()))


def by_year(evaluation: YearlyEvaluation, want: areas.Asked, held: Loaded) -> None:
    """Show a yearly measure: what stands behind each figure, where its definition changed, and the baseline."""
    start = pd.Timestamp(want.outcome.start)
    subject = AreaSubject(name=evaluation.name, outcome=want.outcome.measure, start=f"{start:%B %Y}")
    source = provenance(held, want)
    st.header("The answer")
    found = evaluation.baseline
    say(said.yearly_headline(found, subject))
    st.markdown(
        "A handful of yearly figures carries no model. What can be told is where the area stands among the others, and "
        "whether the year it is measured from was like the years before."
    )
    sentence = (
        said.common(found.falls, want.outcome.claimed) or "Dotted lines mark years in which the definition changed."
    )
    chart = pictures.yearly_measure(tables.yearly(evaluation.years), evaluation.national, evaluation.name, start)
    figure("Year by year", sentence, chart, f"{origin(held)} {HES}")
    under("area_years", tables.yearly_display(evaluation.years), tables.yearly(evaluation.years), source)
    around = pictures.before_and_after(found.years, subject.name)
    under_it = found.left_out or "Every area with figures is ranked."
    figure("Is the baseline a spike?", said.before(found), around, under_it)
    under("area_year_falls", read(found.falls, tables.FALLS), found.falls, source)
    st.header("What this cannot tell you")
    bullets((
        "Whether fewer permanent admissions were better: it is a choice of the council who is offered a place.",
        "What self-funders did: only residents whom the council supports are counted.",
        *said.cannot_tell(subject)[:1],
        "Whether a change is real where the definition changed in the same year.",
    ))  # fmt: skip


def origin(held: Loaded) -> str:
    """Say under a chart where its numbers come from."""
    return "Synthetic data: fictional councils." if held.synthetic else f"Source: {held.name}."


def provenance(held: Loaded, want: areas.Asked) -> dict[str, str]:
    """Say what a download was made from, one column each."""
    return {
        "data": "synthetic" if held.synthetic else held.name, "data_sha256": released(held),
        "measure": want.outcome.measure, "question": repr(want.outcome), "homeward": version("homeward"),
    }  # fmt: skip


main()
