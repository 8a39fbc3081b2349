"""What may be told of residents, and how exactly?

Residents are counted as events are: 1 to 7 are not told, others go to the nearest 5. Shares are worked out from numbers
of people so rounded, and told every 30 days, never event by event. Estimates are told to the digits of their errors,
and only where 25 events and 25 residents stand on either side (`analysis.disclosure.BEHIND`); no row is ever about one
person, and no count is about one home.

Who knows every resident-day has, of one rate ratio, the ratio of two counts; and of several spans of months, the counts
(`tests/disclosure/test_residents_together.py`). So rates and ratios are told as the counts that are shown give them:
by as much as rounding moved these, they are moved. Residents are told of over all months that are known; over months
that a protocol picks, only the owner of the store is. And not of fewer than `FEWEST_HOMES` on either side: what is told
of two homes is, to one of them, a count of the other, which may be laid beside that one's bands.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from analysis.disclosure import BEHIND, nearest, small
from analysis.disclosure.estimates import TINY, rounded_difference, rounded_ratio, significant
from analysis.residents import ends
from analysis.residents.cohort import ResidentCohort
from analysis.residents.counted import ADMITTED, ENDS, share_told
from analysis.residents.kept_back import FEWEST_HOMES, kept_back
from analysis.residents.model import RATE_DIFFERENCE, SHARE_DIFFERENCE, cohort_sizes
from analysis.residents.records import ResidentRecords
from analysis.results import AVERTED, NOT_SHOWN, RATE_RATIO, Effects

TOO_FEW = "too few residents, or too few of what is counted, stand on one side"
DAYS_DIGITS = 3
"""Of resident-days, so that they cannot be matched with one person's."""
_VALUES = ("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high")


def published(effects: Effects, records: ResidentRecords, cohort: ResidentCohort) -> Effects:
    """Give the answer as it may be handed on."""
    if why := kept_back(cohort):
        return _nothing(effects, why)
    counts = effects.diagnostics["residents"].set_index("outcome")
    lead = counts.loc[cohort.outcome.count]
    enough = _enough(lead, cohort)
    moved = moved_by_rounding(lead["events_supported"], lead["events_others"]) if enough else 1.0
    tables = {"overall": _overall(effects.tables["overall"], lead, moved, told=enough)}
    if "subgroup" in effects.tables:
        tables["subgroup"] = _kinds(effects.tables["subgroup"], cohort, told=enough)
    shown = {
        **effects.diagnostics, "residents": _outcomes(effects.diagnostics["residents"], cohort),
        "ends": _ends(effects.diagnostics["ends"], cohort),
        "incidence": _curves(effects.diagnostics["incidence"], cohort),
        "balance": effects.diagnostics["balance"].round(2),
        "methods": _methods(effects.diagnostics["methods"], moved * lead["estimate"], moved, told=enough),
        "degrees_of_freedom": effects.diagnostics["degrees_of_freedom"].round(2),
        "inference": effects.diagnostics["inference"].round(1),
    }  # fmt: skip
    tables["overall"] = _with_share(tables["overall"], shown["ends"])
    summary = dict(effects.summary) if enough else {**effects.summary, NOT_SHOWN: TOO_FEW}
    return replace(effects, tables=tables, diagnostics=shown, summary=summary)


def _nothing(effects: Effects, why: str) -> Effects:
    """Give an answer of which only the sizes that may always be known are told."""
    empty = {name: frame.iloc[:0] for name, frame in effects.diagnostics.items()}
    told = {name: effects.diagnostics[name].copy() for name in ("residents", "ends", "methods")}
    for frame in told.values():
        numbers = frame.columns[[kind.kind == "f" for kind in frame.dtypes]]
        frame[numbers] = np.nan
    degrees = effects.diagnostics["degrees_of_freedom"].round(2)
    return replace(
        effects,
        tables={by: frame.assign(**dict.fromkeys(_VALUES, np.nan)) for by, frame in effects.tables.items()},
        diagnostics={**empty, **told, "degrees_of_freedom": degrees},
        summary={**effects.summary, NOT_SHOWN: why},
        notes=(),
    )


def moved_by_rounding(supported: float, others: float) -> float:
    """By how much rounding of both counts multiplies a ratio of their rates."""
    return float(nearest(supported) / supported / (nearest(others) / others))


def multiplied(row: Mapping, moved: float) -> dict:
    """Give a ratio, its error and its limits multiplied, and its p-value as many errors further or nearer."""
    names = ("estimate", "std_error", "conf_low", "conf_high")
    log, error = np.log(row["estimate"]), row["std_error"] / row["estimate"]
    errors = abs(ndtri(max(row["p_value"], TINY) / 2))
    of_one = errors / abs(log) if log and np.isfinite(errors) else 1 / error if error else np.nan
    p = float(2 * ndtr(-abs(log + np.log(moved)) * of_one))
    return {**row, **{name: row[name] * moved for name in names}, "p_value": p}


def _overall(frame: pd.DataFrame, lead: pd.Series, moved: float, *, told: bool) -> pd.DataFrame:
    """Tell the one effect in its ways: the ratio, and what follows from the ratio and the count as both are told."""
    rows = frame.to_dict("records")
    ratio = rounded_ratio(multiplied(next(row for row in rows if row["term"] == RATE_RATIO), moved)) if told else {}
    if not np.isfinite(ratio.get("std_error", np.nan)):
        return frame.assign(**dict.fromkeys(_VALUES, np.nan))
    count, days = float(nearest(lead["events_supported"])), significant(lead["days_supported"], DAYS_DIGITS)
    ways = {RATE_DIFFERENCE: count * 1_000 / days, AVERTED: -count}
    follows = {term: _row(_from(ratio, scale) | {"term": term}) for term, scale in ways.items()}
    parts = {RATE_RATIO: ratio, **follows}
    return pd.DataFrame([row | parts.get(row["term"], {}) for row in rows], columns=frame.columns)


def _from(ratio: Mapping[str, float], scale: float) -> dict[str, float]:
    """Give what a count, times a scale, would have been less without the ratio."""
    estimate, *limits = (scale * (1 - 1 / ratio[name]) for name in ("estimate", "conf_low", "conf_high"))
    error = abs(scale) * ratio["std_error"] / ratio["estimate"] ** 2
    return {"estimate": estimate, "std_error": error, "statistic": np.nan, "p_value": ratio["p_value"],
            "conf_low": min(limits), "conf_high": max(limits)}  # fmt: skip


def _with_share(overall: pd.DataFrame, horizon: pd.DataFrame) -> pd.DataFrame:
    """Tell the difference in shares as it is told elsewhere."""
    share = horizon.loc[horizon["end"] == ADMITTED, ["estimate", "std_error", "conf_low", "conf_high"]].iloc[0]
    told = overall.copy()
    told.loc[told["term"] == SHARE_DIFFERENCE, [*share.index, "statistic"]] = [*share, np.nan]
    return told


def _enough(row: pd.Series, cohort: ResidentCohort) -> bool:
    """Whether an estimate may be told: as many events and residents behind it as must be, on either side."""
    told = [row["events_supported"], row["events_others"], *cohort_sizes(cohort)]
    return bool(min(told) > BEHIND.hidden_to) and bool(np.isfinite(row["estimate"]))


def _row(row: dict) -> dict:
    if not np.isfinite(row["std_error"]):
        return {**row, **dict.fromkeys(_VALUES, np.nan)}
    if row["term"] == RATE_RATIO:
        return {**row, **rounded_ratio(row)}
    if row["term"] == AVERTED:
        ends_ = {name: nearest(row[name]) if np.isfinite(row[name]) else np.nan
                 for name in ("estimate", "std_error", "conf_low", "conf_high")}  # fmt: skip
        return {**row, **ends_, "p_value": significant(row["p_value"])}
    return {**row, **rounded_difference(row)}


def _kinds(frame: pd.DataFrame, cohort: ResidentCohort, *, told: bool) -> pd.DataFrame:
    """Leave out kinds of home in which too few homes, residents or events stand on one side."""
    people, rows = cohort.residents, []
    for row in frame.to_dict("records"):
        some = people.loc[people["home_type"] == row["subgroup"]]
        sides = [some.loc[some["supported"] == side] for side in (True, False)]
        events = [float((side["weight"] * side[cohort.outcome.count]).sum()) for side in sides]
        enough = min(*events, *map(len, sides)) > BEHIND.hidden_to
        if told and enough and min(side["home"].nunique() for side in sides) >= FEWEST_HOMES:
            rows.append(_row(multiplied(row, moved_by_rounding(*events))))
    return pd.DataFrame(rows, columns=frame.columns).dropna(subset=["estimate"]).reset_index(drop=True)


def _outcomes(frame: pd.DataFrame, cohort: ResidentCohort) -> pd.DataFrame:
    """Tell counts rounded, rates from them, and ratios where enough stands behind them."""
    rows = []
    for row in frame.to_dict("records"):
        told = _enough(pd.Series(row), cohort)
        moved = moved_by_rounding(row["events_supported"], row["events_others"]) if told else 1.0
        ratio = (
            rounded_ratio(multiplied(row, moved) | {"statistic": np.nan}) if told else dict.fromkeys(_VALUES, np.nan)
        )
        shown = {name: ratio[name] for name in ("estimate", "std_error", "p_value", "conf_low", "conf_high")}
        for side in ("supported", "others"):
            events, days = row[f"events_{side}"], significant(row[f"days_{side}"], DAYS_DIGITS)
            count = np.nan if small(events) else float(nearest(events))
            shown |= {
                f"events_{side}": count,
                f"days_{side}": days,
                f"per_year_{side}": round(365.25 * count / days, 2),
            }
        rows.append({"outcome": row["outcome"], **shown})
    columns = ["outcome", *(f"{what}_{side}" for side in ("supported", "others") for what in ("events", "days",
               "per_year")), "estimate", "std_error", "p_value", "conf_low", "conf_high"]  # fmt: skip
    return pd.DataFrame(rows)[columns]


def _ends(frame: pd.DataFrame, cohort: ResidentCohort) -> pd.DataFrame:
    """Tell shares from people rounded, and their difference with the error to its digits."""
    sizes, rows = _effective(cohort), []
    for row in frame.to_dict("records"):
        shares = [share_told(row[side], n) for side, n in zip(("supported", "others"), sizes, strict=True)]
        told: dict[str, float] = dict.fromkeys(("estimate", "std_error", "conf_low", "conf_high"), np.nan)
        if np.isfinite(shares).all() and np.isfinite(row["std_error"]) and min(sizes) > BEHIND.hidden_to:
            difference, error = shares[0] - shares[1], significant(row["std_error"])
            reach = significant((row["conf_high"] - row["conf_low"]) / 2)
            told = {"estimate": round(difference, 3), "std_error": error, "conf_low": round(difference - reach, 3),
                    "conf_high": round(difference + reach, 3)}  # fmt: skip
        rows.append({**row, "supported": round(shares[0], 3), "others": round(shares[1], 3), **told})
    return pd.DataFrame(rows, columns=frame.columns)


def _effective(cohort: ResidentCohort) -> tuple[float, float]:
    """Residents of either side; of those like them, as many as they stand for."""
    people = cohort.residents
    weights = [people["weight"][people["supported"] == side].sum() for side in (True, False)]
    return float(weights[0]), float(weights[1])


def _curves(frame: pd.DataFrame, cohort: ResidentCohort) -> pd.DataFrame:
    """Tell the curves as far as enough people are followed on either side."""
    sizes = dict(zip((ends.SUPPORTED, ends.OTHERS), _effective(cohort), strict=True))
    few = frame.loc[frame["residents"] <= BEHIND.hidden_to, "day"]
    frame = frame.loc[frame["day"] < few.min()] if len(few) else frame
    rows = []
    for row in frame.to_dict("records"):
        n, told = sizes[row["who"]], {"who": row["who"], "day": row["day"], "residents": nearest(row["residents"])}
        for end in ENDS:
            told |= _point(row, end, share_told(row[end], n))
        rows.append(told)
    names = [f"{end}{side}" for end in ENDS for side in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=["who", "day", "residents", *names])


def _point(row: dict, end: str, share: float) -> dict[str, float]:
    """Give one share as it is told, its interval moved with it."""
    moved = share - row[end]
    limits = {f"{end}_{side}": round(float(np.clip(row[f"{end}_{side}"] + moved, 0, 1)), 2) for side in ("low", "high")}
    return {end: round(share, 3), **limits}


def _methods(frame: pd.DataFrame, estimate: float, moved: float, *, told: bool) -> pd.DataFrame:
    """Tell what each error would have said to the digits of that error; `std_error` is of the log ratio.

    `estimate` is as it is told, `moved` how far rounding moved it.
    """
    rows = []
    for row in frame.to_dict("records"):
        error = estimate / moved * row["std_error"]
        exact = multiplied({**row, "estimate": estimate / moved, "std_error": error, "statistic": np.nan}, moved)
        span = rounded_ratio(exact) if told else dict.fromkeys(_VALUES, np.nan)
        numbers = {name: span[name] for name in ("conf_low", "conf_high", "p_value")}
        shown = significant(row["std_error"]) if told else np.nan
        rows.append({**row, **numbers, "std_error": shown, "df": significant(row["df"])})
    return pd.DataFrame(rows, columns=frame.columns)
