"""What every test may use."""

import atexit
import os
import shutil
import threading
from functools import cache
from pathlib import Path

import pytest

from tests.costs import PROOF

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: two threads on a busy machine are many times slower

ROOT = Path(__file__).resolve().parents[1]
MEMORY, ENOUGH = Path("/dev/shm"), 2**31
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:  # else every file safely written waits for the disk
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
os.environ["HOMEWARD_KEPT"] = str(ROOT / ".cache" / "tests")
"""Where the sample's store and first answers are kept for every process of a run, servers too: by a digest of all code,
files and versions they depend on (`analysis.store.disk_cache`), so that what a test sees is worked out by the code it
tests. `tests/pages/test_warm.py` holds what is kept to what is worked out."""
if "PYTEST_XDIST_WORKER" in os.environ:
    # What pytest and Hypothesis still hold when a process of a run is taken apart, DuckDB's types among it, is never
    # let go, and DuckDB says so in forty lines: after all that is registered later, the process ends as it stands.
    atexit.register(os._exit, 0)
LONG = ("browser", "plans", "house", "notebooks", "pages")
"""Rooms whose tests take longest each. They begin: a long one left for the end would keep one core waiting."""
TOGETHER = {"browser": "browser", "plans": "plans", "figures": "answers", "reports": "answers"}
"""Rooms in which what is made once costs more than its tests: one process makes it, and runs them all."""
if not PROOF:  # whose walks through pages are too many for one process
    TOGETHER["pages"] = "pages"


def pytest_collection_modifyitems(items):
    """Put long tests first, those of a room together."""
    place = {room: n for n, room in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.relative_to(ROOT / "tests").parts[0], len(LONG)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give each process whole files, or what shares more than a file: what is made for many tests is made once.

    (`xdist_group` does not do it: since pytest 9.2 what pytest-xdist 3.8 writes into a test's name is not read.)
    """
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 - where tests run in one process there may be none

    class Shared(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = Path(nodeid.partition("::")[0])
            room, asked = path.parts[1], path.stem.removeprefix("test_")
            if room == "evaluation" and asked == "levels":
                room = "figures"
            return TOGETHER.get(room, str(path))

    config.option.loadscopereorder = False
    return Shared(config, log)


def pytest_sessionfinish():
    """Wait for what pages work out beforehand: a process that ends meanwhile says that DuckDB leaked."""
    for thread in threading.enumerate():
        if thread.name == "beforehand":
            thread.join(timeout=60)


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


@pytest.fixture(scope="session")
def sample_store():
    """The sample county as the pages load it; tests only read it."""
    from analysis.store import sample  # noqa: PLC0415 - after the threads are set

    return sample.stored(sample.SAMPLE_FILES)[0]


@pytest.fixture(scope="session")
def shipped(sample_store):
    """The sample's protocols carried out, by name, each when it is first asked for; tests only read what was found."""
    from analysis.evaluation import evaluate  # noqa: PLC0415 - after the threads are set
    from analysis.protocol import Protocol  # noqa: PLC0415 - after the threads are set
    from analysis.store import sample  # noqa: PLC0415 - after the threads are set

    @cache
    def once(name):
        store = sample.stored(sample.COUNCIL_FILES)[0] if name == "discharge_programme" else sample_store
        return evaluate(Protocol.read(ROOT / "data" / "sample" / "protocols" / f"{name}.toml"), store)

    return once


@pytest.fixture(scope="session")
def sample_past(sample_store):
    """The sample's panel, its intervention spells by home, and its home-months without any."""
    from analysis.baseline import months_without  # noqa: PLC0415 - after the threads are set
    from analysis.evaluation import material  # noqa: PLC0415 - after the threads are set
    from analysis.outcomes import EMERGENCIES  # noqa: PLC0415 - after the threads are set

    given = material(sample_store, EMERGENCIES)
    return given.observed, given.spells, months_without(given.observed, given.spells)


@pytest.fixture(scope="session")
def sample_shown(sample_store):
    """The sample's panel of counts as they may be shown."""
    from analysis.evaluation import material  # noqa: PLC0415 - after the threads are set
    from analysis.outcomes import EMERGENCIES  # noqa: PLC0415 - after the threads are set

    return material(sample_store, EMERGENCIES).shown
