"""An answer that is shown whole: every figure in its order, how to repeat it, and the report."""

from analysis.figures import Source
from analysis.figures.ready import ReadyFigure, ready
from analysis.paths import zipped
from analysis.protocol import Protocol
from pages.shared import cached
from pages.shared.cached import Loaded, remembered
from pages.shared.reported import of_evaluation, report_offered
from pages.shared.showing import record, show


def show_whole(data: Loaded, protocol: Protocol) -> None:
    """Show an answer whose question has all its figures in one file of `analysis.figures`."""
    source, figures = _made(data, protocol)
    for made in figures:
        show(made)
    record(protocol.to_toml(), source, lambda: zipped(cached.evaluation(data, protocol).files()))
    key = ("evaluation", protocol.to_toml())
    report_offered(data, key, lambda: of_evaluation(data, cached.evaluation(data, protocol)))


def _made(data: Loaded, protocol: Protocol) -> tuple[Source, tuple[ReadyFigure, ...]]:
    """Make ready what is shown, or remember it; the answer's figure first."""

    def work() -> tuple[Source, tuple[ReadyFigure, ...]]:
        from analysis.figures import by_outcome  # noqa: PLC0415 - a second to import; the choices are on screen

        found = cached.evaluation(data, protocol)
        source = by_outcome.source_of(found, data.name)
        return source, tuple(ready(figure, source) for figure in by_outcome.figures_of(found, source))

    return remembered(data, ("whole", protocol.to_toml()), work)
