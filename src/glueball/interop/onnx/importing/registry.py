"""The rules of the importer by the names of ONNX's operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

RULES: dict[str, Callable[[Any], Any]] = {}


def rule(*names: str) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Declare a function as the rule of operators, each of which has one."""

    def declare(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        for name in names:
            if name in RULES:
                raise TypeError(f"the operator {name} must have one rule; received another")
            RULES[name] = function
        return function

    return declare
