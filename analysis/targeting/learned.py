"""Could a machine that learns from the past tell better which homes will send people to hospital?

Gradient-boosted trees with Poisson loss (scikit-learn), fitted to what followed earlier cuts: admissions per bed-day
of the next year from the shrunken baseline, the raw rate of the last year, size, kind, lasting level and rating. They
are used only where they beat the shrunken baseline on years neither of them saw (`contest`): where they do not, a rule
that can be read aloud is better than one that cannot.

Source: Friedman (2001), Annals of Statistics 29(5); scikit-learn, `HistGradientBoostingRegressor`.
"""

from dataclasses import dataclass, field

import numpy as np

DAYS_A_YEAR = 365.25
TREES = {"max_iter": 120, "learning_rate": 0.05, "max_depth": 3, "min_samples_leaf": 15, "max_bins": 32}
"""Small and slow, for tables of some hundred homes; a judgement made before looking at any result."""


@dataclass(slots=True, kw_only=True)
class Learner:
    """Learns cut by cut; nothing that followed a cut is known when it predicts that cut."""

    seed: int
    seen: list = field(default_factory=list)

    def learn(self, cut) -> None:
        """Remember what was known at a cut and what followed."""
        used = cut.eligible & (cut.followed_days > 0)
        rate = cut.followed[used] / cut.followed_days[used]
        self.seen.append((features(cut)[used], rate, cut.followed_days[used]))

    def predict(self, cut) -> np.ndarray | None:
        """Admissions of the next year, shape (N,); None before anything was learnt."""
        if not self.seen or not np.concatenate([rate for _, rate, _ in self.seen]).any():
            return None
        from sklearn.ensemble import HistGradientBoostingRegressor  # noqa: PLC0415 - more than a second to import
        from threadpoolctl import threadpool_limits  # noqa: PLC0415

        X, y, weight = (np.concatenate(parts) for parts in zip(*self.seen, strict=True))
        trees = HistGradientBoostingRegressor(loss="poisson", random_state=self.seed, **TREES)
        scale = np.average(y, weights=weight)
        with threadpool_limits(1):  # several threads on so small a table wait for one another
            trees.fit(X, y / scale, sample_weight=weight / weight.mean())
            return trees.predict(features(cut)) * scale * cut.baseline.beds_taken * DAYS_A_YEAR


def features(cut) -> np.ndarray:
    """Give what is known of each home at a cut, shape (N, 6)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = cut.last_year / cut.bed_days
    residents = cut.baseline.beds_taken
    shrunken = np.divide(cut.expected, residents, out=np.zeros_like(residents), where=residents > 0)
    nursing = (cut.baseline.kind == "nursing").astype(float)
    rating = np.where(np.isnan(cut.rating), -1.0, cut.rating)
    return np.column_stack([shrunken, raw, residents, nursing, cut.baseline.multiplier, rating])
