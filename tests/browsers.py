"""Finding a Chromium for the browser tests."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> Path | None:
    """The path in `CHROMIUM`, or the first Chromium on the machine; None if there is none."""
    if given := os.environ.get("CHROMIUM"):
        return Path(given) if Path(given).exists() else None
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None
