"""Pictures of answers: frames in, Altair charts out.

Every chart carries a description made from its numbers, for those who hear it. Counts of people arrive protected
(`analysis.disclosure`): nothing a chart holds, tooltips included, is more exact than what may be shown.
"""

from analysis.charts import scenarios
from analysis.charts.answer import point_on_a_scale
from analysis.charts.coverage import coverage
from analysis.charts.effects import event_study, forest, observed
from analysis.charts.programmes import better_since, by_year, over_expected, question_shares
from analysis.charts.theme import register
from analysis.charts.transitions import shares, transitions

register()

__all__ = [
    "better_since", "by_year", "coverage", "event_study", "forest", "observed", "over_expected",
    "point_on_a_scale", "question_shares", "scenarios", "shares", "transitions",
]  # fmt: skip
