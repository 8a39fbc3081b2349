"""Has an early warning earned to be shown, and what does it say? What is shown, in the order in which it is read."""
# ruff: noqa: PLC0415

from collections.abc import Iterator

from analysis.figures.figure import Figure, Source, Table
from analysis.monitoring.warning import TooFew
from analysis.plans.warnings import EVENTS, FEATURES, RULES_OF, Warned
from analysis.tables import warning as tables
from analysis.words import warning as words

KNOWN = tuple(f"{name}: known from {since}" for name, since in FEATURES)


def figures(found: Warned, source: Source) -> Iterator[Figure]:
    """Yield everything that is shown: the verdict, and only of a warning that has earned it the chances."""
    judged, plan = found.judged, found.plan
    said = words.verdict(judged, EVENTS[plan.event], plan.ahead, RULES_OF[plan.event])
    if isinstance(judged, TooFew):
        none = words.NOBODY_LEFT if plan.event == "leaving" and judged == TooFew(0, 0) else ""
        yield Figure(title="Early warning", headline=f"{said} {none}".strip())
        return
    notes = (words.drivers(judged),) if judged.earned else ()
    yield Figure(title="Early warning", headline=said, notes=notes, more=(("What was known, and from when", KNOWN),))
    yield _calibration(judged, source)
    if judged.earned:
        yield from _earned(found, source)
    yield Figure(title="What a warning cannot tell you", notes=words.CANNOT)


def _calibration(judged, source):
    from analysis.charts.warning import calibration

    table = Table(tidy=judged.calibration, columns=tables.CALIBRATION, name="warning_calibration")
    said = f"{words.CALIBRATED} All in all {words.came_true(judged)}"
    return Figure(title="Did chances come true?", level=3, sentence=said, chart=calibration(judged.calibration),
                  caption=source.caption(), tables=(table,))  # fmt: skip


def _earned(found, source):
    from analysis.charts.warning import curve

    judged = found.judged
    homes = Table(tidy=found.rows, columns=tables.HOMES, name="warning_homes", title="")
    yield Figure(title="Homes with the highest chances now", level=3, sentence=words.CALIBRATED,
                 caption=source.caption(words.came_true(judged).capitalize()), tables=(homes,))  # fmt: skip
    net = Table(tidy=judged.curve, columns=tables.CURVE, name="warning_decision_curve")
    yield Figure(title="Is acting on it better?", level=3, sentence=words.CURVE, chart=curve(judged.curve),
                 caption=source.caption(), tables=(net,))  # fmt: skip
    kinds = Table(tidy=judged.stability, columns=tables.STABILITY, name="warning_by_kind", title="")
    yield Figure(title="Is it right for every kind?", level=3, sentence=words.STABLE, tables=(kinds,))
