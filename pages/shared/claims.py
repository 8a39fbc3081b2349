"""A share that somebody published, and nothing else: which counts can it stand for, and what is it worth?"""

import streamlit as st

from analysis.figures import Source
from analysis.ratings import Transitions
from analysis.ratings.claim import beside_base_rate, denominators
from pages.shared.frame import as_text
from pages.shared.sections import shown, wanted

MOST = 60
"""Homes a claim can be of: with more, nearly every share can stand for some count."""
COST = "For “nearly 63% improved”, with no list of homes: what it can stand for, and what happens anyway."


def claim_alone(every: Transitions, origin: str, source: Source) -> None:
    """Ask for a published share, and set what it can stand for beside the base rate of the homes loaded."""
    from analysis.figures import base_rates as figures  # noqa: PLC0415 - a second to import

    if not wanted("A claim alone", "Weigh a published share", "claim", COST):
        return
    first, second, third = st.columns(3)
    least = first.number_input("Share from, %", 0.0, 100.0, 62.0, 0.5, key="claim_from", bind="query-params")
    below = second.number_input("to below, %", 0.0, 100.5, 63.0, 0.5, key="claim_below", bind="query-params")
    most = third.number_input(  # a decimal number, for infinity in an address is no whole one (`fields.whole`)
        "Of at most how many homes", 1.0, float(MOST), 20.0, 1.0, format="%.0f", key="claim_most", bind="query-params"
    )
    rows = every.table.loc[(every.table["from_rating"] == origin) & (every.table["moved"] == "better")]
    counts = denominators(least / 100, below / 100, int(most))
    if rows.empty or not rows["n"].iloc[0]:
        st.info(
            as_text(f"No home rated {origin} was inspected again and can have become better: there is no base rate.")
        )
        return
    if counts.empty:
        st.info(as_text(f"No count of at most {most:,} homes gives a share from {least:g}% to below {below:g}%."))
        return
    k, n = int(rows["count"].iloc[0]), int(rows["n"].iloc[0])
    found = beside_base_rate(counts, k, n)
    shown([figures.claim(found, k, n, origin)], source)
