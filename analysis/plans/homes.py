"""How is one home doing: its ratings, its admissions, its beds, and what was done in it, beside homes like it?

Fair to the home by construction: what is said of its admissions allows for the differences between homes that are
nobody's merit (`monitoring.funnel`), peers are homes of its kind and size and have no names, and where counts are too
few to say anything, that is what is said.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from analysis.allowed import Entry, Option, faults, whole
from analysis.errors import AnalysisError
from analysis.evaluation import Material, material
from analysis.inspections import Inspections, period, stored_inspections
from analysis.missing import Missing
from analysis.monitoring import Cause, Charted
from analysis.monitoring import staffing as of_staff
from analysis.monitoring.home import FEWEST_IN_A_PERIOD, PER, admissions_of, days_in, fullness_of
from analysis.outcomes import EMERGENCIES
from analysis.panel import Panel
from analysis.plans.monitored import Apart, Watchable, seen, stand_apart
from analysis.registrations import stored_registrations
from analysis.sources.schema import KEY_QUESTIONS, TABLES
from analysis.store import Store

ALIKE_IN_SIZE = 1.5
"""Times as many beds as, or of which, a home of similar size has."""
FEWEST_PEERS = 10
"""With fewer of its kind and size, all homes of its kind are its peers: quartiles of fewer say little."""
YEAR = 12
NO_STAFFING = pd.DataFrame(columns=list(TABLES["staffing"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePlan:
    """Which home is looked at.

    Parameters
    ----------
    kind : "home"
    home : str
        Its location ID; "" for the first.
    last : int
        Months, up to the last, in which it is set beside its peers.
    """

    RULES: ClassVar[Mapping[str, Option]] = {"last": whole(1, 120, 24)}
    ENTRIES: ClassVar[Mapping[str, Entry]] = {"last": Entry("Months beside its peers, up to the last")}

    kind: Literal["home"] = "home"
    home: str = ""
    last: int = 24

    @property
    def title(self) -> str:
        """What is looked at."""
        return f"The home {self.home}" if self.home else "One home"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KnownHomes:
    """What a store says of its homes.

    Parameters
    ----------
    inspections : Inspections
    watchable : Watchable or Missing
        Admissions as shown.
    spells : DataFrame
        Of interventions, by home.
    until : Timestamp
        The last day of which these data say anything.
    staffing : DataFrame
        Posts and leavers by home and day, as the table of the store.
    """

    inspections: Inspections
    watchable: Watchable | Missing
    spells: pd.DataFrame
    until: pd.Timestamp
    staffing: pd.DataFrame = field(default_factory=lambda: NO_STAFFING)

    @property
    def shown(self) -> Panel | None:
        """Counts as shown, where there are any."""
        return None if isinstance(self.watchable, Missing) else self.watchable.shown

    @property
    def names(self) -> Mapping[str, str]:
        """Homes that can be looked at and what they are called, in the order of their names; those without one last."""
        homes = self.inspections.homes
        known = homes["name"].fillna("").astype(str).to_dict()
        if self.shown is not None:
            units = self.shown.units
            known = units["name"].fillna("").astype(str).to_dict() | known
        named = sorted(known.items(), key=lambda each: (not each[1], each[1], each[0]))
        return {one: f"{name or 'Home'} ({one})" for one, name in named}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Peers:
    """A home beside homes of its kind and size.

    Parameters
    ----------
    rows : DataFrame
        measure, unit, here, low, middle, high (quartiles of peers), homes.
    rates : ndarray, shape (n,)
        Admissions per 1,000 bed-days of peers, in no order that tells which.
    same_size : bool
        Whether peers are of its size too, or only of its kind.
    """

    rows: pd.DataFrame
    rates: np.ndarray
    same_size: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HomeProfile:
    """A home as it stands.

    Parameters
    ----------
    plan : HomePlan
        With the home that is looked at.
    facts : mapping
        name, home_type, beds, area_name, leaving, deregistered; missing where not known.
    ratings : DataFrame
        Every overall rating, and what was published without one: visited, published, rating, unrated, period,
        inherited.
    questions : DataFrame
        The latest of each key question: key_question, rating, visited, published, period.
    admissions, fullness : Charted or Missing
    stands : Series or Missing
        Where it stands in the funnel of homes: observed, expected, ratio, lower, upper, where, kind.
    first, last : datetime64[M] or None
        Months of `stands`.
    peers : Peers or Missing
    spells : DataFrame
        What was done in it: intervention, started, ended, chosen_by, chosen_from, chosen_to.
    staffing : DataFrame
        Of `monitoring.staffing.shares`; empty where none is loaded.
    until : Timestamp
    """

    plan: HomePlan
    facts: Mapping[str, object]
    ratings: pd.DataFrame
    questions: pd.DataFrame
    admissions: Charted | Missing
    fullness: Charted | Missing
    stands: pd.Series | Missing
    first: np.datetime64 | None
    last: np.datetime64 | None
    peers: Peers | Missing
    spells: pd.DataFrame
    staffing: pd.DataFrame
    until: pd.Timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """How the parts of a store are taken: anew each time, or by whoever remembers what was taken.

    Parameters
    ----------
    inspections : callable () -> Inspections
    material : callable () -> Material
        Of emergency admissions.
    watchable : callable (Material) -> Watchable
    """

    inspections: Callable[[], Inspections]
    material: Callable[[], Material]
    watchable: Callable[[Material], Watchable] = seen


def stored_homes(store: Store, readings: Readings | None = None) -> KnownHomes:
    """Take from a store what is known of its homes."""
    by = readings or Readings(
        inspections=lambda: stored_inspections(store), material=lambda: material(store, EMERGENCIES)
    )
    with store.reading():  # its file is opened once, and not for every table
        rated, staff = by.inspections(), stored_staffing(store)
        try:
            given = by.material()
            watchable = by.watchable(given)
        except AnalysisError as error:
            return known_homes(rated, Missing(str(error)), store.table("interventions"), staff)
        return known_homes(rated, watchable, given.spells, staff)


def stored_staffing(store: Store) -> pd.DataFrame:
    """Take staffing from a store, by home instead of by registration."""
    rows = store.table("staffing")
    return rows.assign(location_id=stored_registrations(store).of(rows["location_id"])) if len(rows) else rows


def known_homes(
    rated: Inspections, watchable: Watchable | Missing, spells: pd.DataFrame, staffing: pd.DataFrame = NO_STAFFING
) -> KnownHomes:
    """Put together what is known of homes."""
    days = [rated.frame[name].max() for name in ("published", "last_listed")]
    if not isinstance(watchable, Missing):
        days.append(pd.Timestamp(watchable.shown.months[-1] + 1) - pd.Timedelta(days=1))
    told = [day for day in days if pd.notna(day)]
    until = max(told, default=pd.NaT)
    return KnownHomes(inspections=rated, watchable=watchable, spells=spells, until=until, staffing=staffing)


def look_at(plan: HomePlan, homes: KnownHomes) -> HomeProfile:
    """Put together what is known of one home.

    Raises
    ------
    AnalysisError
        If an option cannot be, or there is no such home.
    """
    if wrong := [*faults(plan, plan.RULES)]:
        raise AnalysisError(" ".join(wrong), do="Put it right, and the answer appears.")
    home = plan.home or next(iter(homes.names), "")
    if home not in homes.names:
        raise AnalysisError(f"There is no home {home!r} in these data.", do="Give the location ID of one that is.")
    facts = _facts(homes, home)
    apart, stands = _standing(plan, homes, home)
    charts = _charts(homes, home, facts["beds"])
    spells = homes.spells[homes.spells["location_id"] == home].sort_values("started")
    return HomeProfile(
        plan=HomePlan(home=home, last=plan.last), facts=facts, ratings=_ratings(homes, home),
        questions=_questions(homes, home), admissions=charts[0], fullness=charts[1], stands=stands,
        first=None if apart is None else apart.first, last=None if apart is None else apart.last,
        peers=_peers(plan, homes, home, facts), spells=spells, until=homes.until,
        staffing=of_staff.shares(homes.staffing[homes.staffing["location_id"] == home]),
    )  # fmt: skip


def _facts(homes, home):
    """Describe a home by the register, or by the panel where it is in none."""
    register, facts = homes.inspections.homes, {}
    if home in register.index:
        facts = register.loc[home, ["name", "home_type", "beds", "area_name", "leaving", "deregistered"]].to_dict()
    if homes.shown is not None and home in homes.shown.units.index:
        unit = homes.shown.units.loc[home]
        there = {"name": unit["name"], "home_type": unit["home_type"], "beds": unit["beds"], "area_name": unit["area"]}
        facts = there | {name: value for name, value in facts.items() if pd.notna(value)}
    nothing = dict.fromkeys(("name", "home_type", "beds", "area_name", "leaving", "deregistered"))
    known = {name: value for name, value in facts.items() if pd.notna(value)}
    return nothing | known | {"beds": float(known.get("beds", np.nan))}


def _ratings(homes, home):
    frame = homes.inspections.frame
    rows = frame[(frame["home"] == home) & (frame["key_question"] == "Overall")]
    return _dated(rows)


def _questions(homes, home):
    """Give the latest of every key question; only of one home, so that it takes no time."""
    frame = homes.inspections.frame
    rows = frame[(frame["home"] == home) & frame["rating"].notna()].sort_values(["date", "published"])
    last = rows.drop_duplicates("key_question", keep="last")
    order = {name: place for place, name in enumerate(KEY_QUESTIONS)}
    return _dated(last).sort_values("key_question", key=lambda names: names.astype(str).map(order))


def _dated(rows):
    columns = ["key_question", "rating", "unrated", "visited", "published", "regime", "inherited"]
    return rows[columns].assign(period=period(rows["date"]).astype(object)).reset_index(drop=True)


def _charts(homes, home, beds):
    shown = homes.shown
    if shown is None or home not in shown.units.index:
        none = Missing("no admissions and bed-days of this home are loaded")
        return none, none
    row = shown.units.index.get_loc(home)
    causes = _causes(homes.spells, home, shown.months)
    return (
        admissions_of(shown.months, shown.counts[row], shown.exposure[row], causes),
        fullness_of(shown.months, shown.exposure[row], beds),
    )


def _causes(spells, home, months):
    own = spells[spells["location_id"] == home].dropna(subset=["started"])
    dated = zip(own["started"].to_numpy().astype("datetime64[M]"), own["intervention"].astype(str), strict=True)
    return tuple(Cause(month, name.replace("_", " ")) for month, name in dated if months[0] <= month <= months[-1])


def _standing(plan, homes, home) -> tuple[Apart | None, pd.Series | Missing]:
    """Find the home in the funnel of all homes."""
    if homes.shown is None:
        return None, Missing("no admissions and bed-days are loaded")
    try:
        apart = stand_apart(homes.shown, plan.last, "additive")
    except AnalysisError:
        return None, Missing("too few homes have enough admissions in these months")
    place = np.flatnonzero(apart.homes["location_id"].to_numpy() == home)
    if not place.size:
        return apart, Missing("too few admissions are expected in a home of its size to say anything of it")
    at = int(place[0])
    drawn = apart.funnel
    row = apart.homes.iloc[at][["observed", "expected", "kind"]].to_dict()
    return apart, pd.Series(row | {
        "ratio": float(drawn.ratio[at]), "lower": float(drawn.lower[at, 1]), "upper": float(drawn.upper[at, 1]),
        "where": int(drawn.outside()[at]),
    })  # fmt: skip


def _peers(plan, homes, home, facts) -> Peers | Missing:
    """Set the home beside others of its kind and size."""
    like, same_size = _alike(homes, home, facts)
    if len(like) < FEWEST_PEERS:
        return Missing(f"fewer than {FEWEST_PEERS} other homes of its kind are loaded")
    measures = [("Years since its last rating", "years", _age(homes))]
    rates = pd.Series(dtype=float)
    if homes.shown is not None:
        rates = _rates(homes.shown, plan.last)
        measures.append((f"Admissions, last {plan.last} months", "per 1,000 bed-days", rates))
        measures.append(("Beds filled, last 12 months", "%", _filled(homes.shown)))
    if len(homes.staffing):
        staff = of_staff.latest(homes.staffing)
        measures += [("Posts vacant", "%", staff["vacant"]), ("Staff who left within a year", "%", staff["left"])]
    rows = [_beside(name, unit, values, home, like) for name, unit, values in measures]
    kept = rates.reindex(like).dropna().to_numpy()
    return Peers(rows=pd.DataFrame([row for row in rows if row]), rates=np.sort(kept), same_size=same_size)


def _alike(homes, home, facts):
    """Find homes of the kind, registered today, and of similar size where there are enough of them."""
    register = homes.inspections.homes
    if homes.shown is not None:
        units = homes.shown.units.rename(columns={"area": "area_name"})[["home_type", "beds"]]
        register = pd.concat([register, units[~units.index.isin(register.index)]])
    kind = register["home_type"].astype(object) == facts["home_type"]
    here = kind & (register.index != home) & ~register["leaving"].isin(["left", "registered again"])
    beds = pd.to_numeric(register["beds"], errors="coerce").astype(float)
    close = here & beds.between(facts["beds"] / ALIKE_IN_SIZE, facts["beds"] * ALIKE_IN_SIZE)
    enough = bool(close.sum() >= FEWEST_PEERS)
    return register.index[close if enough else here], enough


def _beside(name, unit, values, home, like):
    """Give quartiles of the peers of whom it is known, and the home's own value."""
    of = values.reindex(like).dropna().to_numpy(float)
    if len(of) < FEWEST_PEERS:
        return None
    low, middle, high = np.quantile(of, [0.25, 0.5, 0.75])
    here = float(values.get(home, np.nan))
    return {"measure": name, "unit": unit, "here": here, "low": low, "middle": middle, "high": high, "homes": len(of)}


def _age(homes):
    rated = homes.inspections.rated().drop_duplicates("home", keep="last").set_index("home")
    return (homes.until - rated["date"]).dt.days / 365.25


def _rates(shown, last):
    """Admissions per 1,000 bed-days of homes whose count as shown may be."""
    recent = slice(-last, None)
    counts, days = shown.counts[:, recent].sum(axis=1), shown.exposure[:, recent].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = np.where((counts >= FEWEST_IN_A_PERIOD) & (days > 0), PER * counts / days, np.nan)
    return pd.Series(rates, shown.units.index)


def _filled(shown):
    recent = slice(-YEAR, None)
    beds = pd.to_numeric(shown.units["beds"], errors="coerce").to_numpy(float)
    seen = shown.exposure[:, recent] > 0
    room = (seen * days_in(shown.months)[recent]).sum(axis=1) * beds
    with np.errstate(divide="ignore", invalid="ignore"):
        return pd.Series(np.where(room > 0, 100 * shown.exposure[:, recent].sum(axis=1) / room, np.nan),
                         shown.units.index)  # fmt: skip
