"""What does the visitor want evaluated of admissions? Each choice is a field; together they are a protocol."""

from dataclasses import fields
from typing import get_args

import pandas as pd
import streamlit as st

from analysis.admissions import StaggeredRates
from analysis.admissions.uncertainty.methods import Also
from analysis.design import PANDEMIC, Plan
from analysis.outcomes import Rate, StayMeasure, Stays
from analysis.panel import OUTCOMES
from analysis.protocol import MODELS, Protocol, always, options_of
from analysis.protocol.registry import RATES
from analysis.words.phrases import called
from analysis.words.stays import ASKED
from pages.shared import cached
from pages.shared.cached import Loaded
from pages.shared.form import Form, choose, fold, in_address, month, several

WITHIN = {"home_type": "kind of home", "size": "size", "area": "area", "region": "region"}


def asked(data: Loaded, *, stays: bool = False) -> Protocol | None:
    """Ask what to evaluate of admissions, or of `stays` in hospital; where it cannot be asked, say what to load."""
    given, months = cached.interventions(data), cached.months_counted(data)
    if not given.empty and months:
        with st.container(key="what-is-asked"):
            return protocol(given, months, Form(), stays=stays)
    st.info("This needs admissions, bed-days and a list of interventions. Load them on the Data page.")
    return None


def folded(data: Loaded, *, opened: bool) -> Protocol | None:
    """Ask the same, folded away unless `opened`."""
    with st.expander("Your question: what was done, what is counted, who is compared", expanded=opened):
        return asked(data)


def protocol(interventions: pd.DataFrame, months: list[str], form: Form, *, stays: bool = False) -> Protocol:
    """Ask what to evaluate.

    Parameters
    ----------
    interventions : DataFrame
        One row each, with the column ``intervention``; the first is the default.
    months : list of str
        Months with admissions, such as "2019-01".
    stays : bool
        Whether it may be about stays in hospital too.
    """
    first, second, third = st.columns(3)
    named = {name: called(name) for name in interventions["intervention"]}
    intervention = choose(first, "Intervention", named, "intervention")
    counted = {key: words for key, (words, *_) in OUTCOMES.items()}
    outcome = choose(second, "Outcome", counted | (ASKED if stays else {}), "outcome")
    of_stays = outcome in get_args(StayMeasure)
    said = form.ask(Plan, "comparison", boxes=[third])
    with fold("Months and rules", "stays") if of_stays else fold("Months, rules and methods"):
        left, right = st.columns(2)
        first, last = _window(left, right, months)
        said |= form.ask(Plan, "selection", "anticipation", boxes=[left, right])
        pandemic = st.checkbox("Leave out March 2020 to June 2021 (pandemic)", **in_address("pandemic"))
        others, methods = ({}, {}) if of_stays else _methods(form)
    plan = Plan(intervention=intervention, leave_out=(PANDEMIC,) if pandemic else (), **said, **others)
    if of_stays:
        return Protocol(plan=plan, outcome=Stays(measure=outcome, first=first, last=last))  # type: ignore[arg-type] - as just asked
    return Protocol(plan=plan, outcome=Rate(count=outcome, first=first, last=last), **methods)


def _window(left, right, months: list[str]) -> tuple[str | None, str | None]:
    """Ask which months count; the whole span is left unsaid, so that a protocol stays when a month of data is added."""
    first = month(left, "From", months, "from")
    last = month(right, "To", months, "to", first=months[-1])
    return first if first != months[0] else None, last if last != months[-1] else None


AT_THE_TERMINAL = ("negative_binomial", "gee", "mixed")
"""Models that a protocol may name beside the answer. None leads a page: its sections are made for the answer's own
model, and the negative binomial takes some twenty seconds of a processor for the sample county."""


def _methods(form: Form) -> tuple[dict, dict]:
    """Ask what becomes of homes with other interventions, and by which model; what is left as it is is not said."""
    left, right = st.columns(2)
    usual = {each.name: each.default for each in fields(StaggeredRates)}
    chosen = form.ask(StaggeredRates, boxes=[left])
    options: dict = {name: value for name, value in chosen.items() if value != usual[name]}
    if within := several(right, "Compare only homes of the same", WITHIN, "within"):
        options["month_effects_by"] = within
    models = {name: called(name) for name in MODELS[RATES] if name not in AT_THE_TERMINAL}
    model = choose(right, "Model", models, "model") if len(models) > 1 else next(iter(models))
    others = form.ask(Plan, "others", boxes=[right])
    options |= _more(right)
    options = {name: value for name, value in options.items() if name in options_of(model)}
    checks = (*always(), "dose_bands") if "dose" in options else always()
    return others, {"methods": (model,), "checks": checks, "options": options}


def _more(right) -> dict:
    """Ask for what takes longer."""
    dose = right.checkbox("Also by dose: what one unit more does", **in_address("dose"))
    also = several(st, "Compute other methods too (each adds up to a few seconds)", get_args(Also), "also")
    return ({"dose": "log-linear"} if dose else {}) | ({"also": also} if also else {})
