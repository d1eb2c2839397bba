"""Whether this thread records operators for differentiation, and whether they run in training mode."""

from __future__ import annotations

import threading


class _Mode(threading.local):
    """Both switches are off in a new thread, as in MXNet."""

    def __init__(self) -> None:
        self.recording = False
        self.training = False


mode = _Mode()
