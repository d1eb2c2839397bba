"""Arrays and graphs in the pickles of MXNet, and the methods that its programs call."""

from __future__ import annotations

import io
import pickle

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same

nd = mx.nd


def states(mx):
    arrays = [mx.nd.array([1, 2]), mx.nd.ones((2, 3), dtype="int8"), mx.nd.zeros((1, 0, 2))]
    return [list(array.__getstate__()["handle"]) for array in arrays[:2]]


def test_the_state_is_that_of_mxnet(oracle):
    assert_same(*oracle.both(states))


def test_a_state_makes_an_array():
    array = nd.NDArray.__new__(nd.NDArray)
    array.__setstate__(nd.array([[1, 2]], dtype="int32").__getstate__())
    assert array.dtype is np.int32
    assert array.asnumpy().tolist() == [[1, 2]]
    assert array.context == mx.cpu(0)


@pytest.mark.parametrize("state", [None, {"handle": None}, {"handle": b"12345"}, {}, b"", {"handle": bytes(60)}])
def test_other_states_are_refused(state):
    with pytest.raises(mx.MXNetError, match=r"NDArray\.__setstate__"):
        nd.ones((2,)).__setstate__(state)


def test_an_array_without_memory_is_refused_by_name():
    with pytest.raises(TypeError, match=r"state must have values; received \{'handle': None\}"):
        nd.ones((2,)).__setstate__({"handle": None})


def pickled(mx):
    import pickle

    return list(pickle.dumps({"array": mx.nd.array([1, 2]), "graph": mx.sym.var("x") * 2}))


class _AsGlueball(pickle.Unpickler):
    """Finds the classes of MXNet as ``install_as_mxnet()`` does."""

    def find_class(self, module, name):
        return getattr(mx.sym if "symbol" in module else nd, name) if module.startswith("mxnet") else bytearray


def test_pickles_of_mxnet_are_read(oracle):
    found = _AsGlueball(io.BytesIO(bytes(oracle.run(pickled)))).load()
    assert found["array"].asnumpy().tolist() == [1, 2]
    assert found["graph"].list_arguments() == ["x"]
