"""When did each home begin, or did it never begin, or can nobody tell?

A home without a start is a comparison home, so a start that cannot be read must not quietly take its home away: those
homes would nearly always be the untreated ones. Three kinds of cell are told apart:

* codes that software writes for "never": words; 0, infinity, -1, 10000 and -1000 (R: did, did2s, fixest; Stata:
  csdid); ``.`` (Stata), NA (R), NaN, NaT, None (pandas); dates so far ahead that nobody plans them (9999-12, 2099-12);
* dates long past (a spreadsheet's 1900-01, a computer's 1970-01), which stand for "never" or for "always": asked;
* anything else that is no date: asked.
"""

from dataclasses import dataclass, replace

import pandas as pd

from analysis.sources.columns.dates import EARLIEST, LONG_AGO, DateRule, Dates, dates, first_of_month
from analysis.sources.columns.screening import Screening, answer, fits, kept_without, screening
from analysis.sources.layout import RawTable, Say

WORDS = (
    r"never(?:[ _-]?(?:treated|started|ended|starts|ends|began|received|stopped))?|none|no|nil|null|untreated|control"
    r"|controls|comparison|not[ _-]?(?:applicable|treated|started|ended)|n/?a|<na>|nan|nat|na|-+|\.[a-z]?|\.\.|∞"
    r"|\+?inf(?:inity)?"
)
NUMBERS = r"[+-]?0+(?:\.0+)?|-1(?:\.0+)?|-1000(?:\.0+)?|10000(?:\.0+)?"
_FAR = r"(?:209\d|2[1-9]\d{2}|[3-9]\d{3})"
"""Years from 2090: no one plans a start 60 years ahead, and software writes 2099, 2999 and 9999 for never."""
_DATE = (
    rf"{_FAR}(?:[-/. ]?\d{{1,2}}(?:[-/. ]?\d{{1,2}})?)?(?:[T ][\d:.]+(?:z|[+-]\d{{2}}:?\d{{2}})?)?"
    rf"|(?:\d{{1,2}}[-/. ])?(?:\d{{1,2}}|[a-z]{{3,9}})[-/. ]{_FAR}|2958465(?:\.0+)?"
)
NEVER = rf"(?i)(?:{WORDS}|{NUMBERS}|{_DATE})"

UNREAD, OLD = "unread starts", "old starts"
NOT_ENDED = "unread ends"
"""The keys of the questions, of starts and of ends."""
NEVER_SAID, BEFORE, UNKNOWN = "never", "before the first month", "not known"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Starts(Dates):
    """Days on which something began or ended; `unknown` where it did on a day that nobody can tell (bool)."""

    unknown: pd.Series


def never(column: pd.Series) -> pd.Series:
    """Return where a start, or an end, says that there was none."""
    return fits(column.str.strip(), NEVER)


def starts(raw: RawTable, name: str, say: Say, rule: DateRule, homes: pd.Series | None = None) -> Starts:
    """Read a column of starts, or of ends.

    Parameters
    ----------
    homes : Series of str, optional
        The home of each row, where a home's start stands in every row of it: a cell that cannot be read is then no
        doubt where another row of the home says when it began.
    """
    none = never(raw.frame[name])
    read = dates(replace(raw, frame=raw.frame.assign(**{name: raw.frame[name].mask(none)})), name, say, rule)
    aside = read.screening.set_aside
    findings = tuple(finding for finding in read.screening.findings if finding.outcome != "rows")
    said = Screening(findings=findings) + _coded(raw, name, raw.frame[name][none])
    odd = raw.frame[name].reindex(aside["row"])
    if homes is not None:
        dated = read.days.index[read.days.notna() & ~read.days.index.isin(odd.index)]
        said_elsewhere = homes.reindex(odd.index).isin(homes.reindex(dated))
        said += kept_without(raw, name, odd[said_elsewhere], "a date that cannot be read", "a month such as 2023-02")
        odd = odd[~said_elsewhere]
    old = odd.index.isin(aside.loc[aside["fault"] == LONG_AGO, "row"]) & (rule.ends is False)
    unread, doubt = _unread(raw, name, say, odd[~old], rule)
    past, before, more = _old(raw, name, say, odd[old])
    days = read.days.mask(read.days.index.isin(aside["row"])).mask(read.days.index.isin(before), EARLIEST)
    unknown = pd.Series(raw.frame.index.isin(unread.union(past)), index=raw.frame.index)
    return Starts(
        values=first_of_month(days), days=days, order=read.order, screening=said + doubt + more, unknown=unknown
    )


def _coded(raw: RawTable, name: str, cells: pd.Series) -> Screening:
    """Say which codes were read as never."""
    if cells.empty:
        return Screening()
    do = "Read as never: a blank cell would say the same."
    return screening("note", raw, name, cells, fault="codes for never", expected="a month, or a blank", do=do)


def _unread(raw: RawTable, name: str, say: Say, cells: pd.Series, rule: DateRule) -> tuple[pd.Index, Screening]:
    """Return the rows whose start is not known, or a question about what they mean."""
    if cells.empty:
        return cells.index, Screening()
    question, options = NOT_ENDED if rule.ends else UNREAD, (NEVER_SAID, UNKNOWN)
    words = {"fault": "ends that cannot be read" if rule.ends else "starts that cannot be read",
             "expected": "a month such as 2023-02, or a blank for never"}  # fmt: skip
    if said := answer(say, question, options):
        return cells.index[[said == UNKNOWN] * len(cells)], screening("note", raw, name, cells, do=_did(said), **words)
    do = (
        "Say whether these homes never " + ("ended" if rule.ends else "began") + ", or the day is not known (they are "
        "then left out, and counted)."
    )
    return cells.index[:0], screening("ask", raw, name, cells, do=do, question=question, options=options, **words)


def _old(raw: RawTable, name: str, say: Say, cells: pd.Series) -> tuple[pd.Index, pd.Index, Screening]:
    """Return rows not known, and rows that began before every month; or a question."""
    nothing = cells.index[:0]
    if cells.empty:
        return nothing, nothing, Screening()
    options = (NEVER_SAID, BEFORE, UNKNOWN)
    words = {"fault": "starts long ago", "expected": f"a month from {EARLIEST:%Y} on, or a blank for never"}
    if said := answer(say, OLD, options):
        done = screening("note", raw, name, cells, do=_did(said), **words)
        return (cells.index if said == UNKNOWN else nothing), (cells.index if said == BEFORE else nothing), done
    do = "Some software writes such a date for homes that never began. Say what it means here."
    return nothing, nothing, screening("ask", raw, name, cells, do=do, question=OLD, options=options, **words)


def _did(said: str) -> str:
    return {
        NEVER_SAID: "You said that it means never.",
        BEFORE: f"You said that they began before the first month; recorded as {EARLIEST:%B %Y}.",
        UNKNOWN: "You said that the day is not known: these homes are kept out of the comparison, and counted.",
    }[said]
