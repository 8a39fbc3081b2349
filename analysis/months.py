"""How is a month written, and how is it said?

Written, in files, addresses and options, it is "2017-04"; said, on every page and in every message, "April 2017".
"""

import re
from typing import Any

import pandas as pd

MONTH_FORM = re.compile(r"(19|[2-9][0-9])[0-9]{2}-(0[1-9]|1[0-2])")
"""Months from 1900 on, in the digits 0 to 9."""


def is_month(value: Any) -> bool:
    """Whether a value is a month such as "2019-01"."""
    return isinstance(value, str) and MONTH_FORM.fullmatch(value) is not None


def month_said(month: Any) -> str:
    """Say a month, or the month of a day: "April 2017"; a text that is no month stays as it is."""
    return month if isinstance(month, str) and not is_month(month) else f"{pd.Timestamp(month):%B %Y}"


def day_said(day: Any) -> str:
    """Say a day: "3 April 2017"; nothing where it is missing."""
    return "" if pd.isna(day) else f"{pd.Timestamp(day).day} {pd.Timestamp(day):%B %Y}"
