"""Every sample of every operator that can be said in ONNX, written to a file: the checker takes it, and ONNX Runtime
computes torch's results, with the oldest and the newest version of ONNX's operators."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

import glueball as mx
from glueball.graph.program import Program
from glueball.interop.onnx.exporting import NoCounterpartError, write_model
from glueball.interop.onnx.rules import RULES
from glueball.ops import registry
from tests.comparison import assert_same
from tests.ops.cases import CASES, naming
from tests.oracle.operator_call import find_operator

onnx = pytest.importorskip("onnx")
runtime = pytest.importorskip("onnxruntime")

_SYMBOLS = SimpleNamespace(nd=mx.sym)  # looked through as if its functions were those of arrays


def refusals_of(operator):
    """The samples, by number, that have no counterpart in ONNX, and why, as the operator's rule says."""
    return {}


def computed(path, feeds):
    """What ONNX Runtime computes."""
    options = runtime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return session.run(None, feeds)


def build(case):
    """The symbol of a sample, its variables and what they hold."""
    variables = [None if array is None else mx.sym.var(f"x{n}") for n, array in enumerate(case.arrays)]
    symbol = find_operator(_SYMBOLS, case.operator.name)(*variables, **case.sample.attributes)
    given = {f"x{n}": array for n, array in enumerate(case.arrays) if array is not None}
    return symbol, variables, given


@pytest.mark.parametrize("opset", [13, 17, 21])
@pytest.mark.parametrize("operator", [each for each in registry if each.name in RULES], ids=lambda each: each.name)
def test_samples_are_computed_as_by_torch(operator, opset, tmp_path):
    tried, refused = 0, []
    for case in CASES[operator]:
        if case.sample.training:
            continue
        symbol, variables, given = build(case)
        nodes = [variable._node() for variable in variables if variable is not None]
        tensors = {name: torch.from_numpy(array.copy()) for name, array in given.items()}
        try:
            written = write_model(
                symbol, {}, tmp_path / "case.onnx", {name: array.shape for name, array in given.items()},
                types={name: tensor.dtype for name, tensor in tensors.items()}, opset=opset,
            )  # fmt: skip
        except NoCounterpartError as error:
            refused.append((case.number, str(error)))
            continue
        onnx.checker.check_model(tmp_path / "case.onnx", full_check=True)
        results = computed(tmp_path / "case.onnx", given)
        expected = Program(symbol._entries, nodes, engine="eager").run([*tensors.values()], mx.cpu(), False)
        tried += 1
        for found, wanted, output in zip(results, expected, written.outputs, strict=True):
            with naming(case):
                assert found.dtype == wanted.numpy().dtype
                assert tuple(output.shape) == found.shape
                assert_same(found, wanted.numpy(), rtol=case.sample.rtol or 1e-5)
    print(operator.name, opset, tried, refused)
    assert tried or RULES[operator.name].since > opset
