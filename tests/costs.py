"""How much of what may be drawn at random does a run draw?

`make test` proves every assertion on a part of what could be drawn; `make proof` sets HOMEWARD_PROOF and draws all of
it. Paths that strangers type are drawn 500 times in every run. Whatever takes longer
than that allows carries the marker `bench`, which `make proof` runs too.
"""

import os
from collections.abc import Iterable

import pytest

PROOF = bool(os.environ.get("HOMEWARD_PROOF"))
PART = 8
"""In `make test` one draw in so many: a fault that one draw in fifty shows is still found in most runs of a day."""
FEWEST = 10


def draws(whole: int, part: int | None = None) -> int:
    """How many examples, of as many as the proof draws; `part` where every run needs more than an eighth, or fewer."""
    return whole if PROOF else part or min(whole, max(FEWEST, whole // PART))


def one_in(every: int, cases: Iterable) -> list:
    """Parameters of which every run asks one in so many, the first among them, and the proof all."""
    return [case if n % every == 0 else in_the_proof(case, name=str(case)) for n, case in enumerate(cases)]


def in_the_proof(*values, name: str):
    """Parameters of a test that only the proof runs, beside lighter ones that every run does."""
    return pytest.param(*values, marks=pytest.mark.bench, id=name)
