"""The app, or another command that serves it, on a free port of this computer."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 60
"""Seconds a server may take to answer, or to end, on a busy machine."""


class Address(str):
    """Where a server answers; and the number of its process."""

    pid: int


def serving(script: Path = ROOT / "app.py", **environment: str):
    """Start the app, or another script; its address."""
    streamlit = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true"]
    return served_by(lambda port: [*streamlit, f"--server.port={port}"], **environment)


@contextmanager
def served_by(command: Callable[[int], list[str]], **environment: str) -> Iterator[Address]:
    """Start a command that serves on the port it is given; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if name != "HOMEWARD_STORE"}
    server = subprocess.Popen(
        command(port), cwd=ROOT, env=clean | environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", server)
        address = Address(f"http://127.0.0.1:{port}")
        address.pid = server.pid
        yield address
    finally:
        server.terminate()
        server.wait(timeout=READY_WITHIN)


def _wait(health: str, server: subprocess.Popen) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(health, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail("the server did not start")
