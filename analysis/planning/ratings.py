"""How many re-inspected services would show that more of them improved?

Homes below Good improve at their next inspection more often than not, whatever is done. A study of ratings asks whether
more of the supported ones do, against other services,

    n = (z_{α/2} √(2 p̄ q̄) + z_β √(p₀q₀ + p₁q₁))² / (p₁ − p₀)²    in each group,

or against a base rate taken as known, by the exact binomial interval. Services of one provider share managers and are
inspected alike: with m of them to a provider and correlation ρ among them, n services tell as much as
n / (1 + (m − 1) ρ) that have nothing to do with one another.

Source: Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, ch. 4; Donner and Klar (2000), for
the design effect; Clopper and Pearson (1934).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
from scipy.optimize import brentq
from scipy.special import betaincinv, ndtr, ndtri

from analysis.allowed import Entry
from analysis.errors import AnalysisError
from analysis.written import Fault

ICC = 0.1
"""Correlation of outcomes among services of one provider: no study gives it; a judgement, on the cautious side."""


MOST_SERVICES = 100_000
"""Of one study: more than CQC rates in England."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingsStudy:
    """An evaluation of ratings that could be run.

    Parameters
    ----------
    kind : "ratings"
    supported : int
        Supported services that will be inspected again.
    compared : int
        Other services inspected again; 0 to compare with `base` as a known rate.
    base : float
        Share that improves without support.
    per_provider : float
        Services of one provider among them, on average.
    icc : float
        Correlation among services of one provider.
    """

    ENTRIES: ClassVar[Mapping[str, Entry]] = {
        "supported": Entry("Supported services inspected again", "services", usual=80),
        "compared": Entry("Other services inspected again (0: a known base rate)", "other_services", usual=80),
        "base": Entry("Improve without support (%)", unit="%"),
        "per_provider": Entry("Services of one provider, on average", step=0.5),
        "icc": Entry("How alike services of one provider are (0 to 1)", step=0.05),
    }

    kind: Literal["ratings"] = field(default="ratings", repr=False)
    supported: int
    compared: int = 0
    base: float = 0.57
    per_provider: float = 1.0
    icc: float = ICC

    def __post_init__(self):
        if wrong := ratings_faults({name: getattr(self, name) for name in self.__dataclass_fields__}):
            raise AnalysisError("This study of ratings cannot be planned.", do=" ".join(wrong.values()))

    @staticmethod
    def faults_in(said: Mapping[str, Any]) -> list[Fault]:
        """Say what is wrong with a study that is read, by field."""
        return [Fault(field, why) for field, why in ratings_faults(said).items()]

    def worth(self, services: int) -> float:
        """How many independent services some services are worth."""
        return services / (1 + (self.per_provider - 1) * self.icc)


def ratings_faults(said: Mapping[str, float]) -> dict[str, str]:
    """Say what is wrong with a study, by field of `RatingsStudy`; empty where nothing is."""
    rules = [
        ("supported", said["supported"] < 1, "At least 1 service must be inspected again."),
        ("compared", said["compared"] < 0, "There cannot be fewer than no services to compare with."),
        ("base", not 0 < said["base"] < 1, "The share that improves anyway must lie between 0% and 100%."),
        ("per_provider", said["per_provider"] < 1, "Every service has a provider: at least 1 to each."),
        ("per_provider", said["supported"] >= 1 and said["per_provider"] > said["supported"],
         "A provider cannot have more services than are inspected again."),
        *((name, said[name] > MOST_SERVICES, f"At most {MOST_SERVICES:,} services can be planned for.")
          for name in ("supported", "compared")),
        ("icc", not 0 <= said["icc"] <= 1, "The correlation must lie between 0 and 1."),
    ]  # fmt: skip
    return {name: why for name, wrong, why in reversed(rules) if wrong}


def services_needed(base: float, better: float, power: float = 0.8, level: float = 0.95) -> float:
    """Services in each of two groups that show a change from `base` to `better`; not rounded."""
    return float(brentq(lambda n: _two_groups(n, n, base, better, level) - power, 2, 1e9))


def ratings_power(study: RatingsStudy, better: float, level: float = 0.95) -> float:
    """Power of a study to see that a share `better` improves."""
    supported = study.worth(study.supported)
    if study.compared:
        return _two_groups(supported, study.worth(study.compared), study.base, better, level)
    return _against_known(int(supported), study.base, better, level)


def smallest_better(study: RatingsStudy, power: float = 0.8, level: float = 0.95) -> float:
    """Smallest share that would be seen to improve with this power; NaN where not even all of them would."""
    shares = np.linspace(study.base, 1, 2001)[1:-1]
    seen = np.array([ratings_power(study, share, level) >= power for share in shares])
    return float(shares[seen.argmax()]) if seen.any() else np.nan


def _two_groups(n1, n0, base, better, level):
    """Give power by the normal approximation, pooled variance under no difference; the far tail is left out."""
    pooled = (n0 * base + n1 * better) / (n0 + n1)
    none = np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n0))
    true = np.sqrt(base * (1 - base) / n0 + better * (1 - better) / n1)
    return float(ndtr((abs(better - base) - ndtri(0.5 + level / 2) * none) / true))


def _against_known(n, base, better, level):
    """Chance that the exact interval of the share lies wholly above `base`."""
    from scipy.stats import binom  # noqa: PLC0415 - most of a second to import

    k = np.arange(1, n + 1)
    low = betaincinv(k, n - k + 1, (1 - level) / 2)
    above = k[low > base]
    return float(binom.sf(above[0] - 1, n, better)) if above.size else 0.0
