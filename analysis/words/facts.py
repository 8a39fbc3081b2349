"""Which three or four numbers stand beside an answer? None that the answer itself withholds."""

from collections.abc import Iterator

import numpy as np

from analysis.disclosure import events_behind, small
from analysis.months import month_said
from analysis.results import AVERTED, NOT_SHOWN, OBSERVED_EXPECTED, RATE_RATIO, Effects, limit
from analysis.words.phrases import Subject, averted_words, change, change_range, homes, row

Told = tuple[str, str, str]
"""What it is, how much, and what must be read with it."""


def facts(effects: Effects, subject: Subject) -> tuple[Told, ...]:
    """Give the effect with its interval, what it averted, how many homes, and when they started."""
    ratio = row(effects.tidy(), RATE_RATIO)
    spans = [ratio["estimate"], ratio["conf_low"], ratio["conf_high"]]
    if effects.summary.get(NOT_SHOWN) or not np.isfinite(spans).all():
        return ()
    return tuple(_facts(effects, subject, spans))


def _facts(effects: Effects, subject: Subject, spans: list[float]) -> Iterator[Told]:
    level = float(effects.summary["conf_level"])  # type: ignore[arg-type]
    yield "Effect", change(spans[0]), f"{100 * level:g}% interval: {change_range(*spans[1:])}"
    if averted := _averted(effects, subject, spans[0]):
        yield averted
    treated, compared = (int(effects.summary[name]) for name in ("n_treated", "n_comparison"))  # type: ignore[call-overload]
    yield "Homes", f"{treated:,}", f"{homes(compared)} compared"
    starts = sorted(effects.tidy("cohort")["cohort"].unique()) if "cohort" in effects.tables else []
    if starts:  # of none where every start is hidden
        first, last = (month_said(starts[end]) for end in (0, -1))
        yield ("Started", first, f"the last in {last}") if first != last else ("Started", first, "")


def _averted(effects: Effects, subject: Subject, ratio: float) -> Told | None:
    tidy = effects.tidy()
    if AVERTED not in set(tidy["term"]):
        return None
    found = row(tidy, AVERTED)
    if small(effects.events_treated(events_behind(ratio, found["estimate"]))):
        return None
    if not np.isfinite([found["conf_low"], found["conf_high"]]).all():
        return None
    middle, low, high = (float(found[name]) for name in ("estimate", "conf_low", "conf_high"))
    said, _, span = averted_words(middle, low, high, subject.outcome).partition(" (")
    noun = subject.outcome.rsplit(maxsplit=1)[-1]
    many = said.replace(f" {noun}", "").removesuffix(" averted").removesuffix(" than expected")
    return (f"{noun.capitalize()} averted", many, span.removesuffix(")"))


def of_ratings(effects: Effects) -> tuple[Told, ...]:
    """Give how many were rated better, how many would have been anyway, and their ratio with its interval."""
    ratio = row(effects.tidy(), OBSERVED_EXPECTED)
    if not np.isfinite([ratio["estimate"], ratio["conf_low"], ratio["conf_high"]]).all():
        return ()
    n, better, expected, level = (
        float(effects.summary[name])  # type: ignore[arg-type]
        for name in ("n_treated", "events", "exposure", "conf_level")
    )
    span = f"{100 * level:g}% interval: {limit(ratio['conf_low'])} to {limit(ratio['conf_high'])}"
    return (
        ("Rated better", f"{better:,.0f} of {n:,.0f}", "homes inspected again"),
        ("Expected anyway", f"{expected:.1f}", "of homes like them"),
        ("Observed over expected", limit(ratio["estimate"]), span),
    )
