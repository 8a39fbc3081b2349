"""The models others would have fitted: one effect for all homes and months, with other ideas of chance.

`NegativeBinomialRates`, `MarginalRates` (GEE) and `MixedRates` stand behind the interface of the answer's own model.
They are asked only where a protocol names them, and stand beside the answer as other methods.
"""

from analysis.admissions.regressions.marginal import MarginalRates
from analysis.admissions.regressions.mixed import MixedRates
from analysis.admissions.regressions.negative_binomial import NegativeBinomialRates

__all__ = ["MarginalRates", "MixedRates", "NegativeBinomialRates"]
