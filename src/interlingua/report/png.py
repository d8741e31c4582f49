"""An SVG as a picture of dots, drawn by a browser that is installed; no library here draws all scripts."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from interlingua.core.errors import BadInput, MissingResource
from interlingua.core.files import write_atomic

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)  # fmt: skip
SCALE = 2
"""Dots per pixel of the figure, either way."""
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--default-background-color=00000000", "--blink-settings=preferredColorScheme=1",
)  # fmt: skip
_SECONDS = 120


def browser() -> str | None:
    """A Chromium or Chrome of this machine, None where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def write_png(svg: str, path: Path) -> Path:
    """Write a standing-alone SVG as PNG, `SCALE` dots per pixel, around it nothing.

    Raises `MissingResource` where no browser is found or it draws nothing, `BadInput` for a place that cannot
    be written, `OutOfRoom` on a full disk.
    """
    size = re.search(r'width="(\d+)" height="(\d+)"', svg)
    if size is None:
        raise BadInput("The SVG does not say how wide and high it is.")
    page = f'<!doctype html><meta charset="utf-8"><style>body{{margin:0}}svg{{display:block}}</style>{svg}'
    return write_page_png(page, path, int(size[1]), int(size[2]))


def write_page_png(page: str, path: Path, width: int, height: int) -> Path:
    """Write the upper `height` pixels of an HTML page as a reader with a window of `width` sees it, as PNG.

    `SCALE` dots per pixel, in light colours. Raises as `write_png` does.
    """
    found = browser()
    if found is None:
        raise MissingResource(
            "PNG needs Chromium or Google Chrome, and none is on the PATH: install one "
            f"(e.g. apt install chromium), or write {path.with_suffix('.svg').name} instead."
        )
    with tempfile.TemporaryDirectory() as room:
        shown, drawn = Path(room, "figure.html"), Path(room, "figure.png")
        shown.write_text(page, "utf-8")
        command = [
            found, *_FLAGS, f"--user-data-dir={room}/profile", f"--force-device-scale-factor={SCALE}",
            f"--window-size={width},{height}", f"--screenshot={drawn}", shown.as_uri(),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
            said = done.stderr.strip().split("\n")[-1]
        except (OSError, subprocess.TimeoutExpired) as error:
            said = str(error)
        if not drawn.is_file():
            raise MissingResource(f"{found} drew no picture ({said}); write an .svg instead.")
        return write_atomic(path, drawn.read_bytes())
