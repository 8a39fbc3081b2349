"""A fresh server and a real browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser import HOW, chromium

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 60
"""Seconds a server may take to answer on a busy machine."""


class Address(str):
    """Where a server answers; and the number of its process."""

    pid: int


@contextmanager
def serving(script: Path = ROOT / "app.py", **environment) -> Iterator[Address]:
    """Start the app, or another script, on a free port of this computer; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", "--server.headless=true"]
    clean = {name: value for name, value in os.environ.items() if name != "HOMEWARD_STORE"}
    server = subprocess.Popen(
        command, cwd=ROOT, env=clean | environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", server)
        address = Address(f"http://127.0.0.1:{port}")
        address.pid = server.pid
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(health: str, server: subprocess.Popen) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(health, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail("the server did not start")


@pytest.fixture(scope="session")
def address() -> Iterator[Address]:
    """One server for tests that do not need a cold one."""
    with serving() as at:
        yield at


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium."""
    path = chromium()
    if path is None:
        pytest.skip(f"there is no Chromium here. {HOW}")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def seen(browser, address):
    """Open a page once for all tests of a file that only read it, or make a choice that no other test asks about."""
    from tests.browser.test_browser import opened  # noqa: PLC0415 - which takes its server from here

    visitors, pages = {}, {}

    def once(path="", width=1440, height=3000):
        if width not in visitors:  # whose browser keeps the app's own code from page to page
            visitors[width] = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        if (path, width) not in pages:
            page = visitors[width].new_page()
            page.set_default_timeout(60_000)
            page.hosts = hosts_of(page)
            pages[path, width] = opened(page, address, path)
        return pages[path, width]

    yield once
    for visitor in visitors.values():
        visitor.close()


def hosts_of(page):
    """Note the host of every request that a page makes."""
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2].split(":")[0]))
    return hosts


@pytest.fixture
def tab(browser):
    """Open pages in a new visitor's browser; notes the host of every request."""
    contexts = []

    def new(width=1440, height=3000):
        context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.hosts = hosts_of(page)
        return page

    yield new
    for context in contexts:
        context.close()


def pytest_terminal_summary(terminalreporter):
    """Say in the last lines that the browser tests did not run, where they did not."""
    if chromium() is None:
        terminalreporter.write_line(f"The browser tests did not run: there is no Chromium here. {HOW}", yellow=True)
