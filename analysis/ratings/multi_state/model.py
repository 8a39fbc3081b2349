"""How much faster did supported homes improve, and how much slower did they get worse?

Between inspections a home moves unseen. The model follows its quality in continuous time over Inadequate, Requires
improvement, Good, Outstanding and leaving, and asks what the intervention multiplies the rate of moving up by, and the
rate of moving down, in homes alike in rating, kind, size and period, both followed from the day support began
(`analysis.ratings.landmark`). `fit` has the equation, `likelihood` what is maximised, `below_good` the time saved.

It holds if what a home does next depends on its present quality and not on how it came there, and if inspectors' visits
depend on what they know (the last rating) rather than on what has changed unseen: `timing_sensitivity` shows how far
the answer moves when they do not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np
import pandas as pd

from analysis.allowed import Checked, Option, one_of, share
from analysis.design import Others
from analysis.errors import AnalysisError
from analysis.inference.one_thread import compute_on_one_thread
from analysis.inspections import Inspections, Spells, spells_of
from analysis.inspections.watched import EXIT
from analysis.ratings.answers import FEWEST, estimate_table, few, net_of, ratio_rows, unmatched_said
from analysis.ratings.landmark import Followed, followed
from analysis.ratings.multi_state.below_good import Supported, months_saved, slope
from analysis.ratings.multi_state.fit import STATES, MultiStateFit, fit_followed, fit_moves
from analysis.ratings.multi_state.intensities import generators, transition_matrices
from analysis.ratings.multi_state.supported import supported_homes
from analysis.ratings.other_interventions import OPTIONS as ASKED
from analysis.ratings.other_interventions import for_choice
from analysis.ratings.programme import beside_homes_like_them
from analysis.ratings.records import Records, records
from analysis.ratings.strata import refuse_thin
from analysis.results import AUGMENT, MONTHS_SAVED, RATIO_DOWN, RATIO_UP, Effects
from analysis.sources.schema import RATINGS

HORIZON_YEARS = 2.0
"""Over which time below Good is counted: beyond it few supported homes have been watched."""
Cluster = Literal["provider", "home"]
OPTIONS: Mapping[str, Option] = {
    **ASKED,
    "cluster": one_of(get_args(Cluster)),
    "conf_level": share(0.5, 0.999, 0.95),
}
"""What each option may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiState(Checked):
    """Hazard ratios of moving up and down, and months below Good saved a supported home; see the module.

    Parameters
    ----------
    key_question : str
        "Overall" or one of the five.
    cluster : Cluster
        Within what homes may share their luck.
    other_interventions : Others
        What becomes of homes with another intervention (`analysis.ratings.other_interventions`).
    conf_level : float
    """

    OPTIONS: ClassVar[Mapping[str, Option]] = OPTIONS

    key_question: str = "Overall"
    cluster: Cluster = "provider"
    other_interventions: Others = "leave out"
    conf_level: float = 0.95

    def fit(self, inspections: Inspections, started: pd.Series, other: pd.Series | None = None) -> Effects:
        """Fit to every home, and say what the intervention changed.

        Parameters
        ----------
        inspections, started, other : as of `programme`

        Returns
        -------
        Effects
            Terms `RATIO_UP`, `RATIO_DOWN` and `MONTHS_SAVED` (over two years). Diagnostics: intensities (a year, of
            unsupported residential homes in the first period), inference, next (chances after one and two years).

        Raises
        ------
        AnalysisError
            If no supported home was watched after its start.
        """
        return self.fit_spells(inspections, spells_of(inspections, self.key_question), started, other)

    def fit_spells(
        self, inspections: Inspections, spells: Spells, started: pd.Series, other: pd.Series | None = None
    ) -> Effects:
        """Fit to spells that were made ready before, as `fit`."""
        seen, with_another = for_choice(self.other_interventions, spells, started, other)
        since = followed(records(inspections, seen, started, with_another))
        refuse_thin(beside_homes_like_them(inspections, spells, started, other, self.other_interventions))
        return self.followed(since, seen.leaving)

    def followed(self, since: Followed, leaving: str) -> Effects:
        """Fit to homes followed from the day support began; `leaving` says what is known of homes that left."""
        compute_on_one_thread()
        found = since.records
        if not found.supported:
            raise AnalysisError("No supported home had a rating when it started.", do="Load earlier ratings.")
        fit = fit_followed(since, found.provider if self.cluster == "provider" else None)
        if not fit.known.any():
            raise AnalysisError(
                "Homes were seen to move too seldom for the speed of any move to be told.",
                found=f"{len(fit.seen.intervals.home):,} times between two ratings",
                do="Load ratings of more homes, or of more years.",
            )
        homes = supported_homes(found.watched, fit.seen.intervals)
        table, inference = self._table(found, fit, homes)
        return Effects(
            tables={"overall": table},
            summary=self._summary(found, fit, since.unmatched),
            cells=_cells(found, fit),
            diagnostics={"inference": inference, "intensities": intensities(fit), "after": after(fit)},
            notes=tuple(_notes(since, fit, leaving, (table, inference))),
            call=repr(self),
        )

    def _table(self, found: Records, fit: MultiStateFit, homes: Supported) -> tuple[pd.DataFrame, pd.DataFrame]:
        p = len(fit.theta)
        contrasts = np.zeros((3, p))
        contrasts[[0, 1], fit.log_ratios] = 1.0
        contrasts[2] = slope(fit.theta, fit.seen.layout, homes, HORIZON_YEARS)
        spread = fit.uncertainty(contrasts)
        value = np.array([*fit.theta[fit.log_ratios], months_saved(fit.theta, fit.seen.layout, homes, HORIZON_YEARS)])
        error, known = spread.std_error.copy(), fit.identified
        value[:2][~known] = np.nan
        error[:2][~known] = np.nan
        if not known.all():  # what is made from a ratio that cannot be told cannot be told either
            value[2] = error[2] = np.nan
        if found.supported < FEWEST:
            error[:] = np.nan
        rows = estimate_table((RATIO_UP, RATIO_DOWN, MONTHS_SAVED), value, error, spread.df, self.conf_level)
        ends = rows[["conf_low", "conf_high"]].iloc[2].abs()
        if (ends > 12 * HORIZON_YEARS).any():  # so far off a straight line from the estimate says nothing
            value[2] = error[2] = np.nan
            rows = estimate_table(rows["term"], value, error, spread.df, self.conf_level)
        inference = rows[["term"]].assign(df=spread.df)
        return ratio_rows(rows, (RATIO_UP, RATIO_DOWN)), inference

    def _summary(self, found: Records, fit: MultiStateFit, unmatched: int) -> dict[str, object]:
        watched = found.watched
        return {
            "estimand": "how many times as fast supported homes move to a better, and to a worse, rating",
            "scale": "log hazard ratio",
            "n_units": len(found.homes),
            "n_treated": found.supported,
            "n_comparison": len(found.homes) - found.supported,
            "n_clusters": len(fit.clusters.scores),
            "n_obs": len(watched.home),
            "events": int((watched.became >= 0).sum()),
            "exposure": float((watched.end - watched.begin).sum()),
            "conf_level": self.conf_level,
            "vcov": f"CR2 by {self.cluster}",
            "converged": fit.maximum.converged,
            "dropped": found.unknown + unmatched,
        }


def fitted(found: Records, cluster: Cluster = "provider") -> MultiStateFit:
    """Fit the model of moves to all that was seen; leaving is part of it where any home is known to have left."""
    exits = bool((found.watched.became == EXIT).any())
    return fit_moves(found.watched, found.provider if cluster == "provider" else None, exits=exits)


def intensities(fit: MultiStateFit) -> pd.DataFrame:
    """Rates a year of an unsupported residential home in the first period: from_rating, to, per_year."""
    layout, z = fit.seen.layout, np.zeros((1, fit.seen.intervals.z.shape[1]))
    z[0, 0] = 1.0
    q = np.exp(layout.log_intensities(fit.theta, z))[0]
    rows = [(RATINGS[s], RATINGS[s + 1], q[layout.up][s]) for s in range(STATES - 1)]
    rows += [(RATINGS[s + 1], RATINGS[s], q[layout.down][s]) for s in range(STATES - 1)]
    rows += [(RATINGS[s], "left the register", q[layout.exit][s]) for s in range(STATES)]
    return pd.DataFrame(rows, columns=["from_rating", "to", "per_year"])


def after(fit: MultiStateFit, years: tuple[float, ...] = (1.0, 2.0)) -> pd.DataFrame:
    """Chance of every state after a time, with and without support, of a residential home in the first period.

    Returns
    -------
    DataFrame
        supported, years, from_rating, and a column for each rating and for having left.
    """
    rows, z = [], np.zeros((2, fit.seen.intervals.z.shape[1]))
    z[:, 0], z[1, 1] = 1.0, 1.0
    parts = generators(fit.seen.layout, fit.seen.layout.log_intensities(fit.theta, z))
    for t in years:
        for supported, P in enumerate(transition_matrices(parts, t)):
            rows += [(bool(supported), t, RATINGS[r], *P[r], 1 - P[r].sum()) for r in range(STATES)]
    return pd.DataFrame(rows, columns=["supported", "years", "from_rating", *RATINGS, "left"])


def _cells(found: Records, fit: MultiStateFit):
    """One row per stretch that ended with a rating: better than before (1) or not, and the model's chance of it."""

    def made() -> pd.DataFrame:
        data = fit.seen.intervals
        ends = np.flatnonzero(data.end >= 0)
        fitted, without = (_better(fit, ends, support) for support in (None, 0.0))
        end = found.watched.end[ends]
        since = np.floor(12 * (end - found.watched.started[data.home[ends]]))
        months = np.datetime64("2000-01", "M") + np.floor(12 * end).astype(int)
        values = (
            found.homes[data.home[ends]], months.astype("datetime64[s]"), np.where(np.isfinite(since), since, np.nan),
            (data.end[ends] > data.start[ends]).astype(int), fitted, without, np.ones(len(ends)),
        )  # fmt: skip
        return pd.DataFrame(dict(zip(AUGMENT, values, strict=True)))

    return made


def _better(fit: MultiStateFit, rows: np.ndarray, support: float | None) -> np.ndarray:
    """Chance of a better rating at the end of stretches, among homes then open, as it was or as if never supported."""
    data, layout = fit.seen.intervals, fit.seen.layout
    z = data.z.copy()
    if support is not None:
        z[:, 1] = support
    parts = generators(layout, layout.log_intensities(fit.theta, z))
    v = np.eye(layout.states)[data.start[rows]]
    for w in range(data.years.shape[1]):
        at = data.pattern[rows, w]
        grown = np.einsum("ni,ikn->nk", v, parts.V[:, :, at]) * np.exp(
            parts.values[:, at].T * data.years[rows, w][:, None]
        )
        v = np.einsum("nk,kjn->nj", grown, parts.W[:, :, at])
    better = np.arange(layout.states) > data.start[rows][:, None]
    return (v * better).sum(axis=1) / v.sum(axis=1)


def _notes(since: Followed, fit: MultiStateFit, leaving: str, told: tuple[pd.DataFrame, pd.DataFrame]):
    """Yield what must stand beside the answer."""
    found, (table, inference) = since.records, told
    yield leaving
    if since.unmatched:
        yield unmatched_said(since.unmatched)
    if found.unknown:
        were = "home was" if found.unknown == 1 else "homes were"
        yield f"{found.unknown:,} supported {were} left out here: no rating was in sight when support began."
    if fit.seen.intervals.other:
        yield net_of(int(np.isfinite(found.watched.other).sum()))
    untold = " or ".join(name for name, known in zip(("better", "worse"), fit.identified, strict=True) if not known)
    if untold:
        yield (
            f"The data cannot tell how much faster or slower homes get {untold}, nor how much time below Good was "
            "saved: too few moves were seen of either group, or homes may have moved both ways between inspections."
        )
    elif table["estimate"].isna().any():
        yield "How much time below Good was saved cannot be told: its interval would reach beyond the time itself."
    yield from few(found.supported, inference)
    if not fit.maximum.converged:
        yield "The model did not settle on an estimate. Do not use these numbers."
