"""The answer, said before anything is drawn.

What it rests on is drawn and doubted afterwards (`answers`), which takes longer than the answer itself.
"""

from dataclasses import dataclass

from analysis import words
from analysis.protocol import Protocol
from pages.shared import cached, choices
from pages.shared.cached import Loaded, remembered


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opening:
    """A warning that comes first, the answer in words, and what must be known beside it."""

    banner: str | None
    headline: str
    notes: tuple[str, ...]


def opening(data: Loaded, protocol: Protocol) -> Opening:
    """Work out the answer to a protocol, or remember it."""

    def work() -> Opening:
        evaluation = cached.evaluation(data, protocol)
        effects = evaluation.published
        headline = words.headline(effects, choices.subject(protocol, evaluation))
        return Opening(banner=words.banner(effects), headline=headline, notes=(*evaluation.beside, *effects.notes))

    return remembered(data, ("opening", protocol.to_toml()), work)
