"""Did supported homes do better than homes like them would have done anyway, said so that it can be repeated?"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.plural import counted
from analysis.ratings.placebos import Placebos
from analysis.results import NUMBER_NEEDED, OBSERVED_EXPECTED, Effects, limit
from analysis.words.phrases import homes, row


def programme(effects: Effects, intervention: str, key_question: str = "Overall") -> str:
    """Give the answer: how many were rated better, how many would have been anyway, and the range.

    Parameters
    ----------
    effects : Effects
        Of `ObservedExpected`.
    intervention : str
        Such as "the manager training".
    key_question : str
        "Overall" or one of the five.
    """
    ratio = row(effects.tidy(), OBSERVED_EXPECTED)
    n, seen, expected = (effects.summary[name] for name in ("n_treated", "events", "exposure"))
    seen, expected = int(seen), float(expected)  # type: ignore[call-overload]
    n, left_out = int(n), int(effects.summary.get("dropped", 0))  # type: ignore[call-overload]
    on = "" if key_question == "Overall" else f" on {key_question}"
    were = "was" if seen == 1 else "were"
    again = (
        f"Of {homes(n + left_out)} with {intervention}, {n:,} {'was' if n == 1 else 'were'} inspected again and can be "
        "compared. Of these,"
        if left_out else f"Of {homes(n)} with {intervention} inspected again,"
    )  # fmt: skip
    first = (
        f"{again} {seen:,} {were} rated better{on} ({seen / n:.0%}); {expected:.1f} ({expected / n:.0%}) would have "
        f"been anyway, going by {matched(effects.diagnostics.get('strata'))}."
    )
    if not np.isfinite(ratio["estimate"]):
        return f"{first} So few were expected that there is no ratio."
    beside = (caveat.words for caveat in effects.caveats)
    return " ".join([first, _verdict(ratio, intervention), _who(effects), *beside])


def matched(strata: pd.DataFrame | None) -> str:
    """Say what supported homes and the homes they are compared with have in common, everywhere."""
    told = "other homes at the same rating"
    if strata is None or not len(strata):
        return told
    alike = {name for name in ("since", "before", "home_type", "year", "follow_up") if (strata[name] != "any").all()}
    told += " on the day the support began" if "since" in alike else " on one of the days support began"
    return ", alike in ".join([told, *_listed([said for name, said in FURTHER.items() if name in alike])])


FURTHER = {
    "before": "whether they had just fallen to it",
    "home_type": "kind of home",
    "year": "the year of the next inspection",
    "follow_up": "the time to the next inspection",
}


def _listed(names: Sequence[str]) -> list[str]:
    """Give names as one list, "one, another and a third"; none where there are none."""
    return [" and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))] if names else []


def _verdict(ratio: Mapping, intervention: str) -> str:
    span = f"{limit(ratio['conf_low'])} to {limit(ratio['conf_high'])} times (95% interval)"
    if ratio["conf_low"] <= 1 <= ratio["conf_high"]:
        return (
            f"That is {ratio['estimate']:.2f} times as many as expected; anything from {span} fits the data, so they "
            f"cannot tell whether {intervention} changed ratings."
        )
    more = "more" if ratio["conf_low"] > 1 else "fewer"
    return f"That is {ratio['estimate']:.2f} times as many as expected, {span}: {more} than among homes like them."


def _who(effects: Effects) -> str:
    n, others = (int(effects.summary[name]) for name in ("n_treated", "n_comparison"))  # type: ignore[call-overload]
    compared = counted(n, "supported home")
    return f"{compared} compared; what was expected is as certain as {others:,} other homes make it."


def needed(effects: Effects) -> str:
    """Tell how many homes must be supported for one more to be rated better."""
    found = row(effects.tidy(), NUMBER_NEEDED)
    if not np.isfinite(found["estimate"]):
        return "The data do not show that more homes were rated better, so no number of supported homes gives one more."
    told = f"For one more home to be rated better, about {found['estimate']:.0f} had to be supported"
    return f"{told} (95% interval: {max(found['conf_low'], 1):.0f} to {found['conf_high']:.0f})."


def after_years(curves: pd.DataFrame, counts: Mapping[str, int], years: float = 2.0) -> str:
    """Read the curves at a number of years, or at the last day that both groups reach.

    Parameters
    ----------
    curves : DataFrame
        `Curves.frame` of `analysis.ratings.curves`.
    counts : mapping of str to int
        Homes in each group.
    years : float
    """
    years = min(years, curves["years"].to_numpy().max())
    if not years > 0:
        return (
            f"Too few homes to draw a curve: {homes(counts['supported homes'])} with the support and "
            f"{counts['homes like them']:,} like them could be followed, and it takes three of either."
        )
    parts, left = [], bool((curves["left"] > 0).any())  # where none is known to have left, no file may say who did
    for who, part in curves.groupby("who", sort=False):
        at = part.loc[part["years"] <= years].iloc[-1]
        parts.append(
            f"{at['better']:.0%} of {who} had been rated better ({at['better_low']:.0%} to {at['better_high']:.0%}; "
            f"n = {counts[str(who)]:,})" + (f" and {at['left']:.0%} had left" if left else "")
        )
    when = f"{years:.0f} years" if years == round(years) else _months_on(years)
    return f"{when} on, {'; '.join(parts)}. Bands are 95% intervals."


def _months_on(years: float) -> str:
    months = max(round(12 * years), 1)
    return counted(months, "month")


def questions(shares: pd.DataFrame) -> str:
    """Read the key questions: which moves most and least often, and that five are looked at."""
    if shares["n"].isna().all() or shares.empty:
        return "There are too few inspections to compare key questions."
    least, most = shares.loc[shares["share"].idxmin()], shares.loc[shares["share"].idxmax()]
    return (
        f"From {least['share']:.0%} ({least['question']}, n = {least['n']:,.0f}) to {most['share']:.0%} "
        f"({most['question']}, n = {most['n']:,.0f}) of homes below Good on a question were rated better on it at the "
        "next inspection. Five questions are looked at, so the thin lines hold all five together."
    )


def well_led_first(order: pd.DataFrame, who: str = "homes rated below Good") -> str:
    """Say whether Well-led was rated better before other questions."""
    both = order.iloc[-1]
    decided = both["first"] + both["same"] + both["last"]
    if not decided:
        return f"Among {who}, no home was below Good on Well-led and another question and later rated better on either."
    told = (
        f"Among {who} that were below Good on Well-led and on another question, Well-led was rated better first in "
        f"{both['first'] / decided:.0%} of {decided:,} pairs, at the same inspection in {both['same'] / decided:.0%} "
        f"and last in {both['last'] / decided:.0%} ({homes(int(both['homes']))})."
    )
    if not np.isfinite(both["conf_low"]):
        return f"{told} So few homes give no interval."
    ends = f"{both['conf_low']:+.2f} to {both['conf_high']:+.2f}"
    net = f"Net order {both['net']:+.2f} (95% interval: {ends})".replace("-", "−")
    verdict = (
        "the data do not say which comes first" if both["conf_low"] <= 0 <= both["conf_high"]
        else "Well-led tends to come first" if both["net"] > 0 else "Well-led tends to come last"
    )  # fmt: skip
    return f"{told} {net}: {verdict}."


def sooner(times: pd.DataFrame) -> str:
    """Read how soon the next and the better rating come, for the worse two ratings."""
    told = []
    for line in times.loc[times["until"] == "better"].to_dict("records"):
        if line["from_rating"] in ("Inadequate", "Requires improvement"):
            half = (
                f"half within {line['median_days']:,.0f} days ({_span(line['conf_low'], line['conf_high'])})"
                if np.isfinite(line["median_days"]) else "fewer than half in the time seen"
            )  # fmt: skip
            told.append(f"from {line['from_rating']}, {half}, n = {line['waits']:,}")
    return f"Rated better, however many inspections it took: {'; '.join(told)}." if told else "Too few homes to say."


def _span(low: float, high: float) -> str:
    return f"95% interval: {low:,.0f} to {high:,.0f}" if np.isfinite(high) else f"95% interval: {low:,.0f} or more"


def placebos(found: Placebos, intervention: str) -> str:
    """Tell how often programmes in which nothing is known to have been done came out as far.

    Parameters
    ----------
    found : Placebos
    intervention : str
        Such as "the manager training".
    """
    of = len(found.frame)
    if not of:
        return (
            "No council had, in any quarter, enough homes of the same ratings without an intervention, so there is "
            "no programme without effect to set the answer beside."
        )
    councils = found.frame["area_name"].nunique()
    quarters = "one quarter" if of == 1 else f"{of:,} quarters"
    where = f"{quarters} of {'one council' if councils == 1 else f'{councils:,} councils'}"
    return (
        f"In {where}, as many homes of the same ratings, or at least half as many, were taken by lot, all without an "
        "intervention. "
        f"{_of(found.as_far, of)} came out at least as far from what was expected as {intervention} did, either way. "
        f"{_of(found.more, of)} would have been said to do more than expected, and {_of(found.fewer, of)} less; chance "
        "alone gives 2.5% of either. Quarters share homes, so these are not so many separate trials."
    )


def _of(count: int, of: int) -> str:
    return f"{count:,} ({count / of:.0%})"


CANNOT_TELL = (
    "Whether something else that began in the same homes at the same time (a new manager, a new owner, enforcement) "
    "changed their ratings.",
    "Whether inspectors went sooner, or later, to supported homes because they were supported.",
    "What became of homes that left: they are counted, not rated.",
    "Whether care got better: a rating is an inspector's judgement of one visit.",
)
"""What a comparison of ratings leaves open, whatever the numbers."""
