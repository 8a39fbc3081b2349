"""Helped, did not help by as much, cannot tell, or should not be believed? The first rule that holds decides.

| rule | holds where | says |
|---|---|---|
| no interval | nothing can be said of how far the answer may be off | cannot tell |
| very few homes | two homes or fewer on a side: whatever befell one of them is the answer | cannot tell |
| a grave doubt failed | what was found can make an effect out of nothing or hide one | should not be believed |
| below no effect | the whole interval lies on the better side | helped |
| above no effect | the whole interval lies on the worse side | made it worse |
| worthwhile left out | the interval holds no effect, and none that is worthwhile | did not help by as much |
| otherwise | | cannot tell |

The doubts come before the interval because an interval knows of chance only. Whether methods agree is said beside the
verdict and does not change it: methods that look at the same homes are not several witnesses.

The scale of strength is that of Sherman and others (1997), as the Magenta Book uses it: 5 chosen by lot, 4 nearly so, 3
changes beside those of others, 2 others but no earlier time or an earlier time but hardly others, 1 neither.

Source: HM Treasury, Magenta Book (2026); Farrington, Gottfredson, Sherman and Welsh (2002) for the scale; Gardner and
Altman (1986), BMJ 292, for judging by what an interval leaves out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import stdtr, stdtrit

Call = Literal[
    "helped", "made it worse", "did not help by as much", "cannot tell", "should not be believed",
]  # fmt: skip
WORTHWHILE = 0.2
"""Fall that is worth having unless the reader names another: what controlled evaluations of care homes found."""
FEW = 2
"""Homes on a side with which nothing can be told. An interval may exist, by letting homes change places, but what
befell one of the two besides cannot be told from the intervention: without this rule a fall of a fifth in two homes was
called helped in 11% of 200 panels, and not to be believed in 7%."""
POWER, LEVEL = 0.8, 0.05
"""An effect would have been found four times in five at this level."""
STRENGTH: Mapping[int, str] = {
    5: "{units} were chosen by lot",
    3: "changes in {units} with the intervention are held against changes in {units} without it",
    2: "{units} are compared with others, but of very few, or of no time before the start",
    1: "there is nothing to compare with",
}
"""Level of the Maryland Scientific Methods Scale to what it means here."""
Units = Literal["homes", "areas"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What an answer comes to in numbers.

    Parameters
    ----------
    ratio, low, high : float
        Estimate and interval as a ratio of which less than one is better; missing where there is none.
    df : float
        Degrees of freedom of the interval; infinite where it has none.
    conf_level : float
    passed, open, failed : tuple of str
        Doubts, by their names in a protocol.
    grave : tuple of str
        Those of the failed that can make an effect out of nothing or hide one.
    agree, of : int
        Intervals by other methods that fall on the same side of no effect, of how many.
    strength : int
        Level of `STRENGTH`.
    fewest : float
        Homes on the smaller side; infinite where it is not homes that are compared.
    why_none : str
        Why there is no interval; empty where there is one.
    units : str
        What is compared.
    rise : bool
        Whether what is counted is better the more there is (homes rated better), and `ratio` therefore that of what was
        expected to what was seen.
    """

    ratio: float
    low: float
    high: float
    df: float = np.inf
    conf_level: float = 0.95
    passed: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    grave: tuple[str, ...] = ()
    agree: int = 0
    of: int = 0
    strength: int = 3
    fewest: float = np.inf
    why_none: str = ""
    units: Units = "homes"
    rise: bool = False

    def size(self, ratio: float) -> float:
        """Give a ratio as a part by which there is less, or, of what is better the more there is, more."""
        return float(np.divide(1.0, ratio) - 1 if self.rise else 1 - ratio)

    @property
    def std_error(self) -> float:
        """Of the log ratio, worked back from the interval."""
        return float(np.log(self.high / self.low) / 2 / stdtrit(self._df, 0.5 + self.conf_level / 2))

    @property
    def _df(self) -> float:
        return self.df if np.isfinite(self.df) and self.df > 0 else 1e6

    @property
    def smallest(self) -> float:
        """Smallest fall (or rise) that would have been found four times in five, as a part (0.2 is a fifth)."""
        t = stdtrit(self._df, 1 - LEVEL / 2) + stdtrit(self._df, POWER)
        return self.size(np.exp(-t * self.std_error))

    def probability(self, part: float) -> float:
        """Probability that the fall (or rise) is at least this part, if every size was as likely before."""
        least = -np.log(1 + part) if self.rise else np.log(1 - part)
        return float(stdtr(self._df, (least - np.log(self.ratio)) / self.std_error))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an answer comes to.

    Parameters
    ----------
    call : Call
    rule : str
        The rule that decided.
    evidence : Evidence
    worthwhile : float
        Fall (or rise) the reader names as worth having, as a part.
    """

    call: Call
    rule: str
    evidence: Evidence
    worthwhile: float

    @property
    def left_out(self) -> float:
        """Falls (or rises) larger than this part are left out by the interval."""
        return self.evidence.size(self.evidence.low)


def _no_interval(e: Evidence, worthwhile: float) -> bool:
    return not (np.isfinite([e.low, e.high]).all() and e.low > 0)


def _few(e: Evidence, worthwhile: float) -> bool:
    return e.fewest <= FEW


def _grave(e: Evidence, worthwhile: float) -> bool:
    return bool(e.grave)


def _below(e: Evidence, worthwhile: float) -> bool:
    return e.high < 1


def _above(e: Evidence, worthwhile: float) -> bool:
    return e.low > 1


def _too_little(e: Evidence, worthwhile: float) -> bool:
    return e.size(e.low) < worthwhile


def _otherwise(e: Evidence, worthwhile: float) -> bool:
    return True


RULES: tuple[tuple[str, Call, Callable[[Evidence, float], bool]], ...] = (
    ("no interval", "cannot tell", _no_interval),
    ("very few homes", "cannot tell", _few),
    ("a grave doubt failed", "should not be believed", _grave),
    ("below no effect", "helped", _below),
    ("above no effect", "made it worse", _above),
    ("worthwhile left out", "did not help by as much", _too_little),
    ("otherwise", "cannot tell", _otherwise),
)
"""In order: what a rule is called, what it says, and whether it holds."""


def decide(evidence: Evidence, worthwhile: float = WORTHWHILE) -> Verdict:
    """Apply the rules in order."""
    decided = next(row for row in RULES if row[2](evidence, worthwhile))
    return Verdict(call=decided[1], rule=decided[0], evidence=evidence, worthwhile=worthwhile)
