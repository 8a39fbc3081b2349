"""Is a comparison of ratings fair, and could more homes rated better be found? Asked of ratings published before.

Every rating published in the month of the first start or later is cut off, so that nothing worked out here can hold
what became of a home. Then: how were homes with the intervention and the others rated, on the last day before; how
often did the others below Good move up at their next inspection; and what share would have to do so among the supported
ones for it to be found four times in five, if all of them were inspected again.

Sources: standardised difference below 0.1, Austin (2009); `analysis.planning.ratings` for the share that is found.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.evaluation import Material
from analysis.figures import Figure, Table
from analysis.outcomes import Ratings
from analysis.planning.ratings import RatingsStudy, smallest_better
from analysis.protocol import Protocol
from analysis.ratings.support import support_from
from analysis.reports.before import BALANCE, COULD_BE_FOUND, WHAT, alike_said, difference
from analysis.words import homes

BELOW_GOOD = ("Inadequate", "Requires improvement")
FEWEST_MOVES = 30
"""Next inspections from which a share is known to nine points: fewer would give the smallest effect by luck."""
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RatingsBefore:
    """What was published before the first start.

    Parameters
    ----------
    until : str
        First month that was not looked at.
    standing : DataFrame, index home
        Last rating of each rated home: rating, published; supported (bool), provider_id.
    moves : ndarray of bool
        Of homes without the intervention rated below Good, at each next inspection: whether they were rated better.
    """

    until: str
    standing: pd.DataFrame
    moves: np.ndarray


def ratings_before(given: Material, protocol: Protocol) -> RatingsBefore:
    """Cut ratings at the month of the first start.

    Raises
    ------
    AnalysisError
        If no home is known to have had the intervention, or no rating was published before.
    """
    outcome = protocol.outcome
    assert isinstance(outcome, Ratings)
    started = support_from(given.observed, given.spells, protocol.plan, outcome).started
    if not len(started):
        raise AnalysisError(
            "The protocol cannot be locked: no home is known to have had the intervention.",
            found=protocol.plan.intervention, do="Load the homes that had it, and since when.",
        )  # fmt: skip
    until = f"{started.min():%Y-%m}"
    rated = given.observed.rated(outcome.key_question)
    known = rated[rated["published"] < pd.Timestamp(until)].sort_values(["home", "published"], kind="stable")
    if known.empty:
        raise AnalysisError(
            "The protocol cannot be locked: no rating was published before the first start.",
            found=f"first start in {until}", do="Load ratings of the time before.",
        )  # fmt: skip
    last = known.drop_duplicates("home", keep="last").set_index("home")
    standing = last[["rating", "published"]].assign(
        supported=last.index.isin(started.index), provider_id=given.observed.homes["provider_id"].reindex(last.index)
    )
    return RatingsBefore(until=until, standing=standing, moves=_moves(known[~known["home"].isin(started.index)]))


def _moves(known: pd.DataFrame) -> np.ndarray:
    """Say of each next inspection of a home below Good whether it was rated better."""
    code = known["rating"].cat.codes.to_numpy()
    same, low = known["home"].eq(known["home"].shift(-1)).to_numpy(), known["rating"].isin(BELOW_GOOD).to_numpy()
    at = np.flatnonzero(same & low)
    return code[at + 1] > code[at]


def ratings_figures(before: RatingsBefore, protocol: Protocol, warning: str, *, counted: bool) -> Iterator[Figure]:
    """Yield what is to be seen before a protocol about ratings is locked; ratings are published, and count nobody."""
    yield Figure(title=WHAT, warning=warning)
    yield _alike(before)
    yield _could_be_found(before)


def _alike(before: RatingsBefore) -> Figure:
    standing, day = before.standing, pd.Timestamp(before.until)
    measures = {
        f"Rated {level} (share)": (standing["rating"] == level).to_numpy(float)
        for level in standing["rating"].cat.categories
    } | {"Years since the rating was published": ((day - standing["published"]).dt.days / DAYS_A_YEAR).to_numpy(float)}
    supported = standing["supported"].to_numpy(bool)
    rows = [(what, *difference(value[supported], value[~supported])) for what, value in measures.items()]
    tidy = pd.DataFrame(rows, columns=["what", "with_it", "without", "smd"])
    with_it, without = homes(int(supported.sum())), homes(int((~supported).sum()))
    return Figure(
        title="Were the homes alike?",
        sentence=f"{with_it} with it and {without} without it had a rating. {alike_said(tidy, supported)} Homes are "
        "compared with homes that stood at the same rating, so a difference in ratings does no harm by itself.",
        tables=(Table(tidy=tidy, columns=BALANCE, title=""),),
    )


def _could_be_found(before: RatingsBefore) -> Figure:
    own = before.standing[before.standing["supported"]]
    low = own[own["rating"].isin(BELOW_GOOD)]
    n, moved = len(low), before.moves
    if own.empty:
        told = "None of the homes with it had a rating before, so none could be rated better than it was."
        return Figure(title=COULD_BE_FOUND, sentence=told)
    if not n:
        told = "None of the homes with it was rated below Good, so next to none could be rated better."
        return Figure(title=COULD_BE_FOUND, sentence=told)
    if len(moved) < FEWEST_MOVES:
        told = f"Too few homes without it were inspected again before ({len(moved):,}) to say how many move up anyway."
        return Figure(title=COULD_BE_FOUND, sentence=told)
    base, providers = float(moved.mean()), max(low["provider_id"].nunique(), 1)
    anyway = (
        f"Before, {base:.0%} of homes without it that were below Good were rated better at their next inspection. "
        f"{homes(n)} with it {'was' if n == 1 else 'were'} below Good"
    )
    try:
        needed = smallest_better(RatingsStudy(supported=n, base=base, per_provider=max(n / providers, 1.0)))
    except AnalysisError:
        needed = np.nan
    if not np.isfinite(needed):
        return Figure(title=COULD_BE_FOUND, sentence=f"{anyway}: so few that no effect would be found.")
    told = (
        f"{anyway}: if all are inspected again, {needed:.0%} or more would have to be rated better to be found, four "
    )
    return Figure(title=COULD_BE_FOUND, sentence=f"{told}times in five. A smaller effect would often be missed.")
