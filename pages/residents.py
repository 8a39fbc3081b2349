"""Residents: did new residents of supported homes go to hospital less than new residents like them?

The sample's residents are loaded the first time the page is opened, so that the first page does not wait for them.
"""

from typing import get_args

import streamlit as st

from analysis.design import Plan
from analysis.outcomes import ResidentCount, ResidentGroup, Residents, ResidentTrait
from analysis.protocol import Protocol
from analysis.words.phrases import called
from pages.shared import cached
from pages.shared.answer import Asked
from pages.shared.cached import Loaded
from pages.shared.form import Form, choose, fold, several
from pages.shared.frame import errors_shown, frame
from pages.shared.reported import show_whole

ASKS = (
    "Did people who newly moved into supported homes go to hospital less than people like them who moved into "
    "other homes? For those who hold stays and admissions person by person, by pseudonym."
)
TABLES = {"resident_spells", "person_admissions"}
"""What the store must hold."""
COUNTS = {
    "emergency_admissions": "emergency admissions", "a_and_e_attendances": "A&E attendances",
    "planned_admissions": "planned admissions", "hospital_bed_days": "hospital bed-days",
}  # fmt: skip
TRAITS = {
    "age_band": "age band", "sex": "sex", "conditions": "conditions", "home_type": "kind of home",
    "size": "size of home",
    "earlier_admissions": "emergency admissions in the year before",
}  # fmt: skip
HORIZONS = (90, 180, 360)
USUAL = Residents()


def main() -> None:
    """Draw the page."""
    data = frame("Residents", ASKS)
    data = cached.sample_residents() if data.synthetic else data
    protocol = asked(data)
    if protocol is None:
        return
    with errors_shown():
        show_whole(Asked(data=data, protocol=protocol))


def asked(data: Loaded) -> Protocol | None:
    """Ask what to evaluate; where that cannot be asked, say what to load."""
    given = cached.interventions(data)
    if given.empty or not cached.holds(data) >= TABLES:
        st.info(
            "This needs stays of residents and their admissions, by pseudonym, and a list of interventions. Load them "
            "on the Data page."
        )
        return None
    first, second, third = st.columns(3)
    named = {name: called(name) for name in given["intervention"]}
    first_named = next((name for name in named if name == "weekly_ward_round"), None)
    intervention = choose(first, "Intervention", named, "intervention", first=first_named)
    count = choose(second, "Outcome", {name: COUNTS[name] for name in get_args(ResidentCount)}, "resident_count")
    horizon = choose(third, "Shares by day", HORIZONS, "horizon", first=USUAL.horizon)
    said, plan = _more()
    outcome = Residents(count=count, horizon=horizon, **said)
    return Protocol(plan=Plan(intervention=intervention, **plan), outcome=outcome)


def _more() -> tuple[dict, dict]:
    """Ask who is compared with whom, and in what they are made alike; what is usual is left unsaid."""
    with fold("Who is compared with whom"):
        left, right = st.columns(2)
        groups = {name: TRAITS[name] for name in get_args(ResidentGroup)}
        exact = several(left, "Exactly alike in, beside the quarter (kind of home, if none is chosen)", groups, "exact")
        traits = {name: TRAITS[name] for name in get_args(ResidentTrait)}
        near = several(right, "Near in (all that is known, if none is chosen)", traits, "near")
        plan = Form().ask(Plan, "comparison", boxes=[left])
        kept = {"leave out": "Leave out residents from its start", "keep": "Keep them, as if there had been none"}
        plan |= {"others": choose(right, "Homes with another intervention", kept, "others")}
    return {name: value for name, value in (("exact_on", exact), ("match_on", near)) if value}, plan


main()
