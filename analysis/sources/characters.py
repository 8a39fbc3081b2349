"""Which characters of a text are seen, and which act on a screen unseen?

Marks that turn the direction of writing make "58%" look like "%85"; escape sequences steer a terminal; spaces of no
width make one id two. None of them says anything in a name or an id: they are taken out where a file is read, and once
more where words are shown.
"""

import re
import unicodedata

import pandas as pd

_SEQUENCE = "\x1b\\[[0-?]*[ -/]*[@-~]|\x1b[\\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\\\)?|\x1b[ -/]*[0-~]?"
"""Escape sequences (ECMA-48): of control, of the operating system, and others; whole, so that no "[31m" is left."""
_UNSEEN = (
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters, without those that part words or lines
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"  # of no width, turning the direction, or tagging
)
HIDDEN = re.compile(f"{_SEQUENCE}|[{_UNSEEN}]")


def visible(text: str) -> str:
    """Return a text without the characters that act unseen."""
    return HIDDEN.sub("", text)


def one_line(text: pd.Series) -> pd.Series:
    """Return texts without line ends, which would let a name write a line of its own."""
    return text.str.replace(r"[\n\r\t\v\f\x1c-\x1f\x85\u2028\u2029]+", " ", regex=True)


def alike(text: str) -> str:
    """Return an id in the characters of a keyboard: hyphens of every kind, digits and letters of every width."""
    plain = unicodedata.normalize("NFKC", text)
    if plain.isascii():
        return plain
    return "".join(map(_alike, plain))


def _alike(character: str) -> str:
    if unicodedata.category(character) == "Pd" or character in "\u2212\u2043\u30fc":
        return "-"
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


MARKUP = re.compile(r"([\\`*_\[\]<>$#|~])")
ACTS = re.compile(r"(?i)\bwww(?=\.)|https?:(?=//)|:(?=[\w+/-]+:)|(?<=[\w.+-])@(?=[\w.-]+\.)")
"""Where a link, an icon or an emoji would begin: Markdown makes them of plain text, on a screen as in a file."""


def escaped(words: object) -> str:
    """Escape what Markdown would read as markup: names in files are text, whatever they contain.

    Addresses and :names: of icons are found in escaped text too, so a joiner of no width parts them.
    """
    parted = ACTS.sub(lambda found: f"{found[0]}\u2060", visible(str(words)))
    return MARKUP.sub(r"\\\1", parted)
