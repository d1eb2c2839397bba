"""Locks of the whole process."""

from __future__ import annotations

import os
import threading
from contextlib import AbstractContextManager


def process_lock() -> AbstractContextManager[bool]:
    """Return a lock that its thread may take again, and that a forked process finds free.

    A DataLoader forks its workers at any moment, also while another thread holds a lock. In the worker that thread does
    not exist, and would hold it for ever.
    """
    lock = threading.RLock()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lock._at_fork_reinit)  # type: ignore[attr-defined]
    return lock
