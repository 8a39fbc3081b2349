"""When did the rules of rating, or who is inspected, change, so that ratings before and after do not simply compare?

The breaks in England's ratings of care homes, as data: charts mark them, models split time at them. Two things break.
The rules by which a visit becomes a rating; and, since 2024, which homes are visited at all. From about June 2026 a
home that is Good on all five questions, has a manager, an old rating and nothing against it in the data may get a
lighter assessment (Return to Good): it was chosen because it looks Good, and its chance of staying so is not that of
2017. What is compared is therefore of one `selection`; what cannot be is left out, and said:

* of homes rated Good or better, no rating visited from `RETURN_TO_GOOD` on says what such homes do anyway;
* homes below Good are compared within one of `SELECTIONS`, by the visit of the later rating;
* models of all ratings together (the next rating, moves between ratings, how soon) see until the day before.

Sources: Care Quality Commission, announcements and notices in its published files (October 2014, April 2019, 16 March
2020, mid-2021, November 2023 to early 2024, January, 24 March and 26 May 2026) and its counts of assessments of all
services: 15,757 in 2019, 6,484 in 2023, 3,253 in 2024, a target of 9,000 for April 2025 to September 2026.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.sources.schema import RATINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A change of the rules.

    Parameters
    ----------
    first, last : str
        First and last day ("2020-03-16"); the same day for a change without a length.
    label : str
        In few words, for a chart.
    says : str
        What it means for whoever compares ratings across it.
    """

    first: str
    last: str
    label: str
    says: str


BREAKS = (
    Break(
        first="2014-10-01", last="2014-10-01", label="ratings begin",
        says="Four ratings and five key questions begin on 1 October 2014; nothing earlier compares.",
    ),
    Break(
        first="2019-04-01", last="2019-04-01", label="ratings inherited",
        says="From 1 April 2019 a home that is registered anew keeps the rating of its earlier registration.",
    ),
    Break(
        first="2020-03-16", last="2021-06-30", label="routine inspection paused",
        says="From March 2020 to mid-2021 inspectors went only where they were worried, often without giving a rating.",
    ),
    Break(
        first="2023-11-21", last="2024-03-31", label="single assessment framework",
        says="From late 2023 to early 2024 a new framework with scores came in; homes with several services show “Not "
        "rated”.",
    ),
    Break(
        first="2024-01-01", last="2025-12-31", label="few inspections",
        says="In 2024 and 2025 far fewer services were inspected (3,253 assessments of all services in 2024, 15,757 in "
        "2019), mostly where there was a worry: few ratings are new, and those few were not drawn by lot.",
    ),
    Break(
        first="2026-01-01", last="2026-05-31", label="oldest ratings first",
        says="From January 2026 inspectors turned to homes never assessed and to very old ratings, and from 26 May to "
        "urgent risk and to ratings over six years old: which homes are rated again is another choice than before.",
    ),
    Break(
        first="2026-06-01", last="2026-06-01", label="Return to Good",
        says="From about June 2026 homes that look Good may get a lighter assessment that returns them to Good: of "
        "homes rated Good or better, ratings from then on do not say what such homes do anyway, and are left out.",
    ),
)  # fmt: skip

KNOWN_TO = "2026-11-30"
"""Last day for which the rules are known here. A framework without scores, with 24 key lines of enquiry and rating
characteristics (draft of 24 March 2026), is to be used from later in 2026; its first day had not been announced."""

PERIODS = ("before the pause", "in the pause", "after the pause", "single assessment framework", "oldest ratings first")
"""Stretches of time within which ratings compare, in order."""

STARTS = ("2020-03-16", "2021-07-01", "2023-11-21", "2026-01-01")
"""First day of every period but the first."""

RETURN_TO_GOOD = pd.Timestamp("2026-06-01")
"""First day from which homes were visited because they look Good."""

SELECTIONS = ("visited to 2025", "visited January to May 2026", "visited from June 2026")
"""By what homes below Good are told apart: who was visited changed between them."""
SELECTED_FROM = ("2026-01-01", "2026-06-01")


def breaks(first: pd.Timestamp | None = None, last: pd.Timestamp | None = None) -> pd.DataFrame:
    """List the breaks that touch a window: first, last, label, says; in order of time.

    Parameters
    ----------
    first, last : Timestamp, optional
        Window; by default all of time.
    """
    rows = pd.DataFrame(
        [(b.first, b.last, b.label, b.says) for b in BREAKS], columns=["first", "last", "label", "says"]
    )
    rows = rows.assign(first=pd.to_datetime(rows["first"]), last=pd.to_datetime(rows["last"]))
    begins, ends = pd.Timestamp.min if first is None else first, pd.Timestamp.max if last is None else last
    return rows.loc[(rows["last"] >= begins) & (rows["first"] <= ends)].reset_index(drop=True)


def period(days: pd.Series) -> pd.Series:
    """Say in which of `PERIODS` each day lies (ordered; missing days stay missing)."""
    position = np.searchsorted(np.array(STARTS, "datetime64[D]"), days.to_numpy("datetime64[D]"), side="right")
    codes = np.where(days.isna(), -1, position)
    return pd.Series(pd.Categorical.from_codes(codes, list(PERIODS), ordered=True), days.index)


def selection(days: pd.Series) -> np.ndarray:
    """Say in which of `SELECTIONS` each visit was made; a missing day in the first."""
    position = np.searchsorted(np.array(SELECTED_FROM, "datetime64[D]"), days.to_numpy("datetime64[D]"), side="right")
    return np.array(SELECTIONS, dtype=object)[np.where(days.isna(), 0, position)]


def looked_good(from_rating: pd.Series, days: pd.Series) -> np.ndarray:
    """Say which ratings followed a rating of Good or better once homes were visited because they look Good."""
    good = from_rating.isin(RATINGS[RATINGS.index("Good") :])
    return (good & (days >= RETURN_TO_GOOD)).to_numpy(bool)


def beyond_what_is_known(days: pd.Series) -> str:
    """Say that ratings lie beyond the last day for which the rules are known; empty where none does."""
    later = days[days > pd.Timestamp(KNOWN_TO)]
    if later.empty:
        return ""
    first, known = later.min(), pd.Timestamp(KNOWN_TO)
    return (
        f"{len(later):,} ratings are from visits after {known.day} {known:%B %Y}, the first on {first.day} "
        f"{first:%B %Y}: the rules of rating, and who is inspected, are not known to this version from then on (a new "
        "framework was announced). They are compared as if nothing had changed since; look for a newer version."
    )
