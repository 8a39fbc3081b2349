"""What did it do in each home, said: whether homes differ, and why they stand in no order of effect."""

import pandas as pd

from analysis.words.phrases import change_range, homes, p_value

DIFFER = 0.05
"""Homes are said to differ where chance alone scatters as many homes as far once in twenty times or less often."""
CANNOT = (
    "Homes stand in the order of their bed-days since the start, the most first, and not of their effects: so many "
    "estimates put in order show mostly who was lucky.",
    "A home may stand apart for how it was done there, for who lives there, or for what else happened in it: this "
    "cannot tell which, and is no mark for a home.",
)
"""What must be known beside effects by home."""
DRAWN_TOGETHER = (
    "Each estimate is drawn towards that of all homes (dashed), the more so the less is known of it. Lines are 95% "
    "intervals; the widest may run off the chart."
)


def differ(found: pd.DataFrame, shown: pd.DataFrame, fewest: tuple[int, int, float]) -> str:
    """Say whether homes differ in what it did, and how sure one may be which are the best.

    Parameters
    ----------
    found : DataFrame
        The diagnostic "homes_differ".
    shown : DataFrame
        The diagnostic "by_home".
    fewest : tuple
        Homes with it, homes without it, and admissions of a home, below which nothing is told.
    """
    row = found.iloc[0]
    n, of, others = (int(row[name]) for name in ("homes", "of", "others"))
    if n < fewest[0]:
        return (
            f"Nothing is told of single homes: {n} of {homes(of)} had at least {fewest[2]:.0f} admissions before the "
            f"start and as many expected after it, and it takes {fewest[0]} to tell homes' differences from chance."
        )
    if pd.isna(row["p_value"]):
        return (
            f"Nothing is told of single homes: how far homes stray by themselves is learned from homes that never had "
            f"it. That takes at least {fewest[1]} with enough admissions (found: {others})."
        )
    return f"{_said(row, n, others)} {_best(row, shown)}".rstrip()


def _said(row: pd.Series, n: int, others: int) -> str:
    p = p_value(row["p_value"])
    if row["p_value"] > DIFFER:
        return (
            f"Nothing shows that homes differ in what it did: {homes(n)} with it scatter no farther than "
            f"{homes(others)} without it stray by themselves ({p})."
        )
    return (
        f"Homes differ in what it did: {homes(n)} with it scatter farther than {homes(others)} without it stray by "
        f"themselves ({p}). Of homes like these four fifths have {change_range(row['low'], row['high'])} admissions."
    )


def _best(row: pd.Series, shown: pd.DataFrame) -> str:
    """Say how likely the likeliest home is to be among the best."""
    if not len(shown):
        return "No home has enough admissions to be shown by itself."
    fifth, likeliest = int(row["fifth"]), shown["best_fifth"].max()
    among = "the one home" if fifth == 1 else f"among the {homes(fifth)}"
    return f"Of those shown the likeliest to be {among} in which it did most has a chance of {likeliest:.0%} to be so."


def left_out(few: int, beyond: int) -> tuple[str, ...]:
    """Say how many homes have no row, and how many none in the picture."""
    who = f"{homes(few)} had too few admissions, before the start or after it, to be shown"
    more = f"{homes(beyond)} more, with fewer bed-days, in the table alone."
    return tuple(said for said, count in ((f"{who} by name.", few), (more, beyond)) if count > 0)
