"""How was an evaluation done? In words, from its protocol and provenance: who, when, compared with whom, by what.

The same facts answer the design's table and the items of reporting guidelines, so that a report cannot say two things.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.design import Others
from analysis.evaluation import Evaluation
from analysis.figures.answer import subject
from analysis.months import PERIODS, month_said
from analysis.outcomes import AreaMeasure, Closures, Rate, Ratings, Residents, Stays
from analysis.residents.counted import COUNTED
from analysis.tables.columns import named
from analysis.words.phrases import called, homes, listed

COMPARED = {
    "never_treated": "homes that never had it",
    "not_yet_treated": "homes that never had it, and the months of homes before they started",
}
ALONGSIDE: Mapping[Others, str] = {
    "leave out": "left out from the start of the other intervention",
    "keep": "kept as if there had been no other intervention",
    "estimate": "given an effect of their own, which the answer is net of",
}
NOT_SAID = "not said in the data"
MOST_NAMED = 6
"""Places that are named one by one; more are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an evaluation, in words.

    Parameters
    ----------
    question : str
        As one would ask it.
    intervention, outcome, unit : str
        What was done; what may have changed; of what ("care homes").
    rows : mapping of str to str
        What is asked of a design to how it was here, in the order in which it is read.
    """

    question: str
    intervention: str
    outcome: str
    unit: str
    rows: Mapping[str, str]


def facts_of(evaluation: Evaluation) -> Facts:
    """Say how an evaluation was done."""
    return TOLD[type(evaluation.protocol.outcome)](evaluation)


def _rates(evaluation: Evaluation) -> Facts:
    protocol, model = evaluation.protocol, evaluation.provenance["model"]
    plan, about = protocol.plan, subject(evaluation)
    areas = sorted(evaluation.panel.units["area"].dropna().astype(str).unique())
    rows = {
        "Intervention": called(plan.intervention),
        "Homes with it": _starts(evaluation),
        "How they were chosen": evaluation.design.chosen_by or NOT_SAID,
        "Compared with": f"{COMPARED[plan.comparison]}: {homes(model['n_comparison'])} serve as comparison",
        "Where": _places(areas),
        "Outcome": f"{about.outcome}, per {about.per}",
        "Months": _months(evaluation),
        "Months left out": _left_out(evaluation),
        "Homes with other interventions": ALONGSIDE[plan.others],
        **_methods(evaluation),
    }
    question = (
        f"Did the {called(plan.intervention)} change {about.outcome} per {about.per} in the homes "
        "that had it, against what would have happened there without it?"
    )
    return Facts(
        question=question, intervention=called(plan.intervention), outcome=rows["Outcome"], unit="care homes", rows=rows
    )


def _starts(evaluation: Evaluation) -> str:
    """Say how many homes with the intervention take part, and when the first and the last of them started."""
    design, panel = evaluation.design, evaluation.panel
    takes_part = (design.start >= 0) & (design.start < len(panel.months)) & design.included.any(axis=1)
    started = design.start[takes_part]
    if not started.size:
        return homes(0)
    first, last = (month_said(str(panel.months[index])) for index in (started.min(), started.max()))
    span = f"the first start in {first}, the last in {last}" if first != last else f"all from {first}"
    return f"{homes(len(started))}; {span}"


def _left_out(evaluation: Evaluation) -> str:
    plan = evaluation.protocol.plan
    told = [f"{month_said(first)} to {month_said(last)}" for first, last in plan.leave_out]
    if plan.anticipation:
        told.append(f"{plan.anticipation} months before each start, in which it may have acted already")
    by_choice = "left out, of every home" if plan.selection == "leave out" else "kept"
    return f"{listed(told) if told else 'none by the protocol'}; months by whose numbers homes were chosen: {by_choice}"


def _ratings(evaluation: Evaluation) -> Facts:
    protocol, model, support = evaluation.protocol, evaluation.provenance["model"], evaluation.design
    plan, outcome = protocol.plan, protocol.outcome
    assert isinstance(outcome, Ratings)
    first, last = (f"{day:%B %Y}" for day in (support.started.min(), support.started.max()))
    areas = sorted(evaluation.observed.homes["area_name"].dropna().astype(str).unique())
    asked = "overall rating" if outcome.key_question == "Overall" else f"rating on “{outcome.key_question}”"
    rows = {
        "Intervention": called(plan.intervention),
        "Homes with it": f"{homes(len(support.started))}, from {first} to {last}; the answer rests on "
        f"{homes(model['n_treated'])} that were rated again and have homes like them",
        "How they were chosen": support.chosen_by or NOT_SAID,
        "Compared with": "homes without it that stood at the same rating on the same day, come to from the same side",
        "Where": _places(areas),
        "Outcome": f"CQC's {asked} at the next inspection, dated by the visit where known",
        "Months": _months(evaluation),
        "Services": outcome.services if outcome.services == "care homes" else "every rated service of social care",
        "Homes with other interventions": ALONGSIDE[plan.others],
        **_methods(evaluation),
    }
    question = (
        f"Did homes with the {called(plan.intervention)} get a better {asked} from CQC more often than homes that "
        "stood where they stood?"
    )
    return Facts(question=question, intervention=called(plan.intervention), outcome=rows["Outcome"], unit="care homes",
                 rows=rows)  # fmt: skip


def _closures(evaluation: Evaluation) -> Facts:
    model, following = evaluation.provenance["model"], evaluation.design
    plan, outcome = evaluation.protocol.plan, evaluation.protocol.outcome
    assert isinstance(outcome, Closures)
    first, last = (f"{day:%B %Y}" for day in (following.started.min(), following.started.max()))
    areas = sorted(evaluation.observed.homes["area_name"].dropna().astype(str).unique())
    rows = {
        "Intervention": called(plan.intervention),
        "Homes with it": f"{homes(len(following.started))}, from {first} to {last}; the answer rests on "
        f"{homes(model['n_treated'])}",
        "How they were chosen": following.chosen_by or NOT_SAID,
        "Compared with": "homes registered on the same day, at the same rating, that had not started it",
        "Where": _places(areas),
        "Outcome": "leaving CQC's register, homes that are only registered again told apart",
        "Months": _months(evaluation),
        "Homes with other interventions": ALONGSIDE[plan.others],
        **_methods(evaluation),
    }
    question = f"Did fewer homes with the {called(plan.intervention)} close than homes that stood where they stood?"
    return Facts(question=question, intervention=called(plan.intervention), outcome=rows["Outcome"], unit="care homes",
                 rows=rows)  # fmt: skip


def _areas(evaluation: Evaluation) -> Facts:
    outcome, chosen = evaluation.protocol.outcome, evaluation.design
    assert isinstance(outcome, AreaMeasure)
    name = evaluation.fitted.judged.name
    out = [f"{outcome.phase_in} months from the start, while it was being set up"] if outcome.phase_in else []
    out += [f"{outcome.wash_out} months before it, in which it may have acted already"] if outcome.wash_out else []
    claim = "" if outcome.claimed is None else f"; a fall of {outcome.claimed:.0%} was claimed"
    rows = {
        "Intervention": f"{called(evaluation.protocol.plan.intervention)} in {name}, from {month_said(outcome.start)}",
        "Compared with": f"{chosen.comparison:,} other areas",
        "Outcome": f"{outcome.measure}, by {PERIODS[evaluation.observed.panel.length]}{claim}",
        "Months": _months(evaluation),
        "Months left out": listed(out) if out else "none by the protocol",
        "Areas left out": f"{len(outcome.leave_out):,} by the protocol"
        if outcome.leave_out
        else "none by the protocol",
        **_methods(evaluation),
    }
    question = (
        f"Did “{outcome.measure}” change in {name} from {month_said(outcome.start)}, by more than they change in areas "
        "in which nothing was done?"
    )
    return Facts(question=question, intervention=rows["Intervention"], outcome=rows["Outcome"], unit="areas", rows=rows)


def _residents(evaluation: Evaluation) -> Facts:
    protocol, cohort = evaluation.protocol, evaluation.design
    plan, outcome = protocol.plan, protocol.outcome
    assert isinstance(outcome, Residents)
    what = COUNTED[outcome.count]
    alike = [named(name) for name in (*outcome.exact_on, *outcome.match_on)]
    rows = {
        "Intervention": called(plan.intervention),
        "Homes with it": f"{homes(evaluation.provenance['model']['n_treated'])} to which new residents came",
        "How they were chosen": cohort.chosen_by or NOT_SAID,
        "Compared with": "new residents, in the same calendar quarter, of homes without it",
        "Made alike in": f"the quarter of moving in; {listed(alike)}" if alike else "the quarter of moving in",
        "Outcome": f"{what} per resident-day from moving in to the end of the stay, death, or the end of what is known",
        "Months": _months(evaluation),
        "Homes with other interventions": ALONGSIDE[plan.others],
        **_methods(evaluation),
    }
    question = (
        f"Did people who newly moved into homes with the {called(plan.intervention)} have fewer {what} than people "
        "like them who moved into homes without it?"
    )
    return Facts(question=question, intervention=called(plan.intervention), outcome=rows["Outcome"],
                 unit="new residents", rows=rows)  # fmt: skip


def _methods(evaluation: Evaluation) -> dict[str, str]:
    """Say what is estimated, by what, and with which uncertainty."""
    model, others = evaluation.provenance["model"], [_named(name) for name in evaluation.answers][1:]
    silent = f"; no answer from {listed(list(map(_named, evaluation.unanswered)))}" if evaluation.unanswered else ""
    groups = [called(name) for name in evaluation.protocol.subgroups]
    subgroups = {"Groups looked at": listed(groups)} if groups and model["scale"] == "log rate ratio" else {}
    beside = f"; beside it {listed(others)}" if others else ""
    return {
        "What is estimated": model["estimand"],
        "Method": f"{_named(evaluation.method)}{beside}{silent}",
        "Interval": f"{model['conf_level']:.0%}, {model['vcov']}",
        **(subgroups if isinstance(evaluation.protocol.outcome, Rate | Stays) else {}),
        "Seed of random draws": str(evaluation.protocol.seed),
    }


METHODS: Mapping[str, str] = {
    "staggered_rates": "Poisson model of admissions over bed-days, with a level for each home and each month, and "
    "effects from each start on (Wooldridge 2023)",
    "observed_expected": "observed over expected: those rated better, over those that would have been anyway",
    "closures_expected": "closures over those expected: of homes registered on the same day, at the same rating",
    "next_rating": "model of the next rating",
    "multi_state": "model of moves between ratings",
    "matched_residents": "new residents matched to new residents elsewhere, then a Poisson model of what is counted "
    "over resident-days with what they were matched on in it",
    "stay_ratios": "Poisson mean of a sum over its exposure, with a level for each home and each month, errors by home",
}


def _named(method: str) -> str:
    return METHODS.get(method, method)


def _months(evaluation: Evaluation) -> str:
    seen: Mapping[str, Any] = next(evaluation.provenance[key] for key in ("panel", "inspections", "residents")
                                   if key in evaluation.provenance)  # fmt: skip
    return f"{month_said(seen['first'])} to {month_said(seen['last'])}"


def _places(areas: list[str]) -> str:
    return listed(areas) if 0 < len(areas) <= MOST_NAMED else f"{len(areas):,} areas" if areas else NOT_SAID


TOLD = {Rate: _rates, Ratings: _ratings, Closures: _closures, AreaMeasure: _areas, Residents: _residents, Stays: _rates}
