"""Planning: could the next evaluation find an effect that matters, and what must be collected for it?"""

from analysis.planning.background import Background, background
from analysis.planning.collect import checklist, templates
from analysis.planning.plan import AdmissionsPlan, RatingsPlan, StartsByLot, more_or_fewer
from analysis.planning.power import GRID, Progress, simulate, simulation, smallest
from analysis.planning.ratings import RatingsStudy, ratings_power, services_needed, smallest_better
from analysis.planning.schedule import Lot, balance, schedule, taking_part
from analysis.planning.study import KINDS, Kind, Study
from analysis.planning.textbook import textbook

__all__ = [
    "GRID", "KINDS", "AdmissionsPlan", "Background", "Kind", "Lot", "Progress", "RatingsPlan", "RatingsStudy",
    "StartsByLot", "Study", "background", "balance", "checklist", "more_or_fewer", "ratings_power", "schedule",
    "services_needed", "simulate", "simulation", "smallest", "smallest_better", "taking_part", "templates", "textbook",
]  # fmt: skip
