"""How is a publisher asked, politely, and again where it did not answer?

One connection pool with urllib3's own retries: an answer of 429 is waited for as long as its ``Retry-After`` says, and
429, 500, 502, 503, 504 and a body that was cut short are asked again with waits that double. What still fails is told
in words, and never with the key: it goes in a header, stands in no address, and is written nowhere.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import urllib3

from analysis.errors import AnalysisError

RETRIES = 8
"""Times that one request is made again: with waits that double from half a second, about two minutes in all."""
BACKOFF, LONGEST_WAIT = 0.5, 60.0
ASK_AGAIN = (429, 500, 502, 503, 504)
SECONDS = urllib3.Timeout(connect=10, read=60)
KEY_HEADER = "Ocp-Apim-Subscription-Key"
KEY_REFUSED = (401, 403)
GONE = (404, 410)


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Asks one publisher.

    Parameters
    ----------
    key : str
        Subscription key, where one is needed; never shown.
    backoff : float
        Seconds before the first request again.
    """

    key: str = field(default="", repr=False)
    backoff: float = BACKOFF

    @cached_property
    def _pool(self) -> urllib3.PoolManager:
        again = urllib3.Retry(
            total=RETRIES, backoff_factor=self.backoff, backoff_max=LONGEST_WAIT, status_forcelist=ASK_AGAIN,
            allowed_methods=["GET"], respect_retry_after_header=True, raise_on_status=False, redirect=5,
        )  # fmt: skip
        headers = {"User-Agent": "homeward", "Accept-Encoding": "gzip"}
        return urllib3.PoolManager(retries=again, timeout=SECONDS, headers=headers)

    def bytes_of(self, address: str) -> bytes | None:
        """Give what stands at an address; None where there is nothing (any more).

        Raises
        ------
        AnalysisError
            If the publisher refuses the key, or does not answer.
        """
        headers = {**self._pool.headers, **({KEY_HEADER: self.key} if self.key else {})}
        try:
            answer = self._pool.request("GET", address, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise _silent(address, type(error).__name__) from None  # whose own words may hold the headers
        if answer.status in GONE:
            return None
        if answer.status in KEY_REFUSED:
            raise AnalysisError(
                "The key was refused.", found=f"{answer.status} from {address}",
                do="Check the key: the Care Quality Commission's developer portal shows it.",
            )  # fmt: skip
        if answer.status != 200:
            raise _silent(address, f"{answer.status}")
        return answer.data

    def json_of(self, address: str, **asked: Any) -> Mapping[str, Any] | None:
        """Give the JSON object at an address with a query; None where there is nothing.

        Raises
        ------
        AnalysisError
            As `bytes_of`, and if it is no JSON object.
        """
        whole = f"{address}?{urlencode(asked)}" if asked else address
        found = self.bytes_of(whole)
        if found is None:
            return None
        try:
            told = json.loads(found)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise changed(whole, "no JSON object")
        return told


def _silent(address: str, found: str) -> AnalysisError:
    return AnalysisError(
        "The publisher did not answer.", found=f"{found} from {address}, asked {RETRIES + 1} times at most",
        do="Run the same command again later: what was fetched is kept, and it goes on from there.",
    )  # fmt: skip


def changed(address: str, found: str) -> AnalysisError:
    """Say that an answer has a form that is not known."""
    return AnalysisError(
        "The publisher's answer has another form than the one that is known, and nothing of it was kept.",
        found=f"{found} from {address}",
        do="Look for a newer version of Homeward, or load the publisher's files by hand: homeward load FILE…",
    )
