"""What was loaded, when, from which file, and what does it say?"""

from analysis.store.report import LoadReport
from analysis.store.store import COUNTS, OVERLAP, Store

__all__ = ["COUNTS", "OVERLAP", "LoadReport", "Store"]
