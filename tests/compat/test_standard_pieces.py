"""The small modules: base, util, libinfo, runtime, engine, test_utils."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import glueball as mx
from tests.comparison import assert_same


@pytest.mark.parametrize(
    "code",
    [
        "mx.is_np_array(), mx.util.is_np_shape(), mx.util.set_np_shape(False), mx.set_np_shape(active=False)",
        "mx.util.get_gpu_count(), mx.util.getenv('NO_SUCH_VARIABLE'), list(mx.test_utils.list_gpus())",
        "mx.util.setenv('GLUEBALL_X', 'ä'); a = mx.util.getenv('GLUEBALL_X')\n"
        "mx.util.setenv('GLUEBALL_X', None); return a, mx.util.getenv('GLUEBALL_X')",
        "mx.libinfo.__version__",
        "isinstance(np.float16(1), mx.base.numeric_types), isinstance('x', mx.base.numeric_types)",
        "[isinstance(x, mx.base.integer_types) for x in (1, np.int32(1), np.int64(1), np.int8(1), 1.0)]",
        "mx.base.mx_real_t is np.float32, mx.base.string_types, mx.base.py_str('ä'.encode())",
        "issubclass(mx.base.NotImplementedForSymbol, mx.base.MXNetError)",
        "sorted(mx.runtime.Features()), len(mx.runtime.feature_list())",
        "mx.runtime.Features().is_enabled('tvm_op'), mx.runtime.Features()['TVM_OP'].enabled",
        "repr(mx.runtime.Features()['TVM_OP']), mx.runtime.Features()['TVM_OP'].name",
        "mx.runtime.Features().is_enabled('nothing')",
        "mx.engine.set_bulk_size(5); return mx.engine.set_bulk_size(7), mx.engine.set_bulk_size(0)",
        "mx.engine.set_bulk_size(3)\nwith mx.engine.bulk(9):\n    inner = mx.engine.set_bulk_size(9)\n"
        "return inner, mx.engine.set_bulk_size(0)",
        "mx.test_utils.default_context() == mx.cpu(), mx.test_utils.default_dtype() is np.float32",
        "mx.test_utils.same(nd.ones(2), nd.ones(2)), mx.test_utils.same(np.ones(2), np.ones(3))",
        "mx.test_utils.assert_almost_equal(1.0, 1.0)",
        "mx.test_utils.assert_almost_equal(nd.ones(2), np.ones((3, 2)))",
        "mx.test_utils.assert_almost_equal(np.ones((3, 2)), np.ones(3))",
        "mx.test_utils.assert_almost_equal(np.array([np.nan]), np.array([np.nan]), equal_nan=True)",
        "mx.test_utils.almost_equal(np.ones((3, 2)), np.ones(2))",
    ],
)
def test_answers(oracle, code):
    assert_same(*oracle.both(code))


def refusals(mx):
    """Return the error classes of failing comparisons."""
    test, nan = mx.test_utils, np.array([np.nan])
    calls = [
        lambda: test.assert_almost_equal(np.ones((3, 2)), np.ones(2), use_broadcast=False),
        lambda: test.almost_equal(np.ones((3, 2)), np.ones(2), use_broadcast=False),
        lambda: test.assert_almost_equal(nan, nan),
        lambda: test.assert_almost_equal(mx.nd.ones(2), mx.nd.ones(2) * 2, rtol=0.4, atol=0.1),
        lambda: test.assert_almost_equal(mx.nd.ones(2), mx.nd.ones(2) * 2, rtol=0.5, atol=0.1),
    ]
    classes = []
    for call in calls:
        try:
            call()
            classes.append(None)
        except Exception as error:
            classes.append("AssertionError" if isinstance(error, AssertionError) else type(error).__name__)
    return classes


def test_refusals(oracle):
    ours, theirs = (outcome.get() for outcome in oracle.both(refusals))
    assert ours == theirs
    assert ours.count("AssertionError") == 4


def tolerances(mx, function, left, right):
    """Return which relative and absolute differences of two types pass."""
    import contextlib
    import io

    passed = []
    for step in (1e-21, 1e-7, 1e-6, 5e-6, 5e-5, 5e-4, 5e-3, 5e-2, 0.5):
        for value in (0.0, 64.0):
            a = np.full(3, value).astype(left)
            b = (np.full(3, value) * (1 + step) + (value == 0) * step).astype(right)
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    passed.append(getattr(mx.test_utils, function)(a, b) is not False)
            except AssertionError:
                passed.append(False)
    return passed


@pytest.mark.parametrize("function", ["assert_almost_equal", "almost_equal"])
@pytest.mark.parametrize("left", ["float16", "float32", "float64", "int32"])
@pytest.mark.parametrize("right", ["float16", "float32", "float64"])
def test_tolerances(oracle, function, left, right):
    ours, theirs = oracle.both(tolerances, function, left, right)
    assert_same(ours, theirs)
    assert len(set(theirs.get())) == 2


def test_the_message_of_a_comparison_shows_the_worst():
    a, b = mx.nd.array([[1, 2], [3, 4]]), np.float32([[1, 2.5], [np.nan, 5]])
    with pytest.raises(AssertionError) as caught:
        mx.test_utils.assert_almost_equal(a, b, names=("ours", "theirs"), mismatches=(2, 2))
    assert str(caught.value).splitlines() == [
        "ours and theirs must be equal within rtol=0.0001, atol=0.001; 3 of 4 values are not:",
        "  (1, 0): ours=3.0, theirs=nan",
        "  (1, 1): ours=4.0, theirs=5.0",
    ]


def test_what_is_refused():
    with pytest.raises(
        RuntimeError, match=r"Features: feature_name must be one of .* received 'cudn'; did you mean 'CUDNN'"
    ):
        mx.runtime.Features().is_enabled("cudn")
    if not torch.cuda.is_available():
        with pytest.raises(mx.MXNetError):
            mx.util.get_gpu_memory(0)


def test_features_are_those_of_torch():
    features = mx.runtime.Features()
    assert features.is_enabled("cuda") is torch.backends.cuda.is_built()
    assert features.is_enabled("MKLDNN") is torch.backends.mkldnn.is_available()
    assert all(isinstance(feature.enabled, bool) for feature in mx.runtime.feature_list())


def test_the_folder_of_data(monkeypatch):
    monkeypatch.setenv("MXNET_HOME", "/somewhere")
    assert mx.base.data_dir() == "/somewhere"
    monkeypatch.delenv("MXNET_HOME")
    monkeypatch.setenv("HOME", "/home/me")
    assert mx.base.data_dir() == "/home/me/.mxnet"
