"""How long does the whole list of doubts take, of many homes over many months, and with which memory?

    PYTHONPATH=. python bench/doubts_speed.py                    15,000 homes over 120 months, starts in five months
    PYTHONPATH=. python bench/doubts_speed.py --size 1500x120x5u

Prints one line a doubt: seconds of the processor, and what it said. Homes have providers of five, districts of fifty
and local authorities of a hundred homes.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from panels import starts_of, write

from analysis.admissions import StaggeredRates
from analysis.design import NEVER, Design
from analysis.panel import Panel
from analysis.panel.build import PLANNED
from analysis.protocol import CHECKS, always
from analysis.protocol.registry import loaded
from analysis.results import Fitted

MODEL = StaggeredRates(subgroups=())
"""As a protocol asks it."""


def drawn(size: str) -> tuple[Panel, Design]:
    """Draw a panel with places and a second count."""
    with tempfile.TemporaryDirectory() as folder:
        path, _ = write(size, Path(folder))
        panel = Panel.from_parquet(path)
        start = pd.read_parquet(starts_of(path)).set_index("unit")["start"].reindex(panel.units.index).to_numpy()
    N = len(start)
    places = {"provider": 5, "district": 50, "area": 100}
    units = panel.units.assign(
        **{name: (np.arange(N) // homes * 7919 % N).astype(str) for name, homes in places.items()}
    )
    other = replace(panel, outcome=PLANNED, digest="")
    included = np.ones(panel.counts.shape, bool)
    design = Design(intervention="x", start=np.where(start < 0, NEVER, start), included=included)
    return replace(panel, units=units, also={PLANNED: other}, digest=""), design


def main() -> None:
    """Examine one doubt after the other."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--size", default="15000x120x5u")
    asked.add_argument("--only", nargs="*", default=[])
    given = asked.parse_args()
    panel, design = drawn(given.size)
    began = time.process_time()
    fitted = Fitted(observed=panel, design=design, model=MODEL, effects=MODEL.fit(panel, design))
    print(f"{time.process_time() - began:6.2f} the answer", flush=True)
    total = 0.0
    for name in given.only or always():
        began = time.process_time()
        check = loaded(CHECKS[name])(fitted)
        total += time.process_time() - began
        gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(
            f"{time.process_time() - began:6.2f} {name:20} {gb:.2f} GB {check.passed} {check.reading[:90]}", flush=True
        )
    print(f"{total:6.2f} the whole list, at most {gb:.2f} GB")


if __name__ == "__main__":
    main()
