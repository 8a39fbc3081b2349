"""Where do today's files come from, and how are they fetched so that it can be said what was asked, and when?

Three publishers: the Care Quality Commission (its syndication API, and its monthly files), NHS England (Discharge Ready
Date) and the Department of Health and Social Care (ASCOF). What is fetched is a folder of files with a ledger beside
them (`ledger`); nothing here says what the files mean (`analysis.sources` does), and everything works without it.
This is the only place of the house that makes a request.
"""

from analysis.fetch.asking import Asker
from analysis.fetch.locations import fetch_locations
from analysis.fetch.publications import PUBLICATIONS, Publication, fetch_files

__all__ = ["PUBLICATIONS", "Asker", "Publication", "fetch_files", "fetch_locations"]
