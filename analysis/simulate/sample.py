"""The sample everybody starts with: the fictional county as files in the layouts that real evaluators hold.

`write_sample(folder)` writes CQC API documents, the latest-ratings file, hospital admissions, resident-days,
interventions, a protocol for each, plans of what to do next, and the truth. The same code writes the same bytes.
"""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.simulate import councils as areas
from analysis.simulate import extracts, lists, texts
from analysis.simulate.county import County, simulate_county
from analysis.simulate.documents import api_documents
from analysis.simulate.resident_files import resident_files
from analysis.simulate.truth import truth

SEED = 20261124
"""Of the county that is shipped: the first day from 22 November 2026 whose county shows both lessons, an interval that
holds the truth and homes that improve by chance. How often each shows is counted in tests/simulate/test_lessons.py."""


def write_sample(folder: Path) -> tuple[Path, ...]:
    """Write the sample county, its protocols, its plans and its truth.

    Parameters
    ----------
    folder : Path
        Made where it is missing; files of the same names are replaced.

    Returns
    -------
    tuple of Path
        What was written; the data files first, in the order in which they should be loaded.
    """
    folder.mkdir(parents=True, exist_ok=True)  # a place where nothing can be is told before the county is made
    written = []
    for name, content in sample_files(simulate_county(SEED)).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return tuple(written)


def sample_files(county: County) -> Mapping[str, bytes]:
    """Return the content of every file of a county's sample, by name."""
    councils = areas.simulate_councils(county.seed)
    documents = "\n".join(map(json.dumps, api_documents(county.homes, county.inspections))) + "\n"
    residents, truth_of_residents = resident_files(county)
    content = {
        "cqc_api_locations.jsonl.gz": gzip.compress(documents.encode(), mtime=0),
        "cqc_latest_ratings.csv": _csv(extracts.latest_ratings(county)),
        "emergency_admissions.csv": _csv(extracts.emergency_admissions(county)),
        "resident_days.csv": _csv(extracts.resident_days(county)),
        "interventions.csv": _csv(extracts.interventions(county)),
        "delayed_transfers.csv": _csv(areas.delayed_transfers(councils)),
        "permanent_admissions.csv": _csv(areas.permanent_admissions(councils)),
        **{name: _csv(frame) for name, frame in residents.items()},
    }
    content |= {
        "lists/networks.csv": _csv(lists.networks(county)),
        "lists/visits.csv": _csv(lists.visits(county)),
    }
    told = truth(county) | {"councils": areas.truth_of(councils), "residents": truth_of_residents}
    content["truth.json"] = (json.dumps(told, indent=1) + "\n").encode()
    content |= {f"protocols/{name}.toml": text.encode() for name, text in texts.PROTOCOLS.items()}
    content |= {f"plans/{name}.toml": text.encode() for name, text in texts.PLANS.items()}
    return content | {"README.md": texts.README.encode()}


def _csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False, lineterminator="\n").encode()
