"""Admissions: did an intervention change them?"""

import streamlit as st

from analysis import charts, tables, words
from analysis.disclosure import HES
from analysis.evaluation import Evaluation
from analysis.results import By
from analysis.words import Subject
from pages.shared import cached, choices
from pages.shared.figures import INTERVALS, MONTHS, bullets, figure, say, table, under
from pages.shared.frame import as_text, frame, told

GROUPS: tuple[tuple[By, str, str], ...] = (
    ("cohort", "By start", "starts"),
    ("subgroup", "By kind of home", "kinds of home"),
)


METHODS = (
    "The point is the answer. The wild score and randomisation are about one effect common to all homes and months. "
    "Slower methods are chosen under “Months, rules and methods”."
)


def main() -> None:
    """Draw the page."""
    data = frame("Admissions")
    st.markdown("Did an intervention change how often residents go to hospital in an emergency?")
    given, covered = cached.interventions(data), cached.coverage(data)
    months = sorted({f"{month:%Y-%m}" for month in covered.loc[covered["source"].isin(cached.COUNTED), "month"]})
    if given.empty or not months:
        st.info("This needs admissions, bed-days and a list of interventions. Load them on the Data page.")
        return
    protocol = choices.protocol(given, months)
    with told():
        evaluation = cached.evaluation(data, protocol)
    about, source = choices.subject(protocol, evaluation), choices.provenance(data, protocol, evaluation)
    answer(evaluation, about)
    caption = choices.source(data, about)
    month_by_month(evaluation, caption, source)
    observed(evaluation, about, caption, source)
    groups(evaluation, caption, source)
    methods(evaluation, caption, source)
    carriers(evaluation, source)
    doubts(evaluation)
    limits(evaluation, about)
    went_in(evaluation)
    record(protocol.to_toml(), source)


def answer(evaluation: Evaluation, about: Subject) -> None:
    """Say the answer first, then what the reader must know beside it."""
    effects = evaluation.effects
    if warning := words.banner(effects):
        st.warning(as_text(warning))
    st.subheader("The answer")
    say(words.headline(effects, about))
    bullets(effects.notes)


def month_by_month(evaluation: Evaluation, caption: str, source: dict[str, str]) -> None:
    """Show the event study."""
    by_month = tables.event_study(evaluation.effects)
    figure("Month by month", words.over_time(by_month), charts.event_study(by_month), f"{caption} {MONTHS}")
    under("effect_by_month", tables.event_study_display(by_month), by_month, source)


def observed(evaluation: Evaluation, about: Subject, caption: str, source: dict[str, str]) -> None:
    """Show what was observed against what would have happened otherwise."""
    shown = tables.observed(evaluation.effects)
    sentence = "Lines that part after the start, and not before, speak for an effect."
    chart = charts.observed(shown, tables.starts(evaluation.effects), about.outcome)
    figure("Observed, and expected otherwise", sentence, chart, f"{caption} {HES}")
    under("observed_and_expected", tables.observed_display(shown), shown, source)


def groups(evaluation: Evaluation, caption: str, source: dict[str, str]) -> None:
    """Show the effect by start and by kind of home."""
    for by, title, noun in GROUPS:
        tidy = tables.published(evaluation.effects, by)
        if len(tidy) < 2:
            continue
        changes = [words.change(ratio) for ratio in tidy["estimate"]]
        named = tidy.assign(**{by: [words.group_name(value) for value in tidy[by]]}, told=changes)
        figure(title, words.across(tidy, by, noun), charts.forest(named, by, title), f"{caption} {INTERVALS}")
        shown = tables.estimates(tidy, by, title.removeprefix("By ").capitalize())
        if by == "cohort":
            starts = tables.by_start(evaluation.effects)
            shown, tidy = shown.join(tables.by_start_display(starts)), tidy.merge(starts, on="cohort")
        under(f"effect_by_{by}", shown, tidy, source)


def methods(evaluation: Evaluation, caption: str, source: dict[str, str]) -> None:
    """Show what other methods would have said, and why the default is the default."""
    compared = tables.methods(evaluation.effects)
    drawn = compared.dropna(subset=["conf_low", "conf_high"])
    sentence = words.agreement(compared)
    if drawn["default"].any():
        told = [words.change_range(row["conf_low"], row["conf_high"]) for row in drawn.to_dict("records")]
        named = drawn.assign(method=tables.methods_display(drawn)["Method"], told=told)
        figure("Other methods", sentence, charts.forest(named, "method", "Methods"), f"{caption} {METHODS}")
    else:
        st.subheader("Other methods")
        st.markdown(as_text(sentence))
    under("methods", tables.methods_display(compared), compared, source)
    with st.expander("Why this interval"):
        bullets(words.why_this_interval(evaluation.effects))
    with st.expander("What each method is good for"):
        bullets(f"{row['method']}: {row['good_for']}" for row in compared.to_dict("records"))


def carriers(evaluation: Evaluation, source: dict[str, str]) -> None:
    """Show which homes carry the answer."""
    leverage = evaluation.effects.diagnostics["leverage"]
    largest = tables.carriers(evaluation.effects, evaluation.panel.units["name"])
    st.subheader("Which homes carry the answer")
    told = as_text(words.carried(leverage, largest["name"].iloc[0]))
    (st.warning if words.heavy(leverage) else st.markdown)(told)
    st.caption("A home's share is its part of the answer's uncertainty. Large homes with the intervention carry most.")
    under("homes_by_share", tables.carriers_display(largest), largest, source, title="The ten with the largest shares")


def doubts(evaluation: Evaluation) -> None:
    """Show every check with its reading."""
    st.subheader("Doubts, examined")
    for check in evaluation.checks:
        st.markdown(f"**{as_text(check.name)}** {words.verdict(check)}. {as_text(check.reading)}")
        if len(check.table):
            with st.expander("What was computed"):
                table(tables.computed(check.table))


def limits(evaluation: Evaluation, about: Subject) -> None:
    """Say what the answer leaves open."""
    st.subheader("What this cannot tell you")
    bullets(words.cannot_tell(evaluation.effects, about))


def went_in(evaluation: Evaluation) -> None:
    """Show what was used, noticed and left out."""
    account = evaluation.account()
    st.subheader("What went in")
    homes, home_months = account.loc[0, ["homes", "home_months"]]
    st.markdown(f"The answer rests on {home_months:,} months of {words.homes(homes)}.")
    with st.expander("What was noticed and left out, and why"):
        table(account.rename(columns={"what": "What", "homes": "Homes", "home_months": "Home-months", "why": "Why"}))


def record(protocol: str, source: dict[str, str]) -> None:
    """Hand out the protocol, and say what the page was made from."""
    st.subheader("Repeat it")
    st.markdown("The protocol holds every choice made on this page. Anyone with the same files gets the same numbers.")
    st.code(protocol, language="toml")
    st.download_button("Download the protocol (TOML)", protocol, "protocol.toml", "text/plain", on_click="ignore")
    st.caption("  \n".join(as_text(f"{name}: {value}") for name, value in source.items()))


main()
