"""What does an answer come to, with everything that was doubted about it?

`evidence` takes from an answer and its doubts what the rules look at; `decide` applies them in order.
"""

from analysis.verdict.rules import RULES, WORTHWHILE, Evidence, Verdict, decide
from analysis.verdict.weighed import GRAVE, evidence

__all__ = ["GRAVE", "RULES", "WORTHWHILE", "Evidence", "Verdict", "decide", "evidence"]
