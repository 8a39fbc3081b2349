"""Eigenvalues are found where LAPACK's first way fails, and are the same by either."""

import grid
import numpy as np

from analysis.inference.symmetric import eigh


def test_a_panel_on_which_the_first_way_does_not_converge_is_answered():
    """Of the grid's null panels; on other processors the first way may converge."""
    told = grid.answer(grid.Cell(sides="3+20"), 766)
    assert np.isfinite([told["log"], told["p"]]).all()


def test_the_second_way_gives_what_the_first_does(monkeypatch):
    rng = np.random.default_rng(1)
    half = rng.standard_normal((4, 6, 6))
    matrices = half + half.transpose(0, 2, 1)
    value, vector = eigh(matrices)

    def fails(_):
        raise np.linalg.LinAlgError

    monkeypatch.setattr(np.linalg, "eigh", fails)
    again, turned = eigh(matrices)
    np.testing.assert_allclose(again, value, atol=1e-12)
    np.testing.assert_allclose(turned * again[:, None, :] @ turned.transpose(0, 2, 1), matrices, atol=1e-12)
    np.testing.assert_allclose(np.abs(turned.transpose(0, 2, 1) @ vector), np.tile(np.eye(6), (4, 1, 1)), atol=1e-9)
