"""Load files in a given order, carry out one small protocol of each kind, and print a digest of every file written.

Run in a process of its own: ``python -m tests.evaluation.carried_out FOLDER OUT FILE …``
"""

import hashlib
import json
import sys
from pathlib import Path

from analysis import sources
from analysis.evaluation import evaluate
from analysis.figures.by_outcome import in_words
from analysis.protocol import Protocol
from analysis.store import Store

PROTOCOLS = {
    "rates": 'subgroups = []\n[intervention]\nname = "ward round"\n[model]\npermutations = 19\n',
    "ratings": '[intervention]\nname = "training"\n[outcome]\nkind = "ratings"\n',
    "area": '[intervention]\nname = "programme"\n[outcome]\nkind = "area measure"\narea = "E00"\nstart = "2017-01"\n',
}


def main(folder: Path, out: Path, names: list[str]) -> None:
    """Carry everything out, and print what was written."""
    store = Store.in_memory()
    for name in names:
        store.load(sources.read(name, folder / name))
    written = {}
    for kind, text in PROTOCOLS.items():
        evaluation = evaluate(Protocol.read(text), store)
        beside = {"answer.md": in_words(evaluation, "small files")}
        for path in evaluation.write(out / kind, beside=beside):
            written[f"{kind}/{path.name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    print(json.dumps(written))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
