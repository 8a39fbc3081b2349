"""How do ratings move, and how sure is that?"""

from collections.abc import Mapping

import pandas as pd

from analysis.words.phrases import proportion

FEW_INSPECTIONS = 10
"""Shares of fewer are drawn, with their interval, but not read out."""


BEAT = " A claim that a programme improved ratings has to beat this."


def moved(origin: str, way: str, share: Mapping, key_question: str = "Overall") -> str:
    """Tell how often homes of a rating got better, or stayed, at the next inspection.

    Parameters
    ----------
    origin : str
        A rating, "Below Good" or "Any rating".
    way : str
        "better", "same" or "worse".
    share : mapping
        count, n, share, conf_low, conf_high, homes, median_gap_days.
    key_question : str
        "Overall" or one of the five.
    """
    of = {"Below Good": "below Good", "Any rating": "at all"}.get(origin, origin)
    on = "" if key_question == "Overall" else f" on {key_question}"
    did = {"better": "were rated better", "same": "kept their rating", "worse": "were rated worse"}[way]
    told = proportion(int(share["count"]), int(share["n"]), share["conf_low"], share["conf_high"])
    return (
        f"Of homes rated {of}{on} and inspected again, {told} {did}. Half of those inspections came within "
        f"{share['median_gap_days']:,.0f} days.{BEAT if way == 'better' else ''}"
    )


def lists_of_latest(pairs: int, listed: int, unseen: int) -> str:
    """Say what lists of latest ratings leave unseen, and what would show it; nothing where histories are whole.

    Parameters
    ----------
    pairs : int
        Pairs of ratings that are counted.
    listed : int
        Of these, those known from lists of latest ratings only.
    unseen : int
        Pairs left out because more than half a year lies between the two lists.
    """
    whole = "CQC's API documents hold every rating of a home; lists of latest ratings at least every quarter would do."
    if unseen:
        found = f"{unseen:,} {'pair' if unseen == 1 else 'pairs'} of ratings" + (" more" if pairs else "")
        return (
            f"{found} cannot be used: between the two lists of latest ratings that show them lies more than half a "
            "year, in which other inspections came and went unseen. Counting them would overstate improvement (by 6 "
            f"points from lists a year apart, by 19 from lists two years apart). {whole}"
        )
    if listed:
        return (
            f"{listed:,} of {pairs:,} changes are known from lists of latest ratings, which show no visit days and no "
            "rating from before the first list."
        )
    return ""


def one_list(homes: int) -> str:
    """Say what a single list of latest ratings lacks."""
    return (
        f"{homes:,} homes have a rating, and none has two far enough apart, so no change of rating can be seen. A list "
        "of latest ratings does not say what a home was rated before: load earlier ratings, from CQC's API documents "
        "or lists of earlier months."
    )


def spread(shares: pd.DataFrame, key: str) -> str:
    """Read a share across groups: the smallest and the largest with at least ten inspections."""
    told = [
        (row["share"], f"{row['share']:.0%}", f"({row[key]}, n = {row['n']:,.0f})")
        for row in shares.to_dict("records")
        if row["n"] >= FEW_INSPECTIONS
    ]
    if len(told) < 2:
        return "There are too few inspections to compare groups."
    least, most = min(told), max(told)
    if least[1] == most[1]:
        return f"{least[1]} in every group with at least {FEW_INSPECTIONS} inspections."
    return (
        f"From {' '.join(least[1:])} to {' '.join(most[1:])}, among groups with at least {FEW_INSPECTIONS} inspections."
    )
