"""How long do twenty wait who ask twenty different questions at once? Real servers on this computer, asked live.

    PYTHONPATH=. .venv/bin/python bench/at_once.py            # both designs, one after the other: minutes
    PYTHONPATH=. .venv/bin/python bench/at_once.py --write    # the table anew from the recorded runs

Every visitor opens the Admissions page with another first month, all at the same moment, after one visitor has opened
it before (so that the sample is there). Timed is when the answer, in words, stands on each visitor's page; the page
goes on with its doubts. Asked are two servers: one as it is, which answers in a line, and one whose line is as wide as
there are visitors, so that all are worked on together, as it was before there was a line.

Seconds on a computer that others use too say little. So a second clock is read: the processor time that the server has
used since the visitors asked. It does not depend on what else runs, and divided by the processors that a server has to
itself it is the seconds that they would wait there at least. Writes `at_once.csv` (a row a run, added) and
`at_once.md`.
"""

import argparse
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pandas as pd

from tests.browser.server import ROOT, Address, served_by
from tests.browser.visitor import Visit, visit

TABLE = Path(__file__).with_suffix(".csv")
VISITORS = 20
PATIENCE = 1_500
"""Seconds after which a page that does not end has failed: on a busy computer each may take a minute."""
MONTHS = [f"{month:%Y-%m}" for month in pd.date_range("2018-02-01", periods=VISITORS + 1, freq="MS")]
TICKS = os.sysconf("SC_CLK_TCK")
DESIGNS = {"in a line": os.cpu_count() or 1, "all together": 4 * VISITORS}
"""Design to how many questions are worked on at a time."""
PLACE = re.compile(r"(One question is|(\d+) questions are) before yours")
FOUND = (
    "In the line the first is answered while the others wait, and the middle one in a third of the time that all "
    "together take, for whoever works on twenty at once answers all of them last. Nobody is starved and none is "
    "answered out of turn; the line is longer again for what a page asks after its answer, its doubts."
)
REPORTED = (
    "As reported before there was a line: 54 seconds to the middle answer, 2.7 seconds of a processor for each "
    "question, which twenty asked together all waited for."
)


def served(port: str, at_once: str) -> None:
    """Be the server, so many questions being worked on at a time."""
    from streamlit.web import cli  # noqa: PLC0415 - in the server alone

    from pages.shared import turns  # noqa: PLC0415 - in the server alone

    turns.AT_ONCE = int(at_once)
    turns._workers = ThreadPoolExecutor(turns.AT_ONCE, thread_name_prefix="answers")
    sys.argv = ["streamlit", "run", str(ROOT / "app.py"), f"--server.port={port}", "--server.headless=true"]
    cli.main()


def serving(at_once: int) -> AbstractContextManager[Address]:
    """Start such a server on a free port of this computer; its address."""
    return served_by(lambda port: [sys.executable, __file__, "--serve", str(port), str(at_once)], PYTHONPATH=str(ROOT))


def processor_time(pid: int) -> float:
    """Seconds of a processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def at_once(address: Address) -> list[Visit]:
    """Ask all at the same moment, and give what each visitor saw."""
    visit(address, "admissions", f"from={MONTHS[VISITORS]}", patience=PATIENCE)

    def ask(month: str) -> Visit:
        clock = lambda: processor_time(address.pid)  # noqa: E731 - a name for the clock
        return visit(address, "admissions", f"from={month}", patience=PATIENCE, clock=clock)

    with ThreadPoolExecutor(VISITORS) as together:
        return list(together.map(ask, MONTHS[:VISITORS]))


def places(seen: Visit) -> list[int]:
    """How many questions were said to be before this visitor's, in the order in which that was said."""
    found = (PLACE.search(text) for text in seen.texts)
    return [int(place[2] or 1) for place in found if place]


def out_of_turn(seen: list[Visit]) -> int:
    """Count pairs of visitors of whom the one told the longer line was answered more than a round before the other."""
    told = sorted((max(places(one), default=0), one.answered_by) for one in seen)
    by_place = pd.DataFrame(told, columns=["place", "answered"])
    order, width = by_place["answered"].rank().to_numpy(), DESIGNS["in a line"]
    later = by_place["place"].to_numpy()[None, :] > by_place["place"].to_numpy()[:, None] + width
    return int((later & (order[None, :] < order[:, None])).sum())


def run(design: str) -> dict:
    """Ask one server: a row of the table."""
    load = os.getloadavg()[0]
    with serving(DESIGNS[design]) as address:
        seen, used = at_once(address), processor_time(address.pid)
    by, wall = (np.sort([getattr(one, name) for one in seen]) for name in ("answered_by", "answered"))
    quantiles = {f"{name}_{unit}": round(float(np.quantile(values, q)), 1)
                 for unit, values in (("processor", by), ("seconds", wall))
                 for name, q in (("first", 0), ("p50", 0.5), ("p95", 0.95), ("last", 1))}  # fmt: skip
    return {
        "design": design, "processors": os.cpu_count(), "load_before": round(load, 1), "visitors": len(seen),
        "answered": int(np.isfinite(by).sum()), "errors": sum(one.error for one in seen),
        "told_a_place": sum(bool(places(one)) for one in seen),
        "place_went_up": sum(any(np.diff(places(one)) > 0) for one in seen), "out_of_turn": out_of_turn(seen),
        "server_in_all": round(used, 1), **quantiles,
    }  # fmt: skip


def written(table: pd.DataFrame) -> str:
    """Lay the last run of each design out, and the ratios."""
    last = table.drop_duplicates("design", keep="last").set_index("design").reindex(list(DESIGNS))
    line, together = last.iloc[0], last.iloc[1]
    rows = [
        ("seconds of the server's processor to the first answer", "first_processor"),
        ("… to the middle one", "p50_processor"), ("… to the 95th of a hundred", "p95_processor"),
        ("… to the last", "last_processor"), ("… until every page with its doubts was drawn, from the start",
        "server_in_all"), ("seconds on the wall to the middle answer, on a busy computer", "p50_seconds"),
        ("load before", "load_before"), ("answered, of twenty", "answered"), ("errors", "errors"),
        ("told how many were before", "told_a_place"), ("told a longer line for a later question", "place_went_up"),
        ("pairs answered out of turn", "out_of_turn"),
    ]  # fmt: skip
    body = [f"| {said} | {line[name]:g} | {together[name]:g} | {_ratio(line[name], together[name])} |"
            for said, name in rows]  # fmt: skip
    head = ["| | in a line (as it is) | all together | ratio |", "|---|---|---|---|"]
    about = (__doc__ or "").split("\n\n")
    lines = [
        "# Twenty visitors, twenty questions, one moment",
        "",
        about[2],
        "",
        *head,
        *body,
        "",
        FOUND,
        "",
        REPORTED,
        "",
    ]
    return "\n".join([*lines, "Made by `bench/at_once.py`.", ""])


def _ratio(line: float, together: float) -> str:
    return f"{line / together:.2f}" if together > 0 else ""


def main() -> None:
    """Ask both designs, or write the table anew."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--write", action="store_true", help="only the table, from the recorded runs")
    if not asked.parse_args().write:
        for design in DESIGNS:
            row = pd.DataFrame([run(design)])
            row.to_csv(TABLE, mode="a", header=not TABLE.exists(), index=False, lineterminator="\n")
    TABLE.with_suffix(".md").write_text(written(pd.read_csv(TABLE)), encoding="utf-8")


if __name__ == "__main__":
    served(*sys.argv[2:]) if sys.argv[1:2] == ["--serve"] else main()
