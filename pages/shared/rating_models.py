"""What do the models of ratings say of the supported homes? Worked out when asked for, and kept."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import streamlit as st

from analysis.errors import AnalysisError
from analysis.figures import Source
from analysis.inspections import spells_of
from analysis.ratings.multi_state.model import MultiState
from analysis.ratings.next_rating.model import NextRating
from analysis.ratings.sensitivity import Sensitivity, sensitivity
from analysis.ratings.supported import other_starts
from analysis.results import Check, Effects
from pages.shared import cached
from pages.shared.cached import Loaded, remembered
from pages.shared.frame import as_text
from pages.shared.programmes import Supported, compared
from pages.shared.sections import shown, wanted

COST = "Takes some seconds. They follow supported homes, and homes like them, from the day the support began."


def models(data: Loaded, homes: Supported, key_question: str, source: Source) -> None:
    """Show what the models say, once they are asked for."""
    from analysis.figures import rating_models as figures  # noqa: PLC0415 - a second to import

    if not wanted("What models of the ratings say", "Fit the models", "models", COST):
        return
    shown([figures.beside(_answers(data, homes, key_question))], source)
    st.header("The chance of a better next rating")
    if found := _attempted(lambda: _next_rating(data, homes, key_question)):
        made_from = _of(source, found[0])
        shown(figures.next_rating(*found, homes.called, made_from), made_from)
    st.header("How fast homes move between ratings")
    if effects := _attempted(lambda: _multi_state(data, homes, key_question)):
        shown([figures.moves(effects, homes.called)], _of(source, effects))
        if wanted("What if inspectors were told?", "Try other reasons for inspections", "told",
                  "Takes up to a minute: the model is fitted again for every assumption."):  # fmt: skip
            shown([figures.told(_sensitivity(data, homes, key_question), source)], source)
    shown([figures.cannot_tell()], source)


def _of(source: Source, effects: Effects) -> Source:
    return replace(source, made_from={**source.made_from, "model": repr(effects)})


def _answers(data: Loaded, homes: Supported, key_question: str) -> list[Effects]:
    """Give those of the three answers that there are; what one wants for stands where it would."""
    made: tuple[Callable[[], Effects], ...] = (
        lambda: compared(data, homes, key_question),
        lambda: _next_rating(data, homes, key_question)[0],
        lambda: _multi_state(data, homes, key_question),
    )
    found = []
    for make in made:
        with suppress(AnalysisError):
            found.append(make())
    return found


def _attempted(make):
    """Show what is wrong in place of an answer."""
    try:
        return make()
    except AnalysisError as error:
        st.error(as_text(str(error)))
        return None


def _next_rating(data: Loaded, homes: Supported, key_question: str) -> tuple[Effects, Effects, Check]:
    def made() -> tuple[Effects, Effects, Check]:
        known, other = cached.inspections(data), other_starts(data.store, homes.intervention)
        plain = NextRating(key_question=key_question, other_interventions=homes.others)
        weighted = replace(plain, weights="inverse intensity")
        asked_of = known, spells_of(known, key_question), homes.started, other
        return plain.fit_spells(*asked_of), weighted.fit_spells(*asked_of), plain.check(*asked_of)

    return remembered(data, ("next rating", homes.key, key_question), made)


def _multi_state(data: Loaded, homes: Supported, key_question: str) -> Effects:
    def made() -> Effects:
        model = MultiState(key_question=key_question, other_interventions=homes.others)
        return model.fit(cached.inspections(data), homes.started, other_starts(data.store, homes.intervention))

    return remembered(data, ("moves", homes.key, key_question), made)


def _sensitivity(data: Loaded, homes: Supported, key_question: str) -> Sensitivity:
    def made() -> Sensitivity:
        other = other_starts(data.store, homes.intervention)
        return sensitivity(cached.inspections(data), homes.started, key_question, other=other, others=homes.others)

    return remembered(data, ("sensitivity", homes.key, key_question), made)
