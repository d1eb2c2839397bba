"""The command ``glueball``, which is also ``python -m glueball``: sub-commands, and programs that import mxnet.

A sub-command is a module of this package, discovered automatically. Its name is the sub-command's, the first line of
its docstring says what it does, and it has two functions, and examples for its help::

    EXAMPLES = ("FILE --json",)
    def add_arguments(parser: argparse.ArgumentParser) -> None: ...
    def run(arguments: argparse.Namespace) -> int | None: ...   # the exit status; None means 0

An MXNetError or OSError that ``run`` raises is printed as one line, without a traceback, and the exit status is 1. It
is 2 where the command line is wrong.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from types import ModuleType

from .._version import __version__
from ..compat import runner
from ..core.errors import MXNetError, nearest
from ..core.tables import printable
from ._completion import complete, is_asked
from ._parser import parser_of, summary

_USAGE = """\
usage: glueball SCRIPT [ARGUMENT ...]       run a program that says 'import mxnet', unchanged
       glueball -m MODULE [ARGUMENT ...]    run a module the same way
       glueball -c CODE [ARGUMENT ...]      run source code the same way
       glueball - [ARGUMENT ...]            run standard input the same way
       glueball COMMAND [ARGUMENT ...]      see below; 'glueball COMMAND --help' says more
       glueball --help | --version

A script may be a file, or a folder or zip archive with a __main__.py. 'python -m glueball' is the same command;
options of Python come before the -m, as in 'python -W error -m glueball SCRIPT'.
Completion with the tab key: pip install 'glueball[cli]', and in bash: eval "$(register-python-argcomplete glueball)"
"""

_INTERRUPTED = 130  # as shells say it of a command that Control-C has ended


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command line without the name of the program; by default the process's own.

    Returns
    -------
    int
        The exit status.

    Raises
    ------
    BaseException
        Whatever a program that is run raises.
    """
    if is_asked():
        return complete({name: _load(name) for name in commands()})
    given = sys.argv[1:] if arguments is None else list(arguments)
    first, rest = given[0] if given else "", given[1:]
    if first in ("-h", "--help") or (not given and sys.stdin.isatty()):
        print(_help(), end="")
    elif first in ("-V", "--version"):
        print(f"glueball {__version__}")
    elif first == "-" or not given:
        runner.run_stdin([first, *rest])
    elif first[:2] in ("-m", "-c"):
        return _run_option(first[:2], [first[2:], *rest] if first[2:] else rest)
    elif first.startswith("-"):
        return _refuse(f"unknown option {first!r}; options of Python come before -m: python {first} -m glueball ...")
    elif first in commands():
        return _run_command(first, rest)
    else:
        return _run_script(first, rest)
    return 0


def commands() -> list[str]:
    """Return the names of the sub-commands."""
    return sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_"))


def _run_option(option: str, rest: Sequence[str]) -> int:
    if not rest:
        return _refuse(f"an argument must follow {option}; received none")
    run = runner.run_module if option == "-m" else runner.run_code
    run(rest[0], rest[1:])
    return 0


def _run_script(path: str, rest: Sequence[str]) -> int:
    try:
        runner.run_script(path, rest)
    except runner.Unreadable as error:
        reason = f"can't open file {os.path.abspath(path)!r}: {error.strerror}"
        return _refuse(f"{reason}{nearest(path, commands())}")
    return 0


def _run_command(name: str, rest: Sequence[str]) -> int:
    command = _load(name)
    arguments = parser_of(name, command).parse_args(rest)
    try:
        status: int | None = command.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has closed the pipe; without this, Python complains when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print(f"glueball {name}: interrupted", file=sys.stderr)
        return _INTERRUPTED
    except (MXNetError, OSError) as error:
        reason = " ".join(str(error).split()).removeprefix(f"{name}: ")
        if isinstance(error, OSError) and error.filename:
            reason = f"{error.filename}: {error.strerror}"
        print(f"glueball {name}: {printable(reason)}", file=sys.stderr)
        return 1
    return status or 0


def _load(name: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{name}")


def _help() -> str:
    lines = [f"  {name:<10} {summary(_load(name))}" for name in commands()]
    return _USAGE + "".join(["\ncommands:\n", "\n".join(lines), "\n"] if lines else [])


def _refuse(reason: str) -> int:
    print(f"glueball: {reason}\nTry 'glueball --help'.", file=sys.stderr)
    return 2
