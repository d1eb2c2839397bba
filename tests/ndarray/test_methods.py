"""The methods of NDArray: all of MXNet's, which of them share memory, and what they refuse."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.oracle.client import Oracle

nd = mx.nd

# What MXNet's NDArray has and ours lacks, and why.
LEFT_OUT = {
    "handle": "a pointer into libmxnet",
    "writable": "whether the pointer may be written through; ours always may",
}
# What ours has beyond MXNet's.
ADDED = {"to_torch": "the way to torch without a copy"}


def public_members(mx: Any) -> list[str]:
    return sorted(name for name in dir(mx.nd.NDArray) if not name.startswith("_"))


def test_members_are_mxnets(oracle: Oracle) -> None:
    ours, theirs = set(public_members(mx)), set(oracle.run(public_members))
    assert theirs - ours == set(LEFT_OUT)
    assert ours - theirs == set(ADDED)


def test_every_member_is_documented() -> None:
    members = [getattr(nd.NDArray, name) for name in public_members(mx)]
    assert not [member for member in members if not inspect.getdoc(member)]


def parameters(mx: Any) -> dict[str, list[str]]:
    """The parameters of the methods that are more than an operator."""
    import inspect

    found = {}
    for name in dir(mx.nd.NDArray):
        method = getattr(mx.nd.NDArray, name)
        if not name.startswith("_") and inspect.isfunction(method):
            kinds = [parameter.kind.name for parameter in inspect.signature(method).parameters.values()]
            if "VAR_POSITIONAL" not in kinds and "VAR_KEYWORD" not in kinds:
                found[name] = list(inspect.signature(method).parameters)
    return found


def test_parameters_are_mxnets(oracle: Oracle) -> None:
    ours = parameters(mx)
    for name, expected in oracle.run(parameters).items():
        assert ours[name] == expected, name


# Whether a write to the result reaches the array: x has shape (4, 3), y (1, 4, 1).
SHARING = """
x.reshape((3, 4))
x.reshape((-1,))
x.reshape((4, 3))
x.T
x.transpose()
x.swapaxes(0, 0)
x.flatten()
x.flatten(inplace=True)
x.expand_dims(0)
x.expand_dims(0, inplace=True)
x.squeeze()
x.squeeze(inplace=True)
y.squeeze(inplace=True)
y.squeeze(axis=0, inplace=True)
y.squeeze(axis=(0, -1))
x.copy()
x.copyto(mx.cpu())
x.as_in_context(mx.cpu())
x.as_in_context(mx.cpu(1))
x.as_nd_ndarray()
x.astype("float32")
x.astype("float32", copy=False)
x.detach()
x.broadcast_to((4, 3))
x.broadcast_like(x)
x.slice_axis(axis=0, begin=0, end=2)
x.slice(begin=(0,), end=(1,))
x.split(1)
x.tostype("default")
x[0:2][0]
x[0:2].reshape((-1,))
next(iter(x))
x.slice_assign_scalar(5, (0, 0), (1, 1), (1, 1))
x.slice_assign(nd.ones((1, 1)), (0, 0), (1, 1), (1, 1))
nd.array(x)
nd.identity(x)
nd.BlockGrad(x)
nd.reshape(x, shape=(3, 4))
nd.concatenate([x], always_copy=False)
""".strip().splitlines()


@pytest.mark.parametrize("text", SHARING)
def test_shared_memory_as_mxnet(oracle: Oracle, text: str) -> None:
    body = f"""
x, y = nd.arange(12).reshape((4, 3)), nd.arange(4).reshape((1, 4, 1))
result = {text}
result[:] = -1
return result.shape, x, y
"""
    assert_same(*oracle.both(body))


AS_MXNET = """
x.broadcast_to((2, 4, 3))
x.broadcast_to((4, 4))
x.broadcast_to((3,))
x[0].broadcast_to((2, 3))
x[0].broadcast_like(x)
x.broadcast_axes(axis=0, size=7)
x.expand_dims(-1, inplace=True)
x.expand_dims(axis=1)
x.expand_dims(3)
x.squeeze(axis=1)
x.diag()
x.diag(1)
x.diag(k=-1)
x.tile(2)
x.tile((2, 1))
x.repeat(2)
x.repeat(repeats=2, axis=0)
x.flip(0)
x.flip(axis=1)
x.take(nd.array([1, 3]))
x.pick(nd.array([1, 2, 0, 1]))
x.one_hot(3)
x.slice((0, 1), (1, 3))
x.slice((0, None), (None, 3))
x.slice_axis(1, 0, 2)
x.slice_like(nd.zeros((1, 2)))
x.reshape_like(nd.zeros((3, 4)))
x.reshape((1, 1, 4, 3)).pad("edge", (0, 0, 0, 0, 1, 1, 1, 1))
x.reshape((1, 12, 1, 1)).depth_to_space(2)
x.reshape((1, 3, 2, 2)).space_to_depth(2)
x.transpose((1, 0))
x.transpose(axes=(1, 0))
x.swapaxes(0, 1)
x.zeros_like()
x.ones_like()
x.shape_array()
x.size_array()
x.slice_assign_scalar(1.5, (0,), (1,), (1,))
x.slice_assign_scalar(1.5, (0, 0), (1, 1), ())
x.slice_assign(nd.ones((1, 3)), (0,), (1,), (1,))
x.slice_assign(nd.ones((1, 2)), (0,), (1,), (1,))
x.astype("int8")
x.astype(np.int64)
x.astype(float)
nd.array([1, -7], dtype="int8").astype(None)
nd.array([1.7, -1.7]).astype("int32")
nd.array([1.7, -1.7, 300]).astype("uint8")
nd.array([1.7, 0, -1.7]).astype("bool")
x.copyto(nd.zeros((4, 3)))
x.copyto(nd.zeros((4, 3), dtype="int32"))
x.copyto(nd.zeros((4, 3), ctx=mx.cpu(1))).context.device_id
x.copyto(nd.zeros((3, 4)))
x.copyto("cpu")
x.copyto(np.zeros(2))
x.as_in_context("cpu")
(x.shape, x.size, x.ndim, x.dtype, x.stype, x.grad)
x.asnumpy().flags.writeable
x.wait_to_read()
x.asscalar()
x[0, 0].asscalar()
nd.array(5).asscalar()
x.backward()
x.foo
""".strip().splitlines()


@pytest.mark.parametrize("text", AS_MXNET)
def test_as_mxnet(oracle: Oracle, text: str) -> None:
    assert_same(*oracle.both(f"x = nd.arange(12).reshape((4, 3))\nreturn {text}"))


GRADIENTS = """
x.reshape((3, 4))
x.T
x.astype("float64")
x.copy()
x.copyto(mx.cpu(1))
x.as_in_context(mx.cpu(1))
x.flatten()
x.flatten(inplace=True)
x.expand_dims(0)
x.expand_dims(0, inplace=True)
x.squeeze(inplace=True)
x.broadcast_to((2, 4, 3))
x[0].broadcast_to((4, 3))
x[1:3]
x[[0, 0, 1]]
next(iter(x))
x.tostype("default")
x.as_nd_ndarray()
x.detach() + x
nd.moveaxis(x, 0, 1)
nd.split_v2(x, 2)[0]
""".strip().splitlines()


@pytest.mark.parametrize("text", GRADIENTS)
def test_gradients_as_mxnet(oracle: Oracle, text: str) -> None:
    body = f"""
x = nd.arange(12).reshape((4, 3))
x.attach_grad()
with mx.autograd.record():
    y = {text}
    y = y * y
y.backward()
return x.grad
"""
    assert_same(*oracle.both(body))


def test_gradient_of_a_method_without_grad_mode() -> None:
    import torch

    x = nd.ones((2, 3))
    x.attach_grad()
    with torch.no_grad(), mx.autograd.record():
        y = x.copy().astype("float64").reshape((-1,))[1:] * 2
    y.backward()
    assert x.grad.asnumpy().ravel().tolist() == [0, 2, 2, 2, 2, 2]


def test_in_place_on_a_recorded_array_is_refused() -> None:
    x = nd.ones((2, 3))
    x.attach_grad()
    with mx.autograd.record():
        y = x * 2
        with pytest.raises(mx.MXNetError, match="must not be written to"):
            y.slice_assign_scalar(0, (0,), (1,), (1,))
        with pytest.raises(mx.MXNetError, match="must not be written to"):
            y.flatten(inplace=True)[:] = 0


def test_copyto_itself_changes_nothing() -> None:
    x = nd.arange(3)
    assert x.copyto(x) is x
    assert x.asnumpy().tolist() == [0, 1, 2]


def test_asnumpy_is_one_piece() -> None:
    import torch

    array = nd.from_torch(torch.arange(6.0).reshape(2, 3).T).asnumpy()
    assert array.flags.c_contiguous
    assert array.tolist() == [[0, 3], [1, 4], [2, 5]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: x.expand_dims(5, inplace=True), "axis must be from -3 to 2; received 5"),
        (lambda x: x.squeeze(0, inplace=True), "axis 0 must have length 1"),
        (lambda x: x.slice_assign(5, (0,), (1,), (1,)), "rhs must be an NDArray; received int"),
        (lambda x: x.tostype("coo"), "stype must be one of 'csr', 'default', 'row_sparse'; received 'coo'"),
        (lambda x: x.astype("int7"), "dtype must be one of"),
    ],
)
def test_refusals(call: Any, message: str) -> None:
    with pytest.raises(mx.MXNetError, match=message):
        call(nd.array(np.ones((2, 3))))
