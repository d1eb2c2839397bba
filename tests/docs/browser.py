"""Chromium without a window, driven by its own chromedriver over HTTP (the WebDriver protocol of the W3C)."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
CHROMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def missing() -> str:
    """Return why no browser can be driven here, or nothing."""
    if not any(map(shutil.which, CHROMES)):
        return "no Chromium is installed; on Debian: apt-get install chromium chromium-driver"
    if not shutil.which("chromedriver"):
        return "no chromedriver is installed; on Debian: apt-get install chromium-driver"
    return ""


class Browser:
    """A window of a browser."""

    def __init__(self, address: str, session: str) -> None:
        self._session = f"{address}/session/{session}"

    def open(self, url: str) -> None:
        """Open an address and wait until it is loaded."""
        _ask(f"{self._session}/url", {"url": url})

    def run(self, script: str) -> Any:
        """Run the body of a function in the page, and return its result."""
        return _ask(f"{self._session}/execute/sync", {"script": script, "args": []})

    def wait_for(self, script: str, seconds: float = 10) -> Any:
        """Run a script again and again until its result is true."""
        end = time.monotonic() + seconds
        while not (found := self.run(script)) and time.monotonic() < end:
            time.sleep(0.05)
        return found

    def complaints(self) -> list[str]:
        """Return the errors and warnings of the console since the last call."""
        entries = _ask(f"{self._session}/se/log", {"type": "browser"})
        return [f"{entry['level']}: {entry['message']}" for entry in entries]

    def picture(self, file: Path) -> None:
        """Write what the window shows as a PNG."""
        file.write_bytes(base64.b64decode(_ask(f"{self._session}/screenshot")))


@contextmanager
def browser(width: int, height: int, phone: bool = False) -> Iterator[Browser]:
    """Start a browser whose window has a size; as a phone, pages are told so."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chrome: dict[str, Any] = {
        "binary": next(filter(None, map(shutil.which, CHROMES))),
        "args": [*_ARGUMENTS, f"--window-size={width},{height}"],
    }
    if phone:
        chrome["mobileEmulation"] = {
            "deviceMetrics": {"width": width, "height": height, "pixelRatio": 2, "mobile": True}
        }
    wish = {"goog:chromeOptions": chrome, "goog:loggingPrefs": {"browser": "WARNING"}}
    driver = subprocess.Popen(["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(address)
        session = _ask(f"{address}/session", {"capabilities": {"alwaysMatch": wish}})["sessionId"]
        try:
            yield Browser(address, session)
        finally:
            _ask(f"{address}/session/{session}", method="DELETE")
    finally:
        driver.terminate()
        driver.wait()


def _wait_until_ready(address: str) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            _ask(f"{address}/status")
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def _ask(url: str, body: dict[str, Any] | None = None, method: str | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    # A proxy of the environment is not for this machine itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=120) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        with error:
            raise RuntimeError(f"{url}: {error.read().decode()}") from None
