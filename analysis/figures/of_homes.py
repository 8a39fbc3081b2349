"""What is shown of homes whose plan is one of several kinds: one home, a worklist, an early warning, feedback."""
# ruff: noqa: PLC0415 - each kind imports what it alone needs

from collections.abc import Iterator, Mapping

from analysis.figures import home
from analysis.figures.figure import Figure, Source
from analysis.plans.homes import HomePlan, KnownHomes, look_at
from analysis.plans.month_by_month import known_of
from analysis.plans.networks import NetworksPlan
from analysis.plans.visits import FeedbackPlan, visits_of
from analysis.plans.warnings import WarningPlan
from analysis.plans.worklists import WorklistPlan, rule_in_words, worklist

Plan = HomePlan | WorklistPlan | WarningPlan | NetworksPlan | FeedbackPlan


def figures(plan: Plan, homes: KnownHomes, source: Source) -> Iterator[Figure]:
    """Carry a plan out, and yield everything that is shown."""
    if isinstance(plan, HomePlan):
        return home.figures(look_at(plan, homes), source)
    if isinstance(plan, WarningPlan):
        from analysis.figures import warning
        from analysis.plans.warnings import warn

        return warning.figures(warn(plan, known_of(homes), homes), source)
    if isinstance(plan, NetworksPlan):
        from analysis.figures import networks
        from analysis.plans.networks import lead

        return networks.figures(lead(plan, homes), source)
    if isinstance(plan, FeedbackPlan):
        from analysis.figures import feedback

        return feedback.figures(visits_of(plan))
    from analysis.figures import worklist as listed

    return listed.figures(worklist(plan, known_of(homes), homes), source)


def texts(plan: Plan) -> Mapping[str, str]:
    """Give what is written beside the figures: of a worklist its rule, to be published."""
    return {"entry_rule.txt": "\n\n".join(rule_in_words(plan)) + "\n"} if isinstance(plan, WorklistPlan) else {}
