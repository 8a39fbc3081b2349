"""What is loaded, for whom, and what has been worked out from it?

A visitor's own files live in a store in memory that belongs to the visitor's session, and what is worked out from them
is cached for that session only. The sample, and a store opened with `homeward app --store`, are shared and only read.
Memory is keyed by the store's digest and by what is asked in words, such as a protocol's text, never by frames:
Streamlit looks at a sample of the rows of a large frame and would answer from the wrong one.
"""

import os
import pickle
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analysis.inspections import Services
from analysis.outcomes import EMERGENCIES, Outcome, Ratings
from analysis.protocol import Protocol
from analysis.registrations import homes_of
from analysis.store import Store, contents, disk_cache, sample
from analysis.store.sample import COUNCIL_FILES, RESIDENT_FILES, SAMPLE_FILES
from pages.shared.access import note
from pages.shared.own_files import OWN
from pages.shared.turns import Answers

if TYPE_CHECKING:  # a second to import all of it, which a page that shows what was kept need not wait for
    from analysis.evaluation import Evaluation, Material
    from analysis.inspections import Inspections
    from analysis.plans.homes import KnownHomes
    from analysis.plans.monitored import Watchable
    from analysis.plans.past import Past

T = TypeVar("T")

MOST_SHARED, MOST_OWN = 100, 60
"""Answers remembered of data that visitors share, and of one visitor's own files."""
SERVICES = "services"
CARE_HOMES: Services = "care homes"
"""Where the session keeps which rated services are looked at, and which are where nothing was asked."""


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
    earlier : mapping
        What had been worked out from it before this start.
    services : "care homes" or "any"
        Which rated services are looked at: care homes, unless the visitor asked for every service.
    """

    store: Store
    name: str
    digest: str
    own: bool = False
    synthetic: bool = False
    answers: Answers = field(default_factory=lambda: Answers(MOST_SHARED))
    earlier: disk_cache.Known = field(default_factory=dict)
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


_SHARED = Answers(4)
"""What every visitor shares: the sample, its councils, its residents, and the store the app was opened on."""


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


def sample_residents() -> Loaded:
    """Give the sample's residents, which are loaded when they are first asked for."""
    return _SHARED.of("residents", lambda: of_the_sample(RESIDENT_FILES, "the sample residents"))


DIGEST = "digest"
"""What is kept beside the answers: the digest of what the store says, which takes as long as to open it."""


def of_the_sample(files: tuple[str, ...], called: str) -> Loaded:
    """Load files of the sample, or take what was kept of them."""
    store, known = sample.stored(files)
    digest = pickle.loads(known[DIGEST]) if DIGEST in known else store.digest()
    return Loaded(store=store, name=called, digest=digest, synthetic=True, earlier=known)


def _opened(path: str) -> Loaded:
    store = Store(path)
    return Loaded(store=store, name=Path(path).name, digest=store.digest())


@st.cache_resource(show_spinner=False, scope="session")
def _own_answers() -> Answers:
    return Answers(MOST_OWN)


def remembered(data: Loaded, asked: tuple[Hashable, ...], work: Callable[[], T]) -> T:
    """Work something out once for what is asked of these data.

    Parameters
    ----------
    asked : tuple of str
        What is asked; with the data's digest, all that the answer may depend on.
    """
    key = _key(data, asked)
    return data.answers.of(key, lambda: pickle.loads(data.earlier[key]) if key in data.earlier else work())


def worked_out(data: Loaded, asked: tuple[Hashable, ...]) -> bool:
    """Whether something has been worked out already, so that nobody need wait for it."""
    key = _key(data, asked)
    return key in data.earlier or data.answers.has(key)


def _key(data: Loaded, asked: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    looked_at = () if data.services == CARE_HOMES else (data.services,)
    return (data.digest, *looked_at, asked)


def released(data: Loaded) -> str:
    """Give the digest that is handed on with what was made of the data: of all that was loaded but counts of people.

    From one of the counts themselves, who knows a small store but for one count could find it by trying.
    """
    return remembered(data, ("released",), lambda: data.store.digest(counts=False))


def placed(data: Loaded) -> str:
    """Tell stores apart that differ in nothing but where homes lie, of which their digest knows nothing."""
    return data.store.digest_of("places")


def other_services(data: Loaded) -> int:
    """Count services of social care that are no care homes."""
    return remembered(data, ("other services",), lambda: contents.other_services(data.store))


def evaluation(data: Loaded, protocol: Protocol, listed: pd.DataFrame | None = None) -> "Evaluation":
    """Carry out a protocol, or remember it.

    Parameters
    ----------
    listed : DataFrame, optional
        Homes that had its intervention beside those of the store: spells, as in a file of interventions.
    """

    def work() -> "Evaluation":
        from analysis.evaluation import carry_out_ready  # noqa: PLC0415 - as above

        return carry_out_ready(protocol, given_for(data, protocol.outcome, listed))

    if get_script_run_ctx(suppress_warning=True):  # for somebody, not beforehand
        note("ran", protocol.digest)
    return remembered(data, ("evaluation", *asked_of(protocol, listed)), work)


def asked_of(protocol: Protocol, listed: pd.DataFrame | None = None) -> tuple[str, str]:
    """Say all that an evaluation depends on beside the data."""
    return protocol.to_toml(), "" if listed is None else listed.to_csv()


def given_for(data: Loaded, outcome: Outcome, listed: pd.DataFrame | None = None) -> "Material":
    """Give the same as `material_for`, with homes of a list beside those of the store."""
    given = material_for(data, outcome)
    if listed is None:
        return given
    return replace(given, spells=pd.concat([given.spells, listed], ignore_index=True))


def material_for(data: Loaded, outcome: Outcome) -> "Material":
    """Give what questions of this outcome are carried out on, or remember it."""
    if isinstance(outcome, Ratings):  # every rating of every home, whatever is asked of them
        outcome = Ratings(services=outcome.services)

    def work() -> "Material":
        from analysis.evaluation import material  # noqa: PLC0415 - as above

        return material(data.store, outcome)

    return remembered(data, ("material", repr(outcome)), work)


def inspections(data: Loaded) -> "Inspections":
    """Give every rating of every home, or remember it."""
    return material_for(data, Ratings(services=data.services)).observed


def past(data: Loaded) -> "Past":
    """Give the panel and what was tried in it, or remember it."""
    from analysis.plans.past import past_of  # noqa: PLC0415 - as above

    return remembered(data, ("past",), lambda: past_of(material_for(data, EMERGENCIES)))


def watched(data: Loaded) -> "Watchable":
    """Give what is watched in the data, or remember it."""
    from analysis.plans.monitored import seen  # noqa: PLC0415 - as above

    return remembered(data, ("watched",), lambda: seen(material_for(data, EMERGENCIES)))


def homes_known(data: Loaded) -> "KnownHomes":
    """Give what is known of every home, or remember it."""
    from analysis.plans.homes import Readings, stored_homes  # noqa: PLC0415 - as above

    by = Readings(
        inspections=lambda: inspections(data), material=lambda: material_for(data, EMERGENCIES),
        watchable=lambda _: watched(data),
    )  # fmt: skip
    return remembered(data, ("homes known",), lambda: stored_homes(data.store, by))


HELD_ELSEWHERE = {"area_outcomes", "resident_spells", "person_admissions"}
"""Tables of the sample that the pages about councils and residents load when they are opened."""


def holds(data: Loaded) -> set[str]:
    """Name the tables of the store that have rows."""
    names = ("admission_events", "admission_counts", "occupancy", "interventions", "ratings", "area_outcomes",
             "locations", "resident_spells", "person_admissions")  # fmt: skip
    return remembered(data, ("holds",), lambda: {name for name in names if len(data.store.table(name))})


def coverage(data: Loaded) -> pd.DataFrame:
    """Count the homes with data by kind of fact and month: source, month, homes."""
    return remembered(data, ("coverage",), lambda: contents.coverage(data.store))


def months_counted(data: Loaded) -> list[str]:
    """List the months with admissions, such as "2019-01"."""
    return remembered(data, ("months counted",), lambda: contents.months_counted(data.store))


def period(data: Loaded) -> int:
    """Count the months of the periods by which homes are counted: 1, 3 or 12."""
    return remembered(data, ("period",), lambda: contents.period_of(data.store))


def homes(data: Loaded) -> int:
    """Count homes, several registrations of one home being one."""
    return remembered(data, ("number of homes",), lambda: homes_of(data.store))


def interventions(data: Loaded) -> pd.DataFrame:
    """Count the homes of each intervention and find its first and last start, the largest first."""
    return remembered(data, ("interventions by homes",), lambda: contents.interventions(data.store))
