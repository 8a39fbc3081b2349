"""How is one home doing? What is shown of it, in the order in which it is read."""
# ruff: noqa: PLC0415

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis import written
from analysis.figures.feedback import listed
from analysis.figures.figure import Figure, Source, Table
from analysis.figures.monitoring import points
from analysis.figures.plans import made_from
from analysis.inspections import breaks
from analysis.missing import Missing
from analysis.monitoring import Charted
from analysis.plans.homes import HomeProfile, KnownHomes, Peers
from analysis.tables import home as tables
from analysis.words import home as words
from analysis.words import monitoring as of_charts
from analysis.words.feedback import of_home

RATES = "Admissions are counted in bands of 5 before anything is worked out from them; no count is shown."


def source(plan: object, homes: KnownHomes, digest: str, name: str) -> Source:
    """Say what the figures were made from."""
    units = homes.inspections.homes.rename(columns={"area_name": "area"})
    return made_from(units if homes.shown is None else homes.shown.units, digest, name, plan=written.digest(plan))


def figures(found: HomeProfile, source: Source, visits: pd.DataFrame | None = None) -> Iterator[Figure]:
    """Yield everything that is shown, the reading first.

    Parameters
    ----------
    found : HomeProfile
    source : Source
    visits : DataFrame, optional
        Of `monitoring.visits.laid_out`, of this home: only where who reads it may read what visitors wrote.
    """
    yield reading(found, visits)
    yield _ratings(found, source)
    yield _admissions(found.admissions, source)
    if isinstance(found.fullness, Charted):
        yield _fullness(found.fullness, source)
    if isinstance(found.peers, Peers):
        yield _peers(found, found.peers, source)
    if len(found.staffing):
        yield _staffing(found, source)
    if len(found.spells):
        yield _done(found)
    if visits is not None and len(visits):
        yield listed(visits, "What visitors and audits saw")
    yield Figure(title="What this cannot tell you", notes=words.CANNOT)


def reading(found: HomeProfile, visits: pd.DataFrame | None = None) -> Figure:
    """Read the home in one paragraph."""
    facts, name = found.facts, str(found.facts["name"] or found.plan.home)
    peers = found.peers.rows if isinstance(found.peers, Peers) else pd.DataFrame()
    said = [
        words.who(name, facts["home_type"], float(facts["beds"]), facts["area_name"]),  # type: ignore[arg-type]
        words.left(facts["leaving"], facts["deregistered"]),
        words.rated(found.ratings, found.questions, found.until),
        words.stands(found.stands, found.first, found.last),
        words.over_time(found.admissions),
        words.filled(peers),
        words.staffed(found.staffing),
        words.done(found.spells),
        "" if visits is None else of_home(visits),
    ]
    return Figure(title="The home as it stands", headline=words.paragraph(name, said))


def _ratings(found, source):
    given = found.ratings.dropna(subset=["rating"])
    by_question = Table(tidy=found.questions, columns=tables.RATED, name="key_questions", title="")
    every = Table(tidy=found.ratings.drop(columns=["key_question"]), columns=tables.RATED, name="ratings",
                  title="Every overall rating")  # fmt: skip
    if given.empty:
        return Figure(title="Ratings", sentence="These data hold no rating of this home.")
    from analysis.charts.home import ratings

    dated = given.assign(date=given["visited"].fillna(given["published"]))
    dated["told"] = [f"{row.rating}, {row.period}" for row in dated.itertuples()]
    chart = ratings(dated[["date", "rating", "told"]], breaks(dated["date"].min(), found.until))
    said = (
        "Each point is an inspection, by the day of its visit where it is known; dotted lines are changes of the rules."
    )
    return Figure(title="Ratings", sentence=said, chart=chart, caption=source.caption(), tables=(by_question, every))


def _charted(found: Charted, title: str, name: str, sentence: str, caption: str) -> Figure:
    from analysis.charts.monitoring import control_chart

    rows = points(found).drop(columns=["events"])
    causes = pd.DataFrame({"month": [str(c.month) for c in found.causes], "name": [c.name for c in found.causes]})
    causes["row"] = 14.0 * np.arange(len(causes))
    chart = control_chart(rows, found.series.unit, causes, None)
    table = Table(tidy=rows, columns=tables.PERIODS, name=name)
    return Figure(title=title, sentence=sentence, chart=chart, caption=caption, tables=(table,))


def _admissions(found, source):
    title = "Admissions over time"
    if isinstance(found, Missing):
        return Figure(title=title, sentence=words.question(found))
    special = int(found.signals.special.sum())
    rules = of_charts.signals(special, len(found.series.values), found.asked.points)
    said = f"{words.question(found)} {rules}"
    return _charted(found, title, "home_admissions", said, source.caption(RATES))


def _fullness(found, source):
    said = words.fullness(int(found.signals.special.sum()), len(found.series.values), found.alike, found.asked.points)
    return _charted(found, "Beds filled", "home_beds_filled", said, source.caption("Of the beds registered today."))


def _peers(found, peers, source):
    from analysis.charts.home import among_peers

    rows, rates = peers.rows, [float(rate) for rate in peers.rates]
    own = rows.loc[rows["measure"].str.startswith("Admissions"), "here"]
    chart = among_peers(rates, float(own.iloc[0])) if len(own) and rates else None
    table = Table(tidy=rows, columns=tables.BESIDE, name="beside_peers", title="")
    said = words.beside(int(rows["homes"].max()), peers.same_size, found.facts["home_type"])
    return Figure(title="Beside its peers", sentence=said, chart=chart, caption=source.caption(RATES), tables=(table,))


def _staffing(found, source):
    table = Table(tidy=found.staffing, columns=tables.STAFFED, name="home_staffing", title="")
    return Figure(title="Staffing", sentence=words.STAFFING, caption=source.caption(), tables=(table,))


def _done(found):
    rows = found.spells.drop(columns=["location_id"]).reset_index(drop=True)
    return Figure(title="What was done", sentence="Interventions in this home, and how it was chosen for each.",
                  tables=(Table(tidy=rows, columns=tables.DONE, name="interventions_here", title=""),))  # fmt: skip
