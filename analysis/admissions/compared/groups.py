"""Over which home-months is each effect averaged?

An effect is observed over expected admissions across a group of home-months, so each average weighs home-months by the
admissions expected there: an average per bed-day, not per home.

Per home, every home counts alike, whatever its size. With O_h and C_h its admissions observed and expected over its B_h
bed-days in the group,

    ρ = Σ_h (O_h / B_h) / Σ_h (C_h / B_h):

the mean of the homes' rates with the intervention over the mean of their rates without it. It is defined, and C_h / B_h
is estimated without bias, however few admissions a home has; the mean of the homes' own ratios O_h / C_h is neither.
C_h rests on the home's own months before its start (`Setting.average`), because homes may differ in their effects.

Source: Kahan, Li, Copas and Harhay (2023), "Estimands in cluster-randomized trials: choosing analyses that answer the
right question", International Journal of Epidemiology 52(1), for the participant- and the cluster-average effect.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.admissions.compared.sample import Sample


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """Groups of home-months, made of whole cohort-months.

    Parameters
    ----------
    keys : list
        One per group: "all", months since the start, a cohort's first month, a calendar month, or an attribute.
    marks : ndarray of bool, shape (R, G, T)
    """

    keys: list
    marks: np.ndarray


def everything(treated: np.ndarray) -> Groups:
    """All treated cohort-months."""
    return Groups(keys=["all"], marks=treated[None])


def by_label(label: np.ndarray, where: np.ndarray) -> Groups:
    """One group per value of a label, among some cohort-months.

    Parameters
    ----------
    label : ndarray, shape (G, T)
    where : ndarray of bool, shape (G, T)
    """
    keys = np.unique(label[where])
    return Groups(keys=list(keys), marks=(label == keys[:, None, None]) & where)


def by_attribute(name: str, values: pd.Series, treated: np.ndarray) -> Groups:
    """One group per value of an attribute that the homes of a cohort share, keys such as "home_type: nursing"."""
    label = np.broadcast_to((name + ": " + values.astype(str)).to_numpy(dtype=str)[:, None], treated.shape)
    return by_label(label, treated)


def per_home(sample: Sample, marks: np.ndarray) -> np.ndarray:
    """Weigh cohort-months so that every home of a group counts alike, 1 / B_h, shape (R, G, T).

    Homes that share their effects with another (`comparable.number_singly`) count as so many at their common rate.
    """
    days = np.einsum("rgt,gt->rg", marks, sample.bed_days)
    starts = [g.rows.start for g in sample.cohorts]
    homes = np.add.reduceat(touched(sample, marks).astype(float), starts, axis=1)
    return marks * np.divide(homes, days, out=np.zeros_like(days), where=days > 0)[:, :, None]


def touched(sample: Sample, marks: np.ndarray) -> np.ndarray:
    """Which homes have a month in each group, shape (R, n)."""
    used = (sample.exposure > 0).astype(np.float32)  # counts of months: exact, and half the work
    parts = [marks[:, g].astype(np.float32) @ used[c.rows].T > 0 for g, c in enumerate(sample.cohorts)]
    return np.concatenate(parts, axis=1)
