"""Is the baseline a spike, how much of the fall does the rise before it predict, and how common was such a fall?

An area that was chosen, or that acted, after a bad year falls back without help. Three questions about years counted
from the start, −2 and −1 before it, 1, 2, … after it, asked of every area:

* **Spike**: how far the year before the start stands above the average of the years before that one.
* **Rise alone**: across the areas in which nothing was done, log(y_k / y_−1) is regressed on log(y_−1 / y_−2). What the
  line says for this area is what its rise before the start, and the national course, predict without any intervention.
* **How common**: in how many areas the percentage fall was at least as large, or at least as large as the one claimed.

Percentages of few events swing by chance, so areas with fewer than 1,000 events in the year before the start are not
ranked. Years before the area's returns were complete are missing (`question`, rule 1).

Source: regression to the mean, Barnett, van der Pols and Dobson (2005), International Journal of Epidemiology 34(1).
"""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from analysis.areas.measures import NATIONAL
from analysis.areas.question import reported
from analysis.errors import AnalysisError
from analysis.months import YEAR
from analysis.panel import Panel

FEWEST_EVENTS = 1_000
"""Events in the year before the start: the standard error of a year's change by chance alone is then below 5 points,
for independent events; delayed days come in runs, so in truth it is several times that."""

SPIKE = 1.2
"""A year this far above the average of the years before it is called a spike: a fifth, which is about half of a usual
year's change (SD of an English council's log ratio from year to year: 0.25 to 0.32)."""

DAYS = "days"
"""Exposure of what is counted over days, whose years are added up."""

FEWEST_AREAS = 10
"""Areas without which a regression across them is not shown."""

FALLS = ("year", "first_month", "change", "national_change", "rank", "areas", "since_two_years_before", "predicted",
         "predicted_low", "predicted_high", "r", "claimed_or_larger")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Years:
    """Values by area and year from the start.

    Parameters
    ----------
    units : DataFrame, N rows
        With the column ``name``.
    year : ndarray of int, shape (K,)
        …, −2, −1 before the start, 1, 2, … after it; there is no year 0.
    first : ndarray of datetime64[M], shape (K,)
        First month of each.
    values : ndarray of float64, shape (N, K)
        Events, or a published rate; missing where a year is not complete or not reported.
    national : ndarray of float64, shape (K,)
        Of all areas together, or as published for England.
    fewest : float
        Value in the year before the start below which an area is not ranked.
    """

    units: pd.DataFrame
    year: np.ndarray
    first: np.ndarray
    values: np.ndarray
    national: np.ndarray
    fewest: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpikeBefore:
    """How the year before the start of one area stood, which is known before anything after it is.

    Parameters
    ----------
    spike : float
        Value of the year before the start over the average of the years before that one; missing where there is none.
    national_spike : float
        The same of all areas together.
    spike_rank, spike_areas : int
        Place of the area among all by spike, the largest first.
    """

    spike: float
    national_spike: float
    spike_rank: int
    spike_areas: int

    @property
    def is_spike(self) -> bool:
        """Whether the year before the start stands out above those before it."""
        return bool(self.spike >= SPIKE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YearBefore(SpikeBefore):
    """The baseline of one area, examined by what came after it.

    Parameters
    ----------
    rise, national_rise : float
        Value of the year before the start over that of the year before.
    falls : DataFrame
        One row per complete year after the start, with the columns `FALLS`; changes are ratios less one.
    years : DataFrame
        year, first_month, value, national: the area's own series.
    left_out : str
        Who was not ranked, and why.
    """

    rise: float
    national_rise: float
    falls: pd.DataFrame
    years: pd.DataFrame
    left_out: str


def years_from(
    panel: Panel, start: str, returns: Panel | None = None, national: pd.Series | None = None
) -> Years:  # fmt: skip
    """Add up the months of a panel to years from the start; an incomplete year is missing.

    Of what has a denominator of its own, or is a rate alone, a year is its average rate.

    Parameters
    ----------
    returns : Panel, optional
        By which under-reporting is judged; see `question.choose`.
    national : Series, optional
        What is published for England, by first month; by default all areas together.
    """
    since = (panel.months - np.datetime64(start, "M")).astype(int)
    year = since // 12
    kept = [k for k in np.unique(year) if (year == k).sum() == 12 // panel.length and not since[year == k].min() % 12]
    seen = panel.exposure > 0
    known = seen & reported(panel if returns is None else returns, panel)
    number = np.array([k if k < 0 else k + 1 for k in kept], dtype=int)
    first = np.datetime64(start, "M") + 12 * np.array(kept, dtype=int)
    values, whole = (_by_year(panel, these, [year == k for k in kept]) for these in (known, seen))
    together = whole[np.isfinite(whole).all(axis=1)]  # the same areas in every year
    days = panel.exposure_unit == DAYS
    country = together.sum(axis=0) if days else together.mean(axis=0) if len(together) else np.full(len(kept), np.nan)
    if national is not None and panel.length == YEAR:
        country = national.reindex(pd.DatetimeIndex(first.astype("datetime64[ns]"))).to_numpy(float)
    fewest = FEWEST_EVENTS if days else 0.0
    return Years(units=panel.units[["name"]], year=number, first=first, values=values, national=country, fewest=fewest)


def _by_year(panel: Panel, known: np.ndarray, years: list[np.ndarray]) -> np.ndarray:
    """Events of every area and year, or its rate where it is not counted over days; missing where not all is known."""
    found = np.full((len(known), len(years)), np.nan)
    for k, months in enumerate(years):
        total, over = panel.counts[:, months].sum(axis=1), panel.exposure[:, months].sum(axis=1)
        value = total if panel.exposure_unit == DAYS else total / np.where(over > 0, over, 1)
        found[:, k] = np.where(known[:, months].all(axis=1), value, np.nan)
    return found


def published_years(wide: pd.DataFrame, start: str) -> Years:
    """Take a yearly table (`measures.yearly`), England's row as the national value."""
    codes = wide.index.get_level_values(0).astype(str)
    england = codes.str.startswith(NATIONAL)
    columns = pd.DatetimeIndex(wide.columns)
    first = columns.to_numpy().astype("datetime64[M]")
    since = (first - np.datetime64(start, "M")).astype(int) // 12
    values = wide.to_numpy(dtype=float)
    areas = wide.loc[~england]
    units = pd.DataFrame({"name": areas.index.get_level_values(1)}, index=codes[~england])
    national = values[england][0] if england.any() else np.full(len(first), np.nan)
    year = np.where(since < 0, since, since + 1)
    return Years(units=units, year=year, first=first, values=values[~england], national=national)


def examine(years: Years, area: str, claimed: float | None = None) -> YearBefore:
    """Examine the baseline of an area.

    Parameters
    ----------
    years : Years
        Of every area.
    area : str
        Its code.
    claimed : float, optional
        A claimed fall, such as 0.55: how many areas fell by as much is counted.

    Raises
    ------
    AnalysisError
        If the area has no value in the year before the start, or in no year after it.
    """
    own = _place(years, area)
    if not any(_known(years, own, k) for k in years.year[years.year >= 1]):
        raise _too_short(years)
    ranked = _ranked(years, own)
    falls = [_fall(years, own, k, ranked, claimed) for k in years.year[years.year >= 1] if _known(years, own, k)]
    return YearBefore(
        **asdict(stood_before(years, area)),
        rise=float(_rise(years.values, years.year)[own]),
        national_rise=float(_rise(years.national[None, :], years.year)[0]),
        falls=pd.DataFrame(falls, columns=list(FALLS)),
        years=pd.DataFrame({
            "year": years.year, "first_month": years.first.astype("datetime64[s]"),
            "value": years.values[own], "national": years.national,
        }),
        left_out=_not_ranked(years, ranked),
    )  # fmt: skip


def stood_before(years: Years, area: str) -> SpikeBefore:
    """Say how the year before the start of an area stood, by no year after it.

    Raises
    ------
    AnalysisError
        If the area has no value in the year before the start.
    """
    own = _place(years, area)
    spikes = _over_earlier(years.values, years.year)
    there = np.isfinite(spikes) & _ranked(years, own)
    return SpikeBefore(
        spike=float(spikes[own]),
        national_spike=float(_over_earlier(years.national[None, :], years.year)[0]),
        spike_rank=int((spikes[there] >= spikes[own]).sum()) if np.isfinite(spikes[own]) else 0,
        spike_areas=int(there.sum()),
    )


def _ranked(years: Years, own: int) -> np.ndarray:
    before = years.values[:, years.year == -1][:, 0]
    ranked = np.isfinite(before) & (before >= max(years.fewest, np.finfo(float).tiny))
    ranked[own] = True
    return ranked


def _place(years: Years, area: str) -> int:
    if area not in years.units.index:
        raise AnalysisError(f"There is no area {area!r} in this measure.", do="Choose one of its areas.")
    own = int(years.units.index.get_loc(area))  # type: ignore[arg-type]
    if not _known(years, own, -1):
        raise _too_short(years)
    return own


def _too_short(years: Years) -> AnalysisError:
    return AnalysisError(
        "The area needs a whole year before the start and one after it.",
        found=f"whole years from {', '.join(str(month) for month in years.first) or 'none'}",
        do="Choose a start with twelve months of data on either side.",
    )


def _known(years: Years, own: int, year: int) -> bool:
    return bool((years.year == year).any() and np.isfinite(years.values[own, years.year == year]).all())


def _over_earlier(values: np.ndarray, year: np.ndarray) -> np.ndarray:
    """Value of the year before the start over the average of the known years before that one, shape (N,)."""
    earlier, last = values[:, year < -1], values[:, year == -1]
    known = np.isfinite(earlier)
    number = known.sum(axis=1)
    average = np.where(known, earlier, 0).sum(axis=1) / np.where(number > 0, number, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return last[:, 0] / average


def _rise(values: np.ndarray, year: np.ndarray) -> np.ndarray:
    """Value of the year before the start over that of the year before, shape (N,); missing where not known."""
    if not (year == -2).any():
        return np.full(len(values), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return values[:, year == -1][:, 0] / values[:, year == -2][:, 0]


def _fall(years: Years, own: int, year: int, ranked: np.ndarray, claimed: float | None) -> tuple:
    at = years.year == year
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = years.values[:, at][:, 0] / years.values[:, years.year == -1][:, 0]
    there = ranked & np.isfinite(ratio)
    national = float(years.national[at][0] / years.national[years.year == -1][0])
    rise = _rise(years.values, years.year)
    told = predicted(rise, ratio, own, there)
    return (
        year, pd.Timestamp(years.first[at][0]), ratio[own] - 1, national - 1,
        int((ratio[there] <= ratio[own]).sum()), int(there.sum()), ratio[own] * rise[own] - 1, *told,
        np.nan if claimed is None else int((ratio[there] <= 1 - claimed).sum()),
    )  # fmt: skip


def predicted(rise: np.ndarray, ratio: np.ndarray, own: int, there: np.ndarray) -> tuple[float, float, float, float]:
    """Change that an area's rise before the start predicts, from the areas in which nothing was done.

    Parameters
    ----------
    rise, ratio : ndarray, shape (N,)
        Value of the year before the start over the one before, and of a year after it over the year before the start.
    own : int
        Row of the area.
    there : ndarray of bool, shape (N,)
        Areas that take part.

    Returns
    -------
    change, low, high, r : float
        Predicted ratio less one with a 95% prediction interval for one area, and the correlation of logs.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - loaded where it is needed

    with np.errstate(divide="ignore", invalid="ignore"):
        x, y = np.log(rise), np.log(ratio)
    used = there & np.isfinite(x) & np.isfinite(y)
    used[own] = False
    n = int(used.sum())
    if n < FEWEST_AREAS or not np.isfinite(x[own]):
        return np.nan, np.nan, np.nan, np.nan
    dx, dy = x[used] - x[used].mean(), y[used] - y[used].mean()
    slope = (dx @ dy) / (dx @ dx)
    ahead = x[own] - x[used].mean()
    middle = y[used].mean() + slope * ahead
    spread = np.sqrt(((dy - slope * dx) ** 2).sum() / (n - 2) * (1 + 1 / n + ahead**2 / (dx @ dx)))
    half = float(stdtrit(n - 2, 0.975)) * spread
    r = (dx @ dy) / np.sqrt((dx @ dx) * (dy @ dy))
    change, low, high = (float(np.exp(v) - 1) for v in (middle, middle - half, middle + half))
    return change, low, high, float(r)


def _not_ranked(years: Years, ranked: np.ndarray) -> str:
    before = years.values[:, years.year == -1][:, 0]
    missing, few = int(np.isnan(before).sum()), int((np.isfinite(before) & ~ranked).sum())
    parts = [f"{missing} without a whole year before the start"] * (missing > 0)
    parts += [f"{few} with fewer than {years.fewest:,.0f} events in it, whose percentages swing by chance"] * (few > 0)
    return f"Not ranked: {', and '.join(parts)}." if parts else ""
