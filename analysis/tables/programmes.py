"""What stands under the pictures of ratings? Counts here are of homes and inspections, never of people."""

import numpy as np
import pandas as pd

from analysis.results import EXTRA_BETTER, NUMBER_NEEDED, OBSERVED_EXPECTED, SHARE_DIFFERENCE, Effects, limit

TITLES = {
    OBSERVED_EXPECTED: "Rated better, over expected (95% interval)",
    EXTRA_BETTER: "More homes rated better than expected",
    SHARE_DIFFERENCE: "Percentage points more",
    NUMBER_NEEDED: "Supported for one more",
}
SCALE = {OBSERVED_EXPECTED: (1, 2), EXTRA_BETTER: (1, 1), SHARE_DIFFERENCE: (100, 0), NUMBER_NEEDED: (1, 0)}
"""What a term is multiplied by, and its digits."""

GROUP = "Homes"
HALF_YEAR = 0.5


def groups(effects: Effects) -> pd.DataFrame:
    """One row per group: group, supported, observed, expected, estimate, conf_low, conf_high, told."""
    strata = effects.diagnostics["strata"]
    rate = (strata["counted_improved"] + strata["centre"]) / (strata["counted"] + 1)
    strata = strata.assign(expected=strata["supported"] * rate)
    counts = {"all": strata}
    for by in ("from_rating", "home_type"):
        counts |= {f"{by}: {name}": part for name, part in strata.groupby(by, observed=True)}
    tidy = pd.concat([effects.tidy().rename(columns={"overall": "group"}),
                      effects.tidy("subgroup").rename(columns={"subgroup": "group"})])  # fmt: skip
    ratios = tidy.loc[tidy["term"] == OBSERVED_EXPECTED]
    rows = []
    for line in ratios.to_dict("records"):
        part = counts[line["group"]]
        sums = {name: part[name].to_numpy().sum() for name in ("supported", "observed", "expected")}
        told = f"{sums['observed']:.0f} of {sums['supported']:.0f}; {sums['expected']:.1f} expected"
        rows.append({"group": _group(line["group"]), **sums, **{k: line[k] for k in SPAN}, "told": told})
    return pd.DataFrame(rows)


SPAN = ("estimate", "conf_low", "conf_high")


def _group(name: str) -> str:
    told = name.rpartition(": ")[2]
    return {"all": "All", "nursing": "Nursing homes", "residential": "Residential homes"}.get(told, told)


def estimates_display(effects: Effects) -> pd.DataFrame:
    """Lay out every estimate for reading, one row per group and one column per way of saying it."""
    tidy = pd.concat([effects.tidy().rename(columns={"overall": "group"}),
                      effects.tidy("subgroup").rename(columns={"subgroup": "group"})])  # fmt: skip
    told = [_interval(line) for line in tidy.to_dict("records")]
    long = pd.DataFrame({GROUP: map(_group, tidy["group"]), "term": tidy["term"].map(TITLES), "told": told})
    return long.pivot_table("told", GROUP, "term", "first", sort=False).rename_axis(columns=None).reset_index()


def _interval(line: dict) -> str:
    times, digits = SCALE[line["term"]]
    ends = [times * line[name] for name in SPAN]
    if not np.isfinite(ends[0]):
        return "none"
    none = 1.0 if line["term"] == OBSERVED_EXPECTED else 0.0
    high = limit(ends[2], digits, none) if np.isfinite(ends[2]) else "no end"
    return f"{ends[0]:.{digits}f} ({limit(ends[1], digits, none)} to {high})".replace("-", "−")


def became_display(became: pd.DataFrame) -> pd.DataFrame:
    """Lay out what became of supported homes."""
    told = became.loc[became["homes"] > 0]
    return pd.DataFrame({"Supported homes": told["became"], "Homes": told["homes"]})


def strata_display(strata: pd.DataFrame) -> pd.DataFrame:
    """Lay out what the expected number is made from."""
    names = {"from_rating": "Rating", "since": "Standing on", "before": "From", "home_type": "Kind",
             "year": "Inspected again in", "follow_up": "After",
             "supported": "Supported", "observed": "Rated better", "others": "Others inspected again",
             "improved": "Others rated better", "earlier": "Inspected before the programme",
             "earlier_improved": "Of these rated better", "counted": "Count for"}  # fmt: skip
    days = [day if day == "any" else f"{pd.Timestamp(day):%-d %B %Y}" for day in strata["since"]]
    told = strata.loc[:, list(names)].assign(counted=strata["counted"].round(1), since=days)
    return told.rename(columns=names).astype({"Rating": str})


def curves_display(frame: pd.DataFrame) -> pd.DataFrame:
    """Lay out the curves at half years, and where they end."""
    rows = []
    for who, part in frame.groupby("who", sort=False):
        last = part["years"].max()
        for years in [*np.arange(HALF_YEAR, last, HALF_YEAR), last]:
            at = part.loc[part["years"] <= years].iloc[-1]
            told = [f"{at[k]:.0%} ({at[f'{k}_low']:.0%} to {at[f'{k}_high']:.0%})" for k in ("better", "left")]
            rows.append((f"{years:.1f}", who, *told))
    return pd.DataFrame(rows, columns=["Years since the start", "Homes", "Rated better", "Left the register"])


def times_display(times: pd.DataFrame) -> pd.DataFrame:
    """Lay out how soon ratings come."""
    rows = times.to_dict("records")
    half = [_half(line) for line in rows]
    within = {f"Within {years} year{'s' if years > 1 else ''}": [_within(r, years) for r in rows] for years in (1, 2)}
    until = {"next": "any rating", "better": "a better rating"}
    return pd.DataFrame(
        {
            "From": [str(line["from_rating"]) for line in rows],
            "Until": [until[line["until"]] for line in rows],
            "Ratings": [line["waits"] for line in rows],
            "Homes": [line["homes"] for line in rows],
            "Half within (days)": half,
            **within,
        }
    )


def _within(line: dict, years: int) -> str:
    share, low, high = (line[f"within_{years}{end}"] for end in ("", "_low", "_high"))
    return f"{share:.0%} ({low:.0%} to {high:.0%})" if np.isfinite(share) else "not watched so long"


def _half(line: dict) -> str:
    if not np.isfinite(line["median_days"]):
        return "not reached"
    ends = [f"{line[name]:,.0f}" if np.isfinite(line[name]) else "not reached" for name in ("conf_low", "conf_high")]
    return f"{line['median_days']:,.0f} ({ends[0]} to {ends[1]})"


def reference_display(rows: pd.DataFrame) -> pd.DataFrame:
    """Lay out an area beside everything loaded and the published figures."""
    told = []
    for line in rows.to_dict("records"):
        span = f" ({line['conf_low']:.0%} to {line['conf_high']:.0%})" if np.isfinite(line["conf_low"]) else ""
        told.append(f"{line['share']:.0%}{span}")
    n = ["not given" if pd.isna(value) else f"{value:,.0f}" for value in rows["n"]]
    return pd.DataFrame(
        {"Homes": rows["whose"], "Period": rows["period"], "Rated better (95% interval)": told, "Of": n,
         "Mind": rows["caveat"], "Source": rows["source"]}
    )  # fmt: skip


def questions_display(shares: pd.DataFrame) -> pd.DataFrame:
    """Lay out the key questions."""
    rows = shares.to_dict("records")
    return pd.DataFrame(
        {
            "Key question": shares["question"],
            "Rated better": shares["count"],
            "Of": shares["n"],
            "Homes": shares["homes"],
            "Share (95% interval)": [_share(r, "conf") for r in rows],
            "All five together": [_share(r, "all") for r in rows],
        }
    )


def _share(line: dict, ends: str) -> str:
    return f"{line['share']:.0%} ({line[f'{ends}_low']:.0%} to {line[f'{ends}_high']:.0%})"


def supported_questions_display(rows: pd.DataFrame) -> pd.DataFrame:
    """Lay out supported homes, question by question."""
    told = [
        f"{r['estimate']:.2f} ({limit(r['conf_low'])} to {limit(r['conf_high'])})"
        if np.isfinite(r["estimate"])
        else "none"
        for r in rows.to_dict("records")
    ]
    p = ["–" if np.isnan(value) else f"{value:.2f}" for value in rows["p_holm"]]
    return pd.DataFrame(
        {"Key question": rows["question"], "Homes": rows["homes"], "Rated better": rows["observed"],
         "Expected": rows["expected"].round(1), "Over expected (95% interval)": told, "p, allowing for five": p}
    )  # fmt: skip


def order_display(order: pd.DataFrame) -> pd.DataFrame:
    """Lay out the order of improvement."""
    net = [
        f"{r['net']:.2f} ({r['conf_low']:.2f} to {r['conf_high']:.2f})".replace("-", "−")
        if np.isfinite(r["conf_low"]) else "too few homes"
        for r in order.to_dict("records")
    ]  # fmt: skip
    names = {"question": "Well-led beside", "pairs": "Pairs", "homes": "Homes", "first": "Well-led first",
             "same": "Same inspection", "last": "Well-led last", "undecided": "Neither yet"}  # fmt: skip
    return order.loc[:, list(names)].rename(columns=names).assign(**{"Net order (95% interval)": net})


def ledger_display(ledger: pd.DataFrame) -> pd.DataFrame:
    """Lay out how many published ratings were read, used and left out, and why."""
    told = ledger.loc[ledger["rows"] > 0]
    return pd.DataFrame({"Published ratings": told["outcome"], "Why": told["reason"], "Rows": told["rows"]})


def joins_display(joins: pd.DataFrame) -> pd.DataFrame:
    """Lay out which links between registrations were followed."""
    names = {"reason": "Why a home was registered anew", "outcome": "Taken for", "links": "Registrations"}
    return joins.loc[:, list(names)].rename(columns=names)


def claims_display(rows: pd.DataFrame) -> pd.DataFrame:
    """Lay out the counts that a published share may stand for, beside the base rate."""
    told = rows.to_dict("records")
    return pd.DataFrame(
        {
            "Rated better": rows["better"],
            "Of": rows["of"],
            "Share (95% interval)": [
                f"{r['share']:.1%} ({r['wilson_low']:.0%} to {r['wilson_high']:.0%})" for r in told
            ],
            "Expected anyway": rows["expected"].round(1),
            "Over expected (95% interval)": [
                f"{r['estimate']:.2f} ({r['conf_low']:.2f} to {r['conf_high']:.2f})" for r in told
            ],
            "Chance of so many anyway": [f"{r['anyway']:.0%}" for r in told],
        }
    )
