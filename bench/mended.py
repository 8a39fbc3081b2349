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


def attacks(reports: list[Path]) -> int:
    """Run the attacks of issue 13 and those on each way out, or take what came of them, and write it."""
    if reports:
        return int(_attack_table(reports, missing="not run") > 0)
    tests = _attacked()
    named = sorted(test for test in tests if not test.startswith("tests/disclosure/"))
    proved = _run(TOGETHER, "tests/disclosure", *named)
    return int(_attack_table([TOGETHER]) > 0 or not proved)


def _attacked() -> set[str]:
    ways, found = pd.read_csv(WAYS_OUT, dtype=str, keep_default_na=False), rows()
    of_13 = (found["issue"] == 13) & found["test"].str.startswith(("tests/disclosure/", "tests/residents/"), na=False)
    return {*found.loc[of_13, "test"], *ways["attack"]}


def _attack_table(reports: list[Path], missing: str = "not found") -> int:
    """Write what was tried, what was recovered, and which way out each attack holds; give how many do not hold."""
    ways, found, tests = pd.read_csv(WAYS_OUT, dtype=str, keep_default_na=False), rows(), sorted(_attacked())
    outcomes = outcomes_of(tests, reports).replace({"outcome": {"not found": missing}})
    tried = found[(found["issue"] == 13) & found["test"].isin(tests)]
    said = ways.merge(outcomes, left_on="attack", right_on="test").drop(columns="test")
    parts = [
        "# Small counts attacked: tried, recovered",
        COUNTED,
        _markdown(_recovered(reports)),
        table(tried, outcomes).replace(INTRODUCTION, "# What each attack gave before, and gives now\n\n"),
        "# Each way out, and its attack",
        _markdown(said[["kind", "way", "lets out", "worked out from", "attack", "outcome"]]),
    ]
    ATTACKS.write_text("\n\n".join(part.strip("\n") for part in parts) + "\n", "utf-8")
    bad = outcomes[outcomes["outcome"].isin(["fails", "not found"])]
    print(f"{len(tried)} attacks, {len(ways)} ways out; {len(bad)} tests do not hold.", *bad["test"], sep="\n  ")
    return len(bad)


COUNTED = """Integer programmes know everything that is let out and give, of each small count (1 to 7), how many numbers
it could be. With the rule on none may be fewer than 5, which is the rounding; with a part of it switched off some are.
What a reader loses by the rule stands below, in the rows that begin with *Price*. From `python bench/mended.py
--attacks`, which `make proof` runs too."""
RECORDED = ("rule", "tried", "exactly", "nearer", "fewest")
"""Properties of a test that attacks (`tests.disclosure.attack.told_to`)."""


def _recovered(reports: Iterable[Path]) -> pd.DataFrame:
    """Read what attacks recorded: the attack, whether the rule was on, counts tried, known exactly, and nearer."""
    found = []
    for case in (case for report in reports for case in ElementTree.parse(report).iter("testcase")):
        said = {each.get("name"): each.get("value") for each in case.iter("property")}
        if "tried" in said:
            name = re.sub(r"^test_|\[.*\]$", "", case.get("name", "")).replace("_", " ")
            found.append((case.get("classname", "").split(".")[-1], name, *(said[key] for key in RECORDED)))
    columns = ["in", "attack", "rule", "counts tried", "known exactly", "to fewer than 5 numbers", "fewest numbers"]
    return pd.DataFrame(found, columns=columns).sort_values(["in", "rule"], key=lambda values: values != "on",
                                                            kind="stable").sort_values("in", kind="stable")  # fmt: skip


def _markdown(frame: pd.DataFrame) -> str:
    lines = [f"| {' | '.join(frame.columns)} |", "|---" * frame.shape[1] + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in frame.astype(str).to_numpy())])


def main() -> int:
    """Run the tests and write the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--table", action="store_true", help="write the table only")
    asked.add_argument("--attacks", action="store_true", help="run the attacks on small counts only")
    asked.add_argument("--named", action="store_true", help="run only the files of the tests named")
    asked.add_argument("--report", type=Path, nargs="+", help="take what came of the tests from these files")
    said, found, proved = asked.parse_args(), rows(), True
    if said.attacks:
        return attacks(said.report or [])
    tests = sorted(set(found["test"].dropna()))
    if not said.table:
        files = sorted({test.split("::")[0] for test in tests}) if said.named else []
        proved, reports = (True, said.report) if said.report else run(files)
        outcomes_of(tests, reports).to_csv(OUTCOMES, index=False)
        if not said.named and not said.report:
            _attack_table([*reports])
    outcomes = pd.read_csv(OUTCOMES) if OUTCOMES.exists() else pd.DataFrame(columns=["test", "outcome"])
    TABLE.write_text(table(found, outcomes), "utf-8")
    bad = outcomes[outcomes["outcome"].isin(["fails", "not found"])]
    print(f"{len(found)} points; {len(outcomes)} tests, of which {len(bad)} do not hold.", *bad["test"], sep="\n  ")
    return int(len(bad) > 0 or not proved)


if __name__ == "__main__":
    raise SystemExit(main())
