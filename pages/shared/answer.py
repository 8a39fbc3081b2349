"""The answer to a protocol, worked out and drawn once.

It is said before anything is drawn: what it rests on is drawn and doubted afterwards, which takes longer than the
answer itself. `lead` and `behind` give both of any question. One about admissions has more steps, each remembered, for
more pages show it, and what it comes to and what was doubted take longest.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, get_args

import pandas as pd

from analysis import protocol as protocols
from analysis import words
from analysis.design import Comparison, Plan
from analysis.errors import AnalysisError
from analysis.figures import Figure, Source
from analysis.figures.ready import ReadyFigure, ready
from analysis.months import in_periods
from analysis.outcomes import Rate
from analysis.protocol import Protocol
from analysis.results import Check
from pages.shared import cached
from pages.shared.cached import Loaded, remembered, worked_out
from pages.shared.showing import AnswerCard, show, show_answer
from pages.shared.turns import while_read

if TYPE_CHECKING:
    from analysis.evaluation import Evaluation, Material


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """What a visitor asks, of which data.

    Parameters
    ----------
    data : Loaded
    protocol : Protocol
    listed : DataFrame, optional
        As of `cached.evaluation`.
    """

    data: Loaded
    protocol: Protocol
    listed: pd.DataFrame | None = None

    @property
    def key(self) -> tuple[str, str]:
        """All that an answer depends on beside the data."""
        return cached.asked_of(self.protocol, self.listed)

    @property
    def given(self) -> "Material":
        """What it is carried out on."""
        return cached.given_for(self.data, self.protocol.outcome, self.listed)

    @property
    def evaluation(self) -> "Evaluation":
        """The protocol, carried out or remembered."""
        return cached.evaluation(self.data, self.protocol, self.listed)


def lead(asked: Asked) -> tuple[Source, ReadyFigure]:
    """Give the answer to any question, and what it was made from."""
    if isinstance(asked.protocol.outcome, Rate):
        return made_from(asked.data, asked.protocol), first_figure(asked.data, asked.protocol)

    def work() -> tuple[Source, ReadyFigure]:
        from analysis.figures import by_outcome  # noqa: PLC0415 - a second to import; the choices are on screen

        source = by_outcome.source_of(asked.evaluation, asked.data.name)
        return source, ready(next(by_outcome.figures_of(asked.evaluation, source)), source)

    return remembered(asked.data, ("lead", *asked.key), work)


def show_lead(asked: Asked) -> Source:
    """Show the answer to any question, and what must be known beside it; give what it was made from."""
    if isinstance(asked.protocol.outcome, Rate):
        show_first(asked.data, asked.protocol)
        return made_from(asked.data, asked.protocol)
    source, first = lead(asked)
    show(first)
    return source


def behind(asked: Asked) -> tuple[ReadyFigure, ...]:
    """Draw and doubt everything that the same answer rests on."""

    def work() -> tuple[ReadyFigure, ...]:
        from analysis.figures import by_outcome  # noqa: PLC0415 - as above

        source, _ = lead(asked)
        return tuple(ready(made, source) for made in islice(by_outcome.figures_of(asked.evaluation, source), 1, None))

    return remembered(asked.data, ("behind", *asked.key), work)


def without_pandemic(data: Loaded, protocol: Protocol) -> str:
    """Say the same without the months of the pandemic; nothing where they are left out or hold no admissions."""
    if (asked := protocols.without_pandemic(protocol, cached.months_counted(data))) is None:
        return ""
    try:
        evaluation = cached.evaluation(data, asked)
        return in_periods(words.without_pandemic(evaluation.published.tidy()), evaluation.panel.length)
    except AnalysisError as error:
        return f"Without the months of the pandemic there is no answer: {error}"


def made_from(data: Loaded, protocol: Protocol) -> Source:
    """Say what the answer was made from: at once, for a question of its own would wait behind everybody's answer."""
    from analysis.figures.answer import source  # noqa: PLC0415 - what was kept of an answer is shown without it

    return source(cached.evaluation(data, protocol), data.name)


def first_figure(data: Loaded, protocol: Protocol) -> ReadyFigure:
    """Give the answer in words."""

    def work() -> ReadyFigure:
        from analysis.figures.answer import alone  # noqa: PLC0415 - as above

        source = made_from(data, protocol)
        return ready(alone(cached.evaluation(data, protocol), source), source)

    return remembered(data, ("first figure", protocol.to_toml()), work)


def beside(data: Loaded, protocol: Protocol) -> tuple[str, ...]:
    """Say what must be known beside the answer."""

    def work() -> tuple[str, ...]:
        from analysis.figures.answer import beside  # noqa: PLC0415 - as above

        return beside(cached.evaluation(data, protocol))

    return remembered(data, ("beside", protocol.to_toml()), work)


def show_first(data: Loaded, protocol: Protocol) -> AnswerCard:
    """Show the answer, and what must be known beside it as soon as it is known."""
    return show_answer(first_figure(data, protocol), lambda: beside(data, protocol))


def compared_otherwise(data: Loaded, protocol: Protocol) -> None:
    """Answer, while this answer is read, by the other homes that could be compared: one click asks for it."""
    for homes in get_args(Comparison):
        other = replace(protocol, plan=replace(protocol.plan, comparison=homes))
        if not worked_out(data, ("first figure", other.to_toml())):
            while_read(partial(first_figure, data, other))


def weighed(data: Loaded, protocol: Protocol) -> Figure:
    """Give the answer with what it comes to, once its doubts have been examined."""

    def work() -> Figure:
        from analysis.figures.weighed import on_card  # noqa: PLC0415 - as below

        made = on_card(cached.evaluation(data, protocol), doubts(data, protocol))
        return replace(made, tables=())  # they stand under the card already, and could not be kept

    return remembered(data, ("card", protocol.to_toml()), work)


def weighed_already(data: Loaded, plan: Plan) -> Figure | None:
    """Give the same of a plan, with every doubt, where nobody has to wait for it; None elsewhere."""
    return first_card(data, plan) if worked_out(data, ("first card", repr(plan))) or _doubted(data, plan) else None


def _doubted(data: Loaded, plan: Plan) -> bool:
    asked = Protocol(plan=plan).to_toml()
    return worked_out(data, ("card", asked)) or worked_out(data, ("doubts", asked))


def first_card(data: Loaded, plan: Plan) -> Figure:
    """Give it of a plan with every doubt, remembered by the plan: to name them takes as long as to import them all."""
    return remembered(data, ("first card", repr(plan)), lambda: weighed(data, Protocol(plan=plan)))


def verdict(asked: Asked, size: int) -> tuple[ReadyFigure, ...]:
    """Weigh the answer; `size` is the least change worth having, in per cent."""

    def work() -> tuple[ReadyFigure, ...]:
        from analysis.figures import weighed  # noqa: PLC0415 - the answer is on the screen first

        found = weighed.figures(asked.evaluation, asked.evaluation.checks, size / 100)
        return tuple(ready(made, lead(asked)[0]) for made in found)

    return remembered(asked.data, ("verdict", *asked.key, size), work)


def doubts(data: Loaded, protocol: Protocol) -> tuple[Check, ...]:
    """Examine all doubts."""
    evaluation = cached.evaluation(data, protocol)
    return remembered(data, ("doubts", protocol.to_toml()), lambda: evaluation.checks)


def figures(data: Loaded, protocol: Protocol) -> tuple[ReadyFigure, ...]:
    """Draw and doubt everything the answer rests on."""
    return remembered(data, ("figures", protocol.to_toml()), lambda: tuple(_figures(data, protocol)))


def _figures(data: Loaded, protocol: Protocol) -> Iterator[ReadyFigure]:
    # a second to import: the answer is on the screen
    from analysis.figures import admissions  # noqa: PLC0415
    from analysis.figures.doubts import at_a_glance  # noqa: PLC0415

    evaluation, source = cached.evaluation(data, protocol), made_from(data, protocol)
    glance = (at_a_glance(checks),) if (checks := doubts(data, protocol)) else ()
    for made in admissions.rest(evaluation, glance, source):
        yield ready(made, source)
