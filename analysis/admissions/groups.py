"""Over which home-months is each effect averaged?

An effect is observed over expected admissions across a group of home-months, so each average weighs home-months by the
admissions expected there: an average per bed-day, not per home.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """Groups of home-months.

    Parameters
    ----------
    keys : list
        One per group: "all", months since the start, a cohort's first month, a calendar month, or an attribute.
    members : ndarray of bool, shape (R, n, T)
    """

    keys: list
    members: np.ndarray


def everything(treated: np.ndarray) -> Groups:
    """All treated home-months."""
    return Groups(keys=["all"], members=treated[None])


def by_label(label: np.ndarray, where: np.ndarray) -> Groups:
    """One group per value of a label, among some home-months.

    Parameters
    ----------
    label : ndarray, shape (n, T)
    where : ndarray of bool, shape (n, T)
    """
    keys = np.unique(label[where])
    return Groups(keys=list(keys), members=(label == keys[:, None, None]) & where)


def by_attribute(name: str, values: pd.Series, treated: np.ndarray) -> Groups:
    """One group per value of a home attribute, keys such as "home_type: nursing"."""
    label = np.broadcast_to((name + ": " + values.astype(str)).to_numpy(dtype=str)[:, None], treated.shape)
    return by_label(label, treated)
