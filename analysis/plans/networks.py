"""What has every clinical lead: how many homes and residents, which team, what of enhanced health care is in place?"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis import sources
from analysis.disclosure import nearest
from analysis.errors import AnalysisError
from analysis.monitoring import Funnel, funnel
from analysis.monitoring.home import FEWEST_IN_A_PERIOD, PER, days_in
from analysis.plans.homes import KnownHomes
from analysis.plans.month_by_month import known_of
from analysis.sources import networks as layout

Element = Literal["named_lead", "weekly_round", "assessment", "medication_review", "information_sharing"]
ELEMENTS: Mapping[Element, str] = {
    "named_lead": "Named clinical lead",
    "weekly_round": "Weekly home round with a team",
    "assessment": "Assessment and care plan within 7 working days",
    "medication_review": "Structured medication reviews",
    "information_sharing": "Sharing of information agreed",
}
"""Of Enhanced Health in Care Homes, as the network contract asks for them since October 2020."""
RECENT = 3
"""Months of bed-days from which residents are counted."""
YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class InNetwork:
    """A home in its network.

    Parameters
    ----------
    home, network : str
    lead : int
        Number of its lead within the network; 0 for none.
    role : str
        Of the lead.
    team : "in place", "building", "none" or ""
    has, lacks : tuple of Element
        What is in place, and what is not; what is in neither is not known.
    """

    home: str
    network: str
    lead: int = 0
    role: str = ""
    team: Literal["in place", "building", "none", ""] = ""
    has: tuple[Element, ...] = ()
    lacks: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworksPlan:
    """Homes in their networks.

    Parameters
    ----------
    kind : "networks"
    title : str
    homes : tuple of InNetwork
    """

    kind: Literal["networks"] = "networks"
    title: str = "Networks and clinical leads"
    homes: tuple[InNetwork, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Led:
    """Networks as they stand.

    Parameters
    ----------
    leads : DataFrame
        network, lead, role, homes, residents (to the nearest 5; missing where no bed-days are loaded), team.
    elements : DataFrame
        network, element, homes (of which it is known), has.
    variation : DataFrame
        network, homes, ratio, lower, upper, where: admissions over expected in 12 months; empty where not loaded.
    unknown : int
        Homes of the list that the data do not hold.
    missing : int
        Registered homes of the data that are in no network.
    """

    leads: pd.DataFrame
    elements: pd.DataFrame
    variation: pd.DataFrame
    unknown: int
    missing: int


def listed(name: str, source: Path | bytes) -> NetworksPlan:
    """Read a list of homes and networks from a spreadsheet.

    Raises
    ------
    AnalysisError
        If it cannot be read as one.
    """
    reading = sources.read(name, source, layouts=(layout.LAYOUT,))
    if reading.refusals or reading.questions:
        raise AnalysisError(f"{name} was not taken.", do=" ".join(map(str, (*reading.refusals, *reading.questions))))
    return NetworksPlan(homes=tuple(_in_network(row) for row in reading.tables["networks"].to_dict("records")))


def _in_network(row: Mapping[str, Any]) -> InNetwork:
    has, lacks = (tuple(name for name in ELEMENTS if row[name] is want) for want in (True, False))
    text: dict[str, Any] = {name: row[name] if isinstance(row[name], str) else "" for name in ("role", "team")}
    return InNetwork(home=row["home"], network=row["network"], lead=int(row["lead"]), has=has, lacks=lacks, **text)


def lead(plan: NetworksPlan, homes: KnownHomes) -> Led:
    """Lay networks out.

    Raises
    ------
    AnalysisError
        If no home of the list is in the data.
    """
    known = known_of(homes)
    there = known.homes.index
    rows = pd.DataFrame([(one.home, one.network, one.lead, one.role, one.team) for one in plan.homes],
                        columns=["home", "network", "lead", "role", "team"])  # fmt: skip
    inside = rows["home"].isin(there)
    if not inside.any():
        raise AnalysisError("None of these homes is in the data.", do="Give their CQC location IDs.")
    residents = _residents(known, rows["home"])
    registered = there[known.measures.registered[:, -1]]
    return Led(
        leads=_leads(rows.assign(residents=residents)), elements=_elements(plan),
        variation=_variation(known, rows[inside]), unknown=int((~inside).sum()),
        missing=int((~registered.isin(rows["home"])).sum()),
    )  # fmt: skip


def _residents(known, home):
    """Give residents of homes on an average day of the last months; missing where no bed-days are known."""
    measures = known.measures
    days = measures.days[:, -1] - measures.days[:, -1 - RECENT]
    on_a_day = pd.Series(np.where(days > 0, days / days_in(measures.months)[-RECENT:].sum(), np.nan), known.homes.index)
    return on_a_day.reindex(home).to_numpy()


def _leads(rows):
    """One row per lead; residents to the nearest 5."""
    found = rows.groupby(["network", "lead"], as_index=False).agg(
        role=("role", "first"), homes=("home", "size"), residents=("residents", lambda of: of.sum(min_count=1)),
        in_place=("team", lambda of: int((of == "in place").sum())),
        building=("team", lambda of: int((of == "building").sum())),
        none=("team", lambda of: int((of == "none").sum())),
    )  # fmt: skip
    rounded = [nearest(value) if np.isfinite(value) else np.nan for value in found["residents"].astype(float)]
    return found.assign(residents=rounded)


def _elements(plan):
    rows = [
        (one.network, ELEMENTS[name], name in one.has)
        for one in plan.homes for name in ELEMENTS if name in one.has or name in one.lacks
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["network", "element", "has"])
    return frame.groupby(["network", "element"], as_index=False, sort=False).agg(
        homes=("has", "size"), has=("has", "sum")
    )


def _variation(known, rows):
    """Set admissions of networks against what is expected of their homes' kinds: sums of what is shown of homes."""
    measures = known.measures
    place = known.homes.index.get_indexer(rows["home"])
    last = min(YEAR, len(measures.months))
    parts = {name: totals[place, -1] - totals[place, -1 - last] for name, totals in
             (("observed", measures.observed), ("expected", measures.expected), ("days", measures.days))}  # fmt: skip
    found = rows[["network"]].assign(**parts, homes=1).groupby("network", as_index=False).sum()
    found = found[found["expected"] >= FEWEST_IN_A_PERIOD].reset_index(drop=True)
    if len(found) < 2:
        return pd.DataFrame(columns=["network", "homes", "rate", "ratio", "lower", "upper", "where"])
    drawn: Funnel = funnel(found["observed"].to_numpy(), found["expected"].to_numpy(), "additive")
    where = [{-1: "below", 0: "within", 1: "above"}[each] for each in drawn.outside()]
    return found.assign(
        rate=PER * found["observed"] / found["days"], ratio=drawn.ratio, lower=drawn.lower[:, 1],
        upper=drawn.upper[:, 1], where=where,
    )[["network", "homes", "rate", "ratio", "lower", "upper", "where"]]  # fmt: skip
