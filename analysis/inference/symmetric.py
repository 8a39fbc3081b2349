"""What are the eigenvalues of symmetric matrices, whatever LAPACK makes of them?

NumPy's `eigh` divides and conquers (``syevd``), which now and then does not converge on a matrix that is finite and
well scaled but has entries of 1e-34 among those of 1e-2: one panel in some ten thousand of few homes. The relatively
robust representations of ``syevr`` then give what it would have given.
"""

import numpy as np
from scipy import linalg


def eigh(matrices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues in ascending order, shape (..., J), and eigenvectors in columns, shape (..., J, J).

    Parameters
    ----------
    matrices : ndarray, shape (..., J, J)
        Symmetric.

    Raises
    ------
    LinAlgError, ValueError
        If a matrix is not finite.
    """
    try:
        value, vector = np.linalg.eigh(matrices)
    except np.linalg.LinAlgError:
        shape = matrices.shape
        each = [linalg.eigh(matrix, driver="evr") for matrix in matrices.reshape(-1, *shape[-2:])]
        value = np.array([values for values, _ in each]).reshape(shape[:-1])
        vector = np.array([vectors for _, vectors in each]).reshape(shape)
    return value, vector
