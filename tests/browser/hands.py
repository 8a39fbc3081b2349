"""A page in a browser as a visitor uses it: fields found by what they are called, words read when all is drawn."""

import re

BUSY = (
    "() => { const app = document.querySelector('[data-testid=stApp]');"
    " return !app || app.dataset.testScriptState === 'running' || app.dataset.testScriptState === 'rerunRequested'"
    " || document.querySelector('[data-stale=true], [data-testid=stSkeleton]') !== null; }"
)
READ = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  main.querySelectorAll('details:not([open]) > summary').forEach(fold => fold.click());
  const charts = [...main.querySelectorAll('[data-testid=stVegaLiteChart]')];
  const cells = [...main.querySelectorAll('canvas table tr, .hw-table tr')];
  return {
    words: main.innerText.split('\\n'),
    pictures: charts.map(chart => chart.getAttribute('aria-label') || ''),
    rows: cells.map(row => [...row.children].map(cell => cell.textContent).join(' | ')),
    faults: main.querySelectorAll('[data-testid=stException]').length,
    wide: document.documentElement.scrollWidth - window.innerWidth,
  };
}"""
STILL_FOR = 3
"""Looks in a row at which nothing is being drawn."""
TRIES = 10


def still(page, within=240_000):
    """Wait until nothing on the page is being drawn."""
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_timeout(250)  # a click takes some time to reach the server
    seen = 0
    for _ in range(within // 100):
        seen = 0 if page.evaluate(BUSY) else seen + 1
        if seen == STILL_FOR:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the page is still being drawn")


def opened(page, field):
    """Open a list of choices, trying again: a click on what is being scrolled to, or drawn, may close it at once."""
    field.scroll_into_view_if_needed()
    for _ in range(TRIES):
        field.click()
        page.wait_for_timeout(300)
        if page.get_by_role("option").count():
            return field
    raise AssertionError(f"the list {field} does not open")


def options(page, key):
    """Give what a list of choices offers; nothing where it is not on the page."""
    if not page.locator(f".st-key-{key}").count():
        return []
    opened(page, page.locator(f".st-key-{key} input"))
    found = page.get_by_role("option").all_inner_texts()
    page.keyboard.press("Escape")
    return found


def offers(page, key, label):
    """Whether a list of choices has one; typed, because a long list holds only what is seen of it."""
    opened(page, page.locator(f".st-key-{key} input")).fill(label)
    page.wait_for_timeout(300)
    found = page.get_by_role("option", name=re.compile(f"^{re.escape(label)}$")).count() > 0
    page.keyboard.press("Escape")
    return found


def choose(page, key, label):
    """Choose from a list, typing what is looked for as lists are long."""
    field = page.locator(f".st-key-{key} input")
    if field.input_value() == label:
        return
    opened(page, field).fill(label)
    page.get_by_role("option", name=re.compile(f"^{re.escape(label)}$")).first.click()
    still(page)


def switch(page, key, on):
    """Turn a switch on or off."""
    box = page.locator(f".st-key-{key}")
    if box.locator("input").is_checked() != on:
        box.locator("label").click()
        still(page)


def write(page, key, text):
    """Write into a field."""
    field = page.locator(f".st-key-{key} textarea, .st-key-{key} input").first
    field.fill(text)
    field.press("Control+Enter" if "\n" in text else "Enter")
    still(page)


def download(page, button, within=180_000):
    """Press a button that hands out a file, when nothing is being drawn; again where the press was lost on the way.

    What is drawn anew between the press and its release takes the press with it. A person presses again.
    """
    from playwright.sync_api import TimeoutError as Lost  # noqa: PLC0415 - where there is no browser there may be none

    for _ in range(TRIES):
        still(page)
        button.scroll_into_view_if_needed()
        try:
            with page.expect_download(timeout=within / TRIES) as waiting:
                button.click()
            return waiting.value
        except Lost:
            continue
    raise AssertionError("no file came")


def unfold(page, title):
    """Open a fold where it is closed."""
    fold = page.locator("details", has=page.locator("summary", has_text=title)).first
    if fold.count() and fold.get_attribute("open") is None:
        fold.locator("summary").click()
        page.wait_for_timeout(400)


def read(page):
    """Give all that the page says: words, what pictures say of themselves, rows of tables, faults."""
    page.evaluate(READ)  # opens folds
    page.wait_for_timeout(600)  # what was folded is drawn
    return page.evaluate(READ)
