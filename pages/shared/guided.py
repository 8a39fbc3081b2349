"""What does each step of an evaluation show? One function each, from what the long pages show."""

from collections.abc import Callable

import streamlit as st

from analysis.figures import Source
from analysis.figures.doubts import at_a_glance
from analysis.figures.ready import ready
from analysis.paths import zipped
from analysis.protocol import Protocol
from analysis.words.asks import QUESTIONS
from pages.shared import answer, cached, gate
from pages.shared.cached import Loaded
from pages.shared.overview import what_is_loaded
from pages.shared.reported import admissions_offered
from pages.shared.showing import as_text, hand_out, show

FAIR = ("Were the homes alike?", "Are there others like them?", "Did they run alike before?", "Are months missing?")
STRONG = "Could an effect be found?"
"""Titles of what is to be seen before the start (`analysis.reports.before`), by step."""


def missing(data: Loaded) -> list[str]:
    """Name what an evaluation of admissions still needs."""
    holds = cached.holds(data)
    return [what for what, known in QUESTIONS["admissions"].needs.items() if not holds.intersection(known)]


def loaded(data: Loaded, _: Protocol | None) -> None:
    """Say what is loaded, and what is missing."""
    what_is_loaded(data)
    told = missing(data)
    st.info(as_text(f"Still needed: {' and '.join(told)}.")) if told else st.success("All that is needed is there.")


def who(data: Loaded, protocol: Protocol) -> None:
    """Say back what was chosen."""
    st.markdown("Put together, your question is this. It stands in the address, and in the plan that you can lock.")
    st.code(protocol.to_toml(), language="toml", wrap_lines=True)


def of_before(*titles: str) -> Callable[[Loaded, Protocol], None]:
    """Show some of what is to be seen before the start."""

    def shown(data: Loaded, protocol: Protocol) -> None:
        for made in gate.before(answer.Asked(data=data, protocol=protocol)):
            if made.title in titles:
                show(ready(made, Source(origin="")))
        if STRONG in titles:
            label = "Lock this plan before you see the answer"
            st.page_link("pages/plan.py", label=label, query_params=st.query_params)

    return shown


def answered(data: Loaded, protocol: Protocol) -> None:
    """Show the answer as a card."""
    card = answer.show_first(data, protocol)
    gate.show_against_the_lock(answer.Asked(data=data, protocol=protocol), answer.made_from(data, protocol))
    card.weigh(answer.weighed(data, protocol))


def doubted(data: Loaded, protocol: Protocol) -> None:
    """Show the doubts at a glance."""
    show(ready(at_a_glance(answer.doubts(data, protocol)), answer.made_from(data, protocol)))


def weighed(data: Loaded, protocol: Protocol) -> None:
    """Show the verdict."""
    from analysis.verdict import WORTHWHILE  # noqa: PLC0415 - a second to import, which earlier steps need not wait for

    for made in answer.verdict(answer.Asked(data=data, protocol=protocol), int(100 * WORTHWHILE)):
        show(made)


def share(data: Loaded, protocol: Protocol) -> None:
    """Hand out the report, the answer's files and the protocol."""
    admissions_offered(data, protocol)
    hand_out(st.columns(2), {
        "The answer's files (ZIP)": ("answer.zip", lambda: zipped(cached.evaluation(data, protocol).files())),
        "The protocol (TOML)": ("protocol.toml", protocol.to_toml()),
    })  # fmt: skip


SHOWN: tuple[Callable, ...] = (
    loaded, who,
    of_before(*FAIR), of_before(STRONG), answered, doubted, weighed, share,
)  # fmt: skip
