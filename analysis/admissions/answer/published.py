"""What of an answer may be handed on?

The answer of a model that was fitted to counts as they are shown (`panel.shown`), to the digits its errors carry;
nothing where few events stand behind it (`behind`). The events averted go to the nearest 5.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from analysis.admissions.answer.behind import Behind
from analysis.admissions.answer.by_home import effects_by_home
from analysis.design import Design
from analysis.disclosure import BEHIND, Rule, nearest, protect
from analysis.disclosure.estimates import (
    TOLD,
    decimals_of,
    rounded_difference,
    rounded_ratio,
    rounded_to,
    significant,
)
from analysis.later import Later, LaterLines, Once
from analysis.panel import Panel
from analysis.panel.dense import month_index
from analysis.results import AFTERWARDS, AVERTED, NOT_SHOWN, RATE_RATIO, By, Cells, Effects, Model

WHY = (
    "The estimate is not shown: a count of {low} to {high} events stands behind it, in the homes with the intervention "
    "or in those compared with, before or after, and could be worked out from it."
)
ROWS = "{count} of {of} estimates by {by} are not shown, because small counts could be worked out from them."
CALLED = {
    "event_time": "month since the start",
    "year": "year since the start",
    "cohort": "start",
    "calendar": "month",
    "subgroup": "kind of home",
}
"""Groupings of which it is said how many estimates are not shown."""
PARTITIONS = ("cohort", "subgroup", "year")
"""Groupings whose groups make up the whole, so that one that is hidden alone could be had by subtraction."""


def published(effects: Effects, panel: Panel, design: Design, rule: Rule = BEHIND) -> Effects:
    """Give an answer as it may be handed on: estimates from counts as shown, to the digits their error carries.

    Parameters
    ----------
    effects : Effects
        Of a model of admission rates, fitted to `panel` under `design`.
    panel : Panel
        Of counts as shown.
    rule : Rule
        How few events are not told.

    Returns
    -------
    Effects
        The same answer, without what may not be told: rows of few events are left out, but for the overall ones, which
        are missing, with the reason in ``summary["not_shown"]``; its cells have no counts and no weights.
    """
    if not panel.unseen.size:
        raise ValueError("an answer about counts that are not as shown may not be handed on")
    cells, behind = Once(effects.augment), Behind.of(effects, panel, design, rule)
    told: Mapping[By, Told] = Later.of(effects.tables, lambda by: _told(by, effects.tables[by], behind))
    why = {NOT_SHOWN: WHY.format(low=1, high=rule.hidden_to)} if told["overall"].hidden else {}
    frames = {
        name: partial(effects.diagnostics.__getitem__, name) for name in effects.diagnostics if name not in ONLY_TO_TELL
    }
    quarters = {"quarters": lambda: _quarters(cells(), behind)}
    return replace(
        effects,
        tables=Later.of(effects.tables, lambda by: told[by].table),
        covariance=Later.of(effects.covariance, lambda by: told[by].covariance_told(effects.covariance[by])),
        cells=Cells(make=Once(lambda: cells().assign(**dict.fromkeys(NUMBERS, np.nan))), used=behind.used),
        diagnostics=Later(frames | _diagnostics(effects, told) | quarters),
        summary={**effects.summary, **why},
        notes=LaterLines(lambda: (*effects.notes, *why.values(), *_left_out(told))),
    )


NUMBERS = ("observed", "fitted", "counterfactual", "weight")
"""Columns of the cells that are not handed on."""
ONLY_TO_TELL = ("of_homes",)
"""Diagnostics that only serve to make what is told of single homes."""


def fitted(model: Model, panel: Panel, design: Design) -> Effects:
    """Fit a model; to counts as shown, give the answer as it may be handed on."""
    effects = model.fit(panel, design)
    return published(effects, panel, design) if panel.unseen.size else effects


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """Which groups of one grouping are told.

    Parameters
    ----------
    keys : list, length R
    shown : ndarray of bool, shape (R,)
    table : DataFrame
        The estimates as told.
    """

    keys: list
    shown: np.ndarray
    table: pd.DataFrame

    @property
    def hidden(self) -> int:
        """Groups that are not told."""
        return int((~self.shown).sum())

    def covariance_told(self, covariance: np.ndarray) -> np.ndarray:
        """Covariance of the groups that are told."""
        return covariance[np.ix_(self.shown, self.shown)]


def _told(by: By, table: pd.DataFrame, behind: Behind) -> Told:
    keys = list(dict.fromkeys(table[by]))
    found = [behind.group(by, key) for key in keys]
    hidden = np.array([not group.told for group in found], bool)
    if by in PARTITIONS:
        hidden = _held_back(keys, hidden, np.array([group.events for group in found]), behind.rule)
    of_key: dict[Any, list[dict[str, Any]]] = {key: [] for key in keys}
    for row in table.to_dict("records"):
        of_key[row[by]].append(row)
    rows = [
        row
        for key, kept_back in zip(keys, hidden, strict=True)
        if by == "overall" or not kept_back
        for row in _rows(of_key[key], told=not kept_back)
    ]
    shown = pd.DataFrame(rows, columns=table.columns).astype(table.dtypes.to_dict())
    return Told(keys=keys, shown=~hidden, table=shown)


def _held_back(keys: list, hidden: np.ndarray, events: np.ndarray, rule: Rule) -> np.ndarray:
    """Hide groups, shape (R,), until those hidden of one attribute cannot be had by subtraction, the smallest first."""
    hidden = hidden.copy()
    attributes = np.array([key.partition(": ")[0] if isinstance(key, str) else "" for key in keys])
    for name in np.unique(attributes):
        of = attributes == name
        while _alone(hidden[of], events[of], rule):
            shown = np.flatnonzero(of & ~hidden)
            hidden[shown[events[shown].argmin()]] = True
    return hidden


def _alone(hidden: np.ndarray, events: np.ndarray, rule: Rule) -> bool:
    """Whether what is hidden is one group, or too few events in all, beside others that are told."""
    few = hidden.sum() < 2 or events[hidden].sum() <= rule.hidden_to
    return bool(hidden.any() and not hidden.all() and few)


def _rows(rows: list[dict[str, Any]], *, told: bool) -> Iterator[dict[str, Any]]:
    """Tell a group: its ratio, the difference and the events averted."""
    for row in rows:
        if not told:
            yield row | dict.fromkeys(TOLD, np.nan)
        elif row["term"] == RATE_RATIO:
            yield row | rounded_ratio(row)
        else:
            found = rounded_difference(row)
            yield row | (_whole(found) if row["term"] == AVERTED else found)


def _whole(found: Mapping[str, float]) -> dict[str, float]:
    """Events averted as counts are rounded."""
    people = ("estimate", "std_error", "conf_low", "conf_high")
    return {**found, **{name: nearest(found[name]) if np.isfinite(found[name]) else found[name] for name in people}}


def _quarters(cells: pd.DataFrame, behind: Behind) -> pd.DataFrame:
    expected = np.zeros(behind.counts.shape)
    month = month_index(cells["month"], behind.months, behind.length)
    expected[behind.units.index.get_indexer(cells["unit"]), month] = cells["counterfactual"]
    return behind.quarters(expected)


def _left_out(told: Mapping[By, Told]) -> Iterator[str]:
    for by, part in told.items():
        if by in CALLED and part.hidden:
            yield ROWS.format(count=part.hidden, of=len(part.keys), by=CALLED[by])


def _diagnostics(effects: Effects, told: Mapping[By, Told]) -> dict[str, Callable[[], pd.DataFrame]]:
    """Say how to make what else is shown of an answer as it may be: intervals by other methods, bands, shares."""
    given, overall = effects.diagnostics, effects.tables["overall"]
    exact = overall.loc[overall["term"] == RATE_RATIO].iloc[0].to_dict()
    if not told["overall"].shown[0]:
        exact["estimate"] = np.nan
    how: dict[str, Callable[[], pd.DataFrame]] = {
        "methods": lambda: _intervals(given["methods"], exact),
        "inference": lambda: _intervals(
            _intervals(given["inference"], exact), exact, "usual_p", "usual_low", "usual_high"
        ),
        "bands": lambda: _bands(given["bands"], effects.tables["event_time"], told["event_time"]),
        "others": lambda: _others(given["others"]),
        "cohorts": lambda: protect(given["cohorts"], ["observed", "expected"]).drop(columns=["hidden"]),
        "comparison": lambda: protect(given["comparison"], ["admissions"]).drop(columns=["hidden"]),
        "degrees_of_freedom": lambda: _degrees(given["degrees_of_freedom"], told),
        "lasting": lambda: _lasting(given["lasting"], told["year"]),
        "leverage": lambda: given["leverage"].assign(share=given["leverage"]["share"].round(2)),
    }
    frames = {name: make for name, make in how.items() if name in given}
    if "of_homes" in given and told["overall"].shown[0]:
        level = float(effects.summary["conf_level"])  # type: ignore[arg-type]
        homes = Once(lambda: effects_by_home(given["of_homes"], BEHIND, level))
        frames |= {"by_home": lambda: homes()[0], "homes_differ": lambda: homes()[1]}
    return frames


def _intervals(table: pd.DataFrame, exact: Mapping, p: str = "p_value", *ends: str) -> pd.DataFrame:
    """Tell intervals around the one estimate; columns `p` and `ends`."""
    low, high = ends or ("conf_low", "conf_high")
    rows = [
        rounded_ratio({**exact, "p_value": row[p], "conf_low": row[low], "conf_high": row[high]})
        for row in table.to_dict("records")
    ]
    found = pd.DataFrame(rows, table.index, columns=["p_value", "conf_low", "conf_high"])
    return table.assign(**{p: found["p_value"], low: found["conf_low"], high: found["conf_high"]})


def _bands(bands: pd.DataFrame, table: pd.DataFrame, told: Told) -> pd.DataFrame:
    """Tell the band that holds all months together, of the months that are told."""
    exact = table.loc[table["term"] == RATE_RATIO].set_index("event_time")
    shown = {key for key, tell in zip(told.keys, told.shown, strict=True) if tell}
    rows = [
        {"event_time": row["event_time"]} | rounded_ratio({**exact.loc[row["event_time"]], **row})
        for row in bands.to_dict("records")
        if row["event_time"] in shown
    ]
    return pd.DataFrame(rows, columns=bands.columns).astype(bands.dtypes.to_dict())


def _degrees(table: pd.DataFrame, told: Mapping[By, Told]) -> pd.DataFrame:
    shown = np.concatenate([told[by].shown for by in dict.fromkeys(table["by"])])
    return table.loc[shown].round({"df": 1, "effective_clusters": 1}).reset_index(drop=True)


def _lasting(table: pd.DataFrame, told: Told) -> pd.DataFrame:
    """Tell how later years compare with the first, of years that are told and where enough events stand behind both."""
    shown = {str(key) for key, tell in zip(told.keys, told.shown, strict=True) if tell}
    every = {AFTERWARDS} if len(shown) == len(told.keys) else set()
    enough = (table[["events_first", "events_later"]] > BEHIND.hidden_to).all(axis=1)
    rows = table[enough & table["year"].isin(shown | every) & ("1" in shown)]
    named = rows.assign(
        estimate=rows["ratio"], std_error=np.log(rows["conf_high"] / rows["conf_low"]) / 4 * rows["ratio"]
    )
    kept = [{**row, **rounded_ratio({**row, "statistic": np.nan})} for row in named.to_dict("records")]
    columns = ["year", "homes", "ratio", "conf_low", "conf_high", "p_value", "df"]
    return pd.DataFrame([row | {"ratio": row["estimate"], "df": round(row["df"], 1)} for row in kept], columns=columns)


def _others(found: pd.DataFrame) -> pd.DataFrame:
    """Tell what other interventions did: to the first digit of its error, and not where few events may stand behind."""
    rows = found.to_dict("records")
    half = [np.log(row["conf_high"] / row["conf_low"]) / 4 if row["conf_low"] > 0 else np.nan for row in rows]
    known = np.array(half, float) < 1 / np.sqrt(BEHIND.hidden_to + 1)
    ends = ["rate_ratio", "conf_low", "conf_high"]
    told = [
        {name: rounded_to(row[name], decimals_of(row["rate_ratio"] * error, 1)) if tell else np.nan for name in ends}
        for row, error, tell in zip(rows, half, known, strict=True)
    ]
    return found.assign(
        **{name: [row[name] for row in told] for name in ends},
        p_value=[significant(row["p_value"]) if tell else np.nan for row, tell in zip(rows, known, strict=True)],
        df=found["df"].round(1),
    )
