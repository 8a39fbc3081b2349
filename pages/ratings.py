"""Ratings: did supported homes do better than homes like them, and how do ratings move anyway?"""

from collections.abc import Mapping
from importlib.metadata import version

import pandas as pd
import streamlit as st

from analysis import charts, words
from analysis.errors import AnalysisError
from analysis.inspections import Inspections, Services, breaks
from analysis.ratings import ORIGINS, Transitions
from analysis.ratings.base_rates import By, Dates
from analysis.ratings.reference import beside_published
from analysis.results import Effects, limit
from analysis.sources.schema import KEY_QUESTIONS
from analysis.tables import moves
from analysis.tables import programmes as tables
from pages.shared import cached, claims, programmes, rating_models
from pages.shared.cached import Loaded
from pages.shared.figures import bullets, figure, say, table, under
from pages.shared.frame import as_text, frame, told
from pages.shared.programmes import Supported

ABOVE = "The number above each interval is how many inspections it rests on."
GROUPS: Mapping[By, str] = {"home_type": "Kind of home", "size": "Size of home"}
DATES: Mapping[Dates, str] = {"exposure": "the visit, where known", "published": "publication"}
SERVICES: Mapping[Services, str] = {"care homes": "Care homes", "any": "Every rated service of social care"}
STARTS = ["Below Good", *(origin for origin in ORIGINS if origin != "Below Good")]
COUNTED = "Counts are of homes and inspections, not of people."
EVERYWHERE = "All areas"


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
    source = {
        "data": "synthetic" if data.synthetic else data.name,
        "data_sha256": data.digest,
        "inspections_sha256": rated.digest,
        "key_question": key_question,
        "services": data.services,
        "homeward": version("homeward"),
    }
    homes = programmes.supported(data, months(rated))
    if homes is not None:
        listed(homes, source)
        programme(data, homes, key_question, source)
        rating_models.models(data, homes, key_question, source)
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


def listed(homes: Supported, source: dict[str, str]) -> None:
    """Show which homes are asked about, so that the question can be put again."""
    shown = homes.listed.assign(started=homes.listed["started"].dt.strftime("%d %B %Y"))
    shown = shown.rename(columns={"home": "Home", "started": "Supported from"})
    source = {**source, "supported_sha256": homes.key}
    under("supported_homes", shown, homes.listed, source, title=f"The supported homes ({len(shown):,})")


def programme(data: Loaded, homes: Supported, key_question: str, source: dict[str, str]) -> None:
    """Show what became of supported homes, beside homes like them."""
    st.header("The answer")
    try:
        effects = programmes.compared(data, homes, key_question)
    except AnalysisError as error:
        st.error(as_text(str(error)))
        return
    source = {**source, "model": repr(effects), "supported_sha256": homes.key}
    say(words.programme(effects, homes.called, key_question))
    bullets((words.needed(effects), *effects.notes))
    observed_expected(effects, source)
    curves(data, homes, key_question, source)
    supported_questions(data, homes, source)
    cannot_tell(effects)


def observed_expected(effects: Effects, source: dict[str, str]) -> None:
    """Show observed over expected, overall and by rating and kind of home."""
    rows = tables.groups(effects)
    sentence = (
        "An interval that holds 1 leaves open whether anything changed. Groups rest on fewer homes than the answer."
    )
    caption = f"Homes inspected again, and how many were expected to be rated better. {COUNTED}"
    figure("Observed, and expected anyway", sentence, charts.over_expected(rows), caption)
    under("observed_over_expected", tables.estimates_display(effects), rows, source)
    with st.expander("What became of every supported home, and what the expected number is made from"):
        table(tables.became_display(effects.diagnostics["became"]))
        table(tables.strata_display(effects.diagnostics["strata"]))
        methods = effects.diagnostics["methods"].to_dict("records")
        bullets(f"{m['method']}: {limit(m['conf_low'])} to {limit(m['conf_high'])}. {m['good_for']}" for m in methods)


def curves(data: Loaded, homes: Supported, key_question: str, source: dict[str, str]) -> None:
    """Show how soon supported homes, and homes like them, were rated better."""
    found = programmes.curves(data, homes, key_question)
    sentence = words.after_years(found.frame, found.homes)
    if not found.drawn:
        st.caption(as_text(sentence))
        return
    caption = (
        f"{found.homes['supported homes']:,} supported homes and {found.homes['homes like them']:,} others of the same "
        f"ratings on the same days. Thin lines are homes that left the register. {COUNTED}"
    )
    figure("Rated better since the start", sentence, charts.better_since(found.frame), caption)
    under("rated_better_since_start", tables.curves_display(found.frame), found.frame, source)


def supported_questions(data: Loaded, homes: Supported, source: dict[str, str]) -> None:
    """Show which key question moved in supported homes, and whether Well-led moved first."""
    st.header("Which key question moved in supported homes")
    if not st.toggle("Compare the five key questions", key="five", bind="query-params"):
        st.caption("Takes a few seconds. Five questions are looked at, so one of them may stand out by chance.")
        return
    rows, order = programmes.supported_questions(data, homes)
    _, everywhere = programmes.every_question(data)
    st.markdown(as_text(words.well_led_first(order, "supported homes")))
    st.markdown(as_text(words.well_led_first(everywhere, "all homes from the day they were rated below Good")))
    under("supported_key_questions", tables.supported_questions_display(rows), rows, source,
          title="Observed over expected by key question")  # fmt: skip
    under(
        "supported_order", tables.order_display(order), order, source, title="Order of improvement in supported homes"
    )


def cannot_tell(effects: Effects) -> None:
    """Say what the comparison leaves open."""
    with st.expander("What this comparison cannot tell you", expanded=True):
        bullets(words.CANNOT_TELL)


def anyway(data: Loaded, rated: Inspections, key_question: str, source: dict[str, str]) -> None:
    """Show how ratings move anyway."""
    st.header("How ratings move anyway")
    origin, dates, area = chosen(rated)
    source = {**source, "dated_by": DATES[dates]}
    every = programmes.moved(data, None, dates, key_question)
    seen = words.lists_of_latest(len(every.pairs), every.listed, every.unseen)
    if every.pairs.empty:
        st.info(as_text(seen or words.one_list(every.homes_rated)))
        return
    rows, wanted = improved(every, origin)
    if rows.empty:
        say(f"No home rated {origin} has been inspected again.")
    else:
        say(words.moved(origin, wanted, rows.iloc[0].to_dict(), key_question))
    if seen:
        st.warning(as_text(seen))
    beside(data, every, origin, area, source)
    next_rating(every, source)
    by_year(programmes.moved(data, "year", dates, key_question), origin, source)
    for by, title in GROUPS.items():
        by_group(programmes.moved(data, by, dates, key_question), by, title, origin, source)
    times, leaving = programmes.soon(data, key_question)
    how_soon(times, source)
    every_question(data, source)
    claims.claim_alone(every, origin, source)
    limits(every, rated, dates, leaving)
    readings(rated)


def chosen(rated: Inspections) -> tuple[str, Dates, str]:
    """Ask which homes, which date, and which area."""
    first, second, third = st.columns(3)
    areas = sorted(rated.homes["area_name"].dropna().unique())
    origin = first.selectbox("Homes rated", STARTS, key="origin", bind="query-params")
    area = second.selectbox("Area", [EVERYWHERE, *areas], key="area", bind="query-params")
    dates = third.selectbox("Dated by", list(DATES), format_func=DATES.__getitem__, key="dated", bind="query-params")
    return origin, dates, area


def improved(moved: Transitions, origin: str):
    """Rows of the share that got better; of homes rated Outstanding, the share that stayed."""
    wanted = "same" if origin == "Outstanding" else "better"
    rows = moved.table
    return rows.loc[(rows["from_rating"] == origin) & (rows["moved"] == wanted)].reset_index(drop=True), wanted


def beside(data: Loaded, every: Transitions, origin: str, area: str, source: dict[str, str]) -> None:
    """Show the area beside everything loaded and what has been published for England."""
    by_area = programmes.moved(data, "area_name", every.dates, every.key_question)
    rows = beside_published(every, by_area, None if area == EVERYWHERE else area, origin)
    if every.key_question != KEY_QUESTIONS[0]:
        rows = rows.loc[rows["source"] == "The files loaded"]
    if len(rows):
        st.markdown("**Beside published figures.** Rated better at the next inspection, of homes of that rating.")
        table(tables.reference_display(rows))
        under(
            "beside_published", tables.reference_display(rows), rows, source, title="Beside published figures: download"
        )


def next_rating(every: Transitions, source: dict[str, str]) -> None:
    """Show where homes of each rating went."""
    sentence = (
        "Each row adds up to 100%: of all re-inspections of homes with that rating, the share given each next rating."
    )
    figure("Next rating", sentence, charts.transitions(every.matrix), caption(every))
    under("next_rating", moves(every.table, None, ""), every.table, source)


def by_year(moved: Transitions, origin: str, source: dict[str, str]) -> None:
    """Show the share that moved by year, with the changes of rules marked."""
    rows, wanted = improved(moved, origin)
    if rows.empty:
        return
    changes = breaks(moved.pairs["from_date"].min(), moved.pairs["to_date"].max())
    name = f"{'Stayed' if wanted == 'same' else 'Better'}, from {origin}"
    sentence = f"{words.spread(rows, 'year')} {ABOVE}"
    figure("By year of the later inspection", sentence, charts.by_year(rows, changes, name), caption(moved))
    bullets(f"{number}: {line['says']}" for number, line in enumerate(changes.to_dict("records"), 1))
    under("ratings_by_year", moves(moved.table, "year", "Year"), moved.table, source)


def by_group(moved: Transitions, by: str, title: str, origin: str, source: dict[str, str]) -> None:
    """Show the share that moved, by group."""
    rows, wanted = improved(moved, origin)
    rows = rows.dropna(subset=[by])
    if rows.empty:
        return
    heading = f"By {title[0].lower()}{title[1:]}"
    name = f"{'Stayed' if wanted == 'same' else 'Better'}, from {origin}"
    figure(heading, f"{words.spread(rows, by)} {ABOVE}", charts.shares(rows, by, name), caption(moved))
    under(f"ratings_by_{by}", moves(moved.table, by, title), moved.table, source)


def how_soon(times: pd.DataFrame, source: dict[str, str]) -> None:
    """Show how soon the next rating, and a better one, comes."""
    st.header("How soon")
    st.markdown(as_text(words.sooner(times)))
    under("how_soon", tables.times_display(times), times, source)


def every_question(data: Loaded, source: dict[str, str]) -> None:
    """Show the key questions of all homes."""
    st.header("Which key question moves")
    if not st.toggle("Compare the five key questions of all homes", key="all_five", bind="query-params"):
        return
    shares, order = programmes.every_question(data)
    figure("By key question", words.questions(shares), charts.question_shares(shares), COUNTED)
    under("key_questions", tables.questions_display(shares), shares, source)
    st.markdown(as_text(words.well_led_first(order)))
    under("order", tables.order_display(order), order, source, title="Order of improvement in all homes")


def caption(moved: Transitions) -> str:
    """Say what is counted."""
    return (
        f"{len(moved.pairs):,} pairs of ratings at least {moved.min_gap_days} days apart, "
        f"of {moved.pairs['home'].nunique():,} homes; closer pairs left out: {moved.left_out:,}; of homes "
        f"that had been supported by then: {moved.supported:,}. {COUNTED}"
    )


def limits(every: Transitions, rated: Inspections, dates: str, leaving: str) -> None:
    """Say what the numbers leave open."""
    st.header("What this cannot tell you")
    bullets(
        (
            rated.dating if dates == "exposure" else "Everything is dated by publication, some weeks after the visit.",
            rated.earlier,
            rated.told_apart,
            f"{every.homes_once:,} of {every.homes_rated:,} rated homes have one rating only and say nothing here.",
            leaving,
            "Inspectors come sooner to homes they worry about: these are not the movements of all homes.",
            "From late 2023 ratings follow the single assessment framework; shares before and after do not compare.",
        )
    )


def readings(rated: Inspections) -> None:
    """Show how many published ratings were used and left out, and which registrations were joined."""
    with st.expander("How the published ratings were read, and which registrations are one home"):
        table(tables.ledger_display(rated.ledger))
        table(tables.joins_display(rated.joins))


main()
