"""What a network's leads have, with published ranges as context."""

import numpy as np
import pandas as pd

from analysis.words.phrases import homes

PUBLISHED = (
    "For context: clinical leads of the South West, June 2021, had 7 homes and 300 residents on average, from 3 homes "
    "with 30 residents to 21 homes with 800; two of three were GPs; 36% had a team in place, 34% were building one, "
    "30% had none (South West clinical leads network, 24 June 2021). The network contract asks that every home is "
    "aligned to one network, with a named lead, a weekly round, and an assessment within 7 working days (NHS England). "
    "These are ranges of others and not targets."
)
CANNOT = (
    "That an element is said to be in place does not say how well it is done.",
    "Networks differ in their homes and residents. One that stands apart is one to ask; what support did is for the "
    "Admissions page.",
)


def headline(leads: pd.DataFrame, unknown: int, missing: int) -> str:
    """Say how many networks and leads there are, and what a lead has."""
    own = leads[leads["lead"] > 0]
    per, residents = own["homes"].to_numpy(float), own["residents"].to_numpy(float)
    said = f"{leads['network'].nunique()} networks with {len(own)} leads."
    if len(own):
        said += f" A lead has {per.mean():.0f} homes on average, from {per.min():.0f} to {per.max():.0f}"
        if np.isfinite(residents).all():
            said += f", and about {residents.mean():.0f} residents, from {residents.min():.0f} to {residents.max():.0f}"
        said += "."
    without = int(leads.loc[leads["lead"] == 0, "homes"].sum())
    said += f" {homes(without)} of the list {'has' if without == 1 else 'have'} no lead." if without else ""
    said += f" {homes(missing)} of the data {'is' if missing == 1 else 'are'} in no network." if missing else ""
    return said + (
        f" {homes(unknown)} of the list {'is' if unknown == 1 else 'are'} not in the data." if unknown else ""
    )
