"""What does the speed table say: what was promised, how time grows, and every panel?"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from contestants import ALL
from panels import shape

PEERS_SAME = ["pyfixest", "statsmodels"]
"""Peers that fit the same model with home effects."""


def markdown(table: pd.DataFrame) -> str:
    """Write everything."""
    seconds = table.set_index(["panel", "contestant"])["seconds"]
    gb = table.set_index(["panel", "contestant"])["gb"]
    parts = [*_promises(seconds, gb), "", *_growth(table), ""]
    for size, part in table.groupby("panel", sort=False):
        parts += _panel(str(size), part)
    low, high = table["load"].min(), table["load"].max()
    return "\n".join(parts) + f"Load of the machine when panels were begun: {low:.1f} to {high:.1f} busy cores.\n"


def _promises(seconds: pd.Series, gb: pd.Series) -> Iterator[str]:
    """Yield one line for each promise that was measured, over all panels of its size."""
    yield from ("| promised | measured |", "|---|---|")
    for told, values, unit in (
        ("saturated, 180,000 rows, 5 cohorts: fastest peer takes at least 300 times as long",
         _over(seconds, "1500x120x5", PEERS_SAME, "homeward"), " times"),
        ("1.8 million rows, file to event-study table: at most 15 times decoding",
         _over(seconds, "15000x120x", ["decode"], "homeward file", turned=True), " times"),
        ("1.8 million rows, event study: fastest peer's takes at least 100 times as long",
         _over(seconds, "15000x120x", ["pyfixest events"], "homeward events"), " times"),
        ("18 million rows, file to event-study table: under 2 GB", _of(gb, "150000x120x", "homeward file"), " GB"),
        ("1,000 cluster-bootstrap refits, 1.8 million rows: under 10 s", _of(seconds, "15000x120x", "bootstrap"), " s"),
        ("a refit without each of 15,000 homes: under 5 s", _of(seconds, "15000x120x", "left out"), " s"),
        ("2,000 permutations at 160 × 72: under 1 s", _of(seconds, "160x72x", "permutations"), " s"),
    ):  # fmt: skip
        if len(values):
            yield f"| {told} | {_range(values)}{unit} |"


def _of(values: pd.Series, panel: str, who: str) -> np.ndarray:
    """Values of one contestant over the panels whose name begins so."""
    some = values[[p.startswith(panel) and w == who for p, w in values.index]]
    return some.dropna().to_numpy()


def _over(seconds: pd.Series, panel: str, others: list[str], who: str, *, turned: bool = False) -> np.ndarray:
    """Seconds of the fastest of others over those of one, or turned, on each panel that has both."""
    wide = seconds.reset_index().pivot_table(index="panel", columns="contestant", values="seconds")
    wide = wide[wide.index.str.startswith(panel)].reindex(columns=[*others, who])
    ratio = wide[others].min(axis=1) / wide[who]
    return (1 / ratio if turned else ratio).dropna().to_numpy()


def _range(values: np.ndarray) -> str:
    low, high = _number(values.min()), _number(values.max())
    return low if low == high else f"{low} to {high}"


def _number(value: float) -> str:
    """Three digits that matter, without an exponent; nothing for what was not measured."""
    return "" if np.isnan(value) else f"{float(f'{value:.3g}'):,.10g}"


def _growth(table: pd.DataFrame) -> Iterator[str]:
    """Yield seconds by rows and cohorts, and how many times as long for ten times the rows."""
    grid = table[table["contestant"].isin(["homeward events", "homeward", "homeward file"])]
    grid = grid.assign(
        cohorts=[shape(p)[2] for p in grid["panel"]],
        kind=["unbalanced" if shape(p)[3] else "balanced" for p in grid["panel"]],
        cells=[shape(p)[0] * shape(p)[1] for p in grid["panel"]],
    )
    wide = grid[grid["cells"] >= 1e5].pivot_table(
        index=["contestant", "kind", "cohorts"], columns="cells", values="seconds"
    )
    if wide.shape[1] < 2:
        return
    sizes = [f"{n / 1e6:g} million" for n in wide.columns]
    yield from (
        "Seconds by rows, and in brackets how many times as long as a tenth of the rows:", "",
        "| model | | cohorts | " + " | ".join(sizes) + " |", "|---|---|---|" + "---|" * len(sizes),
    )  # fmt: skip
    for (who, kind, cohorts), row in wide.iterrows():
        times = row / row.shift()
        told = [_number(s) + (f" ({t:.1f})" if t > 0 else "") for s, t in zip(row, times, strict=True)]
        yield f"| {ALL[who].model} | {kind} | {cohorts} | {' | '.join(told)} |"


def _panel(size: str, part: pd.DataFrame) -> Iterator[str]:
    n, T, cohorts, unbalanced = shape(size)
    ours = part.loc[part["contestant"] == "homeward", "seconds"]
    base = ours.iloc[0] if len(ours) else np.nan
    yield from (
        f"**{n:,} homes × {T} months, {cohorts} cohorts, {'un' if unbalanced else ''}balanced: "
        f"{part['rows'].iloc[0]:,} rows**",
        "",
        "| | model | seconds | times the first | peak GB | estimates apart | errors apart |",
        "|---|---|---|---|---|---|---|",
    )  # fmt: skip
    for row in part.to_dict("records"):
        contestant = ALL[row["contestant"]]
        told = row["said"] or _number(row["seconds"])
        rest = (
            _number(row["seconds"] / base), f"{row['gb']:.2f}", f"{row['apart']:.0e}", f"{row['errors_apart']:.0e}"
        )  # fmt: skip
        shown = [text if "nan" not in text else "" for text in rest]
        yield f"| {contestant.who} | {contestant.model} | {told} | {' | '.join(shown)} |"
    yield ""
