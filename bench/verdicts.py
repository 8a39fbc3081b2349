"""Does the verdict say the right thing in eight worlds whose truth is known?

    PYTHONPATH=. python bench/verdicts.py               200 panels of each, to bench/verdicts.csv (ten minutes)
    PYTHONPATH=. python bench/verdicts.py --worlds 5 --to first.csv

80 homes, 66 months, 20 of them from month 48 on, chosen by lot unless it says otherwise.

real effect         a rate ratio of 0.6: helped
none                nothing: any verdict but helped, made it worse, or should not be believed
selection           the 20 worst of the year before, nothing done, nobody says so: should not be believed
trend               those homes fall by 2% a month all along, nothing done: should not be believed
two homes           a rate ratio of 0.8 in two homes: cannot tell
spill-over          a rate ratio of 0.6, and of 0.65 in half of the comparison homes, of the same providers: should
                    not be believed
exposure artefact   a quarter of the bed-days goes, and as many admissions with them: not helped
mixed               0.7 in half of the homes and 1/0.7 in the others: not helped, nor made worse

Four of them again with homes counted by quarter (ten minutes more).
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.design import NEVER, Design
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.protocol import CHECKS
from analysis.protocol.registry import loaded
from analysis.questions.rates import compare
from analysis.results import Fitted
from analysis.simulate import PanelSpec, simulate_panel
from analysis.verdict import Verdict, decide
from analysis.verdict.weighed import GRAVE, evidence
from analysis.words.weighed import verdict_said

SEED, START, MONTHS, TREATED = 20261127, 48, 66, 20
WORLDS_EACH = 200
COLUMNS = ("world", "panels", "right_pct", "error_pct", "right", "said", "grave_doubts", "sentence")
MODEL = StaggeredRates(leads=6, subgroups=(), permutations=199)
ASKED = tuple(name for name in GRAVE if name in CHECKS and name not in ("chosen_by_rating", "spike_before",
                                                                        "placebo_in_time"))  # fmt: skip
SPEC = PanelSpec(n_months=MONTHS, starts=(START,) * TREATED)
NO_CLAIM = ("did not help by as much", "cannot tell")


def plain(seed: int, **how) -> tuple[Panel, Design]:
    """Draw homes by lot."""
    panel, truth = simulate_panel(replace(SPEC, **how), seed)
    return panel, truth.design()


def thinned(panel: Panel, ratio: np.ndarray, seed: int) -> Panel:
    """Let a rate ratio of at most one act on every home-month."""
    counts = np.random.default_rng([seed, 3]).binomial(panel.counts, np.broadcast_to(ratio, panel.counts.shape))
    return replace(panel, counts=counts, digest="")


def trend(seed: int) -> tuple[Panel, Design]:
    """Let homes that start fall by 2% a month all along."""
    panel, design = plain(seed)
    fall = np.exp(-0.02 * np.arange(MONTHS))
    return thinned(panel, np.where((design.start != NEVER)[:, None], fall, 1.0), seed), design


def spill_over(seed: int) -> tuple[Panel, Design]:
    """Let half of the comparison homes, of the same providers, be reached too."""
    panel, design = plain(seed, effect=(np.log(0.6),))
    treated = np.flatnonzero(design.start != NEVER)
    reached = np.flatnonzero(design.start == NEVER)[: (80 - TREATED) // 2]
    provider = panel.units["provider"].to_numpy(object)
    provider[reached] = provider[treated[np.arange(len(reached)) % TREATED]]
    after = np.arange(MONTHS) >= START
    ratio = np.where(np.isin(np.arange(80), reached)[:, None] & after, 0.65, 1.0)
    return thinned(replace(panel, units=panel.units.assign(provider=provider)), ratio, seed), design


def mixed(seed: int) -> tuple[Panel, Design]:
    """Let half of the homes do better and the others as much worse."""
    panel, design = plain(seed, effect=(np.log(1 / 0.7),))
    homes = np.flatnonzero(design.start != NEVER)[::2]
    ratio = np.where(np.isin(np.arange(80), homes)[:, None] & (np.arange(MONTHS) >= START), 0.49, 1.0)
    return thinned(panel, ratio, seed), design


WORLDS: dict[str, tuple[Callable[[int], tuple[Panel, Design]], tuple[str, ...]]] = {
    "real effect": (lambda seed: plain(seed, effect=(np.log(0.6),)), ("helped",)),
    "none": (plain, NO_CLAIM),
    "selection": (lambda seed: plain(seed, worst_in=(START - 12, START)), ("should not be believed",)),
    "trend": (trend, ("should not be believed",)),
    "two homes": (lambda seed: plain(seed, starts=(START,) * 2, effect=(np.log(0.8),)), ("cannot tell",)),
    "spill-over": (spill_over, ("should not be believed",)),
    "exposure artefact": (lambda seed: plain(seed, exposure_fall=0.25), NO_CLAIM),
    "mixed": (mixed, NO_CLAIM),
}
"""World to how it is drawn, and what may rightly be said of it."""


def by_quarter(make: Callable[[int], tuple[Panel, Design]], seed: int) -> tuple[Panel, Design]:
    """Draw a world, and add its months up to quarters."""
    panel, design = make(seed)
    counts, exposure = (part.reshape(len(part), -1, QUARTER).sum(axis=2) for part in (panel.counts, panel.exposure))
    quarters = replace(
        panel, counts=counts, exposure=exposure, months=panel.months[::QUARTER], length=QUARTER, digest=""
    )
    start = np.where(design.start == NEVER, NEVER, design.start // QUARTER)
    return quarters, Design(intervention=design.intervention, start=start, included=np.ones(counts.shape, bool))


QUARTER = 3
WORLDS |= {
    f"{name}, by quarter": (partial(by_quarter, WORLDS[name][0]), WORLDS[name][1])
    for name in ("real effect", "none", "selection", "trend")
}


def judged(panel: Panel, design: Design, model: StaggeredRates = MODEL) -> Verdict:
    """Answer, doubt and decide as an evaluation does."""
    model = replace(model, leads=model.leads // panel.length)
    effects = model.fit(panel, design)
    fitted = Fitted(observed=panel, design=design, model=model, effects=effects, answers={"x": effects})
    examined = {name: loaded(CHECKS[name])(fitted) for name in ASKED}
    return decide(evidence(Rate(count="emergency_admissions"), fitted, compare(fitted), examined))


def line(name: str, worlds: int) -> tuple:
    """Count one world: how often what is said is right, with its Monte Carlo error, and the sentence said oftenest."""
    make, right = WORLDS[name]
    said = [judged(*make(SEED + k)) for k in range(worlds)]
    calls = pd.Series([one.call for one in said])
    grave = pd.Series([doubt for one in said for doubt in one.evidence.grave]).value_counts()
    share = float(calls.isin(right).mean())
    error = np.sqrt(share * (1 - share) / worlds)
    oftenest = next(one for one in said if one.call == calls.mode()[0])
    return (name, worlds, round(100 * share, 1), round(100 * error, 1), "; ".join(right),
            "; ".join(f"{n} {call}" for call, n in calls.value_counts().items()),
            "; ".join(f"{n} {doubt}" for doubt, n in grave.items()), verdict_said(oftenest))  # fmt: skip


def main() -> None:
    """Count, and write the table after every world; a run that was stopped goes on."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=WORLDS_EACH)
    parser.add_argument("--to", type=Path, default=Path(__file__).with_suffix(".csv"))
    given = parser.parse_args()
    rows = (
        [*pd.read_csv(given.to, keep_default_na=False).itertuples(index=False, name=None)] if given.to.exists() else []
    )
    for name in WORLDS:
        if (name, given.worlds) not in {row[:2] for row in rows}:
            rows = [row for row in rows if row[0] != name] + [line(name, given.worlds)]
            pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(given.to, index=False, lineterminator="\n")
            print(*rows[-1], flush=True)


if __name__ == "__main__":
    main()
