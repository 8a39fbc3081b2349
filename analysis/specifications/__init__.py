"""What would every defensible analysis have said?

`curve` fits them all; `joint_test` says whether together they say more than they would had homes been picked by lot.
"""

from analysis.specifications.curve import Curve, curve
from analysis.specifications.joint import Joint, joint_test

__all__ = ["Curve", "Joint", "curve", "joint_test"]
