"""What is a published sentence worth?

`Claim` is what it says, as far as it says it; `appraise` weighs it against published tables, the files that are loaded
and what is known of chance, choice and trend. Sentences and figures are made of the `Appraisal` elsewhere.
"""

from analysis.claims.admissions import appraise_admissions
from analysis.claims.anyway import NOTHING, LocalKnowledge
from analysis.claims.appraisal import Appraisal, Number
from analysis.claims.area import appraise_area
from analysis.claims.claim import (
    AreaChange,
    Claim,
    ComparedWith,
    FewerAdmissions,
    HowChosen,
    ScaledTotal,
    ShareImproved,
    Window,
)
from analysis.claims.lacking import Lacking, lacking
from analysis.claims.remarks import remarks
from analysis.claims.shares import appraise_share
from analysis.claims.total import appraise_total

_BY_KIND = {
    ShareImproved: appraise_share,
    FewerAdmissions: appraise_admissions,
    AreaChange: appraise_area,
    ScaledTotal: appraise_total,
}


def appraise(claim: Claim, known: LocalKnowledge = NOTHING) -> Appraisal:
    """Appraise a claim.

    Parameters
    ----------
    claim : Claim
    known : LocalKnowledge
        What the files loaded say; published tables are always heard.
    """
    return _BY_KIND[type(claim)](claim, known)


__all__ = [
    "NOTHING", "Appraisal", "AreaChange", "Claim", "ComparedWith", "FewerAdmissions", "HowChosen", "Lacking",
    "LocalKnowledge", "Number", "ScaledTotal", "ShareImproved", "Window", "appraise", "lacking", "remarks",
]  # fmt: skip
