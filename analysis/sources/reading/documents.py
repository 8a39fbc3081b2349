"""What documents stand in a JSON file: a list, one to a line, or a single one?

Documents are decoded one at a time and only the wanted keys are kept, so the contacts in them (people's names)
leave memory at once.
"""

import json
from collections.abc import Iterator, Sequence

import pandas as pd

from analysis.sources.characters import visible
from analysis.sources.layout import SET_ASIDE, Documents
from analysis.sources.reading.file_kinds import OpenFile
from analysis.sources.reading.refusal import refuse
from analysis.sources.reading.text import decode

AGAIN = "Download it again."


def keys_of(file: OpenFile) -> tuple[str, ...]:
    """Return every top-level key of the first twenty documents, in the order met."""
    text, _ = decode(file)
    seen: dict[str, None] = {}
    for _, (_, document) in zip(range(20), _documents(file.name, text), strict=False):
        if isinstance(document, dict):
            seen.update(dict.fromkeys(document))
    return tuple(seen)


def read_documents(file: OpenFile, columns: tuple[str, ...], wanted: Sequence[str]) -> Documents:
    """Return the documents of `file` with only the `wanted` keys."""
    text, said = decode(file)
    documents, aside = {}, []
    for number, document in _documents(file.name, text):
        if isinstance(document, dict):
            documents[number] = {key: _seen(document[key]) for key in wanted if key in document}
        else:
            aside.append((number, "", str(document)[:40], "one whole document", "not a document"))
    return Documents(
        file=file.name,
        columns=columns,
        documents=documents,
        findings=(*file.findings, *said),
        set_aside=pd.DataFrame(aside, columns=list(SET_ASIDE)),
    )


def _seen(value: object) -> object:
    """Return a value of a document with what acts on a screen unseen taken out of every text."""
    match value:
        case str():
            return value if value.isascii() and value.isprintable() else visible(value)
        case dict():
            return {key: _seen(inner) for key, inner in value.items()}
        case list():
            return [_seen(inner) for inner in value]
    return value


def _documents(file: str, text: str) -> Iterator[tuple[int, object]]:
    start = text.lstrip()
    try:
        if start.startswith("["):
            yield from _listed(text)
        elif _is_document(start.split("\n", 1)[0]):
            yield from _lines(text)
        else:
            yield 1, json.loads(text)
    except (ValueError, RecursionError) as fault:
        at = getattr(fault, "lineno", 1)
        refuse(file, "damaged JSON", "text that breaks off or is no JSON", "whole documents", AGAIN, row=at)


def _is_document(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _listed(text: str) -> Iterator[tuple[int, object]]:
    decoder, at, number = json.JSONDecoder(), text.index("[") + 1, 0
    while True:
        at = _past_blanks(text, at)
        if text[at : at + 1] == "]":
            return
        number += 1
        document, at = decoder.raw_decode(text, at)
        yield number, document
        at = _past_blanks(text, at)
        if text[at : at + 1] not in (",", "]"):
            raise json.JSONDecodeError("list breaks off", text, min(at, len(text)))
        at += text[at] == ","


def _past_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _lines(text: str) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError:
                yield number, line
