"""What may be asked of the model, and how a form asks for it?"""

from collections.abc import Mapping
from typing import get_args

from analysis.admissions.compared.setting import Average, Cluster
from analysis.admissions.engine.estimate import Kind, Vcov
from analysis.admissions.uncertainty.dose import Dose
from analysis.admissions.uncertainty.methods import Also
from analysis.allowed import LAST_SEED, NAMES, Entry, Option, list_of, one_of, optional, share, whole
from analysis.design import Comparison

OPTIONS: Mapping[str, Option] = {
    "conf_level": share(0.5, 0.999, 0.95),
    "leads": whole(0, 120, 6, "months"),
    "vcov": one_of(get_args(Vcov)),
    "cluster": one_of(get_args(Cluster)),
    "permutations": whole(0, 100_000, 1999),
    "also": list_of(get_args(Also)),
    "average": one_of(get_args(Average)),
    "effects": one_of(get_args(Kind)),
    "month_effects_by": NAMES,
    "dose": one_of(get_args(Dose)),
}
"""What each option that a protocol may set under [model] may be."""
ENTRIES: Mapping[str, Entry] = {
    "average": Entry(
        "What is averaged over",
        options={"bed_day": "Every bed-day, so that large homes weigh more", "home": "Every home, large or small"},
    ),
    "cluster": Entry(
        "Which homes have good and bad spells together",
        "luck",
        options={
            "home": "None: each home by itself",
            "provider": "Homes of one provider",
            "area": "Homes of one area",
            "provider and area": "Homes of one provider, and homes of one area",
        },
    ),
    "effects": Entry(
        "Whose usual rate is allowed for",
        "level",
        options={"home": "Each home", "cohort": "All homes of one start (as most software has it)"},
    ),
}
"""How a form asks for those that change the answer most."""
SET_ELSEWHERE: Mapping[str, Option] = {
    "comparison": optional(one_of(get_args(Comparison))),
    "subgroups": NAMES,
    "seed": whole(0, LAST_SEED, 20261122),
}
"""What a protocol says in its other sections."""
