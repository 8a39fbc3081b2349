"""Hospital records and stays with every fault that is known, drawn small; and the panel counted person by person."""

from calendar import monthrange
from collections import Counter, defaultdict
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.store import Store
from tests.store.readings import frame, reading

FIRST, DAYS = date(2020, 1, 1), 240
METHODS = ("21", "22", "2A", "2D", "2b", "81", "11", "12", "31", " 21", "28", "77", None, "")
DIAGNOSES = ("J18.9", "N390", "N391", "S720", "S710", "R630", "R635", "E11", "I50", "a09", None, "T02", "J189X")
EMERGENCIES = {"21", "22", "23", "24", "25", "28", "2A", "2B", "2C", "2D"}
LISTED = ("J18.9", "N390", "S720", "R630", "E11", "A09", "T02", "J189X")
EVENT_TYPES = pa.schema([
    ("location_id", pa.string()), ("person", pa.string()), ("spell", pa.int64()), ("episode", pa.int32()),
    ("admitted", pa.date32()), ("discharged", pa.date32()), ("method", pa.string()), ("diagnosis", pa.string()),
])  # fmt: skip
STAY_TYPES = pa.schema([("location_id", pa.string()), ("moved_in", pa.date32()), ("moved_out", pa.date32())])
HOMES = [f"h{n}" for n in range(8)]
"""h1 was h0 before; h6 has stays and no admission; h7 admissions and no stays; x is known to no CQC file."""


def drawn(seed: int, people: int = 300) -> tuple[list[dict], list[dict]]:
    """Records and stays."""
    rng = np.random.default_rng(seed)
    events, stays, spell = [], [], 0
    for person in range(people):
        home = str(rng.choice([*HOMES, "x"]))
        begins = FIRST + timedelta(int(rng.integers(-200, DAYS)))
        ends = begins + timedelta(int(rng.integers(-2, 300)))
        if home != "h7":
            stays.append({"location_id": home, "moved_in": begins, "moved_out": ends if rng.random() < 0.7 else None})
        if home == "h6":
            continue
        day = max(begins, FIRST)
        for _ in range(rng.integers(0, 8)):
            day += timedelta(int(rng.integers(0, 20)))
            spell += 1
            stay = None if rng.random() < 0.1 else day + timedelta(int(rng.integers(0, 12)))
            row = {"location_id": home, "person": f"p{person}", "spell": spell, "episode": 1, "admitted": day,
                   "discharged": stay, "method": METHODS[rng.integers(len(METHODS))],
                   "diagnosis": DIAGNOSES[rng.integers(len(DIAGNOSES))]}  # fmt: skip
            events.append(row)
            events += [{**row, "episode": 2, "method": "21"}] * int(rng.random() < 0.3)
            events += [row] * int(rng.random() < 0.1)
            if rng.random() < 0.05:
                events.append({**row, "episode": None, str(rng.choice(["person", "location_id", "admitted"])): None})
    return [events[k] for k in rng.permutation(len(events))], stays


def write(folder, events: list[dict], stays: list[dict]):
    """Write them as files: records in three parts."""
    (folder / "events").mkdir()
    for part in range(3):
        pq.write_table(pa.Table.from_pylist(events[part::3], EVENT_TYPES), folder / "events" / f"part-{part}.parquet")
    pq.write_table(pa.Table.from_pylist(stays, STAY_TYPES), folder / "stays.parquet")
    return folder / "events", folder / "stays.parquet"


def homes() -> Store:
    """What CQC files say of the homes."""
    store = Store.in_memory()
    rows = [{"location_id": home, "name": f"Home {home}", "beds": 30, "nursing": home == "h2", "residential": True,
             "area_name": "Devon", "region": "South West", "provider_id": "p"} for home in HOMES]  # fmt: skip
    link = {"location_id": "h1", "related_id": "h0", "kind": "predecessor", "reason": "New Provider"}
    store.load(reading("cqc.csv", locations=frame("locations", *rows), links=frame("links", link)))
    return store


def by_hand(events: list[dict], stays: list[dict]) -> tuple[pd.DataFrame, dict[str, int]]:
    """Count the panel person by person and day by day, and where the rows went."""
    went, of = Counter(), defaultdict(list)
    for row in events:
        if aside := _aside(row):
            went[aside] += 1
        else:
            of[row["person"]].append({**row, "method": row["method"].strip().upper()})
    counts = defaultdict(Counter)
    for rows in of.values():
        _count(rows, counts)
    last = max(month for _, month in counts)
    days = _days(stays, date(last.year, last.month, monthrange(last.year, last.month)[1]))
    first, rows = min(month for _, month in counts), []
    for unit in sorted({unit for unit, _ in counts}):
        for month in sorted({month for _, month in (*counts, *days)}):
            if first <= month <= last and days[unit, month]:
                told = {name: counts[unit, month][name] for name in ("count", "avoidable", "planned")}
                rows.append({"unit": unit, "month": month, **told, "exposure": days[unit, month]})
    for (unit, month), cell in counts.items():
        went["counted" if days[unit, month] else "outside"] += cell["count"] + cell["planned"]
        went["repeated"] += cell["repeated"]
        went["continued"] += cell["continued"]
    return pd.DataFrame(rows), {"rows_read": len(events), **went}


def _aside(row: dict) -> str:
    if (row["episode"] or 1) > 1:
        return "later_episodes"
    if None in (row["location_id"], row["person"], row["admitted"]):
        return "without_home_person_or_day"
    known = (row["method"] or "").strip().upper() in EMERGENCIES | {"11", "12", "31", "81"}
    return "" if known else "unknown_methods"


def _count(rows: list[dict], counts: dict) -> None:
    """One person's admissions, in order."""
    seen, left = set(), None
    for row in sorted(rows, key=lambda row: (row["admitted"], row["discharged"] or row["admitted"], row["spell"])):
        key = row["spell"], row["admitted"], row["discharged"]
        transfer = row["method"] in ("2B", "81")
        cell = counts[_home(row), row["admitted"].replace(day=1)]
        if key in seen:
            cell["repeated"] += 1
        elif left and (left > row["admitted"] or (transfer and (row["admitted"] - left).days <= 2)):
            cell["continued"] += 1
        else:
            emergency = row["method"] in EMERGENCIES
            cell["count" if emergency else "planned"] += 1
            cell["avoidable"] += emergency and (row["diagnosis"] or "").upper() in LISTED
        seen.add(key)
        left = max(filter(None, (left, row["discharged"])), default=None)


def _home(row: dict) -> str:
    return "h1" if row["location_id"] == "h0" else row["location_id"]


def _days(stays: list[dict], end: date) -> Counter:
    days = Counter()
    for stay in stays:
        day = stay["moved_in"]
        while day <= end and (stay["moved_out"] is None or day < stay["moved_out"]):
            days[_home(stay), day.replace(day=1)] += 1
            day += timedelta(1)
    return days
