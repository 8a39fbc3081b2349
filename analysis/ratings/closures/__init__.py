"""Did fewer supported homes leave the register than homes like them?

`followed` says from when to when each home is seen; `alike` what was expected anyway; `model` is the answer.
"""

from analysis.ratings.closures.followed import Following, following_from
from analysis.ratings.closures.model import ClosuresExpected

__all__ = ["ClosuresExpected", "Following", "following_from"]
