"""Do the same data give the same bytes, and does one visitor leave the processor to the others?

Sums over several threads differ in their last digits from run to run, and two visitors' threads on two processors get
in each other's way (two to eight times slower, measured). Set once for the process and never set back: another
visitor's fit may be under way.
"""

from functools import cache

from threadpoolctl import threadpool_limits


@cache
def compute_on_one_thread() -> None:
    """Let the linear algebra libraries loaded in this process use one thread, whoever imported them first."""
    threadpool_limits(limits=1, user_api="blas")
