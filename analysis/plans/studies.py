"""Could the next evaluation find an effect that matters? A plan of one, simulated on the homes of a store."""

from dataclasses import dataclass

import pandas as pd

from analysis import planning
from analysis.errors import AnalysisError
from analysis.missing import Missing
from analysis.planning import AdmissionsPlan, Background, RatingsPlan, Study
from analysis.plans.past import Past
from analysis.words import planning as words

BETTER = tuple(share / 100 for share in range(1, 100))
"""Shares that improve, at which the power of a study of ratings is worked out."""
STRATA = ("home_type",)
"""Within whose values homes are spread evenly over the waves."""


def noise_of(past: Past) -> Background:
    """Read how far months vary without an intervention."""
    return planning.background(past.shown.by_chance, past.without)


def headline(found: pd.DataFrame, plan: AdmissionsPlan, noise: Background) -> tuple[str, ...]:
    """Say how often the effect would be found, and the smallest that would; then what stands beside it.

    Parameters
    ----------
    found : DataFrame
        Table of `planning.Progress`, of the study itself.
    """
    row = found.loc[(found["rate_ratio"] - plan.rate_ratio).abs().idxmin()].to_dict()
    least = planning.smallest(found).iloc[0].to_dict()
    return (
        f"{words.power(row)} {words.smallest(least, found['rate_ratio'].min())}",
        *([words.verdict(plan.rate_ratio, least["rate_ratio"])] if plan.rate_ratio < 1 else []),
        words.textbook(*planning.textbook(noise, plan.study, plan.rate_ratio), row["power"]),
        words.interval_held(found),
        words.noise(
            {"shock_sd": noise.shock_sd, "shock_correlation": noise.shock_correlation, "home_cv": noise.home_cv,
             "homes": len(noise.rate), "events": noise.events}
        ),
    )  # fmt: skip


def along(least: pd.DataFrame, key: str, study: Study) -> pd.DataFrame:
    """Take from the smallest effects of many studies those that differ from this one in one number only."""
    other = "after" if key == "supported" else "supported"
    return least[least[other] == getattr(study, other)].drop_duplicates(key).sort_values(key)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """Who starts when: the homes that take part, the schedule (`planning.schedule`), and the seed of the lot."""

    homes: pd.DataFrame
    starts: pd.DataFrame
    seed: int


def drawn_by_lot(plan: AdmissionsPlan, past: Past) -> Drawn | Missing:
    """Draw who starts when.

    Raises
    ------
    AnalysisError
        If a lot is asked for, and there are too few homes, or a home listed is not in the data.
    """
    try:
        return _drawn(plan, past)
    except AnalysisError as error:
        if plan.lot is not None:
            raise
        return Missing(str(error))


def _drawn(plan: AdmissionsPlan, past: Past) -> Drawn:
    lot, study = plan.lot or planning.StartsByLot(), plan.study
    homes = planning.taking_part(past.shown, past.without, " ".join(lot.homes), study.supported, lot.seed)
    first = lot.first or str(past.shown.months[-1] + 1)
    asked = planning.Lot(intervention=lot.intervention, waves=study.waves, first=first, gap=study.gap, seed=lot.seed,
                         strata=STRATA)  # fmt: skip
    return Drawn(homes=homes, starts=planning.schedule(homes, asked), seed=lot.seed)


def ratings_headline(plan: RatingsPlan) -> str:
    """Say what a study of ratings could find."""
    study, better = plan.study, plan.better
    said = {"supported": study.supported, "compared": study.compared, "base": study.base}
    found, least = planning.ratings_power(study, better), planning.smallest_better(study)
    needed = planning.services_needed(study.base, better)
    return f"{words.ratings(said, better, found)} {words.ratings_smallest(study.base, least, needed, better)}"


def ratings_curve(plan: RatingsPlan) -> pd.DataFrame:
    """Power of a study of ratings by the share that improves: better, power."""
    shares = sorted({share for share in (*BETTER, plan.better) if share >= plan.study.base})
    return pd.DataFrame({"better": shares, "power": [planning.ratings_power(plan.study, share) for share in shares]})


def simulated(
    noise: Background, studies: tuple[Study, ...], ratios: tuple[float, ...], sims: int, seed: int
) -> pd.DataFrame:
    """Simulate studies to the end: the table of `planning.Progress`."""
    *_, end = planning.simulate(noise, studies, ratios, sims=sims, seed=seed)
    return end.table
