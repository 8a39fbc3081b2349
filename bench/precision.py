"""What would single precision make of the answer?

At the fit in double precision the sums over homes are made again in single precision; the step that they ask for is
what the estimates would be off by, and their moments give the errors.
"""

from dataclasses import replace

import numpy as np
from cells import Cells, cells

from analysis.admissions.engine.saturated import Saturated, blocks_at, information_about_months, newton_step


def in_single_precision(fit: Saturated) -> Cells:
    """Effects and errors of a fit whose sums over homes are made in single precision."""
    sample, rates = fit.sample, fit.rates.astype(np.float32)
    weighted, products, moments = np.empty_like(rates), np.empty_like(fit.products), np.empty_like(fit.products)
    for g, cohort in enumerate(sample.cohorts):
        E, y = (values[cohort.rows].astype(np.float32) for values in (sample.exposure, sample.counts))
        F, Y = E @ rates[g], y.sum(axis=1)
        weighted[g] = (Y / F) @ E
        root, errors = E * (np.sqrt(Y) / F)[:, None], y - E * rates[g] * (Y / F)[:, None]
        products[g], moments[g] = root.T @ root, errors.T @ errors
    blocks = blocks_at(sample, fit.rates, weighted, products)
    scores = sample.events - fit.rates * weighted
    months, step = newton_step(sample, blocks, information_about_months(sample, blocks), scores)
    moved = replace(fit, rates=fit.rates * np.exp(step), month_rates=fit.month_rates * np.exp(months), blocks=blocks)
    return cells(moved, moments, len(sample.homes))
