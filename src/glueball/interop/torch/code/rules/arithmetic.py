"""Arithmetic and comparison of two arrays, or of an array and a number; functions of each element."""

from __future__ import annotations

from ..call import Call, number, rule

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


def _scalar(call: Call) -> str:
    text = number(call["scalar"])
    return f"({text})" if text.startswith("-") else text


def _declare_pair(sign: str, arrays: tuple[str, ...], scalar: str, reverse: str) -> None:
    @rule(*arrays)
    def of_arrays(call: Call) -> str:
        return f"{call.x} {sign} {call.input(1).text()}"

    @rule(scalar)
    def with_scalar(call: Call) -> str:
        return f"{call.x} {sign} {_scalar(call)}"

    if reverse:

        @rule(reverse)
        def from_scalar(call: Call) -> str:
            return f"{_scalar(call)} {sign} {call.x}"


def _declare_comparison(sign: str, elementwise: str, broadcast: str, scalar: str) -> None:
    @rule(elementwise, broadcast)
    def of_arrays(call: Call) -> str:
        return f"({call.x} {sign} {call.input(1).text()}).to({call.x}.dtype)"

    @rule(scalar)
    def with_scalar(call: Call) -> str:
        return f"({call.x} {sign} {_scalar(call)}).to({call.x}.dtype)"


for _sign, _names in _PAIRS.items():
    _declare_pair(_sign, *_names)
for _sign, _all in _COMPARISONS.items():
    _declare_comparison(_sign, *_all)


@rule("_maximum", "broadcast_maximum")
def _maximum(call: Call) -> str:
    return f"torch.maximum({call.x}, {call.input(1).text()})"


@rule("_minimum", "broadcast_minimum")
def _minimum(call: Call) -> str:
    return f"torch.minimum({call.x}, {call.input(1).text()})"


@rule("_maximum_scalar")
def _maximum_scalar(call: Call) -> str:
    return f"{call.x}.clamp(min={number(call['scalar'])})"


@rule("_minimum_scalar")
def _minimum_scalar(call: Call) -> str:
    return f"{call.x}.clamp(max={number(call['scalar'])})"


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


_METHODS = {
    "abs": "abs", "sign": "sign", "ceil": "ceil", "floor": "floor", "trunc": "trunc", "fix": "trunc", "sqrt": "sqrt",
    "rsqrt": "rsqrt", "exp": "exp", "expm1": "expm1", "log": "log", "log2": "log2", "log10": "log10",
    "log1p": "log1p", "sin": "sin", "cos": "cos", "tan": "tan", "arcsin": "arcsin", "arccos": "arccos",
    "arctan": "arctan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "arcsinh": "arcsinh", "arccosh": "arccosh",
    "arctanh": "arctanh", "sigmoid": "sigmoid", "erf": "erf", "square": "square", "reciprocal": "reciprocal",
    "relu": "relu", "degrees": "rad2deg", "radians": "deg2rad",
}  # fmt: skip


def _declare_method(name: str, method: str) -> None:
    @rule(name)
    def function(call: Call) -> str:
        return f"F.relu({call.x})" if method == "relu" else f"{call.x}.{method}()"


for _name, _method in _METHODS.items():
    _declare_method(_name, _method)


@rule("negative")
def _negative(call: Call) -> str:
    return f"-{call.x}"


@rule("softsign")
def _softsign(call: Call) -> str:
    return f"F.softsign({call.x})"
