"""What does a country of care homes look like, at the size at which it is real, its truth known?

15,000 homes over 120 months: who lived where, 20 million hospital records with what real ones have (later episodes,
rows that stand there again, transfers that are no new admission, methods that nobody knows, homes registered anew
under another number), and some 75,000 ratings. One home in ten has a programme, by lot, which keeps
`EFFECT` of its emergency admissions from its start on: nothing else of those homes is touched.

It is drawn and written home by home in portions, so that it never stands in memory; the same seed gives the same
files. What is true is counted beside it another way than any engine would: days of residence day by day, admissions as
they were drawn. Rates are those of `simulate.rates`; how many records are planned or later episodes is a judgement.
"""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.simulate import rates
from analysis.simulate.documents import api_documents
from analysis.simulate.inspections import Timetable, inspect_homes

SEED = 20261128
PORTION = 500
"""Homes drawn at once: about 700,000 records, a few hundred megabytes."""
EFFECT = 0.85
FIRST = np.datetime64("2016-01-01")
NEVER = -(10**9)
"""A day before any: from then on a home that was not registered anew stood under its number."""
REGIONS = ("North East", "North West", "Yorkshire and the Humber", "East Midlands", "West Midlands", "East of England",
           "London", "South East", "South West")  # fmt: skip
COUNCILS = 150
ABREAST, COUNCIL_DEGREES = 15, 0.4
"""Councils side by side from west to east, and how wide each is: 44 km, so that the country is about as large as
England; homes crowd in the middle of each, as in a town."""
EMERGENCIES = ("21", "22", "2A", "28", "23")
LISTED = ("J189", "N390", "S7200", "J440", "E119", "L890", "R630", "J22X", "A099", "T08X")
NOT_LISTED = ("I500", "I639", "R55X", "R074", "K922", "F059", "A419", "N179", "G409", "R296", "Z491", "C349", "H259")
PLANNED_A_YEAR, ANOTHER_EPISODE, TRANSFERRED, AGAIN, UNKNOWN = 1.33, 0.52, 0.06, 0.005, 0.002
"""Planned admissions per resident-year (day cases, most of them dialysis); chances of another episode, of a transfer,
of a row that stands there again, of a method that nobody knows."""
NIGHTS, LIVED, EMPTY = 6.0, 790.0, 25.0
"""Mean nights of a stay in hospital; mean days that a resident lives in a home, and that a place is empty after."""
APART = 3
"""Days between two stays of one person in hospital: nearer ones would be one stay by the rule, and are not drawn."""
PLACES = 24
"""Residents drawn for each place, one after the other; more than ever come."""
PARTS = {"events": ".parquet", "stays": ".parquet", "truth": ".parquet", "documents": ".jsonl.gz"}
"""Folders that are written in parts, and how their files are called."""
PROTOCOL = """title = "National programme (synthetic)"

[intervention]
name = "national_programme"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """How large it is."""

    homes: int = 15_000
    months: int = 120
    seed: int = SEED

    @property
    def until(self) -> np.datetime64:
        """The day after the last."""
        return (FIRST.astype("datetime64[M]") + self.months).astype("datetime64[D]")

    @property
    def days(self) -> int:
        """From the first to the last."""
        return int((self.until - FIRST).astype(int))


def write_england(folder: Path, country: Country = Country()) -> tuple[Path, ...]:
    """Write a country into a folder: events, stays and truth in parts, CQC documents, starts, a protocol.

    A part is written beside its place and renamed, so that one that is there is whole; run again after an interruption
    it writes what is missing.
    """
    for name in PARTS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    homes = register(country)
    for first in range(0, country.homes, PORTION):
        paths = {name: folder / name / f"part-{first // PORTION:03}{kind}" for name, kind in PARTS.items()}
        if not all(path.exists() for path in paths.values()):
            _write(portion(country, homes.iloc[first : first + PORTION], first), paths)
    documents = [path.read_bytes() for path in sorted((folder / "documents").glob("part-*.gz"))]
    files = {
        "cqc_locations.jsonl.gz": b"".join(documents),  # parts of a gzip one after the other are one
        "interventions.csv": _starts(homes),
        "protocol.toml": PROTOCOL.encode(),
        "truth.json": json.dumps({"rate_ratio": EFFECT, "seed": country.seed}).encode(),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return (*(folder / name for name in PARTS), *(folder / name for name in files))


def _write(drawn: dict, paths: dict[str, Path]) -> None:
    for name, path in paths.items():
        beside = path.with_name(path.name + ".new")
        if isinstance(drawn[name], bytes):
            beside.write_bytes(drawn[name])
        else:
            pq.write_table(drawn[name], beside)
        beside.replace(path)


def register(country: Country) -> pd.DataFrame:
    """Draw the homes: what `documents.api_documents` describes, and when the programme began (−1: never), by day."""
    rng, n = np.random.default_rng([country.seed, 1]), country.homes
    nursing = rng.random(n) < 0.28
    council = rng.integers(0, COUNCILS, n)
    month = np.arange(country.months)
    starts = np.where(rng.random(n) < 0.1, rng.choice(month[country.months // 3 : -country.months // 4], n), -1)
    again = np.where(rng.random(n) < 0.1, rng.choice(month[12:-12], n), -1)
    number = np.arange(n)
    first = FIRST.astype("datetime64[M]")
    return pd.DataFrame({
        "location_id": [f"1-{990_000_000 + k}" for k in number], "earlier_id": [f"1-{970_000_000 + k}" for k in number],
        "name": [f"Invented Home {k}" for k in number], "town": "Nowhere", "nursing": nursing,
        "older_people": True, "dementia": rng.random(n) < 0.6,
        "provider_id": [f"1-{980_000_000 + k // 3}" for k in number],
        "beds": np.maximum(4, np.round(rng.gamma(3.2, 11.5, n))).astype(int),
        "postcode": [f"ZZ{k % 90 + 1} {k % 9 + 1}ZZ" for k in number], "council": council,
        "region": np.take(REGIONS, council % len(REGIONS)), **_places(country, council),
        "first_registered": pd.Timestamp("2011-06-01"), "observed_earlier": again >= 0,
        "reregistered": np.where(again >= 0, (first + again).astype("datetime64[s]"), np.datetime64("NaT")),
        "reason": "New Provider", "closed": pd.NaT, "start": starts, "again": again,
    })  # fmt: skip


def _places(country: Country, council: np.ndarray) -> dict[str, np.ndarray]:
    """Lay councils beside one another in the Gulf of Guinea, where no home is: drawn so that nothing else changes."""
    rng = np.random.default_rng([country.seed, 4])
    middle = np.stack([council // ABREAST, council % ABREAST]) * COUNCIL_DEGREES + (0.1 + COUNCIL_DEGREES / 2)
    spread = np.clip(rng.normal(0, COUNCIL_DEGREES / 5, middle.shape), -COUNCIL_DEGREES / 2, COUNCIL_DEGREES / 2)
    latitude, longitude = np.round(middle + spread, 6)
    return {"latitude": latitude, "longitude": longitude}


def truth(country: Country, homes: pd.DataFrame, first: int) -> pa.Table:
    """Draw what is true of some homes, as `portion` does, and nothing of how it is recorded: seconds for them all."""
    rng = np.random.default_rng([country.seed, 2, first])
    lived = _lived(rng, country, homes)
    return _truth(country, homes, _spells(rng, country, homes, lived), lived)


def portion(country: Country, homes: pd.DataFrame, first: int) -> dict[str, pa.Table | bytes]:
    """Draw the stays, the records and the truth of some homes."""
    rng = np.random.default_rng([country.seed, 2, first])
    home, begins, ends = _lived(rng, country, homes)
    spells = _spells(rng, country, homes, (home, begins, ends))
    person = np.array([f"P{first:05}{k:06}" for k in range(len(home))])
    return {
        "stays": pa.table({
            "location_id": _registered(homes, home, begins), "person": person,
            "moved_in": _dates(begins), "moved_out": _dates(ends, ends > country.days),
        }),
        "events": _records(rng, homes, spells, (home, person), first),
        "truth": _truth(country, homes, spells, (home, begins, ends)),
        "documents": _documents(country, homes, first),
    }  # fmt: skip


def _lived(rng: np.random.Generator, country: Country, homes: pd.DataFrame) -> tuple[np.ndarray, ...]:
    """Home (position), day of moving in and of moving out of every stay, in days from the first.

    A home registered anew keeps its residents: their stays go on under the number under which they began.
    """
    places = np.repeat(np.arange(len(homes)), np.maximum(1, np.round(homes["beds"] * 0.9)).astype(int))
    lengths = np.maximum(1, np.round(rng.exponential(LIVED, (len(places), PLACES))))
    empty = np.round(rng.exponential(EMPTY, lengths.shape))
    ends = np.cumsum(lengths + empty, axis=1) - empty - np.round(rng.exponential(LIVED, len(places)))[:, None]
    begins = ends - lengths
    there = (ends > 0) & (begins < country.days)
    home = np.broadcast_to(places[:, None], there.shape)[there]
    return home, begins[there].astype(int), ends[there].astype(int)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Spells:
    """Stays in hospital: row of the resident, day, day of discharge, kind, whether and when moved elsewhere (or −1)."""

    stay: np.ndarray
    day: np.ndarray
    left: np.ndarray
    emergency: np.ndarray
    listed: np.ndarray
    moved: np.ndarray
    left_there: np.ndarray


def _spells(rng, country: Country, homes: pd.DataFrame, lived: tuple[np.ndarray, ...]) -> _Spells:
    """Draw stays in hospital: as without the programme, of which it then keeps a part from happening."""
    home, begins, ends = lived
    type_rate = np.where(homes["nursing"], rates.NURSING_PER_RESIDENT_YEAR, rates.RESIDENTIAL_PER_RESIDENT_YEAR)
    own = type_rate * rates.home_multipliers(rng, len(homes), 0.41)
    months = FIRST.astype("datetime64[M]") + np.arange(country.months)
    calendar = rates.winter_and_trend(months)
    day = FIRST + np.arange(country.days)
    month_of = (day.astype("datetime64[M]") - months[0]).astype(int)
    opens, shuts = np.maximum(begins, 0), np.minimum(ends, country.days)
    length = shuts - opens
    rate = (own * calendar.max())[home] + PLANNED_A_YEAR
    n = rng.poisson(length * rate / rates.DAYS_PER_YEAR)
    stay = np.repeat(np.arange(len(home)), n)
    at = opens[stay] + (rng.random(len(stay)) * length[stay]).astype(int)
    emergency = rng.random(len(stay)) * rate[stay] >= PLANNED_A_YEAR
    there = ~emergency | (rng.random(len(stay)) * calendar.max() < calendar[month_of[at]])
    left = at + np.where(emergency, rng.geometric(1 / NIGHTS, len(stay)), rng.geometric(0.7, len(stay)) - 1)
    moved = np.where(emergency & (rng.random(len(stay)) < TRANSFERRED), left + rng.integers(0, 3, len(stay)), -1)
    moved = np.where(moved < country.days, moved, -1)  # what begins after the last day is not known
    left_there = np.where(moved >= 0, moved + rng.geometric(1 / NIGHTS, len(stay)), left)
    order = np.lexsort((at, stay))
    order = order[there[order]]
    stay, at, end = stay[order], at[order], left_there[order]
    apart = stay * 10_000_000  # residents are set so far apart that no stay reaches into the next one's
    reached = np.concatenate([[-1], np.maximum.accumulate(end + apart)[:-1]])
    keep = at + apart >= reached + APART
    start = homes["start"].to_numpy()[home[stay]]
    helped = emergency[order] & (start >= 0) & (month_of[at] >= start)
    keep &= ~helped | (rng.random(len(stay)) < EFFECT)
    order = order[keep]
    return _Spells(stay=stay[keep], day=at[keep], left=left[order], emergency=emergency[order],
                   listed=rng.random(len(order)) < 0.35, moved=moved[order], left_there=left_there[order])  # fmt: skip


def _records(rng, homes: pd.DataFrame, spells: _Spells, lived: tuple, first: int) -> pa.Table:
    """Write out spells as hospitals do: an episode a row, the second hospital's too, some twice, in no order."""
    home, person = lived
    n, moved = len(spells.stay), np.flatnonzero(spells.moved >= 0)
    which = np.concatenate([np.arange(n), moved])
    admitted = np.concatenate([spells.day, spells.moved[moved]])
    left = np.concatenate([spells.left, spells.left_there[moved]])
    there = spells.emergency[which]
    method = np.where(there, rng.choice(EMERGENCIES, len(which)), rng.choice(("11", "12", "13"), len(which)))
    method[n:] = rng.choice(("2B", "81"), len(moved))
    code = np.where(spells.listed[which], rng.choice(LISTED, len(which)), rng.choice(NOT_LISTED, len(which)))
    episodes = rng.geometric(1 - ANOTHER_EPISODE, len(which))
    row = np.repeat(np.arange(len(which)), episodes)
    episode = np.arange(len(row)) - np.repeat(np.cumsum(episodes) - episodes, episodes) + 1
    later = episode > 1
    code = code[row].astype("U5")
    code[later] = rng.choice(NOT_LISTED, later.sum())
    method = method[row]
    twice = np.flatnonzero(~later & (rng.random(len(row)) < AGAIN))
    odd = rng.integers(0, len(row), int(UNKNOWN * len(row)))
    every = rng.permutation(np.concatenate([np.arange(len(row)), twice, odd + len(row) * 2]))
    unknown = every >= len(row) * 2
    every = np.where(unknown, every - len(row) * 2, every)
    stay = spells.stay[which[row[every]]]
    return pa.table({
        "location_id": _registered(homes, home[stay], admitted[row[every]]), "person": pa.array(person[stay]),
        "spell": pa.array(first * 1_000_000 + row[every]),
        "episode": pa.array(np.where(unknown, 1, episode[every]).astype(np.int32)),
        "admitted": _dates(admitted[row[every]]), "discharged": _dates(left[row[every]]),
        "method": pa.array(np.where(unknown, "99X", method[every])).dictionary_encode().cast(pa.string()),
        "diagnosis": pa.array(code[every]),
    })  # fmt: skip


def _registered(homes: pd.DataFrame, home: np.ndarray, day: np.ndarray) -> pa.Array:
    """Under which number each home stood on each day."""
    again = homes["again"].to_numpy()
    months = FIRST.astype("datetime64[M]") + np.maximum(again, 0)
    from_day = np.where(again >= 0, (months.astype("datetime64[D]") - FIRST).astype(int), NEVER)
    both = pa.array([*homes["location_id"], *homes["earlier_id"]])
    return both.take(pa.array(home + len(homes) * (day < from_day[home])))


def _dates(day: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    return pa.array((day + FIRST.astype(int)).astype(np.int32), mask=missing).cast(pa.date32())


def _truth(country: Country, homes: pd.DataFrame, spells: _Spells, lived: tuple) -> pa.Table:
    """Count as drawn: admissions of each kind, and days of residence by running over the days."""
    home, begins, ends = lived
    shape = len(homes), country.days + 1
    change = np.zeros(shape, np.int64)
    np.add.at(change, (home, np.maximum(begins, 0)), 1)
    np.add.at(change, (home, np.clip(ends, 0, country.days)), -1)
    months = FIRST.astype("datetime64[M]") + np.arange(country.months)
    edges = (months.astype("datetime64[D]") - FIRST).astype(int)
    days = np.add.reduceat(np.cumsum(change, axis=1)[:, :-1], edges, axis=1)
    month = np.searchsorted(edges, spells.day, side="right") - 1
    cell = home[spells.stay] * country.months + month
    kinds = {"count": spells.emergency, "avoidable": spells.emergency & spells.listed, "planned": ~spells.emergency}
    counts = {name: np.bincount(cell[of], minlength=days.size) for name, of in kinds.items()}
    known = days.ravel() > 0
    unit = pa.array([*homes["location_id"]]).take(pa.array(np.flatnonzero(known) // country.months))
    month_days = _dates(np.tile(edges, len(homes))[known])
    return pa.table({"unit": unit, "month": month_days, **{name: count[known] for name, count in counts.items()},
                     "exposure": days.ravel()[known]})  # fmt: skip


def _documents(country: Country, homes: pd.DataFrame, first: int) -> bytes:
    """Describe some homes as the CQC does, with their ratings."""
    seeds = [np.random.SeedSequence([country.seed, 3, first + k]) for k in range(len(homes))]
    homes = homes.reset_index(drop=True)
    inspections = inspect_homes(seeds, [Timetable(until=country.until)] * len(homes)).assign(closes=None)
    council = dict(zip(homes["location_id"], homes["council"], strict=True))
    council |= dict(zip(homes["earlier_id"], homes["council"], strict=True))
    lines = []
    for document in api_documents(homes, inspections):
        k = council[document["locationId"]]
        place = {"region": REGIONS[k % len(REGIONS)], "localAuthority": f"Council {k:03}"}
        lines.append(json.dumps(document | place))
    return gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0)


def _starts(homes: pd.DataFrame) -> bytes:
    """Who had the programme from which day, as a file of interventions."""
    own = homes[homes["start"] >= 0]
    start = (FIRST.astype("datetime64[M]") + own["start"].to_numpy()).astype("datetime64[D]").astype(str)
    frame = pd.DataFrame({"location_id": own["location_id"], "intervention": "national_programme", "start": start,
                          "end": "", "dose": 1, "chosen_by": "by lot", "chosen_from": "", "chosen_to": ""})  # fmt: skip
    return frame.to_csv(index=False, lineterminator="\n").encode()
