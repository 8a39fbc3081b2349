"""How is a report written as a PDF that a screen reader can read (PDF/UA-1, ISO 14289-1)?

By Typst, whose compiler comes whole in one wheel: it needs no library of the system, no browser and no font of the
computer, tags every heading, table, list and picture, and refuses to write a PDF/UA that would not be one. WeasyPrint
writes PDF/UA too, but wants Pango from the system; ReportLab and fpdf2 leave the tags to whoever calls them.

The template takes the report as values, so that nothing in a name or a protocol is read as markup. Letters are those
that Typst brings, so that the file is the same wherever it is made; a letter they lack is shown as one that is lacking.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any

from analysis.reports.blocks import AsItIs, Block, Grid, Heading, Listed, Turn, Words, blocks_of
from analysis.reports.pictures import Picture
from analysis.reports.report import Report
from analysis.sources import visible

LACKING = re.compile(
    r"[^\n\u0020-\u024f\u0300-\u036f\u0370-\u052f\u1e00-\u1eff\u2010-\u203a\u20ac\u2190-\u2193\u2212\u2248\u2260\u2264\u2265]"
)
"""Letters beyond Latin, Greek and Cyrillic, of which no font is brought."""
INSTEAD = "?"

TEMPLATE = r"""
#let report = json(bytes(sys.inputs.report))
#set document(title: report.title, description: report.description, date: none)
#set text(lang: "en", region: "GB", font: "Libertinus Serif", size: 10.5pt, fill: rgb("#0b0c0c"))
#set par(leading: 0.62em, spacing: 0.95em)
#set page(paper: "a4", margin: (x: 20mm, top: 18mm, bottom: 20mm), numbering: "1 of 1", footer: context {
  set text(size: 8.5pt, fill: rgb("#3d3d3d"))
  grid(columns: (1fr, auto), report.title, counter(page).display("1 of 1", both: true))
})
#let accent = rgb("#12436d")
#let pale = rgb("#f3f2f1")
#show title: set text(size: 20pt)
#show title: set block(below: 0.8em)
#show heading.where(level: 1): it => block(above: 1.6em, below: 0.8em, text(size: 14pt, fill: accent, it.body))
#show heading.where(level: 2): it => block(above: 1.4em, below: 0.7em, text(size: 11.5pt, it.body))
#show figure.where(kind: table): set block(breakable: true)
#show figure.caption: it => align(left, text(weight: "bold", size: 9.5pt, it.body))
#set table(stroke: (x, y) => (bottom: if y == 0 { 1pt } else { 0.4pt + rgb("#b1b4b6") }), inset: (x: 4pt, y: 3.5pt))
#set figure(gap: 0.5em)
#show regex("[0-9a-f]{64}"): set text(size: 6.5pt)
#let said = (
  plain: it => par(it),
  answer: it => block(fill: pale, stroke: (left: 3pt + accent), inset: 9pt, width: 100%, text(size: 13pt, it)),
  warning: it => block(stroke: 1.2pt + rgb("#801650"), inset: 8pt, width: 100%, strong(it)),
  caption: it => par(text(size: 9pt, fill: rgb("#3d3d3d"), it)),
  label: it => par(strong(it)),
)
#let laid(b) = {
  set text(size: if b.whole { 7pt } else if b.head.len() > 6 { 7.5pt } else { 9pt }, hyphenate: false)
  set par(leading: 0.5em)
  show table.cell.where(y: 0): strong
  figure(kind: table, supplement: none, numbering: none, caption: figure.caption(position: top, b.title), table(
    columns: b.shares.map(share => share * 1fr),
    align: (x, y) => if b.numbers.at(x) { right } else { left },
    table.header(..b.head),
    ..b.rows.flatten(),
  ))
}
#title()
#let told(b) = {
  if b.kind == "heading" { if b.level > 1 { heading(level: b.level - 1, b.text) } }
  else if b.kind == "words" { block(sticky: b.stays, (said.at(b.voice))(b.text)) }
  else if b.kind == "list" { list(..b.items) }
  else if b.kind == "grid" { laid(b) }
  else if b.kind == "picture" {
    align(left, figure(kind: image, supplement: none, numbering: none, alt: b.alt,
      image(bytes(b.svg), format: "svg", alt: b.alt, width: 86%)))
  }
  else if b.kind == "text" { block(fill: pale, inset: 8pt, width: 100%, raw(b.text, block: true)) }
}
#for (n, sheet) in report.sheets.enumerate() {
  if n > 0 { pagebreak() }
  sheet.map(told).join()
}
"""


def pdf(report: Report) -> bytes:
    """Write a report as PDF/UA-1.

    Parameters
    ----------
    report : Report
    """
    import typst  # noqa: PLC0415 - 60 MB, which whoever asks for no PDF need not wait for

    about = _text(report.answer.headline)
    given = {"title": _text(report.title), "description": about, "sheets": _sheets(blocks_of(report))}
    compiler = typst.Compiler(TEMPLATE.encode(), ignore_system_fonts=True, sys_inputs={"report": json.dumps(given)})
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    assert isinstance(made, bytes)
    return made


def _sheets(blocks: Iterable[Block]) -> list[list[dict[str, Any]]]:
    """Part the blocks where a new page begins; what introduces a picture or a list stays on its page."""
    sheets: list[list[dict[str, Any]]] = [[]]
    for block in blocks:
        if isinstance(block, Turn):
            sheets.append([])
        else:
            sheets[-1].append(TOLD[type(block)](block))
    for sheet in sheets:
        for said, next_one in pairwise(sheet):
            said["stays"] = next_one["kind"] in ("picture", "list")
    return sheets


def _heading(block: Heading) -> dict[str, Any]:
    return {"kind": "heading", "level": block.level, "text": _text(block.text)}


def _words(block: Words) -> dict[str, Any]:
    return {"kind": "words", "voice": block.voice, "stays": False, "text": _text(block.text)}


def _listed(block: Listed) -> dict[str, Any]:
    return {"kind": "list", "items": [_text(item) for item in block.items]}


def _grid(block: Grid) -> dict[str, Any]:
    rows = [[_text(value) for value in row] for row in block.rows]
    return {
        "kind": "grid", "title": _text(block.title), "head": [_text(name) for name in block.head], "rows": rows,
        "numbers": list(block.numbers), "shares": block.shares, "whole": block.whole,
    }  # fmt: skip


def _picture(block: Picture) -> dict[str, Any]:
    return {"kind": "picture", "svg": LACKING.sub(INSTEAD, block.broad), "alt": _text(block.description)}


def _as_it_is(block: AsItIs) -> dict[str, Any]:
    return {"kind": "text", "text": LACKING.sub(INSTEAD, visible(block.text))}


TOLD: Mapping[type[Block], Callable[..., dict[str, Any]]] = {
    Heading: _heading, Words: _words, Listed: _listed, Picture: _picture, Grid: _grid, AsItIs: _as_it_is,
}  # fmt: skip


def _text(words: str) -> str:
    return LACKING.sub(INSTEAD, " ".join(visible(words).split()))
