"""Comparison: were the homes alike, what do other analyses say, and how right is this design here?"""

from collections.abc import Iterator

import streamlit as st

from analysis.design import MatchOn
from analysis.errors import AnalysisError
from analysis.figures.figure import Figure
from analysis.figures.ready import ReadyFigure, ready
from analysis.protocol import Protocol
from analysis.words.fair import MATCHED_ON
from pages.shared import answer, cached, choices, gate
from pages.shared.cached import Loaded, remembered
from pages.shared.form import several
from pages.shared.frame import errors_shown, frame
from pages.shared.showing import show, wanted

TRIED = "Try the design out on homes without the intervention (about a minute)"
COST = "Known effects are put into months without any, and the whole analysis is made of each."

ON = "Make homes alike in (nothing chosen: rates, size and kind, where known)"

ASKS = (
    "Is the comparison fair? How alike homes with the intervention were to those without it before anybody had "
    "it, what the answer is against homes made alike, and what every other defensible analysis would have said."
)


def main() -> None:
    """Draw the page."""
    data = frame("Comparison", ASKS)
    protocol = choices.asked(data)
    if protocol is None:
        return
    with errors_shown():
        asked = answer.Asked(data=data, protocol=protocol)
        gate.show_against_the_lock(asked, answer.made_from(data, protocol))
        text, on = protocol.to_toml(), several(st, ON, MATCHED_ON, "match_on")
        for made in remembered(data, ("made alike", text, on), lambda: tuple(_alike(data, protocol, on))):
            show(made)
        show(remembered(data, ("neighbours", text, cached.placed(data)), lambda: _neighbours(data, protocol)))
        for made in remembered(data, ("comparison", text), lambda: tuple(_rest(data, protocol))):
            show(made)
        if wanted("How right is this design on these homes?", TRIED, "calibrate", COST):
            show(remembered(data, ("calibrated", text), lambda: _calibrated(data, protocol)))
        st.page_link("pages/admissions.py", label="Read the answer", query_params=st.query_params)


def _alike(data: Loaded, protocol: Protocol, match_on: tuple[MatchOn, ...]) -> Iterator[ReadyFigure]:
    from analysis.figures import comparison  # noqa: PLC0415 - a second to import

    source = answer.made_from(data, protocol)
    for made in comparison.alike(cached.evaluation(data, protocol), source, match_on):
        yield ready(made, source)


def _rest(data: Loaded, protocol: Protocol) -> Iterator[ReadyFigure]:
    from analysis.figures import comparison  # noqa: PLC0415 - as above

    evaluation, source = cached.evaluation(data, protocol), answer.made_from(data, protocol)
    yield ready(comparison.every_analysis(evaluation, source), source)
    yield ready(comparison.unmeasured(evaluation), source)


def _neighbours(data: Loaded, protocol: Protocol) -> ReadyFigure:
    from analysis.figures import places  # noqa: PLC0415 - as above

    source = answer.made_from(data, protocol)
    return ready(places.neighbours(cached.evaluation(data, protocol), data.store, source), source)


def _calibrated(data: Loaded, protocol: Protocol) -> ReadyFigure:
    from analysis.calibration import calibrate  # noqa: PLC0415 - as above
    from analysis.figures import comparison  # noqa: PLC0415

    evaluation, source = cached.evaluation(data, protocol), answer.made_from(data, protocol)
    try:
        found = calibrate(evaluation.shown, evaluation.design, evaluation.model, seed=protocol.seed)  # type: ignore[arg-type]
    except AnalysisError as error:
        return ready(Figure(warning=str(error)), source)
    return ready(comparison.calibrated(found, source), source)


main()
