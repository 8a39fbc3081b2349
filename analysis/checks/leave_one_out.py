"""Does the answer rest on one home, one provider, one area or one start?

Each is left out in turn and all is fitted again: of many homes, providers or areas those that move the answer furthest,
which is read to first order from what each contributes. An answer of many does not hang on one. A concern is an answer
that loses half of its effect, or leaves its own interval, without one of them; one that a single home, provider or area
moves by as much as interventions are hoped to (its interval may be wide because of that very one); and one of which
nothing is left.

Source: MacKinnon, Nielsen and Webb (2023), Journal of Applied Econometrics 38(5), on leaving clusters out; Broderick,
Giordano and Meager (2020), arXiv:2011.14999, for finding by first order whom to leave out.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.leaving import Leaving, leaving
from analysis.checks.bare import DIGITS, enough_behind, leaves_out_no_effect, ratio
from analysis.design import Design
from analysis.months import month_said
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.results import NOT_SHOWN, Check, Fitted, interval

NAME = "Does the answer rest on one home, provider, area or start?"
OUTCOMES = (Rate,)
EACH = 3
"""Of each kind, so many that would raise the answer most and so many that would lower it most are left out in turn."""
FEW = 8
"""Up to so many of a kind all are left out in turn."""
HALF = 0.5
"""Part of the effect (of the log rate ratio) that no one home or provider ought to make up."""
LARGE = np.log(1.2)
"""A fifth is as much as interventions are hoped to change: no single home ought to move the answer so far."""
ALONE = 2
"""Homes of a provider or an area from which it is more than one home, which is left out anyway."""
KINDS = ("home", "provider", "area", "start")
COLUMNS = ("left_out", "which", "homes", "estimate")


def leave_one_out(fitted: Fitted[Panel, Design]) -> Check:
    """Leave out each home, provider, area and start in turn."""
    panel, design, model, effects = fitted.observed, fitted.design, fitted.model, fitted.effects
    if why := effects.summary.get(NOT_SHOWN):
        return Check.cannot_say(NAME, COLUMNS, str(why))
    if not isinstance(model, StaggeredRates):
        return Check.cannot_say(NAME, COLUMNS, "The model that leads cannot be fitted again without a home.")
    fit = leaving(model, panel, design)
    if fit.treated.sum() < 2:
        return Check.cannot_say(
            NAME, COLUMNS, "Only one home had the intervention: without it nothing is left to look at."
        )
    rows = [row for kind in KINDS for row in _rows(kind, panel, design, fit)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    given = ratio(effects)[:3]
    heavy = table[[_heavy(row.estimate, row.left_out, given) for row in table.itertuples()]]
    return Check(
        name=NAME, passed=heavy.empty, table=table, reading=_reading(table, heavy, given), number=_number(table)
    )


def _rows(kind: str, panel: Panel, design: Design, fit: Leaving) -> Iterator[tuple]:
    """Leave out those of one kind that move the answer furthest, the lowest answer first."""
    called = _called(kind, panel, fit)
    homes = pd.Series(fit.used).groupby(called).sum()
    least = ALONE if kind in ("provider", "area") else 1
    known = pd.Series(fit.moved).groupby(called).sum()[homes >= least].sort_values()
    if len(known) < 2:
        return
    some = known if len(known) <= FEW else pd.concat([known[:EACH], known[-EACH:]])
    rows = []
    for name in some.index:
        out = (called == name).to_numpy(bool)
        left = replace(design, included=design.included & ~out[:, None])
        if (fit.treated & ~out).any() and not enough_behind(panel, left):
            continue
        rows.append((kind, name, int((out & fit.used).sum()), round(fit.without(out), DIGITS)))
    yield from sorted(rows, key=lambda row: (np.isnan(row[-1]), row[-1]))


def _called(kind: str, panel: Panel, fit: Leaving) -> pd.Series:
    """Name what each home belongs to, missing where it is not known: by its own name, and a start by its month."""
    units, setting = panel.units, fit.setting
    if kind == "start":
        starts = zip(setting.start, fit.treated, strict=True)
        return pd.Series([month_said(setting.months[s]) if t else None for s, t in starts], dtype=object)
    if kind == "home":
        name = units["name"].astype(object) if "name" in units else pd.Series(None, index=units.index, dtype=object)
        return (name.fillna("") + " (" + units.index.astype(str) + ")").str.strip().reset_index(drop=True)
    given = units[kind] if kind in units else pd.Series(None, index=units.index, dtype=object)
    return given.astype(object).reset_index(drop=True)


def _heavy(without: float, kind: str, given: tuple[float, float, float]) -> bool:
    """Whether the answer without one is another: nothing left, out of its interval, far off, or half of it gone."""
    estimate, low, high = given
    if np.isnan(without):
        return True
    lost = np.log(without) / np.log(estimate) < HALF if leaves_out_no_effect(low, high) else False
    far = kind != "start" and abs(np.log(without / estimate)) > LARGE
    return bool(lost or far or without < low or without > high)


def _reading(table: pd.DataFrame, heavy: pd.DataFrame, given: tuple[float, float, float]) -> str:
    told = "; ".join(said for kind in KINDS if (said := _range(kind, table[table["left_out"] == kind])))
    unknown = [kind for kind in KINDS if kind not in set(table["left_out"])]
    end = f" There are no two of more than one home to leave out of: {', '.join(unknown)}." if unknown else ""
    if heavy.empty:
        return f"The rate ratio, {interval(*given)}, does not hang on one of them: {told}.{end}"
    worst = heavy.assign(gone=heavy["estimate"].isna()).sort_values("gone", kind="stable").iloc[0]
    return f"Without the {worst['left_out']} {worst['which']} {_left(worst['estimate'], given)} In all: {told}.{end}"


def _number(table: pd.DataFrame) -> str:
    homes = table.loc[table["left_out"] == "home", "estimate"].dropna()
    return f"{homes.min():.2f} to {homes.max():.2f} without one home" if len(homes) else ""


def _left(without: float, given: tuple[float, float, float]) -> str:
    if np.isnan(without):
        return "nothing would be left to compare, so the answer is about it alone."
    return f"the rate ratio would be {without:.2f} instead of {interval(*given)}: the answer rests on it."


def _range(kind: str, rows: pd.DataFrame) -> str:
    found = rows["estimate"].dropna()
    if found.empty:
        return ""
    return f"without any one {kind} it is between {found.min():.2f} and {found.max():.2f}"
