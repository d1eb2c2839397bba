"""The functions of ``mx.profiler``."""

from __future__ import annotations

import atexit
import contextlib
import os
from typing import Any

from ..core.doors import door
from ..core.errors import MXNetError, with_class_of
from ..core.warning import warn
from . import settings, table
from .recording import recorder

_STATES = {"stop": False, "run": True}


def _check_process(owner: str, profile_process: str) -> None:
    if profile_process == "server":
        raise MXNetError(
            f"{owner}: profile_process must be 'worker'; received 'server'; there are no servers, as all runs in one "
            f"process"
        )
    if profile_process != "worker":
        text = f"{owner}: profile_process must be 'worker' or 'server'; received {profile_process!r}"
        raise with_class_of(KeyError(), text)


@door
def set_config(**kwargs: Any) -> None:
    """Say what is recorded, and where to; call it before `set_state`. What is not given has its default.

    Parameters
    ----------
    filename : str, default 'profile.json'
        The file that `dump` writes.
    profile_all : bool
        Record everything, as without any of the following four.
    profile_symbolic : bool
        Record the operators of graphs: of hybridized blocks, executors, Module.
    profile_imperative : bool
        Record the operators that a program calls itself.
    profile_memory, profile_api : bool
        There is neither a memory pool nor a C library to record, as MXNet has them: alone, they record no operators.
    continuous_dump : bool, default False
        Write the file again and again while the profiler runs.
    dump_period : float, default 1
        After how many seconds it is written again.
    aggregate_stats : bool, default False
        Add up times for the table of `dumps`.
    profile_process : {'worker'}
        Whom to record; there is one process.
    gpu_memory_profile_filename_prefix : str
        Nothing is written under this name, as there is no memory pool of MXNet's.

    Examples
    --------
    >>> import os, tempfile
    >>> import glueball as mx
    >>> file = os.path.join(tempfile.mkdtemp(), "profile.json")
    >>> mx.profiler.set_config(profile_all=True, aggregate_stats=True, filename=file)
    >>> mx.profiler.set_state("run")
    >>> y = mx.nd.exp(mx.nd.ones((2, 3)))
    >>> mx.profiler.set_state("stop")
    >>> "exp" in mx.profiler.dumps(reset=True)
    True
    >>> mx.profiler.dump()
    >>> os.path.getsize(file) > 0
    True
    """
    recorder.settings = settings.read(kwargs)


@door
def set_state(state: str = "stop", profile_process: str = "worker") -> None:
    """Start or stop the profiler. With MXNET_PROFILER_AUTOSTART=1 in the environment it runs from the beginning.

    Parameters
    ----------
    state : {'stop', 'run'}
        What it is to do.
    profile_process : {'worker'}
        Whose profiler is meant.

    Raises
    ------
    KeyError
        There is no such state.
    """
    if state not in _STATES:
        raise with_class_of(KeyError(), f"profiler.set_state: state must be 'run' or 'stop'; received {state!r}")
    _check_process("profiler.set_state", profile_process)
    recorder.change(is_running=_STATES[state])


@door
def pause(profile_process: str = "worker") -> None:
    """Record nothing until `resume` is called.

    Parameters
    ----------
    profile_process : {'worker'}
        Whose profiler is meant.
    """
    _check_process("profiler.pause", profile_process)
    recorder.change(is_paused=True)


@door
def resume(profile_process: str = "worker") -> None:
    """Record again after `pause`.

    Parameters
    ----------
    profile_process : {'worker'}
        Whose profiler is meant.
    """
    _check_process("profiler.resume", profile_process)
    recorder.change(is_paused=False)


@door
def dump(finished: bool = True, profile_process: str = "worker") -> None:
    """Write what was recorded as a trace, which chrome://tracing and ui.perfetto.dev draw.

    Parameters
    ----------
    finished : bool, default True
        Whether to stop the profiler and to begin a new trace the next time that it runs.
    profile_process : {'worker'}
        Whose profiler is meant.

    Raises
    ------
    MXNetError
        The profiler has not run since the last trace was finished.

    Differs from MXNet
    ------------------
    With ``finished=False`` the file is valid JSON, too. It also has what operators call in torch, in a row of its own.
    """
    _check_process("profiler.dump", profile_process)
    recorder.dump(bool(finished))


@door
def dumps(reset: bool = False, format: str = "table", sort_by: str = "total", ascending: bool = False) -> str:
    """Return a table of what took how long, if ``set_config(aggregate_stats=True)`` was called before.

    An operator is called as in graph files, and its gradient ``_backward_<name>``. What a graph computes in one step
    has the names of all its operators, with commas between them.

    Parameters
    ----------
    reset : bool, default False
        Whether to begin the sums anew.
    format : {'table', 'json'}
        The form of the result.
    sort_by : {'total', 'avg', 'min', 'max', 'count'}
        What the lines of a section are ordered by.
    ascending : bool, default False
        Whether the smallest comes first.

    Returns
    -------
    str
        The table; '' without ``aggregate_stats``.

    Differs from MXNet
    ------------------
    It has no calls of a C library, no use of a memory pool, and nothing that MXNet's engine does for itself, such as
    DeleteVariable.
    """
    for name, value, known in (("sort_by", sort_by, table.ORDERS), ("format", format, table.FORMATS)):
        if value not in known:
            text = f"profiler.dumps: {name} must be one of {', '.join(map(repr, known))}; received {value!r}"
            raise with_class_of(AssertionError(), text)
    if not recorder.settings.aggregate_stats:
        return ""
    write = table.as_table if format == "table" else table.as_json
    text = write(recorder.records.sums, sort_by, bool(ascending))
    if reset:
        recorder.records.forget_sums()
    return text


@door
def scope(name: str = "<unk>:") -> contextlib.AbstractContextManager[None]:
    """Put a prefix before the names of the operators that run in a ``with`` block.

    Parameters
    ----------
    name : str
        The prefix, such as ``'encoder:'``.

    Examples
    --------
    >>> import glueball as mx
    >>> with mx.profiler.scope("encoder:"):
    ...     y = mx.nd.exp(mx.nd.ones(3))  # in the table, encoder:exp
    """
    return recorder.scope(name)


@door
def set_kvstore_handle(handle: Any) -> None:
    """Take the handle of a store, as MXNet does to record its servers; there are none.

    Parameters
    ----------
    handle : object
        It is not needed.
    """


@door
def profiler_set_config(mode: str = "symbolic", filename: str = "profile.json") -> None:
    """Say what is recorded; the older form of `set_config`.

    Parameters
    ----------
    mode : {'symbolic', 'imperative', 'api', 'memory', 'all'}
        What is recorded.
    filename : str
        The file that `dump` writes.
    """
    warn("profiler.profiler_set_config() is deprecated; use profiler.set_config()")
    set_config(**{f"profile_{mode}": True, "filename": filename})


@door
def profiler_set_state(state: str = "stop") -> None:
    """Start or stop the profiler; the older form of `set_state`.

    Parameters
    ----------
    state : {'stop', 'run'}
        What it is to do.
    """
    warn("profiler.profiler_set_state() is deprecated; use profiler.set_state()")
    set_state(state)


@door
def dump_profile() -> None:
    """Write the trace; the older form of `dump`."""
    warn("profiler.dump_profile() is deprecated; use profiler.dump()")
    dump(True)


atexit.register(recorder.write_what_is_left)
if os.environ.get("MXNET_PROFILER_AUTOSTART", "") == "1":
    recorder.change(is_running=True)
