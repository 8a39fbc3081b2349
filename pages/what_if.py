"""What if: what would an intervention avert, what would it cost, and whose would the gain be?"""

from importlib.metadata import version

import numpy as np
import streamlit as st

from analysis.baseline import Baseline
from analysis.charts import scenarios as charts
from analysis.disclosure import HES
from analysis.errors import AnalysisError
from analysis.prices import BASE_YEAR
from analysis.scenarios import Money, Projection, Scenario, display, money, project, published, written
from analysis.scenarios.days import Days, by_month
from analysis.scenarios.faults import faults_with
from analysis.scenarios.lots import in_other_order
from analysis.scenarios.sensitivity import switching_values, tornado
from analysis.sources.evidence import published_effects
from analysis.words import scenarios as told_as
from pages.shared import answers_if, baselines, cached, further, scenario_form
from pages.shared.baselines import Ready
from pages.shared.cached import Loaded
from pages.shared.fields import Form, kept, whole
from pages.shared.figures import bullets, figure, say, table, under
from pages.shared.frame import as_text, frame, told
from pages.shared.further import Further, Known

KEPT = "kept_scenarios"
"""Where scenarios kept for comparison stand in the session: title to JSON."""

MOST_KEPT = 6
"""Rows that can still be compared by eye."""


def main() -> None:
    """Draw the page."""
    data = frame("What if")
    st.markdown("What would happen if it were offered to more homes: what is averted, what it costs, and who gains?")
    covered = cached.coverage(data)
    if not set(covered["source"]) & set(cached.COUNTED):
        st.info("This needs admissions and bed-days. Load them on the Data page.")
        return
    with told():
        ready = baselines.ready(data)
        beyond = further.known(data, ready.baseline)
        if why := cached.past(data).left_out:
            st.warning(as_text(why))
    tried(data, ready, beyond)


@st.fragment
def tried(data: Loaded, ready: Ready, beyond: Known) -> None:
    """Ask for a scenario and show what it comes to; a moved field redraws this part only."""
    first, form = st.container(), Form()
    st.header("Change it")
    with told():
        scenario = scenario_form.scenario(data, ready.baseline, form)
    ahead = ready.baseline.calendar.last + 1 + np.arange(scenario.months)
    if faults := faults_with(scenario, ahead):
        form.tell(faults)
        said = "\n".join(f"- {as_text(fault.words)}" for fault in faults)
        first.warning(f"Put right what is marked below, and the answer comes back.\n\n{said}")
        return
    with told():
        projection = project(ready.baseline, scenario, levels=ready.levels)
    worth, source = money(projection), provenance(data, ready.baseline, scenario)
    caption, also = made_from(data, projection), further.projected(beyond, ready.baseline, projection)
    with first:
        answer(ready, projection, worth)
    futures(projection, caption)
    months(projection, caption, source)
    gains(projection, worth, also, source)
    doubts(ready.baseline, scenario, caption, source)
    plane(worth, caption, source)
    of_homes(projection, ready.baseline, also, source)
    limits()
    assumed(scenario, source)
    evidence(source)
    side_by_side((ready, beyond), scenario, (projection, worth, also), source)


def answer(ready: Ready, projection: Projection, worth: Money) -> None:
    """Say what it averts, what it costs, and what last year's figures would have said."""
    st.header("The answer")
    say(answers_if.headline(projection))
    st.markdown(as_text(answers_if.worth(worth)))
    if other := elsewhere(ready, projection, worth):
        st.markdown(as_text(other))
    worst = any(offer.who.order == "highest rate last year" for offer in projection.scenario.offers)
    naive = published.a_year(projection.naive_without, projection)
    without = published.a_year(float(projection.without.sum(0).mean()), projection)
    st.markdown(as_text(told_as.luck(naive, without, worst)))


def elsewhere(ready: Ready, projection: Projection, worth: Money) -> str:
    """Say what hangs on which homes get it, where there are more than the team can take on."""
    other = in_other_order(projection.scenario, ready.baseline)
    if other is None:
        return ""
    there = project(ready.baseline, other[1], levels=ready.levels)
    averted = dict(zip(("estimate", "low", "high"), published.rounded(there.total_averted), strict=True))
    chances = float((worth.net > 0).mean()), float((money(there).net > 0).mean())
    return told_as.which_homes(other[0], averted, *chances, published.from_lot_to_lot(projection))


def made_from(data: Loaded, projection: Projection) -> str:
    """Say under a chart where its numbers come from."""
    kind = "Synthetic data: the fictional county of Marlshire" if data.synthetic else f"Source: {data.name}"
    return (
        f"{kind}, projected from {display.month(projection.months[0])} to {display.month(projection.months[-1])}; "
        f"{projection.offered.homes:,} homes, {projection.averted.shape[1]:,} draws. {HES}"
    )


def provenance(data: Loaded, baseline: Baseline, scenario: Scenario) -> dict[str, str]:
    """Say what a download was made from, one column each."""
    return {
        "data": "synthetic" if data.synthetic else data.name,
        "data_sha256": cached.released(data),
        "panel_sha256": baseline.digest,
        "scenario_sha256": written.digest(scenario),
        "homeward": version("homeward"),
    }


def futures(projection: Projection, caption: str) -> None:
    """Show twenty equally likely futures, and the chance of as much as one asks for."""
    twenty = published.dots(projection)
    figure("Twenty equally likely futures", told_as.likely(twenty["averted"].to_numpy()), charts.dots(twenty), caption)
    middle = max(published.rounded(projection.total_averted)[0], 5)
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    wanted = whole(left, "How likely is it to avert at least", middle, "at_least", step=5)
    chance = told_as.in_twenty(projection.at_least(wanted))
    right.markdown(f"{chance.capitalize()} futures avert {wanted:,} emergency admissions or more.")


def months(projection: Projection, caption: str, source: dict[str, str]) -> None:
    """Show how many fewer admissions there would be, period by period."""
    fan = published.fan(projection)
    period = charts.PERIODS.get(int(fan["months"].iloc[0]), "year")
    sentence = told_as.difference(fan.iloc[-1].to_dict(), period)
    figure(
        f"{period.capitalize()} by {period}",
        sentence,
        charts.fan(fan),
        f"{caption} Darker bands hold 80% of draws, lighter ones 95%.",
    )
    under("admissions_to_come", display.fan(fan), fan, source)


def gains(projection: Projection, worth: Money, also: Further, source: dict[str, str]) -> None:
    """Show what is averted, days below Good and delayed days by month, and money by payer."""
    st.header("What is averted, and who gains")
    averted, payers = published.outcomes(projection, worth, also.days), published.by_payer(worth)
    table(display.outcomes(averted))
    bullets(
        days.basis if isinstance(days, Days) else f"{name}: not available; {days}" for name, days in also.days.items()
    )
    table(display.by_payer(payers))
    st.caption(
        f"Pounds of {BASE_YEAR} over the whole time, mean and 95% interval, to two figures; later years discounted at "
        "3.5% a year. Capacity is a bed for somebody else; cash can be taken out of a budget."
    )
    under("averted", display.outcomes(averted), averted, source, title="Download what is averted")
    monthly = by_month(also.days)
    if len(monthly):
        under(
            "days_by_month",
            display.days(monthly),
            monthly,
            source,
            title="Days below Good and delayed days, month by month",
        )
    under("by_payer", display.by_payer(payers), payers, source, title="Download money by payer")


def doubts(baseline: Baseline, scenario: Scenario, caption: str, source: dict[str, str]) -> None:
    """Show which assumption matters, and where value would equal cost."""
    moved = published.tornado(tornado(baseline, scenario))
    first = moved.iloc[0]
    sentence = told_as.matters(first["input"], first["net_low"], first["net_high"])
    figure("What the answer hangs on", sentence, charts.tornado(display.ends(moved)), caption)
    under("what_it_hangs_on", display.tornado(moved), moved, source)
    with st.expander("Break-even: how different would each have to be for value to equal cost?"):
        st.markdown("With every other assumption in its middle. “none” means that no value within reach does it.")
        if st.toggle("Work out the break-even values", **kept("break_even")):
            table(display.switching(published.switching(switching_values(baseline, scenario))))


def plane(worth: Money, caption: str, source: dict[str, str]) -> None:
    """Show cost against effect, draw by draw."""
    points = published.plane(worth)
    sentence = "Each dot is a draw. Below the line the programme pays for itself in cash; right of zero it averts some."
    with st.expander("Cost against effect (cost-effectiveness plane)"):
        st.markdown(sentence)
        st.altair_chart(charts.plane(points), theme=None, width="stretch")  # type: ignore[arg-type]
        st.caption(as_text(f"{caption} Admissions discounted at 1.5% a year, money at 3.5%."))


def of_homes(projection: Projection, baseline: Baseline, also: Further, source: dict[str, str]) -> None:
    """Show what is expected of each home."""
    listed = published.homes(projection, baseline, also.homes)
    st.header("Which homes")
    if projection.offered.by_lot:
        st.markdown(
            f"A lot decides which {projection.offered.homes:,} of these {len(listed):,} homes are offered it. What it "
            "averts in a home is told as if it were drawn."
        )
    st.markdown(
        "Where most would be averted comes first. What is expected of a home is drawn from its own past and from homes "
        "like it, so that one bad year does not decide."
    )
    under("homes", display.homes(listed), listed, source, title="Homes, what is expected and averted")


def limits() -> None:
    """Say what the answer leaves open."""
    st.header("What this cannot tell you")
    bullets(told_as.CANNOT)


def assumed(scenario: Scenario, source: dict[str, str]) -> None:
    """List every assumption with its source."""
    listed = published.assumptions(scenario)
    unchecked = int((~listed["verified"]).sum())
    st.header("What is assumed")
    st.markdown(as_text(told_as.assumed(len(listed), unchecked, BASE_YEAR)))
    under("assumptions", display.assumptions(listed), listed, source, title="Every assumption, with its source")


def evidence(source: dict[str, str]) -> None:
    """Show the published evaluations, those without an interval too."""
    read = published_effects().reset_index()
    under("published_effects", display.evidence(read), read, source, title="What evaluations have found")


def side_by_side(
    given: tuple[Ready, Known], scenario: Scenario, shown: tuple[Projection, Money, Further], source: dict[str, str]
) -> None:
    """Keep, compare, hand out and take in scenarios."""
    st.header("Compare, save and share")
    st.markdown("The address of this page holds this scenario: copy it to share it. Or keep it here and try another.")
    kept: dict[str, str] = st.session_state.setdefault(KEPT, {})
    keep(scenario, kept)
    take_in(kept)
    (ready, beyond), rows = given, [("This one", *shown[:2], shown[2].days)]
    for title, text in kept.items():
        with told():
            projection = project(ready.baseline, written.read_scenario(text), levels=ready.levels)
        also = further.projected(beyond, ready.baseline, projection)
        rows.append((title, projection, money(projection), also.days))
    compared = published.compare(rows)
    table(display.compare(compared))
    under("scenarios", display.compare(compared), compared, source, title="Download the comparison")


def keep(scenario: Scenario, kept: dict[str, str]) -> None:
    """Offer to keep the scenario, and to download it."""
    one, two, three = st.columns([2, 1, 1], vertical_alignment="bottom")
    title = one.text_input("Name this scenario", f"Scenario {len(kept) + 1}", max_chars=60)
    if two.button("Keep it to compare", disabled=len(kept) >= MOST_KEPT):
        kept[title.strip() or f"Scenario {len(kept) + 1}"] = written.to_json(scenario)
    if three.button("Forget those kept", disabled=not kept):
        kept.clear()
    left, right = st.columns(2)
    left.download_button("Download this scenario (JSON)", written.to_json(scenario), "scenario.json",
                         "application/json", on_click="ignore")  # fmt: skip
    right.download_button("Download this scenario (TOML)", lambda: written.to_toml(scenario), "scenario.toml",
                          "text/plain", on_click="ignore")  # fmt: skip


def take_in(kept: dict[str, str]) -> None:
    """Take in scenarios that were saved."""
    for file in (
        st.file_uploader("Compare with saved scenarios (JSON or TOML)", accept_multiple_files=True, max_upload_size=2)
        or []
    ):
        try:
            taken = written.read_scenario(file.getvalue().decode("utf-8", "replace"))
        except AnalysisError as error:
            st.error(as_text(f"{file.name}: {error}"))
            continue
        if len(kept) < MOST_KEPT:
            kept[file.name] = written.to_json(taken)


main()
