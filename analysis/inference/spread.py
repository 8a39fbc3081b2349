"""Where is what must be done a thousand times done: here, by several processes, or on other machines?

Refits of a bootstrap, permutations, calibrated panels, analyses of a curve: each is a function of its own arguments and
its own seed, and none knows of another. So they may be done anywhere and in any order, and are taken in the order in
which they were asked for: the same seeds give the same bytes whatever the number of workers. Each is done with one
thread for linear algebra, as here, because sums over several differ in their last digits.

Here is the default: an app leaves the processors to its other visitors. `HOMEWARD_WORKERS=2` in the environment spreads
over so many processes of this machine (joblib's loky), `HOMEWARD_WORKERS=tcp://…` over the workers of a Dask scheduler
(pip install 'homeward[dask]'); `spread_over` does either for the length of a block.

A worker that is killed takes with it what it was doing and no more: its portion is done again, at last in this process.
What a task itself refuses or breaks on is raised as it would be here.
"""
# ruff: noqa: PLC0415 - joblib and Dask take long to import, and are needed by few

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from itertools import islice
from typing import Any, TypeVar

from analysis.errors import AnalysisError
from analysis.inference.one_thread import compute_on_one_thread

WORKERS = "HOMEWARD_WORKERS"
HERE = "1"
EACH = 4
"""Tasks of each worker in a portion: enough that none waits long for the last, few enough to be done again."""
TRIES = 3
"""Times that a portion is handed out before it is done here: what killed a worker may do it again."""

T = TypeVar("T")
_over: ContextVar[str] = ContextVar("over", default="")


@contextmanager
def spread_over(workers: int | str) -> Iterator[None]:
    """Spread over so many processes, or over the workers of the Dask scheduler at an address, within a block."""
    before = _over.set(str(workers))
    try:
        yield
    finally:
        _over.reset(before)


def spread(work: Callable[..., T], tasks: Iterable[tuple]) -> list[T]:
    """Do the work for the arguments of every task; answers in the order of the tasks.

    Parameters
    ----------
    work : callable
        A function of a module, of its arguments alone.
    tasks : iterable of tuple
        Arguments. Taken as they are needed, in this process: what they draw is drawn in order.
    """
    over = _over.get() or os.environ.get(WORKERS, HERE)
    if over == HERE:
        return [_alone(work, task) for task in tasks]
    with ExitStack() as open_until:
        together, portion = _workers(over, open_until)
        coming, done = iter(tasks), []
        while some := list(islice(coming, portion)):
            done += _portion(together, work, some)
    return done


def _workers(over: str, open_until: ExitStack) -> tuple[Callable[[], Any], int]:
    """Give what makes joblib's workers, and how many tasks they are given at once."""
    from joblib import Parallel, parallel_config

    if over.startswith("tcp://"):
        client = open_until.enter_context(_dask(over))
        open_until.enter_context(parallel_config(backend="dask", client=client))
        return Parallel, EACH * max(1, sum(client.nthreads().values()))
    if not over.isdecimal() or int(over) < 1:
        raise AnalysisError(
            "What is to work is told by a number of processes or the address of a Dask scheduler.",
            found=f"{WORKERS}={over}", do=f"{WORKERS}=2, or {WORKERS}=tcp://127.0.0.1:8786",
        )  # fmt: skip
    return lambda: Parallel(n_jobs=int(over), backend="loky"), EACH * int(over)


def _dask(address: str) -> Any:
    try:
        from dask.distributed import Client  # pyright: ignore[reportMissingImports] - an extra
    except ImportError:
        raise AnalysisError("Dask is not installed.", do="Install it: pip install 'homeward[dask]'") from None
    return Client(address, set_as_default=False)


def _portion(together: Callable[[], Any], work: Callable[..., T], tasks: list[tuple]) -> list[T]:
    from concurrent.futures.process import BrokenProcessPool

    from joblib import delayed

    for _ in range(TRIES):
        try:
            return together()(delayed(_alone)(work, task) for task in tasks)
        except BrokenProcessPool:  # loky's word for a worker that was killed is of this kind
            continue
        except Exception as error:  # Dask's own, which only Dask can name
            if type(error).__name__ != "KilledWorker":
                raise
    return [_alone(work, task) for task in tasks]


def _alone(work: Callable[..., T], task: tuple) -> T:
    compute_on_one_thread()
    return work(*task)
