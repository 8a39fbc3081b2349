"""What is a published share worth, when the homes behind it are not known?

"Nearly 63% improved" says neither of how many nor what would have happened anyway. `denominators` lists the counts that
print so; `beside_base_rate` sets each beside how often homes were rated better without the programme: k of n others, as
uncertain as n makes them (`analysis.inference.expected_counts`), or a rate taken as known.
"""

import numpy as np
import pandas as pd

from analysis.inference.expected_counts import chance_of_more, compared, off_the_edge, posterior
from analysis.inference.usual import wilson
from analysis.ratings.base_rates import CONF_LEVEL


def denominators(least: float, below: float, most: int) -> pd.DataFrame:
    """List every count that gives a share in [least, below), of at most so many homes: better, of.

    Parameters
    ----------
    least, below : float
        Shares: "nearly 63%" is from 0.62, or 0.625, to below 0.63.
    most : int
        The largest number there can have been.
    """
    every = [(better, of) for of in range(1, most + 1) for better in range(of + 1) if least <= better / of < below]
    return pd.DataFrame(every, columns=["better", "of"])


def beside_base_rate(claims: pd.DataFrame, k: int, n: int) -> pd.DataFrame:
    """Set claimed counts beside a base rate.

    Parameters
    ----------
    claims : DataFrame
        better, of.
    k, n : int
        How many of how many other homes were rated better.

    Returns
    -------
    DataFrame
        better, of, share with Wilson's interval (wilson_low, wilson_high) and Clopper and Pearson's (exact_low,
        exact_high); expected; estimate (observed over expected) with conf_low and conf_high; anyway (chance of at least
        so many without any effect, the rate taken as known) and anyway_mid_p (half of the count itself, the rate as
        uncertain as it is).
    """
    return pd.DataFrame([_row(line["better"], line["of"], k, n) for line in claims.to_dict("records")])


def _row(better: int, of: int, k: int, n: int) -> dict[str, float]:
    from scipy.stats import binom, binomtest  # noqa: PLC0415 - a second to import

    m, others, improved = np.array([of]), np.array([n]), np.array([k])
    low, high = map(float, wilson(better, of))
    exact = binomtest(better, of).proportion_ci(CONF_LEVEL, method="exact")
    found = compared(m, better, improved, others)
    return {
        "better": better, "of": of, "share": better / of, "wilson_low": low, "wilson_high": high,
        "exact_low": exact.low, "exact_high": exact.high, "expected": found.expected,
        "estimate": better / found.expected, "conf_low": found.low / found.expected,
        "conf_high": found.high / found.expected,
        "anyway": float(binom.sf(better - 1, of, off_the_edge(improved, others)[0, 0])),
        "anyway_mid_p": chance_of_more(m, better, posterior(improved, others)),
    }  # fmt: skip
