"""A panel read from a Parquet file is the panel made from the same table by pandas."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.panel import Panel
from analysis.sources.reading import row_groups


def table(seed=0, n=40, T=18):
    rng = np.random.default_rng(seed)
    home, month = np.nonzero(rng.random((n, T)) < 0.8)
    frame = pd.DataFrame(
        {
            "unit": np.char.add("1-", (home * 37 % 101).astype(str)),
            "month": (np.datetime64("2019-11", "M") + month).astype("datetime64[ms]"),
            "count": rng.poisson(3, len(home)),
            "exposure": rng.integers(0, 900, len(home)) * 1.0,
            "home_type": rng.choice(["nursing", "residential"], len(home)),
            "beds": rng.integers(10, 60, len(home)),
        }
    )
    frame["area"] = frame["home_type"].where(rng.random(len(home)) < 0.1)
    return frame.sample(frac=1, random_state=seed)


def missing(frame):
    """Some counts, exposures and beds not known."""
    gaps = np.random.default_rng(1).random((3, len(frame))) < 0.1
    holes = dict(zip(("count", "exposure", "beds"), gaps, strict=True))
    return frame.assign(**{name: frame[name].astype("Int64").mask(gap) for name, gap in holes.items()})


CHANGES = {
    "as it is": lambda frame: frame,
    "sorted": lambda frame: frame.sort_values(["unit", "month"]),
    "gaps": missing,
    "gaps as NaN": lambda frame: missing(frame).astype({"count": float, "exposure": float, "beds": float}),
    "whole numbers as units": lambda frame: frame.assign(unit=frame["unit"].str[2:].astype(int)),
    "dates as text": lambda frame: frame.assign(month=frame["month"].dt.strftime("%Y-%m-%d")),
    "dates in microseconds": lambda frame: frame.assign(month=frame["month"].astype("datetime64[us]")),
    "days": lambda frame: frame.assign(month=(frame["month"] + pd.Timedelta(days=11)).dt.date),
    "before 1970": lambda frame: frame.assign(month=frame["month"] - pd.Timedelta(days=365 * 60)),
    "single precision": lambda frame: frame.astype({"count": "int16", "exposure": "float32"}),
    "units of which some have no row": lambda frame: frame.assign(
        unit=frame["unit"].astype(pd.CategoricalDtype(["0", *sorted(set(frame["unit"])), "9"]))
    ),
    "no attributes": lambda frame: frame[["unit", "month", "count", "exposure"]],
}


@pytest.mark.parametrize("rows", [1 << 20, 101])
@pytest.mark.parametrize("change", CHANGES)
def test_a_file_makes_the_panel_of_its_table(change, rows, tmp_path, monkeypatch):
    monkeypatch.setattr(row_groups, "ROWS", rows)
    CHANGES[change](table()).to_parquet(tmp_path / "panel.parquet", index=False, row_group_size=rows)
    expected = Panel.from_frame(pd.read_parquet(tmp_path / "panel.parquet"))
    found = Panel.from_parquet(tmp_path / "panel.parquet")
    assert found.counts.sum() > 0
    pd.testing.assert_frame_equal(found.units, expected.units, check_dtype=False)
    assert found.digest == expected.digest


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (table().drop(columns="exposure"), "exposure is missing"),
        (pd.concat([table(), table().iloc[:1]]), "two rows for one month"),
        (table().assign(count=-1), "cannot be negative"),
        (table().assign(exposure=-0.5), "cannot be negative"),
        (table().iloc[:0], "at least one row"),
        (table().assign(unit=None), "needs a unit and a month"),
        (table().assign(month=pd.NaT), "needs a unit and a month"),
        (table().assign(month=7), "must be a date. Found: values of type int64"),
        (table().assign(count="3"), "must be numbers. Found: values of type"),
    ],
)
def test_what_is_not_a_panel_is_refused(frame, says, tmp_path):
    frame.to_parquet(tmp_path / "panel.parquet", index=False)
    with pytest.raises(AnalysisError, match=says):
        Panel.from_parquet(tmp_path / "panel.parquet")


def test_a_repeated_place_is_named(tmp_path):
    frame = table().sort_values(["unit", "month"])
    again = pd.concat([frame, frame.iloc[[5, 5, 9]]])
    again.to_parquet(tmp_path / "panel.parquet", index=False)
    unit, month = frame["unit"].iloc[5], frame["month"].iloc[5]
    with pytest.raises(AnalysisError, match=rf"{unit}, {month:%Y-%m} \(3 in all\)"):
        Panel.from_parquet(tmp_path / "panel.parquet")


@pytest.mark.parametrize("content", [b"", b"PAR1 not at all PAR1", None])
def test_what_is_no_parquet_file_is_told(content, tmp_path):
    path = tmp_path / "panel.parquet"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AnalysisError, match=r"panel\.parquet cannot be read as a Parquet file"):
        Panel.from_parquet(path)


def test_the_digest_waits_until_it_is_asked_for():
    panel = Panel.from_frame(table())
    assert not panel.__dict__["_digest"]
    assert panel.digest == Panel.from_frame(table().iloc[::-1]).digest
    assert len(panel.__dict__["_digest"]) == 64
