"""Nobody sees a page who has not signed in, where that is asked for; the log holds who did what, and no data."""

import json

from streamlit.testing.v1 import AppTest

from pages.shared.access import LOG, NOBODY
from tests.pages.conftest import ROOT


def test_who_has_not_signed_in_is_asked_to_and_sees_nothing_else():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
    app.secrets["auth"] = {"redirect_uri": "https://here/oauth2callback", "cookie_secret": "x"}
    app.run()
    assert not app.exception
    assert [button.label for button in app.button] == ["Sign in"]
    assert [head.value for head in app.title] == ["Homeward"]
    assert not app.header and not app.get("vega_lite_chart") and not app.sidebar.children


def test_the_log_says_who_did_what_once_and_holds_no_number_of_the_answer(visit, monkeypatch, tmp_path):
    monkeypatch.setenv(LOG, str(tmp_path / "log.jsonl"))
    app = visit("pages/verdict.py")
    app.run()
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text("utf-8").splitlines()]
    assert [(line["did"], line["who"]) for line in lines] == [("opened", NOBODY), ("ran", NOBODY)]
    assert lines[0]["what"] == "Verdict"
    assert len(lines[1]["what"]) == 64  # the digest of the protocol, and no word of it
    assert all(set(line) == {"time", "who", "did", "what"} for line in lines)
