"""Ratings: did supported homes do better than homes like them, and how do ratings move anyway?"""

from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version

import pandas as pd
import streamlit as st

from analysis.errors import AnalysisError
from analysis.figures import Source
from analysis.inspections import Inspections, Services
from analysis.ratings import ORIGINS
from analysis.ratings.base_rates import By, Dates
from analysis.sources.schema import KEY_QUESTIONS
from pages.shared import cached, claims, programmes, rating_models
from pages.shared.cached import Loaded
from pages.shared.frame import as_text, frame, told
from pages.shared.programmes import Supported
from pages.shared.sections import shown, wanted

DATES: Mapping[Dates, str] = {"exposure": "the visit, where known", "published": "publication"}
SERVICES: Mapping[Services, str] = {"care homes": "Care homes", "any": "Every rated service of social care"}
STARTS = ["Below Good", *(origin for origin in ORIGINS if origin != "Below Good")]
GROUPS: tuple[By, ...] = ("home_type", "size")
EVERYWHERE = "All areas"
PLACEBOS = (
    "Programmes in which nothing was done",
    "Set the answer beside placebo programmes",
    "placebos",
    "Takes some seconds. Other councils, and other quarters, show how far chance and local luck go.",
)
FIVE = (
    "Which key question moved in supported homes",
    "Compare the five key questions",
    "five",
    "Takes a few seconds. Five questions are looked at, so one of them may stand out by chance.",
)
"""Heading, switch, its key, and what it costs, of what takes longer."""


def main() -> None:
    """Draw the page."""
    data = frame("Ratings")
    st.markdown(
        "Did homes with an intervention get better ratings than they would have had anyway? Whoever says that a "
        "programme improved ratings has to show what happened to homes like them."
    )
    with told():
        services_chosen(data)
        rated = cached.inspections(data)
    if rated.rated().empty:
        st.info("No ratings are loaded. Load a CQC file with ratings on the Data page.")
        return
    key_question = key_question_chosen()
    source = made_from(data, rated, key_question)
    homes = programmes.supported(data, months(rated))
    if homes is not None:
        programme(data, homes, key_question, more(source, supported_sha256=homes.key, others=homes.others))
    anyway(data, rated, key_question, source)


def services_chosen(data: Loaded) -> None:
    """Ask whether services beside care homes are looked at, where some are loaded."""
    other = cached.other_services(data)
    if other:
        label = f"Services ({other:,} loaded are no care homes: homecare agencies and others)"
        st.columns(2)[0].selectbox(label, list(SERVICES), format_func=SERVICES.__getitem__, key=cached.SERVICES,
                                   bind="query-params")  # fmt: skip


def key_question_chosen() -> str:
    """Ask which rating."""
    column, _ = st.columns([1, 2])
    return column.selectbox("Rating", KEY_QUESTIONS, key="question", bind="query-params") or KEY_QUESTIONS[0]


def months(rated: Inspections) -> list[str]:
    """Months in which homes can have started: from the first rating to the last."""
    days = rated.rated()["published"]
    return [str(month) for month in pd.period_range(days.min(), days.max(), freq="M")]


def made_from(data: Loaded, rated: Inspections, key_question: str) -> Source:
    """Say what everything on the page was made from."""
    return Source(
        origin="",
        made_from={
            "data": "synthetic" if data.synthetic else data.name,
            "data_sha256": cached.released(data),
            "inspections_sha256": rated.digest,
            "key_question": key_question,
            "services": data.services,
            "homeward": version("homeward"),
        },
    )


def more(source: Source, **facts: str) -> Source:
    """Say what else was chosen."""
    return replace(source, made_from={**source.made_from, **facts})


def programme(data: Loaded, homes: Supported, key_question: str, source: Source) -> None:
    """Show what became of supported homes, beside homes like them, and what models say of them."""
    from analysis.figures import ratings as figures  # noqa: PLC0415 - a second to import, and the choices are on screen

    shown([figures.listed(homes.listed)], source)
    try:
        effects = programmes.compared(data, homes, key_question)
    except AnalysisError as error:
        st.header("The answer")
        st.error(as_text(str(error)))
    else:
        source = more(source, model=repr(effects))
        followed = programmes.curves(data, homes, key_question)
        shown(figures.programme(effects, homes.called, key_question, followed, source), source)
        if wanted(*PLACEBOS):
            found = programmes.nothing_done(data, homes, key_question)
            shown([figures.nothing_done(found, homes.called)], source)
        if wanted(*FIVE):
            _, everywhere = programmes.every_question(data)
            shown([figures.supported_questions(*programmes.supported_questions(data, homes), everywhere)], source)
        shown([figures.cannot_tell()], source)
    rating_models.models(data, homes, key_question, source)


def anyway(data: Loaded, rated: Inspections, key_question: str, source: Source) -> None:
    """Show how ratings move anyway."""
    from analysis.figures import ratings as figures  # noqa: PLC0415 - as above

    st.header("How ratings move anyway")
    origin, dates, area = chosen(rated)
    source = more(source, dated_by=DATES[dates])
    every = programmes.moved(data, None, dates, key_question)
    if every.pairs.empty:
        shown([figures.unmoved(every)], source)
        return
    times, leaving = programmes.soon(data, key_question)
    found = figures.BaseRates(
        every=every,
        by_area=programmes.moved(data, "area_name", dates, key_question),
        by_year=programmes.moved(data, "year", dates, key_question),
        by_group={by: programmes.moved(data, by, dates, key_question) for by in GROUPS},
        times=times,
        origin=origin,
        area=None if area == EVERYWHERE else area,
    )
    shown(figures.anyway(found, source), source)
    if wanted("Which key question moves", "Compare the five key questions of all homes", "all_five"):
        shown([figures.every_question(*programmes.every_question(data), source)], source)
    claims.claim_alone(every, origin, source)
    shown([figures.limits(every, rated, leaving)], source)


def chosen(rated: Inspections) -> tuple[str, Dates, str]:
    """Ask which homes, which date, and which area."""
    first, second, third = st.columns(3)
    areas = sorted(rated.homes["area_name"].dropna().unique())
    origin = first.selectbox("Homes rated", STARTS, key="origin", bind="query-params")
    area = second.selectbox("Area", [EVERYWHERE, *areas], key="area", bind="query-params")
    dates = third.selectbox("Dated by", list(DATES), format_func=DATES.__getitem__, key="dated", bind="query-params")
    return origin, dates, area


main()
