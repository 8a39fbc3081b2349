"""What was the answer of a report made from: data, plan, code and packages, each by its digest, and no date."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.figures import Figure, Source, Table
from analysis.reports.report import Part
from analysis.tables.columns import Column

TITLE = "What this was made from"
DIGESTS = (
    "A digest (SHA-256) is a fingerprint: of the same contents always the same, of others never. Who has the same "
    "data, plan and code gets the same answer, to the digit."
)
KNOWN = (Column("What", "what"), Column("Which", "which"))
FILES = (Column("File", "file"), Column("Layout", "layout"), Column("Digest", "digest"))


def made_from(provenance: Mapping[str, Any], source: Source) -> Part:
    """Tell the provenance."""
    what = "protocol" if "protocol" in provenance else "plan"
    rows = {
        f"Digest of the {what}": provenance[what]["digest"],
        "Digest of the data": provenance["data"]["digest"],
        **{f"Digest of the {key}": seen["digest"] for key in ("panel", "inspections") if (seen := provenance.get(key))},
        "Homeward": f"{provenance['code']['homeward']}, digest of the code {provenance['code']['sha256']}",
        **provenance["packages"],
        "Seed of random draws": str(provenance["seed"]),
        "Small counts": provenance["disclosure"],
    }
    tidy = pd.DataFrame([*rows.items()], columns=["what", "which"])
    tables = [Table(tidy=tidy, columns=KNOWN, title="Data, plan, code and packages")]
    files = pd.DataFrame(provenance["data"]["files"], columns=["file", "layout", "digest"])
    if len(files):
        tables.append(Table(tidy=files, columns=FILES, title="The files that were loaded"))
    return Part(title=TITLE, figures=(Figure(sentence=DIGESTS, caption=source.origin, tables=tuple(tables)),))
