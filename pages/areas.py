"""Areas: one council, many others; did the series change, and did it last?"""

from importlib.metadata import version

import pandas as pd
import streamlit as st

from analysis.areas.by_year import YearlyEvaluation
from analysis.areas.coverage import OWN, TOO_NARROW
from analysis.areas.judged import Judged
from analysis.areas.synthetic import SYNTHETIC
from analysis.areas.year_before import YearBefore
from analysis.charts import areas as pictures
from analysis.disclosure import HES
from analysis.evaluation import Evaluation
from analysis.tables import areas as tables
from analysis.tables import computed
from analysis.words import areas as said
from analysis.words.areas import AreaSubject
from pages.shared import areas
from pages.shared.cached import Loaded
from pages.shared.figures import bullets, figure, say, table, under
from pages.shared.frame import as_text, frame, told

BOTH = (
    "Thick lines: the effects that would not stand out among the areas in which nothing was done (95% interval by "
    "ranking). Thin dashed lines: each method's own 95% interval. Lines may run off the chart."
)
DECIDES = (
    "The synthetic control alone decides. A change is announced where at most 1 in 20 areas, itself among them, has as "
    "unusual a year, whichever year it is, and where that holds however many months before the start are used. A rate "
    "ratio of 1 is no difference."
)
PEOPLE = "People delayed on an average day"
FALLS_BACK = "The year before the start is 100%. A year that stands out above those before it falls back by itself."
UNIT = "Delayed days over the days of the month are people delayed on an average day. Counts of days, not of people."


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
            by_month(*areas.evaluation(held, want), want, held)


def by_month(evaluation: Evaluation, found: Judged, want: areas.Asked, held: Loaded) -> None:
    """Show a monthly measure: every method, its doubts, and the baseline."""
    start = pd.Timestamp(want.outcome.start)
    subject = AreaSubject(name=found.name, outcome=said.outcome_of(want.outcome.measure), start=f"{start:%B %Y}")
    source = provenance(held, want)
    answer(evaluation, found, subject, source)
    series(evaluation, found, held, source)
    methods(evaluation, found, held, source)
    ranks(evaluation, found, held)
    if found.baseline is not None:
        baseline(found.baseline, subject, want, source)
    mixture(evaluation)
    limits(subject)
    went_in(evaluation, found, source)


def answer(evaluation: Evaluation, found: Judged, subject: AreaSubject, source: dict[str, str]) -> None:
    """Say the verdict, then what it rests on."""
    st.subheader("The answer")
    say(said.headline(found.verdict, subject, found.baseline, found.in_time))
    st.markdown(as_text(said.paragraph(found, subject)))
    if found.verdict is not None:
        falls = None if found.baseline is None else found.baseline.falls
        table(tables.verdict_display(found.years, found.verdict.asked, falls))
        st.caption(DECIDES)
        shown = tables.standing_display(found.verdict.standing)
        under("area_verdict", shown, found.verdict.standing, source, title="By every baseline: table and download")
    bullets(evaluation.design.notes)
    bullets(f"{name} cannot answer. {why}" for name, why in evaluation.unanswered.items())


def series(evaluation: Evaluation, found: Judged, held: Loaded, source: dict[str, str]) -> None:
    """Show the area's months against what was expected and all others."""
    name = SYNTHETIC if SYNTHETIC in evaluation.answers else next(iter(evaluation.answers))
    effects = evaluation.answers[name]
    shown = tables.series(effects, found.name)
    sentence = "Lines that part after the start, and not before, speak for an effect; a fall that all share does not."
    start = pd.Timestamp(evaluation.design.question.start)
    chart = pictures.area_series(shown, start, PEOPLE)
    figure("Month by month", sentence, chart, f"{origin(held)} {UNIT}")
    under("area_months", computed(tables.monthly(effects)), shown, source)


def methods(evaluation: Evaluation, found: Judged, held: Loaded, source: dict[str, str]) -> None:
    """Show the methods side by side, a tab for each year."""
    st.subheader("Methods side by side")
    st.markdown(
        "If the answer hangs on the method, it is not an answer yet. Each year since the start stands by itself."
    )
    known = sorted(set(found.years["year"]), key=lambda year: (year == 0, year))
    for year, tab in zip(known, st.tabs([tables.when(year) for year in known]), strict=True):
        with tab:
            drawn = pictures.methods_forest(tables.forest(found.years, year), tables.when(year))
            st.altair_chart(drawn, theme=None, width="stretch")
    narrow = [name for name, (least, _) in OWN.items() if least < TOO_NARROW and name in evaluation.answers]
    if narrow:
        st.warning(as_text(said.misleading(narrow)))
    st.caption(as_text(f"{origin(held)} {BOTH}"))
    coverage = {name: f"{least:.0%} to {most:.0%}" for name, (least, most) in OWN.items()}
    under("area_methods", tables.methods_display(found.years, coverage), found.years, source)


def ranks(evaluation: Evaluation, found: Judged, held: Loaded) -> None:
    """Show where the area stands among those in which nothing was done."""
    year = 1 if (found.years["year"] == 1).any() else 0
    drawn = tables.placebos(evaluation.answers, year)
    sentence = (
        "Each tick is an area in which nothing was done, treated as if something had been. The wider they scatter, the "
        "more a method sees in nothing."
    )
    chart = pictures.placebo_strip(drawn, found.name)
    figure(
        f"Among all areas: {tables.when(year).lower()}",
        sentence,
        chart,
        f"{origin(held)} The diamond is {found.name}.",
    )
    if len(found.in_time):
        st.markdown(as_text(said.doubts(None, found.in_time)))
        table(tables.in_time_display(found.in_time))


def baseline(found: YearBefore, subject: AreaSubject, want: areas.Asked, source: dict[str, str]) -> None:
    """Show whether the baseline is a spike, what the rise alone predicts, and how common such a fall was."""
    sentence = f"{FALLS_BACK} {said.common(found.falls, want.outcome.claimed)}"
    chart = pictures.before_and_after(found.years, subject.name)
    figure(
        "Is the baseline a spike?",
        sentence,
        chart,
        f"Whole years, counted from the month of the start. {found.left_out}",
    )
    under("area_baseline", tables.falls_display(found.falls), found.falls, source)


def mixture(evaluation: Evaluation) -> None:
    """Show the donors of the synthetic controls."""
    fitted = {name: answer for name, answer in evaluation.answers.items() if "weights" in answer.diagnostics}
    if not fitted:
        return
    st.subheader("Who stands in for the area")
    st.markdown("The ten heaviest areas of each mixture. An answer that one of them carries is that area's story too.")
    for name, effects in fitted.items():
        with st.expander(name):
            table(tables.weights_display(effects))


def limits(subject: AreaSubject) -> None:
    """Say what the answer leaves open."""
    st.subheader("What this cannot tell you")
    bullets(said.cannot_tell(subject))


def went_in(evaluation: Evaluation, found: Judged, source: dict[str, str]) -> None:
    """Show what was used and left out, and what the page was made from."""
    st.subheader("What went in")
    months = next(iter(evaluation.answers.values())).augment()["month"]
    st.markdown(
        f"{found.name} and {evaluation.design.comparison:,} comparison areas, {months.min():%B %Y} to "
        f"{months.max():%B %Y}."
    )
    out = tables.left_out_display(evaluation.design.roles)
    if len(out):
        with st.expander(f"Areas left out, and why ({len(out)})"):
            table(out)
    st.caption("  \n".join(as_text(f"{name}: {value}") for name, value in source.items()))


def by_year(evaluation: YearlyEvaluation, want: areas.Asked, held: Loaded) -> None:
    """Show a yearly measure: what stands behind each figure, where its definition changed, and the baseline."""
    start = pd.Timestamp(want.outcome.start)
    subject = AreaSubject(name=evaluation.name, outcome=want.outcome.measure, start=f"{start:%B %Y}")
    source = provenance(held, want)
    st.subheader("The answer")
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
    under("area_year_falls", tables.falls_display(found.falls), found.falls, source)
    st.subheader("What this cannot tell you")
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
        "data": "synthetic" if held.synthetic else held.name, "data_sha256": held.digest,
        "measure": want.outcome.measure, "question": repr(want.outcome), "homeward": version("homeward"),
    }  # fmt: skip


main()
