"""Where are homes below Good, and where are those with an intervention and those they are compared with?

Up to `MOST_POINTS` homes are points, each with its name; more are hexagons. What is shown are homes, their published
ratings and who is compared: no count of people stands on a map, in its tooltips or in its table.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.charts import places as charts
from analysis.charts.places import ASIDE, BELOW, COMPARED, GOOD, UNRATED, WITH
from analysis.design import NEVER, Design
from analysis.evaluation import Evaluation
from analysis.figures.figure import Figure, Source, Table
from analysis.inspections import Inspections
from analysis.panel import Panel
from analysis.places import Plane, hexagons, lying, nearest_km, outline, plane, width_for
from analysis.sources.schema import RATINGS
from analysis.store import Store
from analysis.tables import places as tables
from analysis.words import places as words

MOST_POINTS = 300
"""Homes up to which each is a point that can be met with a finger."""
FEWEST_RATED = 5
"""Rated homes of a hexagon below which its share is not coloured."""
BELOW_GOOD = "Where are homes below Good?"
NEIGHBOURS = "Where are the homes with it, and those compared?"


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A map, what its hexagons are wide (None: points), and its table."""

    chart: object
    width: float | None
    table: Table


def below_good(rated: Inspections, store: Store, source: Source, seed: int, key_question: str = "Overall") -> Figure:
    """Draw where homes below Good are; every registered home with a place."""
    standing = rated.homes.loc[rated.homes["care_home"].fillna(True) & rated.homes["deregistered"].isna()]
    laid = plane(store, standing.index)
    if laid.homes.empty:
        return Figure(title=BELOW_GOOD, sentence=words.NO_PLACES)
    latest = rated.latest(key_question).set_index("home")["rating"].astype("str")
    rows = laid.homes.join(standing[["name", "area_name"]]).assign(rating=latest.reindex(laid.homes.index))
    good, known = rows["rating"].isin(RATINGS[2:]), rows["rating"].notna()
    among = rows.loc[known, ["east", "north"]].to_numpy()
    found = lying(among, ~good[known].to_numpy(), seed)
    rows = rows.assign(kind=np.select([good, known], [GOOD, BELOW], UNRATED), below=known & ~good, rated=known)
    sentence = words.below_good(int(good.sum()), int(known.sum()), found)
    drawn = (_rated_points if len(rows) <= MOST_POINTS else _rated_hexagons)(rows, sentence)
    few = words.FEW_RATED.format(few=FEWEST_RATED) if drawn.width else ""
    return _figure(BELOW_GOOD, sentence, (few, words.NO_RATES), drawn, (laid, source))


def neighbours(evaluation: Evaluation, store: Store, source: Source) -> Figure:
    """Draw where homes with the intervention and those compared are, and how near they lie to one another."""
    panel, design = evaluation.shown, evaluation.design
    laid = plane(store, panel.units.index)
    if laid.homes.empty:
        return Figure(title=NEIGHBOURS, sentence=words.NO_PLACES)
    about = panel.units.reindex(columns=["name", "area"]).rename(columns={"area": "area_name"})
    rows = laid.homes.join(about.assign(kind=_sides(panel, design)))
    places = {kind: rows.loc[rows["kind"] == kind, ["east", "north"]].to_numpy() for kind in (WITH, COMPARED)}
    among = np.concatenate([*places.values()])
    found = lying(among, np.arange(len(among)) < len(places[WITH]), evaluation.protocol.seed)
    sentence = words.with_it(len(places[WITH]), len(places[COMPARED]), found)
    notes = [words.neighbours(nearest_km(places[COMPARED], places[WITH]))] if min(map(len, places.values())) else []
    rows = rows.assign(nearest=_nearest(rows, places), name=rows["name"].fillna(""))
    drawn = (_compared_points if len(rows) <= MOST_POINTS else _compared_hexagons)(rows, sentence)
    return _figure(NEIGHBOURS, sentence, (*notes, words.NO_ROADS, words.NO_RATES), drawn, (laid, source))


def _sides(panel: Panel, design: Design) -> np.ndarray:
    """Tell homes with the intervention from those compared while one of them had it, and from all others."""
    used = design.included & (panel.exposure > 0)
    own = (design.start != NEVER) & used.any(axis=1)
    since = np.arange(len(panel.months)) >= design.start[own].min(initial=len(panel.months))
    return np.select([own, (design.start == NEVER) & (used & since).any(axis=1)], [WITH, COMPARED], ASIDE)


def _nearest(rows: pd.DataFrame, places: dict[str, np.ndarray]) -> np.ndarray:
    """Kilometres to the nearest home of the other kind."""
    here = rows[["east", "north"]].to_numpy()
    to_with, to_compared = (nearest_km(here, places[kind]) for kind in (WITH, COMPARED))
    return np.where(rows["kind"] == WITH, to_compared, to_with)


def _figure(title: str, sentence: str, notes: tuple[str, ...], drawn: _Drawn, of: tuple[Plane, Source]) -> Figure:
    laid, source = of
    return Figure(title=title, sentence=sentence, notes=tuple(filter(None, notes)), chart=drawn.chart,  # type: ignore[arg-type]
                  caption=source.caption(words.where_from(laid, drawn.width)), tables=(drawn.table,))  # fmt: skip


def _rated_points(rows: pd.DataFrame, said: str) -> _Drawn:
    told = rows["name"].fillna("") + ": " + rows["rating"].fillna("no rating")
    chart = charts.points(_marks(rows, told, "kind"), outline(rows), (BELOW, GOOD, UNRATED), said)
    return _Drawn(chart, None, _by_home(rows, ["rating"], tables.RATED_HOMES, "homes_and_ratings"))


def _compared_points(rows: pd.DataFrame, said: str) -> _Drawn:
    told = rows["name"] + ": " + rows["kind"].str.lower()
    chart = charts.points(_marks(rows, told, "kind"), outline(rows), (WITH, COMPARED, ASIDE), said)
    return _Drawn(chart, None, _by_home(rows, ["kind", "nearest"], tables.COMPARED_HOMES, "homes_and_neighbours"))


def _rated_hexagons(rows: pd.DataFrame, said: str) -> _Drawn:
    width = width_for(rows)
    found = _in_hexagons(rows, width, homes=("kind", "size"), rated=("rated", "sum"), below=("below", "sum"))
    found = found.assign(share=(found["below"] / found["rated"]).where(found["rated"] >= FEWEST_RATED))
    facts = found[["below", "rated", "homes", "area_name"]].itertuples(index=False)
    told = [
        f"{below:,} of {rated:,} rated homes below Good; {homes:,} homes, most in {area}"
        for below, rated, homes, area in facts
    ]
    marks = found[["east", "north", "share"]].assign(told=told)
    chart = charts.ratings_in_hexagons(marks, width, said)
    return _Drawn(chart, width, Table(tidy=found, columns=tables.RATED_HEXAGONS, name="ratings_by_hexagon"))


def _compared_hexagons(rows: pd.DataFrame, said: str) -> _Drawn:
    width = width_for(rows)
    sides = {"treated": WITH, "compared": COMPARED, "aside": ASIDE}
    marked = rows.assign(**{name: rows["kind"] == kind for name, kind in sides.items()})
    found = _in_hexagons(marked, width, **{name: (name, "sum") for name in sides})
    told = [f"{treated:,} with it, {compared:,} compared, {aside:,} neither; most in {area}"
            for treated, compared, aside, area in found[[*sides, "area_name"]].itertuples(index=False)]  # fmt: skip
    marks = found[["east", "north", "treated", "compared"]].assign(told=told)
    chart = charts.compared_in_hexagons(marks, width, said)
    return _Drawn(chart, width, Table(tidy=found, columns=tables.COMPARED_HEXAGONS, name="neighbours_by_hexagon"))


def _marks(rows: pd.DataFrame, told: pd.Series, kind: str) -> pd.DataFrame:
    return pd.DataFrame({"east": rows["east"].round(2), "north": rows["north"].round(2), "kind": rows[kind],
                         "told": told}).reset_index(drop=True)  # fmt: skip


def _by_home(rows: pd.DataFrame, more: list[str], columns: tuple, name: str) -> Table:
    tidy = rows[["name", "area_name", "east", "north", *more]].round({"east": 2, "north": 2, "nearest": 2})
    return Table(tidy=tidy.sort_values(["area_name", "name"]).reset_index(), columns=columns, name=name)


def _in_hexagons(rows: pd.DataFrame, width: float, **counted: tuple[str, str]) -> pd.DataFrame:
    """Count by hexagon, and name the council of most homes in it; from north to south."""
    middle = hexagons(rows["east"].to_numpy(), rows["north"].to_numpy(), width).set_axis(rows.index)
    by = rows.drop(columns=["east", "north"]).join(middle).groupby(["north", "east"], sort=True)
    most = by["area_name"].agg(lambda names: next(iter(sorted(names.mode())), "an unknown council"))
    found = by.agg(**counted).join(most).reset_index()
    return found.sort_values(["north", "east"], ascending=[False, True], ignore_index=True)
