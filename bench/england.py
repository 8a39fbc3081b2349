"""Twenty million hospital records to a panel of 1.8 million rows: how long, in how much memory, beside others?

    PYTHONPATH=. python bench/england.py DIR                      every contestant and the answers, to england.csv
    PYTHONPATH=. python bench/england.py DIR --only duckdb pandas --repeats 3
    PYTHONPATH=. python bench/england.py DIR --only spark         needs PySpark and Java

DIR holds the country of `homeward sample DIR --england`; it is written there where it is missing, in some minutes. Each
contestant runs in a process of its own, one after the other in turn, so that a busy machine is busy for all;
`processor` is user and system time of the process, `peak_gb` the most memory that it held; of Spark, whose Java is a
process of its own, neither is told. What each makes is compared row for row with what is true of the country, counted
as it was drawn: `apart` rows differ.

pandas is as an analyst would write it for a table that fits into memory: columns that are needed, filters first, sorts
of whole numbers, no loop over rows. The same steps, the same answer.
"""

# ruff: noqa: PLC0415 - each contestant loads what it needs, in a process of its own

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
COLUMNS = ["what", "run", "seconds", "processor", "peak_gb", "rows", "apart"]
COUNTED = ["count", "avoidable", "planned", "exposure"]


def store_of(folder: Path) -> Path:
    """Give the store of homes, ratings and starts, made where it is missing."""
    from analysis.sources import read
    from analysis.store import Store

    path = folder / "england.duckdb"
    if not path.exists():
        store = Store(folder / "new.duckdb")
        for name in ("cqc_locations.jsonl.gz", "interventions.csv"):
            store.load(read(name, folder / name))
        (folder / "new.duckdb").replace(path)
    return path


def by_engine(engine: str, folder: Path, out: Path) -> None:
    """Run the expression."""
    from analysis.panel.events import panel_of_events
    from analysis.store import Store

    panel_of_events(folder / "events", folder / "stays", Store(store_of(folder)), out, engine=engine)


def by_pandas(folder: Path, out: Path) -> None:
    """Do the same with whole tables in memory."""
    from analysis.panel.events.expression import GAP, TRANSFERS, diagnoses, methods
    from analysis.registrations import stored_registrations
    from analysis.sources.admissions import EMERGENCY, PLANNED
    from analysis.store import Store

    store = Store(store_of(folder))
    home, homes = stored_registrations(store).home, store.table("locations")
    emergency, planned = set(methods(EMERGENCY)), set(methods(PLANNED))
    rows = pd.read_parquet(folder / "events")
    rows = rows[(rows["episode"] == 1) & rows["method"].isin(emergency | planned)]
    rows = rows.dropna(subset=["location_id", "person", "admitted"])
    rows["unit"] = rows["location_id"].map(home).fillna(rows["location_id"])
    for name in ("admitted", "discharged"):
        rows[name] = pd.to_datetime(rows[name])
    rows["person"] = pd.factorize(rows["person"])[0]
    rows = rows.sort_values(["person", "admitted", "discharged", "spell"], kind="stable")
    same = rows["person"].to_numpy()[1:] == rows["person"].to_numpy()[:-1]
    alike = same & (rows[["spell", "admitted", "discharged"]].diff().iloc[1:] == pd.Series(
        {"spell": 0, "admitted": pd.Timedelta(0), "discharged": pd.Timedelta(0)})).all(axis=1).to_numpy()  # fmt: skip
    again = np.concatenate([[False], alike])
    left = rows.groupby("person")["discharged"].cummax().shift()
    left = left.where(np.concatenate([[False], same]))
    transfer = rows["method"].isin(TRANSFERS)
    continued = ~again & ((left > rows["admitted"]) | (transfer & (left + pd.Timedelta(days=GAP) >= rows["admitted"])))
    kept = rows[~again & ~continued.to_numpy()]
    urgent = kept["method"].isin(emergency)
    code = kept["diagnosis"].str.upper().str.replace(".", "", regex=False)
    listed = code.str[:3].isin(diagnoses(3)) | code.str[:4].isin(diagnoses(4))
    kept = kept.assign(month=kept["admitted"].dt.to_period("M").dt.to_timestamp(), count=urgent, planned=~urgent,
                       avoidable=urgent & listed)  # fmt: skip
    counts = kept.groupby(["unit", "month"], observed=True)[["count", "avoidable", "planned"]].sum()
    months = pd.date_range(counts.index.levels[1].min(), counts.index.levels[1].max(), freq="MS")
    cells = pd.MultiIndex.from_product([counts.index.levels[0], months], names=["unit", "month"])
    panel = counts.reindex(cells, fill_value=0).assign(exposure=_bed_days(folder, home, cells))
    panel = panel[panel["exposure"] > 0].reset_index()
    known = homes.set_index("location_id")[["name", "beds", "area_name", "region", "provider_id", "nursing"]]
    panel.join(known, on="unit").sort_values(["unit", "month"]).to_parquet(out, index=False)


def _bed_days(folder: Path, home: dict, cells: pd.MultiIndex) -> pd.Series:
    stays = pd.read_parquet(folder / "stays", columns=["location_id", "moved_in", "moved_out"])
    stays["unit"] = stays["location_id"].map(home).fillna(stays["location_id"])
    first = cells.levels[1][0]
    parts = []
    for name, sign in (("moved_in", 1), ("moved_out", -1)):
        day = pd.to_datetime(stays[name]).dropna().clip(lower=first)
        month = day.dt.to_period("M").dt.to_timestamp()
        rest = day.dt.days_in_month - day.dt.day + 1
        parts.append(pd.DataFrame({"unit": stays["unit"].loc[day.index], "month": month, "residents": sign,
                                   "days": sign * rest}))  # fmt: skip
    moves = pd.concat(parts).groupby(["unit", "month"])[["residents", "days"]].sum().reindex(cells, fill_value=0)
    before = moves.groupby("unit")["residents"].cumsum() - moves["residents"]
    return before * cells.get_level_values("month").days_in_month + moves["days"]


RUNS = {
    "duckdb": lambda folder, out: by_engine("duckdb", folder, out),
    "spark": lambda folder, out: by_engine("spark", folder, out),
    "pandas": by_pandas,
}


def measured(who: str, folder: Path) -> dict:
    """Run one contestant in a process of its own, and compare what it made with the truth."""
    with tempfile.TemporaryDirectory(dir=folder) as beside:
        out = Path(beside) / "panel.parquet"
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [sys.executable, __file__, str(folder), "--worker", who, "--out", str(out)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])
        rows, apart = compared(out, folder)
        told = json.loads(done.stdout.splitlines()[-1])
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if who == "spark":
        return {"what": who, "seconds": round(seconds, 1), "rows": rows, "apart": apart}
    return {"what": who, "seconds": round(seconds, 1), "processor": round(processor, 1),
            "peak_gb": round(told["gb"], 2), "rows": rows, "apart": apart}  # fmt: skip


def compared(out: Path, folder: Path) -> tuple[int, int]:
    """Rows of a panel, and how many of them differ from what is true."""
    import duckdb

    columns = ", ".join(f"made.{name}::BIGINT IS DISTINCT FROM truth.{name}::BIGINT" for name in COUNTED)
    query = (
        f"SELECT count(made.unit), count(*) FILTER ({columns.replace(', ', ' OR ')}) FROM "
        f"(SELECT * FROM read_parquet('{out}') WHERE exposure > 0) AS made "
        f"FULL JOIN read_parquet('{folder}/truth/*.parquet') AS truth "
        "ON made.unit = truth.unit AND made.month::DATE = truth.month"
    )
    return duckdb.execute(query).fetchone()  # type: ignore[return-value]


def main() -> None:
    """Measure, and add to the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", choices=list(RUNS), default=["duckdb", "pandas"])
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--to", type=Path, default=HERE / "england.csv")
    parser.add_argument("--worker", choices=list(RUNS))
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    if asked.worker:
        RUNS[asked.worker](asked.folder, asked.out)
        print(json.dumps({"gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2}))
        return
    from analysis.simulate.england import write_england

    if not (asked.folder / "truth.json").exists():
        write_england(asked.folder)
    store_of(asked.folder)
    before = pd.read_csv(asked.to).to_dict("records") if asked.to.exists() else []
    rows = [row for row in before if row["what"] not in asked.only]
    for run in range(asked.repeats):
        rows += [{"run": run + 1, **measured(who, asked.folder)} for who in asked.only]
        pd.DataFrame(rows, columns=COLUMNS).to_csv(asked.to, index=False)


if __name__ == "__main__":
    main()
