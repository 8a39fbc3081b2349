"""Is what `homeward fetch` brings whole, whatever happens on the way, at the size of England?

    PYTHONPATH=. python bench/fetched.py      every run, to fetched.csv; some minutes

A publisher on this machine plays the CQC's API: 14,877 locations (those of the file of July 2026) in pages of 500.
Three of its answers are 429, and one is cut off in the middle. The command is killed twice and run a third time;
`whole` is what an undisturbed run brings. Documents asked for are counted at the publisher.
"""

import gzip
import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from tests.fetch.publisher import KEY, Publisher, serving

HERE = Path(__file__).parent
LOCATIONS, KILLED_AT = 14_877, (5_000, 12_000)
FAULTS = {"/locations": [429], "/locations/1-0000000100": [429], "/locations/1-0000007000": [429, "cut"]}
HOMEWARD = (sys.executable, "-c", "import sys; from analysis.cli import main; sys.exit(main())")


def run(out: Path, base: str, publisher: Publisher, kill_at: int = 0) -> dict:
    """Fetch once, perhaps killed when so many answers have been given."""
    asked, began = publisher.total, time.perf_counter()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [*HOMEWARD, "fetch", "cqc", "--out", str(out), "--address", base]
    running = subprocess.Popen(command, cwd=HERE.parent, env={**os.environ, "CQC_API_KEY": KEY})
    if kill_at:
        publisher.at[kill_at] = running.kill  # noqa: PD008 - no frame
    status = running.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    file = out / "cqc_locations.jsonl.gz"
    content = file.read_bytes() if file.exists() else b""
    return {
        "status": status, "asked": publisher.total - asked,
        "documents": len(gzip.decompress(content).splitlines()) if content else 0,
        "digest": hashlib.sha256(content).hexdigest() if content else "",
        "seconds": round(time.perf_counter() - began, 1),
        "processor_seconds": round(after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime, 1),
        "peak_gb": round(after.ru_maxrss / 1024**2, 3),
    }  # fmt: skip


def main() -> None:
    """Kill twice, finish, and fetch once more undisturbed."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        publisher = Publisher(LOCATIONS)
        publisher.faults = {path: list(faults) for path, faults in FAULTS.items()}
        with serving(publisher) as base:
            for name, at in (("killed", KILLED_AT[0]), ("killed again", KILLED_AT[1]), ("resumed", 0)):
                rows.append({"run": name, **run(Path(folder) / "faults", base, publisher, at)})
        assert not any(publisher.faults.values()), "every fault must have happened"
        publisher = Publisher(LOCATIONS)
        with serving(publisher) as base:
            rows.append({"run": "whole", **run(Path(folder) / "whole", base, publisher)})
    pd.DataFrame(rows).to_csv(HERE / "fetched.csv", index=False)


if __name__ == "__main__":
    main()
