"""The menu: every page by its name; on a telephone it lies over the page, and goes when a page has been chosen.

Streamlit closes its own menu by itself, but not one made of links, and remembers in the browser that it was open, so
that the next page opens with the menu over the answer. On a narrow screen each page therefore shuts it when it is
opened: by a script that differs from page to page, because the same one would not be run again.

Whoever leaves a page and comes Back is to find its choices. Streamlit 1.67 empties the address of the page that is left
and puts that into the browser's history, so that the first Back leads to a page without them: such an entry, the same
page with nothing chosen, is not let in.
"""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

SCRIPT = Path(__file__).with_suffix(".js").read_text("utf-8")
"""Shuts the menu, guards Back, and fills the contents list."""

GROUPS: Mapping[str, Mapping[str, str]] = {
    "Start": {
        "app.py": "Overview",
        "pages/guide.py": "Step by step",
        "pages/plan.py": "Plan",
    },
    "Did it help?": {
        "pages/admissions.py": "Admissions",
        "pages/ratings.py": "Ratings",
        "pages/areas.py": "Areas",
        "pages/residents.py": "Residents",
        "pages/comparison.py": "Comparison",
        "pages/doubts.py": "Doubts",
        "pages/verdict.py": "Verdict",
    },
    "What if?": {
        "pages/what_if.py": "What if",
        "pages/targeting.py": "Targeting",
        "pages/planning.py": "Planning",
    },
    "Watch": {
        "pages/monitoring.py": "Monitoring",
        "pages/home.py": "Home",
        "pages/worklist.py": "Worklist",
        "pages/feedback.py": "Feedback",
    },
    "Evidence": {
        "pages/claims.py": "Claims",
        "pages/evidence.py": "Evidence",
        "pages/methods.py": "Methods",
    },
    "Data": {
        "pages/data.py": "Data",
    },
}
"""What the menu shows: by the question a reader comes with, each page's file and name."""

MENU = {path: label for pages in GROUPS.values() for path, label in pages.items()}
"""Every page's file and name, in the order of the menu."""

SCRIPTS = {title: f"/* {title} */\n{SCRIPT}" for title in MENU.values()}
"""What does all three, by the page that is opened: a browser is told of their digests, and runs no other (`guard`)."""


def menu(title: str) -> None:
    """Draw the menu beside the page of this title, and shut it where it lies over the page."""
    with st.sidebar:
        st.html('<p class="hw-brand">Homeward</p>')
        for group, pages in GROUPS.items():
            st.html(f'<p class="hw-group">{group}</p>')
            for path, label in pages.items():
                st.page_link(path, label=label)
        st.html(f"<script>{SCRIPTS[title]}</script>", unsafe_allow_javascript=True)
