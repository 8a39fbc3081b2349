"""Small readings typed by hand, as a source module would hand them to the store."""

import hashlib

import pandas as pd

from analysis.sources.findings import Finding, Reading
from analysis.sources.schema import TABLES

NOTHING = pd.DataFrame(columns=["row", "column", "found", "expected", "fault"])


def frame(table: str, *rows: dict) -> pd.DataFrame:
    """A tidy frame with all columns of the schema; what a row does not give is missing."""
    given = pd.DataFrame(list(rows)).reindex(columns=list(TABLES[table]))
    for name, kind in TABLES[table].items():
        if kind == "DATE":
            given[name] = pd.to_datetime(given[name])
    return given


def reading(file: str, findings: tuple[Finding, ...] = (), set_aside: pd.DataFrame = NOTHING, **tables) -> Reading:
    """A reading of a file that held these tables and no others."""
    text = "".join(f"{name}\n{table.to_csv()}" for name, table in tables.items())
    used = sum(len(table) for table in tables.values())
    return Reading(
        file=file,
        digest=hashlib.sha256((file + text).encode()).hexdigest(),
        layout="typed by hand",
        tables=tables,
        findings=findings,
        rows_in=used + len(set_aside),
        rows_used=used,
        set_aside=set_aside,
    )


def events(*rows: tuple[str, str]) -> pd.DataFrame:
    return frame(
        "admission_events",
        *({"location_id": home, "admitted": day, "emergency": True, "avoidable": False} for home, day in rows),
    )


def occupancy(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return frame(
        "occupancy",
        *({"location_id": h, "month": m, "bed_days": d, "basis": "resident days"} for h, m, d in rows),
    )
