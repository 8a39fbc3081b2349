"""What every test may use."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: two threads on a busy machine are many times slower

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def realdata() -> Path:
    """Folder with the real CQC and NHS files, which are never part of the project."""
    folder = Path(os.environ.get("HOMEWARD_REALDATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the real CQC and NHS files are not on this machine (set HOMEWARD_REALDATA)")
    return folder


@pytest.fixture(scope="session")
def county():
    from analysis import simulate  # noqa: PLC0415 - after the threads are set

    return simulate.simulate_county(simulate.SEED)


@pytest.fixture(scope="session")
def county_baseline(county):
    from analysis.scenarios.calibration import county_baseline  # noqa: PLC0415 - after the threads are set

    return county_baseline(county)
