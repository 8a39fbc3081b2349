"""What is a claim worth, in sentences that can be read aloud: what is established, what is not, what to ask for."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analysis.claims import Appraisal, AreaChange, FewerAdmissions, ScaledTotal, ShareImproved
from analysis.claims.appraisal import Number
from analysis.claims.area import SPIKE
from analysis.claims.shrinkage import Bounded
from analysis.words.phrases import change, change_range
from analysis.words.planning import times_in_100

MOST_ASKED = 3
"""Questions in the sentence; the list below it has them all."""
CANNOT_TELL = (
    "Whether what was done works: only a comparison can say that. This says how much of it would be there anyway.",
    "What the sentence leaves out. What had to be assumed is listed; another assumption gives another answer.",
    "Whether the evidence is of the same thing: support in another place, by other people, may do more or less.",
)


def said(value: float, unit: str) -> str:
    """Write a number in its unit: "29% fewer", "63%", "55 times in 100", "2.1 times"."""
    if not np.isfinite(value):
        return "not known"
    written: Mapping[str, Callable[[float], str]] = {
        "change": lambda v: change(1 + v), "share": lambda v: f"{v:.0%}", "chance": times_in_100,
        "points": lambda v: f"{abs(100 * v):.0f} {'fewer' if v < 0 else 'more'} of 100",
        "times": lambda v: f"{v:,.1f} times",
        "rate": lambda v: f"{v:.2f}",
    }  # fmt: skip
    return written.get(unit, lambda v: f"{v:,.0f}")(value)


def span(low: float, high: float, unit: str) -> str:
    """Write an interval in its unit; empty where there is none."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return ""
    if unit == "change":
        return change_range(1 + low, 1 + high)
    if unit == "count" and low < 0:
        return f"from {-low:,.0f} more to {high:,.0f} fewer"
    return f"{said(low, unit)} to {said(high, unit)}"


def estimate(found: Bounded | Number, unit: str) -> str:
    """Write a number with its interval, where it has one."""
    inside = span(found.low, found.high, unit)
    return f"{said(found.value, unit)} ({inside})" if inside else said(found.value, unit)


def headline(found: Appraisal) -> str:
    """Say the claim, and what is left of it."""
    claimed = _claimed(found)
    if not claimed:
        return "There is no number to weigh yet: what to ask for is below."
    if found.appraised is None:
        return f"Claimed: {claimed}. How much of it is left cannot be said: what is not known is listed below."
    left = estimate(found.appraised, found.unit)
    if isinstance(found.claim, AreaChange):
        return f"Claimed: {claimed}. Beside elsewhere: {left}. Whose doing that is, the figures cannot say."
    if isinstance(found.claim, ShareImproved):
        return (
            f"Claimed: {claimed} improved. Without it {said(found.numbers['base'].value, 'share')} do; with it {left}."
        )
    return f"Claimed: {claimed}. What is left of it: {left}."


def _claimed(found: Appraisal) -> str:
    """Say what is claimed, as it was printed where that is known; empty where no number is."""
    claim = found.claim
    if isinstance(claim, ShareImproved):
        printed = f"{claim.wording} {claim.percent:g}%".strip() if claim.percent is not None else ""
        return printed or (f"{claim.better:,} of {claim.inspected:,}" if found.headline is not None else "")
    if isinstance(claim, ScaledTotal):
        return f"{claim.total:,.0f} fewer in all" if claim.total is not None else ""
    if claim.percent_fewer is not None:
        return said(-claim.percent_fewer / 100, "change")
    return "" if found.headline is None else said(found.headline.value, "change")


def established(found: Appraisal) -> str:
    """Say what is established."""
    return f"Established: {_ESTABLISHED[type(found.claim)](found)}"


def not_established(found: Appraisal) -> str:
    """Say what is not established."""
    return f"Not established: {_NOT[type(found.claim)](found)}"


def ask_for(found: Appraisal) -> str:
    """Say what to ask for."""
    asked = [one.ask for one in found.lacking][:MOST_ASKED]
    more = len(found.lacking) - len(asked)
    rest = f" {more} more {'is' if more == 1 else 'are'} listed below." if more > 0 else ""
    settled = [f"{_settled(one)}." for key, one in found.numbers.items() if key in ("needed_more", "needed")][-1:]
    if not asked:
        return " ".join(["Ask for: nothing is left out.", *settled])
    return " ".join([f"Ask for: {' '.join(asked)}{rest}", *settled])


def _settled(needed: Number) -> str:
    return f"To settle it: {needed.what[:1].lower()}{needed.what[1:]}, {needed.value:,.0f}"


def maryland(found: Appraisal) -> str:
    """Say the level of evidence."""
    level, why = found.maryland
    return f"Level {level} of 5 on the Maryland scale of evidence: {why}."


def _share(found: Appraisal) -> str:
    if found.counts.empty:
        return "nothing, for no count is told."
    counts = [f"{row['better']:.0f} of {row['of']:.0f}" for row in found.counts.to_dict("records")]
    shown = (
        " or ".join(counts) if len(counts) <= MOST_ASKED else f"{counts[0]}, {counts[1]} or {len(counts) - 2} others"
    )
    low, high = found.counts["exact_low"].min(), found.counts["exact_high"].max()
    return f"{shown} improved; chance alone leaves anything from {low:.0%} to {high:.0%} of such services."


def _not_share(found: Appraisal) -> str:
    base = found.numbers["base"]
    if "anyway" not in found.numbers:
        return f"anything about the programme: {base.value:.0%} improve anyway ({base.source})."
    return (
        f"that the programme did it. {base.value:.0%} improve anyway, so as many or more come without any effect "
        f"{times_in_100(found.numbers['anyway'].value)}; left for the programme: "
        f"{estimate(found.numbers['points'], 'points')}."
    )


def _fewer(found: Appraisal) -> str:
    if found.headline is None:
        return "nothing, for no number is told."
    start = "if what had to be assumed is so, " if found.assumed else ""
    if found.headline.high < 0:
        fewer = estimate(found.headline, "change")
        return f"{start}there were fewer after than before, by more than chance alone: {fewer}."
    return f"{start}not even a fall: chance alone gives {span(found.headline.low, found.headline.high, 'change')}."


def _not_fewer(found: Appraisal) -> str:
    if found.appraised is None:
        return "that anything changed."
    by_itself = found.numbers["regression"].value
    back = f"By itself a home with so many would have had {said(by_itself, 'change')}. " if by_itself < -0.005 else ""
    none = "a range that holds no effect" if found.appraised.high >= 0 else "which need not be the programme's"
    return (
        f"that this is what it did. {back}So few come without any effect "
        f"{times_in_100(found.numbers['anyway'].value)}; with the trend and other evidence, "
        f"{estimate(found.appraised, 'change')} is left, {none}."
    )


def _area(found: Appraisal) -> str:
    if found.headline is None:
        return "nothing, for no number is told."
    if "value_before" in [one.place for one in found.lacking]:
        return "nothing but the sentence itself: no figure is told."
    if "relative" not in found.numbers:
        return f"the figure changed: {said(found.headline.value, 'change')}."
    elsewhere, beside = (found.numbers[key] for key in ("elsewhere", "relative"))
    return (
        f"the figure changed, {said(found.headline.value, 'change')} ({said(elsewhere.value, 'change')} elsewhere): "
        f"beside elsewhere {estimate(beside, 'change')}."
    )


def _not_area(found: Appraisal) -> str:
    parts = ["that what was done is the reason"]
    if "spike" in found.numbers and found.numbers["spike"].value >= SPIKE:
        spike = found.numbers["spike"].value
        since = said(found.numbers["from_earlier"].value, "change") if "from_earlier" in found.numbers else ""
        against = f", against the last of which it is {since}" if since else ""
        parts.append(f"the baseline was {spike:.1f} times the years before{against}")
    after = found.periods.loc[found.periods["period"] > 1] if len(found.periods) else found.periods
    if len(after):
        last = after.iloc[-1]
        parts.append(
            f"in the last period told it stood {said(last['change'], 'change')} than the baseline, elsewhere "
            f"{said(last['change_elsewhere'], 'change')}"
        )
    elif "elsewhere" in found.numbers:
        parts.append(
            f"elsewhere it was {said(found.numbers['elsewhere'].value, 'change')}, and whether it lasted is open"
        )
    else:
        parts.append("nothing stands beside it, and whether it lasted is open")
    return "; ".join(parts) + "."


def _total(found: Appraisal) -> str:
    if "seen" not in found.numbers:
        return "nothing, for what was counted is not told."
    if "not_seen" not in found.numbers:
        return f"{found.numbers['seen'].value:,.0f} fewer were counted."
    seen, rest = found.numbers["seen"].value, found.numbers["not_seen"].value
    return f"{seen:,.0f} fewer were counted than before; {rest:.0%} of the total was not counted anywhere."


def _not_total(found: Appraisal) -> str:
    if found.appraised is None:
        return "the total: what it was multiplied from is not told."
    total, times = found.numbers["total_left"], found.numbers.get("times")
    scaled = f"It takes {times.value:.1f} times as many homes to do as well. " if times else ""
    return (
        f"the total. {scaled}With the trend and other evidence, {estimate(found.appraised, 'change')} is left, or "
        f"{total.value:,.0f} fewer ({span(total.low, total.high, 'count')})."
    )


_ESTABLISHED = {ShareImproved: _share, FewerAdmissions: _fewer, AreaChange: _area, ScaledTotal: _total}
_NOT = {ShareImproved: _not_share, FewerAdmissions: _not_fewer, AreaChange: _not_area, ScaledTotal: _not_total}


def pooled(row: Mapping) -> str:
    """Say what a pool of studies comes to."""
    ahead = (
        f"the next scheme {change_range(row['predict_low'], row['predict_high'])}"
        if np.isfinite(row["predict_low"])
        else f"what the next scheme does cannot be told from {row['studies']}"
    )
    return (
        f"{row['outcome'][:1].upper()}{row['outcome'][1:]}: {change(row['estimate'])} over {row['studies']} schemes of "
        f"{row['kind']} ({change_range(row['conf_low'], row['conf_high'])} if schemes may differ; "
        f"{change_range(row['common_low'], row['common_high'])} if not); {ahead}."
    )


def years(rows: pd.DataFrame, loaded: str) -> str:
    """Say which years base rates are known of, and where the gap is."""
    homes = rows.loc[rows["whose"].str.startswith("Care homes")]
    told = rows.loc[rows["source"] == "The files loaded"]
    printed = (
        f"Counted from published ratings: care homes, of one region only, to {homes['year'].max()}; other services to "
        f"{rows.loc[rows['source'] != 'The files loaded', 'year'].max()}. What CQC printed of care homes ends in 2017."
    )
    if told.empty:
        return f"{printed} For care homes since then load CQC's ratings on the Data page."
    return f"{printed} The files loaded ({loaded}) go on from {told['year'].min()} to {told['year'].max()}."
