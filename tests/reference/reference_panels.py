"""The stored panels as values of the project, and the numbers other implementations found on them."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.design import NEVER, Comparison, Design
from analysis.panel import Panel

FOLDER = Path(__file__).parent


def rows(name: str) -> pd.DataFrame:
    """Home-months of one stored panel."""
    return pd.read_csv(FOLDER / "panels" / f"{name}.csv")


def stored(name: str) -> pd.DataFrame:
    """One table of R's results."""
    return pd.read_csv(FOLDER / "r" / f"{name}.csv", comment="#")


def facts(name: str) -> dict[str, int]:
    """G homes, N rows and K parameters of R's fit, from the header of its result."""
    header = (FOLDER / "r" / f"{name}.csv").open().readline()
    return {word[0]: int(word[2:]) for word in header.split() if word[:2] in ("G=", "N=", "K=")}


def covariance(name: str, keys: list) -> np.ndarray:
    """R's covariance in the order of `keys`; cells R left out are missing."""
    lower = stored(name).astype({"row": str, "column": str})
    square = lower.pivot_table(index="row", columns="column", values="cr0", aggfunc="first")
    names = [str(key) for key in keys]
    square = square.reindex(index=names, columns=names)
    return square.combine_first(square.T).loc[names, names].to_numpy()


def as_panel(frame: pd.DataFrame) -> Panel:
    """Dense panel of one stored table."""
    homes = frame.drop_duplicates("home").set_index("home").sort_index()
    n_months = frame["month"].max() + 1
    at = homes.index.get_indexer(frame["home"]), frame["month"].to_numpy()
    counts, exposure = np.zeros((len(homes), n_months), np.int64), np.zeros((len(homes), n_months))
    counts[at], exposure[at] = frame["admissions"], frame["bed_days"]
    attributes = {
        "name": homes.index,
        "home_type": homes["home_type"],
        "beds": 30,
        "area": "A",
        "region": "R",
        "provider": "P",
    }
    units = pd.DataFrame(attributes, index=homes.index.rename("unit"))
    months = np.datetime64("2022-01", "M") + np.arange(n_months)
    return Panel(
        units=units, months=months, counts=counts, exposure=exposure, outcome="admissions", exposure_unit="bed-days"
    )


def as_design(frame: pd.DataFrame, comparison: Comparison = "not_yet_treated") -> Design:
    """Starts of one stored table, nothing left out."""
    homes = frame.drop_duplicates("home").set_index("home").sort_index()
    start = np.where(homes["start"] < 0, NEVER, homes["start"]).astype(np.int64)
    included = np.ones((len(start), frame["month"].max() + 1), bool)
    return Design(intervention="reference", start=start, included=included, comparison=comparison)
