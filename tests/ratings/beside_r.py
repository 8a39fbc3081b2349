"""The rating models beside R's `ordinal` and `msm`, whose results are stored with the scripts that made them."""

from pathlib import Path

import numpy as np
import pandas as pd
from wine import CONTACT, JUDGE, RATING, WARM

from analysis.inspections.watched import EXIT, NEVER, OPEN, Watched, watched
from analysis.ratings.multi_state.fit import fit_moves
from analysis.ratings.next_rating.cumulative_logit import Ordered, cut_points
from analysis.ratings.next_rating.fit import fit_ordered

REFERENCE = Path(__file__).parent / "reference"
MOVES = ["1-2", "2-3", "3-4", "2-1", "3-2", "4-3", "1-5", "2-5", "3-5", "4-5"]
"""In the order of `Structure`, as msm numbers states."""
EFFECTS = ["supported up", "supported down", "nursing up", "nursing down", "nursing exit"]


def natural(theta: np.ndarray, cuts: int) -> tuple[np.ndarray, np.ndarray]:
    """Cuts, β (and σ) from the parameters of the search, and the Jacobian of that."""
    jacobian = np.eye(len(theta))
    jacobian[1:cuts, 0] = 1.0
    for j in range(1, cuts):
        jacobian[j, 1 : j + 1] = np.exp(theta[1 : j + 1])
    return np.concatenate([cut_points(theta, cuts), theta[cuts:]]), jacobian


def panel() -> Watched:
    """The stored panel, as the model takes it: moments at which only the covariate changed are cut out."""
    rows = pd.read_csv(REFERENCE / "panel.csv")
    started = rows.loc[rows["supported"] == 1].groupby("home")["time"].min()
    homes = rows["home"].max() + 1
    last = rows["home"] != rows["home"].shift(-1)
    rows = rows.loc[(rows["state"] != 99) | last]
    state = rows["state"].map({1: 0, 2: 1, 3: 2, 4: 3, 5: EXIT, 99: OPEN}).to_numpy()
    return watched(
        rows["home"].to_numpy(), rows["time"].to_numpy(), state,
        started=started.reindex(range(homes)).fillna(NEVER).to_numpy(),
        attributes=rows.groupby("home")["nursing"].first().to_numpy(float)[:, None], breaks=np.zeros(0),
    )  # fmt: skip


def ordinal(model: str) -> pd.DataFrame:
    """What R's ordinal found: name (index), estimate, std_error."""
    stored = pd.read_csv(REFERENCE / "ordinal.csv", skipinitialspace=True)
    return stored.query("model == @model").set_index("name")


def msm() -> pd.DataFrame:
    """What R's msm found: name (index), estimate, std_error."""
    return pd.read_csv(REFERENCE / "msm.csv", skipinitialspace=True).set_index("name")


def wine(model: str) -> pd.DataFrame:
    """The bitterness of wine, without a judge effect ("fixed") or with one ("judge"), beside ordinal's numbers."""
    home = JUDGE if model == "judge" else None
    x = np.column_stack([WARM, CONTACT])
    fit = fit_ordered(Ordered(y=RATING.ravel() - 1, x=x, weight=np.ones(RATING.size), home=home))
    value, jacobian = natural(fit.theta, fit.data.cuts)
    error = np.sqrt(np.diagonal(jacobian @ fit.clusters.inverse @ jacobian.T))
    return _beside(ordinal(model).iloc[:6], value[:6], error[:6])


def moves() -> pd.DataFrame:
    """The stored panel beside msm's numbers; errors of the intensities are not stored."""
    fit = fit_moves(panel())
    error = np.sqrt(np.diagonal(fit.clusters.inverse))
    table = _beside(msm().loc[[*MOVES, *EFFECTS]], fit.theta, error)
    table.loc["minus twice the log-likelihood"] = {
        "R": msm().loc["minus2loglik", "estimate"],
        "here": -2 * fit.maximum.log_likelihood,
    }
    return table


def _beside(stored: pd.DataFrame, estimate: np.ndarray, error: np.ndarray) -> pd.DataFrame:
    values = {"R": stored["estimate"], "here": estimate, "R, std error": stored["std_error"], "here, std error": error}
    return pd.DataFrame(values, index=stored.index)
