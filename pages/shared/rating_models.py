"""What do the models of ratings say of the supported homes? Worked out when asked for, and kept."""

from contextlib import suppress

import streamlit as st

from analysis.charts import rating_models as charts
from analysis.errors import AnalysisError
from analysis.inspections import spells_of
from analysis.ratings.multi_state.model import MultiState
from analysis.ratings.next_rating.model import NextRating
from analysis.ratings.sensitivity import Sensitivity, sensitivity
from analysis.results import Check, Effects
from analysis.tables import rating_models as tables
from analysis.words import rating_models as words
from pages.shared import cached
from pages.shared.cached import Loaded, remembered
from pages.shared.figures import bullets, figure, say, table, under
from pages.shared.frame import as_text
from pages.shared.programmes import Supported, compared


def models(data: Loaded, homes: Supported, key_question: str, source: dict[str, str]) -> None:
    """Show what the models say, once they are asked for."""
    st.header("What models of the ratings say")
    if not st.toggle("Fit the models", key="models", bind="query-params"):
        st.caption(
            "Takes some seconds. They follow supported homes, and homes like them, from the day the support began."
        )
        return
    source = {**source, "supported_sha256": homes.key}
    beside(data, homes, key_question)
    next_rating(data, homes, key_question, source)
    moves(data, homes, key_question, source)
    with st.expander("What these models cannot tell you", expanded=True):
        bullets(words.MODELS_CANNOT_TELL)


def beside(data: Loaded, homes: Supported, key_question: str) -> None:
    """Say which answer answers what, and whether they agree."""
    made = (
        lambda: compared(data, homes, key_question),
        lambda: _next_rating(data, homes, key_question)[0],
        lambda: _multi_state(data, homes, key_question),
    )
    found = []
    for make in made:
        with suppress(AnalysisError):  # what an answer wants for stands where the answer would
            found.append(make())
    if len(found) > 1:
        st.markdown(as_text(words.three_answers(found)))


def next_rating(data: Loaded, homes: Supported, key_question: str, source: dict[str, str]) -> None:
    """Show the model of the next rating, and the check of its assumption."""
    st.header("The chance of a better next rating")
    found = _attempted(lambda: _next_rating(data, homes, key_question))
    if found is None:
        return
    plain, weighted, check = found
    say(words.chance_of_better(plain, homes.called))
    bullets(plain.notes)
    sentence = (
        "Each pair of points is what the model expects at the next inspection of supported homes, without and with "
        "support; the interval of the difference is in the table."
    )
    chances = plain.diagnostics["chances"]
    figure("Without support, and with it", sentence, charts.chances(chances),
           f"{plain.summary['n_obs']:,} inspections of {plain.summary['n_units']:,} homes.")  # fmt: skip
    under(
        "next_rating_model",
        tables.model_display(plain),
        tables.model_estimates(plain),
        {**source, "model": repr(plain)},
    )
    st.markdown(f"**{as_text(check.name)}** {as_text(check.reading)}")
    st.markdown(f"**Does it matter which homes are inspected often?** {as_text(words.weighted(plain, weighted))}")
    with st.expander("How often homes are inspected, and what each inspection counts"):
        table(tables.timing_display(weighted))
        table(tables.rates_display(weighted))


def moves(data: Loaded, homes: Supported, key_question: str, source: dict[str, str]) -> None:
    """Show the model of moves between inspections, and what it rests on."""
    st.header("How fast homes move between ratings")
    effects = _attempted(lambda: _multi_state(data, homes, key_question))
    if effects is None:
        return
    say(words.speed(effects, homes.called))
    bullets(effects.notes)
    under(
        "model_of_moves",
        tables.model_display(effects),
        tables.model_estimates(effects),
        {**source, "model": repr(effects)},
    )
    st.header("What if inspectors were told?")
    if not st.toggle("Try other reasons for inspections", key="told", bind="query-params"):
        st.caption("Takes up to a minute: the model is fitted again for every assumption.")
        return
    found = _sensitivity(data, homes, key_question)
    caption = (
        f"{found.supported:,} supported homes among {found.homes:,}. The shaded band is the 95% interval of the blue "
        "line. At 1 inspectors know no more than what is published."
    )
    sentence = words.tipping(found.frame, found.tips)
    figure(
        "Times as fast to a better rating, if inspections were triggered",
        sentence,
        charts.sensitivity(found.frame),
        caption,
    )
    under("inspection_timing", tables.sensitivity_display(found.frame), found.frame, source)


def _attempted(make):
    """Show what is wrong in place of an answer."""
    try:
        return make()
    except AnalysisError as error:
        st.error(as_text(str(error)))
        return None


def _next_rating(data: Loaded, homes: Supported, key_question: str) -> tuple[Effects, Effects, Check]:
    def made() -> tuple[Effects, Effects, Check]:
        known = cached.inspections(data)
        plain = NextRating(key_question=key_question)
        weighted = NextRating(key_question=key_question, weights="inverse intensity")
        return (
            plain.fit(known, homes.started),
            weighted.fit(known, homes.started),
            plain.check(known, spells_of(known, key_question), homes.started),
        )

    return remembered(data, ("next rating", homes.key, key_question), made)


def _multi_state(data: Loaded, homes: Supported, key_question: str) -> Effects:
    def made() -> Effects:
        return MultiState(key_question=key_question).fit(cached.inspections(data), homes.started)

    return remembered(data, ("moves", homes.key, key_question), made)


def _sensitivity(data: Loaded, homes: Supported, key_question: str) -> Sensitivity:
    def made() -> Sensitivity:
        return sensitivity(cached.inspections(data), homes.started, key_question)

    return remembered(data, ("sensitivity", homes.key, key_question), made)
