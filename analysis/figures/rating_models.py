"""What do the models of ratings say of supported homes? What is shown, in the order of reading."""

from collections.abc import Iterator

from analysis.charts import rating_models as charts
from analysis.figures.figure import Figure, Source, Table
from analysis.plural import counted
from analysis.ratings.sensitivity import Sensitivity
from analysis.results import Effects
from analysis.tables import rating_models as tables
from analysis.words import rating_models as words

CHANCES = (
    "Each pair of points is what the model expects at the next inspection of supported homes, without and with "
    "support, with 95% intervals; the interval of the difference is in the table."
)
OFTEN = "Does it matter which homes are inspected often?"


def next_rating(plain: Effects, weighted: Effects, called: str, source: Source) -> Iterator[Figure]:
    """Show the model of the next rating; its assumption is examined among the doubts.

    Parameters
    ----------
    plain, weighted : Effects
        Of `NextRating`, without weights and with them.
    called : str
        Such as "the manager training".
    """
    yield Figure(
        title="The chance of a better next rating", headline=words.chance_of_better(plain, called), notes=plain.notes
    )
    yield Figure(
        title="Without support, and with it",
        sentence=CHANCES,
        chart=charts.chances(plain.diagnostics["chances"]),
        caption=source.caption(f"{plain.summary['n_obs']:,} inspections of {plain.summary['n_units']:,} homes."),
        tables=(Table(tidy=tables.model_estimates(plain), columns=tables.MODEL, name="next_rating_model"),),
    )
    yield Figure(
        title=OFTEN,
        level=3,
        sentence=words.weighted(plain, weighted),
        tables=(
            Table(tidy=weighted.diagnostics["timing"], columns=tables.TIMING, title="What each inspection counts by"),
            Table(tidy=weighted.diagnostics["rates"], columns=tables.RATES, title="How often homes are inspected"),
        ),
    )


def moves(effects: Effects, called: str) -> Figure:
    """Show the model of moves between inspections."""
    estimates = Table(tidy=tables.model_estimates(effects), columns=tables.MODEL, name="model_of_moves")
    return Figure(
        title="How fast homes move between ratings",
        headline=words.speed(effects, called),
        notes=effects.notes,
        tables=(estimates,),
    )


def informative_inspections(found: Sensitivity, source: Source) -> Figure:
    """Show how far the answer moves if inspectors were brought by what changed unseen."""
    title = "Times as fast to a better rating, if inspections were triggered"
    if not found.frame["estimate"].notna().any():
        return Figure(title=title, sentence=words.tipping(found.frame, found.tips))
    caption = (
        f"{counted(found.supported, 'supported home')} among {found.homes:,}. The shaded band is the 95% interval of "
        "the blue line. At 1 inspectors know no more than what is published."
    )
    return Figure(
        title=title,
        sentence=words.tipping(found.frame, found.tips),
        chart=charts.sensitivity(found.frame),
        caption=source.caption(caption),
        tables=(Table(tidy=found.frame, columns=tables.SENSITIVITY, name="inspection_timing"),),
    )
