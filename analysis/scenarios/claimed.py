"""What is claimed for ratings and for delayed days, beside admissions? By default nothing.

No controlled evaluation of support for care homes in `analysis/evidence` gives an effect on either, so that one is only
here where it was estimated on the data in hand, or where somebody states it: as a distribution, like every effect.
"""

from dataclasses import dataclass

from analysis.scenarios.ranges import Ratio

FURTHEST = 50.0
"""Times as fast, or as slowly, to another rating: an interval that goes beyond says nothing."""

NONE = Ratio(1.0, 1.0, 1.0)
NO_CLAIM = "No effect is claimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRatings:
    """How many times as fast homes that take it up move to a better, and to a worse, rating.

    Parameters
    ----------
    better, worse : Ratio
        Hazard ratios. Above 1 in `better` and below 1 in `worse` are good.
    source : str
    verified : bool
    """

    better: Ratio = NONE
    worse: Ratio = NONE
    source: str = NO_CLAIM
    verified: bool = False

    @property
    def claimed(self) -> bool:
        """Whether anything is."""
        return self.better != NONE or self.worse != NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDelays:
    """What the delayed days of the councils of homes offered it are multiplied by, at the uptake of the scenario.

    Parameters
    ----------
    ratio : Ratio
    source : str
    verified : bool
    """

    ratio: Ratio = NONE
    source: str = NO_CLAIM
    verified: bool = False

    @property
    def claimed(self) -> bool:
        """Whether anything is."""
        return self.ratio != NONE
