"""An ODS of any size in the "latest ratings" layout, written as a stream, with every home's ratings known.

``python -m tests.sources.big_ods PATH ROWS`` writes one; with 323,673 rows its content.xml passes 1 GB,
as the published file of September 2026 did.
"""

import random
import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

COLUMNS = (
    "Location ID", "Location ODS Code", "Location Name", "Care Home?", "Location Type",
    "Location Primary Inspection Category", "Location Street Address", "Location Address Line 2", "Location City",
    "Location Post Code", "Location Local Authority", "Location Region", "Location NHS Region",
    "Location ONSPD CCG Code", "Location ONSPD CCG", "Location Commissioning CCG Code",
    "Location Commissioning CCG Name", "Service / Population Group", "Domain", "Latest Rating", "Publication Date",
    "Report Type", "Inherited Rating (Y/N)", "URL", "Provider ID", "Provider Name", "Brand ID", "Brand Name",
)  # fmt: skip
DOMAINS = ("Overall", "Safe", "Effective", "Caring", "Responsive", "Well-led")
RATINGS = ("Good", "Good", "Good", "Good", "Requires improvement", "Outstanding", "Inadequate")
START = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version="1.3">'
    "<office:automatic-styles/><office:body><office:spreadsheet>"
)
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
END = "</office:spreadsheet></office:body></office:document-content>"


def cell(text: str) -> str:
    """Return one cell, as LibreOffice writes it."""
    if not text:
        return '<table:table-cell table:style-name="Default"/>'
    return (
        '<table:table-cell table:style-name="Default" office:value-type="string" calcext:value-type="string">'
        f"<text:p>{escape(text)}</text:p></table:table-cell>"
    )


def row(texts) -> str:
    """Return one row with the empty tail that spreadsheets leave behind."""
    tail = '<table:table-cell table:number-columns-repeated="16356"/>'
    return f'<table:table-row table:style-name="ro1">{"".join(map(cell, texts))}{tail}</table:table-row>'


def home_rows(number: int, rng: random.Random):
    """Yield the six rows of home `number`."""
    home, provider = f"1-{10_000_000 + 7 * number}", f"1-{100_000_000 + rng.randrange(9_000)}"
    street, town = f"{rng.randrange(1, 400)} {rng.choice('ABCDEFGH')}{rng.randrange(9999)} Road", f"Town {number % 977}"
    name, rating = f"Home & Garden {number}", rng.choice(RATINGS)
    day = f"{rng.randrange(1, 29):02}/{rng.randrange(1, 13):02}/{rng.randrange(2015, 2026)}"
    for domain in DOMAINS:
        yield (
            home, f"V{number:05X}", name, "Y", "Social Care Org", "Residential social care", street, "", town,
            f"AB{number % 99} {number % 10}CD", f"Council {number % 151}", f"Region {number % 9}",
            f"NHS Region {number % 7}", f"E{38000000 + number % 106}", f"NHS Area {number % 106} CCG", "", "",
            "Overall", domain, rating, day, "Location", "N", f"http://www.cqc.org.uk/location/{home}", provider,
            f"Provider {provider} Limited", "-", "-",
        )  # fmt: skip


def write(path: Path, rows: int, seed: int = 20260922) -> int:
    """Write an ODS of `rows` data rows below a README sheet and a notice row; return the bytes of its content.xml."""
    rng, written, size = random.Random(seed), 0, 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        book.writestr("META-INF/manifest.xml", MANIFEST)
        with book.open("content.xml", "w", force_zip64=True) as content:

            def put(text: str) -> int:
                return content.write(text.encode())

            size += put(START + '<table:table table:name="README">' + row(["About this file"]) + "</table:table>")
            size += put('<table:table table:name="Locations">' + row(["Issues with our care directory files"]))
            size += put(row(COLUMNS))
            number = 0
            while written < rows:
                block = [*home_rows(number, rng)][: rows - written]
                size += put("".join(map(row, block)))
                written, number = written + len(block), number + 1
            size += put("</table:table>" + END)
    return size


if __name__ == "__main__":
    print(f"{write(Path(sys.argv[1]), int(sys.argv[2])):,} bytes of content.xml")
