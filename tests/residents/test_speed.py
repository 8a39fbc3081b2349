"""Are 200,000 stays, with as many admissions as they bring, read, loaded and evaluated in seconds?"""

from time import process_time

import numpy as np
import pandas as pd
import pytest

from analysis.evaluation import evaluate
from analysis.protocol import Protocol
from analysis.simulate.residents import ResidentWorld, as_tables, simulate_residents
from analysis.sources import read
from analysis.store import Store

LIMIT = 40.0
"""Seconds of processor: 25 when it was made, three fifths of them reading two files of 14 and 30 megabytes."""


@pytest.mark.bench
def test_two_hundred_thousand_stays_take_seconds():
    world = ResidentWorld(homes=3_000, supported=300)
    stays, went, homes = as_tables(simulate_residents(world, np.random.default_rng(1)), "2020-01-01")
    given = pd.DataFrame({"location_id": homes.index[:300], "intervention": "support", "start": "2020-12-31"})
    files = {
        "stays.csv": stays.rename(columns={"person": "pseudonym"}), "given.csv": given,
        "went.csv": went.drop(columns="location_id").rename(columns={"person": "pseudonym", "nights": "los"}),
    }  # fmt: skip
    written = {name: frame.to_csv(index=False).encode() for name, frame in files.items()}
    store = Store.in_memory()
    assert len(stays) > 200_000
    started = process_time()
    for name, content in written.items():
        store.load(read(name, content))
    text = '[intervention]\nname = "support"\n[outcome]\nkind = "residents"\n'
    found = evaluate(Protocol.read(text), store)
    assert process_time() - started < LIMIT
    row = found.effects.tidy().iloc[0]
    assert abs(np.log(row["estimate"] / world.rate_ratio)) < 0.1 and row["std_error"] < 0.05
