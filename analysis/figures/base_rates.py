"""How do ratings move anyway? What is shown, in the order of reading."""

from collections.abc import Iterator, Mapping
from importlib.metadata import version

import pandas as pd

from analysis import charts, words
from analysis.figures.figure import Figure, Source, Table
from analysis.inspections import Inspections, breaks
from analysis.inspections.regimes import beyond_what_is_known
from analysis.outcomes import Ratings
from analysis.plural import counted
from analysis.ratings import Transitions
from analysis.ratings.anyway import BaseRates
from analysis.ratings.base_rates import Dates
from analysis.ratings.reference import beside_published
from analysis.sources.schema import KEY_QUESTIONS
from analysis.tables import programmes as tables

DATES: Mapping[Dates, str] = {"exposure": "the visit, where known", "published": "publication"}
ABOVE = "The number above each interval is how many inspections it rests on."
COUNTED = "Counts are of homes and inspections, not of people."
GROUPS = {"home_type": "Kind of home", "size": "Size of home"}
TO_HUNDRED = (
    "Each row adds up to 100%: of all re-inspections of homes with that rating, the share given each next rating."
)


def source(data: Mapping[str, str], rated: Inspections, asked: Ratings, dates: Dates) -> Source:
    """Say what the movements of ratings were made from.

    Parameters
    ----------
    data : mapping of str to str
        What they are called, and their digest.
    """
    of = {"inspections_sha256": rated.digest, "key_question": asked.key_question, "services": asked.services}
    return Source(origin="", made_from={**data, **of, "dated_by": DATES[dates], "homeward": version("homeward")})


def unmoved(every: Transitions) -> Figure:
    """Say why nothing can be said of how ratings move."""
    seen = words.lists_of_latest(len(every.pairs), every.listed, every.unseen)
    return Figure(warning=seen or words.one_list(every.homes_rated))


def anyway(found: BaseRates, origin: str, area: str | None, source: Source) -> Iterator[Figure]:
    """Show how ratings move anyway, the share that got better first.

    Parameters
    ----------
    origin : str
        A key of `analysis.ratings.ORIGINS`.
    area : str or None
        Which is set beside everything loaded.
    """
    every = found.every
    yield _moved(every, origin)
    if seen := words.lists_of_latest(len(every.pairs), every.listed, every.unseen):
        yield Figure(warning=seen)
    yield _beside(found, origin, area)
    yield Figure(
        title="Next rating",
        sentence=TO_HUNDRED,
        chart=charts.transitions(every.matrix),
        caption=source.caption(_counted(every)),
        tables=(Table(tidy=every.table, columns=tables.moves(None, ""), name="next_rating"),),
    )
    yield from _by_year(found.by_year, origin, source)
    for by, moved in found.by_group.items():
        yield from _by_group(moved, by, origin, source)
    yield Figure(
        title="How soon",
        sentence=words.sooner(found.times),
        tables=(Table(tidy=found.times, columns=tables.TIMES, name="how_soon"),),
    )


def _improved(moved: Transitions, origin: str) -> tuple[pd.DataFrame, str]:
    """Rows of the share that got better; of homes rated Outstanding, the share that stayed."""
    wanted = "same" if origin == "Outstanding" else "better"
    rows = moved.table
    return rows.loc[(rows["from_rating"] == origin) & (rows["moved"] == wanted)].reset_index(drop=True), wanted


def _moved(every: Transitions, origin: str) -> Figure:
    rows, wanted = _improved(every, origin)
    if rows.empty:
        return Figure(headline=f"No home rated {origin} has been inspected again.")
    return Figure(headline=words.moved(origin, wanted, rows.iloc[0].to_dict(), every.key_question))


def _beside(found: BaseRates, origin: str, area: str | None) -> Figure:
    """Set the area beside everything loaded and what has been published for England."""
    rows = beside_published(found.every, found.by_area, area, origin)
    if found.every.key_question != KEY_QUESTIONS[0]:
        rows = rows.loc[rows["source"] == "The files loaded"]
    if rows.empty:
        return Figure()
    return Figure(
        title="Beside published figures.",
        level=3,
        sentence="Rated better at the next inspection, of homes of that rating.",
        tables=(Table(tidy=rows, columns=tables.REFERENCE, name="beside_published", title=""),),
    )


def _by_year(moved: Transitions, origin: str, source: Source) -> Iterator[Figure]:
    """Draw the share that moved by year, with the changes of rules marked."""
    rows, wanted = _improved(moved, origin)
    if rows.empty:
        return
    changes = breaks(pd.Timestamp(int(rows["year"].min()), 1, 1), moved.pairs["to_date"].max())
    yield Figure(
        title="By year of the later inspection",
        sentence=f"{words.spread(rows, 'year')} {ABOVE}",
        notes=tuple(f"{number}: {line['says']}" for number, line in enumerate(changes.to_dict("records"), 1)),
        chart=charts.by_year(rows, changes, _named(wanted, origin)),
        caption=source.caption(_counted(moved)),
        tables=(Table(tidy=moved.table, columns=tables.moves("year", "Year"), name="ratings_by_year"),),
    )


def _by_group(moved: Transitions, by: str, origin: str, source: Source) -> Iterator[Figure]:
    """Draw the share that moved, by group."""
    rows, wanted = _improved(moved, origin)
    rows, title = rows.dropna(subset=[by]), GROUPS[by]
    if rows.empty:
        return
    yield Figure(
        title=f"By {title[0].lower()}{title[1:]}",
        sentence=f"{words.spread(rows, by)} {ABOVE}",
        chart=charts.shares(rows, by, _named(wanted, origin)),
        caption=source.caption(_counted(moved)),
        tables=(Table(tidy=moved.table, columns=tables.moves(by, title), name=f"ratings_by_{by}"),),
    )


def _named(wanted: str, origin: str) -> str:
    return f"{'Stayed' if wanted == 'same' else 'Better'}, from {origin}"


def _counted(moved: Transitions) -> str:
    """Say what is counted."""
    out = {
        "closer {}": moved.left_out,
        "{} of homes that had been supported by then": moved.supported,
        "{} from Good or better visited from June 2026, because the home looked Good": moved.selected,
    }
    left_out = "".join(
        f"; left out: {count:,} {what.format('pair' if count == 1 else 'pairs')}"
        for what, count in out.items()
        if count
    )
    return (
        f"{counted(len(moved.pairs), 'pair')} of ratings at least {moved.min_gap_days} days apart, "
        f"of {counted(moved.pairs['home'].nunique(), 'home')}{left_out}. {COUNTED}"
    )


def every_question(shares: pd.DataFrame, order: pd.DataFrame, source: Source) -> Figure:
    """Show the key questions of all homes, and whether Well-led moved first."""
    return Figure(
        sentence=words.questions(shares),
        notes=(words.well_led_first(order),),
        chart=charts.question_shares(shares),
        caption=source.caption(COUNTED),
        tables=(
            Table(tidy=shares, columns=tables.QUESTIONS, name="key_questions"),
            Table(tidy=order, columns=tables.ORDER, name="order", title="Order of improvement in all homes"),
        ),
    )


def limits(every: Transitions, rated: Inspections, leaving: str) -> Figure:
    """Say what the numbers leave open, and how the published ratings were read."""
    dated = rated.dating if every.dates == "exposure" else BY_PUBLICATION
    ledger = rated.ledger.loc[rated.ledger["rows"] > 0]
    return Figure(
        title="What this cannot tell you",
        notes=(
            dated,
            rated.earlier,
            rated.told_apart,
            *filter(None, [beyond_what_is_known(rated.frame["date"])]),
            f"{every.homes_once:,} of {every.homes_rated:,} rated homes have one rating only and say nothing here.",
            leaving,
            "Inspectors come sooner to homes they worry about: these are not the movements of all homes.",
            "From late 2023 ratings follow the single assessment framework, and from 2024 other homes are inspected; "
            "shares before and after do not compare.",
        ),
        tables=(
            Table(tidy=ledger, columns=tables.LEDGER, title="How the published ratings were read"),
            Table(tidy=rated.joins, columns=tables.JOINS, title="Which registrations are one home"),
        ),
    )


BY_PUBLICATION = "Everything is dated by publication, some weeks after the visit."
