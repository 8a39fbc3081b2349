"""Which files does a publisher offer on a page, and which of them are held already?

A page is read for its links; those whose name fits are the files. NHS England revises months in place under new names
(``…-April-2025-Revised.xlsx``) and leaves the old ones standing: of one month the newest is taken, by the folder it was
put into and by the word "revised". A file that is held whole is not asked for again.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from analysis.errors import AnalysisError
from analysis.fetch.asking import Asker
from analysis.fetch.ledger import OGL, by_name, keep

Heard = Callable[[str], object]
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
UPLOADED = re.compile(r"/(20\d{2})[/-](\d{2})/")
MONTH = re.compile(rf"({'|'.join(MONTHS)})[a-z]*[-_ ]?(20\d{{2}})", re.IGNORECASE)
WHEN = re.compile(rf"\d+|(?:{'|'.join(MONTHS)})[a-z]*", re.IGNORECASE)
REVISED = re.compile(r"revised(?:[-_ ]?(\d+))?|[-_ ]v(\d+)", re.IGNORECASE)
STARTS_WITH = {".xlsx": b"PK", ".ods": b"PK", ".zip": b"PK"}
"""First bytes of files that are archives: an error page under their name is none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Files that are found on a page.

    Parameters
    ----------
    title : str
        In words.
    page : str
        Where their links stand.
    names : str
        Pattern of the files' names.
    monthly : bool
        Whether a name says a month, of which only the newest file is wanted.
    newest : bool
        Whether only the newest of all is wanted of each kind of name (numbers and months apart).
    licence : str
    """

    title: str
    page: str
    names: str
    monthly: bool = False
    newest: bool = False
    licence: str = OGL


PUBLICATIONS: Mapping[str, Publication] = {
    "drd": Publication(
        title="Discharge Ready Date, NHS England",
        page="https://www.england.nhs.uk/statistics/statistical-work-areas/discharge-delays/discharge-ready-date/",
        names=r"discharge-ready-date-monthly-data.*\.xlsx",
        monthly=True,
    ),
    "cqc-files": Publication(
        title="Care directory with filters, latest ratings and deactivated locations, Care Quality Commission",
        page="https://www.cqc.org.uk/about-us/transparency/using-cqc-data",
        names=r".*(?:hsca_active_locations|latest_ratings|deactivated_locations).*\.(?:ods|xlsx)",
        newest=True,
    ),
    "ascof": Publication(
        title="Adult social care outcomes framework, Department of Health and Social Care",
        page="https://www.gov.uk/government/statistics/adult-social-care-outcomes-framework-england-2024-to-2025",
        names=r".*ascof.*\.csv",
    ),
}
"""What can be fetched by name, beside the locations of the CQC's API."""


class _Links(HTMLParser):
    """Collects the addresses of a page's links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep where a link leads."""
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.found.append(address)


def fetch_files(
    folder: Path, publication: Publication, asker: Asker, tell: Heard = lambda words: None
) -> tuple[Path, ...]:
    """Fetch the files of a page into a folder; the paths of all that are wanted, held before or not.

    Raises
    ------
    AnalysisError
        If the page or a file is not there, or the page has no such file; what was fetched is kept.
    """
    wanted, done = wanted_of(publication, asker), by_name(folder)
    paths = []
    for number, address in enumerate(wanted, 1):
        name = name_of(address)
        if name not in done or done[name].address != address:
            keep(folder, name, _whole(asker, address, name), address, publication.licence)
        tell(f"{number:,} of {len(wanted):,} files: {name}")
        paths.append(folder / name)
    return tuple(paths)


def wanted_of(publication: Publication, asker: Asker) -> tuple[str, ...]:
    """List the addresses of the files that are wanted, in the order of the page."""
    page = asker.bytes_of(publication.page)
    links = _Links()
    links.feed((page or b"").decode("utf-8", errors="replace"))
    every = dict.fromkeys(urljoin(publication.page, address) for address in links.found)
    fits = [address for address in every if re.fullmatch(publication.names, name_of(address), re.IGNORECASE)]
    if not fits:
        raise AnalysisError(
            "The page has no file of the kind that is looked for: it may have been moved or renamed.",
            found=f"{len(every):,} links on {publication.page}",
            do="Fetch the file in a browser and load it: homeward load FILE… --store PATH",
        )
    if not (publication.monthly or publication.newest):
        return tuple(fits)
    best: dict[object, str] = {}
    for address in fits:
        kind = month_of(address) if publication.monthly else WHEN.sub("", name_of(address)).casefold()
        if kind not in best or rank(address) > rank(best[kind]):
            best[kind] = address
    return tuple(best.values())


def name_of(address: str) -> str:
    """Give the name of the file at an address."""
    return unquote(urlsplit(address).path.rsplit("/", 1)[-1])


def month_of(address: str) -> tuple[int, int] | str:
    """Give year and month that a file's name says; its name where it says none."""
    found = MONTH.search(name_of(address))
    return (int(found[2]), MONTHS.index(found[1].casefold()[:3]) + 1) if found else name_of(address)


def rank(address: str) -> tuple:
    """Say how new a file is: when it was put there, which month it is of, and how often it was revised."""
    put, month, again = UPLOADED.search(address), month_of(address), REVISED.search(name_of(address))
    revision = 0 if again is None else int(again[1] or again[2] or 1)
    return (
        (int(put[1]), int(put[2])) if put else (0, 0),
        month if isinstance(month, tuple) else (0, 0),
        bool(again),
        revision,
    )


def _whole(asker: Asker, address: str, name: str) -> bytes:
    """Fetch one file, and look whether it is what its name says."""
    content = asker.bytes_of(address)
    if content is None:
        raise AnalysisError(
            "A file that the page names is not there.", found=address,
            do="Run the same command again later: what was fetched is kept.",
        )  # fmt: skip
    begins = STARTS_WITH.get(Path(name).suffix.casefold())
    if begins and not content.startswith(begins):
        raise AnalysisError(
            f"{name} is not what its name says, and was not kept.", found=f"{content[:40]!r} from {address}",
            do="Run the same command again later, or fetch it in a browser.",
        )  # fmt: skip
    return content
