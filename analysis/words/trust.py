"""Why should this interval be believed: would other methods agree, and does one home decide?"""

import numpy as np
import pandas as pd

from analysis.results import Effects
from analysis.words.phrases import change_range, homes, listed, p_value

CALLED = {"CR1": "most software", "CR2": "clustering by home"}
"""Methods that are shown unasked, as they are said; the others are called as they were asked for."""


def method(name: str, *, default: bool = False) -> str:
    """Name a method in a picture or a sentence; the table under it has its name in the field."""
    return "this answer" if default else CALLED.get(name, name)


def agreement(compared: pd.DataFrame) -> str:
    """Say whether other methods would have drawn the same conclusion.

    Parameters
    ----------
    compared : DataFrame
        `tables.methods`: method, conf_low, conf_high, default.
    """
    known = compared.dropna(subset=["conf_low", "conf_high"])
    default, others = known[known["default"]], known[~known["default"]]
    if default.empty:
        return (
            "So few homes were treated that the default gives no interval, and none of another method can be trusted."
        )
    if others.empty:
        return "No other method gives an interval here."
    holds = bool(_holds_none(default).iloc[0])
    parted = [*map(method, others.loc[_holds_none(others) != holds, "method"])]
    if parted:
        return _parted(parted, holds=holds)
    return _agreed(len(others), holds=holds)


def _agreed(others: int, *, holds: bool) -> str:
    which, s = ("The other interval", "s") if others == 1 else (f"All {others} other intervals", "")
    does = f"hold{s}" if holds else f"leave{s} out"
    return f"{which} {does} “no difference”, as the default does: on that, the choice of method does not matter."


def _holds_none(rows: pd.DataFrame) -> pd.Series:
    return (rows["conf_low"] <= 1) & (rows["conf_high"] >= 1)


def _parted(methods: list[str], *, holds: bool) -> str:
    s, theirs = ("s", "interval") if len(methods) == 1 else ("", "intervals")
    if holds:
        return (
            f"The default holds “no difference”; the {theirs} by {listed(methods)} leave{s} it out. An interval that "
            "is narrower than the default is not for that reason better."
        )
    return (
        f"The default leaves out “no difference”; the {theirs} by {listed(methods)} hold{s} it. Read the result as "
        "undecided."
    )


HEAVY = 1 / 3
"""A home with more than this share of the answer's uncertainty could turn it by itself."""


def carried(leverage: pd.DataFrame, name: str) -> str:
    """Say how much of the answer the home with the largest share carries.

    Parameters
    ----------
    leverage : DataFrame
        unit, share; the largest first.
    name : str
        What the first home is called.
    """
    shares = leverage["share"].to_numpy(float)
    if heavy(leverage):
        return (
            f"One home, {name}, carries {shares[0]:.0%} of the answer: what happened there by chance may be what is "
            "seen. Look at this home before anything else."
        )
    half = int(np.argmax(np.cumsum(shares) >= 0.5)) + 1
    return (
        f"No single home carries more than {np.ceil(100 * shares[0]):.0f}% of the answer; {homes(half)} "
        f"{'carries' if half == 1 else 'carry'} half of it."
    )


def heavy(leverage: pd.DataFrame) -> bool:
    """Whether one home alone could turn the answer."""
    return bool(leverage["share"].iloc[0] > HEAVY)


def why_this_interval(effects: Effects) -> list[str]:
    """Say which interval was used and why, what it rests on, and what the usual one would have been."""
    account = effects.diagnostic("inference")
    if not len(account) or "method" not in account:
        return []
    used = account.iloc[0]
    told = [f"Used: {used['method']}. {used['why']}"]
    if np.isfinite(used["df"]):
        told.append(
            f"It rests on {used['df']:.1f} degrees of freedom, as many as {used['effective_clusters']:.1f} homes of "
            f"equal weight would give; {p_value(used['p_value'])}."
        )
    if np.isfinite(used["randomisation_p"]):
        told.append(
            f"Had the homes been picked by lot, {_as_often(used['randomisation_p'])} of the draws would have shown as "
            f"much ({p_value(used['randomisation_p'])} by randomisation)."
        )
    usual = change_range(used["usual_low"], used["usual_high"])
    told.append(
        f"The usual interval, as most software prints it, would have been {usual} ({p_value(used['usual_p'])}); "
        "with few treated homes it is too narrow."
    )
    return told


def _as_often(share: float) -> str:
    return "fewer than 1%" if share < 0.01 else f"{share:.0%}"
