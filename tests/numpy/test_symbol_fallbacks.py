"""``mx.sym.np``'s resize, unravel_index and empty_like: operators written in Python, as in MXNet's graph files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.numpy.graphs import compare_graphs
from tests.oracle.client import Oracle


def test_graphs(oracle: Oracle) -> None:
    compare_graphs(oracle, [
        "np.resize(x, (3, 2))", "np.resize(x, 5)", "np.resize(x, new_shape=(5,))", "np.unravel_index(x, (3, 2))",
        "np.unravel_index(x, 6)", "np.unravel_index(5, (3, 2))", "np.unravel_index(x, (3, 2), order='F')",
        "np.empty_like(x)", "np.empty_like(x, 'int32')", "np.empty_like(x, 'bool')", "np.empty_like(x, None, 'F')",
        "np.empty_like(x, None, 'C', True)", "np.empty_like(x, shape=(1,))", "np.resize(mx.np.ones(3), 5)",
        "np.resize(x.as_nd_ndarray(), 5)", "np.empty_like(2)", "np.resize(x)",
    ])  # fmt: skip


def _ran(mx: Any) -> list[Any]:
    """Return shapes, types and results; those of resize in prediction, since MXNet has no gradient of it."""
    import numpy as onp

    found: list[Any] = []
    with mx.util.np_shape(True), mx.util.np_array(True):
        x = mx.sym.var("x").as_np_ndarray()
        symbols = [
            mx.sym.np.resize(x, (3, 2)), mx.sym.np.resize(x, 5), mx.sym.np.unravel_index(x, (3, 2)),
            mx.sym.np.unravel_index(x, 6), mx.sym.np.empty_like(x), mx.sym.np.empty_like(x, "int32"),
            mx.sym.np.empty_like(x, onp.int32),
        ]  # fmt: skip
        for symbol in symbols:
            found += [symbol.list_arguments(), len(symbol.list_outputs())]
            found += [symbol.infer_shape(x=shape) for shape in [(2, 3), (0, 3), ()]]
            found.append([[onp.dtype(kind).name for kind in kinds] for kinds in symbol.infer_type(x="float32")])
        for symbol, values in [
            (symbols[0], onp.arange(4.0)),
            (symbols[0], onp.arange(40.0)),
            (symbols[1], onp.arange(2.0)),
            (symbols[1], onp.array(7.0)),
            (symbols[1], onp.array([3, 2], "int32")),
            (symbols[2], onp.array([5, 1])),
            (symbols[2], onp.array([[5, 1], [0, 2]], "int32")),
            (symbols[2], onp.array(3)),
            (symbols[3], onp.arange(6)),
        ]:
            bound = symbol.bind(mx.cpu(), {"x": mx.np.array(values, dtype=values.dtype)})
            found.append(bound.forward()[0].asnumpy())
        for symbol in symbols[4:]:
            made = symbol.bind(mx.cpu(), {"x": mx.np.ones((2, 3))}).forward()[0]
            found.append([made.shape, onp.dtype(made.dtype).name])
    return found


def test_results(oracle: Oracle) -> None:
    ours, theirs = oracle.both(_ran)
    assert_same(ours.get(), theirs.get())


@pytest.mark.parametrize("shape", [(3,), (2, 3), (), (0, 2)])
@pytest.mark.parametrize("new_shape", [5, (2, 2), (), (0,), (7, 1)])
def test_resize_has_the_gradient_of_its_copies(shape: Any, new_shape: Any) -> None:
    x = mx.np.array(np.arange(np.prod(shape, dtype=int), dtype="float32").reshape(shape))
    made = []
    for function in (mx.np.resize, lambda x, shape: _of_symbol(mx.sym.np.resize, x, shape)):
        x.attach_grad()
        with mx.autograd.record():
            y = function(x, new_shape)
        y.backward(mx.np.arange(y.size).reshape(y.shape) + 1)
        made.append([y.shape, y.asnumpy(), x.grad.asnumpy()])
    assert_same(*made)


def _of_symbol(function: Any, x: Any, *arguments: Any) -> Any:
    symbol = function(mx.sym.var("x").as_np_ndarray(), *arguments)
    return mx.nd.CachedOp(symbol)(x)


def test_a_number_too_large_is_refused_by_name() -> None:
    with pytest.raises(mx.MXNetError, match=r"indices must be from 0 to 5 for shape \(3, 2\); received \[5, 9\]"):
        _of_symbol(mx.sym.np.unravel_index, mx.np.array([5, 9], dtype="int64"), (3, 2))
