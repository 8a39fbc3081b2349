"""What stands in a Parquet file, as rows of text below its column names?"""

import math
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.sources.reading import refusal
from analysis.sources.reading.file_kinds import OpenFile, stream
from analysis.sources.reading.refusal import refuse
from analysis.sources.reading.rows import Row, Sheet


def sheet(file: OpenFile) -> Sheet:
    """Return the one sheet of a Parquet file; row 1 is its column names."""
    return Sheet(name=None, rows=_rows(file))


def _rows(file: OpenFile) -> Iterator[Row]:
    try:
        with stream(file.source) as data:
            book = pq.ParquetFile(data, page_checksum_verification=True)
            _check(file.name, book.metadata)
            yield Row(1, list(book.schema_arrow.names))
            number = 1
            for batch in book.iter_batches(batch_size=20_000):
                for cells in zip(*(_texts(column) for column in batch.columns), strict=True):
                    number += 1
                    yield Row(number, list(cells))
    except (pa.ArrowException, OSError, ValueError):
        refuse(file.name, "damaged Parquet", "pages that cannot be read", "a whole file", "Write or download it again.")


def _check(file: str, metadata: pq.FileMetaData) -> None:
    size = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    for found, limit, what in (
        (metadata.num_columns, refusal.MAX_COLUMNS, "columns"),
        (metadata.num_rows, refusal.MAX_ROWS, "rows"),
        (size, refusal.MAX_UNPACKED_BYTES, "bytes unpacked"),
    ):
        if found > limit:
            refuse(
                file, f"too many {what}", f"{found:,} {what}", f"at most {limit:,}", "Keep what is needed, or split it."
            )


def _texts(column: pa.Array) -> list[str]:
    if pa.types.is_floating(column.type):
        values = column.to_pylist()
        return ["" if value is None or math.isnan(value) else _number(value) for value in values]
    return ["" if value is None else str(value).removesuffix(" 00:00:00") for value in column.to_pylist()]


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
