"""The answer, said before anything is drawn.

What it rests on is drawn and doubted afterwards, which takes longer than the answer itself.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis import words
from analysis.design import PANDEMIC
from analysis.errors import AnalysisError
from analysis.evaluation import with_checks
from analysis.figures import Source
from analysis.figures.answer import answer, source
from analysis.protocol import Protocol
from pages.shared import cached
from pages.shared.cached import Loaded, remembered
from pages.shared.figures import Ready, ready

if TYPE_CHECKING:
    from analysis.reports import Report


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
        tidy = cached.evaluation(data, asked).published.tidy()
    except AnalysisError as error:
        return f"Without the months of the pandemic there is no answer: {error}"
    return words.without_pandemic(tidy)


def made_from(data: Loaded, protocol: Protocol) -> Source:
    """Say what the answer to a protocol was made from."""
    asked = ("source", protocol.to_toml())
    return remembered(data, asked, lambda: source(cached.evaluation(data, protocol), data.name))


def opening(data: Loaded, protocol: Protocol, *further: str) -> Ready:
    """Work out the answer to a protocol."""
    evaluation = cached.evaluation(data, protocol)
    return ready(answer(evaluation, *further), made_from(data, protocol))


def months(data: Loaded, protocol: Protocol) -> Ready:
    """Draw the answer month by month, without the table that stands under it on the Admissions page, or remember it."""

    def drawn() -> Ready:
        from analysis.figures import admissions  # noqa: PLC0415 - as below

        source = made_from(data, protocol)
        return ready(replace(admissions.month_by_month(cached.evaluation(data, protocol), source), tables=()), source)

    return remembered(data, ("months", protocol.to_toml()), drawn)


def figures(data: Loaded, protocol: Protocol) -> tuple[Ready, ...]:
    """Draw and doubt everything the answer rests on, or remember it."""
    return remembered(data, ("figures", protocol.to_toml()), lambda: tuple(_figures(data, protocol)))


def _figures(data: Loaded, protocol: Protocol) -> Iterator[Ready]:
    from analysis.figures import admissions, doubts  # noqa: PLC0415 - a second to import: the answer is on the screen

    evaluation, source = cached.evaluation(data, protocol), made_from(data, protocol)
    glance = (doubts.at_a_glance(checks),) if (checks := cached.doubts(data, protocol)) else ()
    for made in admissions.rest(evaluation, glance, source):
        yield ready(made, source)


def report(data: Loaded, protocol: Protocol) -> "Report":
    """Make the report of the answer, with the doubts that have been examined."""
    from analysis.reports import evaluation_report  # noqa: PLC0415 - as above

    evaluation = with_checks(cached.evaluation(data, protocol), cached.doubts(data, protocol))
    return evaluation_report(evaluation, data.name)
