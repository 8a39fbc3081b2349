"""An evaluator with own files: every byte sent before the lock is free of outcomes after the start.

Then the plan is locked, the answer is shown, and the report says so.
"""

import re

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser import hands
from tests.disclosure.test_plans_of_twins import STARTS, counts
from tests.disclosure.test_refreshes import file_of, starts_of
from tests.reports.test_lock import FIRST

pytestmark = pytest.mark.browser


def drawn(frame):
    """What a message puts on the page; nothing of what only says that one waits."""
    came = ForwardMsg.FromString(frame)
    element = came.delta.new_element
    if came.WhichOneof("type") != "delta" or element.WhichOneof("type") == "empty":
        return None
    told = came.delta.SerializeToString(deterministic=True)
    return None if b"Working it out" in told else told


def load(page, address, given):
    """Load a visitor's own files."""
    page.goto(f"{address}/data?outcomes=held")
    page.locator("input[type=file]").set_input_files([
        {"name": "counts.csv", "mimeType": "text/csv", "buffer": file_of(given)},
        {"name": "starts.csv", "mimeType": "text/csv", "buffer": starts_of(STARTS)},
    ])  # fmt: skip
    page.get_by_role("button", name="Load these files").click()
    page.get_by_text(re.compile("rows in = ")).first.wait_for()
    hands.still(page)


def goes_on(page, label, heading):
    """Take the next step."""
    page.get_by_role("button", name=label).click()
    page.get_by_role("heading", name=heading).wait_for()
    hands.still(page)


def steps_before_the_lock(page):
    """Go through the steps that show no outcome, to the plan."""
    page.get_by_test_id("stSidebar").get_by_role("link", name="Step by step").click()
    page.get_by_role("heading", name="Data (1 of 8)").wait_for()
    for label, heading in (("Who and when", "Who and when (2"), ("Fair", "Fair? (3"), ("Strong", "Strong enough? (4")):
        goes_on(page, re.compile(f"Next: {label}"), re.compile(re.escape(heading)))
    goes_on(page, "Next: Answer", re.compile(r"Answer \(5"))
    page.get_by_text("Outcomes are held back").wait_for()
    page.get_by_test_id("stMain").get_by_role("link", name="Go on with the plan").click()
    page.get_by_role("heading", name="Lock it", exact=True).wait_for()
    hands.still(page)


def heard(page):
    """Keep every message that the server sends from now on."""
    frames = []

    def keep(frame):
        if isinstance(frame, bytes):
            frames.append(frame)

    page.on("websocket", lambda socket: socket.on("framereceived", keep))
    return frames


@pytest.fixture(scope="module")
def walks(browser, address):
    """Both twins' pages at the lock, and all that was sent to each since its files were loaded."""
    later = counts().copy()
    later[:, FIRST:] = later[:, FIRST:][:, ::-1] + 3
    found = []
    for given in (counts(), later):
        page = browser.new_context(viewport={"width": 1440, "height": 2400}, accept_downloads=True).new_page()
        page.set_default_timeout(60_000)
        frames = heard(page)
        load(page, address, given)
        frames.clear()
        steps_before_the_lock(page)
        found.append((page, [told for frame in frames if (told := drawn(frame))]))
    yield found
    for page, _ in found:
        page.context.close()


@pytest.mark.bench
def test_every_byte_before_the_lock_is_the_same_whatever_happened_after_the_start(walks):
    (_, one), (_, other) = walks
    assert len(one) > 100
    assert set(one) == set(other)


@pytest.mark.bench
def test_the_plan_is_locked_the_answer_shown_and_the_report_says_so(walks, tmp_path):
    page = walks[0][0]
    page.get_by_text("I have read the parts above").click()
    hands.still(page)
    page.get_by_role("button", name="Lock this plan").click()
    page.get_by_text("The protocol was locked on").first.wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="The lock (TOML)").click()
    assert "seal" in waiting.value.path().read_text("utf-8")
    page.get_by_test_id("stMain").get_by_role("link", name="See the answer").click()
    page.get_by_role("heading", name="Against the plan that was locked").wait_for()
    page.get_by_text("Nothing was changed since.").wait_for()
    hands.still(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Report to read (HTML)").click()
    report = waiting.value.path().read_text("utf-8")
    assert len(report) < 1_500_000
    assert "The protocol was locked on" in report and "without a lock" not in report
