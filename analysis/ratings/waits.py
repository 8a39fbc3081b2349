"""How soon are homes rated better, when some leave before they could be?

A wait begins when a home is given a rating, or on a day that matters (the start of an intervention); it ends with the
first better rating, however many inspections that takes, with leaving the register, or out of sight. A home that left
will not be rated better; one that is in sight no longer may be. The curves are Aalen–Johansen's
(`analysis.inference.incidence`), their errors summed over the waits of one home.
"""

import numpy as np
import pandas as pd

from analysis.inference.incidence import Incidence, Waits, aalen_johansen
from analysis.inspections import Spells
from analysis.sources.schema import RATINGS

CAUSES = ("better", "left")
"""What ends the wait; codes 1 and 2, and 0 for what is in sight no longer."""

DAY = "datetime64[us]"
"""Of every date: pandas matches days to earlier days only where both are counted in the same unit."""

MOST_POINTS = 200
"""Days at which a curve is worked out: one every two to three weeks over ten years, finer than inspections are."""


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
    frame = spells.frame
    until, better = _ends(frame)
    code = frame["rating"].cat.codes
    begins = frame["home"].ne(frame["home"].shift()) | code.ne(code.shift())
    known = frame["seen_from"].notna() & begins & (code < len(RATINGS) - 1)
    return _wait(frame.loc[known], frame.loc[known, "start"], until, better)


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
    frame = spells.frame
    until, better = _ends(frame)
    asked = pd.DataFrame({"home": dates.index, "since": dates.to_numpy(DAY)}).dropna().sort_values("since")
    rows = frame.assign(row=frame.index).astype({"start": DAY}).sort_values("start")
    found = pd.merge_asof(asked, rows.loc[:, ["home", "start", "row"]], left_on="since", right_on="start", by="home")
    found = found.dropna(subset=["row"]).astype({"row": "int64"}).sort_values(["home", "since"], ignore_index=True)
    standing = frame.loc[found["row"]].set_axis(found.index)
    inside = (found["since"] < standing["end"]) & (standing["rating"].cat.codes < len(RATINGS) - 1)
    inside &= standing["seen_from"].notna()
    row = found.loc[inside, "row"]
    took = _wait(frame.loc[row], found.loc[inside, "since"].set_axis(row), until, better)
    return took.assign(entry=took["entry"].clip(lower=0), rated=frame.loc[row, "start"].to_numpy())


def _ends(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Of every spell, how its home's history ended, and when the home was next rated better than each rating."""
    home = frame.groupby("home", sort=False)
    until = home[["end", "ended"]].transform("last")
    code = frame["rating"].cat.codes
    better = pd.DataFrame(
        {
            level: frame["start"].where(code > level).groupby(frame["home"], sort=False).transform(_next_known)
            for level in range(len(RATINGS) - 1)
        }
    )
    return until, better


def _next_known(days: pd.Series) -> pd.Series:
    return days.bfill().shift(-1)


def _wait(frame: pd.DataFrame, start: pd.Series, until: pd.DataFrame, better: pd.DataFrame) -> pd.DataFrame:
    level = frame["rating"].cat.codes.to_numpy()
    rows = better.loc[frame.index]
    first = rows.to_numpy()[np.arange(len(frame)), level] if len(frame) else rows.to_numpy()[:, 0]
    first = pd.Series(first, frame.index)
    end, ended = until.loc[frame.index, "end"], until.loc[frame.index, "ended"]
    cause = np.select([first.notna(), ended == "left"], [1, 2], 0)
    return pd.DataFrame(
        {
            "home": frame["home"].to_numpy(),
            "from_rating": frame["rating"].array,
            "start": start.to_numpy(),
            "entry": (frame["seen_from"] - start).dt.days.to_numpy(),
            "exit": (first.fillna(end) - start).dt.days.to_numpy(),
            "cause": cause,
        }
    )


def incidence(took: pd.DataFrame, weights: np.ndarray | None = None) -> Incidence:
    """Share whose wait has ended, by day and cause, in the order of `CAUSES`.

    Parameters
    ----------
    took : DataFrame
        Of `waits` or `waits_since`.
    weights : ndarray of float64, shape (len(took),), optional
        What each wait counts for; by default all the same.
    """
    used = (took["exit"] > took["entry"]).to_numpy()
    frame = took.loc[used]
    entry, exit_ = (frame[name].to_numpy(float) for name in ("entry", "exit"))
    cause, cluster = frame["cause"].to_numpy(np.int64), pd.factorize(frame["home"])[0]
    w = np.ones(len(frame)) if weights is None else weights[used]
    ends = np.unique(exit_[cause > 0])
    at = ends[np.unique(np.linspace(0, len(ends) - 1, MOST_POINTS).round().astype(int))] if len(ends) else ends
    return aalen_johansen(
        Waits(entry=entry, exit=exit_, cause=cause, cluster=cluster, weights=w, causes=len(CAUSES)), at
    )
