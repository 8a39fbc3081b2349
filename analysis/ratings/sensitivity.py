"""How strongly would inspectors have to be brought by what changed unseen to explain the answer away?

The model of moves takes the times of inspections to depend on what inspectors know. If supporters tell them when a home
is ready, improved homes are seen sooner and the effect is overstated; if homes that became worse are seen sooner, every
rate of worsening is. Neither can be estimated from published ratings. So the model is fitted again with an assumed
ratio (`Triggering`), for several ratios, and the answer is shown as a curve, with the ratio at which nothing is left.

Of many homes without support, `MOST_OTHERS` drawn at random take part, every supported home does.

Source: Sweeting, Farewell and De Angelis (2010), Statistics in Medicine 29; tipping points, Permutt (2016).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.design import Others
from analysis.errors import AnalysisError
from analysis.inference.one_thread import compute_on_one_thread
from analysis.inspections import Inspections, spells_of
from analysis.ratings.answers import FEWEST, estimate_table, ratio_rows
from analysis.ratings.landmark import Followed, followed
from analysis.ratings.multi_state.fit import MultiStateFit, Triggering, fit_followed
from analysis.ratings.other_interventions import for_choice
from analysis.ratings.records import Records, records
from analysis.results import RATIO_UP

TIMES = (1.0, 2.0, 4.0, 8.0)
"""How many times as fast inspectors may come: inspections of Good homes are over two years apart, so that eight times
means within four months of the change."""
KINDS = ("better_sooner", "worse_sooner")
MOST_OTHERS = 1500
"""Homes without support that take part: more make the curve slower and hardly narrower, supported homes being few."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sensitivity:
    """The ratio of moving up under assumptions about inspectors.

    Parameters
    ----------
    frame : DataFrame
        kind (one of `KINDS`), times, estimate, conf_low, conf_high.
    tips : DataFrame
        kind, what ("estimate" or "interval"), times: from which ratio on the estimate, or the interval's nearer end,
        no longer speaks of improvement; missing where it never does, or did not to begin with.
    homes, supported : int
        That take part.
    """

    frame: pd.DataFrame
    tips: pd.DataFrame
    homes: int
    supported: int


def sensitivity(  # noqa: PLR0913 - what is asked, of whom, and what is assumed
    inspections: Inspections,
    started: pd.Series,
    key_question: str = "Overall",
    *,
    other: pd.Series | None = None,
    others: Others = "leave out",
    times: Sequence[float] = TIMES,
    seed: int = 20261126,
) -> Sensitivity:
    """Fit under every assumption.

    Parameters
    ----------
    started : Series of datetime64, index home
        Day each supported home started.
    other : Series of datetime64, index home, optional
        Day from which homes had another intervention.
    others : Others
        What becomes of them.
    times : sequence of float
        Ratios, the first one 1.
    seed : int
        Of the draw of homes without support.
    """
    compute_on_one_thread()
    spells, with_another = for_choice(others, spells_of(inspections, key_question), started, other)
    found = followed(fewer_others(records(inspections, spells, started, with_another), seed))
    if not found.records.supported:
        raise AnalysisError("No supported home had a rating when it started.", do="Load earlier ratings.")
    plain = fit_followed(found, found.records.provider)
    frame = pd.concat([curve(found, kind, times, plain) for kind in KINDS], ignore_index=True)
    tips = pd.DataFrame(
        [
            (kind, what, tip(part["times"].to_numpy(), part[column].to_numpy()))
            for kind, part in frame.groupby("kind", sort=False)
            for what, column in (("estimate", "estimate"), ("interval", "conf_low"))
        ],
        columns=["kind", "what", "times"],
    )
    return Sensitivity(frame=frame, tips=tips, homes=len(found.records.homes), supported=found.records.supported)


def curve(found: Followed, kind: str, times: Sequence[float], plain: MultiStateFit) -> pd.DataFrame:
    """Ratio of moving up by assumed ratio of inspections: kind, times, estimate, conf_low, conf_high.

    Parameters
    ----------
    plain : MultiStateFit
        Under no assumption, the first of `times`; each search starts from the fit before.
    """
    fit, rows = plain, [_row(plain, found.records.supported)]
    for ratio in times[1:]:
        assumed = Triggering(**{kind: float(ratio)})
        fit = fit_followed(found, found.records.provider, triggering=assumed, near=fit)
        rows.append(_row(fit, found.records.supported))
    table = pd.concat(rows, ignore_index=True)
    return table[["estimate", "conf_low", "conf_high"]].assign(kind=kind, times=list(times))[
        ["kind", "times", "estimate", "conf_low", "conf_high"]
    ]


def _row(fit: MultiStateFit, supported: int) -> pd.DataFrame:
    up = fit.log_ratios[0]
    spread = fit.uncertainty(np.eye(len(fit.theta))[[up]])
    told = fit.identified[0]
    error = spread.std_error if told and supported >= FEWEST else np.full(1, np.nan)
    value = fit.theta[[up]] if told else np.full(1, np.nan)
    return ratio_rows(estimate_table([RATIO_UP], value, error, spread.df, 0.95), [RATIO_UP])


def tip(times: np.ndarray, ratio: np.ndarray) -> float:
    """Where a falling curve first meets 1, by interpolation of logarithms; missing where it does not."""
    logs = np.log(ratio)
    below = np.flatnonzero(logs <= 0)
    if not np.isfinite(logs).all() or logs[0] <= 0 or not len(below):
        return float("nan")
    k = below[0]
    share = logs[k - 1] / (logs[k - 1] - logs[k])
    return float(np.exp(np.log(times[k - 1]) + share * np.log(times[k] / times[k - 1])))


def fewer_others(found: Records, seed: int) -> Records:
    """Keep every supported home and at most `MOST_OTHERS` of the rest."""
    watched = found.watched
    others = np.flatnonzero(~np.isfinite(watched.started))
    if len(others) <= MOST_OTHERS:
        return found
    drawn = np.random.default_rng(seed).permutation(others)[:MOST_OTHERS]
    kept = np.sort(np.concatenate([drawn, np.flatnonzero(np.isfinite(watched.started))]))
    rows = np.isin(watched.home, kept)
    stretches = {name: getattr(watched, name)[rows] for name in ("begin", "end", "rated", "became")}
    return replace(
        found,
        homes=found.homes[kept],
        provider=np.unique(found.provider[kept], return_inverse=True)[1],
        watched=replace(
            watched, home=np.searchsorted(kept, watched.home[rows]), started=watched.started[kept],
            attributes=watched.attributes[kept], other=watched.other_of(kept), **stretches,
        ),
    )  # fmt: skip
