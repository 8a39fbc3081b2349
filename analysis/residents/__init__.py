"""Did new residents of supported homes go to hospital less than residents like them elsewhere?

How the published controlled evaluations of our field were done (Improvement Analytics Unit, Health Foundation and NHS
England, 2017 to 2020): people who moved into a supported home after its support began, matched to people who moved into
homes without it at the same time, followed to the day.
"""

from analysis.residents.cohort import ResidentCohort, cohort_from
from analysis.residents.model import MatchedResidents
from analysis.residents.records import ResidentRecords, stored_residents

__all__ = ["MatchedResidents", "ResidentCohort", "ResidentRecords", "cohort_from", "stored_residents"]
