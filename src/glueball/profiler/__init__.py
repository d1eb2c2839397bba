"""``mx.profiler``: how long operators take, as a table and as a trace.

While it runs, operators are timed one by one, on a GPU until their results are there; graphs run in the form in which
they run anyway. `records.py` has what was recorded, `recording.py` records, `objects.py` is what a program marks.
"""

from __future__ import annotations

from .functions import (
    dump,
    dump_profile,
    dumps,
    pause,
    profiler_set_config,
    profiler_set_state,
    resume,
    scope,
    set_config,
    set_kvstore_handle,
    set_state,
)
from .objects import Counter, Domain, Event, Frame, Marker, Task

__all__ = [
    "Counter", "Domain", "Event", "Frame", "Marker", "Task", "dump", "dump_profile", "dumps", "pause",
    "profiler_set_config", "profiler_set_state", "resume", "scope", "set_config", "set_kvstore_handle", "set_state",
]  # fmt: skip
