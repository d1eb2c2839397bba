"""Arithmetic and comparison of two arrays, or of an array and a number; functions of each element."""

from __future__ import annotations

from ..call import Call, rule, texts

_PAIRS = {
    "+": (("elemwise_add", "broadcast_add"), "_plus_scalar", ""),
    "-": (("elemwise_sub", "broadcast_sub"), "_minus_scalar", "_rminus_scalar"),
    "*": (("elemwise_mul", "broadcast_mul"), "_mul_scalar", ""),
    "/": (("elemwise_div", "broadcast_div"), "_div_scalar", "_rdiv_scalar"),
    "**": (("_power", "broadcast_power"), "_power_scalar", "_rpower_scalar"),
}
_COMPARISONS = {
    "==": ("_equal", "broadcast_equal", "_equal_scalar"),
    "!=": ("_not_equal", "broadcast_not_equal", "_not_equal_scalar"),
    ">": ("_greater", "broadcast_greater", "_greater_scalar"),
    ">=": ("_greater_equal", "broadcast_greater_equal", "_greater_equal_scalar"),
    "<": ("_lesser", "broadcast_lesser", "_lesser_scalar"),
    "<=": ("_lesser_equal", "broadcast_lesser_equal", "_lesser_equal_scalar"),
}
_METHODS = {
    "abs": "abs", "sign": "sign", "ceil": "ceil", "floor": "floor", "trunc": "trunc", "fix": "trunc", "sqrt": "sqrt",
    "rsqrt": "rsqrt", "exp": "exp", "expm1": "expm1", "log": "log", "log2": "log2", "log10": "log10",
    "log1p": "log1p", "sin": "sin", "cos": "cos", "tan": "tan", "arcsin": "arcsin", "arccos": "arccos",
    "arctan": "arctan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "arcsinh": "arcsinh", "arccosh": "arccosh",
    "arctanh": "arctanh", "sigmoid": "sigmoid", "erf": "erf", "square": "square", "reciprocal": "reciprocal",
    "degrees": "rad2deg", "radians": "deg2rad",
}  # fmt: skip

texts({name: f"{{x}}.{method}()" for name, method in _METHODS.items()})
texts({
    "_maximum": "torch.maximum({x}, {y})", "broadcast_maximum": "torch.maximum({x}, {y})",
    "_minimum": "torch.minimum({x}, {y})", "broadcast_minimum": "torch.minimum({x}, {y})",
    "_maximum_scalar": "{x}.clamp(min={scalar})", "_minimum_scalar": "{x}.clamp(max={scalar})",
    "relu": "F.relu({x})", "softsign": "F.softsign({x})", "negative": "-{x}",
})  # fmt: skip
for _sign, (_arrays, _scalar, _reverse) in _PAIRS.items():
    texts({**dict.fromkeys(_arrays, f"{{x}} {_sign} {{y}}"), _scalar: f"{{x}} {_sign} {{number}}"})
    if _reverse:
        texts({_reverse: f"{{number}} {_sign} {{x}}"})
for _sign, (_elementwise, _broadcast, _scalar) in _COMPARISONS.items():
    texts({**dict.fromkeys((_elementwise, _broadcast), f"({{x}} {_sign} {{y}}).to({{x}}.dtype)"),
           _scalar: f"({{x}} {_sign} {{number}}).to({{x}}.dtype)"})  # fmt: skip


@rule("add_n")
def _add_n(call: Call) -> str:
    return " + ".join([each.text() for each in call.given])


@rule("where")
def _where(call: Call) -> str:
    condition, x, y = call.given
    holds = f"{condition.text()} != 0"
    missing = len(x.shape) - len(condition.shape)
    if missing:
        holds = f"({holds})[(...,) + (None,) * {missing}]"
    return f"torch.where({holds}, {x.text()}, {y.text()})"
