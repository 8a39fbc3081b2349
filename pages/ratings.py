"""Ratings: did supported homes do better than homes like them, and how do ratings move anyway?"""

from collections.abc import Mapping

import streamlit as st

from analysis.errors import AnalysisError
from analysis.figures import Source
from analysis.figures.ready import ReadyFigure, ready
from analysis.inspections import Inspections, Services
from analysis.outcomes import Ratings
from analysis.ratings import ORIGINS
from analysis.ratings.base_rates import Dates
from analysis.sources.schema import KEY_QUESTIONS
from pages.shared import cached, gate, programmes
from pages.shared.answer import Asked, behind, show_lead
from pages.shared.cached import Loaded, remembered
from pages.shared.form import choose
from pages.shared.frame import errors_shown, frame
from pages.shared.reported import evaluation_offered
from pages.shared.showing import as_text, record, show, shown, wanted

SERVICES: Mapping[Services, str] = {"care homes": "Care homes", "any": "Every rated service of social care"}
STARTS = ["Below Good", *(origin for origin in ORIGINS if origin != "Below Good")]
EVERYWHERE = "All areas"

ASKS = (
    "Did homes with an intervention get better ratings than they would have had anyway? Whoever says that a "
    "programme improved ratings has to show what happened to homes like them."
)


def main() -> None:
    """Draw the page."""
    data = frame("Ratings", ASKS)
    with errors_shown():
        services_chosen(data)
        rated = cached.inspections(data)
    if rated.rated().empty:
        st.info("No ratings are loaded. Load a CQC file with ratings on the Data page.")
        return
    column, _ = st.columns([1, 2])
    question = choose(column, "Rating", KEY_QUESTIONS, "question")
    outcome = Ratings(key_question=question, services=data.services)
    if asked := programmes.asked(data, outcome):
        programme(asked)
    anyway(data, rated, outcome)


def services_chosen(data: Loaded) -> None:
    """Ask whether services beside care homes are looked at, where some are loaded."""
    other = cached.other_services(data)
    if other:
        label = f"Services ({other:,} loaded are no care homes: homecare agencies and others)"
        choose(st.columns(2)[0], label, SERVICES, cached.SERVICES)


def programme(asked: Asked) -> None:
    """Show what became of supported homes, beside homes like them, and what models say of them."""
    try:
        source = show_lead(asked)
    except AnalysisError as error:
        st.header("The answer")
        st.error(as_text(str(error)))
        return
    gate.show_against_the_lock(asked, source)
    for figure in behind(asked):
        show(figure)
    stayed_open(asked)
    record(asked.protocol.to_toml(), source, lambda: programmes.files(asked), programmes.REPEAT_A_LIST
           if asked.listed is not None else "")  # fmt: skip
    evaluation_offered(asked)


def stayed_open(asked: Asked) -> None:
    """Show whether fewer supported homes closed, where that is wanted."""
    if wanted("Whether fewer closed", "Compare closures of supported homes with those of homes like them", "closures"):
        with errors_shown(stops=False):
            for figure in programmes.closures(asked):
                show(figure)


def anyway(data: Loaded, rated: Inspections, outcome: Ratings) -> None:
    """Show how ratings move anyway."""
    from analysis.figures import base_rates as figures  # noqa: PLC0415 - a second to import; the choices are on screen

    st.header("How ratings move anyway")
    origin, dates, area = chosen(rated)
    named = {"data": "synthetic" if data.synthetic else data.name, "data_sha256": cached.released(data)}
    source = figures.source(named, rated, outcome, dates)
    found = programmes.base_rates(data, dates, outcome.key_question)
    if found.every.pairs.empty:
        shown([figures.unmoved(found.every)], source)
        return
    shown(figures.anyway(found, origin, None if area == EVERYWHERE else area, source), source)
    show(where_below(data, rated, outcome, source))
    if wanted("Which key question moves", "Compare the five key questions of all homes", "all_five"):
        shown([figures.every_question(*programmes.every_question(data), source)], source)
    st.page_link("pages/claims.py", label="Weigh a published share, such as “nearly 63% improved”")
    shown([figures.limits(found.every, rated, found.leaving)], source)


def where_below(data: Loaded, rated: Inspections, outcome: Ratings, source: Source) -> ReadyFigure:
    """Draw where homes below Good are, or remember it."""
    from analysis.figures import places  # noqa: PLC0415 - as above

    def made() -> ReadyFigure:
        asked = outcome.key_question
        return ready(places.below_good(rated, data.store, source, programmes.SEED, asked), source)

    return remembered(data, ("below good", outcome.key_question, repr(source), cached.placed(data)), made)


def chosen(rated: Inspections) -> tuple[str, Dates, str]:
    """Ask which homes, which date, and which area."""
    from analysis.figures import base_rates as figures  # noqa: PLC0415 - as above

    first, second, third = st.columns(3)
    origin = choose(first, "Homes rated", STARTS, "origin")
    area = choose(second, "Area", [EVERYWHERE, *sorted(rated.homes["area_name"].dropna().unique())], "area")
    dates = choose(third, "Dated by", figures.DATES, "dated")
    return origin, dates, area


main()
