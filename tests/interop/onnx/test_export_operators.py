"""Every sample of every operator that can be said in ONNX, written to a file.

The checker takes it, and ONNX Runtime computes torch's results, with the oldest and the newest version of ONNX's
operators, and with lengths that vary.
"""

from __future__ import annotations

import pytest
import torch

import glueball as mx
from glueball import MXNetError
from glueball.graph.program import Program
from glueball.interop.onnx.exporting import NoCounterpartError, write_model
from glueball.interop.onnx.rules import RULES
from glueball.ops import registry
from tests.comparison import TOLERANCE, assert_same
from tests.interop.onnx.running import computed, onnx, symbol_of
from tests.ops.cases import CASES, naming

_RULED = [each for each in registry if each.name in RULES]

#: Samples in float32 that have no counterpart, by operator and number.
_REFUSED = {
    "Convolution": {0},  # windows that lie far apart
    "Deconvolution": {1},
    "Dropout": {2},  # random numbers
    "Pooling_v1": {0, 1, 2, 3, 4, 5, 6, 7},  # a maximum with zeros around
    "RNN": {10, 13},  # a projection, clipped cells
    "_contrib_ROIAlign": {2, 3},  # 2 only before version 16
    "_contrib_box_nms": {12},
    "_sample_multinomial": {2},
    "clip": {3},
    "slice": {4},  # empty
    "take": {3},
}


def _export(case, path, opset, dynamic=False):
    """Write a sample; returns what was written, and the arrays."""
    symbol, nodes, given = symbol_of(case)
    tensors = {name: torch.from_numpy(array.copy()) for name, array in given.items()}
    written = write_model(
        symbol, {}, path, {name: array.shape for name, array in given.items()},
        types={name: tensor.dtype for name, tensor in tensors.items()}, dynamic=dynamic, opset=opset,
    )  # fmt: skip
    return written, given, Program(symbol._entries, nodes, engine="eager").run([*tensors.values()], mx.cpu(), False)


def _compare(case, results, expected):
    kinds = [str(array.dtype) for array in case.arrays if array is not None]
    tolerance = TOLERANCE["float16"] if "float16" in kinds else None
    for found, wanted in zip(results, expected, strict=True):
        with naming(case):
            assert found.dtype == wanted.numpy().dtype
            if case.sample.judge == "statistics":
                assert found.shape == tuple(wanted.shape)
            else:
                assert_same(found, wanted.numpy(), rtol=case.sample.rtol or tolerance)


@pytest.mark.parametrize("opset", [13, 21])
@pytest.mark.parametrize("operator", _RULED, ids=lambda each: each.name)
def test_samples_are_computed_as_by_torch(operator, opset, tmp_path):
    path = tmp_path / "case.onnx"
    for case in CASES[operator]:
        if case.sample.training:
            continue
        try:
            written, given, expected = _export(case, path, opset)
        except NoCounterpartError:
            real = all(str(array.dtype) == "float32" for array in case.arrays if array is not None)
            late = RULES[operator.name].since > opset
            assert not real or late or case.number in _REFUSED.get(operator.name, ()), case
            assert not path.exists()
            continue
        onnx.checker.check_model(path, full_check=True)
        assert [tuple(output.shape) for output in written.outputs] == [tuple(each.shape) for each in expected]
        results = computed(path, given)
        if results is not None:
            _compare(case, results, expected)
        path.unlink()


@pytest.mark.parametrize("operator", _RULED, ids=lambda each: each.name)
def test_samples_with_lengths_that_vary(operator, tmp_path):
    path = tmp_path / "case.onnx"
    for case in CASES[operator]:
        if case.sample.training or case.sample.judge == "statistics":
            continue
        try:
            _, given, expected = _export(case, path, 21, dynamic=True)
        except MXNetError:
            continue
        results = computed(path, given)
        if results is not None:
            _compare(case, results, expected)


def test_the_rules_are_of_operators_and_most_operators_have_one():
    assert set(RULES) <= {operator.name for operator in registry}
    assert len(RULES) > 270
