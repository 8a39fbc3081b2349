"""How often is a warning of leaving, or of a rise in admissions, shown: where nothing is to be known, and where much?

    PYTHONPATH=. python bench/early_warning_outcomes.py          # or with numbers of some rows of `WORLDS`

writes bench/early_warning_outcomes.csv: worlds (`tests/plans/warned_worlds.py`) through the whole way that the page
goes, months ahead, in how many of them a warning could be judged, in how many it gained on the simple rule, and in how
many it was shown. Leaving: closing by the last rating alone, or also by size and the luck of the provider. Rises:
steady homes, homes that wander from month to month, that leap to twice the admissions unforeseen (in these three
nothing is to be known), and that climb there over a year (which the last months tell).
"""

import sys
from pathlib import Path

import pandas as pd

from analysis.monitoring.warning import WarningJudged
from analysis.plans.month_by_month import known_of
from analysis.plans.warnings import WarningPlan, warn

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from tests.plans.warned_worlds import leaving, rises  # noqa: E402 - the tests' own worlds

OUT = Path(__file__).with_suffix(".csv")
WORLDS = (
    ("leaving", "by rating alone", 800, 100), ("rise", "wander", 600, 60), ("rise", "leaps", 600, 60),
    ("rise", "steady", 600, 20), ("leaving", "by size and provider too", 3_000, 16), ("rise", "climbs", 3_000, 12),
)  # fmt: skip
"""Event, world, homes, worlds. The last two are not in the table yet: they take a quarter of an hour of processor."""


def counted(event: str, world: str, homes: int, worlds: int) -> list[tuple]:
    """Count the worlds of one kind, within 6 and within 12 months."""
    judged: dict[int, list[WarningJudged]] = {6: [], 12: []}
    for seed in range(1_000, 1_000 + worlds):
        made = leaving(seed, homes, more="too" in world) if event == "leaving" else rises(seed, homes, world)
        known = known_of(made)
        for ahead in judged:
            one = warn(WarningPlan(event=event, ahead=ahead, seed=seed), known, made).judged  # type: ignore[arg-type]
            judged[ahead] += [one] if isinstance(one, WarningJudged) else []
    return [
        (event, world, homes, worlds, ahead, len(found), sum(one.gain_low > 0 for one in found),
         sum(one.earned for one in found)) for ahead, found in judged.items()
    ]  # fmt: skip


def main(wanted: list[int]) -> None:
    """Count some of the kinds of worlds, or all, and put their lines into the table in place of older ones."""
    for number in wanted or range(len(WORLDS)):
        new = pd.DataFrame(counted(*WORLDS[number]), columns=COLUMNS)
        old = pd.read_csv(OUT) if OUT.exists() else new[:0]
        same = old.set_index(KIND).index.isin(new.set_index(KIND).index)
        table = new if same.all() else pd.concat([old[~same], new])
        table.sort_values([*KIND, "ahead"]).to_csv(OUT, index=False, lineterminator="\n")


KIND = ["event", "world", "homes"]
COLUMNS = [*KIND, "worlds", "ahead", "judged", "gained", "shown"]

if __name__ == "__main__":
    main([int(number) for number in sys.argv[1:]])
