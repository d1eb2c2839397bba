"""``mx.nd``: arrays, and every operator as a function of arrays.

The functions are made from the operator declarations in `glueball.ops`. Names that begin with an underscore are in
``nd._internal``, as in MXNet, except for the groups ``nd.random``, ``nd.contrib``, ``nd.image`` and ``nd.linalg``.
"""

from __future__ import annotations

import sys as _sys
import types as _types
from collections.abc import Callable
from typing import Any

from ..errors import nearest as _nearest
from ..ops import registry as _registry
from . import namespace as _namespace
from .ndarray import NDArray, from_torch

_functions = _namespace.make_functions(_registry.names().items())
_namespace.add_methods(_registry, _functions)

from . import arithmetic as _arithmetic  # noqa: E402  (needs the operators declared)

_arithmetic.install()

_GROUPS = {"_contrib_": "contrib", "_image_": "image", "_linalg_": "linalg"}


def _make_group(name: str, doc: str) -> _types.ModuleType:
    group = _types.ModuleType(f"{__name__}.{name}", doc)
    _sys.modules[group.__name__] = group
    return group


_internal = _make_group("_internal", "Operators whose names begin with an underscore.")
contrib = _make_group("contrib", "Operators that MXNet calls contributed.")
image = _make_group("image", "Operators on images.")
linalg = _make_group("linalg", "Operators of linear algebra.")
op = _make_group("op", "Every operator under its plain name.")


def _place(name: str, function: Callable[..., Any]) -> None:
    for prefix, group in _GROUPS.items():
        if name.startswith(prefix):
            setattr(globals()[group], name.removeprefix(prefix), function)
    if name.startswith("_"):
        setattr(_internal, name, function)
    else:
        setattr(op, name, function)
        globals()[name] = function


for _name, _function in _functions.items():
    _place(_name, _function)

from . import random  # noqa: E402
from .arithmetic import (  # noqa: E402
    add, divide, equal, greater, greater_equal, lesser, lesser_equal, logical_and, logical_or, logical_xor, maximum,
    minimum, modulo, multiply, not_equal, power, subtract, true_divide,
)  # fmt: skip
from .combine import concatenate, moveaxis, onehot_encode, split_v2  # noqa: E402
from .creation import arange, array, empty, eye, full, linspace, ones, waitall, zeros  # noqa: E402
from .exchange import from_dlpack, from_numpy, to_dlpack_for_read, to_dlpack_for_write  # noqa: E402
from .files import load, save  # noqa: E402


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module 'glueball.ndarray' has no attribute {name!r}{_nearest(name, tuple(globals()))}")
