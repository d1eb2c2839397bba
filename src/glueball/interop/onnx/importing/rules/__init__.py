"""What the operators of ONNX are in MXNet's operators: a function for each, in files that are found by themselves.

A rule takes a `glueball.interop.onnx.importing.call.Call`, and returns a symbol, or a list of them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

#: The rules by the names of the operators.
RULES: dict[str, Callable[[Any], Any]] = {}


def rule(*names: str) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Declare a function as the rule of operators."""

    def declare(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        RULES.update(dict.fromkeys(names, function))
        return function

    return declare


for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
