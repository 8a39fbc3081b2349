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

from analysis.inference.clustered import Clustered


def two_way(first: Clustered, second: Clustered, both: Clustered) -> tuple[np.ndarray, np.ndarray]:
    """Variance and degrees of freedom of R estimates, both of shape (R,).

    Parameters
    ----------
    first, second, both : Clustered
        By each grouping, and by their intersection.
    """
    a, b, ab = ((part.scores**2).sum(axis=1) for part in (first, second, both))
    return np.maximum(a + b - ab, np.maximum(a, b)), np.minimum(first.df, second.df)
