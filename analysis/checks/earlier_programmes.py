"""Were the same homes already being rated better before the support began?

The support is said to have begun two and three years earlier, and only what had been seen before the true start is
looked at: nothing had been done. More rated better than expected then is a concern, for it may have gone on. Fewer is
none: homes chosen because they had fallen look like that, and homes are compared with others at the same rating on the
day of the true start. Both false starts are looked at, so each p-value is held to twice as much (Bonferroni). Nothing
found is no comfort where as many more as the answer finds would have gone unseen: then the data cannot say.

Source: Imbens and Wooldridge (2009), Journal of Economic Literature 47(1), on placebo tests.
"""

from collections.abc import Iterator

import pandas as pd

from analysis.errors import AnalysisError
from analysis.inspections import Inspections
from analysis.outcomes import Ratings
from analysis.ratings.again import ALPHA, RatingSpells, begun, compared, rating_spells_of, seen_until
from analysis.ratings.support import Support
from analysis.results import Check, Fitted

NAME = "Were the same homes already being rated better?"
OUTCOMES = (Ratings,)
YEARS = (2, 3)
"""Inspections are one to three years apart, so that fewer leave few homes rated again before the true start."""
FEWEST = 5
"""Supported homes that must be compared: of fewer hardly any number would be unusual."""
COLUMNS = ("years_earlier", "homes", "observed", "expected", "estimate", "p_value")


def earlier_programmes(fitted: Fitted[Inspections, Support]) -> Check:
    """Ask again as if the support had begun earlier, of what had been seen before it did."""
    seen = rating_spells_of(fitted.observed, fitted.design)
    table = pd.DataFrame(list(rows(seen)), columns=list(COLUMNS))
    if table.empty:
        return Check.cannot_say(
            NAME, COLUMNS,
            f"Fewer than {FEWEST} supported homes were rated again in the two or three years before the support began "
            "and can be compared, so no false start can be asked about. Earlier ratings would mend that.",
        )  # fmt: skip
    more = table["observed"] > table["expected"]
    p = (len(table) * table["p_value"]).clip(upper=1.0)
    ahead, behind = (bool((where & (p < ALPHA)).any()) for where in (more, ~more))
    seen_if_there = _would_be_seen(table, _answer(seen))
    number = f"{table['estimate'].iloc[0]:.2f} times as many, {table['years_earlier'].iloc[0]} years early"
    passed = False if ahead else True if behind or seen_if_there else None
    reading = _reading(table, ahead=ahead, behind=behind) + ("" if passed is not None else UNSEEN)
    return Check(name=NAME, passed=passed, table=table, number=number, reading=reading)


UNSEEN = " With so few homes, as many more as the answer finds would have gone unseen, so the data cannot say."


def _answer(seen: RatingSpells) -> float:
    """Give observed over expected of the true start; missing where there is none."""
    try:
        return compared(seen).ratio
    except AnalysisError:
        return float("nan")


def _would_be_seen(table: pd.DataFrame, ratio: float) -> bool:
    """Whether as many times more as the answer finds would be rarer than chance at one false start."""
    from scipy.stats import binom  # noqa: PLC0415 - a second to import, and asked with every protocol

    level = ALPHA / (2 * len(table))  # either way, and of every false start
    for row in table.to_dict("records"):
        homes, expected = int(row["homes"]), float(row["expected"])
        rare = binom.isf(level, homes, min(expected / homes, 1.0)) + 1  # the first number that is rarer
        if rare <= min(ratio * expected, homes):
            return True
    return False


def rows(seen: RatingSpells) -> Iterator[tuple]:
    """Yield the answer to every false start that has one."""
    before = seen_until(seen, seen.started.min())
    for years in YEARS:
        try:
            found = compared(begun(before, -12 * years))
        except AnalysisError:
            continue
        if found.homes >= FEWEST:
            yield years, found.homes, found.observed, found.expected, found.ratio, found.p_value


def _reading(table: pd.DataFrame, *, ahead: bool, behind: bool) -> str:
    told = "; ".join(
        f"{row['years_earlier']} years earlier {row['observed']:,} of {row['homes']:,} homes were rated better, and "
        f"{row['expected']:.1f} were expected"
        for row in table.to_dict("records")
    )
    said = f"Asked as if support had begun before it did, when nothing had been done: {told}"
    if ahead:
        return f"{said}. That is more than chance: the homes were on their way up already, and that may have gone on."
    if behind:
        return (
            f"{said}. That is fewer than among homes like them, as it is where homes are chosen once they have fallen; "
            "the answer compares them with homes at the same rating when support began."
        )
    return f"{said}, no more than chance gives."
