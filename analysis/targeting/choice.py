"""To which homes should it be offered, when there is not enough for all?

    maximise Σ b_i x_i   over x_i ∈ {0, 1}
    subject to   Σ r_ki x_i ≤ R_k        for money, places of clinical leads, residents of leads, visits
                 least_g ≤ Σ_{i∈g} x_i ≤ most_g   for every group g of homes (area, district, kind)

with b_i the expected net benefit of home i. Solved to the optimum by HiGHS. A home whose expected net benefit is
negative is chosen only where coverage demands it.

Leads are counted together: L leads carry 7 L homes and 300 L residents, so that where places run out the last home may
be shared between two of them.

Source: Huangfu and Hall (2018), "Parallelizing the dual revised simplex method", for HiGHS, by way of
`scipy.optimize.milp`; capacity of a lead, South West clinical leads network 2021.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from analysis.allowed import Option, is_number
from analysis.errors import AnalysisError
from analysis.written import Fault

HOMES_A_LEAD, RESIDENTS_A_LEAD = 7, 300
"""What a clinical lead carries on average; the range is 3 homes and 30 residents to 21 homes and 800."""
GAP = 1e-6
"""The solver stops when it is within this part of the best possible value."""
SECONDS = 20.0
"""After so long the best plan found is given, and how far from the best possible it may be."""
MARGIN = 1_000
"""Up to so many homes all are decided one by one. Of more, only so many for which it is a near thing in the linear
relaxation; the others are taken or left as there. Its value bounds what that can cost: see `Choice.gap`."""

RESOURCES = {"budget": "pounds", "homes": "homes", "residents": "residents", "visits": "visits a week"}
"""What runs out, and what it is counted in."""


POUNDS_A_YEAR = Option(
    lambda value: is_number(value) or value == np.inf, "pounds a year, or inf where money does not bind", "500_000.0"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What there is to give.

    Parameters
    ----------
    leads : int
        Clinical leads.
    homes_per_lead, residents_per_lead : float
    budget : float
        Pounds a year; infinite where money does not bind.
    practitioners : int
        Zero where the offer needs none.
    visits_per_practitioner, visits_per_home : float
        Visits a week that one can make, and that one home needs.
    """

    RULES: ClassVar[Mapping[str, Option]] = {"budget": POUNDS_A_YEAR}

    leads: int = 4
    homes_per_lead: float = HOMES_A_LEAD
    residents_per_lead: float = RESIDENTS_A_LEAD
    budget: float = np.inf
    practitioners: int = 0
    visits_per_practitioner: float = 12.0
    visits_per_home: float = 1.0

    def __post_init__(self):
        if wrong := capacity_faults({name: getattr(self, name) for name in self.__dataclass_fields__}):
            raise AnalysisError("With this capacity nothing can be offered.", do=" ".join(wrong.values()))

    @staticmethod
    def faults_in(said: Mapping[str, Any]) -> list[Fault]:
        """Say what is wrong with a capacity that is read, by field."""
        return [Fault(name, why) for name, why in capacity_faults(said).items()]

    def after(self, fixed: float) -> "Capacity":
        """Give what is left for homes once costs that do not depend on them (pounds a year) are paid."""
        if self.budget <= fixed:
            raise AnalysisError(
                "The budget does not pay the fixed cost of the programme.",
                found=f"£{self.budget:,.0f} a year, of which £{fixed:,.0f} go whatever the number of homes",
                do="Allow a larger budget, or a smaller fixed cost.",
            )
        return replace(self, budget=self.budget - fixed)

    def limits(self) -> dict[str, float]:
        """How much there is of each resource, by the names of `RESOURCES`."""
        visits = self.practitioners * self.visits_per_practitioner if self.practitioners else np.inf
        return {
            "budget": self.budget,
            "homes": self.leads * self.homes_per_lead,
            "residents": self.leads * self.residents_per_lead,
            "visits": visits,
        }

    def needs(self, residents: np.ndarray, cost: np.ndarray) -> dict[str, np.ndarray]:
        """How much of each resource every home takes, each of shape (N,)."""
        one = np.ones(len(residents))
        return {"budget": cost, "homes": one, "residents": residents, "visits": one * self.visits_per_home}


MOST = {"leads": 10_000, "homes_per_lead": 1_000, "residents_per_lead": 100_000, "practitioners": 100_000,
        "visits_per_practitioner": 1_000, "visits_per_home": 1_000}  # fmt: skip
"""Most of each that can be meant: England has fewer than 15,000 care homes."""


def capacity_faults(said: Mapping[str, float]) -> dict[str, str]:
    """Say what is wrong with a capacity, by field of `Capacity`; empty where nothing is."""
    visits = said["practitioners"] * said["visits_per_practitioner"]
    rules = [
        ("leads", said["leads"] < 1, "At least 1 clinical lead is needed."),
        ("homes_per_lead", said["homes_per_lead"] < 1, "A lead must be able to carry at least 1 home."),
        ("residents_per_lead", said["residents_per_lead"] < 1, "A lead must be able to carry at least 1 resident."),
        ("budget", said["budget"] <= 0, "The budget must be more than nothing."),
        ("practitioners", said["practitioners"] < 0, "There cannot be fewer than no practitioners."),
        ("visits_per_home", said["visits_per_home"] <= 0, "A home must need some visits."),
        ("visits_per_practitioner", said["practitioners"] > 0 and visits < said["visits_per_home"],
         "The practitioners cannot make the visits of even one home."),
    ]  # fmt: skip
    rules += [(name, not said[name] <= most, f"At most {most:,} can be worked with.") for name, most in MOST.items()]
    return {name: why for name, wrong, why in reversed(rules) if wrong}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fairness:
    """How many homes of each group must, and may, be chosen.

    Parameters
    ----------
    group : ndarray of str, shape (N,)
    least : int
        Of every group, or all its homes where it has fewer.
    most : int, optional
        Of any group.
    """

    group: np.ndarray
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """Who is offered it.

    Parameters
    ----------
    chosen, eligible : ndarray of bool, shape (N,)
        Who is chosen, and who might have been.
    value : float
        Σ b_i of the chosen.
    used, limits : mapping
        By resource.
    gap : float
        How far at most, as a part of the best possible value, the choice may be from it.
    """

    chosen: np.ndarray
    eligible: np.ndarray
    value: float
    used: Mapping[str, float] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)
    gap: float = 0.0


def choose(
    benefit: np.ndarray, needs: Mapping[str, np.ndarray], limits: Mapping[str, float], fairness: Fairness | None = None,
    *, eligible: np.ndarray | None = None,
) -> Choice:  # fmt: skip
    """Choose the homes with the largest total benefit.

    Parameters
    ----------
    benefit : ndarray, shape (N,)
    needs : mapping of resource to ndarray, shape (N,)
    limits : mapping of resource to float
    fairness : Fairness, optional
    eligible : ndarray of bool, shape (N,), optional
        Homes that may be chosen at all.

    Raises
    ------
    AnalysisError
        If no choice meets the limits.
    """
    may = np.ones(len(benefit), bool) if eligible is None else eligible
    binding = [name for name, limit in limits.items() if np.isfinite(limit)]
    rows = np.array([needs[name] for name in binding]).reshape(len(binding), len(benefit))
    low, high = np.full(len(binding), -np.inf), np.array([limits[name] for name in binding])
    if fairness is not None:
        matrix, least, most = _of_groups(fairness, may)
        rows, low, high = np.vstack([rows, matrix]), np.append(low, least), np.append(high, most)
    x, bound = _solved(benefit, _Limits(rows=rows, low=low, high=high), may.astype(float))
    if x is None:
        raise _refusal(limits, fairness, may)
    value = float(benefit[x].sum())
    return Choice(
        chosen=x,
        eligible=may,
        value=value,
        used={name: float(needs[name][x].sum()) for name in limits},
        limits=dict(limits),
        gap=max(bound - value, 0.0) / max(abs(bound), 1e-9),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Limits:
    """Low ≤ rows x ≤ high."""

    rows: np.ndarray
    low: np.ndarray
    high: np.ndarray


def _solved(benefit, limits, upper):
    """Best x (N,) of bool, and a bound of the best value; None where nothing meets the limits."""
    lower = np.zeros(len(benefit))
    if not upper.any():
        return (None if (limits.low > 0).any() else upper > 0), 0.0
    if len(benefit) <= MARGIN:
        return _whole(benefit, limits, lower, upper)
    taken, reduced_cost, bound = _relaxed(benefit, limits, upper)
    if taken is None or reduced_cost is None:
        return None, 0.0
    clear = np.argsort(np.abs(reduced_cost))[MARGIN:]
    lower[clear] = upper[clear] = np.round(taken[clear])
    return _whole(benefit, limits, lower, upper)[0], bound


def _whole(benefit, limits, lower, upper):
    """Decide the homes whose lower and upper bound differ."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - half a second to import

    free, x = upper > lower, lower.copy()
    held = limits.rows[:, ~free] @ lower[~free]
    found = milp(
        -benefit[free],
        constraints=LinearConstraint(limits.rows[:, free], limits.low - held, limits.high - held),
        integrality=np.ones(free.sum()),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": GAP, "time_limit": SECONDS},
    )
    if found.x is None:
        return None, 0.0
    x[free] = found.x
    return x > 0.5, float(benefit[~free] @ lower[~free] - found.mip_dual_bound)


def _relaxed(benefit, limits, upper):
    """Shares of homes (N,), what each would lose by the other decision (N,), and the value: a bound of the best."""
    from scipy.optimize import linprog  # noqa: PLC0415

    has = np.isfinite(limits.high), np.isfinite(limits.low)
    rows = np.vstack([limits.rows[has[0]], -limits.rows[has[1]]])
    ends = np.append(limits.high[has[0]], -limits.low[has[1]])
    found = linprog(-benefit, A_ub=rows, b_ub=ends, bounds=np.column_stack([np.zeros_like(upper), upper]))
    if found.x is None:
        return None, None, 0.0
    return found.x, found.lower.marginals + found.upper.marginals, -found.fun


def _of_groups(fairness, may):
    """Matrix (groups, N) with its least and most."""
    groups, code = np.unique(fairness.group, return_inverse=True)
    matrix = (code == np.arange(len(groups))[:, None]).astype(float)
    has = matrix @ may
    most = np.full(len(groups), np.inf if fairness.most is None else fairness.most)
    return matrix, np.minimum(fairness.least, has), most


def _refusal(limits, fairness, may):
    """Say why nothing meets the limits."""
    if fairness is None:
        return AnalysisError("No choice of homes was found in time.", do="Ask for fewer homes, or wait and try again.")
    least = _of_groups(fairness, may)[1].sum()
    told = ", ".join(f"{limits[name]:,.0f} {unit}" for name, unit in RESOURCES.items() if np.isfinite(limits[name]))
    return AnalysisError(
        f"There is not enough for {fairness.least} homes in every group: that alone is {least:,.0f} homes.",
        found=told,
        do="Ask for fewer in every group, or allow more leads, money or visits.",
    )


def by_rank(
    score: np.ndarray, needs: Mapping[str, np.ndarray], limits: Mapping[str, float], *, eligible: np.ndarray
) -> np.ndarray:
    """Choose in order of a score, the highest first, while there is room, as most programmes do; shape (N,).

    A home for which there is no room any more is passed over, and the next one tried.
    """
    chosen, left = np.zeros(len(score), bool), [limits[name] for name in limits]
    takes = np.column_stack([needs[name] for name in limits]).tolist()
    for home in np.flatnonzero(eligible)[np.argsort(-score[eligible], kind="stable")].tolist():
        rest = [have - need for have, need in zip(left, takes[home], strict=True)]
        if min(rest) >= 0:
            chosen[home], left = True, rest
    return chosen
