"""What was loaded, when, from which file, and what does it say?"""

from analysis.store.report import LoadReport
from analysis.store.store import OVERLAP, Store

__all__ = ["OVERLAP", "LoadReport", "Store"]
