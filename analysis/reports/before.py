"""Is the comparison fair, and could the effect be found? Asked of the months before the start, and of no other.

The panel is cut at the first start, so that nothing worked out here can hold an outcome after it. Then: were the homes
alike (standardised mean differences); did they run alike, asked by a placebo in time, which lets the homes start a year
early, when nothing was done; are months missing; and how small an effect could a year as precise as that one show.

Sources: standardised difference below 0.1, Austin (2009), *Statistics in Medicine* 28(25); smallest effect found four
times in five, 2.8 standard errors, Bloom (1995), *Evaluation Review* 19(5); diagnostics before the answer, OHDSI.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.design import NEVER, Design, design_from
from analysis.errors import AnalysisError
from analysis.evaluation import model_of
from analysis.figures import Figure, Table
from analysis.months import MONTH
from analysis.panel import Panel, monthly
from analysis.protocol import Protocol
from analysis.reports.locks import first_start
from analysis.results import RATE_RATIO, interval
from analysis.tables.columns import Column, number, percent
from analysis.words import homes
from analysis.words.fair import by_lot_as_far

WHAT, RAN_ALIKE, COULD_BE_FOUND = "What this is", "Did they run alike before?", "Could an effect be found?"
YEAR = 12
FEWEST = 24
"""Months before the start without which there is no year for the placebo and a year before it."""
ALIKE = 0.1
"""Standardised mean difference up to which groups are called alike."""
QUANTILE, FOUR_IN_FIVE = 1.96, 2.8
"""Standard errors from the middle to the end of a 95% interval; and of the smallest effect that is found four times in
five (1.96 + 0.84)."""
OBSERVED_ENOUGH = 0.9
"""Share of months that must be there: below, what is missing could decide."""
BALANCE = (
    Column("What", "what"), Column("With it", "with_it", number(2)), Column("Without it", "without", number(2)),
    Column("Standardised difference", "smd", number(2)),
)  # fmt: skip
INSIDE, INSIDE_ENOUGH = 0.95, 0.8
"""Of the other homes those that are not odd; and the share of homes with it that must lie among them: of fewer, one in
five would be told about by homes unlike them."""
OVERLAP = (Column("What", "what"), Column("Homes with it among the others", "share", percent))
OBSERVED = (Column("Homes", "group"), Column("Number", "homes"), Column("Months observed", "share", percent))
CUT = "No month from the first start on was looked at."
NOT_COUNTED = (
    "Not told of a store that is shared: counts leave it in bands, and bands of the months before a start may reach "
    "over it, so that they would hold something of what came after. Its owner sees it with “homeward lock”."
)
OWNERS = (
    "For the owner of the data alone, and not for release: worked out from exact counts. No month from the first "
    "start on was looked at."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Before:
    """The months before the first start.

    Parameters
    ----------
    panel : Panel
        Cut at the first start.
    spells : DataFrame
        Who had what before it; those to come are told by `supported` alone.
    supported : ndarray of bool, shape (N,)
        Homes that were to have the intervention.
    """

    panel: Panel
    spells: pd.DataFrame
    supported: np.ndarray

    @property
    def until(self) -> str:
        """First month that was not looked at."""
        return str(self.panel.months[-1] + 1)


def before_of(panel: Panel, spells: pd.DataFrame, protocol: Protocol) -> Before:
    """Cut everything at the first start.

    Raises
    ------
    AnalysisError
        If too few months are left.
    """
    name = protocol.plan.intervention
    cut = first_start(monthly(panel), spells, protocol.plan)
    if cut < FEWEST:
        raise AnalysisError(
            "The protocol cannot be locked: too little is known of the time before the start.",
            found=f"{cut} months", do=f"{FEWEST} months before the first start are needed. Load earlier months.",
        )  # fmt: skip
    supported = panel.units.index.isin(spells.loc[spells["intervention"] == name, "location_id"])
    if not supported.any() or supported.all():
        raise AnalysisError(
            "The protocol cannot be locked: there is nobody to compare.",
            found=f"{homes(int(supported.sum()))} with {name!r} of {len(supported):,}",
            do="Load the list of homes that have or will have it, and months of homes that will not.",
        )
    earlier = spells.loc[(spells["intervention"] != name) & (panel.month_index(spells["started"]) < cut)]
    return Before(panel=panel.of(months=slice(0, cut)), spells=earlier, supported=supported)


def figures(before: Before, protocol: Protocol, warning: str = OWNERS, *, counted: bool = True) -> Iterator[Figure]:
    """Yield what is to be seen before the protocol is locked.

    Parameters
    ----------
    warning : str
        What must be known of it: `OWNERS`, or `CUT` of invented data.
    counted : bool
        Whether counts may be looked at; of a store that is shared they may not (`NOT_COUNTED`).
    """
    yield Figure(title=WHAT, warning=warning)
    yield _balance(before, counted=counted)
    yield _overlap(before, counted=counted)
    if counted:
        yield from _placebo(before, protocol)
    else:
        yield from (Figure(title=title, sentence=NOT_COUNTED) for title in (RAN_ALIKE, COULD_BE_FOUND))
    yield _observed(before)


def _balance(before: Before, *, counted: bool) -> Figure:
    """Hold homes with and without it beside each other."""
    rows = [
        (what, *difference(value[before.supported], value[~before.supported]))
        for what, value in _measures(before.panel, counted=counted).items()
    ]
    tidy = pd.DataFrame(rows, columns=["what", "with_it", "without", "smd"])
    sentence = alike_said(tidy, before.supported)
    return Figure(
        title="Were the homes alike?",
        sentence=f"{sentence} A lasting difference does no harm by itself: every home is held against its own past.",
        tables=(Table(tidy=tidy, columns=BALANCE, title=""),),
    )


def alike_said(tidy: pd.DataFrame, supported: np.ndarray) -> str:
    """Say whether homes were alike, and how often as many that nobody chose would not be.

    Parameters
    ----------
    tidy : DataFrame
        what, smd: missing where fewer than two homes on one side have a value, which is not the same as alike.
    """
    sides, unknown = (int(supported.sum()), int((~supported).sum())), tidy["smd"].isna()
    if unknown.all():
        why = "one side has fewer than two homes" if min(sides) < 2 else "too little is known of them"
        return f"Whether the homes were alike cannot be said: {why}."
    far, rest = tidy.loc[tidy["smd"].abs() > ALIKE, "what"].tolist(), tidy.loc[unknown, "what"].tolist()
    not_known = f" Of too few homes is known: {'; '.join(rest)}." if rest else ""
    if not far:
        return f"The homes were alike{' in what is known of them' if rest else ''}.{not_known}"
    return f"Not alike (standardised difference above {ALIKE}): {'; '.join(far)}.{not_known} {by_lot_as_far(*sides)}"


def alike(panel: Panel, design: Design) -> Figure | None:
    """Hold homes with the intervention beside those without it, of what may be shown of the year before the start.

    None where there is no such year, or nobody on one side.
    """
    supported = design.start != NEVER
    cut = int(design.start[supported].min(initial=len(panel.months)))
    if panel.length != MONTH or cut < YEAR or not supported.any() or supported.all():
        return None
    seen = Before(panel=panel.of(months=slice(0, cut)), spells=pd.DataFrame(), supported=supported)
    return _balance(seen, counted=True)


def _measures(panel: Panel, *, counted: bool) -> dict[str, np.ndarray]:
    """Lay out what homes are held beside each other by, one value a home."""
    days, kind = panel.exposure[:, -YEAR:].sum(axis=1), panel.units["home_type"].astype("string")
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(days > 0, 1000 * panel.counts[:, -YEAR:].sum(axis=1) / days, np.nan)
    return ({"Admissions per 1,000 bed-days, last year before": rate} if counted else {}) | {
        "Bed-days a month, last year before": np.where(days > 0, days / YEAR, np.nan),
        "Beds": pd.to_numeric(panel.units["beds"], errors="coerce").to_numpy(float),
        "Nursing homes (share)": kind.eq("nursing").to_numpy(float, na_value=np.nan),
    }


def _overlap(before: Before, *, counted: bool) -> Figure:
    """Count the homes with it that have others like them: within what the middle `INSIDE` of the others are."""
    rows = []
    for what, value in _measures(before.panel, counted=counted).items():
        one, other = (value[side][np.isfinite(value[side])] for side in (before.supported, ~before.supported))
        if len(one) and len(other) >= 2 and len(np.unique(other)) > 2:
            low, high = np.quantile(other, [(1 - INSIDE) / 2, (1 + INSIDE) / 2])
            rows.append((what, 100 * float(((one >= low) & (one <= high)).mean())))
    tidy = pd.DataFrame(rows, columns=["what", "share"])
    few = tidy.loc[tidy["share"] < 100 * INSIDE_ENOUGH, "what"].tolist()
    beyond = f"Many lie beyond it by: {'; '.join(few)}. For them the comparison reaches outside what was seen."
    if tidy.empty:
        return Figure(title="Are there others like them?", sentence="Too little is known of the homes to say.")
    return Figure(
        title="Are there others like them?",
        sentence=f"Homes with it that lie where the middle {INSIDE:.0%} of the others do. "
        + (beyond if few else "Most homes with it have others like them."),
        tables=(Table(tidy=tidy, columns=OVERLAP, title=""),),
    )


def difference(one: np.ndarray, other: np.ndarray) -> tuple[float, float, float]:
    """Means of two groups, and their difference over the root of the mean of their variances."""
    one, other = one[np.isfinite(one)], other[np.isfinite(other)]
    if len(one) < 2 or len(other) < 2:
        return float(np.mean(one)) if len(one) else np.nan, float(np.mean(other)) if len(other) else np.nan, np.nan
    spread = np.sqrt((np.var(one, ddof=1) + np.var(other, ddof=1)) / 2)
    apart = float(one.mean() - other.mean())
    return float(one.mean()), float(other.mean()), apart / spread if spread > 0 else (0.0 if apart == 0 else np.inf)


def _placebo(before: Before, protocol: Protocol) -> Iterator[Figure]:
    """Let the homes start a year early, when nothing was done; and say how small an effect such a year could show."""
    title, power = RAN_ALIKE, COULD_BE_FOUND
    try:
        ratio, low, high = placebo(before, protocol)
    except AnalysisError as refused:
        yield Figure(title=title, sentence=f"A year in which nothing was done cannot be judged. {refused}")
        return
    held, error = low <= 1 <= high, np.log(high / low) / (2 * QUANTILE)
    yield Figure(
        title=title,
        sentence=f"Had the homes started a year before, when nothing was done, the answer would be a rate ratio of "
        f"{interval(ratio, low, high)}. "
        + ("That holds no difference, as it should." if held else "That is a difference where nothing was done: the "
           "homes did not run alike, and an answer would hold this too."),
    )  # fmt: skip
    yield Figure(
        title=power,
        sentence=f"A year of these homes would show, four times in five, a fall of "
        f"{1 - np.exp(-FOUR_IN_FIVE * error):.0%} or more. "
        "A smaller one would often be missed; more homes or more months would show it.",
    )


def placebo(before: Before, protocol: Protocol) -> tuple[float, float, float]:
    """Rate ratio and interval where the homes start `YEAR` months before the end.

    Raises
    ------
    AnalysisError
        If there is no interval.
    """
    panel = before.panel
    start = pd.Timestamp(panel.months[-YEAR])
    early = pd.DataFrame(
        {"location_id": panel.units.index[before.supported], "intervention": protocol.plan.intervention,
         "started": start}
    )  # fmt: skip
    spells = pd.concat([before.spells, early], ignore_index=True).reindex(columns=before.spells.columns)
    asked = replace(protocol, subgroups=(), checks=(), options={})
    design = design_from(panel, spells, asked.plan)
    tidy = model_of(asked).fit(panel, design).tidy()
    row = tidy.loc[tidy["term"] == RATE_RATIO].iloc[0]
    ratio, low, high = (float(row[name]) for name in ("estimate", "conf_low", "conf_high"))
    if not np.isfinite([low, high]).all():
        raise AnalysisError("No interval can be given.", do="More homes or more months before the start are needed.")
    return ratio, low, high


MANY_MISSING = "So many are missing that they could decide: find out why."


def _observed(before: Before) -> Figure:
    """Say how many of the months before are there."""
    there = before.panel.exposure[:, -FEWEST:] > 0
    groups = {"with the intervention": before.supported, "without it": ~before.supported}
    rows = [(group, int(rows.sum()), 100 * float(there[rows].mean())) for group, rows in groups.items()]
    tidy = pd.DataFrame(rows, columns=["group", "homes", "share"])
    few = tidy["share"].min() < 100 * OBSERVED_ENOUGH
    sentence = MANY_MISSING if few else "Too few are missing to decide."
    return Figure(
        title="Are months missing?",
        sentence=f"Of the {FEWEST} months before the first start, this many are known. {sentence}",
        tables=(Table(tidy=tidy, columns=OBSERVED, title=""),),
    )
