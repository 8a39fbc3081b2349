"""Tables of planning: powers, smallest effects, schedules and what to collect, laid out for reading."""

import numpy as np
import pandas as pd

DESIGN = {
    "supported": "Supported homes", "compared": "Other homes", "before": "Months before", "after": "Months after",
    "waves": "Waves",
}  # fmt: skip


def power_display(table: pd.DataFrame) -> pd.DataFrame:
    """Lay out the power of one study by size of effect."""
    rows = table.sort_values("rate_ratio", ascending=False).to_dict("records")
    return pd.DataFrame(
        {
            "Fewer admissions": [f"{1 - row['rate_ratio']:.0%}" for row in rows],
            "Found": [f"{row['power']:.0%}" for row in rows],
            "Give or take, for so few simulations": [
                f"{row['power_low']:.0%} to {row['power_high']:.0%}" for row in rows
            ],
            "Interval held the truth": [f"{row['held']:.0%}" for row in rows],
            "Simulations": [row["simulations"] for row in rows],
        }
    )


def smallest_display(table: pd.DataFrame) -> pd.DataFrame:
    """Lay out the smallest effects of several studies."""
    shown = table[list(DESIGN)].rename(columns=DESIGN)
    return shown.assign(**{"Smallest fall found four times in five": [fall(x) for x in table["rate_ratio"]]})


def fall(ratio: float) -> str:
    """Write a rate ratio as a fall: "27%"; "more than was tried" where there is none."""
    return f"{1 - ratio:.0%}" if np.isfinite(ratio) else "more than was tried"


def schedule_display(drawn: pd.DataFrame) -> pd.DataFrame:
    """Lay out a schedule."""
    months = pd.to_datetime(drawn["start_month"]).dt.strftime("%B %Y")
    return pd.DataFrame(
        {"Home": drawn["name"], "Location ID": drawn["location_id"], "Wave": drawn["wave"], "Starts in": months}
    )


def balance_display(counts: pd.DataFrame) -> pd.DataFrame:
    """Lay out how many homes of each kind start in each wave."""
    months = pd.to_datetime(counts["start_month"]).dt.strftime("%B %Y")
    named = counts.assign(start_month=months).rename(
        columns={"wave": "Wave", "start_month": "Starts in", "homes": "Homes"}
    )
    return named.rename(columns=lambda name: str(name).capitalize() if name not in ("Starts in",) else name)


def shares_display(curve: pd.DataFrame) -> pd.DataFrame:
    """Lay out the power of a study of ratings, every fifth per cent."""
    shown = curve[(100 * curve["better"]).round(6) % 5 == 0]
    return pd.DataFrame(
        {
            "Improve with support": [f"{share:.0%}" for share in shown["better"]],
            "Found": [f"{power:.0%}" for power in shown["power"]],
        }
    )
