"""float16 and bfloat16: every sample of the neural-network operators, against MXNet on the same numbers in float32."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball.core.dtype import name_of
from tests.comparison import relative_error
from tests.ops.cases import CASES, Case, family
from tests.oracle.operator_call import find_operator

_ALLOWED = {"float16": 5e-3, "bfloat16": 4e-2}
_FLOAT32_PARAMETERS = ("BatchNorm", "_contrib_BatchNormWithReLU", "_contrib_SyncBatchNorm")


def _fits(case: Case) -> bool:
    """Whether the sample is one of float32 numbers that MXNet judges."""
    floats = [array for array in case.arrays if array is not None and array.dtype.kind == "f"]
    return (
        family(case.operator).startswith("nn.")
        and case.sample.judge == "mxnet"
        and "dtype" not in case.sample.attributes
        and all(array.dtype == np.float32 and abs(array).max() < 1e3 for array in floats)
    )


_CASES = [case for cases in CASES.values() for case in cases if _fits(case)]


def _rounded(array: np.ndarray, dtype: str) -> np.ndarray:
    """Round down to numbers that the type can hold, as float32."""
    if dtype == "float16":
        return array.astype("float16").astype("float32")
    return (np.ascontiguousarray(array).view(np.uint32) & 0xFFFF0000).view(np.float32)


def _converted(case: Case) -> list[bool]:
    """Which inputs are given in 16 bits."""
    data_only = case.operator.name in _FLOAT32_PARAMETERS
    return [
        array is not None and array.dtype == np.float32 and not (data_only and number)
        for number, array in enumerate(case.arrays)
    ]


def test_there_are_cases():
    assert {case.operator.name for case in _CASES} >= {"Convolution", "Pooling", "BatchNorm", "softmax", "LeakyReLU"}


@pytest.mark.parametrize("dtype", _ALLOWED)
def test_same_as_mxnet_in_float32(oracle, dtype):
    calls = []
    for case in _CASES:
        converted = _converted(case)
        inputs = [
            _rounded(array, dtype) if rounds else array for array, rounds in zip(case.arrays, converted, strict=True)
        ]
        calls.append(case.forward._replace(inputs=inputs))
    for case, call, theirs in zip(_CASES, calls, oracle.operators(calls), strict=True):
        inputs = [
            None if array is None else mx.nd.array(array, dtype=dtype if rounds else array.dtype)
            for array, rounds in zip(call.inputs, _converted(case), strict=True)
        ]
        with mx.autograd.train_mode() if call.train else mx.autograd.predict_mode():
            result = find_operator(mx, call.name)(*inputs, **call.attributes)
        output = result[0] if isinstance(result, list) else result
        expected = np.asarray(theirs.get().outputs[0])
        about = f"{case} in {dtype}"
        assert name_of(output.dtype) == dtype, about
        assert output.shape == expected.shape, about
        # The maximum over padding only is the lowest number of the type.
        inside = abs(expected) < 1e4
        error = relative_error(output.asnumpy()[inside], expected[inside])
        assert error <= _ALLOWED[dtype], f"{about} is off by {error}"


# oneDNN on CPUs with AMX computes some of these from uninitialized memory: (width, kernel, padding, stride).
_NARROW = [(1, 3, 1, 2), (2, 5, 2, 3), (6, 7, 1, 4), (4, 2, 0, 4), (7, 7, 3, 3), (8, 3, 1, 2)]


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize(("width", "kernel", "padding", "stride"), _NARROW)
def test_narrow_images_that_are_stepped_over(width, kernel, padding, stride, transposed):
    random = np.random.RandomState(0)
    kind = mx.gluon.nn.Conv2DTranspose if transposed else mx.gluon.nn.Conv2D
    data, head, results = random.randn(2, 4, 5, width), None, []
    for dtype in ("float32", "bfloat16"):
        layer = kind(16, (3, kernel), strides=(1, stride), padding=(1, padding), in_channels=4)
        layer.initialize()
        layer.cast(dtype)
        for number, parameter in enumerate(layer.collect_params().values()):
            parameter.set_data(mx.nd.array(np.random.RandomState(number).randn(*parameter.shape), dtype=dtype))
        x = mx.nd.array(data, dtype=dtype)
        x.attach_grad()
        with mx.autograd.record():
            y = layer(x)
        head = random.randn(*y.shape) if head is None else head
        y.backward(mx.nd.array(head, dtype=dtype))
        results.append([y, x.grad, *[parameter.grad() for parameter in layer.collect_params().values()]])
    for right, mine in zip(*results, strict=True):
        assert relative_error(mine.asnumpy(), right.asnumpy()) < 2e-2
