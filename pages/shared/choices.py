"""What does the visitor want evaluated? Each choice is a select box; together they are a protocol."""

from typing import get_args

import pandas as pd
import streamlit as st

from analysis.admissions.uncertainty.methods import Also
from analysis.design import PANDEMIC, Plan
from analysis.outcomes import Rate
from analysis.panel import OUTCOMES
from analysis.protocol import MODELS, Protocol, always, options_of
from analysis.protocol.registry import RATES
from analysis.words.phrases import called
from pages.shared import cached
from pages.shared.cached import Loaded
from pages.shared.fields import fold, in_address, month_in_address

COMPARED = {
    "not_yet_treated": "Homes without it, or not yet",
    "never_treated": "Only homes that never have it",
}
SELECTION = {
    "leave out": "Leave out the months whose numbers chose the homes",
    "keep": "Keep them (homes chosen in a bad spell then seem to improve by themselves)",
}
OTHERS = {
    "leave out": "Leave out their months from its start",
    "keep": "Keep them, as if there had been none",
    "estimate": "Keep them, and make the answer net of it",
}
AVERAGE = {"bed_day": "Every bed-day, so that large homes weigh more", "home": "Every home, large or small"}
CLUSTER = {
    "home": "None: each home by itself",
    "provider": "Homes of one provider",
    "area": "Homes of one area",
    "provider and area": "Homes of one provider, and homes of one area",
}
EFFECTS = {"home": "Each home", "cohort": "All homes of one start (as most software has it)"}
WITHIN = {"home_type": "kind of home", "size": "size", "area": "area", "region": "region"}
DEFAULTS = {"average": "bed_day", "cluster": "home", "effects": "home"}
ALSO = get_args(Also)
"""Methods that take longer than the default."""


def asked(data: Loaded) -> Protocol | None:
    """Ask what to evaluate of admissions; where that cannot be asked, say what to load."""
    given, months = cached.interventions(data), cached.months_counted(data)
    if not given.empty and months:
        return protocol(given, months)
    st.info("This needs admissions, bed-days and a list of interventions. Load them on the Data page.")
    return None


def protocol(interventions: pd.DataFrame, months: list[str]) -> Protocol:
    """Ask what to evaluate.

    Parameters
    ----------
    interventions : DataFrame
        One row each, with the column ``intervention``; the first is the default.
    months : list of str
        Months with admissions, such as "2019-01".
    """
    first, second, third = st.columns(3)
    named = [*interventions["intervention"]]
    intervention = first.selectbox("Intervention", named, format_func=called, **in_address("intervention"))
    outcome = second.selectbox(
        "Outcome", list(OUTCOMES), format_func=lambda key: OUTCOMES[key][0], **in_address("outcome")
    )
    compared = third.selectbox(
        "Compared with", list(COMPARED), format_func=COMPARED.__getitem__, **in_address("compared")
    )
    with fold("Months, rules and methods"):
        rate, rules = _months(outcome or "", months)
        model, others, options = _model()
    plan = Plan(intervention=intervention or "", comparison=compared or "never_treated", others=others, **rules)  # type: ignore[arg-type]
    checks = (*always(), "dose_bands") if "dose" in options else always()
    return Protocol(plan=plan, outcome=rate, methods=(model,), checks=checks, options=options)


def _model() -> tuple[str, str, dict]:
    """Ask for the model where there are several, its options, and what to do with other interventions."""
    left, right = st.columns(2)
    chosen = {
        "average": left.selectbox(
            "What is averaged over", list(AVERAGE), format_func=AVERAGE.__getitem__, **in_address("average")
        ),
        "cluster": left.selectbox(
            "Which homes have good and bad spells together",
            list(CLUSTER),
            format_func=CLUSTER.__getitem__,
            **in_address("luck"),
        ),
        "effects": left.selectbox(
            "Whose usual rate is allowed for", list(EFFECTS), format_func=EFFECTS.__getitem__, **in_address("level")
        ),
    }
    within = right.multiselect(
        "Compare only homes of the same", list(WITHIN), format_func=WITHIN.__getitem__, **in_address("within")
    )
    named = list(MODELS[RATES])
    model = right.selectbox("Model", named, format_func=called, **in_address("model")) if len(named) > 1 else named[0]
    others = right.selectbox(
        "Homes with another intervention", list(OTHERS), format_func=OTHERS.__getitem__, **in_address("others")
    )
    dose = right.checkbox("Also by dose: what one unit more does", **in_address("dose"))
    also = st.multiselect("Compute other methods too (each adds up to a few seconds)", ALSO, **in_address("also"))
    options = {name: value for name, value in chosen.items() if value != DEFAULTS[name]}
    options |= {"month_effects_by": tuple(within)} if within else {}
    options |= {"dose": "log-linear"} if dose else {}
    options |= {"also": tuple(also)} if also else {}
    model = model or named[0]
    taken = {name: value for name, value in options.items() if name in options_of(model)}
    return model, others or "leave out", taken


def _months(outcome: str, months: list[str]) -> tuple[Rate, dict]:
    """Ask which months count."""
    left, right = st.columns(2)
    first = left.selectbox("From", months, **month_in_address("from", months))
    last = right.selectbox("To", months, index=len(months) - 1, **month_in_address("to", months))
    selection = left.selectbox(
        "How homes were chosen", list(SELECTION), format_func=SELECTION.__getitem__, **in_address("chosen")
    )
    before = right.selectbox(
        "Months before the start in which it may already work", list(range(7)), **in_address("early")
    )
    pandemic = st.checkbox("Leave out March 2020 to June 2021 (pandemic)", **in_address("pandemic"))
    rules = {
        "selection": selection,
        "anticipation": before,
        "leave_out": (PANDEMIC,) if pandemic else (),
    }
    # the whole span is left unsaid, so that a protocol does not change when a month of data is added
    window = {"first": first if first != months[0] else None, "last": last if last != months[-1] else None}
    return Rate(count=outcome, first=window["first"], last=window["last"]), rules


def first_protocol(interventions: pd.DataFrame) -> Protocol:
    """Give what the Overview answers unasked: the largest intervention, only what it shows, so that it comes soon."""
    return Protocol(plan=Plan(intervention=interventions["intervention"].iloc[0]), subgroups=(), checks=())
