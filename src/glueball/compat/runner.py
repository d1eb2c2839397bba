"""Runs a program as plain Python would, except that ``mxnet`` is Glueball.

The program is ``__main__`` in every respect: its folder is ``sys.path[0]``, its arguments are ``sys.argv``, its classes
can be pickled, and an exception ends the process as usual, with the same text.
"""

from __future__ import annotations

import builtins
import linecache
import os
import pkgutil
import runpy
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import BuiltinImporter, SourceFileLoader
from types import CodeType, ModuleType, TracebackType
from typing import Any

from . import numpy_names
from .alias import install_as_mxnet

#: What MXNet's launcher sets, and torchrun in its place.
_OF_TORCHRUN = {
    "DMLC_PS_ROOT_URI": "MASTER_ADDR",
    "DMLC_PS_ROOT_PORT": "MASTER_PORT",
    "DMLC_NUM_WORKER": "WORLD_SIZE",
    "DMLC_WORKER_ID": "RANK",
}


class Unreadable(OSError):
    """The file of a program cannot be read; distinct from any OSError that the program itself raises."""


def run_script(path: str, arguments: Sequence[str]) -> None:
    """Run a file, or the ``__main__`` of a folder or zip archive.

    Parameters
    ----------
    path : str
        The file, as it should appear in ``sys.argv[0]``.
    arguments : sequence of str
        The rest of ``sys.argv``.

    Raises
    ------
    Unreadable
        The file cannot be read.
    BaseException
        Whatever the program raises.
    """
    absolute = _absolute(path)
    if pkgutil.get_importer(absolute) is not None:
        _enter([path, *arguments])
        if _has_own_path():
            sys.path[0] = absolute
        else:
            sys.path.insert(0, absolute)
        _run(lambda: runpy._run_module_as_main("__main__", alter_argv=False))  # type: ignore[attr-defined]
        return
    program = _read(absolute)
    namespace = _enter([path, *arguments], os.path.dirname(os.path.realpath(absolute)))
    namespace.update(__loader__=SourceFileLoader("__main__", absolute), __file__=absolute, __cached__=None)
    _run(lambda: _execute(program, absolute, namespace))


def run_module(name: str, arguments: Sequence[str]) -> None:
    """Run a module by its dotted name, as ``python -m`` does."""
    _enter(["-m", *arguments], os.getcwd())
    _run(lambda: runpy._run_module_as_main(name, alter_argv=True))  # type: ignore[attr-defined]


def run_code(code: str, arguments: Sequence[str]) -> None:
    """Run source code, as ``python -c`` does."""
    namespace = _enter(["-c", *arguments], "")
    if sys.version_info >= (3, 13):  # newer versions show lines of the source in tracebacks
        linecache.cache["<string>"] = (len(code), None, code.splitlines(keepends=True), "<string>")
    _run(lambda: _execute(code, "<string>", namespace))


def run_stdin(argv: Sequence[str]) -> None:
    """Read all of standard input and run it as a program; `argv` is the whole of ``sys.argv``."""
    namespace = _enter(argv, "")
    namespace.update(__file__="<stdin>", __cached__=None)
    source = sys.stdin.buffer.read()
    _run(lambda: _execute(source, "<stdin>", namespace))


def _absolute(path: str) -> str:
    # Python joins but does not normalize; the result is visible in __file__ and in tracebacks.
    shortened = path == "." and sys.version_info >= (3, 11)
    if os.name == "posix" and not shortened:
        return os.path.join(os.getcwd(), path)
    return os.path.abspath(path)


def _read(path: str) -> CodeType | bytes:
    """Return the source text of a file, or its code if the file is compiled."""
    try:
        with open(path, "rb") as file:
            code: CodeType | None = pkgutil.read_code(file)
            file.seek(0)
            return code or file.read()
    except OSError as error:
        raise Unreadable(*error.args) from None


def _enter(argv: Sequence[str], folder: str | None = None) -> dict[str, Any]:
    """Prepare the process for a program and return the namespace of its ``__main__``."""
    install_as_mxnet()
    numpy_names.restore()
    if "TORCHELASTIC_RUN_ID" in os.environ:  # torchrun has started this process
        os.environ.setdefault("DMLC_ROLE", "worker")
        os.environ.update({name: os.environ[other] for name, other in _OF_TORCHRUN.items() if other in os.environ})
    main = ModuleType("__main__")
    vars(main).update(__loader__=BuiltinImporter, __builtins__=builtins)
    if "__annotations__" in vars(sys.modules["__main__"]):  # whether it is there depends on the version of Python
        vars(main)["__annotations__"] = {}
    sys.modules["__main__"] = main
    sys.argv[:] = argv
    if folder is not None and _has_own_path():
        sys.path[0] = folder
    return vars(main)


def _has_own_path() -> bool:
    """Whether Python has put the folder of what it runs at the front of sys.path; -P and -I prevent that."""
    return not getattr(sys.flags, "safe_path", sys.flags.isolated)


def _execute(program: CodeType | str | bytes, filename: str, namespace: dict[str, Any]) -> None:
    code = program if isinstance(program, CodeType) else compile(program, filename, "exec", dont_inherit=True)
    exec(code, namespace)


def _run(program: Callable[[], None]) -> None:
    try:
        program()
    except SystemExit:
        raise
    except BaseException as error:
        _hide_runner(error)
        raise


def _hide_runner(error: BaseException) -> None:
    """Make the traceback that Python prints for an error begin where it would without this file.

    The error itself propagates to Python, which does the rest: exit status, signals, ``-i``.
    """
    shown = sys.excepthook
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_frame.f_globals is globals():
        traceback = traceback.tb_next

    def excepthook(kind: type[BaseException], value: BaseException, whole: TracebackType | None) -> None:
        if value is error:
            whole = sys.last_traceback = traceback
            value.__traceback__ = traceback
        shown(kind, value, whole)

    sys.excepthook = excepthook
