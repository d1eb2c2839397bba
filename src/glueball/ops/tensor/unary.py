"""Element-wise functions of one array: abs, exp, sin, relu ... in one table.

Each keeps the type of its input. Functions of real numbers compute integers as doubles and drop the fraction.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ...core.integer_tape import converted
from ...core.torch_function import TensorFunction
from ..declare import cases, operator
from ..facts import MOST, Kind, Precision
from ..gradient import without_gradient
from ..samples import Input, Sample, exactly, refused, sample
from ..sparse.elementwise import ON_VALUES, SCALED, SQUARE
from ..sparse.rule import Sparse

Function = Callable[[Tensor], Tensor]


def _rint(data: Tensor) -> Tensor:
    nearest = torch.round(data)  # on ties the even one
    return torch.where(nearest - data == 0.5, nearest - 1, nearest)


def _round(data: Tensor) -> Tensor:
    inner = torch.trunc(data)
    return torch.where((data - inner).abs() >= 0.5, inner + torch.sign(data), inner)


def _cube_root(data: Tensor) -> Tensor:
    root = data.abs().pow(1 / 3)
    # One step of Newton's method: 64 ** (1 / 3) is 3.9999999999999996, which as an int would be 3.
    step = (root - data.abs() / (root * root)) / 3
    return torch.copysign(torch.where(step.isfinite(), root - step, root), data)


class _CubeRoot(TensorFunction):
    """The cube root with its infinite slope at 0, where torch's own powers would give NaN."""

    @staticmethod
    def forward(ctx: Any, data: Tensor) -> Tensor:
        ctx.save_for_backward(data)
        return _cube_root(data)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        (data,) = ctx.saved_tensors
        return gradient / (3 * torch.square(_CubeRoot.apply(data)))


def _gamma(data: Tensor) -> Tensor:
    # In double: the logarithm of a large result, rounded to single precision, loses digits that exp() makes visible.
    real = data.double()
    magnitude = torch.exp(torch.lgamma(real))
    below = torch.floor(real)
    signed = torch.where((real < 0) & (below % 2 != 0), -magnitude, magnitude)
    whole = real == below
    # Factorials are integers, which an array of integers must not miss by a rounding error.
    error = torch.where(whole & (magnitude < 2**53), signed.round() - signed, 0.0).detach()
    return torch.where((real < 0) & whole, math.nan, signed + error).to(data.dtype)


@dataclass(frozen=True)
class _Unary:
    """One function: how it treats floats and integers, and where its samples are drawn from.

    `integers` says how it treats them: computed 'as doubles', 'directly' by the same function, or 'unchanged'.
    `slope` is False where the gradient is zero everywhere; `masks` is True where the result is a mask; `corner` is a
    point where MXNet's one-sided choice shows; `sparse` is the fact of that name, and `in_sparse` says whether MXNet
    shows the function in ``nd.sparse``, too; `rtol` is for doubles, of which MXNet computes some with constants
    of single precision.
    """

    name: str
    function: Function
    summary: str
    low: float = -2.0
    high: float = 2.0
    integers: Literal["as doubles", "directly", "unchanged"] = "as doubles"
    slope: bool = True
    masks: bool = False
    corner: float | None = None
    method: bool = True
    rtol: float | None = None
    whole: tuple[int, ...] = (1, 2, 3, 6, 8)
    kind: Kind = "other"
    precision: Precision | tuple[Precision, Precision] = MOST
    sparse: Sparse | None = None
    in_sparse: bool = True


_UNARY = [
    _Unary("abs", torch.abs, "the absolute value", integers="directly", corner=0.0, precision="any", sparse=ON_VALUES),
    _Unary("sign", torch.sign, "-1, 0 or 1, the sign", integers="directly", sparse=ON_VALUES),
    _Unary("rint", _rint, "the nearest integer, on ties the lower one", integers="unchanged", sparse=ON_VALUES,
           slope=False),
    _Unary("round", _round, "the nearest integer, on ties the one away from 0", integers="unchanged", slope=False,
           sparse=ON_VALUES),
    _Unary("ceil", torch.ceil, "the smallest integer that is not smaller", integers="unchanged", slope=False,
           sparse=ON_VALUES),
    _Unary("floor", torch.floor, "the largest integer that is not larger", integers="unchanged", slope=False,
           sparse=ON_VALUES),
    _Unary("trunc", torch.trunc, "the integer part, without the fraction", integers="unchanged", slope=False,
           sparse=ON_VALUES),
    _Unary("fix", torch.trunc, "the nearest integer toward 0", integers="unchanged", slope=False, sparse=ON_VALUES),
    _Unary("negative", torch.neg, "the number with the opposite sign", integers="directly", method=False,
           sparse=SCALED),
    _Unary("reciprocal", torch.reciprocal, "1 / data", low=0.5, precision="single", in_sparse=False),
    _Unary("square", torch.square, "data * data", integers="directly", precision=("single", "any"), sparse=SQUARE),
    _Unary("sqrt", torch.sqrt, "the square root", low=0.1, corner=0.0, precision="any", sparse=ON_VALUES),
    _Unary("rsqrt", torch.rsqrt, "1 / sqrt(data)", low=0.1, precision="single"),
    _Unary("cbrt", _CubeRoot.apply, "the cube root", low=0.1, corner=0.0, sparse=ON_VALUES),
    _Unary("rcbrt", lambda data: 1 / _CubeRoot.apply(data), "1 / cbrt(data)", low=0.1, precision="single",
           in_sparse=False),
    _Unary("exp", torch.exp, "e to the power of data", precision="single"),
    _Unary("expm1", torch.expm1, "exp(data) - 1, exact near 0", precision="single", sparse=ON_VALUES),
    _Unary("log", torch.log, "the natural logarithm", low=0.1, precision="single"),
    _Unary("log10", torch.log10, "the logarithm to base 10", low=0.1, precision="single"),
    _Unary("log2", torch.log2, "the logarithm to base 2", low=0.1, precision="single"),
    _Unary("log1p", torch.log1p, "log(1 + data), exact near 0", low=-0.8, precision="single", sparse=ON_VALUES),
    _Unary("sin", torch.sin, "the sine of an angle in radians", sparse=ON_VALUES),
    _Unary("cos", torch.cos, "the cosine of an angle in radians"),
    _Unary("tan", torch.tan, "the tangent of an angle in radians", low=-1.2, high=1.2, precision="single",
           sparse=ON_VALUES),
    _Unary("arcsin", torch.asin, "the angle in radians whose sine it is", low=-0.9, high=0.9, precision="single",
           sparse=ON_VALUES),
    _Unary("arccos", torch.acos, "the angle in radians whose cosine it is", low=-0.9, high=0.9, precision="single"),
    _Unary("arctan", torch.atan, "the angle in radians whose tangent it is", sparse=ON_VALUES),
    _Unary("sinh", torch.sinh, "the hyperbolic sine", precision="single", sparse=ON_VALUES),
    _Unary("cosh", torch.cosh, "the hyperbolic cosine", precision="single"),
    _Unary("tanh", torch.tanh, "the hyperbolic tangent", kind="activation", precision="any", sparse=ON_VALUES),
    _Unary("arcsinh", torch.asinh, "the inverse of sinh", sparse=ON_VALUES),
    _Unary("arccosh", torch.acosh, "the inverse of cosh, of numbers of at least 1", low=1.2, high=4.0),
    _Unary("arctanh", torch.atanh, "the inverse of tanh, of numbers between -1 and 1", low=-0.9, high=0.9,
           sparse=ON_VALUES,
           precision="single"),
    _Unary("degrees", torch.rad2deg, "the angle in degrees of one in radians", rtol=1e-7, sparse=ON_VALUES),
    _Unary("radians", torch.deg2rad, "the angle in radians of one in degrees", low=-180.0, high=180.0, rtol=1e-7,
           sparse=ON_VALUES),
    _Unary("sigmoid", torch.sigmoid, "1 / (1 + exp(-data))", kind="activation"),
    _Unary("softsign", F.softsign, "data / (1 + abs(data))", method=False, kind="activation", in_sparse=False),
    _Unary("relu", torch.relu, "max(data, 0)", integers="directly", corner=0.0, kind="activation", precision="any",
           sparse=ON_VALUES),
    _Unary("erf", torch.erf, "the error function", method=False, rtol=1e-7, kind="activation", in_sparse=False),
    _Unary("erfinv", torch.erfinv, "the inverse of erf, of numbers between -1 and 1", low=-0.9, high=0.9, method=False,
           rtol=1e-6, whole=(0,), precision="single", in_sparse=False),
    _Unary("gamma", _gamma, "the gamma function", low=0.3, high=5.0, method=False, rtol=1e-6, precision="single"),
    _Unary("gammaln", torch.lgamma, "log(abs(gamma(data)))", low=0.3, high=5.0, method=False, rtol=1e-6,
           precision="single"),
    _Unary("logical_not", lambda data: (data == 0).to(data.dtype), "1 where data is 0, else 0", integers="directly",
           slope=False, method=False, masks=True, in_sparse=False),
]  # fmt: skip

_DOC = """Return {summary}, element-wise.

Parameters
----------
data : NDArray
    Numbers of any type but bool{integers}.

Returns
-------
NDArray
    An array of the shape and type of `data`.
"""

_INTEGERS = {
    "as doubles": "; integers are computed as doubles and lose their fraction",
    "directly": "",
    "unchanged": "; integers are returned unchanged",
}


#: The functions that ``mx.npx`` shows.
_IN_NPX = ("erf", "erfinv", "gamma", "gammaln")

#: Those that it has under the same name.
_AS_IN_NP = [
    "sign", "rint", "ceil", "floor", "trunc", "fix", "negative", "reciprocal", "square", "sqrt", "cbrt", "exp",
    "expm1", "log", "log10", "log2", "log1p", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh",
    "tanh", "arcsinh", "arccosh", "arctanh", "degrees", "radians",
]  # fmt: skip

#: The functions that ``mx.np`` has, too, as operators with names and inputs of their own.
_IN_NP = {
    "abs": ("_npi_absolute", "_npi_abs"),
    "relu": ("_npx_relu",),
    "sigmoid": ("_npx_sigmoid",),
    **{name: (f"_npi_{name}",) for name in _AS_IN_NP},
}


def _declare(entry: _Unary) -> None:
    name, compute, integers, slope = entry.name, entry.function, entry.integers, entry.slope
    low = entry.low

    def samples() -> list[Sample]:
        made = [
            sample(Input((2, 3), low=low, high=entry.high)),
            sample(Input((2, 1, 3), "float64", low=low, high=entry.high), rtol=entry.rtol),
            sample(exactly(*entry.whole, dtype="int32"), gradient=False),
        ]
        if entry.corner is not None:
            made.append(sample(exactly(entry.corner, 1.0), derivative=False))
        return made

    @operator(
        name,
        aliases=[f"_sparse_{name}"] if entry.in_sparse else (),
        elementwise=True,
        method=name if entry.method else "",
        kind=entry.kind,
        masks="always" if entry.masks else "never",
        precision=entry.precision,
        sparse=entry.sparse,
        np=_IN_NP.get(name, ()),
        np_inputs=() if entry.kind == "activation" and name != "tanh" else ("x",),
        npx=name if name in _IN_NPX else "",
    )
    def unary(data: Tensor) -> Tensor:
        real = data.is_floating_point()
        if data.dtype is torch.bool:
            raise MXNetError(f"{name}: data must be numbers; received bool; convert it with astype('float32')")
        if not slope:
            plain = data.detach()
            return without_gradient(plain.clone() if integers == "unchanged" and not real else compute(plain), data)
        if real:
            return compute(data)
        return compute(data) if integers == "directly" else converted(compute(data.double()), data.dtype)

    cases(name, samples=samples, refusals=lambda: [refused("data must be numbers", Input((2,), "bool"))])

    unary.__name__ = name
    unary.__doc__ = _DOC.format(summary=entry.summary, integers=_INTEGERS[integers])


for _entry in _UNARY:
    _declare(_entry)
