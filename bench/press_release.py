"""From press release to what was true: how far off are headlines, and what is left of them?

PYTHONPATH=. python bench/press_release.py      1,000 counties of each world, and the real pairs; 4 minutes

Each county publishes one thing only: of its homes with a scheme, the one whose admissions fell most; or of its
schemes, the one of which most services improved. Half of the counties do the one, half the other. The sentence is
written as a claim and appraised by `analysis.claims.appraise`, which sees nothing else; the truth was drawn.

Worlds. "as the evidence": effects differ between homes as controlled evaluations say (0.82, standard deviation of the
log 0.20) and between schemes by 0.5 in log odds. The others are not what the appraisal takes for granted: nothing
works anywhere; all homes have the average effect; homes differ less, or more, than it thinks.

The real pairs (`bench/claim_pairs.csv`) were written down and committed before there was an appraisal.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from analysis.claims import ComparedWith, FewerAdmissions, ShareImproved, Window, appraise
from analysis.claims.claim import HowChosen
from analysis.claims.regression import OCCUPANCY
from analysis.claims.shrinkage import BASE_SPREAD, PROGRAMME_SPREAD, SPREAD, TREND_A_YEAR, TREND_SPREAD

HERE = Path(__file__).resolve().parent
COUNTIES, SEED = 1_000, 20261127
"""Counties of each world."""
RATE, BASE = 0.70, 0.583
FEWEST = 5
"""Admissions before, of a home whose fall anybody would publish."""
WINDOWS = {
    12: (Window(first="2018-01", last="2018-12"), Window(first="2019-01", last="2019-12")),
    6: (Window(first="2018-01", last="2018-06"), Window(first="2018-07", last="2018-12")),
    3: (Window(first="2018-01", last="2018-03"), Window(first="2018-04", last="2018-06")),
}


@dataclass(frozen=True, kw_only=True)
class World:
    """What is true: effects on homes (mean and standard deviation of the log), between homes, of schemes (log odds)."""

    ratio: float = 0.82
    spread: float = SPREAD
    between: float = 0.40
    schemes: float = PROGRAMME_SPREAD


WORLDS = {
    "as the evidence": World(),
    "nothing works": World(ratio=1.0, spread=0.0, schemes=0.0),
    "all have the average effect": World(spread=0.0, schemes=0.0),
    "homes differ less (0.25)": World(between=0.25),
    "homes differ more (0.60)": World(between=0.60),
}


def a_home(rng: np.random.Generator, world: World) -> dict:
    """Draw a county, publish its best-looking home, and appraise that."""
    homes, months = int(rng.integers(7, 61)), int(rng.choice([12, 6, 3]))
    beds = np.maximum(rng.gamma(1.5, 30.8 / 1.5, homes).round(), 6)
    years = beds * OCCUPANCY * months / 12
    rates = rng.gamma(1 / world.between**2, RATE * world.between**2, homes)
    effects = world.ratio * np.exp(world.spread * rng.standard_normal(homes))
    trend = np.exp(TREND_A_YEAR * months / 12 + TREND_SPREAD * rng.standard_normal())
    before, after = rng.poisson(rates * years), rng.poisson(rates * years * effects * trend)
    falls = np.where(before >= FEWEST, 1 - after / np.maximum(before, 1), -np.inf)
    best = int(falls.argmax())
    if not np.isfinite(falls[best]):
        return a_home(rng, world)
    claim = FewerAdmissions(
        count_before=int(before[best]), count_after=int(after[best]), beds=float(beds[best]),
        support="enhanced support", before=WINDOWS[months][0], after=WINDOWS[months][1],
    )  # fmt: skip
    return {"kind": "home", "truth": effects[best] - 1} | judged(claim, effects[best] - 1)


def a_scheme(rng: np.random.Generator, world: World) -> dict:
    """Draw a county, publish its best-looking scheme, and appraise that."""
    schemes = int(rng.integers(3, 21))
    services = rng.integers(5, 21, schemes)
    effects = world.schemes * rng.standard_normal(schemes)
    true = expit(logit(BASE) + BASE_SPREAD * rng.standard_normal(schemes) + effects)
    better = rng.binomial(services, true)
    best = int((better / services + rng.random(schemes) * 1e-9).argmax())
    claim = ShareImproved(better=int(better[best]), inspected=int(services[best]), from_rating="Below Good",
                          homes="care homes")  # fmt: skip
    return {"kind": "scheme", "truth": true[best]} | judged(claim, true[best])


def judged(claim: FewerAdmissions | ShareImproved, truth: float) -> dict:
    """Set the headline and what is left of it beside the truth."""
    found = appraise(claim)
    said, left = found.headline, found.appraised
    assert said is not None and left is not None
    return {
        "headline": said.value, "left": left.value,
        "headline_holds": said.low <= truth <= said.high, "left_holds": left.low <= truth <= left.high,
        "headline_error": abs(said.value - truth), "left_error": abs(left.value - truth),
        "width": left.high - left.low,
    }  # fmt: skip


def simulated(world: str, counties: int = COUNTIES, seed: int = SEED) -> pd.DataFrame:
    """Judge the press releases of many counties of one world, a row each."""
    rng = np.random.default_rng([seed, list(WORLDS).index(world)])
    rows = [(a_home, a_scheme)[n % 2](rng, WORLDS[world]) for n in range(counties)]
    return pd.DataFrame(rows).assign(world=world)


def summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum press releases up, by world and kind, and of both kinds together."""
    both = pd.concat([rows.assign(kind="both"), rows])
    parts = both.groupby(["world", "kind"], sort=False)
    return parts.agg(
        counties=("truth", "size"), headline_holds=("headline_holds", "mean"), left_holds=("left_holds", "mean"),
        headline_error=("headline_error", "mean"), left_error=("left_error", "mean"), width=("width", "mean"),
    ).assign(of_error=lambda t: t["left_error"] / t["headline_error"]).reset_index()  # fmt: skip


def pairs() -> pd.DataFrame:
    """Appraise the real claims that a comparison followed, as they were made: a row each."""
    rows = []
    for row in pd.read_csv(HERE / "claim_pairs.csv").to_dict("records"):
        chosen = HowChosen(how="highest" if "airedale" in row["key"] else "not said")
        claim = FewerAdmissions(
            percent_fewer=row["claimed_percent_fewer"], homes=row["homes"], what=row["outcome"], chosen=chosen,
            support="enhanced support", comparison=ComparedWith(how="none"),
        )  # fmt: skip
        left = appraise(claim).appraised
        assert left is not None
        claimed, found = 1 - row["claimed_percent_fewer"] / 100, 1 + left.value
        far = [abs(np.log(one / row["controlled"])) for one in (claimed, found)]
        rows.append({"key": row["key"], "claimed": claimed, "left": found, "left_low": 1 + left.low,
                     "left_high": 1 + left.high, "controlled": row["controlled"],
                     "holds": 1 + left.low <= row["controlled"] <= 1 + left.high,
                     "nearer": far[1] < far[0]})  # fmt: skip
    return pd.DataFrame(rows)


def main() -> None:
    """Write the tables."""
    counties = int(sys.argv[1]) if len(sys.argv) > 1 else COUNTIES
    table = pd.concat([summed(simulated(world, counties)) for world in WORLDS], ignore_index=True)
    table.round(4).to_csv(HERE / "press_release.csv", index=False, lineterminator="\n")
    real = pairs()
    real.round(3).to_csv(HERE / "press_release_pairs.csv", index=False, lineterminator="\n")
    print(table.round(3).to_string(), real.round(3).to_string(), sep="\n\n")


if __name__ == "__main__":
    main()
