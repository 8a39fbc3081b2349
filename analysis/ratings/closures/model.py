"""Did fewer supported homes leave the register than homes like them did anyway?

Estimand: closures among supported homes since they started (O), over those expected had they closed as homes like them
did, followed for as long (E, `analysis.ratings.closures.alike`): a ratio of hazards. Both are few; closures by one
provider count as one decision between them (`analysis.inference.standardised_ratio`).

Few events are told in words: below `LEAST_EXPECTED` not even no closure at all would be out of the ordinary, and below
`LEAST_ELSEWHERE` what was expected is itself uncertain by half and more. Registrations are public; a number of closures
from 1 to 7 is kept back all the same, as every small count here is, and with it what it could be worked out from.

Who was chosen because it was failing is compared with homes of the same rating on the same day; `about_to_close` doubts
what a rating does not show. `bench/closures.py` counts how often the interval holds the truth.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from analysis import disclosure
from analysis.allowed import Checked, Option, share
from analysis.errors import AnalysisError
from analysis.inference.standardised_ratio import Clumped, RatioOfSums, standardised_ratio
from analysis.inspections import Inspections
from analysis.ratings.closures.alike import ALIKE, ANY, Beside, beside
from analysis.ratings.closures.followed import AGAIN, LEFT, STILL, Following, notes
from analysis.results import AUGMENT, CLOSURES_AVERTED, NOT_SHOWN, OBSERVED_EXPECTED, TIDY, Effects

LEAST_EXPECTED = 3.0
"""Closures expected below which no ratio is given: with three expected, none at all has a chance of 5%."""
LEAST_ELSEWHERE = 5.0
"""Closures among others, worth as many that count alike, below which no ratio is given: E is then off by half."""
GROUPS = ("rating", "home_type")
FEW_EXPECTED = (
    "So few closures would have been expected anyway (fewer than {least:.0f}) that even none at all could be luck: no "
    "number is given."
)
FEW_ELSEWHERE = (
    "So few homes like them closed (fewer than {least:.0f} that tell something of their own) that nobody knows how "
    "many to expect: no number is given."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedClosures:
    """Closures beside those expected.

    Parameters
    ----------
    observed, expected : Clumped
        By provider.
    ratio : RatioOfSums
    """

    observed: Clumped
    expected: Clumped
    ratio: RatioOfSums

    @property
    def why_none(self) -> str:
        """Why no number is given; empty where one is. More than chance gives is told however few were expected."""
        if self.expected.worth < LEAST_ELSEWHERE:
            return FEW_ELSEWHERE.format(least=LEAST_ELSEWHERE)
        few = self.expected.total < LEAST_EXPECTED and not self.ratio.low > 1
        return FEW_EXPECTED.format(least=LEAST_EXPECTED) if few else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosuresExpected(Checked):
    """Closures observed over those expected anyway; see the module."""

    OPTIONS: ClassVar[dict[str, Option]] = {"conf_level": share(0.5, 0.999, 0.95)}

    conf_level: float = 0.95

    def fit(self, inspections: Inspections, following: Following) -> Effects:
        """Compare supported homes with homes like them.

        Returns
        -------
        Effects
            Terms `OBSERVED_EXPECTED` and `CLOSURES_AVERTED`, overall; the first by rating on the day of the start and
            by kind of home. Numbers are missing where events are few; `NOT_SHOWN` in the summary says why.
            Diagnostics: became (with counts from 1 to 7 missing), alike.

        Raises
        ------
        AnalysisError
            If no supported home can be compared.
        """
        if not following.supported.any():
            raise AnalysisError("No home with the intervention was registered after it started.",
                                do="Load files in which these homes stand, with ratings up to today.")  # fmt: skip
        found = beside(inspections, following)
        if not len(found.homes):
            raise AnalysisError("No other home was registered when supported homes started.",
                                do="Load homes without the intervention: those of neighbouring councils.")  # fmt: skip
        counted = count(found, self.conf_level)
        return Effects(
            tables={
                "overall": pd.DataFrame(_overall(counted), columns=["overall", *TIDY]),
                "subgroup": pd.DataFrame([*_groups(found, self.conf_level)], columns=["subgroup", *TIDY]),
            },
            summary=self._summary(found, following, counted),
            cells=_cells(found),
            diagnostics={"became": _became(found), "alike": _shown(found.alike)},
            notes=tuple(_notes(found, following, inspections)),
            call=repr(self),
            exposure_unit="home-years",
        )

    def _summary(self, found: Beside, following: Following, counted: CountedClosures) -> dict[str, object]:
        homes = found.homes
        others = _others(following)
        summary: dict[str, object] = {
            "estimand": "closures among supported homes since the start, over those expected of homes like them",
            "scale": "ratio", "n_units": len(homes) + others, "n_treated": len(homes), "n_comparison": others,
            "n_clusters": homes["provider"].nunique(), "n_obs": len(homes) + others,
            "events": round(counted.observed.total), "exposure": round(float(homes["years"].sum()), 1),
            "conf_level": self.conf_level, "vcov": "beta prime of two clumped counts, mid-P, providers as clusters",
            "converged": True, "dropped": found.unmatched + int(following.left_out["homes"].sum()),
        }  # fmt: skip
        return summary | ({NOT_SHOWN: why} if (why := counted.why_none) else {})


def count(found: Beside, conf_level: float = 0.95) -> CountedClosures:
    """Set the closures of supported homes beside those expected."""
    left = found.homes.loc[found.homes["left"]]
    observed = Clumped(sums=left.groupby("provider").size().to_numpy(float))
    weights = found.others.groupby("provider")["weight"].sum().to_numpy(float)
    expected = Clumped(sums=weights, one_more=_one_more(found))
    return CountedClosures(
        observed=observed, expected=expected, ratio=standardised_ratio(observed, expected, conf_level)
    )


def _one_more(found: Beside) -> float:
    """Say what one more closure among others would stand for: as the mean of those seen, or of those followed."""
    if len(found.others):
        each = found.others.groupby("home")["weight"].sum()
        return float(each.mean())
    rows = found.alike
    return float(rows["supported"].sum() / rows["others"].sum()) if len(rows) else 1.0


def _others(following: Following) -> int:
    return int((~following.supported).sum())


def _overall(counted: CountedClosures) -> list[tuple]:
    ratio, expected = counted.ratio, counted.expected.total
    if counted.why_none:
        return [("all", term, *[np.nan] * 6) for term in (OBSERVED_EXPECTED, CLOSURES_AVERTED)]
    averted = (expected * (1 - ratio.estimate), expected * (1 - ratio.high), expected * (1 - ratio.low))
    if disclosure.small(counted.observed.total):
        averted = (np.nan, np.nan, np.nan)  # with the ratio it would give the number of closures
    return [
        ("all", OBSERVED_EXPECTED, ratio.estimate, np.nan, np.nan, ratio.p_value, ratio.low, ratio.high),
        ("all", CLOSURES_AVERTED, averted[0], np.nan, np.nan, ratio.p_value, *averted[1:]),
    ]


def _groups(found: Beside, conf_level: float) -> Iterator[tuple]:
    for by in GROUPS:
        for name in sorted(set(found.homes[by])):
            counted = count(found.only(by, name), conf_level)
            ratio, label = counted.ratio, f"{by.replace('home_type', 'kind')}: {name}"
            if counted.why_none:
                yield (label, OBSERVED_EXPECTED, *[np.nan] * 6)
            else:
                yield (label, OBSERVED_EXPECTED, ratio.estimate, np.nan, np.nan, ratio.p_value, ratio.low, ratio.high)


def _became(found: Beside) -> pd.DataFrame:
    """Count supported homes by what became of them: became, homes; a small number, and what gives it, missing."""
    homes = found.homes
    left, again = int(homes["left"].sum()), int((homes["again"] & ~homes["left"]).sum())
    rows = [(STILL, len(homes) - left - again), (LEFT, left), (AGAIN, again)]
    frame = pd.DataFrame(rows, columns=["became", "homes"]).astype({"homes": "Int64"})
    if disclosure.small(left):
        frame.loc[frame["became"].isin([STILL, LEFT]), "homes"] = pd.NA
    return frame


def _shown(alike: pd.DataFrame) -> pd.DataFrame:
    """Give the strata with small numbers of closures missing."""
    few = [disclosure.small(n) for n in alike["others_left"]]
    return alike.assign(others_left=alike["others_left"].astype("Int64").mask(pd.Series(few, alike.index, dtype=bool)))


def _cells(found: Beside) -> pd.DataFrame:
    """One row per supported home, in the columns of `AUGMENT`; counterfactual is the closures expected of it."""
    homes = found.homes
    until, since = homes["until"].to_numpy("datetime64[M]"), homes["since"].to_numpy("datetime64[M]")
    return pd.DataFrame(
        {
            "unit": homes["home"], "month": until.astype("datetime64[ns]"),
            "event_time": (until - since).astype(int), "observed": homes["left"].astype(int),
            "fitted": homes["expected"], "counterfactual": homes["expected"], "weight": 1.0,
        }
    ).loc[:, list(AUGMENT)].sort_values("unit", ignore_index=True)  # fmt: skip


def _notes(found: Beside, following: Following, inspections: Inspections) -> Iterator[str]:
    yield from notes(following, inspections)
    if found.unmatched:
        were = "home has too few others at its" if found.unmatched == 1 else "homes have too few others at their"
        yield f"{found.unmatched:,} supported {were} rating to be compared with, and no part in the answer."
    by = found.alike.groupby(list(ALIKE))["supported"].sum()
    loose = int(sum(n for values, n in by.items() if ANY in values))  # type: ignore[union-attr]
    if loose:
        yield (
            f"{loose:,} of {len(found.homes):,} supported homes are compared with homes alike in less than rating, "
            "size and kind, because fewer than twenty were alike in all of it."
        )
    away = int((found.homes["again"] & ~found.homes["left"]).sum())
    if away:
        yield (
            f"{away:,} supported {'home was' if away == 1 else 'homes were'} registered again under a number that goes "
            "on elsewhere: not closed, and followed until then."
        )
