"""Did the bad spell that chose the homes last beyond the months that chose them?

Leaving the choosing months out takes away the bad luck of those months. A bad *spell* goes on: the months just after it
are still bad, those long before it are not, and a chosen home looks harmed by whatever began meanwhile (or helped,
where the months before the start stood nearer to the spell than those after it).

How far is told by the same comparison with nothing done. In every window of months as long as the choosing one, before
anybody started, homes are ranked by their numbers as for the choice; r is a home's rate over that of all homes in the
same month and x its excess in the window, and the share of an excess still there d months away from the window,

    β(d) = Σ E x (r − 1) / Σ E x²     over homes, windows, and months d before or after,

is what a choice by numbers of that window brings into those months. The treated homes' own excess, times the mean of
β over their months with the intervention, over the same for their months before it, is what the model would call an
effect. A lasting difference between homes is in both and falls out. Every home and both directions of time serve, so
that much more is known than from as many homes as were chosen, followed one way; a spell is taken to rise as it falls.

Whether there is anything at all is tested by putting the months of all homes in another order, at random: without
spells, any order is as likely as the real one.

Of counts as shown, which come evenly and would all seem to be spells, whole counts drawn from the same bands are taken
(`Panel.by_chance`): spells that last longer than a band of a home are in them, and no other.

Source: Daw and Hatfield (2018), Health Services Research 53(6), for the bias; Ashenfelter and Card (1985), Review of
Economics and Statistics 67(4), for its dependence on how long a spell lasts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from analysis.design import NEVER, Design
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.results import RATE_RATIO, Check, Effects, Fitted, interval

NAME = "Did the bad spell outlast the choice?"
OUTCOMES = (Rate,)
MATTERS = 0.02
"""A shift of the answer by 2% that chance does not explain is told as a concern: less moves no decision."""
BEARABLE = 0.05
"""Where the interval reaches no further than this, no more need be asked."""
ALPHA = 0.05
"""Level of the test, as everywhere in the answer (95% intervals)."""
ORDERS = 199
"""Orders of the months drawn: the p-value is then known to about 0.015 at 0.05."""
LOTS = 50
"""Lots of homes left out in turn; with fewer homes each is a lot of its own."""
LEAST = 0.05
"""A home's rate over that of all homes is taken to be no lower, so that it has a logarithm."""
SEED = 20261122
"""Of those orders."""
FAR = 0.85
"""Months further away than this share of the farthest seen are pooled: few windows reach them."""
TWO_ERRORS = 2.0
"""Standard errors either side of an estimate from many homes: 95%."""

COLUMNS = ("answer", "estimate", "conf_low", "conf_high", "p_value")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Choice:
    """Homes chosen by one window: their rows, its months, and the share of their months at each distance from it.

    `excess` is what they stood above all homes in the window, of whose expected counts there they have `share`;
    `with_it` and `before`, shape (T,), weigh the months d away from the window that have the intervention, and those
    that come before it.
    """

    length: int
    excess: float
    share: float
    with_it: np.ndarray
    before: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Past:
    """Relative rates r (N, T₀) before anybody started, expected counts (zero where a home takes no part), and homes."""

    relative: np.ndarray
    expected: np.ndarray


def outlasting(fitted: Fitted[Panel, Design]) -> Check:
    """Say what the model would call an effect in homes chosen like these if nothing were done."""
    panel, design, effects = fitted.observed.by_chance, fitted.design, fitted.effects
    if not design.chosen.any():
        return _silent("No months are named by which homes were chosen, so nothing can have outlasted them.")
    if (design.included & design.chosen).any():
        return _silent(
            "The protocol keeps the months that chose homes, so all of the fall after them is in the answer."
        )
    past, choices = _past(panel, design), [*_choices(panel, design)]
    longest = max((choice.length for choice in choices), default=0)
    if not choices or past.relative.shape[1] < 2 * longest:
        return _silent(
            f"There are {past.relative.shape[1]} months before the first start, fewer than two windows of {longest}, "
            "so the data cannot say how long bad spells last."
        )
    shift = _shift(past, choices)
    error = _error(past, choices, shift)
    p = _by_chance(past, choices, shift)
    table = _table(effects, shift, error, p)
    passed = _passed(shift, error, p)
    return Check(name=NAME, passed=passed, table=table, reading=_reading(table, passed), beside=_beside(table, passed))


def _silent(reading: str) -> Check:
    return Check(name=NAME, passed=None, table=pd.DataFrame(columns=list(COLUMNS)), reading=reading)


def _takes_part(panel: Panel, design: Design) -> np.ndarray:
    """Home-months that take part, those that chose homes included, shape (N, T)."""
    window = np.logical_or.reduce(design.chosen, axis=0)
    return (panel.exposure > 0) & (design.included | window)


def _past(panel: Panel, design: Design) -> _Past:
    started = design.start != NEVER
    first = int(design.start[started].min()) if started.any() else len(panel.months)
    part = _takes_part(panel, design)[:, :first]
    counts, exposure = (np.where(part, values[:, :first], 0.0) for values in (panel.counts, panel.exposure))
    kept = (counts.sum(axis=0) > 0) & (exposure.sum(axis=0) > 0)
    counts, exposure = counts[:, kept], exposure[:, kept]
    expected = exposure * (counts.sum(axis=0) / exposure.sum(axis=0))
    return _Past(relative=np.divide(counts, expected, out=np.ones_like(counts), where=expected > 0), expected=expected)


def _choices(panel: Panel, design: Design) -> Iterator[_Choice]:
    """Yield the homes of each choosing window with where their months lie from it."""
    treated = (design.start != NEVER) & (design.included & (panel.exposure > 0)).any(axis=1)
    windows, number = np.unique(design.chosen, axis=0, return_inverse=True)
    for w, window in enumerate(windows):
        homes = treated & (number.reshape(-1) == w)
        if not window.any() or not homes.any():
            continue
        excess, share = _excess(panel, design, homes, window)
        with_it, before = _distances(panel, design, homes, window)
        if np.isfinite(excess) and share < 1 and with_it.any() and before.any():
            yield _Choice(length=int(window.sum()), excess=excess, share=share, with_it=with_it, before=before)


def _excess(panel: Panel, design: Design, homes: np.ndarray, window: np.ndarray) -> tuple[float, float]:
    """Give what the homes' rate in the window stood above that of all homes, and their share of counts expected."""
    part = _takes_part(panel, design) & window & ((design.start == NEVER)[:, None] | _not_yet(panel, design))
    counts, exposure = (np.where(part, values, 0.0) for values in (panel.counts, panel.exposure))
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.nan_to_num(exposure * (counts.sum(axis=0) / exposure.sum(axis=0)))
        return float(counts[homes].sum() / expected[homes].sum()) - 1, float(expected[homes].sum() / expected.sum())


def _not_yet(panel: Panel, design: Design) -> np.ndarray:
    return np.arange(len(panel.months)) < design.start[:, None]


def _distances(panel: Panel, design: Design, homes: np.ndarray, window: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bed-days of these homes by months away from the window, with the intervention and before it, shape (T,) each."""
    month, (first, last) = np.arange(len(panel.months)), np.flatnonzero(window)[[0, -1]]
    away = np.where(month < first, first - month, month - last) - 1
    days = np.where(design.included, panel.exposure, 0.0)[homes] * ~window
    with_it = np.where(_not_yet(panel, design)[homes], 0.0, days)
    return tuple(  # type: ignore[return-value]
        np.bincount(np.maximum(away, 0), part.sum(axis=0), minlength=len(month)) for part in (with_it, days - with_it)
    )


def _shift(past: _Past, choices: list[_Choice]) -> float:
    """Log of what the model would call an effect with nothing done."""
    spells = {length: _lasting(past, length) for length in {choice.length for choice in choices}}
    logs = [np.subtract(*np.log(_levels(choice, spells[choice.length]))) for choice in choices]
    days = np.array([choice.with_it.sum() for choice in choices])
    return float(np.array(logs) @ days / days.sum())


def _levels(choice: _Choice, beta: np.ndarray) -> list[float]:
    """Give the homes' rate over that of the others: with the intervention, and before it."""
    left = [choice.excess * float(np.nansum(_pooled(w, beta) * beta)) for w in (choice.with_it, choice.before)]
    others = choice.share / (1 - choice.share)
    return [max(1 + above, LEAST) / max(1 - above * others, LEAST) for above in left]


def _pooled(weight: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """Weights of the distances at which β is known, those farther away with the last, shape (D,)."""
    D = len(beta)
    pooled = np.where(np.isnan(beta), 0.0, np.append(weight[: D - 1], weight[D - 1 :].sum()))
    return pooled / pooled.sum() if pooled.any() else pooled


def _lasting(past: _Past, length: int) -> np.ndarray:
    """β by distance, shape (D,); missing where no window reaches."""
    excess, expected = _windows(past, length)
    seen, weighed, pairs = past.expected > 0, expected * excess, _Pairs.of(past.relative.shape[1], length)
    across = pairs.by_distance(weighed.T @ ((past.relative - 1) * seen))
    within = pairs.by_distance((weighed * excess).T @ seen.astype(float))
    return np.divide(across, within, out=np.full_like(across, np.nan), where=within > 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Pairs:
    """Windows and the months outside them: where each pair stands in a raveled (A, T), and its distance.

    The farthest distances are one.
    """

    where: np.ndarray
    away: np.ndarray
    distances: int

    @classmethod
    @cache
    def of(cls, months: int, length: int) -> "_Pairs":
        month, first = np.arange(months), np.arange(months - length + 1)[:, None]
        away = np.where(month < first, first - month, month - first - length + 1) - 1
        inside = (month >= first) & (month < first + length)
        distances = max(int(FAR * (months - length)), 1)
        where = np.flatnonzero(~inside)
        return cls(where=where, away=np.minimum(away, distances - 1).ravel()[where], distances=distances)

    def by_distance(self, values: np.ndarray) -> np.ndarray:
        """Sum over pairs, shape (D,)."""
        return np.bincount(self.away, values.ravel()[self.where], minlength=self.distances)


def _windows(past: _Past, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Each home's excess over all homes in every window, and the counts expected there, shape (N, A)."""
    o, e = (_moving_sum(values, length) for values in (past.relative * past.expected, past.expected))
    rate = np.divide(o, e, out=np.zeros_like(o), where=e > 0)
    return rate - o.sum(axis=0) / np.maximum(e.sum(axis=0), np.finfo(float).tiny), e


def _moving_sum(values: np.ndarray, length: int) -> np.ndarray:
    total = np.cumsum(np.column_stack([np.zeros(len(values)), values]), axis=1)
    return total[:, length:] - total[:, :-length]


def _error(past: _Past, choices: list[_Choice], shift: float) -> float:
    """Find the standard error of the shift: homes left out in turn, or in lots where they are many (jackknife)."""
    lots = np.arange(len(past.relative)) % LOTS
    parts = [
        _shift(_Past(relative=past.relative[lots != lot], expected=past.expected[lots != lot]), choices)
        for lot in np.unique(lots)
    ]
    return float(np.sqrt((len(parts) - 1) / len(parts) * np.sum(np.subtract(parts, shift) ** 2)))


def _by_chance(past: _Past, choices: list[_Choice], shift: float) -> float:
    """Share of orders of the months in which as large a shift is seen, the real order among them."""
    rng, as_large = np.random.default_rng(SEED), 1
    for _ in range(ORDERS):
        order = rng.permutation(past.relative.shape[1])
        other = _Past(relative=past.relative[:, order], expected=past.expected[:, order])
        as_large += abs(_shift(other, choices)) >= abs(shift)
    return as_large / (ORDERS + 1)


def _passed(shift: float, error: float, p: float) -> bool | None:
    if p <= ALPHA and abs(shift) >= MATTERS:
        return False
    return True if abs(shift) + TWO_ERRORS * error <= BEARABLE else None


def _table(effects: Effects, shift: float, error: float, p: float) -> pd.DataFrame:
    """Give the answer, what the choice alone would have shown, and the one over the other: `COLUMNS`."""
    alone = shift, shift - TWO_ERRORS * error, shift + TWO_ERRORS * error
    rows = [(ALONE, *np.exp(alone), p)]
    overall = effects.tables.get("overall")
    if overall is not None:
        given = overall.loc[overall["term"] == RATE_RATIO, list(COLUMNS[1:4])].to_numpy(float)[0]
        logs = np.log(given)
        width = np.hypot(logs - logs[0], TWO_ERRORS * error) * [0, -1, 1]
        rows = [("the answer", *given, np.nan), *rows, (OVER, *np.exp(logs[0] - shift + width), np.nan)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


ALONE, OVER = "the same choice with nothing done", "the answer over it"


def _told(ratio: float) -> str:
    return f"{abs(ratio - 1):.0%} {'more' if ratio >= 1 else 'fewer'}"


def _alone(table: pd.DataFrame) -> dict:
    return table.set_index("answer").loc[ALONE].to_dict()


def _reading(table: pd.DataFrame, passed: bool | None) -> str:
    alone = _alone(table)
    found = (
        f"With nothing done, homes chosen like these would have shown {_told(alone['estimate'])} (95% interval: "
        f"{_told(alone['conf_low'])} to {_told(alone['conf_high'])}), because bad spells "
        "last longer than the months that are left out."
    )
    if passed is False:
        return f"{found}{_over(table)} The interval of the answer does not allow for this."
    if passed:
        return (
            f"In earlier months, homes that stood high in a window did not stay so for longer than it: the same choice "
            f"with nothing done gives {_told(alone['estimate'])} ({_told(alone['conf_low'])} to "
            f"{_told(alone['conf_high'])})."
        )
    return (
        f"How long bad spells last is not known well from these months: the same choice with nothing done gives "
        f"anything from {_told(alone['conf_low'])} to {_told(alone['conf_high'])}, and "
        "the interval of the answer does not allow for that."
    )


def _over(table: pd.DataFrame) -> str:
    over = table.loc[table["answer"] == OVER].to_dict("records")
    if not over or not np.isfinite(over[0]["estimate"]):
        return ""
    if not np.isfinite([over[0]["conf_low"], over[0]["conf_high"]]).all():
        return f" Over that, the rate ratio is {over[0]['estimate']:.2f}."
    return f" Over that, the rate ratio is {interval(over[0]['estimate'], over[0]['conf_low'], over[0]['conf_high'])}."


def _beside(table: pd.DataFrame, passed: bool | None) -> str:
    if passed is not False:
        return ""
    return (
        f"Homes were chosen in a bad spell that went on after the choice: with nothing done they would have shown "
        f"{_told(_alone(table)['estimate'])}.{_over(table)}"
    )
