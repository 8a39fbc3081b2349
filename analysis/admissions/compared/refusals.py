"""When is there no estimate, and what should the reader be told?"""

from collections import Counter

import numpy as np

from analysis.admissions.compared.sample import Sample
from analysis.admissions.compared.setting import Setting
from analysis.errors import AnalysisError
from analysis.plural import counted


def refuse_before(setting: Setting) -> None:
    """Stop where the data cannot hold an answer, whatever the model.

    Raises
    ------
    AnalysisError
        In the reader's words.
    """
    for refused in (_nothing_observed, _one_home, _nobody_treated, _everybody_at_once):
        refused(setting)


def _nothing_observed(setting):
    if not (setting.exposure > 0).any():
        raise AnalysisError(
            "There are no bed-days in any home and month that takes part, so there is no rate to compare.",
            do="Check the bed-days, and whether the design leaves every month out.",
        )
    if not setting.counts.any():
        raise AnalysisError(
            "There are no admissions in any home and month that takes part, so there is nothing to compare.",
            do="Check that the file holds the outcome you mean and that its months are those of the bed-days.",
        )


def _one_home(setting):
    if (setting.exposure > 0).any(axis=1).sum() == 1:
        others = "; ".join(
            f"{counted(n, 'home')}: {why}" for why, n in Counter(w for w in setting.set_aside if w).items()
        )
        raise AnalysisError(
            f"There is only one home{' that takes part' if others else ''}, so nothing shows what would have happened "
            "without the intervention.",
            found=f"set aside: {others}" if others else None,
            do="Add homes that did not receive it.",
        )


def _nobody_treated(setting):
    if setting.treated.any():
        return
    _refuse_treated_before(setting)
    later = int(setting.later.sum())
    raise AnalysisError(
        "No home has a month with the intervention among the months that take part, so there is no effect to estimate.",
        found=f"{counted(later, 'home')}: start after the last month" if later else None,
        do="Check the start months against the months of the data, and what the design leaves out.",
    )


def _refuse_treated_before(setting):
    """Say so where homes had the intervention and the design had to set every one of them aside."""
    why = setting.set_aside[setting.set_aside != ""]
    had = (setting.start < len(setting.months))[setting.set_aside != ""] if why.size else np.zeros(0, bool)
    if had.any():
        causes = "; ".join(f"{counted(count, 'home')}: {cause}" for cause, count in Counter(why[had]).items())
        raise AnalysisError(
            "No home with the intervention has a month before it that takes part, so nothing shows what it changed.",
            found=causes,
            do="Add months before the start of these homes, or leave fewer months out.",
        )


def _everybody_at_once(setting):
    T = len(setting.months)
    homes = (setting.exposure > 0).any(axis=1)
    starts = np.unique(setting.start[homes])
    if len(starts) == 1 and starts[0] < T:
        raise AnalysisError(
            "Every home received the intervention in the same month, so its effect cannot be told apart from the "
            "calendar: whatever else changed that month would look the same.",
            found=f"{counted(homes.sum(), 'home')}, all from {setting.months[starts[0]]}",
            do="Add homes that did not receive it, or received it later.",
        )


def refuse_without_estimate(setting: Setting, sample: Sample) -> None:
    """Stop where nothing treated can be compared once what cannot be compared is left out.

    Raises
    ------
    AnalysisError
        In the reader's words.
    """
    if not sample.treated.any():
        _refuse_together(setting)
        reasons = sorted(set(sample.reason[setting.treated.any(axis=1)]) - {""})
        raise AnalysisError(
            "No month with the intervention can be compared: there is no home and month without it that shows what "
            "would have happened.",
            found="homes with the intervention left out because: " + "; ".join(reasons) if reasons else None,
            do="Add homes without the intervention, or months before it began.",
        )
    if not sample.counts[sample.treated].any():
        raise AnalysisError(
            "Homes with the intervention had no admissions at all after it began: the rate ratio is zero, and no "
            "method says how far from zero it may be.",
            found=f"0 admissions over {sample.exposure[sample.treated].sum():,.0f} bed-days",
            do="Check that admissions were still recorded for these homes; otherwise wait for more months.",
        )


def _refuse_together(setting):
    """Say so where another intervention ran in every month with the one under study."""
    treated = setting.treated
    together = [name for name in setting.others if (setting.since(name)[treated] >= 0).all()]
    if together and treated.any():
        raise AnalysisError(
            f"Wherever the intervention ran, {together[0].replace('_', ' ')} ran too, and no home that had only one of "
            "them shows what each does: their effects cannot be told apart.",
            found=f"{treated.any(axis=1).sum()} homes, every month with the intervention",
            do='Evaluate them together as one intervention, or leave the other out of the model (others = "keep") and '
            "read the answer as the effect of both.",
        )
