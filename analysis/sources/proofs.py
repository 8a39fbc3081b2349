"""What was proved, as the proofs themselves left it: tables of simulations, and faults that were put right."""

from pathlib import Path

import pandas as pd

BENCH = Path(__file__).resolve().parents[2] / "bench"
"""Beside the code; a copy of the package alone has no proofs to tell of."""


def proof(name: str) -> pd.DataFrame:
    """Read a table of a proof; empty where it is not here."""
    file = BENCH / f"{name}.csv"
    return pd.read_csv(file) if file.exists() else pd.DataFrame()


def mended() -> pd.DataFrame:
    """Read every fault that was put right: issue, point, what, before, now, test."""
    rows = [pd.read_csv(file, dtype=str) for file in sorted((BENCH / "mended").glob("*.csv"))]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()
