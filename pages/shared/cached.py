"""What is loaded, for whom, and what has been worked out from it?

A visitor's own files live in a store in memory that belongs to the visitor's session, and what is worked out from them
is cached for that session only. The sample, and a store opened with `homeward app --store`, are shared and only read.
Memory is keyed by the store's digest and by what is asked in words, such as a protocol's text, never by frames:
Streamlit looks at a sample of the rows of a large frame and would answer from the wrong one.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import pandas as pd
import streamlit as st

from analysis.evaluation import Evaluation, Material, carry_out_ready, checks_of, material
from analysis.inspections import Inspections, Services
from analysis.outcomes import EMERGENCIES, Outcome, Ratings
from analysis.plans.past import Past, past_of
from analysis.protocol import Protocol
from analysis.registrations import stored_registrations
from analysis.results import Check
from analysis.sources import read
from analysis.store import Store
from pages.shared.turns import Answers, apart

T = TypeVar("T")
SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
SAMPLE_FILES = (
    "cqc_api_locations.jsonl.gz",
    "cqc_latest_ratings.csv",
    "emergency_admissions.csv",
    "resident_days.csv",
    "interventions.csv",
)
"""In the order in which they are loaded."""
COUNCIL_FILES = ("delayed_transfers.csv", "permanent_admissions.csv")

COUNTED = ("Homes with an admission", "Monthly counts of admissions")
"""Kinds of fact that count admissions, as `coverage` names them."""

OWN = "own_store"
"""Where a visitor's own store stands in the session."""

MOST_SHARED, MOST_OWN = 100, 60
"""Answers remembered of data that visitors share, and of one visitor's own files."""
SERVICES = "services"
CARE_HOMES: Services = "care homes"
"""Where the session keeps which rated services are looked at, and which are where nothing was asked."""

COVERAGE = """
SELECT 'Homes with an admission' AS source, date_trunc('month', admitted)::DATE AS month,
    count(DISTINCT location_id) AS homes
FROM admission_events GROUP BY ALL
UNION ALL SELECT 'Monthly counts of admissions', month, count(DISTINCT location_id) FROM admission_counts GROUP BY ALL
UNION ALL SELECT 'Bed-days', month, count(DISTINCT location_id) FROM occupancy GROUP BY ALL
UNION ALL SELECT 'Ratings published', date_trunc('month', published)::DATE, count(DISTINCT location_id)
FROM ratings WHERE published IS NOT NULL GROUP BY ALL
ORDER BY ALL
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loaded:
    """The data behind a page.

    Parameters
    ----------
    store : Store
        Where it is.
    name : str
        What it is called.
    digest : str
        SHA-256 of what the store says.
    own : bool
        Whether it belongs to this visitor alone.
    synthetic : bool
        Whether it is the sample.
    answers : Answers
        What has been worked out from it.
    services : "care homes" or "any"
        Which rated services are looked at: care homes, unless the visitor asked for every service.
    """

    store: Store
    name: str
    digest: str
    own: bool = False
    synthetic: bool = False
    answers: Answers = field(default_factory=lambda: Answers(MOST_SHARED))
    services: Services = CARE_HOMES


def loaded() -> Loaded:
    """Give the data behind the page, and which services of it the visitor looks at."""
    return replace(_loaded(), services=st.session_state.get(SERVICES) or CARE_HOMES)


def _loaded() -> Loaded:
    """Give the visitor's own data where there are some, else the store the app was opened on, else the sample."""
    own = st.session_state.get(OWN)
    if own is not None:
        return Loaded(store=own, name="your own files", digest=own.digest(), own=True, answers=_own_answers())
    return shared()


_SHARED = Answers(3)
"""What every visitor shares: the sample, its councils, and the store the app was opened on."""


def shared() -> Loaded:
    """Give the store the app was opened on, else the sample."""
    if path := os.environ.get("HOMEWARD_STORE"):
        # nanoseconds of the last change make a store that was loaded into since a new one
        changed = Path(path).stat().st_mtime_ns if Path(path).exists() else 0
        return _SHARED.of((path, changed), lambda: _opened(path))
    return _SHARED.of("sample", lambda: of_the_sample(SAMPLE_FILES, "the sample county"))


def sample_councils() -> Loaded:
    """Give the sample's councils, which are loaded when they are first asked for."""
    return _SHARED.of("councils", lambda: of_the_sample(COUNCIL_FILES, "the sample councils"))


def of_the_sample(files: tuple[str, ...], called: str) -> Loaded:
    """Load files of the sample."""
    store = Store.in_memory()
    for name in files:
        store.load(read(name, SAMPLE / name))
    return Loaded(store=store, name=called, digest=store.digest(), synthetic=True)


def _opened(path: str) -> Loaded:
    store = Store(path)
    return Loaded(store=store, name=Path(path).name, digest=store.digest())


@st.cache_resource(show_spinner=False, scope="session")
def _own_answers() -> Answers:
    return Answers(MOST_OWN)


def remembered(data: Loaded, asked: tuple[str, ...], work: Callable[[], T]) -> T:
    """Work something out once for what is asked of these data.

    Parameters
    ----------
    asked : tuple of str
        What is asked; with the data's digest, all that the answer may depend on.
    """
    looked_at = () if data.services == CARE_HOMES else (data.services,)
    return data.answers.of((data.digest, *looked_at, asked), work)


def released(data: Loaded) -> str:
    """Give the digest that is handed on with what was made of the data: of all that was loaded but counts of people.

    From one of the counts themselves, who knows a small store but for one count could find it by trying.
    """
    return remembered(data, ("released",), lambda: data.store.digest(counts=False))


def other_services(data: Loaded) -> int:
    """Count services of social care that are no care homes."""
    return remembered(data, ("other services",), lambda: _other_services(data.store))


def _other_services(store: Store) -> int:
    return int((store.table("locations")["care_home"].astype("boolean") == False).sum())  # noqa: E712 - missing is not False


def evaluation(data: Loaded, protocol: Protocol, listed: pd.DataFrame | None = None) -> Evaluation:
    """Carry out a protocol, or remember it.

    Parameters
    ----------
    listed : DataFrame, optional
        Homes that had its intervention beside those of the store: spells, as in a file of interventions.
    """

    def work() -> Evaluation:
        given = _material(data, protocol.outcome)
        if listed is not None:
            given = replace(given, spells=pd.concat([given.spells, listed], ignore_index=True))
        return apart(carry_out_ready, protocol, given)

    return remembered(data, ("evaluation", protocol.to_toml(), "" if listed is None else listed.to_csv()), work)


def doubts(data: Loaded, protocol: Protocol) -> tuple[Check, ...]:
    """Examine the doubts about an evaluation, or remember them."""
    asked = evaluation(data, protocol)
    return remembered(data, ("doubts", protocol.to_toml()), lambda: apart(checks_of, asked))


def _material(data: Loaded, outcome: Outcome) -> Material:
    if isinstance(outcome, Ratings):  # every rating of every home, whatever is asked of them
        outcome = Ratings(services=outcome.services)
    return remembered(data, ("material", repr(outcome)), lambda: material(data.store, outcome))


def inspections(data: Loaded) -> Inspections:
    """Give every rating of every home, or remember it."""
    return _material(data, Ratings(services=data.services)).observed


def past(data: Loaded) -> Past:
    """Give the panel and what was tried in it, or remember it."""
    return remembered(data, ("past",), lambda: past_of(_material(data, EMERGENCIES)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facts:
    """What is loaded, counted once.

    Parameters
    ----------
    coverage : DataFrame
        Homes with data by kind of fact and month: source, month, homes.
    homes : int
        Several registrations of one home being one.
    interventions : DataFrame
        intervention, homes, first and last start; the largest first.
    """

    coverage: pd.DataFrame
    homes: int
    interventions: pd.DataFrame


def facts(data: Loaded) -> Facts:
    """Count what is loaded, or remember it."""
    return remembered(data, ("facts",), lambda: _facts(data.store))


def _facts(store: Store) -> Facts:
    with store.reading() as connection:
        covered = connection.execute(COVERAGE).df()
    locations = store.table("locations")
    care_homes = locations.loc[locations["care_home"].astype("boolean").fillna(True).to_numpy(bool)]
    homes = len(set(stored_registrations(store).of(care_homes["location_id"])))
    found = (
        store.table("interventions")
        .groupby("intervention", as_index=False)
        .agg(homes=("location_id", "nunique"), first=("started", "min"), last=("started", "max"))
    )
    given = found.sort_values(["homes", "intervention"], ascending=[False, True], ignore_index=True)
    return Facts(coverage=covered, homes=homes, interventions=given)


def holds(data: Loaded) -> set[str]:
    """Name the tables of the store that have rows."""
    names = ("admission_events", "admission_counts", "occupancy", "interventions", "ratings", "area_outcomes")
    return remembered(data, ("holds",), lambda: {name for name in names if len(data.store.table(name))})


def coverage(data: Loaded) -> pd.DataFrame:
    """Count the homes with data by kind of fact and month: source, month, homes."""
    return facts(data).coverage


def months_counted(data: Loaded) -> list[str]:
    """List the months with admissions, such as "2019-01"."""
    covered = facts(data).coverage
    return sorted({f"{month:%Y-%m}" for month in covered.loc[covered["source"].isin(COUNTED), "month"]})


def homes(data: Loaded) -> int:
    """Count homes, several registrations of one home being one."""
    return facts(data).homes


def interventions(data: Loaded) -> pd.DataFrame:
    """Count the homes of each intervention and find its first and last start, the largest first."""
    return facts(data).interventions
