"""What must the reader be told beside the estimate?"""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.estimate import NOTHING as NOTHING_EXPECTED
from analysis.admissions.engine.estimate import Estimate, PoissonFit
from analysis.admissions.uncertainty.applicable import inapplicable
from analysis.admissions.uncertainty.rule import (
    FEW_DEGREES,
    FEWEST_FOR_CLUSTERED,
    INVERTED,
    NOTHING,
    RANK_OF_CLUSTER,
    Ruling,
    compared,
    treated_homes,
)
from analysis.design import PANDEMIC
from analysis.plural import counted
from analysis.results import AVERTED, RATE_RATIO

CUSTOMARY = 0.05
"""Where readers draw the line, whether or not they should."""


def notes(setting: Setting, fit: PoissonFit, overall: Estimate, ruling: Ruling, table: pd.DataFrame) -> Iterator[str]:
    """Sentences about who was left out, what could not be estimated, and how far the interval can be trusted.

    Parameters
    ----------
    table : DataFrame
        The overall effect in every term, as it is shown.
    """
    yield from _left_out(setting, fit)
    yield from _not_estimated(setting, fit)
    yield from _nothing_expected(fit)
    yield from _few(overall, ruling)
    yield from _inapplicable(fit)
    yield from _counted_together(setting, fit)
    yield from _disagreement(ruling)
    yield from _two_scales(table)
    yield from _calendar(setting, fit)
    if not fit.converged:
        yield "The model did not settle on an estimate. Do not use these numbers; look at the homes with most leverage."


def _homes(count):
    return counted(count, "home")


def _left_out(setting, fit):
    for reason, count in Counter(r for r in setting.reasons(fit.sample) if r).items():
        yield f"{_homes(count)} left out: {reason}."


def _not_estimated(setting, fit):
    kept = np.zeros_like(setting.treated)
    kept[np.ix_(fit.sample.homes, fit.sample.months)] = fit.sample.treated
    in_sample = np.isin(np.arange(len(kept)), fit.sample.homes)
    lost = setting.treated & ~kept & in_sample[:, None]
    other = lost & _with_another(setting)
    if other.any():
        yield (
            f"{other.sum():,} home-months with the intervention ({_homes(other.any(axis=1).sum())}) are not estimated: "
            "another intervention ran there too, and no home with that one alone shows what it does by then."
        )
    lost &= ~other
    alone = lost & ~_with_a_home_without(setting)
    if alone.any():
        yield (
            f"{alone.sum():,} home-months with the intervention ({_homes(alone.any(axis=1).sum())}) are not estimated: "
            f"by then no home{' of the same kind' if setting.kinds else ''} was left without it to compare with."
        )
    lost &= ~alone
    if lost.any():
        kind = " of the same kind" if setting.kinds else ""
        yield (
            f"{lost.sum():,} home-months with the intervention ({_homes(lost.any(axis=1).sum())}) are not estimated: "
            f"in those months there is no home{kind} without it to compare with."
        )
    if setting.later.any():
        yield f"{_homes(setting.later.sum())} start after the last month and serve only as comparison."
    if (setting.start[fit.sample.homes] < len(setting.months)).all():
        yield "Every home receives the intervention in the end; homes are compared only with those still to start."


def _with_a_home_without(setting):
    """Home-months of a month and kind in which some home has not started, shape (N, T)."""
    without, found = (setting.exposure > 0) & ~setting.treated, np.zeros(setting.treated.shape, bool)
    for kind in np.unique(setting.kind):
        found[setting.kind == kind] = without[setting.kind == kind].any(axis=0)
    return found


def _nothing_expected(fit):
    """Say so where months of comparison, or homes before their start, had no admission (`sample`)."""
    sample = fit.sample
    cells = sample.treated_cells & (fit.saturated.expected < NOTHING_EXPECTED)
    there = (sample.exposure > 0) & np.repeat(cells, [g.rows.stop - g.rows.start for g in sample.cohorts], axis=0)
    if there.any():
        yield (
            f"For {there.sum():,} home-months with the intervention ({_homes(there.any(axis=1).sum())}, "
            f"{there.any(axis=0).sum():,} months) the expected number is 0: no home without it had an admission in the "
            "month, or the home had none before its start. They stay in the sums, because leaving out months by what "
            "was seen in them favours the intervention."
        )


def _with_another(setting):
    """Home-months in which an intervention that is estimated beside runs, shape (N, T)."""
    running = [setting.since(name) >= 0 for name in setting.others]
    return np.logical_or.reduce(running) if running else np.zeros(setting.treated.shape, bool)


def _inapplicable(fit):
    if why := inapplicable("randomisation", fit):
        yield f"No randomisation test stands beside the interval: {why}."


def _counted_together(setting, fit):
    if setting.average != "home":
        return
    size = np.array([g.rows.stop - g.rows.start for g in fit.sample.cohorts])
    shared = int(size[(size > 1) & fit.sample.treated_cells.any(axis=1)].sum())
    if shared:
        yield (
            f"{_homes(shared)} are counted at rates they have in common with another home of the same start, because "
            "there were homes without any admission before it."
        )


def _few(overall, ruling):
    treated, clusters = treated_homes(overall), int(overall.n_clusters[0])
    if clusters >= FEWEST_FOR_CLUSTERED and not compared(overall)[0]:
        return  # `caveats` says it
    if ruling.method == NOTHING and clusters == treated:
        had = "One home" if treated == 1 else f"{_homes(treated).capitalize()}"
        yield f"{had} had the intervention. That is too few for an interval that can be trusted; none is shown."
    elif ruling.method in (INVERTED, RANK_OF_CLUSTER) and clusters < treated:
        yield (
            f"The {treated} homes with the intervention belong to {clusters} of the groups whose homes may share their "
            "luck. What is shown rests on a randomisation test that lets whole groups change places."
        )
    elif clusters < min(treated, FEWEST_FOR_CLUSTERED):
        yield (
            f"The {treated} homes with the intervention belong to {clusters} of the groups whose homes may share their "
            "luck. That is too few for an interval that can be trusted; none is shown."
        )
    elif treated == 1:
        yield (
            "One home had the intervention. No interval is trustworthy; the p-value is the rank of this home among "
            "all homes, as if each in turn had been the treated one. The answer is about this home: if homes differ in "
            "what the intervention does for them, one cannot show how."
        )
    elif treated == 2:
        yield (
            "Two homes had the intervention. The interval holds the effects that a randomisation test does not "
            "reject; standard errors are not shown because none can be trusted. The answer is about these homes: if "
            "homes differ in what the intervention does for them, two can hardly show how."
        )
    elif overall.df[0] < FEW_DEGREES:
        yield (
            f"The interval rests on {overall.df[0]:.1f} degrees of freedom, fewer than {FEW_DEGREES:.0f}: a few homes "
            "decide it, and it is wide for that reason."
        )


def _disagreement(ruling):
    p, q = ruling.p_value, ruling.randomisation_p
    if np.isfinite(q) and (p < CUSTOMARY) != (q < CUSTOMARY):
        yield (
            f"The t test and the randomisation test fall on different sides of 1 in 20 (p = {p:.3f} and {q:.3f}): "
            "read the result as undecided."
        )


def _two_scales(table):
    ends = table.set_index("term")[["conf_low", "conf_high"]]
    if ends.isna().to_numpy().any():
        return
    ratio, averted = (low <= none <= high for none, (low, high) in ((1, ends.loc[RATE_RATIO]), (0, ends.loc[AVERTED])))
    if ratio != averted:
        out, within = ("rate ratio", "admissions averted")[:: 1 if averted else -1]
        yield (
            f"The interval of the {out} leaves out “no effect” and that of the {within} just holds it: the one is "
            "measured in proportions, the other in numbers. Read the result as undecided."
        )


def _calendar(setting, fit):
    months = setting.months[fit.sample.months]
    if len(months) == 2:
        yield "There are only two months, so nothing shows whether homes ran alike before the intervention."
    since = setting.event_time(fit.sample)
    if since[fit.sample.treated].max() == 0:
        yield "There is one month with the intervention per home, so nothing shows whether the effect lasts."
    first, last = (np.datetime64(month, "M") for month in PANDEMIC)
    counted = months[fit.sample.exposure.any(axis=0)]
    if ((counted >= first) & (counted <= last)).any():
        yield (
            f"The months include the pandemic ({pd.Timestamp(first):%B %Y} to {pd.Timestamp(last):%B %Y}), when "
            "admissions fell everywhere but not equally in every home; look at the result without them."
        )
