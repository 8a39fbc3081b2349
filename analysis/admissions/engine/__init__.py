"""The estimate: at what rate each home-month ran, at what rate it would have, and how each moves with the counts."""
