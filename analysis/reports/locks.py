"""Was the protocol fixed before the answer was seen? A lock says so: a small file that its keeper shows later.

It holds the protocol, when it was locked, and digests: of the protocol, of the code, and of what the data held of the
time before the first start (which homes with how many beds, in which months with how many bed-days; which ratings; or
which areas in which months). Counts of people are not in that digest: a small count can be found from it by trying. A
seal over all of it shows that nothing was changed since; that nobody made another lock beside it, only somebody else
can show: send the seal to a registry, or to whoever commissioned the work, on the day.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.areas.observed import Areas
from analysis.design import NEVER, Plan, design_from
from analysis.errors import AnalysisError
from analysis.evaluation.provenance import code_digest
from analysis.figures import Figure
from analysis.inspections import Inspections
from analysis.outcomes import AreaMeasure, Rate, Ratings
from analysis.panel import Panel
from analysis.protocol import Protocol
from analysis.written import from_text, plain_in, read, to_toml

ABOUT: Mapping[type, str] = {Rate: "admissions", Ratings: "ratings", AreaMeasure: "one area's figures"}
"""Outcomes of which a protocol can be locked, and what they are about."""
OTHERWISE: Mapping[type, str] = {
    Rate: "The months before the start hold other homes or bed-days than when it was locked.",
    Ratings: "The ratings published before the start are not those that were known when it was locked.",
    AreaMeasure: "The months before the start are those of other areas, or other months, than when it was locked.",
}
OTHERS = (
    "Other homes have the intervention, or from other days, than were listed when it was locked. Homes that joined "
    "later are no fault, if the plan said that they would."
)
NOTHING_PARTS = "Nothing of the protocol was changed since, and the months before the start hold what they held."


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A protocol, fixed.

    Parameters
    ----------
    title : str
    locked : str
        When, in UTC: "2026-11-27T17:20:00+00:00".
    protocol : str
        Its TOML, every default written out.
    until : str
        First month that was not looked at, such as "2020-01".
    before_sha256 : str
        `before_digest` of the months before it.
    homeward, code_sha256 : str
        Version and digest of the code.
    signed : str
        Who read what was known before and locked it; empty where nobody is named.
    earlier : int
        Other plans that were looked at before this one was locked, and left.
    answer_seen : bool
        Whether an answer from the same data had been shown before the lock.
    who_sha256 : str
        `who_digest` of the homes that had the intervention; empty of one area, and in locks of before November 2026.
    seal : str
        SHA-256 of all of it.
    """

    title: str
    locked: str
    protocol: str
    until: str
    before_sha256: str
    homeward: str
    code_sha256: str
    signed: str = ""
    earlier: int = 0
    answer_seen: bool = False
    who_sha256: str = ""
    seal: str = ""

    def sealed(self) -> "Lock":
        """Give the lock with the seal that it must have."""
        parts = (
            self.title,
            self.locked,
            self.protocol,
            self.until,
            self.before_sha256,
            self.homeward,
            self.code_sha256,
            *self._around(),
        )
        return replace(self, seal=hashlib.sha256("\0".join(parts).encode()).hexdigest())

    def _around(self) -> Iterator[str]:
        """Write how it came to be locked, where there is anything to tell: locks that tell nothing keep their seal."""
        if self.signed:
            yield f"signed {self.signed}"
        if self.earlier:
            yield f"earlier {self.earlier}"
        if self.answer_seen:
            yield "answer seen"
        if self.who_sha256:
            yield f"who {self.who_sha256}"

    def to_toml(self) -> str:
        """Write the lock."""
        return to_toml(self)


def read_lock(file: Path) -> Lock:
    """Read a lock.

    Raises
    ------
    AnalysisError
        If it is none, or was changed since it was made.
    """
    return _whole(
        read(Lock, file, start="A lock is made by: homeward lock PROTOCOL.toml --store PATH --out DIR"), file.name
    )


def read_text(text: str, name: str) -> Lock:
    """Read a lock from what its file holds; otherwise as `read_lock`."""
    return _whole(from_text(Lock, text, name), name)


def _whole(lock: Lock, name: str) -> Lock:
    if lock != lock.sealed():
        raise AnalysisError(
            f"{name} was changed since it was made: its seal does not fit.", do="Use the file as it was written."
        )
    return lock


def first_start(panel: Panel, spells: pd.DataFrame, plan: Plan) -> int:
    """Index of the first month in which any home had the intervention; the number of months where none had yet."""
    start = design_from(panel, spells, plan).start
    return int(start[start != NEVER].min(initial=len(panel.months)))


def before_digest(observed: Panel | Inspections | Areas, until: str) -> str:
    """SHA-256 of what was known before a month: homes, beds and bed-days, or areas, without counts; or ratings."""
    if isinstance(observed, Inspections):
        return _ratings_digest(observed, until)
    return _panel_digest(observed.panel if isinstance(observed, Areas) else observed, until)


def _panel_digest(panel: Panel, until: str) -> str:
    first = int(np.clip((np.datetime64(until, "M") - panel.months[0]).astype(int), 0, len(panel.months)))
    cut = np.round(panel.exposure[:, :first], 6)
    there = (cut > 0).any(axis=1)
    units = panel.units.loc[there].reindex(columns=["home_type", "beds", "area"]).to_csv(lineterminator="\n")
    digest = hashlib.sha256(units.encode())
    for part in (panel.months[:first].astype("int64").tobytes(), cut[there].tobytes()):
        digest.update(b"\0" + part)
    return digest.hexdigest()


def _ratings_digest(inspections: Inspections, until: str) -> str:
    """SHA-256 of every rating published before a month: ratings are published, and count nobody."""
    known = inspections.frame[inspections.frame["published"] < pd.Timestamp(until)]
    rows = known[["home", "key_question", "published", "rating"]].astype(str)
    rows = rows.sort_values([*rows.columns], ignore_index=True)
    return hashlib.sha256(rows.to_csv(index=False, lineterminator="\n").encode()).hexdigest()


def who_digest(spells: pd.DataFrame, protocol: Protocol) -> str:
    """SHA-256 of which homes had the intervention, and since when; empty of one area, which the protocol names."""
    if isinstance(protocol.outcome, AreaMeasure):
        return ""
    own = spells.loc[spells["intervention"] == protocol.plan.intervention]
    first = pd.to_datetime(own["started"]).groupby(own["location_id"]).min().dropna()
    rows = sorted((str(home), f"{day:%Y-%m-%d}") for home, day in first.items())
    return hashlib.sha256("\n".join(map(" ".join, rows)).encode()).hexdigest()


def of_another_question(lock: Lock, protocol: Protocol) -> str | None:
    """Say so where what was locked asks about something else altogether."""
    was = Protocol.read(lock.protocol)
    if type(was.outcome) is type(protocol.outcome):
        return None
    return (
        f"The plan that was locked asks about {_about(was)}. This answer is about {_about(protocol)}, and no plan for "
        "it was locked."
    )


def _about(protocol: Protocol) -> str:
    return ABOUT.get(type(protocol.outcome), protocol.kind)


def deviations(lock: Lock, protocol: Protocol, before: str, code: str, who: str = "") -> tuple[str, ...]:
    """Say in what the protocol, the data before the start, and the code differ from those that were locked.

    Parameters
    ----------
    before, code, who : str
        `before_digest` of the data, digest of the code, and `who_digest`; who is not asked where it is empty.
    """
    was, now = (dict(_flat(plain_in(text, "The protocol"))) for text in (lock.protocol, protocol.to_toml()))
    told = [
        f"{key} was {was.get(key, 'not set')!r} when it was locked, and is {now.get(key, 'not set')!r}."
        for key in sorted(was.keys() | now.keys())
        if was.get(key) != now.get(key)
    ]
    if before != lock.before_sha256:
        told.append(OTHERWISE.get(type(protocol.outcome), OTHERWISE[Rate]))
    if who and lock.who_sha256 and who != lock.who_sha256:
        told.append(OTHERS)
    if code != lock.code_sha256:
        told.append(f"The code is not that of Homeward {lock.homeward} with which it was locked.")
    return tuple(told)


def against(lock: Lock, protocol: Protocol, digests: Callable[[], tuple[str, str]]) -> Figure:
    """Show what parts an answer from what was locked; `digests` gives `before_digest` and `who_digest` of its data."""
    title = "Against the plan that was locked"
    if another := of_another_question(lock, protocol):
        return Figure(title=title, sentence=f"{another} {said(lock)}")
    before, who = digests()
    parted = deviations(lock, protocol, before, code_digest(), who)
    told = f"{len(parted)} things were changed since." if len(parted) != 1 else "One thing was changed since."
    sentence = f"{told if parted else 'Nothing was changed since.'} {said(lock)}"
    return Figure(title=title, sentence=sentence, notes=parted)


def _flat(given: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in given.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{under}{key}.")
        else:
            yield f"{under}{key}", value


def said(lock: Lock) -> str:
    """Say when it was locked, and by which seal it is known."""
    when = datetime.fromisoformat(lock.locked)
    by = f" by {lock.signed}" if lock.signed else ""
    told = [f"The protocol was locked on {when.day} {when:%B %Y} at {when:%H:%M} UTC{by}; seal {lock.seal}."]
    if lock.earlier == 1:
        told.append("One other plan was looked at before and left.")
    elif lock.earlier:
        told.append(f"{lock.earlier} other plans were looked at before and left.")
    if lock.answer_seen:
        told.append("An answer from the same data had been shown before the lock, so it was not made blind.")
    return " ".join(told)
