"""What is asked of an evaluation before it starts: which study, and which effect should be found?

The same value stands behind the fields of the Planning page and in a file for `homeward plan`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from analysis.allowed import LAST_SEED, MONTH, TEXT, Option, is_number, whole
from analysis.planning.power import GRID
from analysis.planning.ratings import RatingsStudy
from analysis.planning.study import IN_WAVES, RATIOS, Study, faults, ratio_fault
from analysis.written import Fault

SEED = 20261126
"""Of every simulation that nobody gives a seed of its own: the same question gets the same answer."""
FEWER, COARSE = 250, (0.45, 0.65, 0.8, 0.9)
"""Simulations (one batch), and rate ratios, of each of the other plans in the curves: enough to see their course."""
HOMES = (5, 10, 20, 40, 80)
MONTHS = (6, 12, 24, 36)
"""Homes with it, and months with it, of those others."""
NO_EFFECT = "No effect cannot be planned for: say how many per cent fewer would matter."
NOT_BETTER = "The share with support must lie above the share without it, and below 100%."


@dataclass(frozen=True, slots=True, kw_only=True)
class StartsByLot:
    """Who starts when, of a study in waves.

    Parameters
    ----------
    intervention : str
        Its name, as it will stand in the list of interventions.
    first : str
        Month in which the first wave starts, such as "2025-04"; "" for the first after the data.
    seed : int
        Of the lot.
    homes : tuple of str
        Location IDs; none where the homes are drawn by lot as well.
    """

    RULES: ClassVar[Mapping[str, Option]] = {
        "intervention": TEXT,
        "first": Option(lambda value: value == "" or MONTH.allows(value), MONTH.words, MONTH.example),
        "seed": whole(0, LAST_SEED, 1),
    }

    intervention: str = "new_intervention"
    first: str = ""
    seed: int = 1
    homes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionsPlan:
    """An evaluation of admissions that is planned.

    Parameters
    ----------
    kind : "admissions"
    title : str
    study : Study
    rate_ratio : float
        True effect that should be found: 0.8 is a fall of a fifth.
    simulations : int
        Of the study itself; of the others on its curves fewer are enough.
    seed : int
    lot : StartsByLot, optional
        Of a study in waves: who starts when.
    """

    RULES: ClassVar[Mapping[str, Option]] = {
        "rate_ratio": Option(is_number, f"a rate ratio from {RATIOS[0]:g} to {RATIOS[1]:g}", "0.8"),
        "simulations": whole(100, 20_000, 500),
        "seed": whole(0, LAST_SEED, SEED),
    }

    kind: Literal["admissions"] = "admissions"
    title: str = ""
    study: Study = Study(compared=60)
    rate_ratio: float = 0.8
    simulations: int = 500
    seed: int = SEED
    lot: StartsByLot | None = None

    @staticmethod
    def faults_in(said: Mapping[str, Any]) -> list[Fault]:
        """Say what is wrong with a plan that is read, by field."""
        found = []
        if why := ratio_fault(said["rate_ratio"]) or (NO_EFFECT if said["rate_ratio"] == 1 else ""):
            found.append(Fault("rate_ratio", why))
        if said["lot"] is not None and said["study"].kind not in IN_WAVES:
            found.append(Fault("lot", f"Only a study in waves ({' or '.join(IN_WAVES)}) starts by lot."))
        return found

    @property
    def ratios(self) -> tuple[float, ...]:
        """Rate ratios to simulate."""
        return tuple(sorted({*GRID, self.rate_ratio}))


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingsPlan:
    """An evaluation of ratings that is planned.

    Parameters
    ----------
    kind : "ratings"
    title : str
    study : RatingsStudy
    better : float
        Share that improves with support, which should be found.
    """

    RULES: ClassVar[Mapping[str, Option]] = {"better": Option(is_number, "a share above the base, below 1", "0.72")}

    kind: Literal["ratings"] = "ratings"
    title: str = ""
    study: RatingsStudy = RatingsStudy(supported=80, compared=80)
    better: float = 0.72

    @staticmethod
    def faults_in(said: Mapping[str, Any]) -> list[Fault]:
        """Say what is wrong with a plan that is read, by field."""
        return [] if said["study"].base < said["better"] < 1 else [Fault("better", NOT_BETTER)]


def more_or_fewer(study: Study) -> tuple[tuple[Study, ...], tuple[Study, ...]]:
    """Give the same study with other numbers of homes, and of months, that still make sense, itself among them."""
    homes = tuple(study.changed(supported=n) for n in sorted({*HOMES, study.supported}) if _allowed(study, supported=n))
    months = tuple(study.changed(after=n) for n in sorted({*MONTHS, study.after}) if _allowed(study, after=n))
    return homes, months


def _allowed(study: Study, **changed: int) -> bool:
    said = {name: getattr(study, name) for name in study.__dataclass_fields__}
    return not faults(said | changed)
