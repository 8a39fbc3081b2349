"""Worlds in which a doubt about an answer on ratings is true, and others in which it is not.

Counties of 400 homes that differ for good (log-SD 0.6 in the odds of every rating), in ten councils, five homes to a
provider (`analysis.simulate.renewal`); 20 homes are supported from 1 April 2018. A line is a doubt and a world:

chosen by rating    homes are chosen among those below Good, or those just fallen, and nobody says so; or by lot.
one home            one provider runs twelve of the 20 homes, all of these are rated better, the others have half the
                    odds, and the answer claims an effect; or nothing was done; or four times the odds in every home.
other programmes    homes below Good of one council share their luck (log-SD 2; of 1,000 homes), of which the answer's
                    interval knows what all homes share; a council is chosen by lot, and the answer claims an effect
                    where nothing was done; or it claims one, and there is one (six times the odds).
earlier programmes  homes are chosen among those rated better in the two years before; or the worst are; or by lot; 40.
looked at until     a hundred times the odds, but only for homes rated again within half a year; or six times for all;
                    40 homes by lot, of counties in which the answer claims an effect.
inspected otherwise supported homes wait half as long for the next inspection as they would; or as long as ever.
left                a quarter of the supported homes leave before they are rated again; or as few as ever; by lot.
few supported       five homes are supported; or 20.
proportional odds   the support gives 20 times the odds of Outstanding alone; or six times of every better rating.
methods agree       a tenth of the wait for the next inspection and half of the odds, 120 of 1,200 homes; or six times
                    the odds.
not rated again     the support began in June 2021, and few have been rated again; or in 2018.
other support       eight of the supported homes had another intervention within a year; or none had.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.checks.chosen_by_rating import chosen_by_rating
from analysis.checks.earlier_programmes import earlier_programmes
from analysis.checks.few_supported import few_supported
from analysis.checks.inspected_otherwise import inspected_otherwise
from analysis.checks.left_the_register import left_the_register
from analysis.checks.looked_at_until import looked_at_until
from analysis.checks.methods_agree import methods_agree
from analysis.checks.not_rated_again import not_rated_again
from analysis.checks.one_home_or_provider import one_home_or_provider
from analysis.checks.other_programmes import other_programmes
from analysis.checks.other_support import other_support
from analysis.checks.proportional_odds import proportional_odds
from analysis.errors import AnalysisError
from analysis.inspections import Inspections
from analysis.ratings import ObservedExpected
from analysis.ratings.again import compared, rating_spells_of
from analysis.ratings.multi_state.model import MultiState
from analysis.ratings.next_rating.model import NextRating
from analysis.ratings.support import LEFT_OUT, Support, fit
from analysis.results import Check, Effects, Fitted
from analysis.simulate.inspections import NEXT_RATING
from analysis.simulate.renewal import simulate_spells
from analysis.sources.schema import RATINGS

SEED = 20261127
HOMES, COUNCILS, EACH, SD = 400, 10, 5, 0.6
STARTED, LATE, UNTIL = np.datetime64("2018-04-01"), np.datetime64("2021-06-01"), np.datetime64("2022-01-01")
OPEN, YEAR, EARLY, AGAIN, CARRIED = "in sight no longer", 365, 180, 300, 12
GOOD = list(RATINGS).index("Good")
NOTHING = Effects(tables={}, summary={}, cells=pd.DataFrame())


@dataclass(frozen=True, kw_only=True)
class World:
    """One line of the table.

    Parameters
    ----------
    choose : str
        "low" (below Good), "worst", "fallen", "risen", "lot", "council" (below Good, of one council by lot) or
        "provider" (and eight of one provider).
    odds : float
        Of a better next rating, over what they would be; `within` days of the start only.
    steps : tuple of float
        Of Requires improvement or better, Good or better, and Outstanding: times the odds, beside `odds`.
    council_sd : float
        Standard deviation of the luck that homes below Good of one council share, in log odds.
    claims : bool
        Whether only counties count in which the answer claims an effect.
    """

    doubt: str
    name: str
    speaks: bool
    choose: str = "low"
    supported: int = 20
    odds: float = 1.0
    within: int = 10_000
    council_sd: float = 0.0
    sooner: float = 1.0
    leave: float = 0.0
    other: int = 0
    one_provider: bool = False
    homes: int = HOMES
    steps: tuple[float, float, float] = (1.0, 1.0, 1.0)
    claims: bool = False
    started: np.datetime64 = STARTED


DOUBTS: dict[str, Callable[[Fitted], Check]] = {
    "chosen by rating": chosen_by_rating, "earlier programmes": earlier_programmes, "few supported": few_supported,
    "inspected otherwise": inspected_otherwise, "left the register": left_the_register,
    "looked at until": looked_at_until, "methods agree": methods_agree, "not rated again": not_rated_again,
    "one home or provider": one_home_or_provider, "other programmes": other_programmes, "other support": other_support,
    "proportional odds": proportional_odds,
}  # fmt: skip
_NEXT, _STATES = ("next_rating", NextRating()), ("multi_state", MultiState())
ASKED = {"proportional odds": (_NEXT,), "methods agree": (("observed_expected", ObservedExpected()), _NEXT, _STATES)}
"""Doubts that need other methods' answers."""
WORLDS = (
    World(doubt="chosen by rating", name="below Good", speaks=True),
    World(doubt="chosen by rating", name="just fallen", speaks=True, choose="fallen"),
    World(doubt="chosen by rating", name="by lot", speaks=False, choose="lot"),
    World(doubt="earlier programmes", name="already rated better", speaks=True, choose="risen", supported=40),
    World(doubt="earlier programmes", name="the worst chosen", speaks=False, choose="worst", supported=40),
    World(doubt="earlier programmes", name="by lot", speaks=False, choose="lot", supported=40),
    World(doubt="inspected otherwise", name="half the wait", speaks=True, sooner=0.5),
    World(doubt="inspected otherwise", name="nothing done", speaks=False),
    World(doubt="left the register", name="a quarter leave", speaks=True, choose="lot", leave=0.25),
    World(doubt="left the register", name="nothing done", speaks=False, choose="lot"),
    World(doubt="not rated again", name="started late", speaks=True, started=LATE),
    World(doubt="not rated again", name="started in 2018", speaks=False),
    World(doubt="other support", name="eight had another", speaks=True, other=8),
    World(doubt="other support", name="none had", speaks=False),
    World(doubt="few supported", name="five homes", speaks=True, supported=5),
    World(doubt="few supported", name="20 homes", speaks=False),
    World(doubt="proportional odds", name="of Outstanding alone", speaks=True, choose="lot", supported=60,
          steps=(1.0, 1.0, 20.0)),
    World(doubt="proportional odds", name="six times the odds", speaks=False, choose="lot", supported=60,
          steps=(6.0, 6.0, 6.0)),
    World(doubt="methods agree", name="sooner, and worse", speaks=True, homes=1_200, supported=120, sooner=0.1,
          odds=0.5),
    World(doubt="methods agree", name="six times the odds", speaks=False, supported=30, odds=6.0),
    World(doubt="one home or provider", name="one provider carries it", speaks=True, choose="provider", odds=0.5,
          one_provider=True, claims=True),
    World(doubt="one home or provider", name="nothing done", speaks=False),
    World(doubt="one home or provider", name="four times the odds", speaks=False, odds=4.0),
    World(doubt="other programmes", name="a council's luck", speaks=True, homes=1_000, choose="council",
          council_sd=2.0, claims=True),
    World(doubt="other programmes", name="six times the odds", speaks=False, homes=1_000, odds=6.0, claims=True),
    World(doubt="looked at until", name="in the first half-year only", speaks=True, choose="lot", supported=40,
          odds=100.0, within=EARLY, claims=True),
    World(doubt="looked at until", name="six times the odds", speaks=False, choose="lot", supported=40, odds=6.0,
          claims=True),
)  # fmt: skip


def examine(world: World, number: int, seed: int = SEED) -> Check:
    """Draw a county and examine the doubt about its answer."""
    for again in range(AGAIN):
        known, support = drawn(world, np.random.default_rng([seed, WORLDS.index(world), number, again]))
        if not world.claims or _claims(known, support):
            break
    fitted: Any = Fitted(observed=known, design=support, model=ObservedExpected(), effects=NOTHING)
    if world.doubt in ("one home or provider", "not rated again", "few supported"):
        try:
            fitted = replace(fitted, effects=fit(ObservedExpected(), known, support))
        except AnalysisError as error:
            return Check.cannot_say(world.doubt, (), str(error))
    if world.doubt in ASKED:
        fitted = replace(fitted, answers=dict(_answers(known, support, ASKED[world.doubt])))
    return DOUBTS[world.doubt](fitted)


def _answers(known: Inspections, support: Support, asked: tuple) -> Iterator[tuple[str, Effects]]:
    for name, model in asked:
        try:
            yield name, fit(model, known, support)
        except AnalysisError:
            continue


def _claims(known: Inspections, support: Support) -> bool:
    try:
        return (found := compared(rating_spells_of(known, support))).speaks and found.more
    except AnalysisError:
        return False


def drawn(world: World, rng: np.random.Generator) -> tuple[Inspections, Support]:
    """Draw a county and a programme."""
    homes = world.homes
    council, provider = np.arange(homes) * COUNCILS // homes, np.arange(homes) // EACH
    luck = (world.council_sd * rng.standard_normal(COUNCILS))[council]
    shift = SD * rng.standard_normal(homes)
    spells = simulate_spells(rng, homes, until=UNTIL, home_sd=0.0, helped=shift)
    if world.council_sd:
        spells = _lucky(rng, spells, shift, luck)
    own = _chosen(rng, world, spells, council)
    if world.one_provider:
        provider[own[:CARRIED]] = homes
    spells = _after(rng, world, spells, own, shift + luck)
    names = np.array([f"h{home:03}" for home in range(homes)])
    register = pd.DataFrame({
        "home_type": "residential", "beds": 30, "provider_id": [f"p{p}" for p in provider], "ended_by": None,
        "area_name": [f"Council {c}" for c in council], "deregistered": pd.NaT, "leaving": "registered",
    }, index=names)  # fmt: skip
    known = _inspections(spells.assign(home=names[spells["home"]]), register)
    other = pd.Series(world.started + np.timedelta64(YEAR // 2, "D"), names[rng.permutation(own)[: world.other]])
    return known, Support(
        intervention="support", key_question="Overall", started=pd.Series(world.started, names[own]),
        others=other.astype("datetime64[us]"), included=np.ones(len(known.frame), bool),
        left_out=pd.DataFrame(columns=list(LEFT_OUT)),
    )  # fmt: skip


def _lucky(rng: np.random.Generator, spells: pd.DataFrame, shift: np.ndarray, luck: np.ndarray) -> pd.DataFrame:
    """Draw ratings again in turn, with luck in the log odds of homes below Good alone; days stay."""
    home, turn = spells["home"].to_numpy(), spells.groupby("home").cumcount().to_numpy()
    rating, later = (spells[name].cat.codes.to_numpy().copy() for name in ("rating", "next_rating"))
    for number in range(turn.max() + 1):
        rows = np.flatnonzero((turn == number) & (later >= 0))
        above = np.clip(1 - np.cumsum(NEXT_RATING[rating[rows]], axis=1)[:, :3], 1e-12, 1 - 1e-12)
        own = shift[home[rows]] + np.where(rating[rows] < GOOD, luck[home[rows]], 0.0)
        odds = above / (1 - above) * np.exp(own)[:, None]
        later[rows] = (rng.random(len(rows))[:, None] < odds / (1 + odds)).sum(axis=1)
        following = rows[(rows + 1 < len(home)) & (home[np.minimum(rows + 1, len(home) - 1)] == home[rows])]
        rating[following + 1] = later[following]
    return spells.assign(**{
        name: pd.Categorical.from_codes(codes, list(RATINGS), ordered=True)
        for name, codes in (("rating", rating), ("next_rating", later))
    })  # fmt: skip


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
        enough = np.bincount(council[found], minlength=COUNCILS) >= world.supported // 2
        return found[council[found] == np.where(enough, rng.random(COUNCILS), -1.0).argmax()][: world.supported]
    return rows["home"].head(world.supported).to_numpy()


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
            odds *= np.array(world.steps)
            later[row] = int((rng.random() < odds / (1 + odds)).sum())
            if world.one_provider and home in own[:CARRIED]:
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


def lines() -> Iterator[tuple[tuple, Callable[[int, int], list[bool | None]]]]:
    """Yield doubt, world and whether it ought to speak, with what counts it: what came of so many runs of a seed."""
    for world in WORLDS:
        yield (
            (world.doubt, world.name, world.speaks, world.homes, world.supported),
            lambda runs, seed, world=world: [examine(world, number, seed).passed for number in range(runs)],
        )
