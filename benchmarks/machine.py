"""The machine that the numbers were measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path

_CPU_INFO = Path("/proc/cpuinfo")


def describe() -> str:
    """Return the processor, the system, and its load when measuring began."""
    busy = f", load {os.getloadavg()[0]:.2f} before" if hasattr(os, "getloadavg") else ""
    return f"{_processor()}, {os.cpu_count()} CPUs, {platform.system()} {platform.machine()}{busy}"


def _processor() -> str:
    if _CPU_INFO.exists():
        for entry in _CPU_INFO.read_text().splitlines():
            if entry.startswith("model name"):
                return entry.partition(":")[2].strip()
    return platform.processor() or "unknown processor"
