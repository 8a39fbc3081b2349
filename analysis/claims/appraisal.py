"""What is a claim worth?

Whatever kind it is, the answer is one value: what is not said, the numbers, each with its source, the tables behind
them, and how strong a design of this kind can be. Sentences are made of it in `analysis.words.claims`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.claims.claim import Claim
from analysis.claims.lacking import Lacking, lacking
from analysis.claims.remarks import remarks
from analysis.claims.shrinkage import Bounded
from analysis.written import Fault

MARYLAND = {
    "by lot": (5, "who got it was decided by lot"),
    "matched or modelled": (4, "others like them, matched or modelled, stand beside it"),
    "others at the same time": (3, "others over the same months stand beside it"),
}
"""Level of the Maryland scale by what it was compared with; a before and after alone is level 1."""
ALONE = (1, "a before and after with nothing beside it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of an appraisal.

    Parameters
    ----------
    what : str
        What it is, in words.
    value, low, high : float
        With its 95% interval or range, where it has one (NaN: none).
    unit : str
        "share", "change" (a rate ratio less 1), "chance", "count", "rate", "points" or "times".
    source : str
        Where it stands, or what it was worked out from.
    """

    what: str
    value: float
    unit: str
    source: str
    low: float = float("nan")
    high: float = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Appraisal:
    """What a claim is worth.

    Parameters
    ----------
    claim : Claim
    numbers : mapping of str to Number
        By key, in the order of reading.
    unit : "share" or "change"
        Of the headline and of the appraised.
    headline, appraised : Bounded or None
        What is claimed with the interval it has by itself, and what is left of it; None where no number can be given.
    counts : DataFrame
        Of a share: better, of, with intervals and chances.
    bases : DataFrame
        Of a share: how often such services improve anyway.
    regression : DataFrame
        Of admissions: what the highest home does without any effect, by window.
    periods : DataFrame
        Of an area: every period beside elsewhere.
    assumed : tuple of str
        What had to be assumed because it is not said.
    """

    claim: Claim
    numbers: Mapping[str, Number]
    unit: str
    headline: Bounded | None = None
    appraised: Bounded | None = None
    counts: pd.DataFrame = field(default_factory=pd.DataFrame)
    bases: pd.DataFrame = field(default_factory=pd.DataFrame)
    regression: pd.DataFrame = field(default_factory=pd.DataFrame)
    periods: pd.DataFrame = field(default_factory=pd.DataFrame)
    assumed: tuple[str, ...] = ()

    @property
    def lacking(self) -> tuple[Lacking, ...]:
        """What the claim does not say."""
        return lacking(self.claim)

    @property
    def remarks(self) -> list[Fault]:
        """What the claim says that weakens it."""
        return remarks(self.claim)

    @property
    def maryland(self) -> tuple[int, str]:
        """Level of the Maryland scale, and why."""
        return MARYLAND.get(self.claim.comparison.how, ALONE)

    @property
    def table(self) -> pd.DataFrame:
        """Every number with its source: what, value, low, high, unit, source."""
        names = ("what", "value", "low", "high", "unit", "source")
        return pd.DataFrame([[getattr(one, name) for name in names] for one in self.numbers.values()], columns=names)


def number(what: str, found: Bounded | float, unit: str, source: str) -> Number:
    """Make a number of an estimate, or of a value alone."""
    if isinstance(found, Bounded):
        return Number(what=what, value=found.value, low=found.low, high=found.high, unit=unit, source=source)
    return Number(what=what, value=float(found), unit=unit, source=source)


def as_change(ratio: Bounded) -> Bounded:
    """Turn a rate ratio into a change: 0.8 is −0.2."""
    return Bounded(value=ratio.value - 1, low=ratio.low - 1, high=ratio.high - 1)
