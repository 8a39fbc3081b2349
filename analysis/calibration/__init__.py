"""How right is this design on these homes? Known effects are put into months without any, and looked for."""

from analysis.calibration.injected import Calibration, calibrate

__all__ = ["Calibration", "calibrate"]
