"""A report is downloaded from a page and opened where there is no connection: it is whole, readable by keys, and clean.

axe-core, the checker of WCAG that most use, finds nothing; where it is not installed, `tests/reports` asks most of it.
"""

import pytest

from tests.browser import hands
from tests.browser.test_browser import opened

pytestmark = pytest.mark.browser


@pytest.fixture
def report(tab, address, tmp_path):
    """Ask for the report on the page of admissions, as HTML."""
    page = opened(tab(), address, "admissions")
    hands.download(page, page.get_by_role("button", name="Report to read (HTML)"), within=1_800_000).save_as(
        tmp_path / "report.html"
    )
    assert page.hosts == {"127.0.0.1"}
    return tmp_path / "report.html"


def read(browser, report, width):
    """Open the report without any connection; what it asked for beside itself."""
    page = browser.new_context(viewport={"width": width, "height": 1000}, offline=True, bypass_csp=True).new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    assert asked == [report.as_uri()]
    return page


@pytest.mark.bench
def test_a_report_opens_offline_on_a_screen_and_a_telephone_and_is_clean(browser, report):
    for width in (1440, 390):
        page = read(browser, report, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.get_by_role("heading", level=1).count() == 1
        assert page.locator("svg:visible").count() > 3
        names = page.evaluate("[...document.querySelectorAll('svg')].filter(s => s.checkVisibility()).map(s => "
                              "s.getAttribute('aria-label'))")  # fmt: skip
        assert len(names) == len(set(names))
        axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
        assert axe.run(page).response["violations"] == []
