"""How far does one series scatter, said: φ, and what an interval that does not know of it is worth."""

import pandas as pd

from analysis.words.phrases import change_range

CANNOT = (
    "An interval of one series knows how far its periods scatter, not what else happened when the intervention began: "
    "that it supposes was nothing."
)
"""What a single series cannot tell."""
WOLF = 0.1
"""Share of false alarms, twice what they should be, from which they stand as a warning."""
HOW = {
    "Poisson": "as if events came by chance alone",
    "quasi-Poisson": "scattering as they do",
    "Newey–West": "scattering as they do, and neighbours alike",
}
"""What each kind of interval supposes of the periods."""


def scattered(dispersion: float, name: str, periods: str) -> str:
    """Say what the dispersion is, and what it does to an interval.

    Parameters
    ----------
    dispersion : float
        φ.
    name : str
        What the series is of.
    periods : str
        Of how many periods: "72 months".
    """
    if dispersion <= 1:
        return (
            f"Over {periods} the counts of {name} vary no more about their course than those of events that come by "
            f"chance alone (dispersion {dispersion:.1f}): the plain interval is wide enough for single periods."
        )
    return (
        f"Over {periods} the counts of {name} vary {_times(dispersion)} as much about their course as those of events "
        f"that come by chance alone: a Poisson interval would be {dispersion**0.5:.1f} times too narrow."
    )


def worth(table: pd.DataFrame, others: str) -> str:
    """Say what the quasi-Poisson interval holds, and how often it speaks where nothing was done.

    Parameters
    ----------
    table : DataFrame
        Of `analysis.areas.dispersion.Scatter`.
    others : str
        What the others are: "areas", "homes".
    """
    row = table.set_index("how").loc["quasi-Poisson"]
    alarms, asked = int(row["alarms"]), int(row["others"])
    span = f"The quasi-Poisson interval holds {change_range(row['conf_low'], row['conf_high'])} since the start."
    if not asked:
        return span
    return (
        f"{span} Of {asked:,} other {others}, in which nothing was done, such an interval leaves out no difference in "
        f"{alarms:,} ({alarms / asked:.0%}), where it should in 5%."
    )


def cries_wolf(table: pd.DataFrame) -> bool:
    """Whether the quasi-Poisson interval speaks so often where nothing was done that nothing may be read from it."""
    row = table.set_index("how").loc["quasi-Poisson"]
    return bool(row["others"] and row["alarms"] > WOLF * row["others"])


def _times(dispersion: float) -> str:
    return f"{dispersion:.0f} times" if dispersion >= 10 else f"{dispersion:.1f} times"
