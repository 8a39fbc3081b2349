"""What does this file say?

`read` is the one way in: any file goes through it, whatever its name, and comes out as tidy tables with an account
of every row, or as a refusal that says why. Nothing else in the house opens a file of a user.
"""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analysis.sources import (
    admissions,
    areas,
    care_figures,
    cqc_directory,
    cqc_dual,
    cqc_latest_ratings,
    cqc_locations_api,
    discharge_ready,
    emergency_departments,
    fingertips,
    interventions,
    occupancy,
    person_admissions,
    plain_ratings,
    ready_made,
    resident_spells,
    staffing,
    unfinished,
    wide,
)
from analysis.sources.characters import escaped, visible
from analysis.sources.findings import Finding, Reading
from analysis.sources.layout import SET_ASIDE, Documents, Layout, Parsed, RawTable, Say
from analysis.sources.reading import choosing
from analysis.sources.reading.file_kinds import OpenFile, Source, digest_of, open_file
from analysis.sources.reading.people import NO_PEOPLE
from analysis.sources.reading.refusal import Refused
from analysis.sources.reading.tables import Progress

__all__ = [
    "LAYOUTS", "NO_PEOPLE", "Finding", "Layout", "Progress", "Reading", "Refused",
    "escaped", "read", "recognised", "visible",
]  # fmt: skip

LAYOUTS: tuple[Layout, ...] = (
    cqc_locations_api.LAYOUT,
    cqc_directory.DEACTIVATED,
    cqc_directory.ACTIVE,
    cqc_directory.CARE_DIRECTORY,
    cqc_dual.LAYOUT,
    cqc_latest_ratings.LAYOUT,
    discharge_ready.COUNCILS,
    discharge_ready.TRUSTS,
    discharge_ready.COUNTRY,
    fingertips.LAYOUT,
    emergency_departments.COLUMNS,
    care_figures.BETTER_CARE_FUND,
    care_figures.CAPACITY_TRACKER,
    areas.OPEN_ASCOF,
    areas.ASCOF,
    areas.DELAYED_TRANSFERS,
    emergency_departments.ROWS,
    occupancy.TRACKER,
    staffing.LAYOUT,
    resident_spells.LAYOUT,
    person_admissions.LAYOUT,
    ready_made.LAYOUT,
    admissions.EVENTS,
    admissions.COUNTS,
    occupancy.DAYS,
    admissions.EVENTS_WITHOUT_METHOD,
    plain_ratings.LAYOUT,
    unfinished.HOME_MONTHS,
    interventions.LAYOUT,
    wide.LAYOUT,
)
"""Every layout, the most particular first: a file belongs to the first that recognises it."""


def read(
    name: str,
    source: Source,
    say: Say | None = None,
    progress: Progress | None = None,
    layouts: Sequence[Layout] = LAYOUTS,
) -> Reading:
    """Read one file.

    Parameters
    ----------
    name : str
        The file's own name; a label only.
    source : Path, BinaryIO or bytes
        Where its bytes are.
    say : mapping of str to str, optional
        Answers to the questions of an earlier reading.
    progress : callable (share, words), optional
        Hears how far a long file has come.
    layouts : sequence of Layout
        Of which it may be; those of the store where nothing is said.

    Returns
    -------
    Reading
        Never raises for what a file holds: refusals and questions are findings.
    """
    name = visible(name)
    try:
        file = open_file(name, source)
    except Refused as refused:
        return _refused(refused.finding, digest_of(source))
    try:
        tables = choosing.choose_all(file, layouts, say or {}, progress or (lambda share, words: None))
        first, *beside = (_account(file, layout, raw, layout.parse(raw, say or {})) for layout, raw in tables)
        return _with(first, beside)
    except Refused as refused:
        return _refused(refused.finding, file.digest)


def _with(first: Reading, beside: list[Reading]) -> Reading:
    """Join what stands beside a table to what it says; a question or refusal there stops the file."""
    both = [first, *beside]
    findings = tuple(finding for one in both for finding in one.findings)
    if len(both) == 1:
        return first
    if any(finding.outcome in ("ask", "reject") for finding in findings):
        return _stopped(first.file, first.digest, first.layout, findings)
    counted = {name: sum(getattr(one, name) for one in both) for name in ("rows_in", "rows_used", "rows_dropped")}
    return replace(
        first,
        tables=_together(both),
        findings=findings,
        set_aside=pd.concat([one.set_aside for one in both], ignore_index=True),
        **counted,
    )


def _together(parts: list[Reading]) -> dict[str, pd.DataFrame]:
    """Put tables of one name under one another."""
    names = dict.fromkeys(name for one in parts for name in one.tables)
    return {
        name: pd.concat([one.tables[name] for one in parts if name in one.tables], ignore_index=True) for name in names
    }


def recognised() -> pd.DataFrame:
    """Return one row per layout: name, title, what it holds, the columns it needs, and those it also uses."""
    rows = [
        {
            "layout": layout.name,
            "title": layout.title,
            "holds": layout.holds,
            "needs": ", ".join(names[0] for names in layout.required.values()),
            "also_uses": ", ".join(names[0] for names in layout.optional.values()),
        }
        for layout in LAYOUTS
    ]
    return pd.DataFrame(rows, columns=["layout", "title", "holds", "needs", "also_uses"])


def _refused(finding: Finding, digest: str) -> Reading:
    return _stopped(finding.file, digest, "", (finding,))


def _stopped(file: str, digest: str, layout: str, findings: tuple[Finding, ...]) -> Reading:
    """Nothing is loaded, so no row is counted."""
    nothing = pd.DataFrame(columns=list(SET_ASIDE))
    return Reading(
        file=file, digest=digest, layout=layout, tables={}, findings=findings, rows_in=0, rows_used=0, set_aside=nothing
    )


def _account(file: OpenFile, layout: Layout, raw: RawTable | Documents, parsed: Parsed) -> Reading:
    """Join what reading and parsing said; a file that asks or is refused gives no tables."""
    findings = (*raw.findings, *parsed.findings)
    if any(finding.outcome in ("ask", "reject") for finding in findings):
        return _stopped(file.name, file.digest, layout.name, findings)
    given = raw.frame if isinstance(raw, RawTable) else raw.documents
    aside = pd.concat([raw.set_aside, parsed.set_aside], ignore_index=True)
    return Reading(
        file=file.name,
        digest=file.digest,
        layout=layout.name,
        tables=parsed.tables,
        findings=findings,
        rows_in=len(given) + len(raw.set_aside),
        rows_used=parsed.rows_used,
        rows_dropped=parsed.rows_dropped,
        set_aside=aside.sort_values("row", kind="stable", ignore_index=True),
        mapping=raw.mapping if isinstance(raw, RawTable) else {},
        columns=raw.columns if isinstance(raw, RawTable) else (),
    )
