"""Networks and clinical leads, from a list that the visitor brings, or the sample's."""

import streamlit as st

from analysis import written
from analysis.figures import Source
from analysis.figures import networks as figures
from analysis.plans.networks import NetworksPlan, lead, listed
from analysis.store.sample import SAMPLE
from pages.shared import cached
from pages.shared.cached import Loaded, remembered
from pages.shared.showing import hand_out, shown, wanted

LIST = SAMPLE / "lists" / "networks.csv"
NEEDS = (
    "One row per home: location ID and network, and if you like lead, role, team (in place, building, none), named "
    "lead, weekly round, assessment, medication review, information sharing (yes or no). Names of leads are not kept."
)
SYNTHETIC = "Synthetic data: the fictional county of Marlshire."


def networks(data: Loaded) -> None:
    """Ask whether networks are wanted, take the list, and show what leads have."""
    if not wanted("By network and clinical lead", "Show homes by primary care network", "networks", NEEDS):
        return
    given = st.file_uploader("List of homes and networks (CSV, Excel, ODS)")
    if given is None and not data.synthetic:
        st.caption(NEEDS)
        return
    plan = listed(given.name, given.getvalue()) if given else remembered(data, ("networks",), _of_the_sample)
    homes = cached.homes_known(data)
    found = lead(plan, homes)
    source = Source(origin=SYNTHETIC if data.synthetic else f"Source: {data.name}.",
                    made_from={"plan": written.digest(plan), "data_sha256": cached.released(data)})  # fmt: skip
    shown(figures.figures(found, source), source)
    hand_out([st], {"Download these networks as a plan (TOML)": ("networks.toml", written.to_toml(plan))})


def _of_the_sample() -> NetworksPlan:
    return listed(LIST.name, LIST)
