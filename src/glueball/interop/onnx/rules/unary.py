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


def _declare(name: str, kind: str, factor: float) -> None:
    @rule(name)
    def function(call: Call) -> str:
        result = call.add(kind, call.data)
        return result if factor == 1 else call.add("Mul", result, call.number(factor))


for _name, _kind in _PLAIN.items():
    _declare(_name, _kind, 1)
for _name, (_kind, _factor) in _SCALED.items():
    _declare(_name, _kind, _factor)


@rule("square")
def _square(call: Call) -> str:
    return call.add("Mul", call.data, call.data)


@rule("rsqrt")
def _rsqrt(call: Call) -> str:
    return call.add("Reciprocal", call.add("Sqrt", call.data))


@rule("trunc", "fix")
def _trunc(call: Call) -> str:
    return call.add("Mul", call.add("Sign", call.data), call.add("Floor", call.add("Abs", call.data)))


@rule("logical_not")
def _logical_not(call: Call) -> str:
    return call.add("Cast", call.add("Equal", call.data, call.number(0)), to=1)


@rule("smooth_l1")
def _smooth_l1(call: Call) -> str:
    squared = call["scalar"] ** 2
    if squared == 0:
        return call.add("Mul", call.data, call.number(0))
    size = call.add("Abs", call.data)
    parabola = call.add("Mul", call.add("Mul", call.data, call.data), call.number(0.5 * squared))
    line = call.add("Sub", size, call.number(0.5 / squared))
    return call.add("Where", call.add("Less", size, call.number(1 / squared)), parabola, line)
