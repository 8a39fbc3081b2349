"""A publisher on this machine: pages, documents, files, and the faults that real ones have."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

KEY = "a-key-that-must-stand-nowhere"


def document(number: int) -> dict:
    """A location as the CQC's API gives it, a manager's name among it."""
    return {
        "locationId": f"1-{number:010d}", "providerId": f"1-{number // 3:010d}", "organisationType": "Location",
        "type": "Social Care Org", "name": f"Home {number}", "registrationStatus": "Registered",
        "registrationDate": "2015-03-01", "dormancy": "N", "numberOfBeds": 10 + number % 60, "careHome": "Y",
        "region": "South West", "localAuthority": f"Council {number % 20}", "postalCode": "EX1 1AA",
        "gacServiceTypes": [{"name": "Residential homes", "description": "Care home service without nursing"}],
        "regulatedActivities": [{"name": "Accommodation", "code": "RA2", "contacts": [
            {"personTitle": "Ms", "personGivenName": "Jane", "personFamilyName": "Manager"}]}],
        "currentRatings": {"overall": {"rating": "Good", "reportDate": "2021-05-01", "reportLinkId": f"r{number}",
                                       "keyQuestionRatings": []}},
    }  # fmt: skip


class Publisher:
    """Answers, counts what was asked, and misbehaves as told.

    `faults` maps a path to a list of what is done with it before it is answered: a status, "cut", or an object that is
    given instead.
    """

    def __init__(self, locations: int = 0, files: dict[str, bytes] | None = None):
        self.ids = [f"1-{number:010d}" for number in range(locations)]
        self.files = files or {}
        self.faults: dict[str, list] = {}
        self.asked: Counter[str] = Counter()
        self.keys: set[str | None] = set()
        self.at: dict[int, Callable[[], None]] = {}
        self.lock = threading.Lock()
        self.total = 0

    def answer(self, path: str, query: dict) -> tuple[int, bytes, str]:
        if path in {"/locations", "/changes/location"}:
            page, each = int(query["page"][0]), int(query["perPage"][0])
            ids = self.ids if path == "/locations" else self.ids[::7]
            part = ids[(page - 1) * each : page * each]
            rows = [{"locationId": one} for one in part] if path == "/locations" else part
            key = "locations" if path == "/locations" else "changes"
            told = {"total": len(ids), "page": page, "perPage": each, "totalPages": -(-len(ids) // each), key: rows}
            return 200, json.dumps(told).encode(), "application/json"
        if path.startswith("/locations/"):
            one = path.rsplit("/", 1)[1]
            if one not in self.ids:
                return 404, b"{}", "application/json"
            return 200, json.dumps(document(int(one[2:]))).encode(), "application/json"
        if path in self.files:
            return 200, self.files[path], "application/octet-stream"
        return 404, b"", "text/plain"

    def seen(self, path: str, key: str | None) -> object:
        with self.lock:
            self.asked[path] += 1
            self.keys.add(key)
            self.total += 1
            if self.total in self.at:
                self.at.pop(self.total)()
            return self.faults[path].pop(0) if self.faults.get(path) else None


@contextmanager
def serving(publisher: Publisher):
    """Serve on a free port of this machine; the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            fault = publisher.seen(parts.path, self.headers.get("Ocp-Apim-Subscription-Key"))
            status, body, kind = publisher.answer(parts.path, parse_qs(parts.query))
            if isinstance(fault, int):
                status, body = fault, b"busy"
            elif isinstance(fault, dict):
                body = json.dumps(fault).encode()
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "0")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if fault == "cut":
                self.send_header("Connection", "close")
            self.end_headers()
            try:
                self.wfile.write(body[: len(body) // 2] if fault == "cut" else body)
            except OSError:  # whoever asked was killed
                self.close_connection = True
            if fault == "cut":
                self.close_connection = True

        def log_message(self, *words) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *about: None  # of whoever was killed while asking
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()  # ends when it is told to
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
