"""``mx.sym``: graphs, and every operator as a function that adds a node to one.

The functions are made from the operator declarations in `glueball.ops`, as those of ``mx.nd`` are, with ``name=`` and
``attr=`` for the node. An omitted input becomes a variable named after the node: ``fc_weight``.
"""

from __future__ import annotations

from typing import Any

from ..ops import registry as _registry
from ..ops.groups import make_group as _make_group
from . import infer_methods, methods  # noqa: F401  (they give Symbol methods)
from .compose import Group, var
from .files import fromjson, load, load_json
from .namespace import functions as _functions
from .symbol import Symbol

_functions.add_methods(Symbol, "sym")

_internal = _make_group(
    _functions, f"{__name__}._internal", "Operators whose names begin with an underscore.", hidden=True
)
contrib = _make_group(_functions, f"{__name__}.contrib", "MXNet's contrib operators.", "_contrib_")
image = _make_group(_functions, f"{__name__}.image", "Image operators.", "_image_")
linalg = _make_group(_functions, f"{__name__}.linalg", "Linear algebra operators.", "_linalg_")
sparse = _make_group(_functions, f"{__name__}.sparse", "The operators that MXNet shows for sparse arrays.", "_sparse_")
op = _make_group(_functions, f"{__name__}.op", "Every operator under its plain name.")

from . import random  # noqa: E402
from .arithmetic import hypot, maximum, minimum, pow, power  # noqa: E402
from .candidates import rand_zipfian as _rand_zipfian  # noqa: E402
from .creation import arange, eye, full, histogram, linspace, ones, split_v2, zeros  # noqa: E402

contrib.rand_zipfian = _rand_zipfian  # type: ignore[attr-defined]

Variable = var

__all__ = [
    "Group", "Symbol", "Variable", "arange", "contrib", "eye", "fromjson", "full", "histogram", "hypot",
    "image", "linalg", "linspace", "load", "load_json", "maximum", "minimum", "np", "npx", "ones", "op", "pow",
    "power", "random", "sparse", "split_v2", "var", "zeros",
]  # fmt: skip
_plain = [name for name in _registry.names() if not name.startswith("_")]
__all__ += sorted(set(_plain) - set(__all__))


def __getattr__(name: str) -> Any:
    if name in _registry and not name.startswith("_"):
        function = globals()[name] = _functions[name]
        return function
    raise AttributeError(name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_plain})


from . import numpy as np  # noqa: E402  # they are made of everything above
from . import numpy_extension as npx  # noqa: E402
