"""How is a report written as one HTML file that opens anywhere, offline, and asks nobody for anything?

Every picture is in the file, as lines where that is small and as dots where not; for a telephone it is drawn a second
time, narrower. There is no script. What the file holds can be taken out of it again: the estimates, and the protocol.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from html import escape
from importlib.metadata import version

from analysis.reports.blocks import AsItIs, Block, Grid, Heading, Listed, Turn, Words, blocks_of
from analysis.reports.pictures import DENSE, Picture, inline
from analysis.reports.report import Report
from analysis.reports.style import CSS, POLICY
from analysis.sources import visible
from analysis.tables.laid_out import LaidOut
from analysis.tables.laid_out import html as as_html

TAKE = "Kept in this file, to be taken out of it:"


def html(report: Report) -> bytes:
    """Write a report as HTML.

    Parameters
    ----------
    report : Report
    """
    blocks = blocks_of(report)
    behind = next(n for n, block in enumerate(blocks) if isinstance(block, Turn))
    first, rest = blocks[:behind], blocks[behind:]
    lines = [
        "<!DOCTYPE html>", '<html lang="en-GB">', "<head>", '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta name="generator" content="Homeward {version("homeward")}">',
        f"<title>{_text(report.title)}</title>", f"<style>{CSS}</style>", "</head>", "<body>",
        '<a class="skip" href="#report">Go to the report behind the first page</a>',
        "<header>", *_written(first, "first"), "</header>", _contents(report), '<main id="report">',
        *_sections(rest), "</main>", *_foot(report), "</body>", "</html>",
    ]  # fmt: skip
    return ("\n".join(lines) + "\n").encode("utf-8")


def _contents(report: Report) -> str:
    items = "".join(f'<li><a href="#part-{n}">{_text(part.title)}</a></li>' for n, part in enumerate(report.parts, 1))
    return f'<nav aria-labelledby="contents"><p class="label" id="contents">Contents</p><ol>{items}</ol></nav>'


def _sections(blocks: Sequence[Block]) -> list[str]:
    """Write the parts, each a section that is named by its heading."""
    parts: list[list[Block]] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            parts.append([])
        if parts and not isinstance(block, Turn):
            parts[-1].append(block)
    lines = []
    for n, part in enumerate(parts, 1):
        heading, *others = part
        lines += [f'<section id="part-{n}" aria-labelledby="heading-{n}">']
        lines += [f'<h2 id="heading-{n}">{_text(heading.text)}</h2>', *_written(others, f"p{n}"), "</section>"]  # type: ignore[union-attr]
    return lines


def _written(blocks: Sequence[Block], of: str) -> list[str]:
    return [WRITTEN[type(block)](block, f"{of}-{n}") for n, block in enumerate(blocks)]


def _heading(block: Heading, mark: str) -> str:
    return f"<h{block.level}>{_text(block.text)}</h{block.level}>"


def _words(block: Words, mark: str) -> str:
    said = "" if block.voice == "plain" else f' class="{block.voice}"'
    return f"<p{said}>{_text(block.text)}</p>"


def _listed(block: Listed, mark: str) -> str:
    return f"<ul>{''.join(f'<li>{_text(item)}</li>' for item in block.items)}</ul>"


def _picture(block: Picture, mark: str) -> str:
    broad, narrow = (_drawing(block, mark, narrow=narrow) for narrow in (False, True))
    return f'<figure class="both"><div class="broad">{broad}</div><div class="narrow">{narrow}</div></figure>'


def _drawing(block: Picture, mark: str, *, narrow: bool) -> str:
    label = visible(block.description)
    drawn = inline(block.narrow if narrow else block.broad, label, f"{mark}{'n' if narrow else 'b'}")
    if len(drawn) <= DENSE:
        return drawn
    dots = base64.b64encode(block.png(narrow=narrow)).decode()
    return f'<img src="data:image/png;base64,{dots}" alt="{escape(label)}" width="{340 if narrow else 700}">'


def _grid(block: Grid, mark: str) -> str:
    table = LaidOut(block.head, block.rows, block.numbers)
    return as_html(table, block.title, "roll small" if block.whole else "roll")


def _as_it_is(block: AsItIs, mark: str) -> str:
    return f"<pre>{escape(block.text)}</pre>"


WRITTEN: Mapping[type, Callable[..., str]] = {
    Heading: _heading, Words: _words, Listed: _listed, Picture: _picture, Grid: _grid, AsItIs: _as_it_is,
}  # fmt: skip


def _foot(report: Report) -> list[str]:
    files = "".join(f"<li>{_file(name, content)}</li>" for name, content in report.files.items())
    taken = f'<div class="take"><p>{TAKE}</p><ul>{files}</ul></div>' if files else ""
    return ["<footer>", taken, f"<p>{_text(report.source.origin)} Made by Homeward {version('homeward')}.</p></footer>"]


def _file(name: str, content: bytes) -> str:
    address = f"data:application/octet-stream;base64,{base64.b64encode(content).decode()}"
    return f'<a download="{escape(name)}" href="{address}">{escape(name)}</a>'


def _text(words: str) -> str:
    return escape(" ".join(visible(words).split()))
