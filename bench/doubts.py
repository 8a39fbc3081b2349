"""How often every doubt speaks where it should, and where it should not.

    python bench/doubts.py                 the whole table, to bench/doubts.csv and bench/doubts.md (half an hour of a
                                           processor; a run that was stopped goes on where it was)
    python bench/doubts.py --worlds 20     a first look
    python bench/doubts.py --only windows  one doubt

Of admissions, of ratings (`rating_doubts`) and of one area (`area_doubts`). A line is a doubt
and a world; `concern_pct` is how often the doubt is a concern: a hit where `speaks` is yes, a false alarm where it
is no. `error_pct` is the Monte Carlo error of that, in points. Of admissions, where nothing is ever done to a home, so
that every effect that is found is wrong:

outlasting   homes are the worst of a year that is declared and left out; their shocks are AR(1), .94, .8 or 0 a month.
             `told` is the mean of what the doubt says the choice alone would show, `wrong` that of what the model finds
             (both in percent), `rms_pct` the root mean square of that and `rms_over_pct` of the answer over `told`.
stood out    homes are the worst of the year before the start, and nobody says so; the homes' own rates keep to them
             from year to year with a correlation of 1, .9 or .7 (gamma, coefficient of variation .41). Or the year
             ended half a year before the start; or homes start in three waves; or were drawn by lot, with and without
             spells. `told` is how far the homes stood above the others, `wrong` what the model finds.
how chosen   homes are the worst of a year that is declared, and the protocol keeps that year; or leaves it out.
drifting apart, earlier starts, other homes, leave one out
             what an answer may be doubted for: homes that drift from the others by 2% a month before the start and
             after it; that changed in the year before it; an interval too narrow for three homes (the usual error, of
             panels in which it claims an effect); one large home that carries the answer. Each also where nothing was
             done, and where there is an effect of a third and nothing else.
windows and those that follow in the table
             what `doubt_worlds` says. Of every month: how often it is said that there is an effect, however often one
             has looked.
parallel before
             the drift of 2% a month, of 20 homes and of ten; or nothing was done, or homes have long spells (AR(1) .94,
             sd .5), or there is an effect of a third. Or the year that chose homes ends at the start, or one of ten
             homes starts half a year later: how often the months before are tested at all (100 less `cannot_say_pct`),
             and how often they are said to differ.

Without bed-days (`without_exposure`) is told and never a concern, so it has no line.

`seed` is that of the draws. A rule that was mended when its counts had been seen is counted again on draws that nobody
had seen (seed 20271128); a line of such a doubt with an earlier seed was counted by the mended rule on the draws that
had led to mending it, so it may flatter. What the others say was counted once.

Where doubts miss. Of two sets of homes that drift apart by 2% a month `drifting apart` leaves a third to the reader,
and so does `parallel before` a quarter where ten homes have the intervention. `other homes` calls a quarter of what the
usual error claims of three homes no concern: chance was as rare as it says. Of ratings, `methods agree` speaks in seven
of ten counties where inspectors come sooner and homes do worse, and calls one in five no concern; `one home or
provider` calls four of 25 no concern (in the one looked into, other homes did well by luck, and more than half of the
effect was left without the provider).
`other programmes` speaks in half of the counties whose councils share luck, calls one in six no concern, and leaves the
rest to the reader; of a true effect it speaks in one of 25. Silence of these is no proof.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import area_doubts
import numpy as np
import pandas as pd
import rating_doubts
from doubt_worlds import WORLDS as OF_WORLDS
from doubt_worlds import plain, thinned

from analysis.admissions import StaggeredRates
from analysis.checks.bare import answered
from analysis.checks.comings_and_goings import comings_and_goings
from analysis.checks.dose_bands import dose_bands
from analysis.checks.drifting_apart import drifting_apart
from analysis.checks.earlier_starts import earlier_starts
from analysis.checks.every_month import every_month
from analysis.checks.few_clusters import few_clusters
from analysis.checks.how_chosen import how_chosen
from analysis.checks.leave_one_out import leave_one_out
from analysis.checks.missing_months import missing_months
from analysis.checks.national_events import national_events
from analysis.checks.negative_control import negative_control
from analysis.checks.occupancy_moved import occupancy_moved
from analysis.checks.other_estimators import other_estimators
from analysis.checks.other_homes import other_homes
from analysis.checks.others_alike import others_alike
from analysis.checks.outlasting import ALONE, outlasting
from analysis.checks.parallel_before import parallel_before
from analysis.checks.spill_over import spill_over
from analysis.checks.stood_out import stood_out
from analysis.checks.windows import windows
from analysis.design import NEVER, Design, Plan, design_from
from analysis.errors import AnalysisError
from analysis.panel import Panel
from analysis.results import RATE_RATIO, Check, Effects, Fitted
from analysis.simulate import PanelSpec, simulate_panel

SEED, OF_RATINGS_AND_AREAS, AFRESH = 20261122, 20261127, 20271128
"""Of the draws: of admissions, of the other questions, and of doubts whose rule was changed after a count."""
CHANGED = frozenset({
    ("admissions", "outlasting"), ("admissions", "parallel before"), ("admissions", "drifting apart"),
    ("ratings", "looked at until"), ("ratings", "methods agree"), ("ratings", "one home or provider"),
    *(("one area", doubt) for doubt in area_doubts.DOUBTS),
})  # fmt: skip
"""Rules that were mended when their first counts were seen: they are counted on draws that nobody had seen."""
WORLDS, FITTED = 200, 40
"""Panels examined in every world, and those of them on which the model is fitted to say how wrong it is."""
HERE = Path(__file__).parent
START, WINDOW = 48, (36, 48)
"""First month with the intervention, and the months that chose the homes, of panels of 66 months."""
BARE = StaggeredRates(leads=0, subgroups=(), permutations=9, vcov="CR1")
"""The point estimate is wanted, and is the same with every error."""
LEADS = replace(BARE, leads=6, vcov="CR2")
PLAIN = replace(BARE, permutations=0, vcov="CR2")
"""Of doubts about an answer: with its interval."""
USUAL = replace(PLAIN, vcov="CR1")
DOSED = replace(PLAIN, dose="log-linear")
OF_ANSWERS = {
    "drifting apart": drifting_apart, "earlier starts": earlier_starts, "other homes": other_homes,
    "leave one out": leave_one_out, "windows": windows, "national events": national_events,
    "occupancy moved": occupancy_moved, "comings and goings": comings_and_goings, "spill over": spill_over,
    "other estimators": other_estimators, "missing months": missing_months, "negative control": negative_control,
    "every month": every_month, "few clusters": few_clusters, "dose bands": dose_bands, "how chosen": how_chosen,
    "parallel before": parallel_before, "others alike": others_alike,
}  # fmt: skip
MODELS = {"parallel before": LEADS, "dose bands": DOSED}
FEWER = 2
"""Worlds are so many times fewer of `doubt_worlds`, ratings and areas: several of these doubts ask twenty times."""
DEAR = {
    "few supported": 2, "not rated again": 2, "proportional odds": 2, "earlier programmes": 4, "methods agree": 4,
    "looked at until": 2, "one home or provider": 4, "other programmes": 4, "one area": 4,
}  # fmt: skip
"""So many times fewer again of doubts about ratings that ask whole programmes anew, and of areas: of each a whole
evaluation is made."""
SINGLE = frozenset(
    {"outlasting", "stood out", "drifting apart", "earlier starts", "other homes", "leave one out", "parallel before"}
)
"""Doubts of admissions counted in all worlds."""
HOME_CV = 0.41
COLUMNS = (
    "question", "doubt", "world", "speaks", "homes", "treated", "worlds", "seed", "concern_pct", "no_concern_pct",
    "cannot_say_pct", "error_pct", "told_pct", "wrong_pct", "rms_pct", "rms_over_pct",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class World:
    """One line of the table: what is examined, and how a panel of it is made."""

    doubt: str
    name: str
    speaks: bool
    spec: PanelSpec
    make: Callable[[PanelSpec, int], tuple[Panel, Design]]


def worst(**kwargs) -> PanelSpec:
    """Draw 80 homes, of which the 12 worst of a year are chosen."""
    return PanelSpec(**{"n_homes": 80, "n_months": 66, "starts": (START,) * 12, "worst_in": WINDOW} | kwargs)


def declared(spec: PanelSpec, seed: int, *, kept: bool = False) -> tuple[Panel, Design]:
    """Choose the homes by the window and say so; `kept`, the window takes part all the same."""
    panel, truth = simulate_panel(spec, seed)
    day, homes, (first, last) = panel.months.astype("datetime64[s]"), truth.start != NEVER, spec.worst_in or WINDOW
    rows = pd.DataFrame({"unit": panel.units.index[homes], "started": day[truth.start[homes]]})
    rows = rows.assign(intervention="x", chosen_by="worst", chosen_from=day[first], chosen_to=day[last - 1])
    plan = Plan(intervention="x", selection="keep" if kept else "leave out")
    return panel, design_from(panel, rows, plan)


def years(correlation: float, waves: tuple[int, ...]) -> Callable[[PanelSpec, int], tuple[Panel, Design]]:
    """Choose homes whose rates keep to themselves from year to year with a correlation, the worst of each year before.

    A gamma of a correlated normal, so that each year's rates are spread as homes' rates are.
    """

    def make(spec: PanelSpec, seed: int) -> tuple[Panel, Design]:
        from scipy.stats import gamma, norm  # noqa: PLC0415

        panel, _ = simulate_panel(replace(spec, worst_in=None), seed)
        rng, N, T = np.random.default_rng([seed, 1]), spec.n_homes, spec.n_months
        z = [rng.standard_normal(N)]
        for _ in range(T // 12):
            z.append(correlation * z[-1] + np.sqrt(1 - correlation**2) * rng.standard_normal(N))
        own = gamma.ppf(norm.cdf(np.array(z)), 1 / HOME_CV**2, scale=HOME_CV**2)
        rate = 0.75 / 365.25 * own[np.arange(T) // 12].T
        counts = rng.poisson(rate * panel.exposure)
        start = np.full(N, NEVER)
        for month in waves:
            year = slice(month - 12, month)
            seen = counts[:, year].sum(axis=1) / panel.exposure[:, year].sum(axis=1)
            some = np.argsort(np.where(start == NEVER, -seen, np.inf), kind="stable")
            start[some[: len(spec.starts) // len(waves)]] = month
        design = Design(intervention="x", start=start, included=np.ones((N, T), bool))
        return replace(panel, counts=counts, digest=""), design

    return make


def drifting(spec: PanelSpec, seed: int) -> tuple[Panel, Design]:
    """Let homes that start drift from the others by 2% a month, all along."""
    panel, truth = simulate_panel(spec, seed)
    month = np.arange(spec.n_months) - truth.start[:, None]
    return thinned(
        panel, np.where((truth.start != NEVER)[:, None], np.exp(-0.02 * (month + START)), 1.0), seed
    ), truth.design()


def changed_early(spec: PanelSpec, seed: int) -> tuple[Panel, Design]:
    """Let homes that start lose a third of their admissions in the year before, and in no other."""
    panel, truth = simulate_panel(spec, seed)
    month = np.arange(spec.n_months) - truth.start[:, None]
    year = (truth.start != NEVER)[:, None] & (month >= -12) & (month < 0)
    return thinned(panel, np.where(year, 2 / 3, 1.0), seed), truth.design()


def claimed(spec: PanelSpec, seed: int) -> tuple[Panel, Design]:
    """Draw panels until the usual error claims an effect."""
    for again in range(200):
        panel, truth = simulate_panel(spec, 1000 * seed + again)
        if answered(USUAL.fit(panel, truth.design())):
            return panel, truth.design()
    raise RuntimeError("the usual error claims nothing in 200 panels")


def carried(spec: PanelSpec, seed: int) -> tuple[Panel, Design]:
    """Let one home of fifteen times the size lose nine tenths of its admissions, and no other any."""
    panel, truth = simulate_panel(spec, seed)
    home = int(np.flatnonzero(truth.start != NEVER)[0])
    after = np.arange(spec.n_months) >= truth.start[home]
    exposure, counts = panel.exposure.copy(), panel.counts.copy()
    exposure[home] *= 15 * exposure.mean() / exposure[home].mean()
    mean = 2 * panel.counts.sum() / panel.exposure.sum() * exposure[home] * np.where(after, 0.1, 1.0)
    counts[home] = np.random.default_rng([seed, 2]).poisson(mean)
    return replace(panel, counts=counts, exposure=exposure, digest=""), truth.design()


def spec_of_answers() -> PanelSpec:
    """Say what homes are like of which an answer is doubted."""
    return PanelSpec(n_homes=60, n_months=60, starts=(40,) * 20)


def worlds_of_answers() -> Iterator[World]:
    """Lines about doubts of an answer."""
    spec = spec_of_answers()
    three = replace(spec, n_months=36, starts=(18,) * 3)
    true = {
        "drifting apart": ("2% a month apart", spec, drifting),
        "earlier starts": ("a third less in the year before", spec, changed_early),
        "other homes": ("the usual error claims, three homes", three, claimed),
        "leave one out": ("one home carries it", spec, carried),
    }
    for doubt, (name, of, make) in true.items():
        yield World(doubt=doubt, name=name, speaks=True, spec=of, make=make)
        yield World(doubt=doubt, name="nothing done", speaks=False, spec=spec, make=plain)
        effect = replace(spec, effect=(float(np.log(2 / 3)),))
        yield World(doubt=doubt, name="an effect of a third", speaks=False, spec=effect, make=plain)


def worlds_of_months_before() -> Iterator[World]:
    """Lines about whether homes ran alike before the start."""
    spec = spec_of_answers()
    spells = replace(spec, shock_sd=0.5, shock_correlation=0.94)
    third = replace(spec, effect=(float(np.log(2 / 3)),))
    for of in (spec, replace(spec, starts=(40,) * 10)):
        yield World(doubt="parallel before", name="2% a month apart", speaks=True, spec=of, make=drifting)
        yield World(doubt="parallel before", name="nothing done", speaks=False, spec=of, make=plain)
    yield World(doubt="parallel before", name="nothing done, spells", speaks=False, spec=spells, make=plain)
    yield World(doubt="parallel before", name="an effect of a third", speaks=False, spec=third, make=plain)
    for name, starts in (("window ends at the start", (24,) * 10), ("one late starter", (24,) * 9 + (30,))):
        chosen = PanelSpec(n_homes=60, starts=starts, worst_in=(12, 24), shock_correlation=0.0)
        yield World(doubt="parallel before", name=name, speaks=False, spec=chosen, make=declared)


def worlds() -> Iterator[World]:
    """Every line of the table."""
    yield from worlds_of_answers()
    for name, kept in (("the bad year kept", True), ("the bad year left out", False)):
        yield World(doubt="how chosen", name=name, speaks=kept, spec=worst(), make=partial(declared, kept=kept))
    yield from worlds_of_months_before()
    for doubt, some in OF_WORLDS.items():
        for name, speaks, spec, make in some:
            yield World(doubt=doubt, name=name, speaks=speaks, spec=spec, make=make)
    for sd in (0.5, 0.3):
        for homes, treated in ((80, 12), (50, 5)):
            spells = worst(n_homes=homes, starts=(START,) * treated, shock_sd=sd, shock_correlation=0.94)
            yield World(doubt="outlasting", name=f"AR(1) .94, sd {sd}", speaks=True, spec=spells, make=declared)
    for homes, treated in ((80, 12), (50, 5)):
        none = worst(n_homes=homes, starts=(START,) * treated, shock_correlation=0.0)
        yield World(doubt="outlasting", name="no spells", speaks=False, spec=none, make=declared)
    for homes, treated in ((80, 12), (40, 4)):
        chosen = worst(n_homes=homes, starts=(START,) * treated)
        for correlation in (1.0, 0.9, 0.7):
            name = f"worst year, correlation {correlation}"
            yield World(doubt="stood out", name=name, speaks=True, spec=chosen, make=years(correlation, (START,)))
        early = replace(chosen, worst_in=(30, 42))
        yield World(doubt="stood out", name="a year ended six months before", speaks=True, spec=early, make=plain)
        yield World(doubt="stood out", name="by lot", speaks=False, spec=replace(chosen, worst_in=None), make=plain)
        lot = replace(chosen, worst_in=None, shock_correlation=0.94, shock_sd=0.5)
        yield World(doubt="stood out", name="by lot, spells", speaks=False, spec=lot, make=plain)
    waves = worst()
    yield World(doubt="stood out", name="three waves", speaks=True, spec=waves, make=years(0.9, (36, 42, 48)))
    lots = worst(worst_in=None, starts=(36,) * 4 + (42,) * 4 + (48,) * 4)
    yield World(doubt="stood out", name="three waves by lot", speaks=False, spec=lots, make=plain)


@dataclass(frozen=True)
class Unfitted:
    """Says nothing, for doubts that need no answer to speak."""

    def fit(self, panel: Panel, design: Design) -> Effects:
        """Refuse."""
        raise AnalysisError("Not fitted.")


NOTHING = Effects(tables={}, summary={}, cells=pd.DataFrame())


def examine(world: World, seed: int, *, fitted: bool) -> tuple[Check, float]:
    """Examine one panel; the check, and the log rate ratio that the model finds."""
    panel, design = world.make(world.spec, seed)
    if world.doubt in OF_ANSWERS:
        model = USUAL if world.make is claimed else MODELS.get(world.doubt, PLAIN)
        effects = model.fit(panel, design)
        check = OF_ANSWERS[world.doubt](Fitted(observed=panel, design=design, model=model, effects=effects))
        return check, float(np.log(_ratio(effects)))
    doubt = {"outlasting": outlasting, "stood out": stood_out}[world.doubt]
    if not fitted:
        return doubt(Fitted(observed=panel, design=design, model=Unfitted(), effects=NOTHING)), np.nan
    effects = BARE.fit(panel, design)
    examined = Fitted(observed=panel, design=design, model=BARE, effects=effects)
    return doubt(examined), float(np.log(_ratio(effects)))


def _ratio(effects: Effects) -> float:
    tidy = effects.tidy()
    return float(tidy.loc[tidy["term"] == RATE_RATIO, "estimate"].iloc[0])


def told(world: World, check: Check) -> float:
    """Find the log of what the doubt told."""
    if world.doubt in OF_ANSWERS or check.table.empty:
        return np.nan
    if world.doubt == "stood out":
        return float(np.log(check.table["found"].iloc[0]))
    return float(np.log(check.table.set_index("answer").loc[ALONE, "estimate"]))


def verdict(world: World, check: Check) -> bool | None:
    """Say what the doubt said; of the months before, whether they were tested and found to differ."""
    if world.doubt == "every month":
        return False if check.passed else None
    if world.doubt != "parallel before" or world.make is not declared:
        return check.passed
    return None if check.table.empty else check.passed is not False


def line(world: World, runs: int, seed: int) -> tuple:
    """Count one line about admissions."""
    found = [examine(world, seed + number, fitted=number < FITTED) for number in range(runs)]
    said = [verdict(world, check) for check, _ in found]
    wrong, tells = np.array([log for _, log in found]), np.array([told(world, check) for check, _ in found])
    over = wrong - tells if world.doubt == "outlasting" else np.full(len(wrong), np.nan)
    known = [each[np.isfinite(each)] for each in (tells, wrong, over)]
    means = [100 * float(np.expm1(each.mean())) if each.size else np.nan for each in known[:2]]
    far = [100 * float(np.sqrt((each**2).mean())) if each.size else np.nan for each in known[1:]]
    return *shares(said), *means, *far


def shares(said: list[bool | None]) -> tuple[float, ...]:
    """Give how often it is a concern, is none and cannot be said, and the Monte Carlo error of the first; percent."""
    concern, none, silent = (100 * sum(one is which for one in said) / len(said) for which in (False, True, None))
    return concern, none, silent, float(np.sqrt(concern * (100 - concern) / len(said)))


def lines(asked: int) -> Iterator[tuple[tuple, Callable[[], tuple]]]:
    """Yield every line of the table: what it is of, with its runs and their seed, and what counts it."""
    for world in worlds():
        runs, seed = asked if world.doubt in SINGLE else asked // FEWER, seed_of("admissions", world.doubt)
        of = "admissions", world.doubt, world.name, world.speaks, world.spec.n_homes, len(world.spec.starts), runs, seed
        yield of, partial(line, world, runs, seed)
    for question, some in (("ratings", rating_doubts.lines), ("one area", area_doubts.lines)):
        for of, count in some():
            runs = asked // FEWER // DEAR.get(of[0] if question == "ratings" else question, 1)
            seed = seed_of(question, of[0])
            yield (question, *of, runs, seed), partial(counted, count, runs, seed)


def seed_of(question: str, doubt: str) -> int:
    """Give the seed of the draws on which a doubt is counted."""
    if (question, doubt) in CHANGED:
        return AFRESH
    return SEED if question == "admissions" else OF_RATINGS_AND_AREAS


def counted(count: Callable[[int, int], list[bool | None]], runs: int, seed: int) -> tuple:
    """Count one line about ratings or areas."""
    return *shares(count(runs, seed)), *(np.nan,) * 4


def main() -> None:
    """Make the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--worlds", type=int, default=WORLDS)
    asked.add_argument("--only", default="", help="a question, a doubt or a world of the table")
    asked.add_argument("--to", type=Path, default=HERE)
    given = asked.parse_args()
    path = given.to / "doubts.csv"
    for each, count in lines(given.worlds):
        table = pd.read_csv(path) if path.exists() else pd.DataFrame(columns=list(COLUMNS))
        of = *each[:3], "yes" if each[3] else "no", *each[4:]
        done = set(table[list(COLUMNS[:8])].itertuples(index=False, name=None))
        if of in done or given.only not in {"", *of[:3]}:
            continue
        row = pd.DataFrame([(*of, *count())], columns=list(COLUMNS)).round(1)
        table = (
            without_older(pd.read_csv(path), row) if path.exists() else table
        )  # another run may have written meanwhile
        table = pd.concat([table, row], ignore_index=True) if len(table) else row
        table.to_csv(path, index=False, lineterminator="\n")
        print(row.to_csv(index=False, header=False), end="", flush=True)
    table = in_order(pd.read_csv(path))
    table.to_csv(path, index=False, lineterminator="\n")
    (given.to / "doubts.md").write_text(f"{__doc__}\n{markdown(table)}", encoding="utf-8")


def without_older(table: pd.DataFrame, row: pd.DataFrame) -> pd.DataFrame:
    """Leave out what a line said when it was counted before, in as many worlds or fewer."""
    same = (table[list(COLUMNS[:6])] == row[list(COLUMNS[:6])].iloc[0]).all(axis=1)
    return table.loc[~same | (table["worlds"] > row["worlds"].iloc[0])]


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Put lines of a question and a doubt together, where it ought to speak first."""
    place = {of[:2]: number for number, (of, _) in enumerate(reversed([*lines(WORLDS)]))}
    doubts = [-place.get(of, 1) for of in table[["question", "doubt"]].itertuples(index=False, name=None)]
    table = table.assign(_doubt=doubts, _silent=table["speaks"] != "yes")
    return table.sort_values(["_doubt", "_silent"], kind="stable", ignore_index=True)[list(COLUMNS)]


def markdown(table: pd.DataFrame) -> str:
    """Write the table for reading."""
    head = [name.replace("_pct", ", %").replace("_", " ") for name in table.columns]
    cells = [["" if pd.isna(x) else str(x) for x in row] for row in table.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *cells)) + "\n"


if __name__ == "__main__":
    main()
