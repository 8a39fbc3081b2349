"""Did new residents of supported homes go to hospital less than others like them? How that is asked and told."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis import disclosure
from analysis.design import Plan
from analysis.disclosure import BEHIND, HES
from analysis.disclosure.estimates import significant
from analysis.outcomes import Residents
from analysis.protocol import Protocol
from analysis.questions import Question
from analysis.residents import ResidentCohort, ResidentRecords, cohort_from, stored_residents
from analysis.residents.kept_back import FEWEST_HOMES, KEPT_BACK, kept_back
from analysis.residents.published import DAYS_DIGITS, published
from analysis.results import RATE_RATIO, Effects, Fitted, interval, with_level
from analysis.store.store import KEPT_BACK as DIGEST_KEPT_BACK

ACCOUNT = ("what", "homes", "residents", "admissions", "why")
SUPPORTED = "new residents of homes with the intervention, on whom the answer rests"
OTHERS = "new residents elsewhere who are like them"


def design(observed: ResidentRecords, spells: pd.DataFrame, protocol: Protocol) -> ResidentCohort:
    """Say who is new and who is like them."""
    plan, outcome = protocol.plan, protocol.outcome
    assert isinstance(plan, Plan) and isinstance(outcome, Residents)
    return cohort_from(observed, spells, plan, outcome, seed=protocol.seed)


def _publish(effects: Effects, observed: ResidentRecords, cohort: ResidentCohort, outcome: Residents) -> Effects:
    return published(effects, observed, cohort)


def compare(fitted: Fitted[ResidentRecords, ResidentCohort]) -> pd.DataFrame:
    """Say what the usual errors would have said of the one effect."""
    return fitted.effects.diagnostics["methods"].assign(
        estimate=fitted.effects.tidy().set_index("term").loc[RATE_RATIO, "estimate"]
    )


def account(fitted: Fitted[ResidentRecords, ResidentCohort]) -> pd.DataFrame:
    """Say who was used, what was noticed and who was left out: `ACCOUNT`, counts of people protected."""
    rows = pd.DataFrame(list(_rows(fitted)), columns=list(ACCOUNT))
    counted = rows[["residents", "admissions"]].astype("Int64")
    shown = disclosure.protect(counted, ["residents", "admissions"])
    if kept_back(fitted.design):
        counted_here = rows["what"].isin(("used", "left out"))
        shown.loc[counted_here, ["residents", "admissions"]] = pd.NA
    text = {
        name: [disclosure.MARK if pd.isna(told) and pd.notna(own) else "" if pd.isna(own) else f"{told:,}"
               for told, own in zip(shown[name], counted[name], strict=True)]
        for name in ("residents", "admissions")
    }  # fmt: skip
    return rows.assign(**text)[list(ACCOUNT)].astype({"homes": "Int64"})


def _rows(fitted: Fitted[ResidentRecords, ResidentCohort]) -> Iterator[tuple]:
    cohort, records = fitted.design, fitted.observed
    for side, why in ((True, SUPPORTED), (False, OTHERS)):
        some = cohort.residents.loc[cohort.residents["supported"] == side]
        yield "used", some["home"].nunique(), len(some), pd.NA, why
    for row in records.facts.itertuples(index=False):
        yield row.what, pd.NA, row.residents, row.admissions, row.why
    for row in cohort.left_out.itertuples(index=False):
        yield "left out", pd.NA, row.residents, pd.NA, row.reason


def headline(protocol: Protocol, fitted: Fitted[ResidentRecords, ResidentCohort]) -> str:
    """Say the rate ratio with its interval."""
    row = fitted.effects.tidy().set_index("term").loc[RATE_RATIO]
    told = f"rate ratio {interval(row['estimate'], row['conf_low'], row['conf_high'])}"
    return with_level(told, float(fitted.effects.summary["conf_level"]))  # type: ignore[arg-type]


def _made_from(observed: ResidentRecords) -> dict[str, dict[str, str]]:
    first, last = (str(pd.Timestamp(day, unit="D").to_period("M")) for day in (observed.since, observed.until))
    return {"residents": {"digest": DIGEST_KEPT_BACK, "first": first, "last": last}}


def _glance(effects: Effects) -> dict[str, Any]:
    """Give the glance with residents and events as counts of people are shown, and days to a few digits."""
    shown = disclosure.protect(effects.glance(), ["events", "n_obs", "dropped"]).drop(columns="hidden").iloc[0]
    told = {str(name): value for name, value in shown.items()}
    if effects.summary[KEPT_BACK]:
        return told | dict.fromkeys(("events", "n_obs", "dropped", "exposure"), None)
    return told | {"exposure": significant(float(told["exposure"]), DAYS_DIGITS)}


QUESTION: Question[ResidentRecords, ResidentCohort] = Question(
    observe=stored_residents,
    design=design,
    publish=_publish,
    compare=compare,
    account=account,
    headline=headline,
    made_from=_made_from,
    glance=_glance,
    disclosure=(
        f"{HES} Residents are counted so too. Estimates are told to the digits of their errors, where more than "
        f"{BEHIND.hidden_to} residents and events, of {FEWEST_HOMES} homes or more, stand on either side, over all "
        "months that are known; ratios and shares come from rounded counts, shares every 30 days."
    ),
)
