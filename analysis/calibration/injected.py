"""How often would this analysis, on homes such as these, hold the truth, see an effect, and see one where none is?

Homes that never had the intervention are drawn, with replacement, until there are as many as took part; as many of
them as truly started are taken as if they had, in the same months, by lot. In their months from then on a known
effect is put: of a fall to 0.8 every admission is kept with a probability of 0.8, of a rise more are drawn. The whole
analysis is made of each such panel, and what it says is held against what was put in, no effect among it. Of a thousand
homes or more it is worked out without the panel being made (`quickly`), to the tenth digit the same.

What this knows is these homes: their sizes, their rates, how they swing together and by themselves, how their beds
fill. It does not know how homes were chosen (by lot here), nor of an effect that differs from home to home. Of a bad
design of two homes and of a good one of 20 it predicts what fresh homes show, within Monte Carlo error
(`bench/calibrated.csv`); at no effect the mean of the log rate ratio is none (`bench/at_zero.csv`). Each share has a
Monte Carlo error.

The rule of the answer is asked, and beside it what most software prints: the usual error and 1.96.

Source: Schuemie, Hripcsak, Ryan, Madigan and Suchard (2018), PNAS 115(11), for injecting effects into real data;
Davison and Hinkley (1997), Bootstrap Methods, for drawing homes as a whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates, overall, with_usual_error
from analysis.calibration.drawn_panels import DrawnPanel, Sources
from analysis.calibration.quickly import quickly
from analysis.design import NEVER, Design
from analysis.errors import AnalysisError
from analysis.inference.spread import spread
from analysis.panel import Panel

RATIOS = (1.0, 0.9, 0.8, 0.7)
DRAWS = 200
"""A coverage of 95% is then known to 1.5 points."""
FEWEST = 8
"""Homes without the intervention from which others may be drawn; fewer would be drawn again and again."""
PERMUTATIONS = 199
"""Of the rule's randomisation test where it is needed: enough for coverage, a tenth of what an answer takes."""
AT_ONCE = 16
"""Panels that are asked together, and drawn before any is."""
NORMAL = 1.96
RULE, USUAL = "the rule of the answer", "the usual error and 1.96"
COLUMNS = ("ratio", "interval", "draws", "bias", "bias_error", "coverage", "speaks", "share_error", "without_interval")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """What came of it.

    Parameters
    ----------
    table : DataFrame
        One row per effect put in and kind of interval: `COLUMNS`. Bias is of the log rate ratio; coverage and how often
        an interval leaves out no effect are shares of the panels with an estimate; share_error is the Monte Carlo error
        of coverage.
    homes, treated, sources : int
        Homes of each panel, those of them with the intervention, and homes drawn from.
    """

    table: pd.DataFrame
    homes: int
    treated: int
    sources: int

    def row(self, ratio: float, interval: str = RULE) -> pd.Series:
        """Give one row."""
        table = self.table
        return table[(table["ratio"] == ratio) & (table["interval"] == interval)].iloc[0]


def calibrate(  # noqa: PLR0913 - what is tried, on what, how often
    panel: Panel, design: Design, model: StaggeredRates, *, ratios: Sequence[float] = RATIOS, draws: int = DRAWS,
    seed: int = 20261127,
) -> Calibration:  # fmt: skip
    """Put known effects into homes without the intervention, and ask the model of each.

    Parameters
    ----------
    panel : Panel
        Of counts, or of counts as shown: whole counts drawn from the same bands are then used.
    design : Design
        Who truly started when.

    Raises
    ------
    AnalysisError
        Where too few homes never had the intervention.
    """
    here = (design.included & (panel.exposure > 0)).any(axis=1)
    sources = np.flatnonzero(here & (design.start == NEVER))
    starts = design.start[here & (design.start != NEVER)]
    if len(sources) < FEWEST or not starts.size:
        raise AnalysisError(
            f"This design cannot be tried out: {len(sources):,} homes never had the intervention, and others are drawn "
            f"from at least {FEWEST}.",
            do="Add homes that did not receive it.",
        )
    plain, own = _plain(model), Sources(panel=panel.by_chance, included=design.included)
    _ = own.single, own.products  # made here once, and not by every worker
    as_here = replace(Design(intervention=design.intervention, start=design.start, included=design.included),
                      comparison=design.comparison)  # fmt: skip
    rng, asked = np.random.default_rng(seed), [ratio for ratio in ratios for _ in range(draws)]

    def panels() -> Iterator[tuple[Sources, list[DrawnPanel], Design, StaggeredRates]]:
        for first in range(0, len(asked), AT_ONCE):
            drawn = [
                _drawn(own.panel, rng.choice(sources, int(here.sum())), starts, ratio, rng)
                for ratio in asked[first : first + AT_ONCE]
            ]
            yield own, drawn, as_here, plain

    answers = zip(asked, chain.from_iterable(spread(_said_of, panels())), strict=True)
    found = [(ratio, *row) for ratio, rows in answers for row in rows]
    frame = pd.DataFrame(found, columns=["ratio", "interval", "log_ratio", "low", "high"])
    return Calibration(table=_counted_up(frame), homes=int(here.sum()), treated=len(starts), sources=len(sources))


def _plain(model: StaggeredRates) -> StaggeredRates:
    return replace(model, leads=0, subgroups=(), also=(), dose="ignore", cluster="home", permutations=PERMUTATIONS)


def _drawn(panel: Panel, drawn: np.ndarray, starts: np.ndarray, ratio: float, rng) -> DrawnPanel:
    """Let the first of some drawn homes start, with an effect put in."""
    k, T = len(starts), panel.counts.shape[1]
    counts = panel.counts[drawn[:k]].astype(np.int64)
    start = np.full(len(drawn), NEVER)
    start[:k] = starts
    after = np.arange(T) >= starts[:, None]
    if ratio <= 1:
        counts[after] = rng.binomial(counts[after], ratio)
    else:
        counts[after] += rng.poisson((ratio - 1) * counts[after])
    return DrawnPanel(homes=drawn, start=start, counts=counts.astype(np.int32))


def _said_of(sources: Sources, drawn: list[DrawnPanel], design: Design, model: StaggeredRates) -> list[list[tuple]]:
    """Say of drawn panels what `said` says, without making those of which that can be said."""
    quick = quickly(sources, drawn, replace(model, comparison=model.comparison or design.comparison))
    return [
        said(some.panel(sources.panel), some.design(design), model) if found is None else _rows(*found)
        for some, found in zip(drawn, quick, strict=True)
    ]


def said(panel: Panel, design: Design, model: StaggeredRates) -> list[tuple]:
    """Log rate ratio and limits by either interval; nothing where there is no estimate."""
    try:
        ruled, error = with_usual_error(panel, design, model, permutations=0)
        if not np.isfinite(ruled.low) and model.permutations:  # its limits rest on that, which costs more than the rest
            ruled = overall(panel, design, model)
    except AnalysisError:
        return []
    return _rows(ruled.log_ratio, ruled.low, ruled.high, error)


def _rows(log: float, low: float, high: float, error: float) -> list[tuple]:
    return [(RULE, log, low, high), (USUAL, log, log - NORMAL * error, log + NORMAL * error)]


def _counted_up(frame: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for (ratio, interval), own in frame.groupby(["ratio", "interval"], sort=False):
        known = own[np.isfinite(own["log_ratio"])]
        told, truth = known.dropna(subset=["low", "high"]), np.log(float(ratio))  # type: ignore[arg-type]
        wrong = known["log_ratio"] - truth
        held = float(((told["low"] <= truth) & (told["high"] >= truth)).mean()) if len(told) else np.nan
        speaks = float(((told["low"] > 0) | (told["high"] < 0)).mean()) if len(told) else np.nan
        rows.append((ratio, interval, len(known), wrong.mean(), wrong.std() / np.sqrt(max(len(known), 1)), held, speaks,
                     np.sqrt(held * (1 - held) / max(len(told), 1)), len(known) - len(told)))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))
