"""Methods of ``mx.nd`` and ``mx.sym`` that arrays and symbols of ``mx.np`` refuse, as MXNet's do, and what to use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.doors import door
from ..core.errors import MissingAttributeError
from ..core.methods import install
from ..ops.generated import compile_function

_OF_NP = (
    "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "cbrt", "ceil", "cos", "cosh", "degrees", "exp",
    "expand_dims", "expm1", "fix", "flip", "floor", "log", "log10", "log1p", "log2", "ones_like", "pad", "radians",
    "reciprocal", "rint", "sign", "sin", "sinh", "sqrt", "square", "tan", "tanh", "tile", "trunc", "zeros_like",
)  # fmt: skip
_OF_NPX = ("log_softmax", "one_hot", "pick", "relu", "reshape_like", "sigmoid", "slice", "softmax", "topk")

#: By name of the method: the parameters of MXNet's, and what to use.
_REFUSED: dict[str, tuple[str, str]] = {
    **{name: ("*args, **kwargs", f"np.{name}(x, ...)") for name in _OF_NP},
    **{name: ("*args, **kwargs", f"npx.{name}(x, ...)") for name in _OF_NPX},
    "abs": ("*args, **kwargs", "np.abs(x)"),
    "argmax_channel": ("*args, **kwargs", "x.argmax(axis=1)"),
    "broadcast_axes": ("*args, **kwargs", "np.broadcast_to(x, shape)"),
    "broadcast_like": ("other", "np.broadcast_to(x, other.shape)"),
    "depth_to_space": ("*args, **kwargs", "x.as_nd_ndarray().depth_to_space(...).as_np_ndarray()"),
    "diag": ("k=0, **kwargs", "np.diag(x, k)"),
    "nanprod": ("*args, **kwargs", "np.where(np.isnan(x), 1, x).prod()"),
    "nansum": ("*args, **kwargs", "np.where(np.isnan(x), 0, x).sum()"),
    "norm": ("*args, **kwargs", "np.linalg.norm(x)"),
    "rcbrt": ("*args, **kwargs", "1 / np.cbrt(x)"),
    "rsqrt": ("*args, **kwargs", "1 / np.sqrt(x)"),
    "shape_array": ("*args, **kwargs", "npx.shape_array(x)"),
    "size_array": ("*args, **kwargs", "x.size"),
    "slice_axis": ("*args, **kwargs", "x[...] with slices"),
    "slice_like": ("*args, **kwargs", "x[...] with slices"),
    "softmin": ("*args, **kwargs", "npx.softmax(-x)"),
    "space_to_depth": ("*args, **kwargs", "x.as_nd_ndarray().space_to_depth(...).as_np_ndarray()"),
    "split": ("*args, **kwargs", "np.split(x, ...)"),
    "split_v2": ("*args, **kwargs", "np.split(x, ...)"),
}

#: What only arrays refuse, since symbols lack it, or say themselves that it is for arrays.
_OF_ARRAYS = {
    "asscalar": ("", "x.item()"),
    "slice_assign": ("rhs, begin, end, step", "x[...] = rhs with slices"),
    "slice_assign_scalar": ("value, begin, end, step", "x[...] = value with slices"),
    "tostype": ("stype", "x.as_nd_ndarray().tostype(stype), since arrays of mx.np are dense"),
}

#: What symbols refuse otherwise than arrays.
_OF_SYMBOLS = {
    "broadcast_like": ("*args, **kwargs", "np.broadcast_to(x, shape)"),
    "broadcast_to": ("*args, **kwargs", "np.broadcast_to(x, shape)"),
    "sort": ("axis=-1, kind=None, order=None", "np.sort(x)"),
}

_TEMPLATE = """
def {name}(self{parameters}):
    refuse()
"""


def install_refused(owner: type, of_arrays: bool) -> None:
    """Install the methods that refuse on the class of arrays, or of symbols."""
    for name, (parameters, instead) in (_REFUSED | (_OF_ARRAYS if of_arrays else _OF_SYMBOLS)).items():
        scope = {"refuse": _refusal(owner.__name__, name, instead)}
        parts = {"parameters": f", {parameters}" if parameters else ""}
        method = compile_function(name, owner.__module__, _TEMPLATE, parts, scope)
        method.__doc__ = f"Refused, as by MXNet; use ``{instead}``."
        install(owner, name, door(method))


def _refusal(owner: str, name: str, instead: str) -> Callable[[], Any]:
    def refuse() -> Any:
        raise MissingAttributeError(f"{owner}.{name}: mx.np does not have this method; use {instead}")

    return refuse
