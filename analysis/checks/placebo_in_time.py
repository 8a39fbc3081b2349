"""Would the method have found an effect a year before there was anything to find?"""

from analysis.areas.judged import Judged
from analysis.areas.observed import Areas
from analysis.areas.question import Chosen
from analysis.areas.synthetic import SYNTHETIC
from analysis.outcomes import AreaMeasure
from analysis.results import Check, Fitted, interval

NAME = "Is nothing found a year before the start?"
OUTCOMES = (AreaMeasure,)


def placebo_in_time(fitted: Fitted[Areas, Chosen]) -> Check:
    """Ask again as if the start had been a year earlier, on months before the true start only."""
    found: Judged = fitted.judged
    table = found.in_time
    if table.empty:
        why = "too few months lie before the start" if SYNTHETIC in fitted.answers else f"{SYNTHETIC} has no answer"
        return Check(name=NAME, passed=None, table=table, reading=f"This cannot be asked a year early: {why}.")
    row = table.iloc[0]
    passed = bool(row["conf_low"] <= 1 <= row["conf_high"])
    told = f"Asked a year early, when nothing had been done, {SYNTHETIC.lower()} finds a rate ratio of " + interval(
        row["estimate"], row["conf_low"], row["conf_high"]
    )
    end = "which does not stand out" if passed else "which stands out: it does not follow this area well"
    return Check(name=NAME, passed=passed, table=table, reading=f"{told}, {end}.", number=f"{row['estimate']:.2f}")
