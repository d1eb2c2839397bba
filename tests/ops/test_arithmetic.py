"""Python's operators on arrays and numbers, and nd.add and the like, against MXNet 1.9.1."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.errors import class_of
from tests.oracle.client import Oracle

OPERATORS = ["add", "sub", "mul", "truediv", "mod", "pow"]
COMPARISONS = ["eq", "ne", "lt", "le", "gt", "ge"]
IN_PLACE = ["iadd", "isub", "imul", "itruediv", "imod", "ipow"]
FUNCTIONS = [
    "add", "subtract", "multiply", "divide", "true_divide", "modulo", "power", "maximum", "minimum", "equal",
    "not_equal", "greater", "greater_equal", "lesser", "lesser_equal", "logical_and", "logical_or", "logical_xor",
]  # fmt: skip
TYPES = ["float32", "float64", "float16", "int32", "int64", "uint8", "int8", "bool"]
NUMBERS = [2, 3.7, True, np.float32(2.5), np.int64(3), np.bool_(True)]
WHOLE = [2, True, np.int64(3), np.bool_(True)]


def _attempt(call: Any, *arguments: Any) -> Any:
    """Return the result, or the class of the error."""
    try:
        result = call(*arguments)
        return result.asnumpy() if hasattr(result, "asnumpy") else result  # where MXNet raises some errors
    except Exception as error:
        return class_of(error)


def with_numbers(mx: Any, dtype: str, names: list[str], numbers: list[Any]) -> list[Any]:
    import operator

    results = []
    for name in names:
        for number in numbers:
            array = mx.nd.array([1, 1, 1] if dtype == "bool" else [7, 2, 3], dtype=dtype)
            results.append(_attempt(getattr(operator, name), array, number))
            if not isinstance(number, np.generic):  # those decide themselves how to treat a foreign array
                results.append(_attempt(getattr(operator, name), number, array))
    return results


@pytest.mark.parametrize("dtype", TYPES)
def test_numbers(oracle: Oracle, dtype: str) -> None:
    assert_same(*oracle.both(with_numbers, dtype, OPERATORS, NUMBERS))
    assert_same(*oracle.both(with_numbers, dtype, COMPARISONS, NUMBERS if dtype.startswith("float") else WHOLE))


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8", "bool"])
@pytest.mark.parametrize("name", COMPARISONS)
def test_integers_are_compared_with_the_fraction(name: str, dtype: str) -> None:
    """MXNet cuts the fraction off first, so that 0 < 0.001 is false there."""
    values = np.array([0, 1, 0] if dtype == "bool" else [0, 1, 2], dtype)
    for number in (1e-3, 0.5, -0.5, 1.5, 2.5, float("inf"), float("-inf"), float("nan")):
        compare = getattr(operator, name)
        array = mx.nd.array(values, dtype=dtype)
        result = compare(array, number)
        assert result.dtype == (np.int64 if dtype == "bool" else np.dtype(dtype))
        assert result.asnumpy().tolist() == compare(values, number).astype(int).tolist()
        symbol = compare(mx.sym.var("x"), number)
        assert symbol.eval(x=array)[0].asnumpy().tolist() == result.asnumpy().tolist()


def test_a_fraction_is_true_and_large_integers_keep_their_digits() -> None:
    zero_and_one = mx.nd.array([0, 1], dtype="int32")
    assert mx.nd.logical_and(zero_and_one, 0.5).asnumpy().tolist() == [0, 1]
    assert mx.nd.logical_xor(zero_and_one, 0.5).asnumpy().tolist() == [1, 0]
    large = mx.nd.array(np.array([2**24 + 1, 2**53 + 1], "int64"), dtype="int64")
    assert (large > 2**24 + 0.5).asnumpy().tolist() == [1, 1]
    assert (large == 2**24 + 1.5).asnumpy().tolist() == [0, 0]


def in_place(mx: Any, dtype: str, names: list[str]) -> list[Any]:
    import operator

    results = []
    for name in names:
        for other in [2, 2.7, (dtype, (3,)), (dtype, (1,)), ("float64", (3,)), (dtype, (2, 3)), None, "a", [1]]:
            array = mx.nd.array([1, 0, 1] if dtype == "bool" else [7, 2, 3], dtype=dtype)
            operand = mx.nd.ones(other[1], dtype=other[0]) if isinstance(other, tuple) else other
            changed = _attempt(getattr(operator, name), array, operand)
            results.append([changed, _attempt(array.asnumpy)])
    return results


@pytest.mark.parametrize("dtype", ["float32", "float16", "int32", "bool"])
def test_in_place(oracle: Oracle, dtype: str) -> None:
    assert_same(*oracle.both(in_place, dtype, IN_PLACE))


def functions(mx: Any, names: list[str]) -> list[Any]:
    array, other = mx.nd.array([1, 2, 3]), mx.nd.array([[2], [0]])
    results = []
    for name in names:
        function = getattr(mx.nd, name)
        for lhs, rhs in [(3, 2), (3.5, 2.0), (2, array), (array, 2), (array, other), (array, None)]:
            results.append(_attempt(function, lhs, rhs))
    results.append(_attempt(lambda: mx.nd.add(lhs=array, rhs=2)))
    results.append(_attempt(lambda: mx.nd.power(base=array, exp=2)))
    return results


def test_functions(oracle: Oracle) -> None:
    ours, theirs = oracle.both(functions, FUNCTIONS)
    for one, other, about in zip(
        ours.get(), theirs.get(), [*[n for n in FUNCTIONS for _ in range(6)], "add", "power"], strict=True
    ):
        assert_same(one, other, about=about)


def other_operators(mx: Any, dtype: str) -> list[Any]:
    import operator

    array = mx.nd.array([1, 0, 1] if dtype in ("bool", "uint8") else [1, -2, 3], dtype=dtype)
    results = [_attempt(getattr(operator, name), array) for name in ("neg", "pos", "abs", "invert")]
    for name in ("floordiv", "matmul", "and_", "or_", "xor", "lshift"):
        results.append(_attempt(getattr(operator, name), array, array))
    return [*results, _attempt(divmod, array, 2), _attempt(round, array)]


@pytest.mark.parametrize("dtype", ["float32", "int32", "uint8", "bool"])
def test_other_operators(oracle: Oracle, dtype: str) -> None:
    assert_same(*oracle.both(other_operators, dtype))


def test_numpy_arrays_and_lists_are_no_operands(oracle: Oracle) -> None:
    def attempts(mx: Any) -> list[Any]:
        array = mx.nd.ones((2,))
        others = [np.ones(2, "float32"), [1, 2], (1, 2), 1j, None, "a"]
        return [_attempt(function, array, other) for other in others for function in (mx.nd.add, mx.nd.equal)]

    ours, theirs = oracle.both(attempts)
    assert ours.get() == theirs.get() == ["TypeError"] * 12
    with pytest.raises(TypeError, match=r"must be an NDArray or a number; received list"):
        operator.add(mx.nd.ones((2,)), [1, 2])


def writes_while_recording(mx: Any) -> list[Any]:
    import operator

    def attempt(change: Any) -> Any:
        x = mx.nd.array([1.0, 2, 3])
        x.attach_grad()
        constant = mx.nd.ones((3,))
        with mx.autograd.record():
            y = x * 2
            return _attempt(change, x, y, constant)

    return [
        attempt(lambda x, y, c: operator.iadd(y, 1)),
        attempt(lambda x, y, c: operator.iadd(x, 1)),
        attempt(lambda x, y, c: operator.imul(y, x)),
        attempt(lambda x, y, c: operator.iadd(c, y)),
        attempt(lambda x, y, c: operator.iadd(c, 1)),
        attempt(lambda x, y, c: operator.imul(c, c + 1)),
    ]


def test_in_place_while_recording(oracle: Oracle) -> None:
    ours, theirs = oracle.both(writes_while_recording)
    assert_same(ours, theirs)
    assert ours.get()[:4] == ["MXNetError"] * 4


def test_an_in_place_operator_keeps_the_array() -> None:
    array = before = mx.nd.array([1, 2])
    view = array[1:]
    array += 1
    array /= 2
    assert array is before
    assert view.asnumpy().tolist() == [1.5]
    array **= 2
    assert array is not before


def test_numbers_are_wrapped_into_the_type_of_integers() -> None:
    array = mx.nd.array([250, 1], dtype="uint8")
    assert (array + 10).asnumpy().tolist() == [4, 11]
    assert (array * 257).asnumpy().tolist() == [250, 1]
    assert (array > -1).asnumpy().tolist() == [0, 0]  # -1 is 255 there, in MXNet too
    with pytest.raises(mx.MXNetError, match="scalar must be finite for an array of integers; received nan"):
        array + float("nan")


def test_division_of_integers_by_zero() -> None:
    """This crashes MXNet's process, so nothing says what is right; we return 0, as for modulo."""
    lhs, rhs = mx.nd.array([7, -7, 0], dtype="int32"), mx.nd.array([0, 2, 0], dtype="int32")
    assert (lhs / rhs).asnumpy().tolist() == [0, -3, 0]
    assert (lhs / 0).asnumpy().tolist() == [0, 0, 0]
    assert (5 / rhs).asnumpy().tolist() == [0, 2, 0]
    assert (lhs % rhs).asnumpy().tolist() == [0, 1, 0]
    assert (lhs % 0).asnumpy().tolist() == [0, 0, 0]
