"""What a module says about names that MXNet has there and Glueball does not have yet."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import nearest


def absent(module: str, name: str, present: Sequence[str], planned: Sequence[str]) -> AttributeError:
    """Return the error for a name that a module does not have: not yet, or not at all."""
    if name in planned:
        return AttributeError(
            f"module {module!r} has no {name!r} yet: MXNet 1.9.1 has it, this version of glueball does not; "
            f"present are {', '.join(present)}"
        )
    return AttributeError(f"module {module!r} has no attribute {name!r}{nearest(name, tuple(present))}")
