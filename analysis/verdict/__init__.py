"""What does an answer come to, with everything that was doubted about it?

`verdict` takes an evaluation; `decide` takes what it comes to in numbers, by rules in order (`analysis.verdict.rules`).
"""

from analysis.verdict.rules import RULES, Evidence, Verdict, decide
from analysis.verdict.weighed import verdict

__all__ = ["RULES", "Evidence", "Verdict", "decide", "verdict"]
