"""What does an intervention do to ratings, and to delayed days? Nothing is claimed unless the visitor says so."""

import streamlit as st

from analysis.errors import AnalysisError
from analysis.scenarios import Ratio
from analysis.scenarios.claimed import OnDelays, OnRatings
from analysis.scenarios.effect_from import delays_stated, ratings_stated
from analysis.scenarios.inputs import place
from analysis.words.phrases import called
from pages.shared import cached, further
from pages.shared.cached import Loaded
from pages.shared.fields import Form, fewer, fold, in_address, with_interval
from pages.shared.frame import as_text

NOTHING, STATED = "Nothing is claimed", "State it myself"
SPEEDS = {"better": (1.2, 0.9, 1.6), "worse": (0.9, 0.6, 1.3)}
"""Times as fast, and its interval, from which somebody who states an effect starts: small, and perhaps none."""
FEWER = (5, -5, 15)
"""Per cent fewer delayed days, likewise."""


def claims(data: Loaded, form: Form, k: int) -> tuple[OnRatings, OnDelays]:
    """Ask for both."""
    with fold("What it does to ratings and to delayed days", k):
        st.caption("No controlled evaluation gives an effect on either. What is expected without it is shown anyway.")
        return on_ratings(data, form, k), on_delays(form, k)


def on_ratings(data: Loaded, form: Form, k: int) -> OnRatings:
    """Ask where an effect on ratings comes from."""
    here = {f"As the ratings show here: {called(name)}": name for name in cached.interventions(data)["intervention"]}
    chosen = st.selectbox("What it does to ratings", [NOTHING, *here, STATED], **in_address(f"on_ratings{k}"))
    form.place(place(k, "ratings.better"), place(k, "ratings.worse"))
    with st.container():
        if chosen in here:
            try:
                return further.ratings_effect(data, here[chosen])
            except AnalysisError as error:
                st.error(as_text(f"{error} Nothing is claimed instead."))
        return ratings_stated(*(_ratio(form, way, k) for way in SPEEDS)) if chosen == STATED else OnRatings()


def _ratio(form: Form, way: str, k: int) -> Ratio:
    texts = (
        f"To a {way} rating: times as fast",
        f"{way.capitalize()}: at least (95%)",
        f"{way.capitalize()}: at most (95%)",
    )
    keys = (f"{way}{k}", f"{way}_least{k}", f"{way}_most{k}")
    given = with_interval(texts, SPEEDS[way], keys, step=0.05)
    form.place(place(k, f"ratings.{way}"))
    return Ratio(*given)


def on_delays(form: Form, k: int) -> OnDelays:
    """Ask for an effect on delayed days."""
    chosen = st.selectbox("What it does to delayed days", [NOTHING, STATED], **in_address(f"on_delays{k}"))
    form.place(place(k, "delays.ratio"))
    with st.container():
        return _delays(form, k) if chosen == STATED else OnDelays()


def _delays(form: Form, k: int) -> OnDelays:
    texts = (
        "Fewer delayed days in the council, %",
        "Delayed days: at least, % (95%)",
        "Delayed days: at most, % (95%)",
    )
    keys = (f"fewer_delayed{k}", f"least_delayed{k}", f"most_delayed{k}")
    ratio = fewer(with_interval(texts, FEWER, keys))
    form.place(place(k, "delays.ratio"))
    return delays_stated(ratio)
