"""How often is a programme that does nothing called helpful, when its homes were chosen because they were rated badly?

    nice python bench/helpful.py

Counties are drawn with no effect (`analysis.simulate.renewal`); on 1 April 2018 twenty homes are chosen by their
ratings; a programme is called helpful where the 95% interval of observed over expected lies above 1, which chance alone
should do in 2.5% of programmes. There is no answer where the others are too few (`FEWEST_COMPARED`), and shared luck,
of which these counties have none, is left out. Beside it: the interval that takes the expected number as known, and
what an evaluator does who compares the share of supported homes rated better with the share of all homes rated better.
Written to bench/helpful.csv.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from analysis.inference.expected_counts import Assumed, chance_of_more, off_the_edge, p_value
from analysis.ratings.programme import AGAIN, beside_others, described, earlier
from analysis.ratings.strata import FEWEST_COMPARED, strata_of, worth
from analysis.simulate.renewal import simulate_spells

SEED = 20261126
PROGRAMMES = 2_000
SUPPORTED = 20
STARTED = pd.Timestamp("2018-04-01")
UNTIL = np.datetime64("2022-01-01")
ALPHA = 0.025
CHOSEN = {
    "worst rated first": lambda standing: standing.sort_values("rating", kind="stable"),
    "fallen from Good": lambda standing: standing.loc[standing["before"] >= "Good"],
    "rated badly twice running": lambda standing: standing.loc[standing["before"] < "Good"],
}
"""How homes are chosen among those below Good that day, in an order drawn by lot."""
SCENARIOS = (
    ("worst rated first", 500, 0.7),
    ("worst rated first", 500, 0.0),
    ("worst rated first", 160, 0.7),
    ("fallen from Good", 500, 0.7),
    ("rated badly twice running", 500, 0.7),
)
"""How chosen, homes in the county, and how much homes differ for good (SD in log odds)."""
AT_ONCE = 40
"""Counties drawn together."""
COUNTS = ("beta_binomial", "exact", "all_homes")


def simulated(rng: np.random.Generator, counties: int, scenario: tuple[str, int, float]) -> list[dict[str, float]]:
    """Draw counties, each with a programme without effect; by county, which rules call it helpful."""
    chosen, size, home_sd = scenario
    homes = counties * size
    spells = simulate_spells(rng, homes, until=UNTIL, home_sd=home_sd)
    kinds = rng.choice(["nursing", "residential"], homes, p=[0.3, 0.7])
    about = pd.DataFrame({"home_type": kinds, "provider_id": "any"}, index=range(homes))
    found = beside_others(spells, about, pd.Series(STARTED, choose(rng, spells, chosen, size)))
    supported, others = found.homes.loc[found.homes["became"] == AGAIN], found.others
    every = spells.loc[spells["ended"] == "rated"]
    anyway = (every["next_rating"].cat.codes > every["rating"].cat.codes).groupby(every["home"] // size).mean()
    parts = dict(tuple(others.groupby(others["home"] // size)))
    before = earlier(described(spells, about), STARTED)
    past = dict(tuple(before.groupby(before["home"] // size)))
    own = supported.astype({"improved": bool}).groupby(supported["home"] // size)
    none = before.iloc[:0]
    return [called(strata_of(part, parts[at], past.get(at, none)), anyway[at]) for at, part in own if at in parts]


def choose(rng: np.random.Generator, spells: pd.DataFrame, chosen: str, size: int) -> pd.Series:
    """Choose the supported homes of every county."""
    standing = spells.assign(before=spells.groupby("home")["rating"].shift(), county=spells["home"] // size)
    standing = standing.loc[(spells["start"] <= STARTED) & (spells["end"] > STARTED) & (spells["rating"] < "Good")]
    return CHOSEN[chosen](standing.sample(frac=1, random_state=rng)).groupby("county").head(SUPPORTED)["home"]


def called(strata: pd.DataFrame, anyway: float) -> dict[str, float]:
    """Say which rules call a programme helpful."""
    if strata.empty or worth(strata) < FEWEST_COMPARED:
        return {"rated_again": 0, **dict.fromkeys(COUNTS, False)}
    m, o, n, k = (strata[name].to_numpy(np.int64) for name in ("supported", "observed", "others", "improved"))
    return {
        "rated_again": int(m.sum()),
        "beta_binomial": _answered(strata) < ALPHA,
        "exact": chance_of_more(m, int(o.sum()), off_the_edge(k, n)) < ALPHA,
        "all_homes": proportion_confint(o.sum(), m.sum(), method="wilson")[0] > anyway,
    }


def _answered(strata: pd.DataFrame) -> float:
    """Chance of at least the count seen, as the answer has it."""
    m, o = (strata[name].to_numpy(np.int64) for name in ("supported", "observed"))
    n, k, centre = (strata[name].to_numpy(float) for name in ("counted", "counted_improved", "centre"))
    p = p_value(m, int(o.sum()), k, n, Assumed(centre=centre)) / 2
    return p if o.sum() > (m * (k + centre) / (n + 1)).sum() else 1 - p


def counted(scenario: tuple[str, int, float], programmes: int, seed: int) -> dict:
    """Share of programmes called helpful by each rule, with Wilson's interval for the default."""
    rng = np.random.default_rng([seed, SCENARIOS.index(scenario)])
    answers = [one for _ in range(0, programmes, AT_ONCE) for one in simulated(rng, AT_ONCE, scenario)]
    answers = [one for one in answers[:programmes] if one["rated_again"]]
    helpful = {rule: sum(one[rule] for one in answers) for rule in COUNTS}
    low, high = proportion_confint(helpful["beta_binomial"], len(answers), method="wilson")
    chosen, homes, home_sd = scenario
    shares = {f"{rule}_percent": round(100 * count / len(answers), 2) for rule, count in helpful.items()}
    again = sum(one["rated_again"] for one in answers) / len(answers)
    return {"chosen": chosen, "homes": homes, "home_sd": home_sd, "programmes": programmes,
            "no_answer": programmes - len(answers), "mean_rated_again": round(again, 1), **shares,
            "low_percent": round(100 * low, 2), "high_percent": round(100 * high, 2)}  # fmt: skip


def main() -> None:
    """Count every scenario and write the table as it grows."""
    programmes, rows = int(sys.argv[1]) if len(sys.argv) > 1 else PROGRAMMES, []
    for scenario in SCENARIOS:
        began = time.perf_counter()
        rows.append(counted(scenario, programmes, SEED))
        print(rows[-1], f"{time.perf_counter() - began:.0f} s", flush=True)
        pd.DataFrame(rows).to_csv(Path(__file__).with_suffix(".csv"), index=False)


if __name__ == "__main__":
    main()
