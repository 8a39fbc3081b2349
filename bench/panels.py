"""Panels drawn for the speed table: 1500x120x5u is 1,500 homes, 120 months, 5 cohorts, unbalanced.

Gamma home rates, half of the homes treated, a true rate ratio of 0.82; in unbalanced panels three homes in ten open
late or close early. A panel is two Parquet files: one row per home and month, and one row per home with its start.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

SEED = 20261122
FIRST = np.datetime64("2012-01", "M")
COLUMNS = ["unit", "month", "count", "exposure"]
"""What a panel is read from."""
AT_ONCE = 10_000
"""Homes drawn at once: the largest panel is never held while it is written."""


def shape(size: str) -> tuple[int, int, int, bool]:
    """Homes, months, cohorts, and whether the panel is unbalanced."""
    n, T, k = (int(part) for part in size.rstrip("u").split("x"))
    return n, T, k, size.endswith("u")


def write(size: str, folder: Path) -> tuple[Path, int]:
    """Draw a panel into a folder: the file of home-months, beside which stands "starts", and its rows."""
    n, T, k, _ = shape(size)
    rng, path, rows = np.random.default_rng(SEED), folder / f"{size}.parquet", 0
    start = np.full(n, -1)
    treated = np.arange(n) % 2 == 0
    start[treated] = rng.choice(np.unique(np.linspace(T // 3, T - T // 4, k).astype(int)), treated.sum())
    pd.DataFrame({"unit": names(np.arange(n)), "start": start}).to_parquet(starts_of(path), index=False)
    with pq.ParquetWriter(path, _table(size, rng, start[:1], 0).schema) as file:
        for a in range(0, n, AT_ONCE):
            table = _table(size, rng, start[a : a + AT_ONCE], a)
            file.write_table(table)
            rows += table.num_rows
    return path, rows


def starts_of(path: Path) -> Path:
    """Where the homes' start months stand: month of the panel from zero, −1 for homes never treated."""
    return path.with_suffix(".starts.parquet")


def names(home: np.ndarray) -> np.ndarray:
    """Ids such as CQC gives, in the order of the homes."""
    return np.char.add("1-", np.char.zfill((100_000_000 + home).astype(str), 9))


def _table(size, rng, start, a):
    (_, T, _, unbalanced), n = shape(size), len(start)
    month = np.arange(T)
    exposure = (900 * rng.lognormal(0, 0.4, (n, 1)) * rng.uniform(0.8, 1.2, (n, T))).round()
    if unbalanced:
        opens = np.where(rng.random(n) < 0.15, rng.integers(1, T // 3, n), 0)
        closes = np.where(rng.random(n) < 0.15, rng.integers(2 * T // 3, T, n), T)
        exposure[(month < opens[:, None]) | (month >= closes[:, None])] = 0
    after = (start >= 0)[:, None] & (month >= start[:, None])
    rate = rng.gamma(6, 1 / 6, (n, 1)) * np.exp(0.2 * np.sin(month) - 0.2 * after) / 450
    home, at = np.nonzero(exposure)
    counts = rng.poisson(exposure * rate)[home, at].astype(np.int32)
    unit = pa.DictionaryArray.from_arrays(home.astype(np.int32), names(a + np.arange(n)))
    dates = (FIRST + at).astype("datetime64[s]").astype("datetime64[ms]")
    return pa.table([unit, pa.array(dates), counts, exposure[home, at]], names=COLUMNS)
