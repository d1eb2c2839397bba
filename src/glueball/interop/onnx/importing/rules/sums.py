"""Einstein's sums: of one array or two by products of matrices, others as in ``mx.np``."""

from __future__ import annotations

from typing import Any

from ..... import symbol as sym
from .....symbol import Symbol
from ..call import Call
from ..registry import rule


@rule("Einsum")
def _einsum(call: Call) -> Any:
    equation = str(call.attribute("equation")).replace(" ", "")
    terms, arrow, result = equation.partition("->")
    names = terms.split(",")
    call.require(len(names) == call.count, "there must be an array for each term")
    if len(names) > 2 or "." in equation or any(len(set(each)) < len(each) for each in names):
        return sym.np.einsum(equation, *[each.as_np_ndarray() for each in call.symbols()]).as_nd_ndarray()
    if not arrow:
        letters = "".join(names)
        result = "".join(sorted(each for each in set(letters) if letters.count(each) == 1))
    if call.count == 1:
        return _ordered(*_summed(call.symbol(0), names[0], result), result, call)
    reduced = [_summed(call.symbol(number), each, names[1 - number] + result) for number, each in enumerate(names)]
    return _product(call, reduced, result)


def _summed(x: Symbol, names: str, kept: str) -> tuple[Symbol, str]:
    """Return the sum along the axes that are needed no more, and the names of the others."""
    axes = tuple([number for number, each in enumerate(names) if each not in kept])
    return (sym.sum(x, axis=axes), "".join(each for each in names if each in kept)) if axes else (x, names)


def _ordered(x: Symbol, names: str, result: str, call: Call) -> Any:
    order = tuple([names.index(each) for each in result])
    return sym.transpose(x, axes=order, name=call.name) if order != tuple(range(len(order))) else x


def _lengths(call: Call) -> dict[str, int]:
    names = str(call.attribute("equation")).replace(" ", "").partition("->")[0].split(",")
    pairs = [zip(each, call.fixed_shape(number), strict=True) for number, each in enumerate(names)]
    return {name: length for each in pairs for name, length in each}


def _product(call: Call, arrays: list[tuple[Symbol, str]], result: str) -> Any:
    """Return the product of two arrays as one of stacks of matrices."""
    (one, left), (other, right) = arrays
    lengths = _lengths(call)
    stack = [each for each in left if each in right and each in result]
    inner = [each for each in left if each in right and each not in result]
    rows, columns = [each for each in left if each not in right], [each for each in right if each not in left]

    def size(names: list[str]) -> int:
        total = 1
        for each in names:
            total *= lengths[each]
        return total

    def matrices(x: Symbol, names: str, first: list[str], second: list[str]) -> Symbol:
        order = tuple([names.index(each) for each in (*stack, *first, *second)])
        moved = sym.transpose(x, axes=order) if order else x
        return sym.reshape(moved, shape=(size(stack), size(first), size(second)))

    product = sym.batch_dot(matrices(one, left, rows, inner), matrices(other, right, inner, columns))
    names = [*stack, *rows, *columns]
    shaped = sym.reshape(product, shape=tuple([lengths[each] for each in names]) or (1,))
    return _ordered(shaped, "".join(names), result, call)
