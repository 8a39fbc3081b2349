"""To which homes should it be offered? What is shown of the choice, in the order in which it is read.

Pictures take a second to import, so that the answer, which needs none, comes before them.
"""
# ruff: noqa: PLC0415

from collections.abc import Callable, Iterator

import pandas as pd

from analysis.baseline import Baseline
from analysis.disclosure import HES
from analysis.figures.figure import Figure, Source, Table
from analysis.figures.plans import assumed, facts, made_from, worth_table
from analysis.missing import Missing
from analysis.plans import targets
from analysis.plans.past import Past
from analysis.plans.targets import Listing, TargetingPlan
from analysis.plural import counted
from analysis.prices import BASE_YEAR
from analysis.scenarios import Scenario, money
from analysis.tables import targeting as tables
from analysis.targeting.heterogeneity import TITLES, Attribute
from analysis.words import targeting as say
from analysis.written import digest

Seen = Callable[[], list[Attribute] | None]
"""Ask in which intervention to look for differences between homes: what was found, or None where there is none."""

RULES = "What targeting truly buys"
DRAWN = "Each group's effect is drawn towards the others, because the one that looks best mostly owes it to chance."
CANNOT_SAY = "These data cannot say: no attribute has two groups of homes with an effect."
BY_NAME = "Home by home the list is far less sure than in all: see how wide each home's interval is."


def source(plan: TargetingPlan, found: Listing, past: Past, data: tuple[str, str]) -> Source:
    """Say what the figures of a choice were made from; `data` is the digest and the name of the store."""
    return made_from(
        past.shown.units, *data, scenario_sha256=digest(found.scenario), capacity=repr(found.capacity),
        prices=f"pounds of {BASE_YEAR}", seed=str(plan.seed),
    )  # fmt: skip


def answer(found: Listing, baseline: Baseline) -> Figure:
    """Say to how many, and what that comes to, in the words of a scenario."""
    first, *worth = targets.headline(found)
    beside = targets.beside(found, baseline) if found.projection else ()
    if not found.projection:
        return Figure(title="The answer", headline=first, sentence=" ".join(worth), notes=beside)
    worth_in_all = money(found.projection)
    return Figure(
        title="The answer", headline=first, sentence=" ".join(worth), notes=beside,
        facts=tuple(facts(found.projection, worth_in_all)), tables=(worth_table(worth_in_all),),
    )  # fmt: skip


def rest(plan: TargetingPlan, found: Listing, baseline: Baseline, source: Source, seen: Seen) -> Iterator[Figure]:
    """Yield all but the answer."""
    yield _judged(found, source)
    yield Figure(title="A rule that can be published", notes=targets.rule_in_words(found))
    yield from _where_it_works(seen)
    yield _assumed(plan.scenario)
    yield _everybody(baseline, found)
    yield Figure(title="What this cannot tell you", notes=say.CANNOT)


def _judged(found: Listing, source: Source) -> Figure:
    """Draw what rules promised and delivered, or say why they could not be judged."""
    contest = found.contest
    if isinstance(contest, Missing):
        return Figure(title=RULES, sentence=contest.reason)
    from analysis.charts import targeting as pictures

    shown = tables.contested(contest.table)
    caption = (
        f"{counted(contest.homes, 'home')} without an intervention in the year judged; "
        f"{counted(len(contest.cuts), 'year')}, the first "
        f"from {pd.Timestamp(contest.cuts[0]):%B %Y}. The effect is held at its mean. Lines are 95% "
        "intervals of what was delivered, from drawing homes anew."
    )
    return Figure(
        title=RULES,
        sentence=say.contest(contest.table, len(contest.cuts)),
        notes=(say.fell_back(contest.table), say.learned(contest.table)),
        chart=pictures.contest(shown),
        caption=source.caption(caption),
        tables=(Table(tidy=shown, columns=tables.CONTESTED, name="rules_judged"),),
    )


def _where_it_works(seen: Seen) -> Iterator[Figure]:
    """Draw how the effect of an intervention in hand differs between homes."""
    found, title = seen(), "By group of homes"
    if found is None:
        return
    if not found:
        yield Figure(title=title, sentence=CANNOT_SAY)
        return
    from analysis import charts
    from analysis.charts import targeting as pictures
    from analysis.figures.admissions import INTERVALS

    drawn = pictures.groups([one.table for one in found])
    drawn["told"] = [say.group_change(ratio) for ratio in drawn["estimate"]]
    tidy = pd.concat([one.table.assign(attribute=one.name, adjusted=one.adjusted) for one in found], ignore_index=True)
    yield Figure(
        title=title,
        sentence=DRAWN,
        notes=tuple(say.groups(TITLES.get(one.name, one.name), one.apart, one.adjusted, len(found)) for one in found),
        chart=charts.forest(drawn, "group", "Effect by group of homes"),
        caption=INTERVALS,
        tables=(Table(tidy=tidy, columns=tables.GROUPS, name="effect_by_group"),),
    )


def _assumed(scenario: Scenario) -> Figure:
    """List every assumption with its source."""
    return assumed(scenario, "Where the numbers come from")


def _everybody(baseline: Baseline, found: Listing) -> Figure:
    """List every open home by name: there is no order of merit."""
    shown = tables.homes(targets.by_name(baseline, found))
    listed = Table(tidy=shown, columns=tables.HOMES, name="homes_by_name", title="The homes and their download")
    return Figure(
        title="Every home, by name",
        sentence=BY_NAME,
        caption=f"{HES} Rates are worked out from the counts as shown.",
        tables=(listed,),
    )
