"""Does the answer about ratings rest on one home, one provider or one council?

Each supported home, each provider and each council is left out in turn, with its homes that are compared, and supported
homes are set beside homes like them anew: of many, those are left out whose homes were rated better by most more, or
fewer, than expected. A concern is an answer that speaks and loses half of its effect without one of them; one that
leaves its own interval by being moved by more than a quarter; and one of which nothing is left. Of twenty homes any few
move the answer by a quarter, which is what its interval says already: that alone is no concern.

Source: MacKinnon, Nielsen and Webb (2023), Journal of Applied Econometrics 38(5), on leaving clusters out.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.inspections import Inspections
from analysis.outcomes import Ratings
from analysis.ratings import ObservedExpected
from analysis.ratings.again import RatingSpells, compared, rating_spells_of, without
from analysis.ratings.luck import UNKNOWN as UNKNOWN_FACT
from analysis.ratings.support import Support, fit
from analysis.results import OBSERVED_EXPECTED, Check, Effects, Fitted, interval

NAME = "Does the answer rest on one home, provider or council?"
OUTCOMES = (Ratings,)
COLUMNS = ("left_out", "which", "homes", "observed", "expected", "estimate")
EACH = 3
"""Of each kind, so many whose homes did best and so many whose homes did worst are left out."""
SEVERAL = 2
"""Supported homes of a provider or council for it to be another question than that of one home."""
HALF = 0.5
"""Part of the effect (of the log of observed over expected) that no one home or provider ought to make up."""
LARGE = np.log(1.25)
"""A quarter more rated better is as much as programmes are hoped to bring. The interval of a few homes can end at the
answer itself, where all were rated better: to leave it by less is no news."""
KINDS = {"home": "home", "provider": "provider_id", "council": "area_name"}


def one_home_or_provider(fitted: Fitted[Inspections, Support]) -> Check:
    """Leave out each home, provider and council in turn."""
    seen = rating_spells_of(fitted.observed, fitted.design)
    try:
        effects = _observed_expected(fitted)
        given = _given(effects)
        rows = [row for kind in KINDS for row in _rows(kind, seen, effects.augment())]
    except AnalysisError as error:
        return Check.cannot_say(NAME, COLUMNS, f"Observed over expected has no answer: {error}")
    if not np.isfinite(given[0]):
        return Check.cannot_say(NAME, COLUMNS, "So few were expected to be rated better that there is no ratio.")
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    if table.empty:
        return Check.cannot_say(NAME, COLUMNS, "No two supported homes were compared: there is none to leave out.")
    heavy = table[[_heavy(value, given) for value in table["estimate"]]]
    known = table["estimate"].dropna()
    number = f"{known.min():.2f} to {known.max():.2f} without any one" if len(known) else ""
    return Check(name=NAME, passed=heavy.empty, table=table, reading=_reading(table, heavy, given), number=number)


def _observed_expected(fitted: Fitted[Inspections, Support]) -> Effects:
    """Give the answer of observed over expected, which may have been asked already."""
    known = fitted.answers.get("observed_expected")
    if known is not None:
        return known
    support = fitted.design
    model = ObservedExpected(key_question=support.key_question, other_interventions=support.other_interventions)
    return fit(model, fitted.observed, support)


def _given(effects: Effects) -> tuple[float, float, float]:
    row = effects.tidy().set_index("term").loc[OBSERVED_EXPECTED]
    return float(row["estimate"]), float(row["conf_low"]), float(row["conf_high"])


def _rows(kind: str, seen: RatingSpells, cells: pd.DataFrame) -> Iterator[tuple]:
    """Yield the answer without each of a kind of which some but not all supported homes are, the farthest only."""
    surplus = (cells["observed"] - cells["counterfactual"]).groupby(cells["unit"]).sum()
    named = _names(kind, seen)
    by = surplus.groupby(named.reindex(surplus.index)).sum().drop(UNKNOWN_FACT, errors="ignore").sort_values()
    if len(by) < 2:
        return
    if kind != "home":  # of one home it has been asked already
        several = named.reindex(surplus.index).value_counts()
        by = by[several.reindex(by.index) >= SEVERAL]
    some = by if len(by) <= 2 * EACH else pd.concat([by[:EACH], by[-EACH:]])
    for name in some.index:
        out = named.index[named == name]
        homes = int(surplus.index.isin(out).sum())
        try:
            left = compared(without(seen, out))
        except AnalysisError:
            yield kind, _called(kind, name, seen), homes, np.nan, np.nan, np.nan
            continue
        yield kind, _called(kind, name, seen), homes, left.observed, left.expected, left.ratio


def _names(kind: str, seen: RatingSpells) -> pd.Series:
    homes = seen.homes
    if kind == "home":
        return pd.Series(homes.index, homes.index, dtype=object)
    column = KINDS[kind]
    given = homes[column] if column in homes else pd.Series(None, homes.index, dtype=object)
    return given.astype(object).fillna(UNKNOWN_FACT)


def _called(kind: str, name: str, seen: RatingSpells) -> str:
    if kind != "home" or "name" not in seen.homes or pd.isna(seen.homes.loc[name, "name"]):
        return str(name)
    return f"{seen.homes.loc[name, 'name']} ({name})"


def _heavy(left: float, given: tuple[float, float, float]) -> bool:
    """Whether the answer without one is another: nothing left, half of an effect gone, or far out of its interval."""
    estimate, low, high = given
    if np.isnan(left):
        return True
    if not (left > 0 and estimate > 0):
        return (left > 0) != (estimate > 0)
    lost = (low > 1 or high < 1) and np.log(left) / np.log(estimate) < HALF
    outside = not low <= left <= high and abs(np.log(left / estimate)) > LARGE
    return bool(lost or outside)


def _reading(table: pd.DataFrame, heavy: pd.DataFrame, given: tuple[float, float, float]) -> str:
    known = table.dropna(subset=["estimate"])
    told = "; ".join(
        f"without any one {kind} between {part['estimate'].min():.2f} and {part['estimate'].max():.2f}"
        for kind, part in known.groupby("left_out", sort=False)
    )
    unknown = [kind for kind in KINDS if kind not in set(table["left_out"])]
    end = f" Not asked without a {' or a '.join(unknown)}: all are in one, or each in its own." if unknown else ""
    said = f"Observed over expected is {interval(*given)}"
    if heavy.empty:
        return f"{said}, and does not hang on one of them: {told}.{end}"
    worst = heavy.assign(gone=heavy["estimate"].isna()).sort_values("gone", ascending=False, kind="stable").iloc[0]
    left = "there is no answer" if np.isnan(worst["estimate"]) else f"it would be {worst['estimate']:.2f}"
    named = f"the {worst['left_out']} {worst['which']} ({worst['homes']:,} supported homes)"
    named = f"the home {worst['which']}" if worst["left_out"] == "home" else named
    return f"{said}. Without {named} {left}: the answer rests on it. In all: {told}.{end}"
