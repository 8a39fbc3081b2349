"""Ratings: how do they move from one inspection to the next, with or without help?"""

from collections.abc import Mapping

import streamlit as st

from analysis import charts, tables, words
from analysis.inspections import Inspections
from analysis.ratings import ORIGINS, Transitions, transitions
from analysis.ratings.base_rates import By, Dates
from analysis.sources.schema import KEY_QUESTIONS
from pages.shared import cached
from pages.shared.figures import bullets, figure, say, under
from pages.shared.frame import frame, told

ABOVE = "The number above each interval is how many inspections it rests on."
GROUPS: Mapping[By, str] = {"year": "Year of the later inspection", "home_type": "Kind of home"}
DATES: Mapping[Dates, str] = {"exposure": "the visit, where known", "published": "publication"}
STARTS = ["Below Good", *(origin for origin in ORIGINS if origin != "Below Good")]


def main() -> None:
    """Draw the page."""
    data = frame("Ratings")
    st.markdown(
        "How often do homes get a better, the same or a worse rating at their next inspection? Whoever says that a "
        "programme improved ratings has to show more than this."
    )
    with told():
        rated = cached.inspections(data)
    if rated.rated().empty:
        st.info("No ratings are loaded. Load a CQC file with ratings on the Data page.")
        return
    origin, key_question, dates = chosen()
    every = transitions(rated, dates=dates, key_question=key_question)
    source = {"data": data.digest, "inspections": rated.digest, "key_question": key_question, "dated_by": DATES[dates]}
    if every.pairs.empty:
        st.info("No home has two ratings far enough apart, so no change of rating can be seen.")
        return
    answer(every, origin, key_question)
    next_rating(every, source)
    for by, title in GROUPS.items():
        moved = transitions(rated, by=by, dates=dates, key_question=key_question)
        by_group(moved, by, title, origin, source)
    limits(every, rated, dates)


def chosen() -> tuple[str, str, Dates]:
    """Ask which homes, which key question, and which date."""
    first, second, third = st.columns(3)
    origin = first.selectbox("Homes rated", STARTS, key="origin", bind="query-params")
    key_question = second.selectbox("Key question", KEY_QUESTIONS, key="question", bind="query-params")
    dates = third.selectbox("Dated by", list(DATES), format_func=DATES.__getitem__, key="dated", bind="query-params")
    return origin, key_question, dates


def improved(moved: Transitions, origin: str):
    """Rows of the share that got better; of homes rated Outstanding, the share that stayed."""
    wanted = "same" if origin == "Outstanding" else "better"
    table = moved.table
    return table.loc[(table["from_rating"] == origin) & (table["moved"] == wanted)].reset_index(drop=True), wanted


def answer(every: Transitions, origin: str, key_question: str) -> None:
    """Say the share that moved."""
    rows, wanted = improved(every, origin)
    st.subheader("The answer")
    if rows.empty:
        say(f"No home rated {origin} has been inspected again.")
    else:
        say(words.moved(origin, wanted, rows.iloc[0].to_dict(), key_question))


def next_rating(every: Transitions, source: dict[str, str]) -> None:
    """Show where homes of each rating went."""
    sentence = (
        "Each row adds up to 100%: of all re-inspections of homes with that rating, the share given each next rating."
    )
    figure("Next rating", sentence, charts.transitions(every.matrix), caption(every))
    under("next_rating", tables.moves(every.table, None, ""), every.table, source)


def by_group(moved: Transitions, by: str, title: str, origin: str, source: dict[str, str]) -> None:
    """Show the share that moved, by group."""
    rows, wanted = improved(moved, origin)
    if rows.empty:
        return
    heading = f"By {title[0].lower()}{title[1:]}"
    name = f"{'Stayed' if wanted == 'same' else 'Better'}, from {origin}"
    figure(heading, f"{words.spread(rows, by)} {ABOVE}", charts.shares(rows, by, name), caption(moved))
    under(f"ratings_by_{by}", tables.moves(moved.table, by, title), moved.table, source)


def caption(moved: Transitions) -> str:
    """Say what is counted."""
    return (
        f"{len(moved.pairs):,} pairs of ratings at least {moved.min_gap_days} days apart, "
        f"of {moved.pairs['home'].nunique():,} homes; closer pairs left out: {moved.left_out:,}. "
        "Counts are of inspections, not of people."
    )


def limits(every: Transitions, rated: Inspections, dates: str) -> None:
    """Say what the numbers leave open."""
    st.subheader("What this cannot tell you")
    bullets(
        (
            rated.dating if dates == "exposure" else "Everything is dated by publication, some weeks after the visit.",
            rated.earlier,
            f"{every.homes_once:,} of {every.homes_rated:,} rated homes have one rating only and say nothing here.",
            "Homes that closed are missing, and poor homes close more often, so improvement is overstated.",
            "Inspectors come sooner to homes they worry about: these are not the movements of all homes.",
            "From late 2023 ratings follow the single assessment framework; shares before and after do not compare.",
        )
    )


main()
