"""Who runs the expression?

Each engine is a function: the expression, the files that stand for its relations, and where the answer goes, one
Parquet file in the order asked for. Files are read where they lie: nothing passes through this process but the answer
of Spark, which comes in parts.

* ``duckdb``: in this process, on the processors that there are, in bounded memory; what does not fit goes to disk.
* ``spark``: PySpark, an extra. Without more, a session on this machine; under ``spark-submit``, or where a session is
  running, whatever cluster that is.

Versions: Spark before 3.4 does not read ``greatest`` and ``FILTER`` as here; PySpark 4.0 needs Java 17 and says that it
does not know pandas 3, which is not used. DuckDB gives HUGEINT for sums of whole numbers, so sums are cast.
"""
# ruff: noqa: PLC0415

import contextlib
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb

from analysis.errors import AnalysisError
from analysis.store import database

MEMORY = "2500MB"
"""What DuckDB keeps its working memory to: with the process beside it, under 4 GB."""
CONFIG = {name: value for name, value in database.CONFIG.items() if name != "threads"}
"""As a store is opened, but on the processors that there are."""
SPARK = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "3g",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
}
HERE = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
"""A session of this machine alone listens to no other."""
LOCAL = "local[2]"

Engine = Callable[[str, Mapping[str, str], Path], None]


def by_duckdb(expression: str, relations: Mapping[str, str], out: Path) -> None:
    """Run the expression in this process.

    Parameters
    ----------
    expression : str
    relations : mapping of str to str
        Name to a Parquet file, or a pattern of some.
    out : Path
        Written anew.
    """
    with tempfile.TemporaryDirectory(dir=out.parent) as spill:
        config = {**CONFIG, "memory_limit": MEMORY, "temp_directory": spill, "preserve_insertion_order": False}
        with duckdb.connect(config=config) as connection:
            for name, path in relations.items():
                connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({quoted(path)})")
            connection.execute(f"COPY ({expression}) TO {quoted(out)} (FORMAT parquet)")


def by_spark(expression: str, relations: Mapping[str, str], out: Path) -> None:
    """Run the expression by Spark; arguments as of `by_duckdb`."""
    with tempfile.TemporaryDirectory(dir=out.parent) as folder, _session() as spark:
        for name, path in relations.items():
            spark.read.parquet(path).createOrReplaceTempView(name)
        parts = Path(folder) / "parts"
        spark.sql(expression).write.parquet(str(parts))
        gathered = f"SELECT * FROM read_parquet({quoted(parts / '*.parquet')}) ORDER BY unit, month"
        by_duckdb(gathered, {}, out)


ENGINES: Mapping[str, Engine] = {"duckdb": by_duckdb, "spark": by_spark}


@contextlib.contextmanager
def _session():
    """Give the session that is running, or one that lasts as long as this."""
    try:
        from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports] - an extra
    except ImportError:
        raise AnalysisError(
            "Spark is not installed.",
            do="Install it: pip install 'homeward[spark]', and Java 17; or leave --engine out, and DuckDB does it.",
        ) from None
    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    builder = SparkSession.builder.appName("homeward")
    options = SPARK if os.environ.get("SPARK_ENV_LOADED") else {**SPARK, **HERE, "spark.master": LOCAL}
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def quoted(path: Path | str) -> str:
    """Write a path as SQL does."""
    return "'" + str(path).replace("'", "''") + "'"
