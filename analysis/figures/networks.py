"""What has every clinical lead? What is shown of networks, in the order in which it is read."""
# ruff: noqa: PLC0415

from collections.abc import Iterator

from analysis.figures.figure import Figure, Source, Table
from analysis.figures.home import RATES
from analysis.plans.networks import Led
from analysis.tables import networks as tables
from analysis.words import networks as words


def figures(found: Led, source: Source) -> Iterator[Figure]:
    """Yield everything that is shown, the answer first."""
    leads = Table(tidy=found.leads, columns=tables.LEADS, name="clinical_leads", title="")
    yield Figure(title="Networks and their leads", headline=words.headline(found.leads, found.unknown, found.missing),
                 notes=(words.PUBLISHED,), caption=source.caption(), tables=(leads,))  # fmt: skip
    if len(found.elements):
        from analysis.charts.networks import elements

        table = Table(tidy=found.elements, columns=tables.ELEMENTS, name="elements_in_place")
        said = (
            "The share of each network’s homes in which an element is said to be in place, of those where it is known."
        )
        yield Figure(title="What is in place?", sentence=said, chart=elements(found.elements),
                     caption=source.caption(), tables=(table,))  # fmt: skip
    if len(found.variation):
        table = Table(tidy=found.variation, columns=tables.VARIATION, name="networks_apart", title="")
        said = "Emergency admissions of the last 12 months beside what is expected of homes of the same kinds."
        yield Figure(title="Do networks differ?", sentence=said, caption=source.caption(RATES), tables=(table,))
    yield Figure(title="What networks cannot tell you", notes=words.CANNOT)
