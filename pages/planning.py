"""Planning: could the next evaluation find an effect that matters, and what must be collected?"""

from dataclasses import replace
from typing import Any

import streamlit as st

from analysis import planning, written
from analysis.figures import Figure, Source
from analysis.figures import planning as figures
from analysis.figures.of_plans import of_plan
from analysis.missing import Missing
from analysis.planning import AdmissionsPlan, RatingsPlan, RatingsStudy, StartsByLot, Study
from analysis.planning.plan import better_faults, effect_faults
from analysis.planning.study import IN_WAVES, WITH_OTHERS
from analysis.plans import studies
from pages.shared import cached, plans, steps
from pages.shared.cached import Loaded
from pages.shared.form import PUT_RIGHT, Form, fold, in_address, month
from pages.shared.frame import errors_shown, frame
from pages.shared.reported import plan_offered
from pages.shared.showing import hand_out, shown

ADMISSIONS, RATINGS = "Emergency admissions", "CQC ratings"
AHEAD = 60
"""Months after the last one loaded in which a first wave may start."""


def main() -> None:
    """Draw the page."""
    data = frame("Planning", "Could the next evaluation find an effect that matters? Ask before it starts.")
    outcomes = [ADMISSIONS, RATINGS]
    outcome = st.segmented_control("What will be measured", outcomes, default=ADMISSIONS, **in_address("outcome"))
    if outcome == RATINGS:
        of_ratings(data, Form())
    elif cached.months_counted(data):
        with errors_shown():
            of_admissions(data, Form())
    else:
        st.info("This needs admissions and bed-days of the past. Load them on the Data page.")


def of_admissions(data: Loaded, form: Form) -> None:
    """Show what comes of a plan, asking for the lot where its turn has come; then hand the plan on."""
    noise, plan = plans.noise(data), chosen(form)
    if plan is None:
        return
    asked = [plan]

    def simulate(studies_, ratios, sims, name):
        progress = steps.simulated(data, studies_, ratios, sims, name=name)
        return None if progress is None else progress.table

    def draw(plan: AdmissionsPlan) -> studies.Drawn | Missing:
        asked.append(replace(plan, lot=lot(data, form)))
        return studies.drawn_by_lot(asked[-1], cached.past(data))

    source = figures.source(plan, cached.past(data), cached.released(data), data.name)
    given = shown(figures.figures(plan, noise, simulate, draw), source)
    hand_on(data, asked[-1], given, source)


def chosen(form: Form) -> AdmissionsPlan | None:
    """Ask for a plan; None where it makes no sense, which is said beside the fields."""
    first, second, third = columns = st.columns(3)
    of_study = form.within("study")
    said: dict[str, Any] = {"compared": 60, "waves": 4, "gap": 3}
    said |= of_study.ask(Study, "kind", boxes=[first])
    others = second.container()  # fields that come and go have a place of their own: see `form.in_address`
    if said["kind"] in WITH_OTHERS:
        said |= of_study.ask(Study, "compared", boxes=[others])
    said |= of_study.ask(Study, "supported", "before", "after", boxes=columns)
    effect = form.ask(AdmissionsPlan, "rate_ratio", boxes=[third])
    if said["kind"] in IN_WAVES:
        said |= of_study.ask(Study, "waves", "gap", boxes=columns)
    with fold("Effects that differ between homes, and how many simulations"):
        left, right = st.columns(2)
        said |= of_study.ask(Study, "effect_sd", boxes=[left])
        effect |= form.ask(AdmissionsPlan, "simulations", boxes=[right])
    wrong = [fault.within("study") for fault in Study.faults_in(said)]
    wrong += effect_faults(effect["rate_ratio"])
    return None if form.refused(wrong, PUT_RIGHT) else AdmissionsPlan(study=Study(**said), **effect)


def lot(data: Loaded, form: Form) -> StartsByLot:
    """Ask for the lot."""
    first, second, third = st.columns(3)
    said = form.within("lot").ask(StartsByLot, "intervention", "seed", boxes=[first, third])
    last = cached.past(data).shown.months[-1]
    said["first"] = month(second, "First wave starts in", [str(last + k) for k in range(1, AHEAD + 1)], "first_month")
    label = "Location IDs, one a line (left empty, the homes are drawn by lot as well)"
    listed = st.text_area(label, **in_address("listed")) or ""
    return StartsByLot(homes=tuple(dict.fromkeys(listed.replace(",", " ").split())), **said)


def of_ratings(data: Loaded, form: Form) -> None:
    """Plan a study of ratings."""
    first, second, third = columns = st.columns(3)
    of_study = form.within("study")
    said = of_study.ask(RatingsStudy, "supported", "compared", "base", boxes=columns)
    better = form.ask(RatingsPlan, "better", boxes=[first])["better"]
    said |= of_study.ask(RatingsStudy, "per_provider", "icc", boxes=[second, third])
    wrong = [fault.within("study") for fault in RatingsStudy.faults_in(said)]
    if form.refused([*wrong, *better_faults(said["base"], better)], PUT_RIGHT):
        return
    plan = RatingsPlan(study=RatingsStudy(**said), better=better)
    source = figures.ratings_source(plan)
    hand_on(data, plan, shown(figures.of_ratings(plan), source), source)


def hand_on(data: Loaded, plan: AdmissionsPlan | RatingsPlan, given: tuple[Figure, ...], source: Source) -> None:
    """Offer the plan as a file (for `homeward plan`), empty files for what is collected, and the report."""
    empty = {f"Empty {name}": (name, rows.to_csv(index=False)) for name, rows in planning.templates().items()}
    hand_out(st.columns(4), {"Download this plan (TOML)": ("plan.toml", lambda: written.to_toml(plan)), **empty})
    if len(given) > 1:  # not of a simulation that was stopped before it began
        asked = "study", written.to_toml(plan), len(given)
        panel, seed = (cached.past(data).shown, plan.seed) if isinstance(plan, AdmissionsPlan) else (None, 0)
        plan_offered(data, "plan", asked, lambda: of_plan(plan, given, source, (data.store, panel), seed))


main()
