"""Can it be told beforehand which homes will be rated below Good, have a rise in admissions, or leave?

Method: homes as they stood at the ends of quarters (landmarks). What happened in the months after is explained, in the
earlier landmarks, by what was known at the time (logistic regression with an L2 penalty on standardised features, the
simple rule's own log-odds among them), and foretold in the later ones. Between the two lies a gap as long as the months
looked ahead, so that nothing that was foretold had happened when the model was fitted.

The simple rule: how often it happened, in the earlier landmarks, to homes that are alike in two things that everybody
can see: last rating and time since, or, of admissions, how many a home of its size has, and how many it had. A warning
is shown only where it adds to that rule, out of time: the gain in the mean logarithm of the chance given to what
happened, with a 95% interval of resampling homes that lies above none, and chances that came true (as many events as
were foretold, within a quarter; calibration slope from 0.7 to 1.3).

Source: van Houwelingen & Putter (2012), "Dynamic prediction in clinical survival analysis" (landmarks); Steyerberg
(2019), "Clinical prediction models", chapters 15–16; Vickers & Elkin (2006), Medical Decision Making 26 (decision
curves).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

LATER = 1 / 3
"""Share of landmarks in time on which everything is judged: the last."""
FEWEST_EVENTS = 20
"""In the earlier and in the later landmarks: a model of a dozen features learnt from fewer is luck, and a gain judged
on fewer has an interval that says nothing."""
PENALTY = 0.1
"""C of the regression: strong, because features are many beside events."""
PRIOR = 10.0
"""QuarterEnds at the overall frequency that stand beside those of every cell of the rule."""
DRAWS = 1_000
TRUE_WITHIN = 1.25
SLOPES = (0.7, 1.3)
THRESHOLDS = np.array([0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4])
FIFTHS = 5
TINY = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuarterEnds:
    """Homes as they stood, and what happened after.

    Parameters
    ----------
    home : ndarray of int, shape (n,)
    time : ndarray of int, shape (n,)
        Month of the landmark, counted from the first month.
    features : ndarray of float64, shape (n, K)
        Missing where not known.
    names : tuple of str, K
        Of features, in words.
    cells : ndarray of int, shape (n, C)
        What the simple rule looks at, in steps: such as the last rating, and how long ago it was.
    happened : ndarray of bool, shape (n,)
    kinds : mapping of str to ndarray of str, shape (n,)
        By which stability is judged.
    ahead : int
        Months looked ahead.
    """

    home: np.ndarray
    time: np.ndarray
    features: np.ndarray
    names: tuple[str, ...]
    cells: np.ndarray
    happened: np.ndarray
    kinds: Mapping[str, np.ndarray]
    ahead: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WarningJudged:
    """What a warning is worth, out of time.

    Parameters
    ----------
    events, landmarks, homes : int
        On which it was judged.
    gain, gain_low, gain_high : float
        In the mean log of the chance given to what happened, model less rule.
    ranks, rule_ranks : float
        How often a home to which it happened had the higher chance than one to which it did not (AUC).
    true_ratio, slope : float
        Events over events foretold; calibration slope.
    calibration : DataFrame
        fifth, foretold, happened, landmarks.
    curve : DataFrame
        threshold, model, rule, everybody: net benefit.
    stability : DataFrame
        by, kind, landmarks, events, foretold.
    drivers : tuple of (str, float)
        Features that move the chance most, with the ratio of odds for one standard deviation.
    model : object
        What foretells, fitted on the earlier landmarks.
    rule : Mapping
        The simple rule's chance by cell.
    """

    events: int
    landmarks: int
    homes: int
    gain: float
    gain_low: float
    gain_high: float
    ranks: float
    rule_ranks: float
    true_ratio: float
    slope: float
    calibration: pd.DataFrame
    curve: pd.DataFrame
    stability: pd.DataFrame
    drivers: tuple[tuple[str, float], ...]
    model: object
    rule: Mapping[tuple[int, ...], float]

    @property
    def came_true(self) -> bool:
        """Whether chances came true."""
        return 1 / TRUE_WITHIN <= self.true_ratio <= TRUE_WITHIN and SLOPES[0] <= self.slope <= SLOPES[1]

    @property
    def earned(self) -> bool:
        """Whether it adds to the rule, and its chances came true."""
        return self.gain_low > 0 and self.came_true


@dataclass(frozen=True, slots=True)
class TooFew:
    """Why nothing can be judged: events in the earlier and in the later landmarks."""

    earlier: int
    later: int


def judge(known: QuarterEnds, seed: int) -> WarningJudged | TooFew:
    """Fit on the earlier landmarks, and judge on the later ones."""
    times = np.unique(known.time)
    split = times[int(len(times) * (1 - LATER))] if len(times) else 0
    late = known.time >= split
    early = known.time + known.ahead <= split
    counts = int(known.happened[early].sum()), int(known.happened[late].sum())
    if min(counts) < FEWEST_EVENTS:
        return TooFew(*counts)
    rule = _rule(known, early)
    model = _fitted(known, early, rule)
    chance, simple = _chances(model, known, rule, late), _by_rule(rule, known, late)
    y, home = known.happened[late], known.home[late]
    gain, low, high = _gain(y, chance, simple, home, seed)
    slope = _slope(y, chance)
    return WarningJudged(
        events=counts[1], landmarks=int(late.sum()), homes=len(np.unique(home)), gain=gain, gain_low=low,
        gain_high=high, ranks=_auc(y, chance), rule_ranks=_auc(y, simple), true_ratio=float(y.sum() / chance.sum()),
        slope=slope, calibration=_calibration(y, chance), curve=_curve(y, chance, simple),
        stability=_stability(known, late, y, chance), drivers=_drivers(model, known.names), model=model, rule=rule,
    )  # fmt: skip


def foretold(judged: WarningJudged, now: QuarterEnds) -> tuple[np.ndarray, np.ndarray]:
    """Give chances of homes as they stand now: by the model, and by the rule, each of shape (n,)."""
    every = np.ones(len(now.home), bool)
    return _chances(judged.model, now, judged.rule, every), _by_rule(judged.rule, now, every)


def _cells(known, some):
    return [tuple(cell) for cell in known.cells[some].tolist()]


def _rule(known, early):
    """Give how often it happened by cell, drawn towards the overall frequency."""
    happened, overall = known.happened[early], known.happened[early].mean()
    frame = pd.DataFrame({"cell": _cells(known, early), "y": happened}).groupby("cell")["y"].agg(["sum", "size"])
    shares = (frame["sum"] + PRIOR * overall) / (frame["size"] + PRIOR)
    return {cell: float(share) for cell, share in shares.items()} | {(): float(overall)}


def _by_rule(rule, known, some):
    return np.array([rule.get(cell, rule[()]) for cell in _cells(known, some)])


def _logit(p):
    return np.log(p / (1 - p))


def _with_rule(known, rule, some):
    return np.column_stack([_logit(_by_rule(rule, known, some)), known.features[some]])


def _fitted(known, early, rule):
    from sklearn.impute import SimpleImputer  # noqa: PLC0415 - more than a second to import
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - as above
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415 - as above
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415 - as above

    middle = SimpleImputer(strategy="median", keep_empty_features=True)
    model = make_pipeline(middle, StandardScaler(), LogisticRegression(C=PENALTY, max_iter=500))
    return model.fit(_with_rule(known, rule, early), known.happened[early])


def _chances(model, known, rule, some):
    return np.clip(model.predict_proba(_with_rule(known, rule, some))[:, 1], TINY, 1 - TINY)


def _log_loss(y, p):
    return -np.where(y, np.log(p), np.log1p(-p))


def _gain(y, chance, simple, home, seed):
    """Compare with the rule, homes resampled whole."""
    each = _log_loss(y, simple) - _log_loss(y, chance)
    _, place = np.unique(home, return_inverse=True)
    total, size = np.bincount(place, each), np.bincount(place)
    draws = np.random.default_rng(seed).multinomial(len(size), np.full(len(size), 1 / len(size)), DRAWS)
    low, high = np.quantile((draws @ total) / (draws @ size), [0.025, 0.975])
    return float(each.mean()), float(low), float(high)


def _auc(y, p):
    """Give the chance that one to which it happened ranks above one to which it did not; ties count half."""
    ranks = pd.Series(p).rank().to_numpy()
    n = int(y.sum())
    return float((ranks[y].sum() - n * (n + 1) / 2) / (n * (len(y) - n)))


def _slope(y, p):
    """Regress what happened on the log-odds foretold (Newton's method)."""
    x = np.column_stack([np.ones(len(p)), _logit(p)])
    beta = np.array([0.0, 1.0])
    for _ in range(25):
        fitted = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        weight = fitted * (1 - fitted)
        step = np.linalg.lstsq(x.T @ (x * weight[:, None]), x.T @ (y - fitted), rcond=None)[0]
        beta = beta + step
        if np.abs(step).max() < 1e-8:
            break
    return float(beta[1])


def _calibration(y, p):
    fifth = pd.Series(p).rank(method="first").sub(1).floordiv(len(p) / FIFTHS).astype(int).to_numpy()
    frame = pd.DataFrame({"fifth": fifth + 1, "foretold": p, "happened": y})
    found = frame.groupby("fifth", as_index=False).agg(
        foretold=("foretold", "mean"), happened=("happened", "mean"), landmarks=("happened", "size")
    )
    return found


def _net_benefit(y, p, threshold):
    """Of acting on chances from a threshold: true ones less false ones at their price (Vickers & Elkin)."""
    act = p >= threshold
    return float((act & y).mean() - (act & ~y).mean() * threshold / (1 - threshold))


def _curve(y, chance, simple):
    every = np.ones(len(y))
    return pd.DataFrame([
        {"threshold": t, "model": _net_benefit(y, chance, t), "rule": _net_benefit(y, simple, t),
         "everybody": _net_benefit(y, every, t)} for t in THRESHOLDS
    ])  # fmt: skip


def _stability(known, late, y, chance):
    rows = []
    for by, kinds in known.kinds.items():
        own = kinds[late]
        for kind in sorted(set(own)):
            some = own == kind
            rows.append((by, kind, int(some.sum()), int(y[some].sum()), float(chance[some].sum())))
    return pd.DataFrame(rows, columns=["by", "kind", "landmarks", "events", "foretold"])


def _drivers(model, names: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """Name what moves the chance most beside the rule."""
    odds = np.exp(model[-1].coef_[0])
    every = sorted(zip(("the simple rule itself", *names), odds, strict=True), key=lambda each: -abs(np.log(each[1])))
    return tuple((name, float(ratio)) for name, ratio in every[:5])
