"""Small panels on which other implementations were run: ``python tests/reference/generate_panels.py``.

Each is one table of home, month, start (-1: never), home_type, admissions and bed_days, with a row for every
home-month observed. They are drawn once and stored, so that the references beside them belong to them for good.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).parent / "panels"
NEVER = -1


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What one panel is to bring out; `starts` maps a month to the number of homes that start in it."""

    homes: int
    months: int
    starts: dict[int, int] = field(default_factory=dict)
    effect: float = -0.3
    rate: float = 0.0022
    shock_sd: float = 0.0
    gaps: float = 0.0
    movers: int = 0


RECIPES = {
    "staggered": Recipe(homes=30, months=24, starts={9: 5, 13: 5, 17: 4}),
    "unbalanced": Recipe(homes=30, months=24, starts={9: 5, 13: 5, 17: 4}, gaps=0.08, movers=10),
    "no_never": Recipe(homes=24, months=24, starts={8: 6, 12: 6, 16: 6, 20: 6}),
    "one_start": Recipe(homes=20, months=18, starts={10: 4}, shock_sd=0.3),
    "overdispersed": Recipe(homes=40, months=18, starts={7: 3, 10: 4, 13: 3}, shock_sd=0.6, gaps=0.03),
    "sparse": Recipe(homes=16, months=14, starts={6: 3, 9: 3}, rate=0.0005),
}


def draw(recipe: Recipe, rng: np.random.Generator) -> pd.DataFrame:
    """One panel; exposure of treated homes falls after they start, so that a fit without offset is wrong."""
    shape = (recipe.homes, recipe.months)
    start = np.full(recipe.homes, NEVER)
    treated = [month for month, count in recipe.starts.items() for _ in range(count)]
    start[rng.permutation(recipe.homes)[: len(treated)]] = treated
    month = np.arange(recipe.months)
    on = (start != NEVER)[:, None] & (month >= start[:, None])
    since = np.where(on, month - start[:, None], 0)
    nursing = rng.random(recipe.homes) < 0.4
    beds = rng.integers(12, 70, recipe.homes)
    occupancy = np.clip(0.88 + 0.06 * rng.standard_normal(shape) - 0.01 * since, 0.4, 1)
    bed_days = np.round(beds[:, None] * 30.4 * occupancy)
    level = np.log(recipe.rate) + 0.4 * rng.standard_normal(recipe.homes) + 0.25 * nursing
    season = 0.15 * np.cos(2 * np.pi * month / 12) + 0.01 * month
    effect = np.where(on, recipe.effect * (1 + 0.05 * since) * np.where(nursing, 1.4, 0.8)[:, None], 0)
    shock = recipe.shock_sd * rng.standard_normal(shape).cumsum(1) / np.sqrt(1 + month)
    admissions = rng.poisson(bed_days * np.exp(level[:, None] + season + effect + shock))
    frame = pd.DataFrame(
        {
            "home": np.repeat([f"H{i:02d}" for i in range(recipe.homes)], recipe.months),
            "month": np.tile(month, recipe.homes),
            "start": np.repeat(start, recipe.months),
            "home_type": np.repeat(np.where(nursing, "nursing", "residential"), recipe.months),
            "admissions": admissions.ravel(),
            "bed_days": bed_days.ravel().astype(int),
        }
    )
    return frame[observed(recipe, rng).ravel()]


def observed(recipe: Recipe, rng: np.random.Generator) -> np.ndarray:
    """Gaps at random, and homes that open late or close early."""
    seen = rng.random((recipe.homes, recipe.months)) >= recipe.gaps
    for home in range(recipe.movers):
        edge = rng.integers(2, 6)
        seen[home, : edge if home % 2 else 0] = False
        seen[home, recipe.months - (0 if home % 2 else edge) :] = False
    return seen


def main() -> None:
    """Write every panel."""
    for position, (name, recipe) in enumerate(RECIPES.items()):
        draw(recipe, np.random.default_rng([2026, position])).to_csv(FOLDER / f"{name}.csv", index=False)


if __name__ == "__main__":
    main()
