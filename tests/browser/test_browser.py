"""What a visitor sees in a real browser: every page by a cold deep link, no request to anybody else, no leak."""

import re

import pytest

from analysis.design import Plan
from analysis.evaluation import evaluate
from analysis.protocol import Protocol
from tests.browser import hands
from tests.browser.accessible import grave
from tests.browser.server import serving
from tests.browser.visitor import visit
from tests.costs import PROOF, in_the_proof

pytestmark = pytest.mark.browser

PAGES = {
    "": "Overview",
    "guide": "Step by step",
    "plan": "Plan",
    "admissions": "Admissions",
    "ratings": "Ratings",
    "areas": "Areas",
    "residents": "Residents",
    "comparison": "Comparison",
    "doubts": "Doubts",
    "verdict": "Verdict",
    "what_if": "What if",
    "targeting": "Targeting",
    "planning": "Planning",
    "monitoring": "Monitoring",
    "home": "Home",
    "worklist": "Worklist",
    "feedback": "Feedback",
    "claims": "Claims",
    "evidence": "Evidence",
    "methods": "Methods",
    "data": "Data",
}
"""Every page by its address, in the order of the menu."""
LAST = {
    "": "What you can ask",
    "guide": "Data (1 of 8)",
    "plan": "Lock it",
    "data": "Months covered",
    "admissions": "Repeat it",
    "ratings": "What this cannot tell you",
    "areas": "What went in",
    "residents": "Repeat it",
    "comparison": "How right is this design on these homes?",
    "doubts": "What this cannot tell you",
    "verdict": "How the verdict is reached",
    "monitoring": "Repeat it",
    "home": "Print it, or repeat it",
    "worklist": "Print it, or repeat it",
    "feedback": "Keep a copy",
    "what_if": "Compare, save and share",
    "targeting": "What this cannot tell you",
    "planning": "What this cannot tell you",
    "claims": "What this cannot tell you",
    "evidence": "What this cannot tell you",
    "methods": "What was wrong, and is right now",
}
"""The last heading of each page: when it is there, the page is whole."""
EVERY_RUN = ("", "admissions")
"""Pages walked on a telephone in every run: the overview, and an answer. Without a browser every run opens all of them
(`tests.pages`); in one, the proof."""
TELEPHONE = 390, 4000


def opened(page, address, path=""):
    """Open a page and wait until it is whole."""
    page.goto(f"{address}/{path}")
    return whole(page, path)


def whole(page, path):
    """Wait until a page is whole."""
    page.get_by_role("heading", name=PAGES[path], exact=True, level=1).wait_for()
    page.get_by_role("heading", name=LAST[path], exact=True).wait_for()
    from playwright.sync_api import expect  # noqa: PLC0415 - where there is no browser there may be no Playwright

    expect(page.locator("[data-testid=stSkeleton], [data-stale=true]")).to_have_count(0, timeout=60_000)
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_test_id("stAlertContentError").count() == 0
    return page


def holds_on_a_telephone(page, path):
    assert page.title() == f"{PAGES[path]} – Homeward"
    assert page.get_by_role("heading", level=1).inner_text() == PAGES[path]
    assert page.get_by_role("dialog").count() == 0
    assert page.get_by_text("Synthetic data").count() > 0
    assert grave(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_test_id("stExpandSidebarButton").click()
    menu = page.get_by_test_id("stSidebar").get_by_role("link")
    menu.last.wait_for()
    assert menu.all_inner_texts() == list(PAGES.values())
    assert page.hosts == {"127.0.0.1"}
    assert page.refused == []


@pytest.mark.bench
@pytest.mark.parametrize("path", PAGES)
def test_every_page_by_a_cold_deep_link_on_a_fresh_server_and_a_telephone(tab, path):
    with serving(HOMEWARD_KEPT="") as address:  # nothing is kept from an earlier start
        holds_on_a_telephone(opened(tab(*TELEPHONE), address, path), path)


@pytest.mark.parametrize("path", [path if path in EVERY_RUN else in_the_proof(path, name=path) for path in PAGES])
def test_every_page_by_a_deep_link_and_a_telephone(seen, path):
    holds_on_a_telephone(seen(path, *TELEPHONE), path)


@pytest.mark.bench
def test_on_a_telephone_the_menu_goes_once_a_page_is_chosen_and_does_not_come_back(tab, address):
    page = opened(tab(width=390, height=844), address)
    for path in ("data", "planning"):
        page.get_by_test_id("stExpandSidebarButton").click()
        page.get_by_test_id("stSidebar").get_by_role("link", name=PAGES[path], exact=True).click()
        whole(page, path)
        for come in (lambda: None, page.reload):
            come()
            page.get_by_test_id("stExpandSidebarButton").wait_for()
            page.wait_for_timeout(500)
            assert page.get_by_test_id("stSidebar").bounding_box()["x"] < 0
    page.set_viewport_size({"width": 1440, "height": 900})
    page.reload()
    whole(page, "planning")
    assert page.get_by_test_id("stSidebar").bounding_box()["x"] == 0


LOOK = "([...names]) => names.map(name => getComputedStyle(document.activeElement)[name])"


def test_focus_is_seen_in_the_menu_and_links_look_like_links(seen):
    page = seen()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.testid") == "stPageLink-NavLink":
            break
    width, style, shadow = page.evaluate(LOOK, ["outlineWidth", "outlineStyle", "boxShadow"])
    assert (width, style) == ("3px", "solid")
    assert "rgb(255, 221, 0)" in shadow
    link = (
        page.get_by_test_id("stMain").get_by_role("link", name=re.compile("See how this was worked out")).locator("p")
    )
    look = link.evaluate("link => [getComputedStyle(link).textDecorationLine, getComputedStyle(link).color]")
    assert look == ["underline", "rgb(18, 67, 109)"]


FACTS = ("Effect", "95% interval", "Started", "Before the start", "Worst doubt", "Homes")
"""The six facts of an answer: it, its interval, the start, how it was before, the worst doubt, n."""
MOST_KEYS = 8
SKIPS = "document.activeElement.matches('.hw-skip, [data-testid=stSkipToContent]')"
"""Whether the keys stand on a link that leads past the menu and the fields."""


def test_six_facts_of_an_answer_are_reached_in_at_most_eight_keys(seen):
    page = seen("admissions")
    page.locator(".hw-call").wait_for()
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    for _ in range(MOST_KEYS):
        page.keyboard.press("Enter" if page.evaluate(SKIPS) else "Tab")
        if page.evaluate("document.activeElement.id") == "answer-in-figures":
            break
    told = page.evaluate("document.activeElement.getAttribute('aria-label')") or ""
    assert all(fact in told for fact in FACTS), told


@pytest.mark.parametrize(("size", "thinned"), [(TELEPHONE, True), ((1440, 3000), False)])
def test_months_that_would_lie_on_one_another_are_drawn_every_third_and_said_to_be(seen, size, thinned):
    chart = seen("admissions", *size).get_by_test_id("stVegaLiteChart").nth(1)
    assert chart.get_by_text("every third month is drawn").count() == int(thinned)
    points = chart.locator('g.mark-symbol[aria-roledescription="symbol mark container"] path').count()
    assert (10 < points < 20) if thinned else points > 40


def test_the_first_answer_stands_on_the_overview_without_a_click(seen, sample_store):
    tidy = (
        evaluate(Protocol(plan=Plan(intervention="weekly_ward_round")), sample_store).published.tidy().set_index("term")
    )
    page = seen()
    fewer = f"{1 - tidy.loc['rate_ratio', 'estimate']:.0%} fewer emergency admissions per bed-day"
    assert page.get_by_text(fewer).count() == 1
    assert page.get_by_test_id("stVegaLiteChart").count() >= 1


def test_a_chart_says_its_numbers_and_a_download_is_what_may_be_shown(seen):
    page = seen("admissions")
    page.locator('[data-testid=stVegaLiteChart][aria-label^="Rate ratio by month since the start"]').wait_for()
    hands.still(page)
    fold = page.locator("details", has=page.get_by_text("Table and download: observed, and expected otherwise"))
    fold.locator("summary").click()
    file = hands.download(page, fold.get_by_role("button", name="Download this table (CSV)"))
    content = file.path().read_text("utf-8-sig").splitlines()
    names, rows = content[0].split(","), [line.split(",") for line in content[1:]]
    assert {"data_sha256", "protocol_sha256"} <= set(names)
    counts = [row[names.index(name)] for row in rows for name in ("observed", "counterfactual")]
    assert all(count == "" or int(count) % 5 == 0 for count in counts)


@pytest.mark.bench
def test_a_choice_stands_in_the_address_and_the_address_brings_it_back(tab, seen):
    page = seen("admissions")
    hands.still(page)
    hands.opened(page, page.get_by_role("combobox", name=re.compile("Compared with")))
    page.get_by_role("option", name="Only homes that never have it").click()
    page.wait_for_url(re.compile("compared="))
    again = tab()
    again.goto(page.url)
    again.get_by_role("heading", name=LAST["admissions"], exact=True).wait_for()
    chosen = again.get_by_role("combobox", name=re.compile("Compared with"))
    assert chosen.input_value() == "Only homes that never have it"


@pytest.mark.bench
def test_another_method_asked_for_stands_in_the_address_and_in_the_protocol(seen):
    page = seen("admissions")
    page.get_by_text("Months, rules and methods", exact=True).click()
    hands.opened(page, page.get_by_role("combobox", name=re.compile("Compute other methods")))
    page.get_by_role("option", name="CR3", exact=True).click()
    page.wait_for_url(re.compile("also=CR3"))
    page.get_by_text('also = ["CR3"]').wait_for()
    page.locator('[data-testid=stVegaLiteChart][aria-label*="this answer"][aria-label*="; CR3 "]').wait_for()


MINE = "location_id,name,month,admissions,bed_days,start_month\n" + "".join(
    f"1-{home},Hawthorn {home},{year}-{month:02d},{(home + month) % 4 + 8},900,{'2021-01' if home < 5 else ''}\n"
    for home in range(10)
    for year in (2020, 2021)
    for month in range(1, 13)
)


def test_what_one_visitor_uploads_no_other_visitor_sees_on_any_page_of_the_menu(tab, address):
    mine = opened(tab(), address, "data")  # a browser that had files of its own says so on every page it opens after
    mine.locator("input[type=file]").set_input_files(
        {"name": "hawthorn.csv", "mimeType": "text/csv", "buffer": MINE.encode()}
    )
    mine.get_by_role("button", name="Load these files").click()
    mine.get_by_text("240 rows in = 240 used").wait_for()
    mine.get_by_test_id("stSidebar").get_by_role("link", name="Admissions").click()
    mine.get_by_text("5 homes treated, 5 compared").wait_for()
    assert mine.get_by_text("Synthetic data").count() == 0
    for path in PAGES if PROOF else (*EVERY_RUN, "data"):
        theirs = visit(address, path)
        assert not theirs.error
        assert any("Synthetic data" in text for text in theirs.texts), path
        assert b"hawthorn" not in bytes(theirs.sent).lower(), path  # nor in a table or behind a chart
