"""What does every page show, to the letter? Run before and after a change that should change nothing.

    PYTHONPATH=. python tests/pages/snapshot.py FOLDER       a text file for every page and address below, and every
                                                             file behind a download button; compare with diff -r
    PYTHONPATH=. HOMEWARD_STORE=FILE python tests/pages/snapshot.py FOLDER       the same of another store

Words, tables (as CSV), charts (as Vega-Lite, with their data) and the state of every choice, in the order of the page.
Names of packages' versions and the digest of the code are left out of what is written.
"""

import json
import re
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import streamlit as st
from google.protobuf.json_format import MessageToDict
from streamlit.elements.widgets.button import ButtonMixin
from streamlit.testing.v1 import AppTest

from analysis.words.steps import STEPS

ROOT = Path(__file__).resolve().parents[2]
SOME = (
    "1-99000655709",
    "1-99001222647",
    "1-99001344710",
    "1-99002080670",
    "1-99002774167",
    "1-99003368950",
    "1-99003680939",
    "1-99005319220",
    "1-99005524074",
    "1-99005814742",
    "1-99006012168",
    "1-99006132960",
)
"""Homes of the sample."""
STEPPED = tuple(f"{number} {step.name}" for number, step in enumerate(STEPS, 1))
"""What the address says of each step of an evaluation."""
ADDRESSES: tuple[tuple[str, dict[str, str]], ...] = (
    ("app", {}),
    ("data", {}),
    ("admissions", {}),
    ("admissions", {"intervention": "rapid response"}),
    (
        "admissions",
        {
            "average": "Every home, large or small",
            "luck": "Homes of one provider",
            "within": "size",
            "others": "Keep them, as if there had been none",
            "early": "1",
            "pandemic": "true",
            "from": "2018-03",
            "dose": "true",
            "also": "CR3",
        },
    ),
    ("doubts", {}),
    ("ratings", {}),
    (
        "ratings",
        {
            "supported": "A list of homes",
            "homes": "\n".join(SOME),
            "since": "January 2019",
            "claim": "true",
            "told": "true",
            "alongside": "Kept, and the answer is net of it",
        },
    ),
    ("areas", {}),
    ("areas", {"area_measure": "Permanent admissions aged 65 and over (ASCOF 2A(2), 2C)"}),
    ("areas", {"area_phase": "2", "area_wash": "1", "area_claim": "30%"}),
    ("what_if", {}),
    (
        "what_if",
        {
            "together": "2",
            "effect0": "State it myself",
            "overlap": "Only the stronger one counts",
            "on_ratings0": "State it myself",
            "on_delays0": "State it myself",
            "start1": "2022-06",
            "order1": "Most admissions expected",
            "kind0": "Nursing homes",
        },
    ),
    (
        "what_if",
        {
            "homes0": "-3",
            "uptake0_from": "95",
            "ramp0": "-1",
            "stay_days_from": "-2",
            "effect0": "State it myself",
            "least_nursing0": "90",
        },
    ),
    ("targeting", {}),
    ("targeting", {"fair_to": "Kind of home", "fair_least": "2", "leads": "2", "budget": "300000"}),
    ("targeting", {"leads": "-1", "uptake0_from": "200"}),
    ("planning", {}),
    ("planning", {"kind": "In waves, other homes compared", "waves": "3", "gap": "2", "supported": "30"}),
    (
        "planning",
        {
            "kind": "Stepped wedge: in waves by lot, nobody left out",
            "waves": "0",
            "before": "-1",
            "effect_sd": "-1",
            "fall": "0",
        },
    ),
    ("planning", {"outcome": "CQC ratings"}),
    ("planning", {"outcome": "CQC ratings", "base": "80", "icc": "2"}),
    ("admissions", {"outcome": "admissions out of hours"}),
    ("residents", {}),
    ("ratings", {"closures": "true", "models": "true"}),
    ("comparison", {}),
    ("verdict", {}),
    *((page, {"about": about}) for page in ("doubts", "verdict") for about in ("Ratings", "One area")),
    ("plan", {}),
    *(("guide", {"step": step}) for step in STEPPED),
    ("monitoring", {"networks": "true", "group": "kind of home"}),
    ("home", {}),
    ("worklist", {}),
    ("feedback", {}),
    ("claims", {}),
    ("claims", {"claim": "Type one"}),
    ("evidence", {}),
    ("evidence", {"card": "A digital dashboard of care homes (Nottingham City)"}),
    ("methods", {}),
)
CODE = re.compile(r"[0-9a-f]{12,64}|\b\d\d:\d\d\b")
"""Digests change with every line of code, and times with every run; a reader compares neither."""


def pages(folder: Path) -> None:
    """Write what every page shows."""
    files: dict[str, bytes] = {}
    _catch_downloads(files)
    for page, choices in ADDRESSES:
        files.clear()
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
        app.query_params.update(choices)
        if page != "app":
            app.switch_page(f"pages/{page}.py")
        app.run()
        name = "_".join([page, "".join(c for c in "_".join(choices.values()) if c.isalnum() or c in "_-")[:60]]).strip(
            "_"
        )
        lines = [*_shown(app.main), *(f"EXCEPTION {fault.value}" for fault in app.exception)]
        (folder / f"{name}.txt").write_text(CODE.sub("<digest>", "\n".join(lines) + "\n"), "utf-8")
        for file, content in files.items():
            text = CODE.sub("<digest>", content.decode("utf-8", "replace"))
            (folder / f"{name}.{Path(file).name}").write_text(text, "utf-8")
        print(name, len(lines), "lines,", len(files), "files", flush=True)


def _catch_downloads(files: dict[str, bytes]) -> None:
    plain: Any = ButtonMixin.download_button

    def caught(self: Any, label: str, data: Any, file_name: str | None = None, *rest: Any, **more: Any) -> Any:
        content: Any = data() if callable(data) else data
        files[file_name or label] = content.encode() if isinstance(content, str) else bytes(content)
        return plain(self, label, data, file_name, *rest, **more)

    ButtonMixin.download_button = caught  # type: ignore[method-assign]
    st.download_button = partial(caught, st._main)  # bound when streamlit was imported


def _shown(block, depth: int = 0) -> Iterator[str]:
    for child in block.children.values():
        if hasattr(child, "children"):
            label = getattr(child, "label", "") or getattr(getattr(child, "proto", None), "label", "")
            yield f"{'  ' * depth}[{child.type}] {label}".rstrip()
            yield from _shown(child, depth + 1)
        else:
            yield from ("  " * depth + line for line in _element(child))


def _element(element) -> Iterator[str]:
    if element.type == "empty":  # where something stood while the page was made
        return
    if element.type == "dataframe":
        yield "dataframe"
        yield from element.value.to_csv(index=False).splitlines()
    elif element.type == "vega_lite_chart":
        yield "chart"
        yield from json.dumps(json.loads(element.proto.spec), indent=1, sort_keys=True).splitlines()
        for data in element.proto.datasets:
            yield f"data {data.name}"
            yield from pa.ipc.open_stream(data.data.data).read_pandas().to_csv(index=False).splitlines()
    else:
        said = MessageToDict(element.proto)
        for name in ("id", "url", "elementId", "queryParamKey"):
            said.pop(name, None)
        yield f"{element.type} {json.dumps(said, ensure_ascii=False, sort_keys=True)}"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    pages(target)
