"""Did more supported homes get a better rating than homes like them did anyway?

Estimand: among supported homes that were rated again, the number rated better (O) over the number expected (E) had they
done as others did that stood at the same rating on the same day and had come to it in the same way (and, where there
are enough, of the same kind, year of next rating and follow-up); indirect standardisation,

    E = Σ_s m_s k_s / n_s,

over strata s (`analysis.ratings.programme`): m_s supported homes, and k_s of n_s re-ratings of other homes better, one
more of the share of that rating among them, so that an expectation never rests on one home. The default interval lets
every rate be as uncertain as n_s makes it (beta-binomial), and homes of one provider or council share their luck
(`analysis.ratings.luck`); beside it stands the one that takes the rates as known (Poisson-binomial, exact); both mid-P
(`analysis.inference.expected_counts`). Estimate and interval rest on the same rates.

What the others count for is N = M² / Σ m_s² / n_s, the number of homes of one stratum that would tell as much.

Number needed to support: how many homes must be supported for one more to be rated better, M / (O − E), where the
interval shows an effect.

When homes are chosen because they are rated badly this compares them with others rated as badly: what would have
happened anyway is in E. `bench/helpful.py` counts how often a programme without effect is called helpful.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from analysis.allowed import Checked, Option
from analysis.design import Others
from analysis.errors import AnalysisError
from analysis.inference.expected_counts import Assumed, Compared, compared, p_value
from analysis.inspections import Inspections
from analysis.plural import counted
from analysis.ratings.other_interventions import OPTIONS
from analysis.ratings.programme import AGAIN, BECAME, CLOSED, LEFT, NOT_YET, UNRATED, Programme, programme
from analysis.ratings.strata import ALIKE, LIKE_THEM, refuse_thin, worth
from analysis.results import (
    AUGMENT,
    EXTRA_BETTER,
    NUMBER_NEEDED,
    OBSERVED_EXPECTED,
    SHARE_DIFFERENCE,
    TIDY,
    Caveat,
    Effects,
)

CONF_LEVEL = 0.95

ONE_PROVIDER = 1 / 3
"""Share of the homes run by one provider above which the reader is told: what it did elsewhere may be the reason."""

LEAST_EXPECTED = 1.0
"""Expected homes below which no ratio is given: one home more or less would then double it."""

GROUPS = ("from_rating", "home_type")

OTHER_YEARS = Caveat(
    doubt="other years",
    words="Most of what was expected rests on inspections from before the programme, in other years, because too few "
    "other homes stood at the same rating when it began: a better year looks like an effect. Ratings of neighbouring "
    "councils would mend that.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedExpected(Checked):
    """Improvements observed over those expected anyway; see the module.

    Parameters
    ----------
    key_question : str
        "Overall" or one of the five.
    other_interventions : Others
        What becomes of homes with another intervention (`analysis.ratings.other_interventions`).
    """

    OPTIONS: ClassVar[Mapping[str, Option]] = OPTIONS

    key_question: str = "Overall"
    other_interventions: Others = "leave out"

    def fit(self, inspections: Inspections, started: pd.Series, other: pd.Series | None = None) -> Effects:
        """Compare supported homes with homes like them.

        Parameters
        ----------
        inspections, started, other : as of `programme`

        Returns
        -------
        Effects
            Terms `OBSERVED_EXPECTED`, `EXTRA_BETTER`, `SHARE_DIFFERENCE` (of the homes rated again) and
            `NUMBER_NEEDED`, overall and by subgroup (rating and kind of home). No standard errors: the intervals are
            not symmetric. ``augment()`` has one row per home rated again. Diagnostics: homes, became, strata, methods.

        Raises
        ------
        AnalysisError
            If no supported home was rated again, or none can be compared.
        """
        others = self.other_interventions
        return self.answered(programme(inspections, started.dropna(), self.key_question, other, others))

    def answered(self, found: Programme) -> Effects:
        """Compare homes that were set beside one another before, as `fit`."""
        _refuse(found)
        strata, shared = found.strata, found.luck.difference
        parts = [(by, name, part) for by in GROUPS for name, part in strata.groupby(by, observed=True)]
        groups = [(f"{by}: {name}", part) for by, name, part in parts if name != "any"]
        return Effects(
            tables={
                "overall": overall(found),
                "subgroup": _table("subgroup", groups, shared),
            },
            summary=_summary(found),
            cells=_cells(found),
            diagnostics={
                "homes": found.homes,
                "became": _became(found),
                "strata": strata,
                "methods": _methods(strata, shared),
                "luck": pd.DataFrame([asdict(found.luck)]),
            },
            notes=tuple(_notes(found, self.other_interventions)),
            caveats=(OTHER_YEARS,) if mostly_earlier(strata) else (),
            call=repr(self),
        )


def _refuse(found: Programme) -> None:
    """Say in words why there is no answer."""
    if found.strata.empty:
        again, unrated = (int((found.homes["became"] == became).sum()) for became in (AGAIN, UNRATED))
        wait = "Load ratings up to today, or wait: inspections are one to three years apart."
        raise AnalysisError(
            "No supported home can be compared." if again else "No supported home was rated again after it started.",
            found="; ".join(f"{row.homes:,} {row.became}" for row in _became(found).itertuples() if row.homes),
            do="Load ratings of homes that were not supported, rated and inspected again in the same years."
            if again
            else "Load earlier ratings, from before the start on."
            if 2 * unrated > len(found.homes)
            else wait,
        )
    refuse_thin(found.strata)


def overall(found: Programme) -> pd.DataFrame:
    """Give the answer over all supported homes that were rated again, one row per way of saying it."""
    _refuse(found)
    return _table("overall", [("all", found.strata)], found.luck.difference)


def mostly_earlier(strata: pd.DataFrame) -> bool:
    """Whether most of what was expected rests on re-ratings from before the programme."""
    n, w, counted = (strata[name].to_numpy(float) for name in ("others", "weight", "counted"))
    m = strata["supported"].to_numpy(float)
    return bool((m * n * w / np.maximum(counted, 1e-9)).sum() < m.sum() / 2)


def _compare(strata: pd.DataFrame, shared: float, *, exact: bool = False) -> tuple[Compared, int]:
    counts = _counts(strata, shared, exact=exact)
    return compared(*counts), int(counts[0].sum())


def _counts(strata: pd.DataFrame, shared: float, *, exact: bool = False) -> tuple:
    """Arguments of `compared`."""
    m, o = (strata[name].to_numpy(np.int64) for name in ("supported", "observed"))
    n, k, centre = (strata[name].to_numpy(float) for name in ("counted", "counted_improved", "centre"))
    return m, int(o.sum()), k, n, Assumed(exact=exact, centre=centre, luck=shared)


def how_far(found: Programme) -> tuple[int, int, float, float]:
    """Give homes compared, rated better, expected, and the two-sided p-value, without the interval, which takes longer.

    Raises
    ------
    AnalysisError
        If there is no answer, as `ObservedExpected.fit`.
    """
    _refuse(found)
    counts = m, observed, k, n, assumed = _counts(found.strata, found.luck.difference)
    expected = float((m * (k + assumed.centre) / (n + 1)).sum())
    return int(m.sum()), observed, expected, p_value(*counts)


def _table(by: str, groups: list[tuple[str, pd.DataFrame]], shared: float) -> pd.DataFrame:
    rows = [(name, *row) for name, strata in groups for row in _terms(*_compare(strata, shared))]
    return pd.DataFrame(rows, columns=[by, *TIDY])


def _terms(c: Compared, homes: int) -> list[tuple]:
    """Four ways of saying one comparison."""
    spans = {
        OBSERVED_EXPECTED: _over(c, c.expected if c.expected >= LEAST_EXPECTED else 0, 0),
        EXTRA_BETTER: _over(c, 1, c.expected),
        SHARE_DIFFERENCE: _over(c, homes, c.expected),
        NUMBER_NEEDED: _needed(c, homes),
    }
    return [(term, span[0], np.nan, np.nan, c.p_value, *span[1:]) for term, span in spans.items()]


def _over(c: Compared, by: float, less: float) -> tuple[float, float, float]:
    if not by:
        return np.nan, np.nan, np.nan
    return (c.observed - less) / by, (c.low - less) / by, (c.high - less) / by


def _needed(c: Compared, homes: int) -> tuple[float, float, float]:
    """One over the difference in shares, where the interval of the difference shows one; else none."""
    if c.low <= c.expected:
        return np.nan, np.nan, np.nan
    middle, low, high = (homes / (x - c.expected) for x in (c.observed, c.high, c.low))
    return middle, low, high


def _methods(strata: pd.DataFrame, shared: float) -> pd.DataFrame:
    """Compare the two intervals of O / E: method, default, conf_low, conf_high, p_value, good_for."""
    words = {
        "beta-binomial": "The default: allows for how few homes the expected number rests on, and for luck that homes "
        "of one provider or council share.",
        "Poisson-binomial, exact": "Takes the expected number as known, and is too narrow where it rests on few homes.",
    }
    rows = []
    for (method, good_for), exact in zip(words.items(), (False, True), strict=True):
        c, _ = _compare(strata, shared, exact=exact)
        by = c.expected if c.expected >= LEAST_EXPECTED else 0  # an interval where there is a ratio, as everywhere
        rows.append((method, not exact, *_over(c, by, 0)[1:], c.p_value, good_for))
    return pd.DataFrame(rows, columns=["method", "default", "conf_low", "conf_high", "p_value", "good_for"])


def _became(found: Programme) -> pd.DataFrame:
    """Count supported homes by what became of them: became, homes."""
    counts = found.homes["became"].value_counts().reindex(list(BECAME), fill_value=0)
    return counts.rename_axis("became").rename("homes").reset_index()


def _cells(found: Programme) -> pd.DataFrame:
    """One row per home rated again, in the columns of `AUGMENT`; counterfactual is the chance of a better rating."""
    again = found.homes.loc[found.homes["became"] == AGAIN]
    parts = []
    for row in found.strata.to_dict("records"):
        like = np.ones(len(again), bool)
        for name in ALIKE:
            like &= (row[name] == "any") | (again[name].astype(str).to_numpy() == row[name])
        rate = (row["counted_improved"] + row["centre"]) / (row["counted"] + 1)
        parts.append(again.loc[like].assign(expected=rate))
    homes = pd.concat(parts)
    months = homes["to_date"].dt.to_period("M").astype("int64") - homes["started"].dt.to_period("M").astype("int64")
    return (
        pd.DataFrame(
            {
                "unit": homes["home"],
                "month": homes["to_date"].dt.to_period("M").dt.to_timestamp(),
                "event_time": months,
                "observed": homes["improved"].astype(int),
                "fitted": homes["expected"],
                "counterfactual": homes["expected"],
                "weight": 1.0,
            }
        )
        .loc[:, list(AUGMENT)]
        .sort_values("unit", ignore_index=True)
    )


def _summary(found: Programme) -> dict[str, object]:
    c, homes = _compare(found.strata, found.luck.difference)
    again = found.homes.loc[found.homes["became"] == AGAIN]
    others = set(found.others["home"])
    return {
        "estimand": "improvements among supported homes rated again, over those expected without support",
        "scale": "ratio",
        "n_units": homes + len(others),
        "n_treated": homes,
        "n_comparison": round(worth(found.strata)),
        "n_clusters": int(again["provider_id"].nunique()),
        "n_obs": homes + found.others["row"].nunique(),
        "events": c.observed,
        "exposure": c.expected,
        "conf_level": CONF_LEVEL,
        "vcov": "beta-binomial with shared luck, mid-P",
        "converged": True,
        "dropped": len(found.homes) - homes,
    }


def _notes(found: Programme, others: Others):
    """Yield what must stand beside the answer."""
    counts = found.homes["became"].value_counts()
    yield from _with_another(found, others)
    homes, told = int(found.strata["supported"].sum()), worth(found.strata)
    if told < homes:  # the variance of E is then more than that of O: m² p (1 − p) / n against m p (1 − p)
        yield (
            f"The others count for {told:.0f} homes only, fewer than the {homes:,} supported ones: what would have "
            "happened anyway is the less certain half of the answer. More supported homes here would leave still fewer "
            "to compare with; ratings of neighbouring councils would make it more certain."
        )
    if found.unmatched:
        yield (
            f"{_homes(found.unmatched)} rated again could not be compared: of the other homes, none that was like "
            f"{'it' if found.unmatched == 1 else 'them'} when the support began ({LIKE_THEM}) was rated again."
        )
    if counts.get(CLOSED, 0):
        were = "was" if counts[CLOSED] == 1 else "were"
        yield (
            f"{_homes(counts[CLOSED])} {were} closed by enforcement before being rated again: no better rating, and "
            "not among these."
        )
    if counts.get(LEFT, 0):
        yield f"{_homes(counts[LEFT])} left the register before being rated again, and are not among these."
    if counts.get(NOT_YET, 0):
        yield f"{_homes(counts[NOT_YET])} had not been rated again when the data end."
    again = found.homes.loc[found.homes["became"] == AGAIN]
    most = again.loc[again["provider_id"] != "not known", "provider_id"].value_counts()
    if len(most) and most.iloc[0] > max(1, ONE_PROVIDER * len(again)):
        yield (
            f"{most.iloc[0]:,} of the {len(again):,} homes are run by one provider. What it did in all its homes would "
            "look like an effect; the interval allows for as much as providers usually differ, and no more."
        )


WHAT_BECOMES: Mapping[Others, tuple[str, str]] = {
    "leave out": ("left out", "what it did is in the answer"),
    "keep": ("kept, as if nothing had been done there", "what it did is in the answer"),
    "estimate": (
        "compared only with supported homes that had one too",
        "they are compared only with others of which the same is true",
    ),
}
"""What becomes of other homes with another intervention, and of supported ones, in words."""


def _with_another(found: Programme, others: Others):
    """Say in how many homes something else was done."""
    became, both = WHAT_BECOMES[others]
    if found.with_other:
        one = found.with_other == 1
        yield (
            f"{found.with_other:,} other {'home' if one else 'homes'} like them had another intervention before the "
            f"next rating, and {'is' if one else 'are'} {became}."
        )
    if found.both:
        yield f"{_homes(found.both)} had another intervention too by then: {both}."


def _homes(count: int) -> str:
    return counted(count, "supported home")
