"""What is shown of a plan that was carried out, and what was it made from? Page, report and terminal take the same."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from analysis import written
from analysis.disclosure import HES
from analysis.evaluation.provenance import code_digest
from analysis.figures.figure import Figure, Source
from analysis.outcomes import AreaMeasure
from analysis.panel import Panel
from analysis.plans.writing import provenance
from analysis.store import Store

if TYPE_CHECKING:
    from analysis.plans.past import Past, Ready
    from analysis.plans.targets import Listing, TargetingPlan
    from analysis.plans.what_if import WhatIf
    from analysis.targeting.heterogeneity import Attribute

UNNAMED = "A study before it starts"
"""A plan of a study that nobody gave a title."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanFigures:
    """What is shown of a plan.

    Parameters
    ----------
    title : str
    figures : sequence of Figure
        The answer first.
    source : Source
    provenance : mapping
        `plans.writing.provenance`.
    """

    title: str
    figures: Sequence[Figure]
    source: Source
    provenance: Mapping[str, Any]


def of_plan(
    plan: Any, figures: Iterable[Figure], source: Source, data: tuple[Store, Panel | None], seed: int = 0
) -> PlanFigures:
    """Give what is shown of any plan; `data` are where it was carried out: the store, and the panel if there is one."""
    made_from = provenance(plan, *data, seed)
    return PlanFigures(title=plan.title or UNNAMED, figures=tuple(figures), source=source, provenance=made_from)


def of_scenario(found: "WhatIf", seen: "Past", store: Store, source: Source) -> PlanFigures:
    """Give a scenario's figures, with what takes longer too."""
    from analysis.figures import what_if as figures  # noqa: PLC0415 - each plan imports what it alone needs

    plan, first = found.scenario, replace(figures.answer(found, source), warning=seen.left_out)
    every = first, *figures.rest(found, source, figures.Callbacks())
    return of_plan(plan, every, source, (store, seen.shown), plan.seed)


def of_targeting(
    choice: "tuple[TargetingPlan, Listing]", data: "tuple[Store, Past, Ready]", source: Source,
    by_attribute: "Callable[[], list[Attribute] | None]",
) -> PlanFigures:  # fmt: skip
    """Give the figures of a choice of homes.

    Parameters
    ----------
    by_attribute : callable
        Reads where it works better of the intervention with most homes; asked for when its turn comes.
    """
    from analysis.figures import targeting as figures  # noqa: PLC0415 - as above

    (plan, found), (store, seen, ready) = choice, data
    first = replace(figures.answer(found, ready.baseline), warning=seen.left_out)
    every = first, *figures.rest(plan, found, ready.baseline, source, by_attribute)
    return of_plan(plan, every, source, (store, seen.shown), plan.seed)


def of_years(outcome: AreaMeasure, figures: Iterable[Figure], source: Source, toml: str) -> PlanFigures:
    """Give what is shown of one area's yearly measure; `toml` is the protocol that asks for it."""
    made_from = {
        "plan": {"title": outcome.measure, "digest": written.digest(outcome), "toml": toml},
        "data": {"digest": source.made_from["data_sha256"], "files": []},
        "code": {"homeward": version("homeward"), "sha256": code_digest()},
        "packages": {}, "seed": "none is drawn", "disclosure": str(HES),
    }  # fmt: skip
    title = f"{outcome.measure}, {outcome.area}"
    return PlanFigures(title=title, figures=tuple(figures), source=source, provenance=made_from)
