"""The model with one effect, made ready for errors: fitted once for all analyses of the same homes and months.

It knows neither who serves as comparison nor what is averaged over (`common_effect`), so analyses that differ in these
alone share it, and with it what costs most where homes are many: the correction of residuals for CR2.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from analysis.admissions.compared.sample import Sample
from analysis.admissions.engine.cohort_effects import as_cohorts, cohort_reference
from analysis.admissions.engine.common_effect import fit_common
from analysis.inference.clustered import Corrected, Reference, correct

Vcov = Literal["CR2", "CR1"]
Kind = Literal["home", "cohort"]
"""Whether the model has an effect for every home, or one for all homes that started together."""
SAME = ("homes", "months", "first", "exposure", "counts")
"""What two samples must have alike for the model with one effect to be one and the same."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NoiseFit:
    """The model with one effect: see `PoissonFit`.

    Parameters
    ----------
    sample : Sample
        What it was fitted to.
    effects : Kind
    references : tuple of Reference
    corrected : tuple of Corrected
    common_effect : float
    converged : bool
    """

    sample: Sample
    effects: Kind
    references: tuple[Reference, ...]
    corrected: tuple[Corrected, ...]
    common_effect: float
    converged: bool


def fit_noise(
    sample: Sample, started: np.ndarray, months: np.ndarray, how: tuple[Vcov, Kind], groupings: tuple[np.ndarray, ...]
) -> NoiseFit:
    """Fit it.

    Parameters
    ----------
    started : ndarray, shape (G, T)
        Each cohort's months from its start on.
    months : ndarray, shape (T,)
        Month rates to begin from.
    how : pair
        Error, and what has effects.
    groupings : tuple of ndarray of int64, shape (N,)
        Clusters of the panel's homes.
    """
    vcov, effects = how
    fitted = as_cohorts(sample) if effects == "cohort" else sample
    common = fit_common(fitted, started, months)
    reference = common.reference(sample, started, groupings[0][sample.homes])
    if effects == "cohort":
        reference = cohort_reference(sample, reference)
    references = tuple(replace(reference, cluster=by[sample.homes]) for by in groupings)
    corrected = tuple(map(correct, references)) if vcov == "CR2" else ()
    return NoiseFit(sample=sample, effects=effects, references=references, corrected=corrected,
                 common_effect=common.effect, converged=common.converged)  # fmt: skip


def noise_as(
    known: NoiseFit, sample: Sample, started: np.ndarray, how: tuple[Vcov, Kind], groupings: tuple[np.ndarray, ...]
) -> NoiseFit | None:
    """Take it from another sample's; nothing where that is of other homes, months or clusters, or of another model."""
    vcov, effects = how
    rows = tuple(g.rows for g in sample.cohorts)
    same = (
        effects == known.effects
        and (vcov == "CR1" or bool(known.corrected))
        and all(np.array_equal(getattr(sample, name), getattr(known.sample, name)) for name in SAME)
        and len(known.references) == len(groupings)
        and all(np.array_equal(r.cluster, by[sample.homes]) for r, by in zip(known.references, groupings, strict=True))
        and _same_base(known, sample, rows)
    )
    if not same:
        return None
    references = tuple(replace(reference, rows=rows, regressor=started) for reference in known.references)
    corrected = tuple(replace(own, reference=r) for own, r in zip(known.corrected, references, strict=False))
    return replace(known, sample=sample, references=references, corrected=corrected)


def _same_base(known: NoiseFit, sample: Sample, rows: tuple[slice, ...]) -> bool:
    """Whether log μ is made of the same; where of more than homes and months, cohorts must be the same ones."""
    own, other, reference = sample.untreated, known.sample.untreated, known.references[0]
    if own is None or other is None:
        return own is other and (reference.base is None or rows == reference.rows)
    return rows == reference.rows and np.array_equal(own.columns, other.columns)
