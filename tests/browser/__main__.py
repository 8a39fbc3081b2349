"""Find Chromium for the browser tests, or install it where that is allowed: `python -m tests.browser`."""

import os
import shutil
import subprocess

from tests.browser import HOW, chromium

INSTALL = ("apt-get install --yes --no-install-recommends chromium fonts-liberation", "apt-get update")


def main() -> None:
    """Say which browser the tests will use, installing Debian's own where the tests run as root on Debian."""
    if chromium() is None and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        install, update = INSTALL
        print("Browser tests: installing Chromium from Debian's packages …", flush=True)
        for command in (update, install):
            subprocess.run(
                command.split(),
                check=False,
                capture_output=True,
                env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            )
    found = chromium()
    print(f"Browser tests: {found}" if found else f"Browser tests will not run: there is no Chromium here. {HOW}")


main()
