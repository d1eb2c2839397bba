"""Universal functions of ``mx.np`` against MXNet: values, types, promotion, gradients, numbers, options, errors."""

from __future__ import annotations

import pytest

from tests.numpy.calls import compare
from tests.oracle.client import Oracle

_ARITHMETIC = ["add", "subtract", "multiply", "true_divide", "mod", "power"]
_OF_BOOL = ["add", "multiply"]
_OF_ANY_PAIR = ["add", "multiply", "power"]

_COMPARISONS = ["equal", "not_equal", "greater", "greater_equal", "less", "less_equal"]


@pytest.mark.parametrize("name", _ARITHMETIC)
def test_arithmetic_promotes_types(oracle: Oracle, name: str) -> None:
    pairs = [(one, other) for one in "vdhilu" for other in "vdhilu"]
    if name not in _OF_ANY_PAIR:  # MXNet says that others are not implemented
        pairs = [(one, other) for one, other in pairs if one == other or (one in "vdh") != (other in "vdh")]
    texts = [f"np.{name}({one}[..., :2], {other}[..., :2])" for one, other in pairs]
    compare(
        oracle, [*texts, *([f"np.{name}(b, {other})" for other in "bix"] if name in _OF_BOOL else [])], gradient=False
    )


@pytest.mark.parametrize("name", [*_ARITHMETIC, *_COMPARISONS, "maximum", "minimum", "arctan2", "hypot", "copysign"])
def test_two_operands_and_their_gradients(oracle: Oracle, name: str) -> None:
    compare(oracle, [form.format(f=f"np.{name}") for form in ("{f}(abs(x), y)", "{f}(abs(x), v)", "{f}(s, y)")])
    forms = ["{f}(abs(x), 2)", "{f}(2.5, abs(y))", "{f}(d, 1.5)"]
    # MXNet's gradients of these with a number fail, or are not the derivative.
    compare(oracle, [form.format(f=f"np.{name}") for form in forms], gradient=name not in ("arctan2", "copysign"))


@pytest.mark.parametrize("name", [*_ARITHMETIC, *_COMPARISONS])
def test_integers_and_bool_with_numbers(oracle: Oracle, name: str) -> None:
    # MXNet compares integers with a number without its fraction; see docs/numpy.md.
    numbers = ["2", "True"] if name in _COMPARISONS else ["2", "2.5", "True"]
    texts = [f"np.{name}({array}, {number})" for array in "ilu" for number in numbers]
    compare(oracle, [*texts, *[f"np.{name}({number}, l + 1)" for number in numbers]], gradient=False)


def test_numbers_alone(oracle: Oracle) -> None:
    compare(oracle, ["float(np.add(1, 2))", "float(np.exp(2.0))", "bool(np.equal(1, 1))"], gradient=False)


def test_options_and_operands_that_are_refused(oracle: Oracle) -> None:
    compare(
        oracle,
        ["np.exp([1.0])", "np.add(x, [1.0])", "np.add(x, None)", "np.add(x, 1, where=False)", "np.exp(x, order='K')",
         "np.add(x, 1, foo=1)", "np.exp(mx.nd.ones((2,)))", "np.ones((2, 3)) + mx.nd.ones((2, 3))", "x == None"],
        gradient=False,
    )  # fmt: skip


def test_operators_of_python(oracle: Oracle) -> None:
    texts = [
        "x + y",
        "x - 1",
        "2 - x",
        "x * y",
        "2 / y",
        "x / 2",
        "y % 2",
        "2 ** x",
        "abs(x) ** y",
        "-x",
        "abs(x)",
        "x @ y.T",
    ]
    compare(oracle, [*texts, "x > 0", "x <= y", "x != y", "~b", "b & b", "b | True", "i ^ 3"])
