"""The parser of a sub-command."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from types import ModuleType
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see '{self.prog} --help'\n")


def parser_of(
    name: str, command: ModuleType, make: Callable[..., argparse.ArgumentParser] = Parser
) -> argparse.ArgumentParser:
    """Return the parser of a sub-command.

    Parameters
    ----------
    name : str
        Its name.
    command : module
        What has its options, and its examples if it has any.
    make : callable
        Makes the parser.
    """
    examples = [f"  glueball {name} {line}" for line in getattr(command, "EXAMPLES", ())]
    parser = make(
        f"glueball {name}" if make is Parser else name,
        description=summary(command),
        epilog="\n".join(["examples:", *examples]) if examples else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_arguments(parser)
    return parser


def summary(command: ModuleType) -> str:
    """Return the first line of the documentation of a sub-command."""
    return (command.__doc__ or "").strip().partition("\n")[0]
