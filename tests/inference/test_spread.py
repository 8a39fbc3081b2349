"""The same seeds give the same bytes whatever the number of workers, and a worker that is killed is survived."""

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from analysis.admissions import StaggeredRates
from analysis.calibration.injected import calibrate
from analysis.errors import AnalysisError
from analysis.inference import randomisation, refits
from analysis.inference.spread import WORKERS, spread, spread_over
from analysis.simulate import PanelSpec, simulate_panel
from analysis.specifications.curve import curve

OF_TWO = {"n_workers": 2, "threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": None}


def killed_once(mark: str, number: int) -> int:
    """Kill the process that does it, the first time that the third is done."""
    path = Path(mark)
    if number == 3 and not path.exists():
        path.write_text(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def refusing(number: int) -> int:
    if number == 2:
        raise AnalysisError("Two cannot be.")
    return number


def everything() -> list[bytes]:
    """A bootstrap, permutations, a calibration and a curve, in portions small enough to be several."""
    panel, truth = simulate_panel(PanelSpec(n_homes=40, n_months=24, starts=(10, 12) * 6, effect=(-0.2,)), 5)
    calibration = calibrate(panel, truth.design(), StaggeredRates(), ratios=(1.0, 0.8), draws=3)
    rng = np.random.default_rng(1)
    null = randomisation.Null(counts=panel.counts.astype(float), fitted=panel.counts + 0.5, inverse=np.eye(24))
    homes = np.array([rng.choice(40, 4, replace=False) for _ in range(50)])
    t = randomisation.statistics(null, np.array([10, 10, 12, 12]), homes)
    return [calibration.table.to_csv().encode(), t.tobytes(), curve(panel, truth.design()).table.to_csv().encode()]


@pytest.mark.bench
def test_bootstrap_permutations_calibration_and_curve_are_the_same_bytes_over_processes_and_dask(monkeypatch):
    monkeypatch.setattr(randomisation, "CHUNK", 400)
    monkeypatch.setattr(refits, "CELLS", 400)
    here = everything()
    for workers in (2, 3):
        with spread_over(workers):
            assert everything() == here
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(**OF_TWO) as dask, spread_over(dask.scheduler_address):
        assert everything() == here


def test_answers_come_in_the_order_of_the_tasks_and_refusals_as_they_are(monkeypatch):
    assert spread(refusing, ((n,) for n in (1, 3, 5))) == [1, 3, 5]
    monkeypatch.setenv(WORKERS, "two")
    with pytest.raises(AnalysisError, match="number of processes or the address"):
        spread(refusing, [(1,)])
    monkeypatch.setenv(WORKERS, "2")
    assert spread(pow, ((n, 2) for n in range(20))) == [n * n for n in range(20)]


@pytest.mark.bench
def test_a_killed_worker_is_survived_and_refusals_are_raised(tmp_path):
    with spread_over(2):
        assert spread(killed_once, ((str(tmp_path / "loky"), n) for n in range(12))) == [n * n for n in range(12)]
        with pytest.raises(AnalysisError, match="Two cannot be"):
            spread(refusing, ((n,) for n in range(5)))
    assert (tmp_path / "loky").exists()
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(**OF_TWO) as dask, spread_over(dask.scheduler_address):
        assert spread(killed_once, ((str(tmp_path / "dask"), n) for n in range(12))) == [n * n for n in range(12)]
    assert (tmp_path / "dask").exists()
