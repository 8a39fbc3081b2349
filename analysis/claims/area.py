"""What is "delayed days fell by 55% in our council" worth?

Nothing is shrunk here: no controlled evaluation says what such figures do. The figure is set beside the periods before
(was the baseline a spike?), after (did it last?), and beside the country over the same periods,

    (after / before here) / (after / before elsewhere),

whose interval is that of one council's year-to-year changes when nothing is done.
"""

import numpy as np
import pandas as pd

from analysis.claims.anyway import LocalKnowledge
from analysis.claims.appraisal import Appraisal, Number, as_change, number
from analysis.claims.claim import AreaChange, Window
from analysis.claims.shrinkage import Bounded
from analysis.sources.evidence import trends

A_YEAR = 0.25
"""Standard deviation of a council's log change from one year to the next, of delayed days in 149
councils (computed from NHS England's files, 2013/14 to 2018/19); taken for other counts too, for want of their own."""
SPIKE = 1.25
"""Times the years before, from which a baseline is called a spike: more than one such standard deviation."""
OWN = "Worked out from the figures in the claim"
NOISE = "One council's changes from year to year (delayed days, 149 councils)"


def appraise_area(claim: AreaChange, known: LocalKnowledge) -> Appraisal:
    """Appraise a change in one area's count or rate."""
    own, periods = _own(claim), _periods(claim)
    numbers: dict[str, Number] = {}
    if claim.percent_fewer is not None and claim.value_before is not None:
        numbers["printed"] = number("As printed", -claim.percent_fewer / 100, "change", "Claim")
    if own is not None:
        numbers["claimed"] = number("The claim by itself", as_change(own), "change", _by(claim))
    numbers |= _spike(claim) | _elsewhere(claim, periods)
    relative = periods.loc[periods["relative"].notna() & periods["after"]] if len(periods) else periods
    left = _left(own, relative, claim)
    if left is not None:
        numbers["appraised"] = number(_called(relative), as_change(left), "change", NOISE)
    return Appraisal(claim=claim, numbers=numbers, unit="change", headline=None if own is None else as_change(own),
                     appraised=None if left is None else as_change(left), periods=periods)  # fmt: skip


def _own(claim: AreaChange) -> Bounded | None:
    """Give the claimed ratio with the interval that chance alone gives, where there are counts."""
    if claim.value_before is None or claim.value_after is None:
        if claim.percent_fewer is None:
            return None
        return Bounded(value=1 - claim.percent_fewer / 100, low=np.nan, high=np.nan)
    ratio = claim.value_after / claim.value_before
    people = _people(claim)
    if people is None or not (claim.value_after and claim.value_before):
        return Bounded(value=ratio, low=np.nan, high=np.nan)
    (low0, high0), (low1, high1) = (byar(value * people) for value in (claim.value_before, claim.value_after))
    # each side's own distance from the ratio, joined (Zou and Donner 2008)
    logs = np.log([low0 / (claim.value_before * people), high0 / (claim.value_before * people),
                   low1 / (claim.value_after * people), high1 / (claim.value_after * people)])  # fmt: skip
    down, up = np.hypot(logs[2], logs[1]), np.hypot(logs[3], logs[0])
    return Bounded(value=ratio, low=float(ratio * np.exp(-down)), high=float(ratio * np.exp(up)))


def _people(claim: AreaChange) -> float | None:
    """People behind one unit of the figure, of a rate; None for counts of days, which are not people."""
    return claim.population / claim.per if claim.population and claim.per else None


def _by(claim: AreaChange) -> str:
    if claim.value_before is None or claim.value_after is None:
        return "Claim, as printed"
    return f"{OWN}, Byar" if _people(claim) else f"{OWN}; no interval by chance: days are not people"


def byar(count: float) -> tuple[float, float]:
    """Byar's 95% limits of a Poisson count."""
    low = count * (1 - 1 / (9 * count) - 1.96 / (3 * np.sqrt(count))) ** 3 if count else 0.0
    more = count + 1
    return float(low), float(more * (1 - 1 / (9 * more) + 1.96 / (3 * np.sqrt(more))) ** 3)


def _spike(claim: AreaChange) -> dict[str, Number]:
    if not claim.earlier or claim.value_before is None:
        return {}
    usual = float(np.mean(claim.earlier))
    found = {"spike": number("The baseline over the mean of the periods before it", claim.value_before / usual, "times",
                             OWN)} if usual else {}  # fmt: skip
    if claim.earlier[-1] and claim.value_after is not None:
        change = claim.value_after / claim.earlier[-1] - 1
        found["from_earlier"] = number("Change from the period before the baseline", change, "change", OWN)
    return found


def _periods(claim: AreaChange) -> pd.DataFrame:
    """Lay every period beside elsewhere.

    Returns
    -------
    DataFrame
        period (0: the baseline), here, elsewhere, change and change_elsewhere (from the baseline), relative, its
        low and high, after.
    """
    if claim.value_before is None or claim.value_after is None:
        return pd.DataFrame()
    here = np.array([*claim.earlier, claim.value_before, claim.value_after, *claim.later])
    at = np.arange(len(here)) - len(claim.earlier)
    other = np.array(claim.elsewhere) if claim.elsewhere else np.full(len(here), np.nan)
    change, elsewhere = here / claim.value_before, other / other[len(claim.earlier)]
    relative = np.where(at == 0, np.nan, change / elsewhere)
    reach = np.exp(1.96 * A_YEAR * np.sqrt(np.minimum(np.abs(at), 2)))  # beyond two years a level is held to its usual
    return pd.DataFrame(
        {"period": at, "here": here, "elsewhere": other, "change": change - 1, "change_elsewhere": elsewhere - 1,
         "relative": relative - 1, "relative_low": relative / reach - 1, "relative_high": relative * reach - 1,
         "after": at > 0}
    )  # fmt: skip


def _elsewhere(claim: AreaChange, periods: pd.DataFrame) -> dict[str, Number]:
    if len(periods) and claim.elsewhere:
        after = periods.loc[periods["period"] == 1].iloc[0]
        return {
            "elsewhere": number("Change elsewhere over the same time", after["change_elsewhere"], "change", OWN),
            "relative": number("Change beside elsewhere, in the first period after", _beside(after), "change", NOISE),
        }  # fmt: skip
    found = _published(claim.measure, claim.before, claim.after)
    if found is None:
        return {}
    change, source = found
    return {"elsewhere": number("Change in England over the same time", change, "change", source)}


def _published(measure: str, before: Window, after: Window) -> tuple[float, str] | None:
    """Look the country's change up, of a measure that is published by year."""
    rows = trends().loc[lambda t: (t["measure"] == measure) & t["unit"].str.contains("England")]
    found = [_overlapping(rows, window) for window in (before, after)]
    if found[0] is None or found[1] is None or found[0]["period"] == found[1]["period"]:
        return None
    return found[1]["value"] / found[0][
        "value"
    ] - 1, f"{found[0]['source']}, {found[0]['period']} and {found[1]['period']}"


def _overlapping(rows: pd.DataFrame, window: Window) -> dict | None:
    first, last = window.first or window.last, window.last or window.first
    if first is None or last is None:
        return None
    inside = rows.loc[(rows["first"] <= last) & (rows["last"] >= first)]
    return None if inside.empty else inside.iloc[-1].to_dict()


def _beside(row: pd.Series) -> Bounded:
    return Bounded(value=float(row["relative"]), low=float(row["relative_low"]), high=float(row["relative_high"]))


def _left(own: Bounded | None, relative: pd.DataFrame, claim: AreaChange) -> Bounded | None:
    """Say what is left: beside elsewhere, in the last period that is known."""
    if len(relative):
        last = relative.iloc[-1]
        return Bounded(value=last["relative"] + 1, low=last["relative_low"] + 1, high=last["relative_high"] + 1)
    elsewhere = _elsewhere(claim, pd.DataFrame()).get("elsewhere")
    if own is None or elsewhere is None:
        return None
    ratio, reach = own.value / (elsewhere.value + 1), np.exp(1.96 * A_YEAR)
    return Bounded(value=ratio, low=ratio / reach, high=ratio * reach)


def _called(relative: pd.DataFrame) -> str:
    if len(relative) <= 1:
        return "What is left beside elsewhere"
    return f"What is left beside elsewhere, {int(relative['period'].iloc[-1])} periods after the baseline"
