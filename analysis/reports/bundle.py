"""What must somebody be given to do it all again, and to check what may leave?

A folder packed into one file: what was asked, the answer's files, the report, the versions of all that worked it out, a
script that does it again and says whether every byte is the same, and, where its owner says so, the data. The answer's
folder is one that output checkers' tools read: ``results.json`` lists every file as SACRO's does (its records say
``review``: a person decides), and ``checksums`` has the digest of each.

Shape of ``results.json``: `finalise_json` and `write_checksums` of ACRO 0.4 (Smith et al., 2023, SACRO). ACRO writes
the time; here stands one that never changes, so that the same answer gives the same bytes.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from platform import python_version
from typing import Any

from analysis.paths import zipped
from analysis.reports import FORMS, written
from analysis.reports.report import Report

ACRO = "0.4.8"
"""Whose shape the records have."""
NO_TIME = "1980-01-01T00:00:00"
NOTE = "Not made by ACRO. Counts of people were protected by Homeward before anything was written:"
WITH_DATA = "data/{name}: the store. It holds exact counts: it must not leave where the data may not leave."
WITHOUT_DATA = "The data are not in here. Whoever holds them is known by the digest in answer/provenance.json."
README = """\
{title}

{asked}: what was asked.
answer/: the files of the answer, as “homeward {verb}” writes them; results.json and checksums/ are for output checkers.
report/: the report, to read, to edit and to print.
versions.txt: the packages that worked it out.
rerun.py: does it again, and says whether every byte is the same: python rerun.py [STORE]
{data}
"""
RERUN = '''\
"""Do it again, and say whether every file of the answer is the same, to the byte: python rerun.py [STORE]"""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
STORE = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "data" / {store!r}
HOMEWARD = "import sys; from analysis.cli import main; sys.exit(main(sys.argv[1:]))"

if not STORE.is_file():
    sys.exit(f"There is no store at {{STORE}}. Give its path: python rerun.py STORE")
with tempfile.TemporaryDirectory() as folder:
    again = Path(folder) / "again"
    subprocess.run(
        [sys.executable, "-c", HOMEWARD, {verb!r}, str(HERE / {asked!r}), "--store", str(STORE), "--out", str(again)],
        check=True, stdout=subprocess.DEVNULL,
    )
    made = {{path.name: path.read_bytes() for path in again.iterdir()}}
given = {{path.name: path.read_bytes() for path in (HERE / "answer").iterdir() if path.is_file()}}
given.pop("results.json")
parted = sorted(name for name in made.keys() | given.keys() if made.get(name) != given.get(name))
sys.exit(f"Not the same: {{', '.join(parted)}}" if parted else print(f"The same, to the byte: {{len(made)}} files."))
'''


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CarriedOut:
    """What was asked, and all that came of it.

    Parameters
    ----------
    verb : str
        Of the command line, that does it again.
    text : str
        What was asked, as TOML.
    files : mapping of str to bytes
        Of the answer.
    report : Report
    disclosure : str
        How counts of people were protected.
    store : str
        Name of the file with the data.
    """

    verb: str
    text: str
    files: Mapping[str, bytes]
    report: Report
    disclosure: str
    store: str


def bundle(done: CarriedOut, data: bytes | None = None) -> bytes:
    """Pack all that is needed to do it again.

    Parameters
    ----------
    done : CarriedOut
    data : bytes, optional
        The store, where its owner says that it may be in it.
    """
    asked = "protocol.toml" if done.verb == "evaluate" else "plan.toml"
    told = WITHOUT_DATA if data is None else WITH_DATA.format(name=done.store)
    readme = README.format(title=done.report.title, asked=asked, verb=done.verb, data=told)
    rerun = RERUN.format(store=done.store, verb=done.verb, asked=asked)
    held = {"README.txt": readme, asked: done.text, "rerun.py": rerun, "versions.txt": _versions()}
    content = {name: text.encode("utf-8") for name, text in held.items()}
    content |= {f"answer/{name}": file for name, file in {**done.files, **checked(done)}.items()}
    content |= {f"report/{name}": file for name, file in written(done.report, FORMS).items()}
    return zipped(content if data is None else content | {f"data/{done.store}": data})


def checked(done: CarriedOut) -> dict[str, bytes]:
    """Write what output checkers' tools read: the list of files, and the digest of each."""
    results = {f"output_{n}": _record(f"output_{n}", name, done) for n, name in enumerate(done.files)}
    text = json.dumps({"version": ACRO, "results": results}, indent=4, ensure_ascii=False) + "\n"
    listed = {**done.files, "results.json": text.encode("utf-8")}
    digests = {f"checksums/{name}.txt": hashlib.sha256(file).hexdigest().encode() for name, file in listed.items()}
    return {"results.json": listed["results.json"], **digests}


def _record(uid: str, name: str, done: CarriedOut) -> dict[str, Any]:
    return {
        "uid": uid, "status": "review", "type": "custom", "properties": {}, "files": [{"name": name, "sdc": {}}],
        "outcome": {}, "command": f"homeward {done.verb}", "summary": "review", "timestamp": NO_TIME,
        "comments": [f"{NOTE} {done.disclosure}"], "exception": "",
    }  # fmt: skip


def _versions() -> str:
    """List every package that is installed, as pip reads it."""
    named = {one.metadata["Name"].lower(): one.version for one in distributions()}
    return "\n".join((f"# Python {python_version()}", *(f"{name}=={named[name]}" for name in sorted(named)), ""))
