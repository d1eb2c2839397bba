"""Nodes of a symbol of ``mx.np`` and a number, on either side, as they stand in files, against MXNet's."""

from __future__ import annotations

from tests.numpy.graphs import compare_graphs
from tests.oracle.client import Oracle

_NUMBERS = ["1", "2.0", "2.5", "True", "False", "onp.float32(2)", "onp.int64(3)", "onp.bool_(True)", "onp.float64(1)"]
_FUNCTIONS = [
    "add", "subtract", "multiply", "divide", "true_divide", "mod", "remainder", "power", "maximum", "minimum",
    "arctan2", "hypot", "copysign", "ldexp", "lcm", "bitwise_and", "bitwise_or", "bitwise_xor", "equal", "not_equal",
    "less", "less_equal", "greater", "greater_equal",
]  # fmt: skip


def test_functions_of_a_symbol_and_a_number(oracle: Oracle) -> None:
    compare_graphs(oracle, [
        f"np.{name}({operands})" for name in _FUNCTIONS for number in _NUMBERS
        for operands in (f"x, {number}", f"{number}, x")
    ])  # fmt: skip


def test_operators_of_a_symbol_and_a_number(oracle: Oracle) -> None:
    texts = [f"x {sign} {number}" for sign in ("+", "-", "*", "/", "%", "**", "==", "<", ">=") for number in _NUMBERS]
    # A number of NumPy on the left asks the symbol in a way of its own.
    own = [number for number in _NUMBERS if not number.startswith("onp")]
    texts += [f"{number} {sign} x" for sign in ("+", "-", "*", "/", "%", "**") for number in own]
    compare_graphs(oracle, [*texts, "x.__radd__(onp.int64(3))", "x.__rmul__(onp.int64(3))"])


def test_other_functions_that_take_numbers(oracle: Oracle) -> None:
    compare_graphs(oracle, [
        text.format(number=number) for number in ("1", "2.0", "2.5", "True") for text in (
            "np.full_like(x, {number})", "np.full((2,), {number})", "np.where(x, {number}, x)",
            "np.where(x, x, {number})", "np.clip(x, {number}, 3)", "np.ediff1d(x, {number}, {number})",
            "np.nan_to_num(x, True, {number}, {number}, {number})", "np.percentile(x, {number})",
            "np.linspace(0, {number}, 5)", "np.arange({number})", "np.random.normal({number}, {number}, 3)",
            "np.linalg.norm(x, {number})", "np.linalg.norm(x, {number}, axis=0)",
        )
    ])  # fmt: skip
