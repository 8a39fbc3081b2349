"""What has to be written down from the first day, so that the question can be answered at the end?

Each item says why it is needed, from when, and under which column name this project reads it; `templates` gives empty
files with these names, which load as they are once they are filled in.
"""

from dataclasses import dataclass

import pandas as pd

from analysis.planning.study import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to collect: what, in which file and columns, why, and where it usually comes from."""

    what: str
    file: str
    columns: tuple[str, ...]
    why: str
    source: str


ADMISSIONS = Item(
    what="Emergency admissions of residents, every home, every month",
    file="admissions",
    columns=("location_id", "admission date", "method", "diagnosis"),
    why="The outcome. Homes that are compared count as much as those that are supported.",
    source="Hospital data (SUS), matched to the home by the resident's address; no names or NHS numbers",
)
BED_DAYS = Item(
    what="Bed-days: residents in the home, day by day, added up each month",
    file="bed_days",
    columns=("location_id", "month", "bed_days"),
    why="An emptier home sends fewer people to hospital without being better.",
    source="Capacity Tracker, or the home's own count",
)
STARTS = Item(
    what="The list of homes, and the month each really started, and stopped",
    file="interventions",
    columns=("location_id", "intervention", "start_month", "end_month", "dose"),
    why="A home that started late and is counted from the planned month hides part of the effect.",
    source="Whoever runs the programme; the schedule on this page is the first version",
)
CHOICE = Item(
    what="How homes were chosen, and the months whose numbers were looked at",
    file="interventions",
    columns=("chosen_by", "chosen_from", "chosen_to"),
    why="Homes chosen in a bad spell get better by themselves; those months must be left out.",
    source="Written down before the first home starts",
)
RATINGS = Item(
    what="Every rating, with the day of the visit, of every home, closed homes too",
    file="ratings",
    columns=("Location ID", "Latest Rating", "Publication Date"),
    why="A visit before the support began says nothing of it, however late it was published.",
    source="CQC files as published; the API has the day of the visit",
)


def checklist(study: Study | None = None) -> pd.DataFrame:
    """List what to collect for a study: what, file, columns, months, why, source.

    Parameters
    ----------
    study : Study, optional
        Says for how many months; without one, ratings are what is studied.
    """
    items = [STARTS, CHOICE, RATINGS] if study is None else [ADMISSIONS, BED_DAYS, STARTS, CHOICE]
    months = "from two years before to the last re-inspection" if study is None else _months(study)
    return pd.DataFrame(
        [
            (item.what, f"{item.file}.csv", ", ".join(item.columns), _when(item, months), item.why, item.source)
            for item in items
        ],
        columns=["what", "file", "columns", "when", "why", "source"],
    )


def _months(study):
    return f"{study.before} months before the first start to {study.after} months after the last: {study.months} in all"


def _when(item, months):
    return {"interventions": "as it happens, one row per home"}.get(item.file, months)


def templates() -> dict[str, pd.DataFrame]:
    """Empty files with the columns this project reads, by file name."""
    named: dict[str, list[str]] = {}
    for item in (ADMISSIONS, BED_DAYS, STARTS, CHOICE):
        named.setdefault(f"{item.file}.csv", []).extend(item.columns)
    return {name: pd.DataFrame(columns=columns) for name, columns in named.items()}
