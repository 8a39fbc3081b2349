"""What has been published about how often services of each rating are rated better at the next inspection?

Figures, not records: a small table in ``analysis/evidence`` with the source and the caveat of every row. They are shown
beside what is computed from the files loaded, and never mixed with it.
"""

from pathlib import Path

import pandas as pd

from analysis.errors import AnalysisError

TABLE = Path(__file__).resolve().parents[1] / "evidence" / "next_rating.csv"


def published_next_ratings() -> pd.DataFrame:
    """Read the table: homes, period, from_rating, moved, count, of, percent, caveat, source.

    Raises
    ------
    AnalysisError
        If the table is not part of this installation.
    """
    if not TABLE.is_file():
        raise AnalysisError("The published figures are not part of this installation.", do="Use a copy of the project.")
    return pd.read_csv(TABLE, dtype={"count": "Int64", "of": "Int64"})
