"""The machine that the numbers were measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path

_CPU_INFO = Path("/proc/cpuinfo")
#: What of the processor's flags decides about speed.
_UNITS = {"avx2": "AVX2", "avx512f": "AVX-512", "avx512_bf16": "bfloat16", "amx_tile": "AMX"}


def describe() -> str:
    """Return the processor and its vector units, the system, and its load when measuring began."""
    busy = f", load {os.getloadavg()[0]:.2f} before" if hasattr(os, "getloadavg") else ""
    return f"{_processor()}, {os.cpu_count()} CPUs, {platform.system()} {platform.machine()}{busy}"


def _processor() -> str:
    facts = {}
    if _CPU_INFO.exists():
        for entry in _CPU_INFO.read_text().splitlines():
            name, _, value = entry.partition(":")
            facts.setdefault(name.strip(), value.strip())
    flags = facts.get("flags", "").split()
    units = ", ".join(unit for flag, unit in _UNITS.items() if flag in flags)
    name = facts.get("model name") or platform.processor() or "unknown processor"
    return f"{name} ({units})" if units else name
