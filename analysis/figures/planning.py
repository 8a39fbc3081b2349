"""Could the next evaluation find an effect that matters? What is shown of a plan, in the order in which it is read.

Simulations take seconds, and who starts when may be asked for in between: whoever shows the figures says how
(`Simulate`, `Draw`), and is asked when their turn has come. Pictures take a second to import, so that the answer, which
needs none, comes before them.
"""
# ruff: noqa: PLC0415

from collections.abc import Callable, Iterator

import pandas as pd

from analysis import planning, words
from analysis.figures.figure import Figure, Source, Table
from analysis.figures.plans import made_from
from analysis.missing import Missing
from analysis.planning import AdmissionsPlan, Background, RatingsPlan, Study
from analysis.planning.plan import COARSE, FEWER
from analysis.planning.study import IN_WAVES
from analysis.plans import studies
from analysis.plans.past import Past
from analysis.tables import planning as tables
from analysis.words import planning as say

Simulate = Callable[[tuple[Study, ...], tuple[float, ...], int, str], pd.DataFrame | None]
"""Simulate studies at rate ratios so many times, under a name: a table of power, or None where it was stopped."""
Draw = Callable[[AdmissionsPlan], studies.Drawn | Missing]
"""Draw who starts when."""

SIMULATED = "Simulated from the homes loaded; every simulated panel is answered as the Admissions page would answer it."
SIZE = "The larger the effect, the surer it is found. The band is what so few simulations leave open."
BY_LOT = "Homes are spread evenly over the waves, each kind of home too. The seed makes the lot repeatable."
WAVES = "The waves"
LOADS = "The file loads on the Data page as it is: it is a list of interventions."
BETTER = "The more services improve, the surer it is found. Counts are of services, not of people."
NORMAL = "Two groups by the normal approximation; one group against a known rate by the exact binomial interval."
CURVES = (
    ("supported", "By number of homes", "Homes that get it", "homes with it"),
    ("after", "By number of months", "Months with it", "months with it"),
)
"""Along what the smallest effect is shown: field of a study, heading, title of the axis, and what there is more of."""


def source(plan: AdmissionsPlan, past: Past, digest: str, name: str) -> Source:
    """Say what the figures of a plan were made from."""
    return made_from(past.shown.units, digest, name, plan=repr(plan.study), seed=str(plan.seed))


def ratings_source(plan: RatingsPlan) -> Source:
    """Say what the figures of a study of ratings were made from: no data."""
    return made_from(None, "", "", plan=repr(plan.study))


def figures(plan: AdmissionsPlan, noise: Background, simulate: Simulate, draw: Draw) -> Iterator[Figure]:
    """Yield everything that is shown of a plan, the answer first.

    Parameters
    ----------
    plan : AdmissionsPlan
    noise : Background
        How far months vary, of the homes loaded.
    simulate : Simulate
    draw : Draw
        Asked only of a study in waves.
    """
    study = plan.study
    found = simulate((study,), plan.ratios, plan.simulations, "Your plan")
    if found is None:
        yield Figure(sentence="Nothing was simulated before it was stopped.")
        return
    headline, *beside = studies.headline(found, plan, noise)
    yield Figure(title="The answer", headline=headline, notes=tuple(beside))
    yield _by_size(found, plan)
    yield from _by_number(study, simulate)
    if study.kind in IN_WAVES:
        yield Figure(title="Who starts when, by lot", sentence=BY_LOT)
        drawn = draw(plan)
        yield Figure(title=WAVES, sentence=drawn.reason) if isinstance(drawn, Missing) else _waves(drawn, study)
    yield _collect(study)
    yield Figure(title="What this cannot tell you", notes=say.CANNOT)


def of_ratings(plan: RatingsPlan) -> Iterator[Figure]:
    """Yield everything that is shown of a plan of ratings, the answer first."""
    yield Figure(title="The answer", headline=studies.ratings_headline(plan))
    yield _by_share(plan)
    yield _collect(None)
    yield Figure(title="What this cannot tell you", notes=say.RATINGS_CANNOT)


def _by_size(found: pd.DataFrame, plan: AdmissionsPlan) -> Figure:
    """Draw power by size of effect."""
    from analysis.charts import planning as charts

    tidy = found.sort_values("rate_ratio", ascending=False, ignore_index=True)
    return Figure(
        title="By size of effect",
        sentence=SIZE,
        chart=charts.power_curve(found, plan.rate_ratio),
        caption=SIMULATED,
        tables=(Table(tidy=tidy, columns=tables.POWER, name="power"),),
    )


def _by_number(study: Study, simulate: Simulate) -> Iterator[Figure]:
    """Draw the smallest effect by number of homes and of months."""
    others = tuple(dict.fromkeys(sum(planning.more_or_fewer(study), ())))  # the study itself is on both curves
    found = simulate(others, COARSE, FEWER, "More or fewer homes and months")
    if found is None:
        return
    from analysis.charts import planning as charts

    least = planning.smallest(found)
    for key, heading, title, noun in CURVES:
        rows = studies.along(least, key, study)
        if len(rows) < 2:
            continue
        waits = f" {say.NOBODY_WAITS}" if key == "after" and study.kind == "stepped wedge" else ""
        yield Figure(
            title=heading,
            sentence=f"{say.curve(rows, key, noun)}{waits}",
            chart=charts.smallest_curve(rows, key, title, getattr(study, key)),
            caption=SIMULATED,
            tables=(Table(tidy=rows, columns=tables.SMALLEST, name=f"smallest_by_{key}"),),
        )


def _waves(drawn: studies.Drawn, study: Study) -> Figure:
    """Draw who starts when."""
    from analysis.charts import planning as charts

    counts = planning.balance(drawn.starts, drawn.homes, studies.STRATA)
    start = pd.Timestamp(drawn.starts["start_month"].min())
    months = pd.date_range(start - pd.DateOffset(months=study.before), periods=study.months, freq="MS")
    rest = "beside homes that never start." if study.compared else "from the last start on, nobody waits any more."
    return Figure(
        title=WAVES,
        sentence=f"{words.homes(len(drawn.starts))} in {study.waves} waves{',' if study.compared else ';'} {rest}",
        chart=charts.waves(counts, months),
        caption=f"Drawn by lot, seed {drawn.seed}. Counts of homes. {LOADS}",
        tables=(
            Table(tidy=counts, columns=tables.balance(counts), title=""),
            Table(tidy=drawn.starts, columns=tables.SCHEDULE, name="schedule", title="The schedule and its download"),
        ),
    )


def _by_share(plan: RatingsPlan) -> Figure:
    """Draw power by the share that improves."""
    from analysis.charts import planning as charts

    curve = studies.ratings_curve(plan)
    return Figure(
        title="By share that improves",
        sentence=BETTER,
        chart=charts.shares_curve(curve, plan.better),
        caption=NORMAL,
        tables=(Table(tidy=curve, columns=tables.SHARES, name="ratings_power"),),
    )


def _collect(study: Study | None) -> Figure:
    """List what to collect from the first day."""
    items = planning.checklist(study)
    told = (
        f"{item['what']}: {item['when']}. {item['why']} {item['source']}. File {item['file']}: {item['columns']}"
        for item in items.to_dict("records")
    )
    listed = Table(tidy=items, columns=tables.COLLECT, name="what_to_collect", title="This list and its download")
    return Figure(title="What to collect", notes=tuple(told), tables=(listed,))
