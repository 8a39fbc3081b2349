"""What stands in a large Parquet table of one's own, a portion of its rows at a time?

For a prepared table with typed columns that is too large to hold beside what is made of it. Files as they come from
elsewhere, untyped or untrusted, are read by `analysis.sources.read`.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import AnalysisError

ROWS = 1 << 20
"""Rows at a time: what most software writes as one row group; four columns of them are some 30 MB."""


class ParquetTable:
    """A Parquet file that is read in portions.

    Parameters
    ----------
    path : Path or str
    coded : tuple of str
        Columns of text that are wanted as codes of distinct values.

    Raises
    ------
    AnalysisError
        If it is not a Parquet file.
    """

    def __init__(self, path: Path | str, coded: tuple[str, ...]):
        self.path = Path(path)
        try:
            with pq.ParquetFile(self.path) as file:
                self.columns, self.rows = list(file.schema_arrow.names), file.metadata.num_rows
            self.coded = [name for name in coded if name in self.columns]
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(self.path, error) from error

    def portions(self, columns: list[str]) -> Iterator[tuple[slice, pa.RecordBatch]]:
        """Yield some rows of some columns, and where these rows stand in the whole."""
        at = 0
        try:
            with pq.ParquetFile(self.path, read_dictionary=self.coded) as file:
                for batch in file.iter_batches(batch_size=ROWS, columns=columns):
                    yield slice(at, at + batch.num_rows), batch
                    at += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(self.path, error) from error


def _unreadable(path, error):
    return AnalysisError(
        f"{path.name} cannot be read as a Parquet file.",
        found=str(error).splitlines()[0],
        do="Check the name, or write the file again.",
    )
