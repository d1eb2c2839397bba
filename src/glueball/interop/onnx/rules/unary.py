"""Functions of each element of one array."""

from __future__ import annotations

import math

from ..call import Call, rule

_PLAIN = {
    "abs": "Abs", "sign": "Sign", "ceil": "Ceil", "floor": "Floor", "negative": "Neg", "reciprocal": "Reciprocal",
    "sqrt": "Sqrt", "exp": "Exp", "log": "Log", "sin": "Sin", "cos": "Cos", "tan": "Tan", "arcsin": "Asin",
    "arccos": "Acos", "arctan": "Atan", "sinh": "Sinh", "cosh": "Cosh", "tanh": "Tanh", "arcsinh": "Asinh",
    "arccosh": "Acosh", "arctanh": "Atanh", "sigmoid": "Sigmoid", "softsign": "Softsign", "relu": "Relu", "erf": "Erf",
}  # fmt: skip

_SCALED = {
    "log10": ("Log", 1 / math.log(10)),
    "log2": ("Log", 1 / math.log(2)),
    "degrees": ("Identity", 180 / math.pi),
    "radians": ("Identity", math.pi / 180),
}


#: Those that are right for integers.
_OF_INTEGERS = {"abs", "sign", "negative"}


def _declare(name: str, kind: str, factor: float) -> None:
    @rule(name, integers="files" if name in _OF_INTEGERS else False)
    def function(call: Call) -> str:
        result = call.add(kind, call.data)
        return result if factor == 1 else call.add("Mul", result, call.number(factor))


for _name, _kind in _PLAIN.items():
    _declare(_name, _kind, 1)
for _name, (_kind, _factor) in _SCALED.items():
    _declare(_name, _kind, _factor)


@rule("square", integers="files")
def _square(call: Call) -> str:
    return call.add("Mul", call.data, call.data)


@rule("rsqrt")
def _rsqrt(call: Call) -> str:
    return call.add("Reciprocal", call.add("Sqrt", call.data))


@rule("trunc", "fix")
def _trunc(call: Call) -> str:
    return call.add("Mul", call.add("Sign", call.data), call.add("Floor", call.add("Abs", call.data)))


@rule("logical_not", integers="files")
def _logical_not(call: Call) -> str:
    return call.as_result(call.add("Equal", call.data, call.number(0)))


@rule("rint", runtimes=False)
def _rint(call: Call) -> str:
    """Round to the nearest integer, on ties to the lower one."""
    return call.add("Ceil", call.add("Sub", call.data, call.number(0.5)))


@rule("round", "_contrib_round_ste", runtimes=False)
def _round(call: Call) -> str:
    """Round to the nearest integer, on ties to the one away from 0."""
    size = call.add("Floor", call.add("Add", call.add("Abs", call.data), call.number(0.5)))
    return call.add("Mul", call.add("Sign", call.data), size)


@rule("_contrib_sign_ste", integers="files", runtimes=False)
def _sign_ste(call: Call) -> str:
    return call.add("Sign", call.data)


@rule("cbrt", runtimes=False)
def _cbrt(call: Call) -> str:
    root = call.add("Pow", call.add("Abs", call.data), call.number(1 / 3))
    return call.add("Mul", call.add("Sign", call.data), root)


@rule("rcbrt", runtimes=False)
def _rcbrt(call: Call) -> str:
    return call.add("Reciprocal", _cbrt(call))


@rule("log1p", runtimes=False)
def _log1p(call: Call) -> str:
    """Return log(1 + x), exact for small x: what 1 + x loses of x, the quotient gives back."""
    one, x = call.number(1), call.data
    more = call.add("Add", x, one)
    gained = call.add("Sub", more, one)
    nothing = call.add("Equal", gained, call.number(0))
    safe = call.add("Where", nothing, one, gained)
    finite = call.add("Less", more, call.number(math.inf))
    scaled = call.add("Where", finite, call.add("Div", call.add("Mul", x, call.add("Log", more)), safe), more)
    return call.add("Where", nothing, x, scaled)


@rule("expm1", runtimes=False)
def _expm1(call: Call) -> str:
    """Return exp(x) - 1, which is tanh(x / 2) (exp(x) + 1): exact for small x."""
    half = call.add("Tanh", call.add("Mul", call.data, call.number(0.5)))
    return call.add("Mul", half, call.add("Add", call.add("Exp", call.data), call.number(1)))


@rule("_contrib_quadratic", runtimes=False)
def _quadratic(call: Call) -> str:
    x = call.data
    square = call.add("Mul", call.add("Mul", x, x), call.number(call["a"]))
    line = call.add("Add", call.add("Mul", x, call.number(call["b"])), call.number(call["c"]))
    return call.add("Add", square, line)


@rule("smooth_l1")
def _smooth_l1(call: Call) -> str:
    squared = call["scalar"] ** 2
    if squared == 0:
        return call.add("Mul", call.data, call.number(0))
    size = call.add("Abs", call.data)
    parabola = call.add("Mul", call.add("Mul", call.data, call.data), call.number(0.5 * squared))
    line = call.add("Sub", size, call.number(0.5 / squared))
    return call.add("Where", call.add("Less", size, call.number(1 / squared)), parabola, line)
