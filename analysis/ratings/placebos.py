"""How far out do programmes come in which nothing is known to have been done?

What befalls one council in one year (an inspector who leaves, a provider that fails) is in the answer of a programme
that ran there, and its interval allows for it only as `analysis.ratings.luck` has it. Placebo programmes show it: in
every council and at the start of every quarter, no later than the programme began, as many homes are taken by lot, of
the same ratings come to in the same ways, of those that never had any intervention, and are set beside the rest as
the supported homes were. How many came out as far from what was expected as the programme did stands beside its answer.

They share homes from one quarter to the next, so they are not so many separate trials.

Source: placebo runs in space and time, A. Abadie, A. Diamond & J. Hainmueller (2010), Synthetic control methods, JASA
105, 493–505.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.design import Others
from analysis.errors import AnalysisError
from analysis.inspections import Inspections, spells_of
from analysis.ratings.observed_expected import how_far
from analysis.ratings.programme import DAY, TOO, Programme, beside, described

FEWEST = 5
"""Homes that a placebo programme must have: with fewer hardly any could come out far."""

ENOUGH = 0.5
"""Of the supported homes, how many as a part a placebo programme must have to be like it."""

YEARS_SEEN = 1
"""Of ratings before the first quarter looked at: at first hardly any home has a rating, or any before it."""

ALIKE = ["from_rating", "before"]
"""What a home of a placebo programme shares with a supported one."""

Choice = tuple[str, pd.Timestamp, pd.Index]
"""A council, the first day of a quarter, and the homes chosen."""

COLUMNS = ("area_name", "began", "homes", "observed", "expected", "p_value")

ALPHA = 0.05
"""A p-value below it is what an interval that leaves out 1 has."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placebos:
    """Programmes in which nothing is known to have been done.

    Parameters
    ----------
    frame : DataFrame
        One row per council and quarter with an answer: `COLUMNS`; homes are those rated again.
    p_value : float
        Of the programme itself.
    without : int
        Councils and quarters with enough homes to choose from, but without an answer.
    """

    frame: pd.DataFrame
    p_value: float
    without: int

    @property
    def as_far(self) -> int:
        """Placebos at least as far from what was expected, either way, as the programme."""
        return int((self.frame["p_value"] <= self.p_value).sum())

    @property
    def more(self) -> int:
        """Placebos said to have more homes rated better than expected."""
        return int((self._told & (self.frame["observed"] > self.frame["expected"])).sum())

    @property
    def fewer(self) -> int:
        """Placebos said to have fewer."""
        return int((self._told & (self.frame["observed"] < self.frame["expected"])).sum())

    @property
    def _told(self) -> pd.Series:
        return self.frame["p_value"] < ALPHA


def placebos(  # noqa: PLR0913 - what is asked, of whom, beside whom
    inspections: Inspections, started: pd.Series, key_question: str = "Overall", other: pd.Series | None = None,
    others: Others = "leave out", *, seed: int,
) -> Placebos:  # fmt: skip
    """Run placebo programmes beside a programme.

    Parameters
    ----------
    inspections, started, key_question, other, others
        As of `analysis.ratings.programme.programme`; homes with another intervention are never in a placebo.
    seed : int
        Of the lots.

    Raises
    ------
    AnalysisError
        If the programme itself has no answer.
    """
    spells = spells_of(inspections, key_question, until=inspections.frame["published"].max()).frame
    every, homes = described(spells, inspections.homes), inspections.homes
    own = beside(every, homes.index, started, other, others)
    *_, p_own = how_far(own)
    touched = started if other is None else pd.concat([started, other])
    free = every.loc[~every["home"].isin(touched.index)]
    rng = np.random.default_rng(seed)
    rows, without = [], 0
    for area, day, chosen in _chosen(free, own, rng):
        try:
            row = how_far(beside(every, homes.index, pd.Series(day, chosen), touched))
        except AnalysisError:
            without += 1
            continue
        rows.append((area, day, *row))
    return Placebos(frame=pd.DataFrame(rows, columns=list(COLUMNS)), p_value=p_own, without=without)


def _chosen(free: pd.DataFrame, own: Programme, rng: np.random.Generator) -> Iterator[Choice]:
    """Choose homes by lot in every council and quarter where there are enough."""
    asked = own.homes.loc[own.homes["from_rating"].notna()]
    asked = asked.assign(before=asked["before"].str.removesuffix(TOO))
    wanted = asked.groupby(ALIKE, observed=True).size()
    kinds = free.groupby(ALIKE, observed=True)
    kind = kinds.ngroup().fillna(-1).to_numpy(int)
    most = [*wanted.reindex(kinds.size().index, fill_value=0), 0]  # none of no kind, which is the last
    area, named = pd.factorize(free["area_name"], sort=True)
    first, last = free["start"].min() + pd.DateOffset(years=YEARS_SEEN), asked["started"].median()
    for day in pd.date_range(first, last, freq="QS").astype(DAY):
        stood = np.flatnonzero((free["start"] <= day) & (free["end"] > day) & (area >= 0))
        for there in _parts(stood, area[stood]):
            lots = rng.choice(there, len(there), replace=False)
            taken = np.concatenate([part[: most[kind[part[0]]]] for part in _parts(lots, kind[lots])])
            if len(taken) >= max(FEWEST, ENOUGH * len(asked)):
                yield str(named[area[there[0]]]), day, pd.Index(free["home"].iloc[taken])


def _parts(rows: np.ndarray, by: np.ndarray) -> list[np.ndarray]:
    """Part rows by their numbers, the lowest first, each part in the order in which they came."""
    order = np.argsort(by, kind="stable")
    return np.split(rows[order], np.flatnonzero(np.diff(by[order])) + 1)
