"""Every sample of every operator that can be said in ONNX, computed by the runtimes: the results are torch's."""

from __future__ import annotations

import warnings
from types import SimpleNamespace

import pytest
import torch

import glueball as mx
from glueball.graph import runtime
from glueball.graph.program import Program
from glueball.interop.onnx.rules import RULES
from glueball.ops import registry
from tests.comparison import assert_same
from tests.ops.cases import CASES, naming
from tests.oracle.operator_call import find_operator

_SYMBOLS = SimpleNamespace(nd=mx.sym)  # looked through as if its functions were those of arrays

#: Operators none of whose samples is computed by a runtime: all convert to or from types that are left to torch.
_BY_TORCH = {"amp_cast"}


@pytest.fixture
def parts(monkeypatch):
    """Count the parts that runtimes compute."""
    computed = []
    call = runtime.Opened.__call__

    def counted(opened, *inputs):
        computed.append(opened)
        return call(opened, *inputs)

    monkeypatch.setattr(runtime.Opened, "__call__", counted)
    return computed


def test_there_is_no_rule_without_an_operator():
    assert set(RULES) <= {operator.name for operator in registry}


@pytest.mark.parametrize(
    "operator",
    [each for each in registry if each.name in RULES and RULES[each.name].runtimes],
    ids=lambda each: each.name,
)
def test_samples_are_computed_as_by_torch(operator, engine, parts):
    for case in CASES[operator]:
        if case.sample.judge == "statistics":
            continue
        variables = [None if array is None else mx.sym.var(f"x{n}") for n, array in enumerate(case.arrays)]
        symbol = find_operator(_SYMBOLS, operator.name)(*variables, **case.sample.attributes)
        nodes = [variable._node() for variable in variables if variable is not None]
        tensors = [torch.from_numpy(array.copy()) for array in case.arrays if array is not None]
        expected = Program(symbol._entries, nodes, engine="eager").run(tensors, mx.cpu(), False)
        for parameters in ((), nodes[1:]):
            results = Program(symbol._entries, nodes, parameters, engine).run(tensors, mx.cpu(), False)
            with naming(case):
                for found, wanted in zip(results, expected, strict=True):
                    assert_same(found.numpy(), wanted.numpy(), rtol=1e-5)
    assert bool(parts) is (operator.name not in _BY_TORCH)


@pytest.mark.parametrize("make", [
    lambda x: mx.sym.reshape(x, shape=(2, 3)),
    lambda x: mx.sym.concat(x),
    lambda x: mx.sym.slice(x, begin=(0,), end=(2,)),
    lambda x: mx.sym.transpose(x, axes=(0, 1)),
    lambda x: mx.sym.Dropout(x),
    lambda x: mx.sym.Group([mx.sym.identity(x), mx.sym.identity(x)]),
    lambda x: mx.sym.Group([mx.sym.relu(x), mx.sym.flatten(mx.sym.relu(x))]),
    lambda x: x * 1 + 0,
], ids=["reshape", "concat", "slice", "transpose", "Dropout", "twice", "heads", "arithmetic"])  # fmt: skip
def test_what_changes_nothing_returns_arrays_of_its_own(make, engine):
    x = mx.sym.var("x")
    program = Program(make(x)._entries, [x._node()], engine=engine)
    given = torch.arange(6.0).reshape(2, 3)
    results = program.run([given], mx.cpu(), False)
    assert len({given.data_ptr(), *[each.data_ptr() for each in results]}) == 1 + len(results)
    for each in results:
        assert_same(each.numpy(), given.numpy())


def test_writing_onnx_says_nothing(engine):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        x = mx.sym.var("x")
        Program(mx.sym.relu(x)._entries, [x._node()], engine=engine).run([torch.ones(2)], mx.cpu(), False)
