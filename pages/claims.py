"""Claims: what is a published sentence worth?"""

import streamlit as st

from analysis import written
from analysis.claims import Claim, appraise, remarks
from analysis.claims.form import FIELDS, HOW, KINDS, WHEN, Asked, plain
from analysis.figures import claims as figures
from analysis.sources.evidence import written_beside
from pages.shared import cached, plans
from pages.shared.cached import Loaded
from pages.shared.form import Form, choose, in_address
from pages.shared.frame import errors_shown, frame
from pages.shared.showing import as_text, hand_out, provenance, shown

OWN = "Type one"
CHOSEN_KINDS = {name: key for key, name in KINDS.items()}

ASKS = (
    "Is that claim worth believing? Type what a case study says, as far as it says it. What it leaves out is "
    "asked for; how much of it would be there anyway is worked out."
)


def main() -> None:
    """Draw the page."""
    data = frame("Claims", ASKS)
    ready = {written.from_text(Claim, text, name).title: text for name, text in written_beside("claims").items()}
    example = choose(st, "Claim", [OWN, *ready], "claim")
    with errors_shown():
        claim = written.from_text(Claim, ready[example]) if example in ready else typed()
        if claim is None:
            st.info("Put right what is marked above, and the appraisal appears here.")
            return
        show(data, claim)


def typed():
    """Ask for a claim; None where it cannot be, which is said beside the fields."""
    kind, form, said = CHOSEN_KINDS[choose(st, "Kind of claim", [*CHOSEN_KINDS], "claim_kind")], Form(), {}
    for number, part in enumerate((FIELDS[kind], WHEN, HOW)):
        if number:
            st.caption(("", "When: leave empty what is not said.", "How it was chosen, and compared.")[number])
        columns = st.columns(3)
        for at, field in enumerate(part):
            with columns[at % 3]:
                said[field] = ask(field, kind)
                form.place(field.place)
    claim, faults = written.tried(Claim, plain(kind, said))
    if form.refused(faults):
        return None
    for fault in remarks(claim):
        form.places.get(fault.place, st).warning(as_text(fault.words))
    return claim


def ask(field: Asked, kind: str) -> str:
    """Ask for one fact; empty where it is not said."""
    key = f"{kind} {field.place}".replace(" ", "_").replace(".", "_").replace("-", "_")
    if field.what == "choice":
        return choose(st, field.label, {one: one or "not said" for one in field.options}, key)
    return st.text_input(field.label, placeholder=f"such as {field.example}", max_chars=200, **in_address(key)) or ""


def show(data: Loaded, claim) -> None:
    """Show what a claim is worth beside what is loaded, and hand it on as a file."""
    known = plans.known_of_claims(data)
    found = appraise(claim, known)
    source = figures.source(found, known.name, cached.released(data) if known.name else "")
    if not known.name:
        st.caption("Weighed with published tables alone: homes that are invented say nothing of a real claim.")
    shown(figures.figures(found), source)
    hand_out([st], {"Download this claim (TOML)": ("claim.toml", written.to_toml(claim))})
    provenance(source)


main()
