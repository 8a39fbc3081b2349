"""What do the models of ratings say of supported homes, said so that it can be repeated?"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from analysis.results import (
    MONTHS_SAVED,
    OBSERVED_EXPECTED,
    PROBABILITY_DIFFERENCE,
    RATIO_DOWN,
    RATIO_UP,
    Effects,
    limit,
    share_interval,
)
from analysis.words.phrases import homes, row

MODELS_CANNOT_TELL = (
    "Whether a small effect is one. Of simulated programmes of twenty homes in which nothing was done, the models call "
    "2 to 4 in 100 helpful, and as many harmful, by chance.",
    "Both models take homes of the same rating, kind, size and period to be alike but for the support. Homes are "
    "chosen, and what they were chosen for beyond that is not in the files.",
    "The model of moves takes what a home does next to depend on how good it is now, not on how it came there.",
    "Neither can see why inspectors came. Where the model of moves has an answer, other reasons can be tried (“Try "
    "other reasons for inspections”).",
)


def chance_of_better(effects: Effects, intervention: str) -> str:
    """Give the next-rating model's answer: the chance of a better rating with and without the intervention.

    Parameters
    ----------
    effects : Effects
        Of `NextRating`.
    intervention : str
        Such as "the manager training".
    """
    found = row(effects.tidy(), PROBABILITY_DIFFERENCE)
    chance = effects.diagnostics["chances"].iloc[0]
    without, with_it = (
        share_interval(chance[name], chance[f"{name}_low"], chance[f"{name}_high"]) for name in ("without", "with")
    )
    n, others = (int(effects.summary[name]) for name in ("n_treated", "n_comparison"))  # type: ignore[call-overload]
    first = (
        f"At the next inspection of {homes(n)} with {intervention}, {with_it} would be rated better with it "
        f"and {without} without it, by the model of the next rating ({others:,} homes compared)."
    )
    return f"{first} {_points(found, intervention)}"


def _points(found: Mapping, intervention: str) -> str:
    low, high = 100 * found["conf_low"], 100 * found["conf_high"]
    if not np.isfinite(low + high):
        return "No interval can be given, so this says nothing of chance."
    if low <= 0 <= high:
        return (
            f"Anything from {-low:.0f} points fewer to {high:.0f} points more fits the data (95% interval), so they "
            f"cannot tell whether {intervention} changed ratings."
        )
    more, ends = ("more", (low, high)) if low > 0 else ("fewer", (-high, -low))
    return f"That is {100 * abs(found['estimate']):.0f} points {more} ({ends[0]:.0f} to {ends[1]:.0f}, 95% interval)."


def weighted(plain: Effects, by_intensity: Effects) -> str:
    """Tell whether the answer changes when inspections that were likely anyway count less.

    Parameters
    ----------
    plain, by_intensity : Effects
        Of `NextRating`, without weights and with inverse-intensity weights.
    """
    one, other = (_tenths(100 * row(e.tidy(), PROBABILITY_DIFFERENCE)["estimate"]) for e in (plain, by_intensity))
    change = f"{one} points" if one == other else f"{one} points becomes {other}"
    spread = by_intensity.diagnostics["weights"].iloc[0]
    return (
        "Homes whose last report found more wrong may be inspected sooner. With every inspection counted by how likely "
        f"it was to take place (weights {spread['least']:.2f} to {spread['most']:.2f}) the difference "
        f"{'stays at' if 'becomes' not in change else 'of'} {change}. What nobody measured is not balanced by this."
    )


def _tenths(value: float) -> str:
    return f"{round(value, 1) + 0.0:.1f}".replace("-", "−")


def speed(effects: Effects, intervention: str) -> str:
    """Give the answer of the model of moves: how much faster up, how much slower down, and the months saved.

    Parameters
    ----------
    effects : Effects
        Of `MultiState`.
    """
    up, down, saved = (row(effects.tidy(), term) for term in (RATIO_UP, RATIO_DOWN, MONTHS_SAVED))
    n, others = (int(effects.summary[name]) for name in ("n_treated", "n_comparison"))  # type: ignore[call-overload]
    who = f"({homes(n)} supported, {others:,} compared)"
    told = (
        f"With {intervention}, homes moved to a better rating {_times(up)}, and to a worse one {_times(down)} {who}."
        if np.isfinite([up["estimate"], down["estimate"]]).any()
        else f"The data cannot tell how fast homes moved to a better or a worse rating with {intervention} {who}."
    )
    return " ".join(part for part in (told, _faster(up, intervention), _months(saved)) if part)


def _faster(up: Mapping, intervention: str) -> str:
    """Give the verdict on moving up; none where there is no interval."""
    if not np.isfinite(up["conf_low"]):
        return ""
    if up["conf_low"] <= 1 <= up["conf_high"]:
        return f"As fast as other homes fits the data too, so they cannot tell whether {intervention} changed that."
    return f"Supported homes improved {'faster' if up['conf_low'] > 1 else 'more slowly'} than homes like them."


def _times(found: Mapping) -> str:
    if not np.isfinite(found["estimate"]):
        return "at a speed the data cannot tell"
    if not np.isfinite(found["conf_low"]):
        return f"{found['estimate']:.2f} times as fast as other homes (no interval can be given)"
    ends = f"{_end(found['conf_low'])} to {_end(found['conf_high'])}, 95% interval"
    return f"{found['estimate']:.2f} times as fast as other homes ({ends})"


def _end(value: float) -> str:
    return "over 100" if value > 100 else limit(value)


def _months(found: Mapping) -> str:
    low, high = found["conf_low"], found["conf_high"]
    if not np.isfinite(low + high):
        return "How much time below Good that saved cannot be told."
    way = "less" if found["estimate"] >= 0 else "more"
    size = abs(round(found["estimate"], 1))
    time = f"{size:.1f} months {way}" if size else "neither more nor less time"
    said = f"Over two years that is {time} below Good a supported home"
    if low <= 0 <= high:
        return f"{said}; anything from {-low:.1f} months more to {high:.1f} less fits the data."
    ends = (low, high) if low > 0 else (-high, -low)
    return f"{said} ({ends[0]:.1f} to {ends[1]:.1f}, 95% interval)."


def tipping(frame: pd.DataFrame, tips: pd.DataFrame) -> str:
    """Tell how strongly inspectors would have to be brought by what changed unseen to explain the answer away.

    Parameters
    ----------
    frame, tips : DataFrame
        Of `analysis.ratings.sensitivity`.
    """
    told = frame.loc[frame["kind"] == "better_sooner"]
    first, most = told.iloc[0], told["times"].iloc[-1]
    if not np.isfinite(first["estimate"]):
        return "The data cannot tell how fast supported homes improved, so there is nothing to explain away."
    if first["estimate"] <= 1:
        return "There is no faster improvement to explain away, however inspectors were brought."
    if not np.isfinite(first["conf_low"]) or first["conf_low"] <= 1:
        return (
            f"{first['estimate']:.2f} times as fast is not told apart from no difference to begin with, so there is "
            "nothing to explain away."
        )
    at = tips.loc[tips["kind"] == "better_sooner"].set_index("what")["times"]
    estimate, interval = at["estimate"], at["interval"]
    whole = (
        f"If inspectors came {estimate:.1f} times as fast to supported homes that had become better, nothing would be "
        "left of the faster improvement."
        if np.isfinite(estimate)
        else f"Even if inspectors came {most:g} times as fast to supported homes that had become better, some faster "
        "improvement would be left."
    )
    edge = (
        f"From {interval:.1f} times on, the data no longer tell it apart from no difference."
        if np.isfinite(interval)
        else "The data tell it apart from no difference throughout."
    )
    return f"{whole} {edge}"


QUESTIONS = {
    OBSERVED_EXPECTED: "of the supported homes inspected again, how many more were rated better at the next inspection "
    "than others like them",
    PROBABILITY_DIFFERENCE: "by how many points support changed the chance that the next rating is a better one, with "
    "the time to it, kind and size of home allowed for",
    RATIO_UP: "how much faster homes moved to a better rating between and at all inspections since",
}
"""What each of the three answers is an answer to."""
NO_CHANGE = {OBSERVED_EXPECTED: 1.0, PROBABILITY_DIFFERENCE: 0.0, RATIO_UP: 1.0}
SAID = {1: "more improvement", -1: "less improvement", 0: "the data cannot tell"}


def three_answers(answers: Iterable[Effects]) -> str:
    """Say what each answer is an answer to, and whether they agree.

    Parameters
    ----------
    answers : iterable of Effects
        Of `ObservedExpected`, `NextRating` and `MultiState`, those there are.
    """
    found = {term: line for e in answers for line in e.tidy().to_dict("records") if (term := line["term"]) in QUESTIONS}
    verdicts = {term: _side(line, NO_CHANGE[term]) for term, line in found.items()}
    parts = [f"{QUESTIONS[term]}: {SAID[verdict]}" for term, verdict in verdicts.items()]
    seen = set(verdicts.values())
    if seen == {0}:
        agree = "None of them can tell."
    elif len(seen) == 1:
        agree = "They agree."
    elif {1, -1} <= seen:
        agree = "They contradict one another, so do not rest a decision on any of them."
    else:
        agree = "They do not contradict one another, but not all of them can tell."
    return f"These are different questions, so their shares differ. {_capital('; '.join(parts))}. {agree}"


def _side(line: Mapping, nothing: float) -> int:
    return int(line["conf_low"] > nothing) - int(line["conf_high"] < nothing)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
