"""What does a file say of itself, and what is asked of those who load it?"""

from collections.abc import Mapping

from analysis.allowed import Entry
from analysis.sources import Reading, recognised
from analysis.store import OVERLAP, again

KINDS = {
    "reject": "Refused",
    "ask": "Your decision is needed",
    "rows": "Rows set aside",
    "warn": "Kept, with a caveat",
    "note": "Repaired or noted",
}
"""Outcome of a finding to its heading, the gravest first."""
ACROSS_FILES: Mapping[str, Entry] = {
    OVERLAP: Entry(
        "If a file has admissions of homes and months that an earlier file also has",
        "overlap",
        options={
            "add": "Add them: they are other people's admissions",
            "replace": "Replace them: a newer extract of the same",
        },
        usual="replace",
    ),
    again.QUESTION: Entry(
        "If a home stands in the files under two numbers (one name and postcode, one number ends and the other begins)",
        "one home",
        options={
            "": "Ask me: load no such file before I have said",
            again.SAME: "It is one home, registered again",
            again.OTHER: "They are different homes",
        },
        usual="",
    ),
}
"""What files ask together, by the question."""


FETCHED = (
    "Many of these are published. In a terminal, `homeward fetch cqc --out FOLDER`, and so `cqc-files`, `drd` and "
    "`ascof`, brings today's from their publishers, with a ledger of what was asked and when; `homeward fetch --help` "
    "says more. This page makes no request, and works wholly without it."
)


def recognised_as(reading: Reading) -> str:
    """Say what a file was taken for, and where its rows go."""
    titles = recognised().set_index("layout")["title"]
    kind = f"recognised as: {titles[reading.layout]}." if reading.layout in titles else "not recognised."
    if reading.questions or reading.refusals:
        return kind
    return (
        f"{kind} {reading.rows_in:,} rows = {reading.rows_used:,} to use + {len(reading.set_aside):,} set aside + "
        f"{reading.rows_dropped:,} dropped by a stated rule."
    )
