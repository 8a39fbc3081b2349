"""How soon are homes rated better, when some leave before they could be?

A wait begins when a home is given a rating, or on a day that matters (the start of an intervention); it ends with the
first better rating, however many inspections that takes, with leaving the register, or out of sight. A home that left
will not be rated better; one that is in sight no longer may be. The curves are Aalen–Johansen's
(`analysis.inference.incidence`), their errors summed over the waits of one home.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.inference.incidence import Incidence, Waits, aalen_johansen, days_of, median_days
from analysis.inspections import Spells
from analysis.sources.schema import RATINGS

CAUSES = ("better", "left")
"""What ends the wait; codes 1 and 2, and 0 for what is in sight no longer."""

DAY = "datetime64[us]"
"""Of every date: pandas matches days to earlier days only where both are counted in the same unit."""

YEARS = (1, 2)
YEAR_DAYS = 365.25

MOST_POINTS = 100
"""Days at which a curve is worked out: one every five weeks over ten years, finer than inspections are."""


def waits(spells: Spells) -> pd.DataFrame:
    """Turn spells into waits for a rating better than one that a home was given.

    A wait begins when a home is given a rating it did not have before, and ends with the first better one, however
    many inspections that takes.

    Returns
    -------
    DataFrame
        home, from_rating, start, entry (days after the start from which the end would be seen), exit (days), cause
        (0, or the position in `CAUSES` + 1).
    """
    frame = _with_ends(spells.frame)
    code = frame["rating"].cat.codes
    begins = frame["home"].ne(frame["home"].shift()) | code.ne(code.shift())
    known = frame["seen_from"].notna() & begins & (code < len(RATINGS) - 1)
    return _wait(frame.loc[known], frame.loc[known, "start"])


def waits_since(spells: Spells, dates: pd.Series) -> pd.DataFrame:
    """Turn spells into waits from a given day for a rating better than the one that stood then.

    Parameters
    ----------
    spells : Spells
    dates : Series of datetime64, index home
        One or several days per home; homes without a rating that day have no wait.

    Returns
    -------
    DataFrame
        As `waits`, with start the given day, and rated, the day of the rating that stood.
    """
    frame = _with_ends(spells.frame)
    asked = pd.DataFrame({"home": dates.index, "since": dates.to_numpy(DAY)}).dropna().sort_values("since")
    rows = frame.assign(row=frame.index).astype({"start": DAY}).sort_values("start")
    found = pd.merge_asof(asked, rows.loc[:, ["home", "start", "row"]], left_on="since", right_on="start", by="home")
    found = found.dropna(subset=["row"]).astype({"row": "int64"}).sort_values(["home", "since"], ignore_index=True)
    at_rating = frame.loc[found["row"]].set_axis(found.index)
    inside = (found["since"] < at_rating["end"]) & (at_rating["rating"].cat.codes < len(RATINGS) - 1)
    inside &= at_rating["seen_from"].notna()
    row = found.loc[inside, "row"]
    took = _wait(frame.loc[row], found.loc[inside, "since"].set_axis(row))
    return took.assign(entry=took["entry"].clip(lower=0), rated=frame.loc[row, "start"].to_numpy())


def _with_ends(frame: pd.DataFrame) -> pd.DataFrame:
    """Add to every spell when its home was next rated better (better), and how the home's history ended (last, how).

    Spells come in the order of home and time, so the first later position with a better rating is the one looked for
    where it belongs to the same home.
    """
    if frame.empty:
        return frame.assign(better=frame["start"], last=frame["end"], how=frame["ended"])
    home, code = pd.factorize(frame["home"])[0], frame["rating"].cat.codes.to_numpy()
    n, position = len(frame), np.arange(len(frame))
    first = np.full(n, n)
    for level in range(len(RATINGS) - 1):
        seen = np.where(code > level, position, n)
        later = np.append(np.minimum.accumulate(seen[::-1])[::-1], n)[1:]
        first = np.where(code == level, later, first)
    there = np.minimum(first, n - 1)
    same = (home[there] == home) & (first < n)
    better = pd.Series(frame["start"].to_numpy()[there], frame.index).where(same)
    last = np.searchsorted(home, home, side="right") - 1
    return frame.assign(better=better, last=frame["end"].to_numpy()[last], how=frame["ended"].to_numpy()[last])


def _wait(frame: pd.DataFrame, start: pd.Series) -> pd.DataFrame:
    """Lay out waits that begin on the given days; `frame` of `_with_ends`."""
    ends = frame["better"].fillna(frame["last"])
    return pd.DataFrame(
        {
            "home": frame["home"].to_numpy(),
            "from_rating": frame["rating"].array,
            "start": start.to_numpy(),
            "entry": (frame["seen_from"] - start).dt.days.to_numpy(),
            "exit": (ends - start).dt.days.to_numpy(),
            "cause": np.select([frame["better"].notna(), frame["how"] == "left"], [1, 2], 0),
        }
    )


def incidence(took: pd.DataFrame, weights: np.ndarray | None = None, also: Iterable[float] = ()) -> Incidence:
    """Share whose wait has ended, by day and cause, in the order of `CAUSES`.

    Parameters
    ----------
    took : DataFrame
        Of `waits` or `waits_since`.
    weights : ndarray of float64, shape (len(took),), optional
        What each wait counts for; by default all the same.
    also : iterable of float
        Days wanted beside those on which something ended; the only ones where nothing did.
    """
    used = (took["exit"] > took["entry"]).to_numpy()
    frame = took.loc[used]
    entry, exit_ = (frame[name].to_numpy(float) for name in ("entry", "exit"))
    cause, cluster = frame["cause"].to_numpy(np.int64), pd.factorize(frame["home"])[0]
    w = np.ones(len(frame)) if weights is None else weights[used]
    counted = Waits(entry=entry, exit=exit_, cause=cause, cluster=cluster, weights=w, causes=len(CAUSES))
    return aalen_johansen(counted, np.unique([*days_of(counted, MOST_POINTS), *also]))


def last_day(took: pd.DataFrame, fewest: float, weights: np.ndarray | None = None) -> float:
    """Last day on which waits of at least this weight are still in sight; 0 where there are never so many."""
    exits, entries = took["exit"].to_numpy(float), took["entry"].to_numpy(float)
    w = np.ones(len(took)) if weights is None else weights
    days = np.unique(exits[exits > entries])[::-1]
    return float(next((day for day in days if w[(exits >= day) & (entries < day)].sum() >= fewest), 0.0))


def next_waits(spells: Spells) -> pd.DataFrame:
    """Turn spells into waits for the next rating, whatever it is; as `waits`."""
    frame = spells.timed()
    return pd.DataFrame(
        {
            "home": frame["home"].to_numpy(),
            "from_rating": frame["rating"].array,
            "start": frame["start"].to_numpy(),
            "entry": (frame["seen_from"] - frame["start"]).dt.days.to_numpy(),
            "exit": frame["days"].to_numpy(),
            "cause": np.select([frame["ended"] == "rated", frame["ended"] == "left"], [1, 2], 0),
        }
    )


def times(spells: Spells) -> pd.DataFrame:
    """How soon the next rating comes, and how soon a better one, by the rating before.

    Returns
    -------
    DataFrame
        from_rating; for "next" and "better": waits, homes, median_days with conf_low and conf_high (missing where half
        are never reached), and the shares rated so, and left, within `YEARS`, with intervals; column ``until``.
    """
    rows = []
    for until, took in (("next", next_waits(spells)), ("better", waits(spells))):
        for rating, part in took.groupby("from_rating", observed=True):
            found = incidence(part, also=[years * YEAR_DAYS for years in YEARS])
            middle, low, high = median_days(found)
            row = {"from_rating": rating, "until": until, "waits": len(part), "homes": part["home"].nunique()}
            row |= {"median_days": middle, "conf_low": low, "conf_high": high}
            rows.append(
                row
                | {name: value for year in YEARS for name, value in _within(found, year, part["exit"].max()).items()}
            )
    return pd.DataFrame(rows)


def _within(found: Incidence, years: int, watched: float) -> dict[str, float]:
    """Shares so many years on; missing where no wait was in sight for so long."""
    reached = int(np.searchsorted(found.days, years * YEAR_DAYS, side="left"))
    parts = {"": (found.estimate, 0), "_low": (found.low, 0), "_high": (found.high, 0), "_left": (found.estimate, 1)}
    return {
        f"within_{years}{name}": float(values[reached, cause]) if watched >= years * YEAR_DAYS else np.nan
        for name, (values, cause) in parts.items()
    }
