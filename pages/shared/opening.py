"""The answer, said before anything is drawn.

What it rests on is drawn and doubted afterwards (`answers`), which takes longer than the answer itself.
"""

from dataclasses import dataclass, replace

from analysis import words
from analysis.design import PANDEMIC
from analysis.errors import AnalysisError
from analysis.protocol import Protocol
from analysis.results import RATE_RATIO
from pages.shared import cached, choices
from pages.shared.cached import Loaded, remembered


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opening:
    """A warning that comes first, the answer in words, and what must be known beside it."""

    banner: str | None
    headline: str
    notes: tuple[str, ...]


def without_pandemic(data: Loaded, protocol: Protocol) -> str:
    """Say the same without the months of the pandemic; nothing where they are left out or hold no admissions."""
    first, last = protocol.outcome.first or "", protocol.outcome.last or "9999"
    months = [month for month in cached.months_counted(data) if first <= month <= last]
    if PANDEMIC in protocol.plan.leave_out or not any(PANDEMIC[0] <= month <= PANDEMIC[1] for month in months):
        return ""
    plan = replace(protocol.plan, leave_out=(*protocol.plan.leave_out, PANDEMIC))
    options = {name: value for name, value in protocol.options.items() if name != "also"}
    asked = replace(protocol, plan=plan, subgroups=(), checks=(), options=options)
    try:
        tidy = cached.evaluation(data, asked).effects.tidy()
    except AnalysisError as error:
        return f"Without the months of the pandemic there is no answer: {error}"
    row = words.row(tidy, RATE_RATIO)
    if not row["conf_low"] < row["conf_high"]:
        return f"Without the months of the pandemic (March 2020 to June 2021): {words.change(row['estimate'])}."
    span = words.change_range(row["conf_low"], row["conf_high"])
    return f"Without the months of the pandemic (March 2020 to June 2021): {words.change(row['estimate'])} ({span})."


def opening(data: Loaded, protocol: Protocol) -> Opening:
    """Work out the answer to a protocol, or remember it."""

    def work() -> Opening:
        evaluation = cached.evaluation(data, protocol)
        effects = evaluation.published
        headline = words.headline(effects, choices.subject(protocol, evaluation))
        return Opening(banner=words.banner(effects), headline=headline, notes=(*evaluation.beside, *effects.notes))

    return remembered(data, ("opening", protocol.to_toml()), work)
