"""Is there one row per home and month, and what do the absent ones mean?

An absent month is not a month without admissions. Where a file shows no zero at all although zeros must have happened
(expected number: the sum over rows of exp(-mean of the home), as for Poisson counts), the extract left them out, and
the reader is asked.
"""

import numpy as np
import pandas as pd

from analysis.sources.columns import Screening, answer, more, rows_were, screening
from analysis.sources.layout import ERROR_CELLS, RawTable, Say
from analysis.sources.schema import TABLES

KEY = ["home", "month"]
NOT_MONTHS = 0.2  # of home-months with several dates: far beyond mistakes, the rows are weeks or days
EXPECTED_ZEROS = 3.0  # with three expected, none at all comes by chance once in twenty (exp(-3) = 5%)
ABSENT = ("zero", "unknown")
TOTALS = ("total rows", "subtotal rows")  # these are nobody's home-months
SAME = ("same home", "different homes")


def one_per_month(raw: RawTable, rows: pd.DataFrame, days: pd.Series, unit: str = "home") -> Screening:
    """Refuse weeks and contradictions; drop rows that stand there twice.

    Parameters
    ----------
    rows : DataFrame, index row number
        home, month and whatever a row states; rows without home or month are not judged.
    days : Series of datetime64
        The dates as they stood, before they became months.
    unit : str
        What the rows are of, in words.
    """
    expected = f"one row per {unit} and month"
    rows = rows.dropna(subset=KEY)
    said = _not_months(raw, rows, days.reindex(rows.index))
    if said.stops:
        return said
    again = rows.duplicated()
    once = rows[~again]
    clash = once[once.duplicated(KEY, keep=False)].sort_values(KEY, kind="stable")
    if len(clash):
        words = {"found": _clash(clash), "expected": expected,
                 "do": "Keep the right row of each, and load the file again."}  # fmt: skip
        return said + screening("reject", raw, "month", clash["home"], fault="contradicting rows", **words)
    if again.any():
        do = f"{rows_were(int(again.sum()))} dropped."
        words = {"found": "a row that stands there already", "expected": expected, "do": do}
        said += screening("note", raw, "month", rows.loc[again, "home"], fault="repeated rows", **words)
    return said + Screening(dropped=rows.index[again])


def _clash(clash: pd.DataFrame) -> str:
    first = clash.iloc[0]
    twins = clash.index[(clash["home"] == first["home"]) & (clash["month"] == first["month"])]
    where = " and ".join(f"{row:,}" for row in twins)
    rest = more(clash.drop_duplicates(KEY).shape[0] - 1, "home-month like it", "home-months like it")
    return f"rows {where} that differ on {first['home']} in {first['month']:%B %Y}{rest}"


def _not_months(raw: RawTable, rows: pd.DataFrame, days: pd.Series) -> Screening:
    dated = pd.DataFrame({**{name: rows[name] for name in KEY}, "day": days}).drop_duplicates()
    several = dated.duplicated(KEY, keep=False)
    if (
        not several.any()
        or dated[several].drop_duplicates(KEY).shape[0] <= NOT_MONTHS * dated.drop_duplicates(KEY).shape[0]
    ):
        return Screening()
    gaps = dated.sort_values(["home", "day"]).groupby("home")["day"].diff().dt.days.dropna()
    what = "weeks" if len(gaps) and (gaps % 7 == 0).all() else "days or other parts of a month"
    do = "Add the rows up to calendar months (weeks that cross a month need their days), and load that."
    words = {
        "found": f"several dates in one month for one home: rows for {what}",
        "expected": "one row per month",
        "do": do,
    }
    return screening("reject", raw, "month", dated.loc[several, "home"], fault="rows that are not months", **words)


def spans(rows: pd.DataFrame, *, whole: bool = False) -> pd.DataFrame:
    """Return first and last month of each home, months seen and absent, and the row numbers of the first and last.

    Parameters
    ----------
    whole : bool
        Whether months are looked for over the whole file, rather than between the home's own first and last.
    """
    rows = rows[KEY].dropna()
    home, homes = pd.factorize(rows["home"], sort=True)
    month, row = rows["month"].to_numpy(), rows.index.to_numpy()
    order = np.lexsort((month, home))  # arrays, because many small tables are read, and pandas takes long to begin
    home, month, row = home[order], month[order], row[order]
    begins = np.diff(home, prepend=-1) > 0
    first, last = np.flatnonzero(begins), np.flatnonzero(np.roll(begins, -1))
    new = begins | (month != np.roll(month, 1))
    seen = np.bincount(home[new], minlength=len(homes))
    start, end = month[first], month[last]
    if whole and len(month):
        start, end = np.full_like(start, month.min()), np.full_like(end, month.max())
    absent = (end.astype("datetime64[M]") - start.astype("datetime64[M]")).astype(int) + 1 - seen
    known = {"first": start, "last": end, "first_row": row[first], "last_row": row[last], "seen": seen}
    return pd.DataFrame({**known, "absent": absent}, index=pd.Index(homes, name="home"))


def absent_months(raw: RawTable, say: Say, rows: pd.DataFrame) -> Screening:
    """Ask, or warn, about months that a home lacks: between its ends, or of the file where zeros were left out."""
    zeros = _zeros_left_out(rows)
    known = spans(rows, whole=zeros)
    short = known[known["absent"] > 0]
    if short.empty:
        return Screening()
    months, every = int(short["absent"].iloc[0]), int(short["absent"].sum())
    found = f"no row for {months:,} {'month' if months == 1 else 'months'} of {short.index[0]}"
    found += more(every - months, "of another home", "of other homes")
    cells = pd.Series(short.index, index=short["last_row"])
    words = {"fault": "absent months", "found": found, "expected": "a row for every month of a home"}
    if not zeros:
        return screening("warn", raw, "month", cells, do="They are unknown, not zero, and take no part.", **words)
    if said := answer(say, "absent months", ABSENT):
        return screening("note", raw, "month", cells, do=f"You said that an absent month is {said}.", **words)
    words["found"] += ", and not one count of 0 in the file"
    do = "Say whether months without admissions were left out (zero) or are not known."
    return screening("ask", raw, "month", cells, do=do, question="absent months", options=ABSENT, **words)


def _zeros_left_out(rows: pd.DataFrame) -> bool:
    count = rows["admissions"].astype("Float64").astype("float64") if "admissions" in rows else pd.Series(dtype=float)
    if not len(count) or (count == 0).any():
        return False
    mean = count.groupby(rows["home"]).transform("mean")
    return float(np.exp(-mean.dropna()).sum()) >= EXPECTED_ZEROS


def zero_months(say: Say, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the home-months (home, month) that are zero because the reader said that absent months are.

    The answer holds at a home's ends as in its middle. A home that was not open has no bed-days there, so that a zero
    too many takes no part.
    """
    if not _said_zero(say, rows):
        return pd.DataFrame(columns=KEY)
    short = spans(rows, whole=True).query("absent > 0")
    wanted = [
        (home, month)
        for home, first, last in zip(short.index, short["first"], short["last"], strict=True)
        for month in pd.date_range(first, last, freq="MS")
    ]
    every = pd.DataFrame(wanted, columns=KEY).astype({"month": "datetime64[us]"})
    known = rows[KEY].drop_duplicates().assign(known=True)
    return every.merge(known, how="left", on=KEY).query("known.isna()")[KEY]


def unread(raw: RawTable, said: Screening, rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the table of rows that could not be used, by home, month and reason; no table where there is none.

    Parameters
    ----------
    rows : DataFrame, index row number
        home and month of every row, also of those set aside.
    """
    aside = said.set_aside[~said.set_aside["fault"].isin(TOTALS)]
    broken = raw.set_aside[raw.set_aside["fault"] == ERROR_CELLS]
    if aside.empty and broken.empty:
        return {}
    lost = rows.reindex(aside["row"])[KEY].assign(why=aside["fault"].to_numpy())
    lost = pd.concat([lost, pd.DataFrame({"home": None, "month": pd.NaT, "why": broken["fault"]})])
    lost = lost.astype({"home": "str", "month": "datetime64[us]", "why": "str"})
    counted = lost.groupby([*KEY, "why"], dropna=False).size().rename("rows").reset_index()
    counted = counted.rename(columns={"home": "location_id"}).astype({"rows": "Int64"})
    return {"unread_rows": counted[list(TABLES["unread_rows"])]}


def _said_zero(say: Say, rows: pd.DataFrame) -> bool:
    return answer(say, "absent months", ABSENT) == "zero" and _zeros_left_out(rows)


def endings(raw: RawTable, say: Say, rows: pd.DataFrame) -> Screening:
    """Warn of homes whose rows stop before the file does."""
    known = spans(rows)
    ended = known[known["last"] < known["last"].max()]
    if ended.empty:
        return Screening()
    one = f"the last row of {ended.index[0]}, in {ended['last'].iloc[0]:%B %Y}"
    found = one + more(len(ended) - 1, "home that stops early", "homes that stop early")
    cells = pd.Series(ended.index, index=ended["last_row"])
    do = "The months after it are unknown, not zero."
    if _said_zero(say, rows):
        do = "You said that absent months are zero, so those after it are; check that the home had not closed."
    words = {"expected": f"rows until {known['last'].max():%B %Y}", "do": do}
    return screening("warn", raw, "month", cells, fault="homes that stop early", found=found, **words)


def successors(rows: pd.DataFrame) -> pd.DataFrame:
    """Return homes that end in the month before another of the same name begins: home, related, row."""
    if "name" not in rows or rows.empty:
        return pd.DataFrame(columns=["home", "related", "row"])
    known = spans(rows)
    first, last = (known[end].to_numpy().astype("datetime64[M]") for end in ("first", "last"))
    if not np.isin(last + 1, first).any():
        return pd.DataFrame(columns=["home", "related", "row"])
    known["next"] = known["last"] + pd.offsets.MonthBegin(1)
    named = rows.dropna(subset=[*KEY, "name"]).drop_duplicates("home").set_index("home")["name"]
    known = known.assign(name=named.str.casefold().str.replace(r"\W+", " ", regex=True)).reset_index()
    pairs = known.merge(known, left_on=["name", "next"], right_on=["name", "first"], suffixes=("", "_new"))
    return pairs.rename(columns={"home": "related", "home_new": "home", "first_row_new": "row"})[
        ["home", "related", "row"]
    ]


def changed_ids(raw: RawTable, say: Say, pairs: pd.DataFrame) -> Screening:
    """Ask whether a home that ends and one of the same name that begins are one home."""
    if pairs.empty:
        return Screening()
    new, old = pairs.iloc[0][["home", "related"]]
    found = f"{new} beginning in the month after {old}, of the same name, ends"
    found += more(len(pairs) - 1, "such pair", "such pairs")
    cells = pd.Series(pairs["home"].to_numpy(), index=pairs["row"])
    words = {"fault": "changed ids", "found": found, "expected": "one id per home"}
    if said := answer(say, "changed ids", SAME):
        return screening("note", raw, "home", cells, do=f"You said: {said}.", **words)
    do = "Say whether they are the same home, registered again, or different homes."
    return screening("ask", raw, "home", cells, do=do, question="changed ids", options=SAME, **words)
