"""The Chromium that the browser tests drive: found, or installed where that is allowed, before the tests start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"
"""Chromium without the parts that a window needs, as Playwright uses it too: a page takes half the processor time."""

NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = "No Chromium for the browser tests: install it (Debian: apt-get install chromium), then run `make test` again."


def find() -> Path | None:
    """Give the path of a Chromium: the system's, else the one that Playwright has installed."""
    for name in NAMES:
        if path := shutil.which(name):
            return Path(path)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def install() -> None:
    """Install Debian's Chromium as root or by a sudo that asks nothing, else Playwright's own.

    An older Debian has no package of the shell alone.
    """
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    may = os.geteuid() == 0 or (shutil.which("sudo") and _runs(["sudo", "-n", "true"]))
    if may and shutil.which("apt-get"):
        print("Installing Debian's chromium for the browser tests …", flush=True)  # noqa: T201
        installing = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq"]
        if _runs([*prefix, "apt-get", "update", "-qq"]) and any(
            _runs([*installing, name]) for name in (SHELL, "chromium")
        ):
            return
    print("Installing Playwright's Chromium for the browser tests …", flush=True)  # noqa: T201
    _runs([sys.executable, "-m", "playwright", "install", "chromium"])


def _runs(command: list[str]) -> bool:
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    if find() is None:
        install()
    if find() is None:
        sys.exit(ADVICE)
