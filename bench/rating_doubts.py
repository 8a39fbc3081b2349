"""How often the doubts about an answer on ratings speak where they should, and where they should not.

    nice python bench/rating_doubts.py              the whole table, to bench/rating_doubts.csv and .md; a run that was
                                                    stopped goes on where it was
    python bench/rating_doubts.py --runs 20         a first look

Counties of 400 homes that differ for good (log-SD 0.6 in the odds of every rating), in ten councils, five homes to a
provider (`analysis.simulate.renewal`); 20 homes are supported from 1 April 2018. A line is a doubt and a world:

chosen by rating    homes are chosen among those below Good, or those just fallen, and nobody says so; or by lot.
one home            one provider runs eight of the 20 homes, and all of these are rated better, whatever was done
                    elsewhere; or nothing was done; or the support gives four times the odds in every home.
other programmes    homes of one council share their luck (log-SD 1.2), and the answer claims an effect where nothing
                    was done; or it claims one, and there is one (six times the odds).
earlier programmes  homes are chosen among those rated better in the two years before; or the worst are; or by lot.
looked at until     six times the odds, and more, but only for homes rated again within a year; or for all; of counties
                    in which the answer claims an effect.
inspected otherwise supported homes wait half as long for the next inspection as they would; or as long as ever.
left                a quarter of the supported homes leave before they are rated again; or as few as ever.
not rated again     the support began in September 2020, and few have been rated again; or in 2018.
other support       eight of the supported homes had another intervention within a year; or none had.

`concern_pct` is how often the doubt is a concern: a hit where `speaks` is yes, a false alarm where it is no.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.checks.chosen_by_rating import chosen_by_rating
from analysis.checks.earlier_programmes import earlier_programmes
from analysis.checks.inspected_otherwise import inspected_otherwise
from analysis.checks.left_the_register import left_the_register
from analysis.checks.looked_at_until import looked_at_until
from analysis.checks.not_rated_again import not_rated_again
from analysis.checks.one_home_or_provider import one_home_or_provider
from analysis.checks.other_programmes import other_programmes
from analysis.checks.other_support import other_support
from analysis.errors import AnalysisError
from analysis.inspections import Inspections
from analysis.ratings import ObservedExpected
from analysis.ratings.again import compared, rating_spells_of
from analysis.ratings.support import LEFT_OUT, Support, fit
from analysis.results import Check, Effects, Fitted
from analysis.simulate.inspections import NEXT_RATING
from analysis.simulate.renewal import simulate_spells
from analysis.sources.schema import RATINGS

SEED, RUNS, HERE = 20261127, 100, Path(__file__).parent
HOMES, COUNCILS, EACH, SUPPORTED, SD = 400, 10, 5, 20, 0.6
STARTED, LATE, UNTIL = np.datetime64("2018-04-01"), np.datetime64("2020-09-01"), np.datetime64("2022-01-01")
OPEN, YEAR, AGAIN = "in sight no longer", 365, 300
NOTHING = Effects(tables={}, summary={}, cells=pd.DataFrame())
COLUMNS = ("doubt", "world", "speaks", "runs", "concern_pct", "no_concern_pct", "cannot_say_pct")


@dataclass(frozen=True, kw_only=True)
class World:
    """One line of the table.

    Parameters
    ----------
    choose : str
        "low" (below Good), "worst", "fallen", "risen", "lot", "council" (below Good, of one council) or "provider" (and
        eight of one provider).
    odds : float
        Of a better next rating, over what they would be; `within` days of the start only.
    claims : bool
        Whether only counties count in which the answer claims an effect.
    """

    doubt: str
    name: str
    speaks: bool
    choose: str = "low"
    odds: float = 1.0
    within: int = 10_000
    council_sd: float = 0.0
    sooner: float = 1.0
    leave: float = 0.0
    other: int = 0
    one_provider: bool = False
    claims: bool = False
    started: np.datetime64 = STARTED


DOUBTS: dict[str, Callable[[Fitted], Check]] = {
    "chosen by rating": chosen_by_rating, "one home": one_home_or_provider, "other programmes": other_programmes,
    "earlier programmes": earlier_programmes, "looked at until": looked_at_until, "left": left_the_register,
    "inspected otherwise": inspected_otherwise, "not rated again": not_rated_again, "other support": other_support,
}  # fmt: skip
WORLDS = (
    World(doubt="chosen by rating", name="below Good", speaks=True),
    World(doubt="chosen by rating", name="just fallen", speaks=True, choose="fallen"),
    World(doubt="chosen by rating", name="by lot", speaks=False, choose="lot"),
    World(doubt="earlier programmes", name="already rated better", speaks=True, choose="risen"),
    World(doubt="earlier programmes", name="the worst chosen", speaks=False, choose="worst"),
    World(doubt="earlier programmes", name="by lot", speaks=False, choose="lot"),
    World(doubt="inspected otherwise", name="half the wait", speaks=True, sooner=0.5),
    World(doubt="inspected otherwise", name="nothing done", speaks=False),
    World(doubt="left", name="a quarter leave", speaks=True, leave=0.25),
    World(doubt="left", name="nothing done", speaks=False),
    World(doubt="not rated again", name="started late", speaks=True, started=LATE),
    World(doubt="not rated again", name="started in 2018", speaks=False),
    World(doubt="other support", name="eight had another", speaks=True, other=8),
    World(doubt="other support", name="none had", speaks=False),
    World(doubt="one home", name="one provider carries it", speaks=True, choose="provider", one_provider=True),
    World(doubt="one home", name="nothing done", speaks=False),
    World(doubt="one home", name="four times the odds", speaks=False, odds=4.0),
    World(doubt="other programmes", name="a council's luck", speaks=True, choose="council", council_sd=1.2,
          claims=True),
    World(doubt="other programmes", name="six times the odds", speaks=False, odds=6.0, claims=True),
    World(doubt="looked at until", name="in the first year only", speaks=True, odds=20.0, within=YEAR, claims=True),
    World(doubt="looked at until", name="six times the odds", speaks=False, odds=6.0, claims=True),
)  # fmt: skip


def examine(world: World, number: int) -> Check:
    """Draw a county and examine the doubt about its answer."""
    for again in range(AGAIN):
        known, support = drawn(world, np.random.default_rng([SEED, WORLDS.index(world), number, again]))
        if not world.claims or _claims(known, support):
            break
    fitted: Any = Fitted(observed=known, design=support, model=ObservedExpected(), effects=NOTHING)
    if world.doubt in ("one home", "not rated again"):
        try:
            fitted = replace(fitted, effects=fit(ObservedExpected(), known, support))
        except AnalysisError as error:
            return Check.cannot_say(world.doubt, (), str(error))
    return DOUBTS[world.doubt](fitted)


def _claims(known: Inspections, support: Support) -> bool:
    try:
        return (found := compared(rating_spells_of(known, support))).speaks and found.more
    except AnalysisError:
        return False


def drawn(world: World, rng: np.random.Generator) -> tuple[Inspections, Support]:
    """Draw a county and a programme."""
    council, provider = np.arange(HOMES) * COUNCILS // HOMES, np.arange(HOMES) // EACH
    shift = SD * rng.standard_normal(HOMES) + world.council_sd * rng.standard_normal(COUNCILS)[council]
    spells = simulate_spells(rng, HOMES, until=UNTIL, home_sd=0.0, helped=shift)
    own = _chosen(rng, world, spells, council)
    if world.one_provider:
        provider[own[:8]] = HOMES
    spells = _after(rng, world, spells, own, shift)
    names = np.array([f"h{home:03}" for home in range(HOMES)])
    homes = pd.DataFrame({
        "home_type": "residential", "beds": 30, "provider_id": [f"p{p}" for p in provider], "ended_by": None,
        "area_name": [f"Council {c}" for c in council], "deregistered": pd.NaT, "leaving": "registered",
    }, index=names)  # fmt: skip
    known = _inspections(spells.assign(home=names[spells["home"]]), homes)
    other = pd.Series(world.started + np.timedelta64(YEAR // 2, "D"), names[rng.permutation(own)[: world.other]])
    return known, Support(
        intervention="support", key_question="Overall", started=pd.Series(world.started, names[own]),
        others=other.astype("datetime64[us]"), included=np.ones(len(known.frame), bool),
        left_out=pd.DataFrame(columns=list(LEFT_OUT)),
    )  # fmt: skip


def _chosen(rng: np.random.Generator, world: World, spells: pd.DataFrame, council: np.ndarray) -> np.ndarray:
    """Choose homes among those with a rating on the day."""
    rows = spells.assign(before=spells.groupby("home")["rating"].shift())
    rows = rows.loc[(rows["start"] <= world.started) & (rows["end"] > world.started)].sample(frac=1, random_state=rng)
    last = rows["before"].astype(pd.CategoricalDtype(list(RATINGS), ordered=True))
    if world.choose == "fallen":
        rows = rows.loc[rows["rating"] < last]
    elif world.choose == "risen":
        rows = rows.loc[(rows["rating"] > last) & (rows["start"] > world.started - np.timedelta64(2 * YEAR, "D"))]
    elif world.choose == "worst":
        rows = rows.sort_values("rating", kind="stable")
    elif world.choose != "lot":
        rows = rows.loc[rows["rating"] < "Good"]
    if world.choose == "council":
        found = rows["home"].to_numpy()
        return found[council[found] == np.bincount(council[found]).argmax()][:SUPPORTED]
    return rows["home"].head(SUPPORTED).to_numpy()


def _after(rng, world: World, spells: pd.DataFrame, own: np.ndarray, shift: np.ndarray) -> pd.DataFrame:
    """Draw what became of supported homes; their ratings after the next are out of sight."""
    there = spells["home"].isin(own)
    spells = spells.loc[~there | (spells["start"] <= world.started)].reset_index(drop=True)
    now = np.flatnonzero(spells["home"].isin(own) & (spells["end"] > world.started))
    end, ended = spells["end"].to_numpy().copy(), spells["ended"].to_numpy(object).copy()
    later, rating = spells["next_rating"].cat.codes.to_numpy().copy(), spells["rating"].cat.codes.to_numpy()
    day = end.dtype.type(world.started)
    for row in now:
        end[row] = day + (end[row] - day) * world.sooner
        home = spells["home"].iloc[row]
        if rng.random() < world.leave:
            end[row], ended[row], later[row] = day + (end[row] - day) * rng.uniform(0.1, 0.9), "left", -1
        elif ended[row] == "rated":
            soon = (end[row] - day) <= np.timedelta64(world.within, "D")
            above = np.clip(1 - np.cumsum(NEXT_RATING[rating[row]])[:3], 1e-12, 1 - 1e-12)
            odds = above / (1 - above) * np.exp(shift[home])
            odds[rating[row] :] *= world.odds if soon else 1.0
            later[row] = int((rng.random() < odds / (1 + odds)).sum())
            if world.one_provider and home in own[:8]:
                later[row] = min(rating[row] + 1, len(RATINGS) - 1)
    following = pd.Categorical.from_codes(later, list(RATINGS), ordered=True)
    return spells.assign(end=end, ended=ended, next_rating=following)


def _inspections(spells: pd.DataFrame, homes: pd.DataFrame) -> Inspections:
    """Write spells down as what was published: a row for every rating, and the day a home left."""
    left = spells.loc[spells["ended"] == "left"].set_index("home")["end"]
    homes = homes.assign(
        deregistered=left.reindex(homes.index), leaving=np.where(homes.index.isin(left.index), "left", "registered")
    )
    last = spells.groupby("home").tail(1)
    last = last.loc[last["ended"] == "rated"].assign(start=lambda rows: rows["end"], rating=lambda r: r["next_rating"])
    rows = pd.concat([spells, last]).sort_values(["home", "start"], kind="stable", ignore_index=True)
    frame = pd.DataFrame({
        "home": rows["home"], "location_id": rows["home"], "key_question": "Overall", "visited": rows["start"],
        "published": rows["start"], "date": rows["start"], "date_basis": "visit", "seen_from": rows["start"],
        "rating": rows["rating"], "unrated": None, "inherited": False, "regime": "", "first_listed": pd.NaT,
        "report_id": rows["home"] + rows["start"].astype(str), "last_listed": pd.NaT, "after_gap": False,
    })  # fmt: skip
    nothing = pd.DataFrame()
    return Inspections(frame=frame, homes=homes, ledger=nothing, joins=nothing, digest="")


def line(world: World, runs: int) -> tuple:
    """Count one line of the table."""
    said = [examine(world, number).passed for number in range(runs)]
    shares = [100 * sum(one is which for one in said) / runs for which in (False, True, None)]
    return world.doubt, world.name, "yes" if world.speaks else "no", runs, *shares


def lines(path: Path, runs: int) -> Iterator[pd.DataFrame]:
    """Make the lines that are not there yet."""
    table = pd.read_csv(path) if path.exists() else pd.DataFrame(columns=list(COLUMNS))
    done = set(table[["doubt", "world", "runs"]].itertuples(index=False, name=None))
    for world in WORLDS:
        if (world.doubt, world.name, runs) not in done:
            row = pd.DataFrame([line(world, runs)], columns=list(COLUMNS)).round(1)
            table = pd.concat([table, row], ignore_index=True) if len(table) else row
            table.to_csv(path, index=False, lineterminator="\n")
            print(row.to_csv(index=False, header=False), end="", flush=True)
        yield table


def main() -> None:
    """Make the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--runs", type=int, default=RUNS)
    asked.add_argument("--to", type=Path, default=HERE)
    given = asked.parse_args()
    *_, table = lines(given.to / "rating_doubts.csv", given.runs)
    said = f"{__doc__.split('    nice python')[0]}\n{__doc__.split('first look')[1].strip()}\n\n{markdown(table)}"
    (given.to / "rating_doubts.md").write_text(said, encoding="utf-8")


def markdown(table: pd.DataFrame) -> str:
    """Write the table for reading."""
    head = [name.replace("_pct", ", %").replace("_", " ") for name in table.columns]
    cells = [[str(x) for x in row] for row in table.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *cells)) + "\n"


if __name__ == "__main__":
    main()
