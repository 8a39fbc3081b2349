"""Who is let in: the attacks of another site's page on a visitor's own server, and what a browser is told to refuse."""

import base64
import os
import socket
import urllib.error
import urllib.request

import pytest
from starlette.datastructures import Headers

from pages.shared.guard import is_foreign

pytestmark = pytest.mark.browser
FOREIGN = "evil.example"


def asked(address, path, **headers) -> int:
    request = urllib.request.Request(f"{address}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def shaken(address, **headers) -> int:
    """Ask for the websocket as a browser does; the status of the answer, 101 where it is opened."""
    host, port = address.removeprefix("http://").split(":")
    lines = {"Host": f"{host}:{port}", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
             "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(), **headers}  # fmt: skip
    request = "GET /_stcore/stream HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items()) + "\r\n"
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request.encode())
        return int(connection.recv(64).split()[1])


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/data", "/media/x.csv", "/_stcore/upload_file/a/b"])
def test_a_foreign_name_for_this_computer_reads_nothing(address, path):
    assert asked(address, path, Host=FOREIGN) == 400
    assert asked(address, path, Origin=f"http://{FOREIGN}") == 403


def test_a_foreign_page_opens_no_websocket_and_nobody_outside_is_asked(address):
    port = address.rsplit(":", 1)[1]
    assert shaken(address, Origin=address) == 101
    assert shaken(address, Host=f"{FOREIGN}:{port}", Origin=f"http://{FOREIGN}:{port}") in (400, 403)
    assert shaken(address, Origin=f"http://{FOREIGN}") == 403


def test_of_two_origins_the_foreign_one_counts():
    own, foreign = (b"origin", b"http://localhost:8501"), (b"origin", b"http://evil.example")
    said = [[own], [own, foreign], [foreign, own], []]
    assert [is_foreign(Headers(raw=[(b"host", b"localhost:8501"), *lines])) for lines in said] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json"])
def test_what_tells_strangers_about_the_server_is_closed(address, path):
    assert asked(address, path) == 404


def test_a_browser_is_told_to_run_the_apps_own_code_only_and_finds_nothing_else_to_run(seen, address):
    with urllib.request.urlopen(address, timeout=30) as answer:
        headers = answer.headers
    assert "'unsafe-inline'" not in headers["Content-Security-Policy"].split("style-src")[0]
    assert "'unsafe-eval'" not in headers["Content-Security-Policy"]
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
    page = seen()
    assert page.get_by_test_id("stVegaLiteChart").count() >= 1
    assert page.refused == []  # nor on any page of `test_browser`
