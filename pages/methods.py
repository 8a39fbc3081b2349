"""Methods: how is it worked out, what does it suppose, and how do we know the numbers are right?"""

import streamlit as st

from analysis.figures import Source, methods, proof
from analysis.words.methods import METHODS
from pages.shared.form import choose
from pages.shared.frame import errors_shown, frame
from pages.shared.showing import as_text, shown

ASKS = "How is it worked out, what does it suppose, and how do we know that the numbers are right?"


def main() -> None:
    """Draw the page."""
    frame("Methods", ASKS)
    source = Source(origin="")
    with errors_shown():
        name = choose(st, "Method", {name: method.name for name, method in METHODS.items()}, "method")
        method = METHODS[name]
        shown(methods.about(method), source)
        st.header("Formula and source", anchor="formula-and-source")
        st.latex(method.formula)
        st.caption(as_text(f"{method.letters} Source: {method.source}"))
        st.page_link(f"pages/{method.page}.py", label="The page that uses it")
        shown(proof.figures(), source)


main()
