"""What is "63% of services improved" worth?"""

import numpy as np
import pandas as pd
from scipy.stats import binom, binomtest

from analysis.claims.anyway import LocalKnowledge, base_of, bases
from analysis.claims.appraisal import Appraisal, Number, number
from analysis.claims.claim import ShareImproved, printed
from analysis.claims.shrinkage import Base, Bounded, of_shares
from analysis.planning.ratings import services_needed
from analysis.ratings.base_rates import CONF_LEVEL, wilson
from analysis.ratings.claim import denominators

MOST_ASSUMED = 60
"""Services a share is taken to be of at most where nothing is said: of more, nearly every share is possible."""
MORE = 0.15
"""More than the base rate that a programme would have to bring to be worth a study: such as from 57% to 72%."""
WORKED_OUT = "Worked out from the counts"


def appraise_share(claim: ShareImproved, known: LocalKnowledge) -> Appraisal:
    """Appraise a share of services rated better."""
    listed, assumed = bases(claim, known), _assumed(claim)
    possible, base = possible_counts(claim), base_of(listed.iloc[0].to_dict())
    if possible.empty:
        numbers = {"base": _base_number(base)} | _no_count(claim)
        return Appraisal(claim=claim, numbers=numbers, unit="share", bases=listed, assumed=assumed)
    counts = _beside(possible, base)
    likely = {(int(k), int(n)): 1 / len(counts) for k, n in counts[["better", "of"]].itertuples(index=False)}
    found = of_shares(likely, base)
    first = counts.iloc[0]
    own = Bounded(value=float(first["share"]), low=float(first["exact_low"]), high=float(first["exact_high"]))
    numbers = {
        "claimed": number(f"The share by itself, if {_of(first)}", own, "share", WORKED_OUT + ", Clopper and Pearson"),
        "base": _base_number(base),
        **_anyway(counts, base),
        "appraised": number("The share that improves with it, once chance and the base rate are heard", found["share"],
                            "share", "Posterior (analysis.claims.shrinkage)"),
        "points": number("More of a hundred than would have improved anyway", found["points"], "points",
                         "Posterior (analysis.claims.shrinkage)"),
        **_settled(own.value, base),
    }  # fmt: skip
    return Appraisal(claim=claim, numbers=numbers, unit="share", headline=own, appraised=found["share"], counts=counts,
                     bases=_with_chances(listed, counts), assumed=assumed)  # fmt: skip


def possible_counts(claim: ShareImproved) -> pd.DataFrame:
    """List the counts that a claim can stand for: better, of."""
    if claim.better is not None and claim.inspected is not None:
        return pd.DataFrame([(claim.better, claim.inspected)], columns=["better", "of"])
    if claim.percent is None and claim.better is None:
        return pd.DataFrame(columns=["better", "of"])
    least, below = (0.0, 1.01) if claim.percent is None else printed(claim.percent, claim.wording)
    rows = denominators(least, below, claim.inspected or claim.at_most or MOST_ASSUMED)
    for name, known in (("better", claim.better), ("of", claim.inspected)):
        rows = rows if known is None else rows.loc[rows[name] == known]
    return rows.reset_index(drop=True)


def _of(row: pd.Series) -> str:
    return f"{row['better']:,.0f} of {row['of']:,.0f}"


def _beside(possible: pd.DataFrame, base: Base) -> pd.DataFrame:
    """Set each possible count beside the base rate: share, intervals, chance of as many anyway, points appraised."""
    rows = []
    for better, of in possible.itertuples(index=False):
        exact, low_high = binomtest(better, of).proportion_ci(CONF_LEVEL, method="exact"), wilson(better, of)
        points = of_shares((better, of), base)["points"]
        rows.append(
            {"better": better, "of": of, "share": better / of,
             "exact_low": float(exact.low), "exact_high": float(exact.high),
             "wilson_low": float(low_high[0]), "wilson_high": float(low_high[1]), "expected": of * base.share,
             "anyway": float(binom.sf(better - 1, of, base.share)), "points": points.value, "points_low": points.low,
             "points_high": points.high}
        )  # fmt: skip
    return pd.DataFrame(rows)


def _base_number(base: Base) -> Number:
    return number(f"Improve anyway: {base.whose}", base.share, "share", base.source)


def _anyway(counts: pd.DataFrame, base: Base) -> dict[str, Number]:
    least, most = counts["anyway"].min(), counts["anyway"].max()
    found = Bounded(value=float(counts["anyway"].iloc[0]), low=float(least), high=float(most))
    what = f"Chance of at least as many without any effect, if {_of(counts.iloc[0])} (and over all possible counts)"
    return {"anyway": number(what, found, "chance", f"Binomial, by {base.whose}")}


def _settled(share: float, base: Base) -> dict[str, Number]:
    found = {}
    for key, better in (("needed", share), ("needed_more", base.share + MORE)):
        if base.share < better < 1:
            needed = float(np.ceil(services_needed(base.share, better)))
            becoming = f"{base.share:.0%} becoming {better:.0%}"
            what = f"Services in each of two groups that would show {becoming} four times in five"
            found[key] = number(what, needed, "count", "Fleiss, Levin and Paik (analysis.planning.ratings)")
    return found


def _with_chances(listed: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Give the chance of as many without effect by every base rate, for the smallest and the largest possible count."""
    first, last = (counts.iloc[at][["better", "of"]].astype(int) for at in (0, -1))
    chances = {
        name: [float(binom.sf(row["better"] - 1, row["of"], share)) for share in listed["share"]]
        for name, row in (("fewest", first), ("most", last))
    }
    return listed.assign(**chances)


def _no_count(claim: ShareImproved) -> dict[str, Number]:
    if claim.percent is None:
        return {}
    return {
        "claimed": number("The share as printed: no possible count gives it", claim.percent / 100, "share", "Claim")
    }


def _assumed(claim: ShareImproved) -> tuple[str, ...]:
    said = []
    if claim.inspected is None and claim.at_most is None:
        said.append(f"At most {MOST_ASSUMED} services were inspected again.")
    if not claim.from_rating:
        said.append("They were rated below Good before.")
    return tuple(said)
