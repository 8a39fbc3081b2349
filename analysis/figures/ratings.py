"""Did ratings improve because of an intervention, and how do they move anyway? What is shown, in the order of reading.

The page asks between these groups of figures whether what takes longer is wanted, and shows what they yield.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis import charts, words
from analysis.figures.figure import Figure, Source, Table
from analysis.inspections import Inspections, breaks
from analysis.ratings import Transitions
from analysis.ratings.curves import Curves
from analysis.ratings.placebos import Placebos
from analysis.ratings.reference import beside_published
from analysis.results import Effects, limit
from analysis.sources.schema import KEY_QUESTIONS
from analysis.tables import programmes as tables
from analysis.tables.columns import Column

ABOVE = "The number above each interval is how many inspections it rests on."
COUNTED = "Counts are of homes and inspections, not of people."
GROUPS = {"home_type": "Kind of home", "size": "Size of home"}
HOLDS_ONE = "An interval that holds 1 leaves open whether anything changed. Groups rest on fewer homes than the answer."
TO_HUNDRED = (
    "Each row adds up to 100%: of all re-inspections of homes with that rating, the share given each next rating."
)
BECAME = "What became of every supported home, and what the expected number is made from"
READ = "How the published ratings were read, and which registrations are one home"


def listed(homes: pd.DataFrame) -> Figure:
    """Show which homes are asked about, so that the question can be put again; homes have home and started."""
    columns = (Column("Home", "home"), Column("Supported from", "started", lambda day: f"{day:%d %B %Y}"))
    title = f"The supported homes ({len(homes):,})"
    return Figure(tables=(Table(tidy=homes, columns=columns, name="supported_homes", title=title),))


def programme(effects: Effects, called: str, key_question: str, followed: Curves, source: Source) -> Iterator[Figure]:
    """Show what became of supported homes beside homes like them, the answer first.

    Parameters
    ----------
    effects : Effects
        Of `ObservedExpected`.
    called : str
        Such as "the manager training".
    """
    yield Figure(
        title="The answer",
        headline=words.programme(effects, called, key_question),
        notes=(words.needed(effects), *effects.notes),
    )
    yield _observed_expected(effects, source)
    yield _became(effects)
    yield _curves(followed, source)


def _observed_expected(effects: Effects, source: Source) -> Figure:
    """Draw observed over expected, overall and by rating and kind of home."""
    rows = tables.groups(effects)
    return Figure(
        title="Observed, and expected anyway",
        sentence=HOLDS_ONE,
        chart=charts.over_expected(rows),
        caption=source.caption(f"Homes inspected again, and how many were expected to be rated better. {COUNTED}"),
        tables=(Table(tidy=rows, columns=tables.ESTIMATES, name="observed_over_expected"),),
    )


def _became(effects: Effects) -> Figure:
    """List what became of every supported home, the strata, and the other interval."""
    became, strata = effects.diagnostics["became"], effects.diagnostics["strata"]
    methods = effects.diagnostics["methods"].to_dict("records")
    spans = tuple(f"{m['method']}: {limit(m['conf_low'])} to {limit(m['conf_high'])}. {m['good_for']}" for m in methods)
    own = became.loc[became["homes"] > 0]
    return Figure(
        tables=(
            Table(tidy=own, columns=tables.BECAME, title="What became of every supported home"),
            Table(tidy=strata, columns=tables.STRATA, title="What the expected number is made from"),
        ),
        more=(("Two intervals of the answer", spans),),
    )


def _curves(found: Curves, source: Source) -> Figure:
    """Draw how soon supported homes, and homes like them, were rated better."""
    sentence = words.after_years(found.frame, found.homes)
    if not found.drawn:
        return Figure(title="Rated better since the start", sentence=sentence)
    own, others = found.homes["supported homes"], found.homes["homes like them"]
    caption = (
        f"{own:,} supported homes and {others:,} others of the same ratings on the same days. Thin lines are homes "
        f"that left the register. {COUNTED}"
    )
    shown = Table(tidy=tables.half_years(found.frame), columns=tables.CURVES, title="At half years")
    whole = Table(tidy=found.frame, columns=tables.CURVES, name="rated_better_since_start", title="At every change")
    return Figure(
        title="Rated better since the start",
        sentence=sentence,
        chart=charts.better_since(found.frame),
        caption=source.caption(caption),
        tables=(shown, whole),
    )


def nothing_done(found: Placebos, called: str) -> Figure:
    """Show how far programmes come out in which nothing is known to have been done."""
    table = Table(tidy=found.frame, columns=tables.PLACEBOS, name="placebos")
    return Figure(sentence=words.placebos(found, called), tables=(table,) if len(found.frame) else ())


def supported_questions(rows: pd.DataFrame, order: pd.DataFrame, everywhere: pd.DataFrame) -> Figure:
    """Show which key question moved in supported homes, and whether Well-led moved first."""
    by = Table(tidy=rows, columns=tables.SUPPORTED_QUESTIONS, name="supported_key_questions",
               title="Observed over expected by key question")  # fmt: skip
    first = Table(tidy=order, columns=tables.ORDER, name="supported_order", title="Order of improvement")
    return Figure(
        sentence=words.well_led_first(order, "supported homes"),
        notes=(words.well_led_first(everywhere, "all homes from the day they were rated below Good"),),
        tables=(by, first),
    )


def cannot_tell() -> Figure:
    """Say what the comparison leaves open."""
    return Figure(title="What this comparison cannot tell you", notes=words.CANNOT_TELL)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BaseRates:
    """How ratings move anyway.

    Parameters
    ----------
    every, by_area, by_year : Transitions
        Over all homes, by area and by year.
    by_group : mapping of str to Transitions
        By the keys of `GROUPS`.
    times : DataFrame
        How soon ratings come.
    origin : str
        A key of `analysis.ratings.ORIGINS`.
    area : str or None
        Which is set beside everything loaded.
    """

    every: Transitions
    by_area: Transitions
    by_year: Transitions
    by_group: Mapping[str, Transitions]
    times: pd.DataFrame
    origin: str
    area: str | None


def unmoved(every: Transitions) -> Figure:
    """Say why nothing can be said of how ratings move."""
    seen = words.lists_of_latest(len(every.pairs), every.listed, every.unseen)
    return Figure(warning=seen or words.one_list(every.homes_rated))


def anyway(found: BaseRates, source: Source) -> Iterator[Figure]:
    """Show how ratings move anyway, the share that got better first."""
    every = found.every
    yield _moved(every, found.origin)
    if seen := words.lists_of_latest(len(every.pairs), every.listed, every.unseen):
        yield Figure(warning=seen)
    yield _beside(found)
    yield Figure(
        title="Next rating",
        sentence=TO_HUNDRED,
        chart=charts.transitions(every.matrix),
        caption=source.caption(_counted(every)),
        tables=(Table(tidy=every.table, columns=tables.moves(None, ""), name="next_rating"),),
    )
    yield from _by_year(found.by_year, found.origin, source)
    for by, moved in found.by_group.items():
        yield from _by_group(moved, by, found.origin, source)
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


def _beside(found: BaseRates) -> Figure:
    """Set the area beside everything loaded and what has been published for England."""
    rows = beside_published(found.every, found.by_area, found.area, found.origin)
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
    changes = breaks(moved.pairs["from_date"].min(), moved.pairs["to_date"].max())
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
    out = {"closer pairs": moved.left_out, "pairs of homes that had been supported by then": moved.supported}
    left_out = "".join(f"; left out: {count:,} {what}" for what, count in out.items() if count)
    return (
        f"{len(moved.pairs):,} pairs of ratings at least {moved.min_gap_days} days apart, "
        f"of {moved.pairs['home'].nunique():,} homes{left_out}. {COUNTED}"
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
            Table(tidy=order, columns=tables.ORDER, name="order", title="Order of improvement"),
        ),
    )


def claim(found: pd.DataFrame, k: int, n: int, origin: str) -> Figure:
    """Show what a share that somebody published can stand for; found is of `beside_base_rate`."""
    return Figure(
        sentence=words.claim_alone(found, k, n, origin),
        tables=(Table(tidy=found, columns=tables.CLAIMS, name="claim"),),
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
            f"{every.homes_once:,} of {every.homes_rated:,} rated homes have one rating only and say nothing here.",
            leaving,
            "Inspectors come sooner to homes they worry about: these are not the movements of all homes.",
            "From late 2023 ratings follow the single assessment framework; shares before and after do not compare.",
        ),
        tables=(
            Table(tidy=ledger, columns=tables.LEDGER, title="How the published ratings were read"),
            Table(tidy=rated.joins, columns=tables.JOINS, title="Which registrations are one home"),
        ),
    )


BY_PUBLICATION = "Everything is dated by publication, some weeks after the visit."
