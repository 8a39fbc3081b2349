"""The design of a matched or weighted comparison.

Matching and weighting look at nothing after the first start, so they are part of the design and not of the answer: who
takes part, and how much each home counts. The model is then the same as ever: multiplied by a home's weight, its counts
and bed-days give the weighted likelihood, and its residuals the weighted scores, so estimate, clustered error and every
doubt hold for weights as they do without.

Homes with the intervention keep the weight one (matching, entropy balancing), so the answer stays one about them; with
overlap weights it is about homes for which both were possible.

Source: Stuart (2010), Statistical Science 25(1); Improvement Analytics Unit, Health Foundation (2017–2022), for the
comparison of care homes matched on earlier admissions, size and kind.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.design import NEVER, Design, MatchOn, Plan
from analysis.errors import AnalysisError
from analysis.matching.balance import BALANCED, balance, effective_size
from analysis.matching.covariates import covariates
from analysis.matching.nearest import mahalanobis, nearest, on_score, weights_of
from analysis.matching.scores import propensity, standard
from analysis.matching.weighting import entropy_weights, overlap_weights
from analysis.panel import Panel
from analysis.plural import counted

UNMATCHED = "no home of the other group near enough in what was known before the start"
NOTHING_BEFORE = "too few months before the first start to be matched by, or none after it"
TRIMMED = "no weight: unlike the homes with the intervention in what was known before the start"
CALIPER = 0.2
"""Standard deviations of the log odds: takes away nearly all bias that matching on a score can (Austin 2011)."""
FEWEST_COMPARED = 2
"""One comparison home shows no noise of its own; with none there is no comparison."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparability:
    """How alike the two groups are.

    Parameters
    ----------
    method : str
        Of matching or weighting.
    balance : DataFrame
        Per covariate: covariate, before, after, in standard deviations.
    beside : DataFrame
        The same of ratings at the start, level by level, where these are known and homes were not matched on them.
    treated, untreated : tuple of int
        Homes of each group before and after.
    effective : float
        Homes of equal weight that would say as much as the comparison homes.
    overlap : float
        Part of the homes with the intervention whose propensity lies within that of the others; missing where the
        covariates tell exactly who had it.
    pairs : ndarray of int64, shape (n, 2)
        Rows of matched homes, the one with the intervention first.
    covariates : ndarray, shape (N, K)
        What they were compared in.
    """

    method: str
    balance: pd.DataFrame
    beside: pd.DataFrame
    treated: tuple[int, int]
    untreated: tuple[int, int]
    effective: float
    overlap: float
    pairs: np.ndarray
    covariates: np.ndarray

    @property
    def unbalanced(self) -> list[str]:
        """Covariates that are still a tenth of a standard deviation or more apart."""
        after = self.balance["after"].abs()
        return [*self.balance.loc[after >= BALANCED, "covariate"]]


def comparable(panel: Panel, design: Design, plan: Plan) -> tuple[Design, Comparability]:
    """Match or weight as the plan says; with "none" the design is as it was, and what is told is how alike all are.

    Raises
    ------
    AnalysisError
        Where there is nobody to match, or nobody to match with, in words.
    """
    frame, known = covariates(panel, design, plan.match_on or usual(panel))
    used = np.asarray((design.included & (panel.exposure > 0)).any(axis=1), bool)
    here, treated = used & known, design.start != NEVER
    _refuse(here, treated)
    X, t = frame[here].to_numpy(float), treated[here]
    if not X.shape[1]:
        raise AnalysisError("Homes do not differ in anything they are to be matched on.", do="Name more in match_on.")
    score = propensity(X, t)
    w, pairs = np.ones(len(X)), np.zeros((0, 2), np.int64)
    if plan.match not in (None, "none"):
        w, pairs = _matched(plan, X, t, score)
    weights, reason = np.zeros(len(used)), design.set_aside if design.set_aside.size else np.full(len(used), "", object)
    weights[here] = w
    reason = np.where((reason == "") & used & ~known, NOTHING_BEFORE, reason)
    why = TRIMMED if plan.match in ("entropy", "overlap") else UNMATCHED
    reason = np.where((reason == "") & here & (weights == 0), why, reason).astype(object)
    found = Comparability(
        method=plan.match or "none", balance=balance(list(frame), X, t, w),
        beside=_ratings(panel, design, plan, (here, w)),
        treated=(int(t.sum()), int((w[t] > 0).sum())),
        untreated=(int((~t).sum()), int((w[~t] > 0).sum())), effective=effective_size(w[~t]),
        overlap=_overlap(score, t), pairs=np.flatnonzero(here)[pairs] if len(pairs) else pairs,
        covariates=frame.to_numpy(float),
    )  # fmt: skip
    return (_designed(panel, design, weights, reason, found) if plan.match not in (None, "none") else design), found


def usual(panel: Panel) -> tuple[MatchOn, ...]:
    """Give what homes are matched on unless a plan says otherwise: rate, size and, where it is known, kind of home."""
    known = "home_type" in panel.units and panel.units["home_type"].notna().any()
    return ("rate", "size", "home_type") if known else ("rate", "size")


RATING = "rating"


def _ratings(panel: Panel, design: Design, plan: Plan, weighted: tuple[np.ndarray, np.ndarray]) -> pd.DataFrame:
    """Say how far the groups are apart in ratings that they were not matched on; nothing where none are known."""
    here, w = weighted
    if RATING in (plan.match_on or usual(panel)) or not len(panel.rated):
        return balance([], np.zeros((len(w), 0)), (design.start != NEVER)[here], w)
    frame = covariates(panel, design, (RATING,))[0]
    return balance(list(frame), frame[here].to_numpy(float), (design.start != NEVER)[here], w)


def _refuse(here: np.ndarray, treated: np.ndarray) -> None:
    had, others = int((here & treated).sum()), int((here & ~treated).sum())
    if not had:
        raise AnalysisError(
            "No home with the intervention can be matched: none has months before the first start that take part.",
            do="Check the start months against the months of the data, and what the design leaves out.",
        )
    if others < FEWEST_COMPARED:
        what = "only one home never has it" if others else "no home is without it throughout"
        raise AnalysisError(
            f"Nothing can be matched with the homes that had the intervention: {what}.",
            found=f"{had:,} with it and {others:,} without it that take part before the first start",
            do="Add homes that did not receive it, or compare without matching, before and after each start.",
        )


def _matched(plan: Plan, X: np.ndarray, t: np.ndarray, score: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Weights, shape (n,), and pairs where each home has one match."""
    if score is None and plan.match != "entropy":
        raise AnalysisError(
            "What is known of homes tells exactly which of them had the intervention, so no home without it is like "
            "any with it.",
            do="Match on less (match_on), or say that the comparison is between homes of different kinds.",
        )
    if plan.match == "overlap":
        return overlap_weights(np.asarray(score), t), np.zeros((0, 2), np.int64)
    if plan.match == "entropy":
        return _balanced(X, t), np.zeros((0, 2), np.int64)
    return _nearest(plan, X, t, np.asarray(score))


def _balanced(X: np.ndarray, t: np.ndarray) -> np.ndarray:
    own, w = entropy_weights(X[~t], X[t].mean(axis=0)), np.ones(len(X))
    if own is None:
        raise AnalysisError(
            "No weights make the homes without the intervention alike to those with it: on average these lie outside "
            "all that the others are.",
            do="Match on less (match_on), or match homes by propensity, which leaves out those without a like.",
        )
    w[~t] = np.where(own * t.sum() > 1e-8, own * t.sum(), 0.0)
    if effective_size(w[~t]) < FEWEST_COMPARED:
        raise AnalysisError(
            "Weighted to be like the homes with the intervention, one comparison home carries nearly all the weight.",
            do="Match on less (match_on), or compare without weights.",
        )
    return w


def _nearest(plan: Plan, X: np.ndarray, t: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    logit = np.log(score / (1 - score))
    apart = on_score(logit, t, plan.caliper or CALIPER)
    if plan.match == "mahalanobis":  # the propensity says who may be matched at all, the covariates who is nearest
        near = np.isfinite([apart[i] for i in range(t.sum())])
        apart = np.where(near, mahalanobis(standard(X), t), np.inf)
    pairs = nearest(apart, np.argsort(-score[t], kind="stable"), ratio=plan.matches or 1)
    w = np.zeros(len(X))
    w[t], w[~t] = weights_of(pairs)
    if (w[~t] > 0).sum() < FEWEST_COMPARED:
        some = "one home" if (w[~t] > 0).any() else "none"
        raise AnalysisError(
            f"Of the homes without the intervention {some} is near enough to one with it: the groups do not overlap "
            "in what was known before the start.",
            found=f"caliper {plan.caliper or CALIPER:g} standard deviations of the log odds",
            do="Widen the caliper, match on less (match_on), or say that no comparison is fair.",
        )
    at = np.argwhere(pairs)
    return w, np.column_stack([np.flatnonzero(t)[at[:, 0]], np.flatnonzero(~t)[at[:, 1]]])


def _overlap(score: np.ndarray | None, t: np.ndarray) -> float:
    if score is None:
        return np.nan
    others = score[~t]
    return float(((score[t] >= others.min()) & (score[t] <= others.max())).mean())


def _designed(panel: Panel, design: Design, weights: np.ndarray, reason: np.ndarray, found: Comparability) -> Design:
    apart, observed = (weights == 0), panel.exposure > 0
    new = (reason != "") & (design.set_aside == "" if design.set_aside.size else True)
    kept = design.left_out
    gone = [(why, int((observed[reason == why]).any(axis=1).sum()), int(observed[new & (reason == why)].sum()))
            for why in dict.fromkeys(reason[new])]  # fmt: skip
    left_out = pd.concat([kept, pd.DataFrame(gone, columns=kept.columns)], ignore_index=True) if gone else kept
    weighted = found.method in ("entropy", "overlap")
    plain = np.isin(weights, (0.0, 1.0)).all()
    return replace(
        design, included=design.included & ~apart[:, None], set_aside=reason, left_out=left_out,
        weights=np.zeros(0) if plain else weights, balanced=found.covariates if weighted else np.zeros((0, 0)),
        sets=np.zeros(0, np.int64) if weighted else _sets(found.pairs, len(weights)),
        notes=(*design.notes, *_notes(found)),
    )  # fmt: skip


def _sets(pairs: np.ndarray, n: int) -> np.ndarray:
    """Give homes matched to one another one number, shape (N,); all others numbers of their own."""
    sets = np.arange(n)
    sets[pairs[:, 1]] = pairs[:, 0]
    return np.unique(sets, return_inverse=True)[1].reshape(-1)


def _notes(found: Comparability) -> Iterator[str]:
    lost = found.treated[0] - found.treated[1]
    if lost:
        yield (
            f"{counted(lost, 'home')} of {found.treated[0]:,} with the intervention had none like it and "
            f"{'is' if lost == 1 else 'are'} left out: the answer is about the others."
        )
    if found.method == "overlap":
        yield (
            "Homes count by how possible both were for them (overlap weights): the answer is about such homes, and "
            "admissions averted are those of homes so weighted."
        )
    if apart := found.unbalanced:
        yield f"Even so the two groups are a tenth of a standard deviation or more apart in: {', '.join(apart)}."
