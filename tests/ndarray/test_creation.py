"""Array creation: values, types, contexts and refusals as MXNet's."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import glueball as mx
from glueball.core.dtype import bfloat16
from tests.comparison import assert_same
from tests.oracle.client import Oracle

nd = mx.nd

AS_MXNET = """
nd.array([1, 2, 3])
nd.array((1, 2, 3))
nd.array([[1, 2], [3]])
nd.array(5)
nd.array(5.5, dtype="int32")
nd.array([])
nd.array([[]])
nd.array("a")
nd.array(["a"])
nd.array([1 + 2j])
nd.array({1, 2})
nd.array({"a": 1})
nd.array(x for x in range(3))
nd.array(range(3))
nd.array(np.arange(3))
nd.array(np.arange(3, dtype="int32"))
nd.array(np.arange(3, dtype="float64"))
nd.array(np.arange(3, dtype="float16"))
nd.array(np.arange(3, dtype="uint16"))
nd.array(np.arange(3, dtype=">f8"))
nd.array(np.array([True, False]))
nd.array([True, False])
nd.array(np.array(3.0))
nd.array(np.arange(6).reshape(2, 3)[:, ::2])
nd.array(np.arange(6)[::-1])
nd.array(np.zeros((0, 3)))
nd.array(nd.array([1, 2], dtype="int32"))
nd.array(nd.array([1, 2], dtype="int32"), dtype="float64")
nd.array(nd.array([1, 2], ctx=mx.cpu(1))).context.device_id
nd.array([0, 2.5, -1], dtype="bool")
nd.array([1, 2], ctx=mx.cpu(2)).context.device_id
nd.array([1, 2], dtype=np.int64)
nd.array([300], dtype="uint8")
nd.array([-1.5], dtype="uint8")
nd.array([1e20], dtype="int32")
nd.array([float("nan")], dtype="int32")
nd.array([2**40 + 1], dtype="int64")
nd.zeros((0, 3))
nd.zeros(())
nd.zeros((2, -1))
nd.zeros(0)
nd.zeros(3)
nd.zeros([2, 3])
nd.zeros((2, 3), dtype="float16")
nd.zeros((2, 3), dtype="complex64")
nd.zeros((2, 3), dtype="uint16")
nd.zeros((2, 3), dtype=float)
nd.zeros((2, 3), dtype=bool)
nd.zeros((2, 3), ctx="cpu(1)").context.device_id
nd.zeros((2, 3), ctx="cpu")
nd.zeros((2, 3), mx.cpu(1), "int8")
nd.zeros((2, 3), foo=1)
nd.ones((2, 3), name="x")
nd.ones((2,), dtype="int64")
nd.zeros((2, 3), out=nd.ones((2, 3)))
nd.zeros((2, 3), out=nd.ones((3, 3)))
nd.full((2, 3), 7)
nd.full(3, 7.5, dtype="int32")
nd.full((2, 3), nd.array([1, 2, 3]))
nd.full((2, 3), [1, 2, 3])
nd.full((2, 3), "a")
nd.full((2, 3), 1, out=nd.zeros((4,)))
nd.empty((2, 3)).shape
nd.empty(3, dtype="int32").dtype
nd.empty((0,)).shape
nd.arange(5)
nd.arange(2, 5)
nd.arange(0, 1, 0.3)
nd.arange(0, 100, 0.1)
nd.arange(5, 0, -2)
nd.arange(5, 0)
nd.arange(0)
nd.arange(0, 5, 0)
nd.arange(0, 3, repeat=2)
nd.arange(0, 3, repeat=0)
nd.arange(0, 3, dtype="uint8")
nd.arange(0, 3.5, dtype="int32")
nd.arange(0, 3, 0.5, dtype="int32")
nd.arange(0, 3, ctx=mx.cpu(1)).context.device_id
nd.arange(0, 3, infer_range=True)
nd.arange(3, dtype=None)
nd.arange("a")
nd.arange(2.5)
nd.linspace(0, 1, 5)
nd.linspace(0.3, 7, 37)
nd.linspace(0, 1, 5, endpoint=False)
nd.linspace(0, 1, 1)
nd.linspace(0, 1, 0)
nd.linspace(0, 1, -1)
nd.linspace(5, 0, 3, dtype="int32")
nd.linspace(0, 1, 2.5)
nd.eye(3)
nd.eye(2, 3)
nd.eye(3, k=1)
nd.eye(3, 3, -1, dtype="int32")
nd.eye(0)
nd.eye(-1)
nd.eye(2.5)
nd.eye(2, foo=1)
[nd.zeros_like(nd.array([1, 2], dtype="int32")), nd.ones_like(nd.array([[1.5]]))]
""".strip().splitlines()


@pytest.mark.parametrize("text", AS_MXNET)
def test_as_mxnet(oracle: Oracle, text: str) -> None:
    assert_same(*oracle.both(text))


def test_arange_to_the_last_bit(oracle: Oracle) -> None:
    ours, theirs = oracle.both("nd.arange(0, 100, 0.1)")
    assert ours.get().tobytes() == theirs.get().tobytes()


@pytest.mark.parametrize("source", [[1, 2], np.ones(2, np.float32), torch.ones(2), mx.nd.ones((2,))])
def test_array_copies(source: object) -> None:
    array = nd.array(source)
    array[:] = 9
    assert nd.array(source).sum().asscalar() in (2, 3)


def test_array_is_recorded(oracle: Oracle) -> None:
    def differentiate(mx: object) -> object:
        x = mx.nd.array([1, 2])
        x.attach_grad()
        with mx.autograd.record():
            y = mx.nd.array(x) * 3
        y.backward()
        return x.grad

    assert_same(*oracle.both(differentiate))


def test_sources_that_torch_cannot_look_at() -> None:
    values = np.arange(3.0)
    values.flags.writeable = False
    assert nd.array(values).asnumpy().tolist() == [0, 1, 2]
    assert nd.array(values[::-1]).asnumpy().tolist() == [2, 1, 0]
    assert nd.array(torch.ones(2, requires_grad=True)).asnumpy().tolist() == [1, 1]


def test_bfloat16() -> None:
    array = nd.array([1, 2.5], dtype="bfloat16")
    assert array.dtype == bfloat16
    assert array.asnumpy().tolist() == [1, 2.5]
    bits = np.array([0x3F80, 0x4020], np.uint16).view(bfloat16)  # as MXNet shows it to NumPy
    assert nd.array(bits, dtype=bfloat16).asnumpy().tolist() == [1, 2.5]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nd.zeros((2,), stype="csr"), r"a csr array must be a matrix; received shape \(2,\)"),
        (lambda: nd.empty((2,), stype="coo"), "stype must be 'csr', 'row_sparse' or 'default'; received 'coo'"),
        (lambda: nd.zeros((2, 0)), r"shape must be one or more positive ints; received \(2, 0\)"),
        (lambda: nd.empty((2, -1)), r"shape must be ints of at least 0; received \(2, -1\)"),
        (lambda: nd.zeros((2,), dtype="float31"), "dtype must be one of .* did you mean 'float32'"),
        (lambda: nd.array([1], dtype="int7"), "dtype must be one of"),
        (lambda: nd.ones((2,), ctx="cpu"), r"ctx must be a Context or text such as 'cpu\(0\)'; received 'cpu'"),
        (lambda: nd.array([1], ctx=0), "ctx must be a Context"),
        (lambda: nd.zeros((2,), shap=3), "a keyword must be one of shape, ctx, dtype; received 'shap'; did you mean"),
        (lambda: nd.arange(0, float("inf")), "stop must lie beyond start"),
        (lambda: nd._internal._arange(start=1, infer_range=True), "stop must be given"),
    ],
)
def test_refusals(make: object, message: str) -> None:
    with pytest.raises(mx.MXNetError, match=message):
        make()  # type: ignore[operator]


def of_text(mx):
    """Numbers as text, as a program splits a file, and arrays of objects, as of a table."""
    import numpy as np

    batches = mx.io.NDArrayIter({"user": ["1", "22"]}, ["1.5", "-2"], 2)
    written = mx.nd.zeros((2,), dtype="int32")
    written[:] = ["3", "4"]
    batch = next(batches)
    return [
        mx.nd.array(["1", " 2.5 "]), mx.nd.array([["1"], ["2e3"]], dtype="float64"), mx.nd.array("3"),
        mx.nd.array(("7", 1), dtype="int32"), mx.nd.array(np.array(["1", "nan"])), mx.np.array(["1", "2.5"]),
        mx.nd.array(np.array([1, 2.5, "4"], dtype=object)),
        mx.np.array([["1"], ["2"]], dtype="int64"), batch.data, batch.label, written,
    ]  # fmt: skip


def test_text_and_objects(oracle):
    assert_same(*oracle.both(of_text))


@pytest.mark.parametrize(
    ("values", "dtype"), [(["a"], None), (["2.5"], "int32"), ([""], None), ([["1"], ["2", "3"]], None)]
)
def test_text_that_is_no_number(oracle, values, dtype):
    assert oracle.theirs("mx.nd.array(values, dtype=dtype)", values=values, dtype=dtype).failed
    with pytest.raises(TypeError, match="source_array must be numbers"):
        mx.nd.array(values, dtype=dtype)


def with_none(mx):
    """A program of reinforcement learning has a parameter that begins as ``Constant([None])``, and is set later."""
    parameter = mx.gluon.Parameter("unset", shape=(1,), init=mx.init.Constant([None]))
    parameter.initialize()
    written = mx.nd.zeros((2,))
    written[:] = [None, 1]
    return [
        mx.nd.array([None, 1]),
        mx.np.array([1, None]),
        mx.nd.array([[None]], dtype="bool"),
        written,
        parameter.data(),
    ]


def test_none_among_numbers(oracle):
    assert_same(*oracle.both(with_none))


@pytest.mark.parametrize(("values", "dtype"), [(None, None), ([None, 1], "int32")])
def test_none_is_no_number(values, dtype):
    with pytest.raises(TypeError, match="source_array must be numbers"):
        mx.nd.array(values, dtype=dtype)
