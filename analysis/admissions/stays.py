"""Did the intervention change when residents are admitted, how long they stay, or how long they wait to leave?

A sum over an exposure by home and month (`analysis.panel.stays`), compared as admissions over bed-days are: Poisson
quasi-likelihood with a level for each home and each month (`StaggeredRates`), which is right for the mean of any sum
that is not negative, whatever its distribution. Days come in stays, many at once, so that they vary far more than a
count of mean m does; homes, not days, are what the error counts (clustered by home, with its small-sample corrections).

Source: Gourieroux, Monfort and Trognon (1984), Econometrica 52(3): a Poisson mean fitted to what is not Poisson is
consistent; Wooldridge (2023), Econometrics Journal 26(3).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd

from analysis.admissions.answer.published import published
from analysis.admissions.answer.staggered import StaggeredRates
from analysis.admissions.compared.setting import Cluster
from analysis.allowed import Checked, Option, one_of, share
from analysis.design import NEVER, Design
from analysis.disclosure import BEHIND, FEWEST_HOMES, Rule
from analysis.errors import AnalysisError
from analysis.panel import Panel
from analysis.panel.stays import BEHIND as STAYS
from analysis.results import NOT_SHOWN, RATE_RATIO, Caveat, Effects

KEPT = ("overall", "subgroup", "event_time")
"""Groupings of which the ratio is told; the months before the start are for the doubt whether homes ran alike."""
FEW_STAYS = 25
"""Stays behind a side of the answer below which the ratio itself may be off, as of admissions."""
BY_MONTH = "by month since the start"
"""In a note about estimates that are not shown: of months there are none to show."""
TOO_LITTLE = (
    "The estimate is not shown: few {outcome} stand behind it, in the homes with the intervention or in those compared "
    "with, before or after, and could be worked out from it; or most of those homes had so few that nothing shows how "
    "many."
)
FEW_HOMES = (
    f"The estimate is not shown: fewer than {FEWEST_HOMES} homes stand on one side of it, and what happened in one "
    "could be worked out."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StayRatios(Checked):
    """Ratio of a share, or of days over an exposure, with the intervention to what was to be expected without.

    Parameters
    ----------
    conf_level : float
        Of every interval.
    cluster : Cluster
        Within what homes may share their luck.
    """

    OPTIONS: ClassVar[dict[str, Option]] = {
        "conf_level": share(0.5, 0.999, 0.95),
        "cluster": one_of(("home", "provider", "area")),
    }
    conf_level: float = 0.95
    cluster: Cluster = "home"

    def fit(self, panel: Panel, design: Design) -> Effects:
        """Estimate the ratio.

        Raises
        ------
        AnalysisError
            If there is no estimate: nobody or everybody treated at once, nothing counted, nothing to compare with.
        """
        asked = StaggeredRates(conf_level=self.conf_level, cluster=self.cluster, permutations=999)
        try:
            found = asked.fit(panel, design)
        except AnalysisError as error:
            raise _said(error, panel) from error
        tables = {by: _ratios(found.tables[by]) for by in KEPT if by in found.tables}
        covariance = {by: V for by, V in found.covariance.items() if by in tables}
        return replace(
            found, tables=tables, covariance=covariance, diagnostics=_diagnostics(found), call=repr(self),
            notes=tuple(_notes(found.notes)), caveats=tuple(_caveats(found, panel, design)),
            summary=_summary(found, panel),
        )  # fmt: skip


def as_told(effects: Effects, panel: Panel, design: Design, least: int) -> Effects:
    """Give the answer as it may be handed on; `least` is the sum behind it below which it is not."""
    shown = published(effects, panel, design, Rule(hidden_to=least - 1, base=BEHIND.base))
    counted = {name: frame for name, frame in shown.diagnostics.items() if name != "quarters"}  # sums by quarter
    silent = (shown.summary.get(NOT_SHOWN), *(note for note in shown.notes if BY_MONTH in note))
    why = {NOT_SHOWN: TOO_LITTLE.format(outcome=panel.outcome)} if NOT_SHOWN in shown.summary else {}
    shown = replace(shown, diagnostics=counted, summary={**shown.summary, **why},
                    notes=tuple(note for note in shown.notes if note not in silent))  # fmt: skip
    n_treated, n_others = (int(effects.summary[name]) for name in ("n_treated", "n_comparison"))  # type: ignore[call-overload]
    if min(n_treated, n_others) >= FEWEST_HOMES:
        return shown
    tables = {by: _without_numbers(frame) for by, frame in shown.tables.items()}
    return replace(shown, tables=tables, summary={**shown.summary, NOT_SHOWN: FEW_HOMES})


def _without_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    values = ("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high")
    return frame.assign(**dict.fromkeys(values, np.nan))


def _ratios(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.loc[frame["term"] == RATE_RATIO].reset_index(drop=True)


def _diagnostics(found: Effects) -> dict[str, pd.DataFrame]:
    """Keep what is not said in admissions, nor by groupings that are not told."""
    kept = {name: found.diagnostics[name] for name in ("inference", "methods", "pre_trend", "dropped")}
    degrees = found.diagnostics["degrees_of_freedom"]
    return kept | {"degrees_of_freedom": degrees[degrees["by"].isin(KEPT)].reset_index(drop=True)}


def _summary(found: Effects, panel: Panel) -> dict[str, object]:
    estimand = f"{panel.outcome} over {panel.exposure_unit}: the average effect on the homes that received it, a ratio"
    return {**found.summary, "estimand": estimand}


def _notes(notes: Sequence[str]) -> Iterator[str]:
    """Yield what is true of any sum; the pandemic is said anew, and what is about admissions averted left out."""
    for note in notes:
        if "pandemic" in note:
            yield "The months include the pandemic, when hospitals were used otherwise; look at it without them."
        elif "admission" not in note:
            yield note


def _caveats(found: Effects, panel: Panel, design: Design) -> Iterator[Caveat]:
    """Yield the caveats, few events being few stays."""
    yield from (caveat for caveat in found.caveats if caveat.doubt != "few events")
    if STAYS not in panel.also:
        return
    stays, after = panel.also[STAYS].counts, _after(design, panel)
    if min(stays[after].sum(), stays[design.included & ~after].sum()) < FEW_STAYS:
        yield Caveat(
            doubt="few events",
            words=f"Fewer than {FEW_STAYS} stays stand on one side of the answer: so few that the estimate itself, not "
            "only its interval, may be off.",
        )


def _after(design: Design, panel: Panel) -> np.ndarray:
    """Home-months with the intervention, shape (N, T)."""
    month = np.arange(len(panel.months))
    return design.included & (design.start != NEVER)[:, None] & (month >= design.start[:, None])


def _said(error: AnalysisError, panel: Panel) -> AnalysisError:
    """Say a refusal of what was asked, not of admissions over bed-days."""

    def words(text: str | None) -> str | None:
        if text is None:
            return None
        return text.replace("bed-days", panel.exposure_unit).replace(" admissions", f" {panel.outcome}")

    return AnalysisError(str(words(error.wrong)), found=words(error.found), do=words(error.do))
