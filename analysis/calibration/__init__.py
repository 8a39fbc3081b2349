"""How right is this design on these homes? Known effects are put into months without any, and looked for."""

from analysis.calibration.fresh import fresh_coverage
from analysis.calibration.injected import Calibration, calibrate

__all__ = ["Calibration", "calibrate", "fresh_coverage"]
