"""The app in a real browser: a fresh server, a headless Chromium, and nothing in between."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

HOW = "Install it (Debian: apt-get install chromium fonts-liberation) or set CHROMIUM_PATH, then run `make test` again."


def chromium() -> str | None:
    """Path of the browser, or None where there is none."""
    return os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, NAMES)), None)
