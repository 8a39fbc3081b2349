"""Evidence: what have controlled evaluations found, together, one by one, and by intervention?"""

import re

import streamlit as st

from analysis.claims.cards import Card, cards
from analysis.figures import cards as card_figures
from analysis.figures import evidence as figures
from pages.shared import cached, plans
from pages.shared.form import choose
from pages.shared.frame import errors_shown, frame
from pages.shared.showing import hand_out, shown

TOGETHER = "all"
WORD = re.compile(r"\W+")
"""What parts words in the name of a file."""

ASKS = (
    "What is known of interventions in care homes from evaluations that had a comparison? The same table is what "
    "a scenario may start from, and what a claim is weighed with."
)


def main() -> None:
    """Draw the page."""
    data = frame("Evidence", ASKS)
    titles = {TOGETHER: "All together", **{name: card.title for name, card in cards().items()}}
    chosen = choose(st, "Intervention", titles, "card")
    if chosen in cards():
        one_card(chosen, cards()[chosen])
        return
    with errors_shown():
        known = plans.known_of_claims(data)
        shown(figures.figures(known), figures.source(known, cached.released(data) if known.name else ""))


def one_card(name: str, card: Card) -> None:
    """Show one intervention's card, and hand its protocol on."""
    shown(card_figures.figures(card), card_figures.source(card))
    st.code(card.protocol, language="toml", wrap_lines=True)  # a box that scrolls could not be scrolled by keys
    hand_out([st], {"Download the protocol (TOML)": (f"{name}.toml", card.protocol)})
    for measure, asked in card.also.items():
        called, text = measure.replace("_", " "), asked.to_toml()
        with st.expander(f"Protocol: {called}"):
            st.code(text, language="toml", wrap_lines=True)
            hand_out([st], {f"Download the protocol: {called} (TOML)": (f"{name}_{WORD.sub('_', measure)}.toml", text)})


main()
