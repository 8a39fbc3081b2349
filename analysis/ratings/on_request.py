"""What is worked out beside the answers about ratings, of the same inspections and the same support?

What takes longer, or answers a question of its own, only where a protocol asks for it (`analysis.outcomes.Ratings`).
"""

import pandas as pd

from analysis.inspections import Inspections, spells_of
from analysis.ratings.curves import Curves, supported_curves
from analysis.ratings.key_questions import order, supported_by_question
from analysis.ratings.next_rating.model import NextRating
from analysis.ratings.placebos import Placebos, placebos
from analysis.ratings.sensitivity import Sensitivity, sensitivity
from analysis.ratings.support import Support, fit
from analysis.results import Effects


def curves(inspections: Inspections, support: Support) -> Curves:
    """Follow supported homes and homes like them; others until another intervention began, unless they are kept.

    A curve has no effect of another intervention beside it, so where the answer is net of one, homes are followed as if
    they were left out.
    """
    other = None if support.other_interventions == "keep" else support.others
    return supported_curves(spells_of(support.seen(inspections), support.key_question), support.started, other)


def often_inspected(inspections: Inspections, support: Support) -> Effects:
    """Fit the model of the next rating with homes that are inspected often counting less."""
    model = NextRating(
        key_question=support.key_question, other_interventions=support.other_interventions, weights="inverse intensity"
    )
    return fit(model, inspections, support)


def placebo_programmes(inspections: Inspections, support: Support, seed: int) -> Placebos:
    """Run placebo programmes in other councils and quarters."""
    asked = (
        support.seen(inspections), support.started, support.key_question, support.others, support.other_interventions
    )  # fmt: skip
    return placebos(*asked, seed=seed)


def key_questions(inspections: Inspections, support: Support, seed: int) -> tuple[pd.DataFrame, ...]:
    """Compare key questions: each in supported homes, their order there, and their order in all homes."""
    seen = support.seen(inspections)
    rows = supported_by_question(seen, support.started, support.others, support.other_interventions)
    return rows, order(seen, support.started, seed=seed), order(seen, seed=seed)


def inspectors_told(inspections: Inspections, support: Support, seed: int) -> Sensitivity:
    """Fit the model of moves under assumptions about what brings inspectors."""
    return sensitivity(
        support.seen(inspections), support.started, support.key_question, other=support.others,
        others=support.other_interventions, seed=seed,
    )  # fmt: skip
