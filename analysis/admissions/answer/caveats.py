"""What may the headline not leave out?

Counts that bias the logarithm: log O − log C is a difference of logarithms of four sums, admissions with the
intervention and before it, and those of the comparison in the same and in earlier months. The logarithm of a Poisson
count of mean m lies 1 / (2m) below that of m, so four counts of `FEW_EVENTS` or more leave the log rate ratio within
0.02 of what it estimates, whichever side is the emptier. Months of comparison are not added up but weighed by what is
expected in them, 1 / Σ_t (v_t² / m_t) with v_t the part of month t: a late step of a wedge may rest on few admissions
though there were many before. Where months have effects by kind of home, so does the sum.
"""

from collections.abc import Iterator

import numpy as np

from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.estimate import Estimate, PoissonFit
from analysis.admissions.uncertainty.rule import FEWEST_COMPARED, HEAVY, carried_by_one
from analysis.results import Caveat

FEW_EVENTS = 25
"""Admissions of each of four kinds below which the log rate ratio may be off by 1 / (2 × 25) = 0.02 or more."""
ALWAYS_HEAVY = 3
"""With so many clusters or fewer on a side one has a third of it in any case; how few there are is said elsewhere."""


def caveats(setting: Setting, fit: PoissonFit, overall: Estimate, vcov: str) -> Iterator[Caveat]:
    """Say what may be wrong with the answer, however it is computed, each in a sentence."""
    yield from _one_to_compare_with(overall, setting)
    yield from _one_of_a_kind(fit)
    yield from _carried(overall)
    yield from _few_events(fit)
    yield from _usual_error(fit, vcov)


def _one_to_compare_with(overall, setting):
    if int(overall.n_compared[0]) >= FEWEST_COMPARED:
        return
    homes = len(setting.groupings) == 1 and len(np.unique(setting.groupings[0])) == len(setting.units)
    what = "home" if homes else "group of homes that may share their luck"
    yield Caveat(
        doubt="one to compare with",
        words=f"Only one {what} is there to compare with, so all of its own ups and downs are in the answer, and "
        "nothing shows how large they are: no interval can be trusted, and none is shown.",
    )


def _one_of_a_kind(fit):
    """Say so where homes are compared with their own kind only, and much of the answer has one of the kind."""
    sample, kinds = fit.sample, np.unique(fit.kind[fit.sample.treated_cells.any(axis=1)])
    if len(np.unique(fit.kind)) < 2:
        return
    without, kind = _informing(fit), _of_homes(fit, fit.kind)
    expected, alone = fit.saturated.expected * sample.treated_cells, 0.0
    for one in kinds:
        ran = sample.treated_cells[fit.kind == one].any(axis=0)
        if without[kind == one][:, ran].any(axis=1).sum() < FEWEST_COMPARED:
            alone += expected[fit.kind == one].sum() / expected.sum()
    if alone > HEAVY:
        yield Caveat(
            doubt="one to compare with",
            words=f"Homes are compared with their own kind only, and for {100 * alone:.0f}% of the answer one home "
            "of the kind is there to compare with: all of its own ups and downs are in it.",
        )


def _carried(overall):
    """Name the side on which one cluster has more than a third of the admissions among several."""
    none = " No interval is shown for that reason." if carried_by_one(overall) else ""
    for count, share, side in (
        (overall.n_clusters, overall.treated_share, "those supported"),
        (overall.n_compared, overall.compared_share, "those they are compared with"),
    ):
        heavy = float(share[0]) > HEAVY and int(count[0]) > ALWAYS_HEAVY
        if heavy or (none and int(count[0]) > 1 and float(share[0]) > HEAVY):
            yield Caveat(
                doubt="carried by one",
                words=f"One of {side} carries {100 * float(share[0]):.0f}% of that side, so what happened there by "
                f"chance may be what is seen.{none}",
            )


def _few_events(fit):
    sample = fit.sample
    counted = np.floor(sample.counts + 0.5)  # traces are no admissions
    informing = _informing(fit)
    ran, had = sample.treated_cells.any(axis=0), sample.treated.any(axis=1)[:, None]
    without = (sample.exposure > 0) & ~sample.treated
    kinds: dict[str, np.ndarray] = {
        "with the intervention": sample.treated,
        "before it in the same homes": without & had,
    }
    if len({g.first for g in sample.cohorts if g.first < len(sample.months)}) == 1:
        kinds["in earlier months in the homes compared"] = informing & ~ran
    few = [name for name, where in kinds.items() if counted[where].sum() < FEW_EVENTS]
    if _by_month(fit, counted * informing, _of_homes(fit, fit.kind)) > 1 / FEW_EVENTS:
        few.append("in the same months in the homes compared")
    if few:
        yield Caveat(
            doubt="few events",
            words=f"There were fewer than {FEW_EVENTS} admissions {' and '.join(few)}: so few that the estimate "
            "itself, not only its interval, may be off by a few hundredths.",
        )


def _informing(fit):
    """Home-months that tell of months without the intervention, shape (n, T)."""
    informs = _of_homes(fit, [g.informs for g in fit.sample.cohorts])[:, None]
    return (fit.sample.exposure > 0) & ~fit.sample.treated & informs


def _of_homes(fit, cohorts):
    """Give every home what its cohort has, shape (n,)."""
    return np.repeat(cohorts, [g.rows.stop - g.rows.start for g in fit.sample.cohorts])


def _by_month(fit, compared, kind):
    """Σ (v² / m) over months, each kind of home by itself where only its own kind is compared; `compared` (n, T)."""
    expected = fit.saturated.expected * fit.sample.treated_cells
    found = 0.0
    for one in np.unique(fit.kind):
        part = expected[fit.kind == one].sum(axis=0) / expected.sum()
        found += (part**2 / np.maximum(compared[kind == one].sum(axis=0), 1.0)).sum()
    return found


def _usual_error(fit, vcov):
    if vcov != "CR1":
        return
    alone = "; averaged per home, where every home has effects of its own, it is far too narrow"
    yield Caveat(
        doubt="usual error",
        words="The interval is the usual one (CR1), which is too narrow unless many homes started in each "
        f"month{alone if fit.average == 'home' else ''}. Read the interval that is the default instead (CR2).",
    )
