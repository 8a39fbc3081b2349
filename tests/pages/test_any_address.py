"""Whatever stands in an address, no field ends in an error: every kind of field that pages have, 500 drawn
addresses, twenty to a page.
"""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

NAMES = ("leads", "share", "kind", "from", "also", "dose", "months", "only", "ramp", "half")
STRANGE = [
    "inf",
    "-Infinity",
    "nan",
    "1e308",
    "-1",
    "٣",
    "",
    "[]",
    "true",
    "9" * 400,
    "4.5",
    "1,2",
    "0x10",
    "%00",
    "2019-01",
]


def page():
    """Draw fields of every kind, kept in the address as on the pages, twenty times over."""
    import streamlit as st  # noqa: PLC0415 - the script is run by itself

    from analysis.scenarios import Offer  # noqa: PLC0415 - the script is run by itself
    from pages.shared.form import Form, choose, in_address, month, number, several, whole  # noqa: PLC0415

    for n in range(20):
        whole(st, f"Leads {n}", 4, f"leads{n}")
        number(st, f"Share {n}", 0.5, f"share{n}")
        choose(st, f"Kind {n}", {"a": "One kind", "b": "Another"}, f"kind{n}", first="b")
        month(st, f"From {n}", ["2019-01", "2019-02"], f"from{n}")
        several(st, f"Also {n}", ["CR3", "two ways"], f"also{n}")
        st.checkbox(f"By dose {n}", **in_address(f"dose{n}"))
        st.slider(f"Months {n}", 6, 60, 36, 6, **in_address(f"months{n}"))
        st.text_input(f"Only {n}", **in_address(f"only{n}"))
        Form(nth=str(n)).ask(Offer)


ADDRESS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(STRANGE) | st.text(max_size=30), min_size=1)


@pytest.mark.bench
@settings(max_examples=25, deadline=None)
@example([{"leads": "inf", "share": "1e308", "months": "nan"}] * 20)
@given(st.lists(ADDRESS, min_size=20, max_size=20))
def test_no_field_ends_in_an_error_whatever_the_address_says(said):
    app = AppTest.from_function(page, default_timeout=300)
    for n, address in enumerate(said):
        for name, text in address.items():
            app.query_params[f"{name}{n}"] = text
    app.run()
    assert not app.exception
    assert len(app.text_input) == len(app.checkbox) == len(app.slider) == 20
