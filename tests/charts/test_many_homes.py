"""A funnel of a country is drawn with few enough marks for a browser, and every home is in one of them."""

import numpy as np
import pandas as pd

from analysis.charts.monitoring import MOST_MARKS, funnel
from analysis.monitoring.funnel import funnel as judged


def drawn(homes: int):
    rng = np.random.default_rng(1)
    expected = np.exp(rng.normal(3, 0.8, homes))
    observed = rng.poisson(expected * rng.choice([1.0, 3.0], homes, p=[0.995, 0.005]))
    found = judged(observed.astype(float), expected)
    where = np.select([found.ratio > found.upper[:, 1], found.ratio < found.lower[:, 1]], ["above", "below"], "within")
    rows = pd.DataFrame({"name": [f"H{n}" for n in range(homes)], "expected": expected, "ratio": found.ratio,
                         "where": where})  # fmt: skip
    spec = funnel(rows, found.phi, found.tau2, found.spread).to_dict(validate=False)
    marks = next(data for data in spec["datasets"].values() if "where" in data[0])
    return rows, pd.DataFrame(marks), spec["description"]


def test_fifteen_thousand_homes_are_drawn_by_place():
    rows, marks, told = drawn(15_000)
    assert len(marks) < 5_000 and marks["homes"].sum() == len(rows)
    assert marks.groupby("where")["homes"].sum().to_dict() == rows["where"].value_counts().to_dict()
    assert "15,000 homes" in told and "share a mark" in told
    shared = marks[marks["homes"] > 1]
    assert (shared["name"] == shared["homes"].map("{:,} homes".format)).all()


def test_few_homes_have_a_mark_each_of_their_own():
    rows, marks, told = drawn(MOST_MARKS // 10)
    assert marks["name"].tolist() == rows["name"].tolist() and "share" not in told
