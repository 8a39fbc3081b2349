"""Planning: could the next evaluation find an effect that matters, and what must be collected?"""

from dataclasses import replace

import streamlit as st

from analysis import planning, written
from analysis.figures import planning as figures
from analysis.missing import Missing
from analysis.planning import KINDS, AdmissionsPlan, RatingsPlan, RatingsStudy, StartsByLot, Study
from analysis.planning.plan import NO_EFFECT, NOT_BETTER
from analysis.planning.ratings import ratings_faults
from analysis.planning.study import IN_WAVES, faults, ratio_fault
from analysis.plans import studies
from pages.shared import cached, planned
from pages.shared.cached import Loaded
from pages.shared.fields import fold, in_address, month_in_address, whole
from pages.shared.frame import errors_shown, frame
from pages.shared.sections import shown

ADMISSIONS, RATINGS = "Emergency admissions", "CQC ratings"
NAMES = {
    "comparison homes": "One start, other homes compared",
    "matched homes": "One start, matched homes compared",
    "staggered roll-out": "In waves, other homes compared",
    "stepped wedge": "Stepped wedge: in waves by lot, nobody left out",
}
SIMULATIONS = (500, 2_000)
AHEAD = 60
"""Months after the last one loaded in which a first wave may start."""


def main() -> None:
    """Draw the page."""
    data = frame("Planning")
    st.markdown("Could the next evaluation find an effect that matters? Ask before it starts.")
    outcome = st.segmented_control(
        "What will be measured", [ADMISSIONS, RATINGS], default=ADMISSIONS, **in_address("outcome")
    )
    if outcome == RATINGS:
        of_ratings()
    else:
        of_admissions(data)


def of_admissions(data: Loaded) -> None:
    """Plan a study of admissions."""
    if not cached.months_counted(data):
        st.info("This needs admissions and bed-days of the past. Load them on the Data page.")
        return
    with errors_shown():
        noise = planned.noise(data)
        plan = chosen()
        if plan is None:
            st.info("Put right what is marked above, and the answer appears here.")
            return
        show_all(data, plan, noise)


def show_all(data: Loaded, plan: AdmissionsPlan, noise: planning.Background) -> None:
    """Show what comes of a plan, asking for the lot where its turn has come; then hand the plan on."""
    asked = [plan]

    def simulate(studies_, ratios, sims, name):
        progress = planned.simulated(data, studies_, ratios, sims, name=name)
        return None if progress is None else progress.table

    def draw(plan: AdmissionsPlan) -> studies.Drawn | Missing:
        asked.append(with_lot(data, plan))
        return studies.drawn_by_lot(asked[-1], cached.past(data))

    source = figures.source(plan, cached.past(data), cached.released(data), data.name)
    shown(figures.figures(plan, noise, simulate, draw), source)
    hand_on(asked[-1])


def chosen() -> AdmissionsPlan | None:
    """Ask for a plan; None where it makes no sense, which is said beside the fields."""
    first, second, third = st.columns(3)
    kind = first.selectbox("How it is done", KINDS, format_func=NAMES.__getitem__, key="kind", bind="query-params")
    others = second.container()  # fields that come and go have a place of their own: see `fields.in_address`
    boxes = {"supported": first, "compared": second, "before": second, "after": third, "effect": third}
    said: dict = {
        "supported": whole(first, "Homes that get it", 40, "supported"),
        "compared": whole(others, "Other homes compared", 60, "compared") if has_others(kind) else 60,
        "before": whole(second, "Months before the start", 12, "before"),
        "after": whole(third, "Months with it, after the last start", 12, "after"),
    }
    fall = whole(third, "Fewer admissions planned for (%)", 20, "fall", step=5)
    if kind in IN_WAVES:
        said["waves"], said["gap"] = (
            whole(first, "Waves", 4, "waves"),
            whole(second, "Months between waves", 3, "gap"),
        )
        boxes |= {"waves": first, "gap": second}
    with fold("Effects that differ between homes, and how many simulations"):
        left, right = st.columns(2)
        said["effect_sd"] = left.number_input(
            "How far effects differ between homes (standard deviation of the log; 0.3 is much)", value=0.0, step=0.1,
            key="effect_sd", bind="query-params",
        )  # fmt: skip
        boxes["effect_sd"] = left
        sims = right.selectbox("Simulations of your plan", SIMULATIONS, key="sims", bind="query-params")
    wrong = wrong_with(kind, said, fall)
    for name, why in wrong.items():
        boxes[name].error(why)
    if wrong:
        return None
    return AdmissionsPlan(study=Study(kind=kind, **said), rate_ratio=1 - fall / 100, simulations=int(sims))


def has_others(kind: str) -> bool:
    """Whether the number of other homes is a choice."""
    return kind in ("comparison homes", "staggered roll-out")


def wrong_with(kind: str, said: dict, fall: float) -> dict[str, str]:
    """Say what is wrong with a plan, by field."""
    wrong = faults({"waves": 4, "gap": 3, **said, "kind": kind})
    if why := ratio_fault(1 - fall / 100):
        wrong["effect"] = why
    elif fall == 0:
        wrong["effect"] = NO_EFFECT
    return wrong


def with_lot(data: Loaded, plan: AdmissionsPlan) -> AdmissionsPlan:
    """Ask for the lot."""
    first, second, third = st.columns(3)
    name = first.text_input("Intervention", "new_intervention", **in_address("named"))
    last = cached.past(data).shown.months[-1]
    ahead = [str(last + k) for k in range(1, AHEAD + 1)]
    month = second.selectbox("First wave starts in", ahead, **month_in_address("first_month", ahead)) or ahead[0]
    seed = whole(third, "Seed of the lot", 1, "seed")
    listed = st.text_area(
        "Location IDs, one a line (left empty, the homes are drawn by lot as well)", **in_address("listed")
    )
    named = tuple(dict.fromkeys((listed or "").replace(",", " ").split()))
    return replace(plan, lot=StartsByLot(intervention=name, first=month, seed=seed, homes=named))


def of_ratings() -> None:
    """Plan a study of ratings."""
    first, second, third = st.columns(3)
    said = {
        "supported": whole(first, "Supported services inspected again", 80, "services"),
        "compared": whole(second, "Other services inspected again (0: a known base rate)", 80, "other_services"),
        "base": whole(third, "Improve without support (%)", 57, "base") / 100,
    }
    better = whole(first, "Improve with support (%)", 72, "better") / 100
    said["per_provider"] = second.number_input(
        "Services of one provider, on average", value=1.0, step=0.5, **in_address("per_provider")
    )
    said["icc"] = third.number_input(
        "How alike services of one provider are (0 to 1)", value=0.1, step=0.05, **in_address("icc")
    )
    boxes = {
        "supported": first,
        "compared": second,
        "base": third,
        "per_provider": second,
        "icc": third,
        "better": first,
    }
    wrong = ratings_faults(said)
    if "base" not in wrong and not said["base"] < better < 1:
        wrong["better"] = NOT_BETTER
    for name, why in wrong.items():
        boxes[name].error(why)
    if wrong:
        st.info("Put right what is marked above, and the answer appears here.")
        return
    plan = RatingsPlan(study=RatingsStudy(**said), better=better)
    shown(figures.of_ratings(plan), figures.ratings_source(plan))
    hand_on(plan)


def hand_on(plan: AdmissionsPlan | RatingsPlan) -> None:
    """Offer the plan as a file, which `homeward plan` carries out, and empty files for what is collected."""
    first, *columns = st.columns(4)
    first.download_button("Download this plan (TOML)", lambda: written.to_toml(plan), "plan.toml", "text/plain",
                          on_click="ignore")  # fmt: skip
    for column, (name, frame_) in zip(columns, planning.templates().items(), strict=True):
        column.download_button(f"Empty {name}", frame_.to_csv(index=False), name, "text/csv", on_click="ignore")


main()
