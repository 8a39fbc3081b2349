"""A fresh server and a real browser."""

from collections.abc import Iterator

import pytest

from tests.browser import HOW, chromium
from tests.browser.server import Address, serving


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


@pytest.fixture(scope="session")
def seen(browser, address):
    """Open a page once for all tests that only read it, or make a choice that no other test asks about."""
    from tests.browser.test_browser import opened  # noqa: PLC0415 - which takes its server from here

    visitors, pages = {}, {}

    def once(path="", width=1440, height=3000):
        if width not in visitors:  # whose browser keeps the app's own code from page to page
            visitors[width] = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        if (path, width) not in pages:
            pages[path, width] = opened(noted(visitors[width].new_page()), address, path)
        return pages[path, width]

    yield once
    for visitor in visitors.values():
        visitor.close()


def noted(page):
    """Note the host of every request that a page makes, and whatever its browser refuses to run."""
    page.set_default_timeout(60_000)
    page.hosts, page.refused = set(), []
    page.on("request", lambda request: page.hosts.add(request.url.split("/")[2].split(":")[0]))
    page.on("console", lambda line: page.refused.append(line.text) if "Content Security Policy" in line.text else None)
    return page


@pytest.fixture
def tab(browser):
    """Open pages in a new visitor's browser; notes as above."""
    contexts = []

    def new(width=1440, height=3000):
        context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        contexts.append(context)
        return noted(context.new_page())

    yield new
    for context in contexts:
        context.close()


def pytest_terminal_summary(terminalreporter):
    """Say in the last lines that the browser tests did not run, where they did not."""
    if chromium() is None:
        terminalreporter.write_line(f"The browser tests did not run: there is no Chromium here. {HOW}", yellow=True)
