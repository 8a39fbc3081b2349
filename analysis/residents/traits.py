"""What was known of each new resident on the day of moving in, and of the home?

Age band, sex and conditions as the stays say them; kind and size of home; and emergency admissions in the year before,
where the file of admissions goes back so far. Kinds become columns of zeros and ones, the commonest left out; those of
fewer than `FEWEST` residents are put together, so that no column is about a handful of people.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

FEWEST = 25
"""Residents a kind must have for a column of its own: as many as must stand behind an estimate."""
FREQUENT, MOST_NAMED = 0.05, 12
"""Part of new residents with a condition, and number of conditions, from and up to which they are named."""
NOT_KNOWN, OTHER = "not known", "other"
LOOKED_BACK = 365
"""Days before moving in whose emergency admissions are counted, as in the published evaluations."""


def traits(residents: pd.DataFrame, names: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """Give the covariates of some traits, by trait, one row per resident, called as they are said; those that vary.

    Parameters
    ----------
    residents : DataFrame
        age_band, sex, conditions, home_type, beds, earlier.
    """
    return {name: varying(TRAITS[name](residents).astype(float)) for name in dict.fromkeys(names)}


def together(parts: dict[str, pd.DataFrame], names: tuple[str, ...], index: pd.Index) -> pd.DataFrame:
    """Put the covariates of some traits side by side."""
    return pd.concat([pd.DataFrame(index=index), *(parts[name] for name in dict.fromkeys(names))], axis=1)


def varying(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the columns that vary."""
    return frame.loc[:, (frame.max() > frame.min()).to_numpy(bool)]


def kinds(values: pd.Series) -> pd.Series:
    """Give kinds as text, the rare ones put together."""
    plain = values.astype(object).where(values.notna(), NOT_KNOWN).astype(str)
    counted = plain.map(plain.value_counts())
    return plain.where(counted >= FEWEST, OTHER)


def _columns(values: pd.Series, label: str) -> pd.DataFrame:
    known = kinds(values)
    counted = known.value_counts()
    levels = sorted(counted.index.drop(counted.index[0])) if len(counted) else []
    return pd.DataFrame({f"{label}: {level}": known == level for level in levels}, index=values.index)


def _conditions(residents: pd.DataFrame) -> pd.DataFrame:
    """Give the number of conditions, and those that many have, by name."""
    told = residents["conditions"].astype(object)
    said = told.notna()
    number = pd.to_numeric(told, errors="coerce")
    lists = told.where(said & number.isna(), "").astype(str).str.split("; ")
    count = number.fillna(lists.map(lambda some: len([one for one in some if one])))
    frame = {"number of conditions": count.where(said, count[said].mean() if said.any() else 0.0)}
    if not said.all() and said.any():
        frame["conditions: not known"] = ~said
    named = lists.explode()
    common = named[named != ""].value_counts()
    common = common[common >= max(FEWEST, FREQUENT * len(residents))].index[:MOST_NAMED]
    frame |= {f"condition: {name}": lists.map(lambda some, name=name: name in some) for name in sorted(common)}
    return pd.DataFrame(frame, index=residents.index)


def _size(residents: pd.DataFrame) -> pd.DataFrame:
    beds = pd.to_numeric(residents["beds"], errors="coerce")
    log = np.log(beds.where(beds > 0))
    frame = {"beds of the home (logarithm)": log.fillna(log.mean() if log.notna().any() else 0.0)}
    return pd.DataFrame(frame | ({"beds: not known": log.isna()} if log.isna().any() else {}), index=residents.index)


def _earlier(residents: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"emergency admissions in the year before (log(1 + n))": np.log1p(residents["earlier"])})


TRAITS: Mapping[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "age_band": lambda residents: _columns(residents["age_band"], "age"),
    "sex": lambda residents: _columns(residents["sex"], "sex"),
    "conditions": _conditions,
    "home_type": lambda residents: _columns(residents["home_type"], "kind of home"),
    "size": _size,
    "earlier_admissions": _earlier,
}
