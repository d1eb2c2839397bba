"""``mx.nd``: arrays, and every operator as a function of arrays.

The functions are made from the operator declarations in `glueball.ops`. Names that begin with an underscore are in
``nd._internal``, as in MXNet, except for the groups ``nd.random``, ``nd.contrib``, ``nd.image`` and ``nd.linalg``.
"""

from __future__ import annotations

from typing import Any

from ..core.dtype import FLAG_TO_TORCH as _FLAG_TO_TORCH
from ..core.dtype import TORCH_TO_NUMPY as _TORCH_TO_NUMPY
from ..ops import registry as _registry
from ..ops.groups import make_group as _make_group
from . import copies, export, indexing, pickles, shaping  # noqa: F401  (they install NDArray methods)
from .namespace import functions as _functions
from .ndarray import NDArray

_functions.add_methods(NDArray, "nd")

_internal = _make_group(
    _functions, f"{__name__}._internal", "Operators whose names begin with an underscore.", hidden=True
)
contrib = _make_group(_functions, f"{__name__}.contrib", "MXNet's contrib operators.", "_contrib_")
image = _make_group(_functions, f"{__name__}.image", "Image operators.", "_image_")
linalg = _make_group(_functions, f"{__name__}.linalg", "Linear algebra operators.", "_linalg_")
op = _make_group(_functions, f"{__name__}.op", "Every operator under its plain name.")

from . import adam_steps as _adam_steps  # noqa: E402
from . import random, sparse, utils  # noqa: E402
from .arithmetic import (  # noqa: E402
    add,
    divide,
    equal,
    greater,
    greater_equal,
    lesser,
    lesser_equal,
    logical_and,
    logical_or,
    logical_xor,
    maximum,
    minimum,
    modulo,
    multiply,
    not_equal,
    power,
    subtract,
    true_divide,
)  # fmt: skip
from .candidates import rand_zipfian as _rand_zipfian  # noqa: E402
from .combine import concatenate, moveaxis, onehot_encode, split_v2  # noqa: E402
from .creation import arange, array, empty, eye, full, linspace, ones, waitall, zeros  # noqa: E402
from .exchange import from_dlpack, from_numpy, from_torch, to_dlpack_for_read, to_dlpack_for_write  # noqa: E402
from .files import load, load_frombuffer, save  # noqa: E402
from .finite import isfinite as _isfinite  # noqa: E402
from .finite import isinf as _isinf  # noqa: E402
from .finite import isnan as _isnan  # noqa: E402
from .histogram import histogram  # noqa: E402
from .writing import reset_arrays  # noqa: E402
from .writing import set_value as _set_value  # noqa: E402

_steps = [getattr(_adam_steps, _name) for _name in _adam_steps.__all__]
for _function in (_isnan, _isinf, _isfinite, _rand_zipfian, *_steps):
    setattr(contrib, _function.__name__, _function)
_internal._set_value = _set_value  # type: ignore[attr-defined]

#: MXNet's numbers of types and of gradient requests, as programs that read its files use them.
_DTYPE_MX_TO_NP = {-1: None, **{flag: _TORCH_TO_NUMPY[kind] for flag, kind in _FLAG_TO_TORCH.items()}}
_DTYPE_NP_TO_MX = {kind: flag for flag, kind in _DTYPE_MX_TO_NP.items()}
_GRAD_REQ_MAP = {"null": 0, "write": 1, "add": 3}

__all__ = [
    "NDArray",
    "add",
    "arange",
    "array",
    "concatenate",
    "contrib",
    "divide",
    "empty",
    "equal",
    "eye",
    "from_dlpack",
    "from_numpy",
    "from_torch",
    "full",
    "greater",
    "greater_equal",
    "histogram",
    "image",
    "lesser",
    "lesser_equal",
    "linalg",
    "linspace",
    "load",
    "load_frombuffer",
    "logical_and",
    "logical_or",
    "logical_xor",
    "maximum",
    "minimum",
    "modulo",
    "moveaxis",
    "multiply",
    "not_equal",
    "np",
    "npx",
    "onehot_encode",
    "ones",
    "op",
    "power",
    "random",
    "reset_arrays",
    "save",
    "sparse",
    "split_v2",
    "subtract",
    "to_dlpack_for_read",
    "to_dlpack_for_write",
    "true_divide",
    "utils",
    "waitall",
    "zeros",
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
