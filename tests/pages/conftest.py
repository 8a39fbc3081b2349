"""Pages are opened as a visitor opens them: through the front door."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def visit(monkeypatch):
    """Open a page in a new session; a path such as "pages/data.py"."""
    monkeypatch.delenv("HOMEWARD_STORE", raising=False)

    def page(path="app.py", session=None):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in (session or {}).items():
            app.session_state[name] = value
        app.run()
        if path != "app.py":
            app.switch_page(path).run()
        assert not app.exception
        return app

    return page
