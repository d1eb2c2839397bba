"""What the operators of ONNX are in MXNet's operators: a function for each, in files that are found by themselves.

A rule takes a `glueball.interop.onnx.importing.call.Call`, and returns a symbol, or a list of them.
"""

from __future__ import annotations

import importlib
import pkgutil

from ..registry import RULES as RULES

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
