"""Functions of each element, and of two arrays element by element."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from ..... import symbol as sym
from .....symbol import Symbol
from ..call import Call
from ..registry import rule

_UNARY = {
    "Abs": "abs", "Acos": "arccos", "Acosh": "arccosh", "Asin": "arcsin", "Asinh": "arcsinh", "Atan": "arctan",
    "Atanh": "arctanh", "Ceil": "ceil", "Cos": "cos", "Cosh": "cosh", "Erf": "erf", "Exp": "exp", "Floor": "floor",
    "Log": "log", "Neg": "negative", "Reciprocal": "reciprocal",
    "Sigmoid": "sigmoid", "Sign": "sign", "Sin": "sin", "Sinh": "sinh", "Sqrt": "sqrt", "Tan": "tan", "Tanh": "tanh",
    "Relu": "relu", "Softsign": "softsign", "Identity": "identity",
}  # fmt: skip

_BINARY = {
    "Add": "broadcast_add", "Sub": "broadcast_sub", "Mul": "broadcast_mul", "Div": "broadcast_div",
    "Pow": "broadcast_power", "Equal": "broadcast_equal", "Greater": "broadcast_greater",
    "GreaterOrEqual": "broadcast_greater_equal", "Less": "broadcast_lesser", "LessOrEqual": "broadcast_lesser_equal",
}  # fmt: skip

_LOGICAL = {"And": "broadcast_logical_and", "Or": "broadcast_logical_or", "Xor": "broadcast_logical_xor"}

_MANY = {"Max": "broadcast_maximum", "Min": "broadcast_minimum", "Sum": "broadcast_add"}


def _function(name: str) -> Any:
    """Return a function of `sym` by its name, which may have a group."""
    return reduce(getattr, name.split("."), sym)


@rule(*_UNARY)
def _unary(call: Call) -> Any:
    result: Symbol = _function(_UNARY[call.node.operator])(call.symbol(0), name=call.name)
    return result


@rule(*_BINARY)
def _binary(call: Call) -> Any:
    return _function(_BINARY[call.node.operator])(call.symbol(0), _second(call), name=call.name)


@rule(*_LOGICAL)
def _logical(call: Call) -> Any:
    """Compute with numbers: what MXNet's comparisons return has the type of what they compare."""
    one, other = [sym.cast(each, dtype="float32") for each in call.symbols()]
    return _function(_LOGICAL[call.node.operator])(one, other, name=call.name)


@rule("Not")
def _logical_not(call: Call) -> Any:
    return sym.logical_not(sym.cast(call.symbol(0), dtype="float32"), name=call.name)


def _second(call: Call) -> Any:
    """Return the second array; before version 7 it may be laid along an axis of the first."""
    axis = call.attribute("axis")
    if call.node.operator == "Pow" and call.type(1) != call.type(0) != "":
        return sym.cast(call.symbol(1), dtype=call.type(0))
    if not call.attribute("broadcast", 0) or axis is None:
        return call.symbol(1)
    behind = call.rank(0) - axis - call.rank(1)
    return sym.reshape(call.symbol(1), shape=(*call.shape(1), *[1] * behind))


@rule(*_MANY)
def _many(call: Call) -> Any:
    first, *others = call.symbols()
    if not others:
        return sym.identity(first, name=call.name)
    join = _function(_MANY[call.node.operator])
    result: Symbol = reduce(lambda one, other: join(one, other), others, first)
    return result


@rule("Mean")
def _mean(call: Call) -> Any:
    return reduce(sym.broadcast_add, call.symbols()) / call.count


@rule("Mod")
def _mod(call: Call) -> Any:
    one, other = call.symbol(0), call.symbol(1)
    if not call.attribute("fmod", 0):
        return sym.broadcast_mod(one, other, name=call.name)
    return one - sym.broadcast_mul(sym.trunc(sym.broadcast_div(one, other)), other)


@rule("Clip")
def _clip(call: Call) -> Any:
    low, high = call.number(1, "min"), call.number(2, "max")
    limit = float(np.finfo(np.float32).max)
    if low is not None and high is not None and low > high:
        return sym.minimum(sym.maximum(call.symbol(0), float(low)), float(high))
    return sym.clip(
        call.symbol(0), -limit if low is None else float(low), limit if high is None else float(high), name=call.name
    )


@rule("LeakyRelu")
def _leaky_relu(call: Call) -> Any:
    return sym.LeakyReLU(call.symbol(0), act_type="leaky", slope=call.attribute("alpha", 0.01), name=call.name)


@rule("Elu")
def _elu(call: Call) -> Any:
    return sym.LeakyReLU(call.symbol(0), act_type="elu", slope=call.attribute("alpha", 1.0), name=call.name)


@rule("Celu")
def _celu(call: Call) -> Any:
    alpha = call.attribute("alpha", 1.0)
    return alpha * sym.LeakyReLU(call.symbol(0) / alpha, act_type="elu", slope=1.0)


@rule("Selu")
def _selu(call: Call) -> Any:
    alpha, gamma = (
        call.attribute("alpha", 1.67326319217681884765625),
        call.attribute("gamma", 1.05070102214813232421875),
    )
    return gamma * sym.LeakyReLU(call.symbol(0), act_type="elu", slope=alpha, name=call.name)


@rule("PRelu")
def _prelu(call: Call) -> Any:
    x, slope = call.symbol(0), call.symbol(1)
    return sym.relu(x) - sym.broadcast_mul(slope, sym.relu(-x))


@rule("ThresholdedRelu")
def _thresholded_relu(call: Call) -> Any:
    x = call.symbol(0)
    return x * (x > call.attribute("alpha", 1.0))


@rule("HardSigmoid")
def _hard_sigmoid(call: Call) -> Any:
    return sym.hard_sigmoid(
        call.symbol(0), alpha=call.attribute("alpha", 0.2), beta=call.attribute("beta", 0.5), name=call.name
    )


@rule("HardSwish")
def _hard_swish(call: Call) -> Any:
    x = call.symbol(0)
    return x * sym.hard_sigmoid(x, alpha=1 / 6, beta=0.5)


@rule("Softplus")
def _softplus(call: Call) -> Any:
    return sym.Activation(call.symbol(0), act_type="softrelu", name=call.name)


@rule("Mish")
def _mish(call: Call) -> Any:
    x = call.symbol(0)
    return x * sym.tanh(sym.Activation(x, act_type="softrelu"))


@rule("Gelu")
def _gelu(call: Call) -> Any:
    x = call.symbol(0)
    if call.attribute("approximate", "none") == "tanh":
        return 0.5 * x * (1 + sym.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))
    return sym.LeakyReLU(x, act_type="gelu", name=call.name)


@rule("Shrink")
def _shrink(call: Call) -> Any:
    x, bias, limit = call.symbol(0), call.attribute("bias", 0.0), call.attribute("lambd", 0.5)
    return (x < -limit) * (x + bias) + (x > limit) * (x - bias)


@rule("IsNaN")
def _isnan(call: Call) -> Any:
    x = call.symbol(0)
    return x != x


@rule("IsInf")
def _isinf(call: Call) -> Any:
    x = call.symbol(0)
    if not call.attribute("detect_negative", 1):
        return x == float("inf")
    if not call.attribute("detect_positive", 1):
        return x == float("-inf")
    return sym.abs(x) == float("inf")


def round_to_even(x: Symbol, name: str | None = None) -> Any:
    """Return the nearest integer; of two that are as near, the even one."""
    nearest = sym.floor(x + 0.5)
    return sym.identity(nearest - (nearest - 0.5 == x) * (nearest % 2), name=name)


@rule("Round")
def _round(call: Call) -> Any:
    return round_to_even(call.symbol(0), name=call.name)


@rule("Where")
def _where(call: Call) -> Any:
    x, y = call.symbol(1), call.symbol(2)
    kind = call.type(1) or call.type(2) or "float32"
    condition = sym.cast(call.symbol(0), dtype=kind)
    filled = sym.broadcast_add(sym.zeros_like(condition), sym.zeros_like(sym.broadcast_add(x, y)))
    condition, x, y = [sym.broadcast_add(filled, each) for each in (condition, x, y)]
    return sym.where(condition, x, y, name=call.name)


_TYPES = {1: "float32", 2: "uint8", 3: "int8", 6: "int32", 7: "int64", 9: "bool", 10: "float16", 11: "float64"}


@rule("Cast")
def _cast(call: Call) -> Any:
    kind = _TYPES.get(call.attribute("to"), "")
    call.require(kind != "", "the type must be one of MXNet's")
    return sym.cast(call.symbol(0), dtype=kind, name=call.name)


@rule("Dropout")
def _dropout(call: Call) -> Any:
    x, ratio = call.symbol(0), call.number(1, "ratio", 0.5)
    is_training = call.number(2, "training_mode", False)
    call.require(not (is_training and ratio), "training_mode must be False")
    return [sym.Dropout(x, p=float(ratio), name=call.name), sym.ones_like(x)]


@rule("CastLike")
def _cast_like(call: Call) -> Any:
    call.require(call.type(1) in _TYPES.values(), "the type must be one of MXNet's")
    return sym.cast(call.symbol(0), dtype=call.type(1), name=call.name)


@rule("Swish")
def _swish(call: Call) -> Any:
    x = call.symbol(0)
    return x * sym.sigmoid(call.attribute("alpha", 1.0) * x)
