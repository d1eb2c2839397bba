"""Arrays to and from other libraries, files of pickle, and other processes."""

from __future__ import annotations

import multiprocessing
import pickle
from typing import Any

import numpy as np
import pytest
import torch

import glueball as mx
from tests.comparison import assert_same
from tests.oracle.client import Oracle

nd = mx.nd
DTYPES = ["float16", "float32", "float64", "uint8", "int8", "int32", "int64", "bool", "bfloat16"]


def address(array: Any) -> int:
    return array.to_torch().data_ptr()


@pytest.mark.parametrize("dtype", DTYPES)
def test_torch_both_ways_shares_memory(dtype: str) -> None:
    array = nd.array([[0, 1], [2, 3]], dtype=dtype)
    tensor = array.to_torch()
    again = nd.from_torch(tensor)
    assert tensor.data_ptr() == address(array) == address(again)
    assert again.dtype == array.dtype
    again[0] = 1
    assert tensor[0].float().tolist() == [1, 1]


def test_from_torch_leaves_autograd_behind() -> None:
    tensor = torch.ones(2, requires_grad=True)
    array = nd.from_torch(tensor * 2)
    array.attach_grad()
    with mx.autograd.record():
        loss = (array * array).sum()
    loss.backward()
    assert array.grad.asnumpy().tolist() == [4, 4]
    assert tensor.grad is None
    assert not array.to_torch().requires_grad


def test_from_torch_context() -> None:
    with mx.cpu(3):
        assert nd.from_torch(torch.ones(1)).context == mx.cpu(3)
    with pytest.raises(mx.MXNetError, match="dtype must be one of"):
        nd.from_torch(torch.ones(1, dtype=torch.complex64))
    with pytest.raises(mx.MXNetError, match=r"tensor must be a torch\.Tensor; received ndarray"):
        nd.from_torch(np.ones(1))
    with pytest.raises(mx.MXNetError, match="device must be cpu or cuda; received meta"):
        nd.from_torch(torch.ones(1, device="meta"))


def test_numpy_shares_memory() -> None:
    values = np.arange(3, dtype="float32")
    array = nd.from_numpy(values)
    array[0] = 9
    values[1] = 8
    assert array.asnumpy().tolist() == values.tolist() == [9, 8, 2]
    copied = nd.from_numpy(values, zero_copy=False)
    copied[:] = 0
    assert values.tolist() == [9, 8, 2]


NUMPY_AS_MXNET = """
nd.from_numpy(np.arange(3))
nd.from_numpy(np.arange(6, dtype="float32").reshape(2, 3).T)
nd.from_numpy(np.arange(6, dtype="float32").reshape(2, 3).T, zero_copy=False)
nd.from_numpy(np.array(["a"]))
nd.from_numpy(np.zeros((0, 2), dtype="float32"))
nd.from_numpy(np.array(5.0))
""".strip().splitlines()


@pytest.mark.parametrize("text", NUMPY_AS_MXNET)
def test_numpy_as_mxnet(oracle: Oracle, text: str) -> None:
    assert_same(*oracle.both(text))


def test_from_numpy_refusals() -> None:
    with pytest.raises(TypeError, match=r"must be a numpy\.ndarray; received list"):
        nd.from_numpy([1, 2])
    with pytest.raises(ValueError, match="must be one of MXNet's; received complex128"):
        nd.from_numpy(np.ones(2, complex))
    with pytest.raises(ValueError, match="must be one of MXNet's; received >f8"):
        nd.from_numpy(np.ones(2, ">f8"))
    with pytest.raises(mx.MXNetError, match="array_cls must be NDArray"):
        nd.from_numpy(np.ones(2), array_cls=list)


@pytest.mark.parametrize("dtype", DTYPES)
def test_dlpack_both_ways_shares_memory(dtype: str) -> None:
    array = nd.array([[0, 1], [2, 3]], dtype=dtype)
    for capsule in (array.to_dlpack_for_read(), nd.to_dlpack_for_read(array), nd.to_dlpack_for_write(array), array):
        other = nd.from_dlpack(capsule)
        assert (address(other), other.shape, other.dtype) == (address(array), array.shape, array.dtype)
    assert torch.from_dlpack(array).data_ptr() == address(array)


def test_dlpack_with_numpy() -> None:
    array = nd.array([1, 2, 3])
    shared = np.from_dlpack(array)
    array[0] = 9
    assert shared.tolist() == [9, 2, 3]
    if shared.flags.writeable:  # NumPy 1 only reads what comes by DLPack
        shared[1] = 8
        assert array.asnumpy().tolist() == [9, 8, 3]
    values = np.arange(3.0)
    nd.from_dlpack(values)[:] = 7
    assert values.tolist() == [7, 7, 7]


def test_dlpack_refusals() -> None:
    array = nd.array([1, 2, 3])
    capsule = array.to_dlpack_for_read()
    nd.from_dlpack(capsule)
    with pytest.raises(mx.MXNetError, match="an unused DLPack capsule"):
        nd.from_dlpack(capsule)
    with pytest.raises(mx.MXNetError, match="received int"):
        nd.from_dlpack(5)
    array.attach_grad()
    with mx.autograd.record(), pytest.raises(mx.MXNetError, match="must not be written to"):
        array.to_dlpack_for_write()


def test_memory_outlives_its_array() -> None:
    capsule = nd.full((1000,), 7).to_dlpack_for_read()
    tensor = nd.full((1000,), 8).to_torch()
    assert nd.from_dlpack(capsule).sum().asscalar() == 7000
    assert tensor.sum() == 8000


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(2, 3), (1,), (), (0, 3)])
def test_pickle(dtype: str, shape: tuple[int, ...]) -> None:
    array = nd.array(np.arange(np.prod(shape, dtype=int)).reshape(shape), dtype=dtype)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        copied = pickle.loads(pickle.dumps(array, protocol))
        assert (copied.shape, copied.dtype, copied.context) == (array.shape, array.dtype, array.context)
        assert copied.asnumpy().tolist() == array.asnumpy().tolist()
        assert address(copied) != address(array) or not array.size


PICKLE_AS_MXNET = """
pickle.loads(pickle.dumps(nd.arange(12).reshape((4, 3))[:, 1]))
repr(pickle.loads(pickle.dumps(nd.ones((2,), ctx=mx.cpu(1)))))
pickle.loads(pickle.dumps({"a": [nd.ones((2,)), 3]}))
copy.copy(nd.arange(3))
copy.deepcopy({"a": nd.arange(3)})
""".strip().splitlines()


@pytest.mark.parametrize("text", PICKLE_AS_MXNET)
def test_pickle_and_copy_as_mxnet(oracle: Oracle, text: str) -> None:
    assert_same(*oracle.both(f"import copy, pickle\nreturn {text}"))


def test_pickle_of_a_view_takes_only_the_view() -> None:
    array = nd.zeros((1000, 1000))
    assert len(pickle.dumps(array[3])) < 10_000


def test_copies_have_no_gradient_and_their_own_memory(oracle: Oracle) -> None:
    def copies(mx: Any) -> Any:
        import copy

        x = mx.nd.arange(3)
        x.attach_grad()
        made = [copy.copy(x), copy.deepcopy(x)]
        for one in made:
            one[:] = 7
        return x, [one.grad for one in made]

    assert_same(*oracle.both(copies))


def _double(inbox: Any, outbox: Any) -> None:
    array = inbox.get()
    outbox.put((array * 2, array[0], str(array.context)))
    inbox.get()  # torch shares memory with the process that made it, which must live until it has been received


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_between_processes(method: str) -> None:
    context = multiprocessing.get_context(method)
    inbox, outbox = context.Queue(), context.Queue()
    process = context.Process(target=_double, args=(inbox, outbox))
    process.start()
    inbox.put(nd.arange(6).reshape((2, 3)))
    doubled, row, where = outbox.get(timeout=60)
    inbox.put("received")
    process.join(timeout=60)
    assert process.exitcode == 0
    assert doubled.asnumpy().tolist() == [[0, 2, 4], [6, 8, 10]]
    assert row.asnumpy().tolist() == [0, 1, 2]
    assert where == "cpu(0)"


def test_load_frombuffer(tmp_path: Any) -> None:
    path = tmp_path / "x.params"
    nd.save(path, {"x": nd.ones((2, 3))})
    assert nd.load_frombuffer(path.read_bytes())["x"].shape == (2, 3)
    with pytest.raises(mx.MXNetError):
        nd.load_frombuffer(path.read_bytes()[:-1])
    with pytest.raises(TypeError, match="buf must be bytes; received str"):
        nd.load_frombuffer("x")
