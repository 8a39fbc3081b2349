"""What could be done: with how many homes, for how long, in which order?

| kind | who starts when | who is compared |
|---|---|---|
| comparison homes | all supported homes in one month | other homes, as they come |
| matched homes | the same | for each supported home the most alike of the others: kind of home, rate, size |
| staggered roll-out | in waves, some months apart | other homes, and supported homes that have not started yet |
| stepped wedge | in waves by lot | nobody else: only supported homes that have not started yet |

Whoever plans says what is wrong with a plan before it is simulated: `faults` names each field and says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, get_args

import numpy as np

from analysis.allowed import Entry
from analysis.errors import AnalysisError
from analysis.written import Fault

Kind = Literal["comparison homes", "matched homes", "staggered roll-out", "stepped wedge"]
KINDS: tuple[Kind, ...] = get_args(Kind)
IN_WORDS: Mapping[Kind, str] = {
    "comparison homes": "One start, other homes compared",
    "matched homes": "One start, matched homes compared",
    "staggered roll-out": "In waves, other homes compared",
    "stepped wedge": "Stepped wedge: in waves by lot, nobody left out",
}
WITH_OTHERS = ("comparison homes", "staggered roll-out")
"""Kinds in which the number of other homes is a choice."""
IN_WAVES = ("staggered roll-out", "stepped wedge")

FEWEST = 3
"""Supported homes from which the default interval (CR2) can be trusted; below, only a rank among all homes is told."""
MOST_HOMES = 2_000
"""Homes of one simulated study: beyond, an answer takes minutes, and power is not the question."""
MOST_MONTHS = 120
"""Months of one simulated study: nobody plans for more than ten years."""
RATIOS = (0.05, 3.0)
"""Rate ratios that can be planned for: 95% fewer to three times as many. Anything further is a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """An evaluation that could be run.

    Parameters
    ----------
    kind : Kind
    supported : int
        Homes that get the intervention, now or later.
    compared : int
        Homes that do not; for matched homes as many as are supported, whatever is said; for a stepped wedge none.
    before, after : int
        Months before the first start, and from the last start to the end.
    waves, gap : int
        In how many steps homes start, and how many months apart; matters only to kinds that start in waves.
    effect_sd : float
        Standard deviation of homes' own effects about the average one, on the log scale.
    """

    ENTRIES: ClassVar[Mapping[str, Entry]] = {
        "kind": Entry("How it is done", options=IN_WORDS),
        "supported": Entry("Homes that get it"),
        "compared": Entry("Other homes compared", usual=60),
        "before": Entry("Months before the start"),
        "after": Entry("Months with it, after the last start"),
        "waves": Entry("Waves"),
        "gap": Entry("Months between waves"),
        "effect_sd": Entry(
            "How far effects differ between homes (standard deviation of the log; 0.3 is much)", step=0.1
        ),
    }

    kind: Kind = "comparison homes"
    supported: int = 40
    compared: int = 40
    before: int = 12
    after: int = 12
    waves: int = 4
    gap: int = 3
    effect_sd: float = 0.0

    def __post_init__(self):
        if wrong := faults({name: getattr(self, name) for name in self.__dataclass_fields__}):
            raise AnalysisError("This study cannot be planned.", do=" ".join(wrong.values()))
        if self.kind == "stepped wedge":
            object.__setattr__(self, "compared", 0)
        if self.kind == "matched homes":
            object.__setattr__(self, "compared", self.supported)

    @staticmethod
    def faults_in(said: Mapping[str, Any]) -> list[Fault]:
        """Say what is wrong with a study that is read, by field."""
        return [Fault(field, why) for field, why in faults(said).items()]

    @property
    def homes(self) -> int:
        """Homes in all."""
        return self.supported + self.compared

    @property
    def steps(self) -> int:
        """Different months in which homes start."""
        return self.waves if self.kind in IN_WAVES else 1

    @property
    def months(self) -> int:
        """Months in all."""
        return self.before + self.gap * (self.steps - 1) + self.after

    def starts(self) -> np.ndarray:
        """First month with the intervention, supported homes first, shape (homes,); `months` for homes compared."""
        wave = np.sort(np.arange(self.supported) % self.steps)
        return np.concatenate([self.before + self.gap * wave, np.full(self.compared, self.months)])

    def changed(self, **what) -> "Study":
        """Give the same study with something changed."""
        return replace(self, **what)


def faults(said: Mapping[str, Any]) -> dict[str, str]:
    """Say what is wrong with a study, by field; empty where nothing is.

    Parameters
    ----------
    said : mapping
        Fields of `Study`, all of them.
    """
    kind, supported, others = said["kind"], said["supported"], said["compared"]
    steps = said["waves"] if kind in IN_WAVES else 1
    rules = [
        ("supported", supported < FEWEST, _FEW),
        ("compared", others < FEWEST and kind in WITH_OTHERS, _NO_OTHERS),
        ("before", said["before"] < 2, "At least 2 months before the start are needed: one says nothing of change."),
        ("after", said["after"] < 2, "At least 2 months with the intervention are needed."),
        ("gap", said["gap"] < 1 and kind in IN_WAVES, "Waves must be at least 1 month apart."),
        ("waves", kind in IN_WAVES and steps > supported, "There cannot be more waves than supported homes."),
        ("waves", kind in IN_WAVES and steps < 2, f"A {kind} needs at least 2 waves."),
        ("effect_sd", not 0 <= said["effect_sd"] <= 1, "How far effects differ must lie between 0 and 1."),
    ]
    found = {name: why for name, wrong, why in reversed(rules) if wrong}
    months = said["before"] + said["gap"] * (steps - 1) + said["after"]
    if not found and months > MOST_MONTHS:
        found["after"] = f"The study would take {months:,} months; at most {MOST_MONTHS} can be planned."
    if not found and supported + others > MOST_HOMES:
        found["supported"] = f"At most {MOST_HOMES:,} homes can be planned for at once."
    return found


_FEW = (
    f"At least {FEWEST} homes must be supported: with fewer, no interval can be trusted, and a study can only say "
    "where they rank among all homes."
)
_NO_OTHERS = f"At least {FEWEST} homes to compare with are needed, or a stepped wedge, in which homes wait their turn."


def ratio_fault(ratio: float) -> str:
    """Say what is wrong with a rate ratio to plan for; empty where nothing is."""
    if not np.isfinite(ratio) or ratio < RATIOS[0]:
        return "No intervention averts more than 95% of admissions."
    return "An effect of more than three times as many admissions cannot be planned for." if ratio > RATIOS[1] else ""


def allocate(study: Study, rng: np.random.Generator, likeness: np.ndarray) -> np.ndarray:
    """Draw which homes of a panel take part, in the order of `Study.starts`, shape (homes,).

    Homes are drawn without replacement while there are enough of them; a larger study is made of homes like them.

    Parameters
    ----------
    likeness : ndarray, shape (N, d)
        What homes are matched on; each column on a scale on which 1 is a large difference.
    """
    N = len(likeness)
    if study.kind != "matched homes" or study.homes > N:
        whole = -(-study.homes // N)
        return np.concatenate([rng.permutation(N) for _ in range(whole)])[: study.homes]
    order = rng.permutation(N)
    chosen, others = order[: study.supported], list(order[study.supported :])
    partners = []
    for home in chosen:
        nearest = int(np.abs(likeness[others] - likeness[home]).sum(axis=1).argmin())
        partners.append(others.pop(nearest))
    return np.concatenate([chosen, partners])
