"""What did use, attack and comparison find wrong, what is it now, and which test holds it?

python bench/mended.py              prove everything: every test, those marked `bench` too, with all that may be drawn;
                                    and write bench/mended.md, what came of each test named in bench/mended/*.csv
python bench/mended.py --named      run only the files of the tests named there
python bench/mended.py --attacks    run every attack on small counts, and each way out (bench/ways_out.csv); write
                                    bench/attacks.md: what was tried, what it gave before, what it gives now
python bench/mended.py --table      write the table only, with what the last run said
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

HERE = Path(__file__).resolve().parent
ROWS, OUTCOMES, TABLE = HERE / "mended", HERE / "mended_outcomes.csv", HERE / "mended.md"
TOGETHER, APART = HERE / "mended.xml", HERE / "mended_apart.xml"
WAYS_OUT, ATTACKS = HERE / "ways_out.csv", HERE / "attacks.md"
ALONE = "tests/browser/test_latency.py"
"""What measures time, and so runs when nothing else does."""
COLUMNS = ["issue", "point", "what", "before", "now", "test"]
INTRODUCTION = """# What was found wrong, and what it is now

Each row is a fault that use, attack or comparison showed; *before* was measured on the code as it then was, *now* on
the code of the day the row was written. `make proof` runs every test named here and writes the last column.

"""


def rows() -> pd.DataFrame:
    """Read every row, in the order of issues and points."""
    parts = [pd.read_csv(path, dtype=str).reindex(columns=COLUMNS) for path in sorted(ROWS.glob("*.csv"))]
    found = pd.concat(parts, ignore_index=True)
    number = found["point"].str.extract(r"(\d+)")[0].astype(float)
    order = found.assign(number=number, issue=found["issue"].str.extract(r"(\d+)")[0].astype(int))
    return order.sort_values(["issue", "number"], kind="stable", ignore_index=True).drop(columns="number")


def run(files: list[str]) -> tuple[bool, tuple[Path, Path]]:
    """Run the tests of some files, or all: whether none failed, and the reports of what came of them."""
    together = _run(TOGETHER, "--deselect", ALONE, "--durations=50", *files)
    return _run(APART, "-n", "0", ALONE) and together, (TOGETHER, APART)


def _run(report: Path, *more: str) -> bool:
    command = [sys.executable, "-m", "pytest", "-m", "bench or not bench", f"--junitxml={report}", *more]
    whole = os.environ | {"HOMEWARD_PROOF": "1"}  # all that may be drawn at random: tests/costs.py
    return subprocess.run(command, cwd=HERE.parent, env=whole, check=False).returncode == 0


def outcomes_of(tests: list[str], reports: Iterable[Path]) -> pd.DataFrame:
    """Read what came of tests; one row each: test, outcome, which is "not found" where no report has such a test."""
    found = {}
    for case in (case for report in reports for case in ElementTree.parse(report).iter("testcase")):
        failed = case.find("failure") is not None or case.find("error") is not None
        outcome = "fails" if failed else "skipped" if case.find("skipped") is not None else "holds"
        place, name = f"{case.get('classname', '').replace('.', '/')}.py", case.get("name", "")
        whole = re.sub(r"\[.*\]$", "", name, flags=re.DOTALL)
        for known in {place, f"{place}::{name}", f"{place}::{whole}"}:
            found.setdefault(known, []).append(outcome)
    return pd.DataFrame({"test": tests, "outcome": [_together(found.get(test, [])) for test in tests]})


def _together(outcomes: list[str]) -> str:
    if not outcomes:
        return "not found"
    return next(one for one in ("fails", "holds", "skipped") if one in outcomes)


def table(found: pd.DataFrame, outcomes: pd.DataFrame) -> str:
    """Lay the rows out as Markdown."""
    said = found.merge(outcomes.drop_duplicates("test"), on="test", how="left").fillna({"outcome": "not run"})
    lines = ["| issue | point | what | before | now | held by | |", "|---|---|---|---|---|---|---|"]
    for row in said.fillna("").astype(str).to_dict("records"):
        cells = [row[name].replace("|", "\\|").replace("\n", " ") for name in (*COLUMNS, "outcome")]
        lines.append(f"| {' | '.join([*cells[:5], f'`{cells[5]}`', cells[6]])} |")
    return INTRODUCTION + "\n".join(lines) + "\n"


def attacks() -> int:
    """Run the attacks of issue 13 and those on each way out, and write what came of them."""
    ways, found = pd.read_csv(WAYS_OUT, dtype=str, keep_default_na=False), rows()
    tried = found[(found["issue"] == "13") & found["test"].str.startswith("tests/disclosure/")]
    tests = sorted({*tried["test"], *ways["attack"]})
    here = [test for test in tests if test.startswith("tests/disclosure/")]
    proved = _run(TOGETHER, *sorted({test.split("::")[0] for test in here}))
    outcomes = outcomes_of(tests, [TOGETHER])
    said = ways.merge(outcomes, left_on="attack", right_on="test").drop(columns="test")
    lines = ["| kind | way out | lets out | worked out from | attack | |", "|---|---|---|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in said.astype(str).to_numpy()]
    ATTACKS.write_text(
        table(tried, outcomes) + "\n# Each way out, and its attack\n\n" + "\n".join(lines) + "\n", "utf-8"
    )
    bad = outcomes[outcomes["test"].isin(here) & outcomes["outcome"].isin(["fails", "not found"])]
    print(f"{len(tried)} attacks, {len(ways)} ways out; {len(bad)} tests do not hold.", *bad["test"], sep="\n  ")
    return int(len(bad) > 0 or not proved)


def main() -> int:
    """Run the tests and write the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--table", action="store_true", help="write the table only")
    asked.add_argument("--attacks", action="store_true", help="run the attacks on small counts only")
    asked.add_argument("--named", action="store_true", help="run only the files of the tests named")
    asked.add_argument("--report", type=Path, nargs="+", help="take what came of the tests from these files")
    said, found, proved = asked.parse_args(), rows(), True
    if said.attacks:
        return attacks()
    tests = sorted(set(found["test"].dropna()))
    if not said.table:
        files = sorted({test.split("::")[0] for test in tests}) if said.named else []
        proved, reports = (True, said.report) if said.report else run(files)
        outcomes_of(tests, reports).to_csv(OUTCOMES, index=False)
    outcomes = pd.read_csv(OUTCOMES) if OUTCOMES.exists() else pd.DataFrame(columns=["test", "outcome"])
    TABLE.write_text(table(found, outcomes), "utf-8")
    bad = outcomes[outcomes["outcome"].isin(["fails", "not found"])]
    print(f"{len(found)} points; {len(outcomes)} tests, of which {len(bad)} do not hold.", *bad["test"], sep="\n  ")
    return int(len(bad) > 0 or not proved)


if __name__ == "__main__":
    raise SystemExit(main())
