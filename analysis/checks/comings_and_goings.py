"""Do homes that opened, closed or stopped being seen make the answer?

Who leaves is not who stays: if homes with the intervention close less often, or the worst of the others do, the groups
change and the rate with them. How many on either side are seen in every month of the window is compared (Fisher's exact
test), and the answer is worked out from those alone.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.checks.bare import ask_again, ratio
from analysis.design import NEVER, Design
from analysis.errors import AnalysisError
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.plural import counted
from analysis.results import NOT_SHOWN, Check, Fitted, interval

NAME = "Do homes that came or went make the answer?"
OUTCOMES = (Rate,)
ALPHA = 0.05
GROUPS = ("homes with the intervention", "other homes")
COLUMNS = ("what", "homes", "seen_throughout", "estimate", "conf_low", "conf_high")
GIVEN, STAYED = "the answer", "the answer from homes seen throughout"


def comings_and_goings(fitted: Fitted[Panel, Design]) -> Check:
    """Compare who is seen throughout, and the answer from those alone."""
    panel, design = fitted.observed, fitted.design
    if why := fitted.effects.summary.get(NOT_SHOWN):
        return Check.cannot_say(NAME, COLUMNS, str(why))
    part = design.included & (panel.exposure > 0)
    used, treated = part.any(axis=1), design.start != NEVER
    seen = panel.exposure[:, part.any(axis=0)] > 0
    stayed = np.asarray(used & seen.all(axis=1), bool)
    counts = [(name, int((used & who).sum()), int((stayed & who).sum()))
              for name, who in zip(GROUPS, (treated, ~treated), strict=True)]  # fmt: skip
    given = ratio(fitted.effects)[:3]
    rows = [(*row, np.nan, np.nan, np.nan) for row in counts]
    if stayed[used].all():
        table = pd.DataFrame(rows, columns=list(COLUMNS))
        reading = "Every home is seen in every month that takes part: nobody came or went."
        return Check(name=NAME, passed=True, table=table, reading=reading, number="none came or went")
    from scipy.stats import fisher_exact  # noqa: PLC0415 - a second to import

    p = float(fisher_exact([[n - kept, kept] for _, n, kept in counts])[1])
    try:
        left = ask_again(fitted.model, panel, _only(design, stayed))[:3]
    except AnalysisError:
        left = (np.nan, np.nan, np.nan)
    rows += [(GIVEN, int(used.sum()), int(stayed.sum()), *given), (STAYED, int(stayed.sum()), int(stayed.sum()), *left)]
    moved = bool(np.isfinite(left[0])) and not given[1] <= left[0] <= given[2]
    passed = None if not np.isfinite(left[0]) else not (p < ALPHA or moved)
    gone = int(used.sum() - stayed.sum())
    return Check(
        name=NAME, passed=passed, table=pd.DataFrame(rows, columns=list(COLUMNS)),
        reading=_reading(counts, p, given, left), number=f"{counted(gone, 'home')} came or went",
    )  # fmt: skip


def _only(design: Design, homes: np.ndarray) -> Design:
    return replace(design, included=design.included & homes[:, None])


def _reading(counts: list, p: float, given: tuple, left: tuple) -> str:
    shares = " and ".join(f"{kept:,} of {n:,} {name}" for name, n, kept in counts)
    uneven = "more unevenly than chance gives" if p < ALPHA else "no more unevenly than chance gives"
    often = f"{100 * p:.0f} of 100" if p >= 0.01 else "fewer than 1 of 100"
    told = f"{shares} are seen in every month that takes part, {uneven} (as unevenly in {often} draws by lot)"
    if not np.isfinite(left[0]):
        return f"{told}; from those alone there is no answer to compare."
    return f"{told}; from those alone the rate ratio is {interval(*left)}, and it is {interval(*given)} from all."
