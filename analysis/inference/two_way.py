"""How uncertain is an estimate when homes share luck with their provider and, across providers, with their area?

The variance for two overlapping groupings adds those of each and takes away that of their intersection, counted twice,

    V = V_a + V_b − V_ab,

with every part by the same correction (here CR2). In small samples the difference can fall below one of its parts, even
below zero; then the largest of V, V_a and V_b is taken. Degrees of freedom are the smaller of the two groupings'.

Source: Cameron, Gelbach and Miller (2011), "Robust inference with multiway clustering", JBES 29(2); MacKinnon, Nielsen
and Webb (2021), "Wild bootstrap and asymptotic inference with multiway clustering", JBES 39(2), for the smaller number;
Davezies, D'Haultfœuille and Guyonvarch (2021), Annals of Statistics 49(2), for never going below one grouping.
"""

import numpy as np


def two_way(first: np.ndarray, second: np.ndarray, both: np.ndarray) -> np.ndarray:
    """Covariance of R estimates, shape (R, R); no variance is below that of one grouping.

    Parameters
    ----------
    first, second, both : ndarray, shape (R, clusters)
        What each cluster contributes to each estimate, by each grouping, and by their intersection.
    """
    a, b, ab = (scores @ scores.T for scores in (first, second, both))
    V = a + b - ab
    np.fill_diagonal(V, np.max([np.diag(part) for part in (V, a, b)], axis=0))
    return V
