"""Which month does a date with a time zone belong to?

To the one that stands in it: midnight of 1 January in Paris is January, though it is still December in London. Turned
to another clock, the first of a month becomes the last of the month before.
"""

from typing import Any

import pandas as pd


def as_written(dates: Any) -> pd.Series:
    """Give dates as the clock of their own zone showed them, without the zone."""
    given = pd.Series(dates)
    if isinstance(given.dtype, pd.DatetimeTZDtype):
        return given.dt.tz_localize(None)
    if pd.api.types.is_datetime64_dtype(given.dtype):
        return given
    try:
        read = pd.to_datetime(given)
    except ValueError:  # zones that differ within the column
        read = given.map(pd.Timestamp)
    if isinstance(read.dtype, pd.DatetimeTZDtype):
        return read.dt.tz_localize(None)
    return read if read.dtype != object else pd.to_datetime(read.map(lambda date: date.tz_localize(None)))
