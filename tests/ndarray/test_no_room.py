"""Arrays for which there is no memory: an MXNetError, whichever function would have made them."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import nd

HUGE = (10**6, 10**9)  # 4 PB


@pytest.fixture(scope="module")
def huge():
    """An array of that shape which takes no memory."""
    return nd.NDArray(torch.zeros(1).expand(HUGE), mx.cpu())


MADE = {
    "zeros": lambda: nd.zeros(HUGE),
    "empty": lambda: nd.empty(HUGE),
    "more than can be counted": lambda: nd.empty((2**62, 9)),
    "a length beyond 64 bits": lambda: nd.empty((10**30,)),
    "full": lambda: nd.full(HUGE, 3),
    "arange": lambda: nd.arange(10**15),
    "linspace": lambda: nd.linspace(0, 1, 10**15),
    "linspace of very many": lambda: nd.linspace(0, 1, 10**30),
    "eye": lambda: nd.eye(10**8),
    "tile": lambda: nd.tile(nd.ones((1,)), HUGE),
    "broadcast_to": lambda: nd.ones((1,)).broadcast_to(HUGE),
    "broadcast_axis": lambda: nd.broadcast_axis(nd.ones((1, 1)), axis=(0, 1), size=HUGE),
    "random": lambda: nd.random.normal(shape=HUGE),
    "parameter": lambda: mx.gluon.Parameter("w", shape=HUGE).initialize(),
    "simple_bind": lambda: (mx.sym.var("x") + 1).simple_bind(mx.cpu(), x=HUGE),
}


@pytest.mark.parametrize("name", MADE)
def test_an_array_that_does_not_fit_is_refused(name):
    with pytest.raises(mx.MXNetError):
        MADE[name]()


COPIED = {
    "copy": lambda x: x.copy(),
    "deepcopy": copy.deepcopy,
    "astype": lambda x: x.astype("float64"),
    "as_in_context": lambda x: x.as_in_context(mx.cpu(1)),
    "array": nd.array,
    "attach_grad": lambda x: x.attach_grad(),
    "reshape": lambda x: nd.reshape(x, shape=(-1,)),
    "transpose": lambda x: x.T,
    "flatten": lambda x: x.flatten(),
    "expand_dims": lambda x: x.expand_dims(0),
    "split_v2": lambda x: x.split_v2(2),
    "backwards": lambda x: x[:, ::-1],
    "add": lambda x: x + 1,
    "optimizer": lambda x: mx.optimizer.SGD(momentum=0.9).create_state(0, x),
}


@pytest.mark.parametrize("name", COPIED)
def test_a_copy_that_does_not_fit_is_refused(huge, name):
    with pytest.raises(mx.MXNetError):
        COPIED[name](huge)


def test_a_copy_that_does_not_fit_is_refused_while_recording(huge):
    x = nd.ones((1,))
    x.attach_grad()
    with mx.autograd.record(), pytest.raises(mx.MXNetError, match="could not make the result"):
        x.broadcast_to(HUGE)


def test_as_in_mxnet_numpy_says_itself_what_it_cannot_make(huge):
    with pytest.raises(MemoryError):
        np.array(huge)
