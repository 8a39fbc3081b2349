"""The answer to a protocol, worked out and drawn once.

It is said before anything is drawn: what it rests on is drawn and doubted afterwards, which takes longer than the
answer itself.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import get_args

from analysis import protocol as protocols
from analysis import words
from analysis.design import Comparison, Plan
from analysis.errors import AnalysisError
from analysis.figures import Figure, Source
from analysis.figures.ready import ReadyFigure, ready
from analysis.protocol import Protocol
from analysis.results import Check
from analysis.steps import Steps
from pages.shared import cached
from pages.shared.cached import Loaded, remembered, worked_out
from pages.shared.card import Card
from pages.shared.figures import show_answer
from pages.shared.turns import while_read


def without_pandemic(data: Loaded, protocol: Protocol) -> str:
    """Say the same without the months of the pandemic; nothing where they are left out or hold no admissions."""
    if (asked := protocols.without_pandemic(protocol, cached.months_counted(data))) is None:
        return ""
    try:
        return words.without_pandemic(cached.evaluation(data, asked).published.tidy())
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


def show_first(data: Loaded, protocol: Protocol) -> Card:
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


def verdict(data: Loaded, protocol: Protocol, size: int) -> tuple[ReadyFigure, ...]:
    """Weigh the answer; `size` is the least fall worth having, in per cent."""

    def work() -> tuple[ReadyFigure, ...]:
        from analysis.figures import weighed  # noqa: PLC0415 - the answer is on the screen first

        found = weighed.figures(cached.evaluation(data, protocol), doubts(data, protocol), size / 100)
        return tuple(ready(made, made_from(data, protocol)) for made in found)

    return remembered(data, ("verdict", protocol.to_toml(), size), work)


def examination(data: Loaded, protocol: Protocol) -> Steps[Check]:
    """Give the doubts as far as they have been examined, for whoever asks for them."""
    from analysis import evaluation as evaluations  # noqa: PLC0415 - as above

    evaluation = cached.evaluation(data, protocol)
    return remembered(data, ("examination", protocol.to_toml()), lambda: evaluations.examination(evaluation))


def doubts(data: Loaded, protocol: Protocol) -> tuple[Check, ...]:
    """Examine all doubts."""
    every = examination(data, protocol)
    return remembered(data, ("doubts", protocol.to_toml()), every.all)


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
