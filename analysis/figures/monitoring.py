"""Is it more than usual, and who stands apart? What is shown of a watched store, in the order in which it is read."""
# ruff: noqa: PLC0415

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis import written
from analysis.disclosure import nearest
from analysis.figures.figure import Figure, Source, Table
from analysis.figures.plans import made_from
from analysis.missing import Missing
from analysis.monitoring import Charted
from analysis.months import month_said
from analysis.panel import Panel
from analysis.plans.monitored import FEWEST_EXPECTED, Apart, Monitored, MonitoringPlan
from analysis.tables import monitoring as tables
from analysis.words import monitoring as words

PLACES = {-1: "below", 0: "within", 1: "above"}
ROUNDED = (
    "Months of many homes together are rounded to the nearest 5 before anything is worked out from them. Those of few "
    "homes are worked out from admissions counted home by home in bands of 5, placed within these by chance; so are "
    "the homes of the funnel, without chance."
)


def source(plan: MonitoringPlan, shown: Panel, digest: str, name: str) -> Source:
    """Say what the figures were made from."""
    return made_from(shown.units, digest, name, plan=written.digest(plan))


def figures(found: Monitored, source: Source) -> Iterator[Figure]:
    """Yield everything that is shown, the answer first."""
    yield answer(found)
    if found.glance[0]:
        yield _glance(found, source)
    yield _chart(found.charted, source)
    yield _funnel(found.apart, source)
    yield Figure(title="What this cannot tell you", notes=(words.CHART_CANNOT, words.FUNNEL_CANNOT))


def answer(found: Monitored) -> Figure:
    """Say what the last point is, and what must be known beside it."""
    return Figure(title="The answer", warning=found.left_out, headline=words.headline(found.charted),
                  notes=words.notes(found.charted, found.homes))  # fmt: skip


def _glance(found, source):
    from analysis.charts.icons import icons, words_of

    charts, too_few = found.glance
    rows = pd.DataFrame([
        {"name": name, "variation": chart.variation, "side": int(chart.signals.side[-1]), "kind": chart.kind,
         "assurance": chart.assurance or "", "value": float(chart.series.values[-1])} for name, chart in charts
    ])  # fmt: skip
    told = rows.assign(**{
        name: [words_of(icon, side) if icon else "" for icon, side in zip(rows[name], rows["side"], strict=True)]
        for name in ("variation", "assurance")
    })  # fmt: skip
    table = Table(tidy=told.drop(columns=["side"]), columns=tables.GLANCE, name="at_a_glance")
    return Figure(title="At a glance", sentence=words.glance(too_few, found.plan.chart.target is not None),
                  chart=icons(rows), caption=source.caption(ROUNDED), tables=(table,))  # fmt: skip


def points(found: Charted) -> pd.DataFrame:
    """Lay a chart out: period, events, value, centre, lower, upper, what, rules."""
    series, limits = found.series, found.limits
    rules = ["; ".join(found.signals.broken(place)) for place in range(len(series.values))]
    return pd.DataFrame({
        "period": series.periods.astype(str), "events": [nearest(events) for events in series.events],
        "value": series.values, "centre": limits.centre, "lower": limits.lower, "upper": limits.upper,
        "what": found.signals.variation(found.asked.better), "rules": rules,
    })  # fmt: skip


def _chart(found: Charted, source: Source) -> Figure:
    from analysis.charts.monitoring import control_chart

    rows, special = points(found), int(found.signals.special.sum())
    table = Table(tidy=rows, columns=tables.POINTS, name="control_chart")
    said = words.signals(special, len(rows), found.asked.points)
    causes = pd.DataFrame({"month": [str(c.month) for c in found.causes], "name": [c.name for c in found.causes]})
    causes["row"] = 14.0 * np.arange(len(causes))
    chart = control_chart(rows, found.series.unit, causes, found.asked.target)
    return Figure(title="Is it more than the usual coming and going?", sentence=said, chart=chart,
                  caption=source.caption(ROUNDED), tables=(table,))  # fmt: skip


def _funnel(found: Apart | Missing, source: Source) -> Figure:
    title = "Which homes stand apart?"
    if isinstance(found, Missing):
        return Figure(title=title, sentence=f"That cannot be said. {found.reason}")
    from analysis.charts.monitoring import MOST_MARKS, funnel

    lies = [PLACES[place] for place in found.funnel.outside()]
    rows = found.homes.assign(ratio=found.funnel.ratio, lower=found.funnel.lower[:, 1], upper=found.funnel.upper[:, 1],
                              where=lies, home_type=found.homes["kind"])  # fmt: skip
    outside = rows[rows["where"] != "within"].sort_values("name")
    said = words.apart(found.funnel, len(rows), found.small, FEWEST_EXPECTED)
    period = f"{month_said(found.first)} to {month_said(found.last)}; expected of homes of the same kind, by bed-days."
    period += " Homes that lie near each other share a mark." if len(rows) > MOST_MARKS else ""
    chart = funnel(rows, found.funnel.phi, found.funnel.tau2, found.funnel.spread)
    table = Table(tidy=outside, columns=tables.APART, name="homes_apart", title="Homes outside the limits")
    return Figure(title=title, sentence=said, chart=chart, caption=source.caption(period, ROUNDED),
                  tables=(table,) if len(outside) else ())  # fmt: skip
