"""Bitterness of white wine: 72 ratings by nine judges (Randall 1989, Biometrical Journal 31, 781–793)."""

import numpy as np

RATING = np.array(
    [
        [2, 3, 3, 4, 4, 4, 5, 5], [1, 2, 1, 3, 2, 3, 5, 4], [2, 3, 3, 2, 5, 5, 4, 4], [3, 2, 3, 2, 3, 2, 5, 3],
        [2, 3, 4, 3, 3, 3, 3, 3], [3, 2, 3, 2, 2, 4, 5, 4], [1, 1, 2, 2, 2, 3, 2, 3], [2, 2, 2, 3, 3, 3, 3, 4],
        [1, 2, 3, 2, 3, 2, 4, 4],
    ]
)  # fmt: skip
"""One row per judge; columns cold, cold, cold with contact, cold with contact, then the same warm."""
WARM = np.tile([0, 0, 0, 0, 1, 1, 1, 1], 9).astype(float)
CONTACT = np.tile([0, 0, 1, 1], 18).astype(float)
JUDGE = np.repeat(np.arange(9), 8)
