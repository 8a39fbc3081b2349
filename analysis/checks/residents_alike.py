"""Are matched residents alike in what was known of them when they came?

Under a tenth of a standard deviation is called alike, the limit of the published evaluations. What is left is in the
model too, so that it moves the answer less than it seems.
"""

from analysis.matching.balance import BALANCED
from analysis.outcomes import Residents
from analysis.residents import ResidentCohort, ResidentRecords
from analysis.results import NOT_SHOWN, Check, Fitted

NAME = "Were the residents alike when they came?"
OUTCOMES = (Residents,)
MOST_NAMED = 4


def residents_alike(fitted: Fitted[ResidentRecords, ResidentCohort]) -> Check:
    """Say which traits are still apart after matching."""
    table = fitted.effects.diagnostic("balance")
    if table.empty and (why := fitted.effects.summary.get(NOT_SHOWN)):
        return Check.cannot_say(NAME, table.columns, f"It is not told: {why}.")
    if table.empty:
        return Check.cannot_say(NAME, table.columns, "Nothing is known of residents that could differ.")
    far = table.loc[table["after"].abs() >= BALANCED].sort_values("after", key=abs, ascending=False)
    before, after = (float(table[name].abs().max()) for name in ("before", "after"))
    told = f"What was known differs by at most {before:.2f} standard deviations before matching and {after:.2f} after"
    number = f"{after:.2f} standard deviations"
    if far.empty:
        return Check(
            name=NAME, passed=True, table=table, number=number, reading=f"{told}, under the usual limit of 0.10."
        )
    named = ", ".join(far["covariate"].head(MOST_NAMED))
    reading = (
        f"{told}: {named} {'is' if len(far) == 1 else 'are'} a tenth of a standard deviation or more apart. The model "
        "adjusts for it; what goes with it and is not known, it cannot."
    )
    return Check(name=NAME, passed=False, table=table, reading=reading, number=number)
