"""How is one home found among thousands? By part of its name, its CQC id, its postcode or its council.

A list of every home of a country is half a megabyte for every visitor, and nobody reads it. Up to `ALL_LISTED` homes
all are listed, as ever; of more the browser gets those that fit what is typed, and the one that is chosen.
"""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from analysis.registrations import stored_registrations
from pages.shared.cached import Loaded, remembered
from pages.shared.form import Box, choose, in_address

ALL_LISTED = 400
"""Homes up to which all stand in one list: a county's."""
MOST_FOUND = 50
"""Of those that fit: more are not read, but narrowed down."""
LABEL = "Find a home: part of its name, CQC id, postcode or council"


def choose_home(data: Loaded, box: Box, label: str, names: Mapping[str, str], key: str) -> str:
    """Ask for one of the homes, by a list where they are few, and else by what is typed.

    Parameters
    ----------
    names : mapping of str to str
        CQC id to what a home is called, in the order in which they are listed.
    key : str
        Under which the choice, and ``key_find`` what was typed, stand in the address.
    """
    if len(names) <= ALL_LISTED:
        return choose(box, label, names, key)
    typed = box.text_input(LABEL, **in_address(f"{key}_find"))
    found = [home for home in _fitting(_known(data, names), typed) if home in names]
    listed = {home: names[home] for home in [*found[:MOST_FOUND], *_chosen(names, key)]}
    box.caption(said(len(found), len(names), typed))
    return choose(box, label, listed, key)


def said(found: int, every: int, typed: str) -> str:
    """Say how many homes fit, and which of them are listed."""
    if not typed.strip():
        return f"The first {MOST_FOUND} of {every:,} homes are listed; type to find any other."
    if not found:
        return "No home fits. Every part of what is typed must stand in its name, id, postcode or council."
    if found > MOST_FOUND:
        return f"{found:,} homes fit, and the first {MOST_FOUND} are listed: type more to narrow them down."
    return f"{found:,} {'home fits' if found == 1 else 'homes fit'}."


def _chosen(names: Mapping[str, str], key: str) -> list[str]:
    """Give the home that is chosen already, here or by an address, which holds what it is called."""
    chosen = st.session_state.get(key) or st.query_params.get(key, "")
    return [chosen] if chosen in names else [home for home, name in names.items() if name == chosen][:1]


def _known(data: Loaded, names: Mapping[str, str]) -> pd.Series:
    """Put what a home may be found by into one text, in the order of the list, or remember it."""

    def work() -> pd.Series:
        rows = data.store.table("locations")
        home = stored_registrations(data.store).of(rows["location_id"])
        parts = rows[["location_id", "postcode", "area_name"]].fillna("").agg(" ".join, axis=1)
        text = parts.groupby(home).agg(" ".join).reindex([*names], fill_value="")
        return (pd.Series(names) + " " + pd.Series([*names], [*names]) + " " + text).str.casefold()

    return remembered(data, ("homes to be found", hash(tuple(names.items()))), work)


def _fitting(known: pd.Series, typed: str) -> list[str]:
    """Give the homes that have what is typed, with or without its spaces; where none has, those with all its parts."""
    whole, parts = typed.casefold().strip(), typed.casefold().split()
    close = known.str.contains(whole, regex=False)
    if len(parts) > 1 or any(letter.isdigit() for letter in whole):  # as postcodes are written
        close |= known.str.replace(" ", "").str.contains("".join(parts), regex=False)
    if not close.any():
        close = pd.concat([known.str.contains(part, regex=False) for part in parts], axis=1).all(axis=1)
    return [*known.index[close]]
