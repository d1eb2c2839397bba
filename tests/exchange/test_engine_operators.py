"""Operators as graphs under the engine inductor: the values and gradients of all their samples are the imperative ones.

torch's compiler has its own version of many operators, which may be wrong where torch's is right. Compiling is slow, so
these tests run a few cases; ``make engines`` runs all.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

import glueball as mx
from glueball.ops import Operator, registry
from tests.comparison import assert_same
from tests.exchange.test_engines import by_default as by_default  # a fixture
from tests.ops.cases import Case, judged
from tests.ops.test_graph_nodes import find_symbol, variable_for
from tests.oracle.operator_call import OperatorResult

# What torch's compiler warns of when it meets its own functions, and that it computes complex numbers without code.
pytestmark = [
    pytest.mark.filterwarnings(f"ignore:{warning}")
    for warning in (
        ".*should not be instantiated:DeprecationWarning", "`torch._prims_common.check`:FutureWarning",
        "Torchinductor does not support code generation for complex:UserWarning",
        "The .grad attribute of a Tensor that is not a leaf:UserWarning",
    )
]  # fmt: skip

_FEW = {"Flatten", "softmax_cross_entropy", "_contrib_boolean_mask"}
_OPERATORS = [each for each in registry if os.environ.get("GLUEBALL_ENGINES") == "all" or each.name in _FEW]


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("operator", _OPERATORS, ids=lambda operator: operator.name)
def test_samples_are_computed_as_imperatively(operator: Operator, training: bool, by_default: Any) -> None:
    cases = [case for case in judged(operator, "mxnet", "numpy") if case.sample.training == training]
    if not cases:
        pytest.skip("no such samples")
    by_default("inductor")
    for case, found in zip(cases, _run_together(cases, training), strict=True):
        expected, rtol = case.ours().get(), case.sample.rtol or 1e-4
        assert_same(found.outputs, expected.outputs, rtol, about=f"{case}: outputs")
        for one, other in zip(found.gradients, expected.gradients, strict=False):
            if one is not None:
                assert_same(one, other, rtol, about=f"{case}: gradients")


def _run_together(cases: list[Case], training: bool) -> list[OperatorResult]:
    """Run the cases as one graph: it compiles once."""
    values = {
        f"{case}-{number}": mx.nd.array(array, dtype=array.dtype)
        for case in cases for number, array in enumerate(case.arrays) if array is not None
    }  # fmt: skip
    symbols = [_symbol(case) for case in cases]
    group = mx.sym.Group(symbols)
    states = {name: values.pop(name) for name in group.list_auxiliary_states()}
    # A graph that only predicts has no gradients; these operators compute something else when they train.
    differentiable = training or not any(kind == "training" for _, kind in cases[0].operator.supplied)
    slopes = {name: mx.nd.zeros_like(value) for name, value in values.items() if np.dtype(value.dtype).kind == "f"}
    executor = group.bind(mx.cpu(), values, slopes if differentiable else None, aux_states=states)
    outputs = executor.forward(is_train=differentiable)
    results = [array.asnumpy() for array in outputs]
    if differentiable:
        heads = [head for case, symbol in zip(cases, symbols, strict=True) for head in _heads(case, symbol)]
        executor.backward([
            mx.nd.zeros_like(output) if head is None else mx.nd.array(head, dtype=head.dtype)
            for head, output in zip(heads, outputs, strict=True)
        ])  # fmt: skip
    found = []
    for case, symbol in zip(cases, symbols, strict=True):
        count = len(symbol.list_outputs())
        names = [f"{case}-{number}" for number in range(len(case.arrays))]
        gradients = [slopes[name].asnumpy() if name in slopes else None for name in names]
        wanted = differentiable and case.call.head_gradients
        found.append(OperatorResult(results[:count], gradients if wanted else [], {}))
        results = results[count:]
    return found


def _symbol(case: Case) -> mx.sym.Symbol:
    name, arrays = case.operator.name, case.arrays
    inputs = [None if a is None else variable_for(mx, name, f"{case}-{number}") for number, a in enumerate(arrays)]
    symbol: mx.sym.Symbol = find_symbol(mx, name)(*inputs, **case.sample.attributes)
    return symbol


def _heads(case: Case, symbol: mx.sym.Symbol) -> list[np.ndarray | None]:
    return list(case.call.head_gradients or [None] * len(symbol.list_outputs()))


def _gradients_before_and_after_hybridizing(network: Any, x: mx.nd.NDArray) -> list[np.ndarray]:
    gradients = []
    for _ in range(2):
        x.attach_grad()
        with mx.autograd.record():
            y = network(x)
        y.backward()
        gradients.append(x.grad.asnumpy())
        network.hybridize()
    return gradients


@pytest.mark.parametrize("pad", [0, 1])
def test_the_mean_of_windows_that_end_beyond_the_padding(pad: int, by_default: Any) -> None:
    by_default("inductor")
    pool = mx.gluon.nn.AvgPool2D(3, 2, pad, ceil_mode=True)
    assert_same(*_gradients_before_and_after_hybridizing(pool, mx.nd.ones((1, 1, 4, 6))))


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_the_mean_of_means(axes: int, by_default: Any) -> None:
    """The compiler cannot put the gradients of two average poolings into one loop."""
    by_default("inductor")
    pools = mx.gluon.nn.HybridSequential()
    pool = getattr(mx.gluon.nn, f"AvgPool{axes}D")
    pools.add(pool(2, 1), pool(2, 2, 1, count_include_pad=False))
    gradients = _gradients_before_and_after_hybridizing(pools, mx.nd.random.uniform(shape=(2, 3, *[5] * axes)))
    assert_same(*gradients)


def test_the_smallest_of_what_is_computed_twice(by_default: Any) -> None:
    """The compiler computes sin() again in the backward pass, in code that rounds otherwise."""
    by_default("inductor")
    x = mx.nd.array([[-0.6394606, -0.9610495, -0.07356295], [0.44986784, -0.15959279, -0.0291458]])
    least = mx.gluon.nn.HybridLambda(lambda F, x: F.min(F.sin(x), axis=1))
    assert_same(*_gradients_before_and_after_hybridizing(least, x))
