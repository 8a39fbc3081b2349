"""Which homes without the intervention are like those with it, and how much does each count?

`comparable` takes a panel and a design and gives the design of the matched or weighted comparison; the model that is
fitted to it is the same as ever.
"""

from analysis.matching.balance import balance, effective_size
from analysis.matching.comparable import comparable
from analysis.matching.unmeasured import e_value, sensitivity

__all__ = ["balance", "comparable", "e_value", "effective_size", "sensitivity"]
