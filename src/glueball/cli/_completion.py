"""Completes command lines in a shell, by argcomplete, which need not be installed."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from types import ModuleType

from ..core.extras import MissingExtraError, required
from ._parser import parser_of


def is_asked() -> bool:
    """Return whether the shell runs this process only to complete a line."""
    return "_ARGCOMPLETE" in os.environ


def complete(commands: Mapping[str, ModuleType]) -> int:
    """Write to the shell what the line may go on with, and end the process."""
    parser = argparse.ArgumentParser("glueball", add_help=False)
    for option in ("--help", "--version", "-m", "-c"):
        parser.add_argument(option, action="store_true")
    commanded = parser.add_subparsers()
    for name, command in commands.items():
        parser_of(name, command, commanded.add_parser)
    try:
        required("argcomplete", "cli", "glueball").autocomplete(parser)
    except MissingExtraError:
        return 1
    return 0
