"""Pages are read aloud: headings go down one level at a time, and no two folds of a page are called the same."""

from collections import Counter
from itertools import pairwise

import pytest

from pages.shared.frame import MENU

ALL = {path: {} for path in MENU} | {"pages/ratings.py": {"models": "true", "five": "true", "all_five": "true"}}
"""Page to the choices that show the most of it."""


def parts(block):
    """Everything on a page in its order."""
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from parts(child)
        else:
            yield child


@pytest.mark.parametrize("path", ALL)
def test_headings_skip_no_level_and_folds_have_names_of_their_own(visit, path):
    app = visit(path, query=ALL[path])
    levels = [int(part.proto.tag[1]) for part in parts(app.main) if part.type in ("title", "header", "subheader")]
    assert levels[0] == 1
    assert len(levels) > 2
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    named = Counter(fold.label for fold in app.expander)
    assert set(named.values()) <= {1}, named
