"""Planning: could the next evaluation find an effect that matters, and what must be collected?"""

from importlib.metadata import version

import pandas as pd
import streamlit as st

from analysis import planning, words
from analysis.planning import GRID, KINDS, RatingsStudy, Study
from analysis.planning.ratings import ratings_faults
from analysis.planning.study import IN_WAVES, faults, ratio_fault
from analysis.tables import csv
from analysis.tables import planning as tables
from analysis.words import planning as say_
from pages.shared import cached, planned
from pages.shared.cached import Loaded
from pages.shared.fields import kept, whole
from pages.shared.figures import bullets, figure, say, table, under
from pages.shared.frame import as_text, frame, told

ADMISSIONS, RATINGS = "Emergency admissions", "CQC ratings"
NAMES = {
    "comparison homes": "One start, other homes compared",
    "matched homes": "One start, matched homes compared",
    "staggered roll-out": "In waves, other homes compared",
    "stepped wedge": "Stepped wedge: in waves by lot, nobody left out",
}
SIMULATIONS = (500, 2_000)
FEWER, COARSE = 250, (0.45, 0.65, 0.8, 0.9)
"""Simulations (one batch), and rate ratios, of each of the other plans in the curves: enough to see their course."""
HOMES = (5, 10, 20, 40, 80)
MONTHS = (6, 12, 24, 36)
BETTER = tuple(share / 100 for share in range(1, 100))


def main() -> None:
    """Draw the page."""
    data = frame("Planning")
    st.markdown("Could the next evaluation find an effect that matters? Ask before it starts.")
    outcome = st.segmented_control(
        "What will be measured", [ADMISSIONS, RATINGS], default=ADMISSIONS, **kept("outcome")
    )
    if outcome == RATINGS:
        of_ratings()
    else:
        of_admissions(data)


def of_admissions(data: Loaded) -> None:
    """Plan a study of admissions."""
    covered = cached.coverage(data)
    if not covered["source"].isin(cached.COUNTED).any():
        st.info("This needs admissions and bed-days of the past. Load them on the Data page.")
        return
    with told():
        noise = planned.noise(data)
        plan, ratio, sims = chosen()
        if plan is None:
            st.info("Put right what is marked above, and the answer appears here.")
            return
        ratios = tuple(sorted({*GRID, ratio}))
        progress = planned.simulated(data, (plan,), ratios, sims, name="Your plan")
        if progress is None:
            st.info("Nothing was simulated before it was stopped.")
            return
        source = provenance(data, plan)
        answer(progress.table, ratio, plan, noise)
        by_size(progress.table, ratio, source)
        by_number(data, plan, source)
        if plan.kind in IN_WAVES:
            schedule(data, plan, source)
        collect(plan, source)
    st.header("What this cannot tell you")
    bullets(say_.CANNOT)


def chosen() -> tuple[Study | None, float, int]:
    """Ask for a plan; None where it makes no sense, which is said beside the fields."""
    first, second, third = st.columns(3)
    kind = first.selectbox("How it is done", KINDS, format_func=NAMES.__getitem__, key="kind", bind="query-params")
    others = second.container()  # fields that come and go have a place of their own: see `fields.kept`
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
    with st.expander("Effects that differ between homes, and how many simulations"):
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
    return (None if wrong else Study(kind=kind, **said)), 1 - fall / 100, int(sims)


def has_others(kind: str) -> bool:
    """Whether the number of other homes is a choice."""
    return kind in ("comparison homes", "staggered roll-out")


def wrong_with(kind: str, said: dict, fall: float) -> dict[str, str]:
    """Say what is wrong with a plan, by field."""
    wrong = faults({"waves": 4, "gap": 3, **said, "kind": kind})
    if why := ratio_fault(1 - fall / 100):
        wrong["effect"] = why
    elif fall == 0:
        wrong["effect"] = "No effect cannot be planned for: say how many per cent fewer would matter."
    return wrong


def answer(found: pd.DataFrame, ratio: float, plan: Study, noise: planning.Background) -> None:
    """Say the answer first."""
    st.header("The answer")
    row = found.loc[(found["rate_ratio"] - ratio).abs().idxmin()].to_dict()
    least = planning.smallest(found).iloc[0].to_dict()
    say(f"{say_.power(row)} {say_.smallest(least, found['rate_ratio'].min())}")
    bullets(
        [
            *([say_.verdict(ratio, least["rate_ratio"])] if ratio < 1 else []),
            say_.textbook(*planning.textbook(noise, plan, ratio), row["power"]),
            say_.held(found),
            say_.noise(
                {"shock_sd": noise.shock_sd, "shock_correlation": noise.shock_correlation, "home_cv": noise.home_cv,
                 "homes": len(noise.rate), "events": noise.events}
            ),
        ]
    )  # fmt: skip


def by_size(found: pd.DataFrame, ratio: float, source: dict[str, str]) -> None:
    """Show power by size of effect."""
    from analysis.charts import planning as charts  # noqa: PLC0415 - a second to import

    sentence = "The larger the effect, the surer it is found. The band is what so few simulations leave open."
    figure("By size of effect", sentence, charts.power_curve(found, ratio), SIMULATED)
    under("power", tables.power_display(found), found, source)


SIMULATED = "Simulated from the homes loaded; every simulated panel is answered as the Admissions page would answer it."


def by_number(data: Loaded, plan: Study, source: dict[str, str]) -> None:
    """Show the smallest effect by number of homes and of months."""
    homes = tuple(plan.changed(supported=n) for n in sorted({*HOMES, plan.supported}) if allowed(plan, supported=n))
    months = tuple(plan.changed(after=n) for n in sorted({*MONTHS, plan.after}) if allowed(plan, after=n))
    others = tuple(dict.fromkeys((*homes, *months)))  # the plan itself is on both curves
    progress = planned.simulated(data, others, COARSE, FEWER, name="More or fewer homes and months")
    if progress is None:
        return
    from analysis.charts import planning as charts  # noqa: PLC0415

    least = planning.smallest(progress.table)
    for key, title, noun, own in (
        ("supported", "Homes that get it", "homes with it", plan.supported),
        ("after", "Months with it", "months with it", plan.after),
    ):
        other = "after" if key == "supported" else "supported"
        rows = least[least[other] == getattr(plan, other)].drop_duplicates(key).sort_values(key)
        if len(rows) < 2:
            continue
        chart = charts.smallest_curve(rows, key, title, own)
        heading = "By number of homes" if key == "supported" else "By number of months"
        waits = f" {say_.NOBODY_WAITS}" if key == "after" and plan.kind == "stepped wedge" else ""
        figure(heading, f"{say_.curve(rows, key, noun)}{waits}", chart, SIMULATED)
        under(f"smallest_by_{key}", tables.smallest_display(rows), rows, source)


def allowed(plan: Study, **changed: int) -> bool:
    """Whether a changed plan still makes sense."""
    said = {
        name: getattr(plan, name) for name in ("supported", "compared", "before", "after", "waves", "gap", "effect_sd")
    }
    return not faults(said | changed | {"kind": plan.kind})


def schedule(data: Loaded, plan: Study, source: dict[str, str]) -> None:
    """Draw who starts when, by lot."""
    past = cached.past(data)
    st.header("Who starts when, by lot")
    st.markdown("Homes are spread evenly over the waves, each kind of home too. The seed makes the lot repeatable.")
    first, second, third = st.columns(3)
    name = first.text_input("Intervention", "new_intervention", **kept("named"))
    month = second.text_input("First wave starts in", str(past.panel.months[-1] + 1), **kept("first_month"))
    seed = whole(third, "Seed of the lot", 1, "seed")
    listed = st.text_area("Location IDs, one a line (left empty, the homes are drawn by lot as well)", **kept("listed"))
    with told():
        homes = planning.taking_part(past.panel, past.without, listed or "", plan.supported, seed)
        strata = ("home_type",)
        lot = planning.Lot(intervention=name, waves=plan.waves, first=month, gap=plan.gap, seed=seed, strata=strata)
        drawn = planning.schedule(homes, lot)
    from analysis.charts import planning as charts  # noqa: PLC0415

    counts = planning.balance(drawn, homes, ("home_type",))
    start = pd.Timestamp(drawn["start_month"].min())
    months = pd.date_range(start - pd.DateOffset(months=plan.before), periods=plan.months, freq="MS")
    sentence = f"{words.homes(len(drawn))} in {plan.waves} waves; from the last start on, nobody waits any more."
    if plan.compared:
        sentence = f"{words.homes(len(drawn))} in {plan.waves} waves, beside homes that never start."
    figure("The waves", sentence, charts.waves(counts, months), f"Drawn by lot, seed {seed}. Counts of homes.")
    table(tables.balance_display(counts))
    under("schedule", tables.schedule_display(drawn), drawn, source, title="The schedule and its download")
    st.caption("The file loads on the Data page as it is: it is a list of interventions.")


def collect(plan: Study | None, source: dict[str, str]) -> None:
    """Show what to collect from the first day."""
    st.header("What to collect")
    items = planning.checklist(plan)
    for item in items.to_dict("records"):
        columns = as_text(item["columns"])
        st.markdown(
            f"- **{as_text(item['what'])}**: {as_text(item['when'])}. {as_text(item['why'])}  \n"
            f"{as_text(item['source'])}. File {as_text(item['file'])}: {columns}"
        )
    columns = st.columns(4)
    columns[0].download_button(
        "This list (CSV)", csv(items, source), "what_to_collect.csv", "text/csv", on_click="ignore"
    )
    for column, (name, empty) in zip(columns[1:], planning.templates().items(), strict=False):
        column.download_button(f"Empty {name}", empty.to_csv(index=False), name, "text/csv", on_click="ignore")


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
        "Services of one provider, on average", value=1.0, step=0.5, **kept("per_provider")
    )
    said["icc"] = third.number_input(
        "How alike services of one provider are (0 to 1)", value=0.1, step=0.05, **kept("icc")
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
        wrong["better"] = "The share with support must lie above the share without it, and below 100%."
    for name, why in wrong.items():
        boxes[name].error(why)
    if wrong:
        st.info("Put right what is marked above, and the answer appears here.")
        return
    answer_ratings(RatingsStudy(**said), better)


def answer_ratings(plan: RatingsStudy, better: float) -> None:
    """Say and show what a study of ratings could find."""
    from analysis.charts import planning as charts  # noqa: PLC0415

    study = {"supported": plan.supported, "compared": plan.compared, "base": plan.base}
    st.header("The answer")
    found, least = planning.ratings_power(plan, better), planning.smallest_better(plan)
    needed = planning.services_needed(plan.base, better)
    say(f"{say_.ratings(study, better, found)} {say_.ratings_smallest(plan.base, least, needed, better)}")
    shares = sorted({share for share in (*BETTER, better) if share >= plan.base})
    curve = pd.DataFrame({"better": shares, "power": [planning.ratings_power(plan, share) for share in shares]})
    source = {"plan": repr(plan), "homeward": version("homeward")}
    sentence = "The more services improve, the surer it is found. Counts are of services, not of people."
    caption = "Two groups by the normal approximation; one group against a known rate by the exact binomial interval."
    figure("By share that improves", sentence, charts.shares_curve(curve, better), caption)
    under("ratings_power", tables.shares_display(curve), curve, source)
    collect(None, source)
    st.header("What this cannot tell you")
    bullets(say_.RATINGS_CANNOT)


def provenance(data: Loaded, plan: Study) -> dict[str, str]:
    """Say what a download was made from."""
    kind = "synthetic" if data.synthetic else data.name
    return {"data": kind, "data_sha256": cached.released(data), "plan": repr(plan), "seed": str(planned.SEED),
            "homeward": version("homeward")}  # fmt: skip


main()
