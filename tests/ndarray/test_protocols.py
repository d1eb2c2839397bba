"""Python's protocols: printing, truth, length, iteration, comparison, hashing."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.oracle.client import Oracle

nd = mx.nd

AS_MXNET = """
repr(nd.arange(6).reshape((2, 3)))
str(nd.array([1, 2]))
repr(nd.array([[1, 2]], dtype="int32"))
repr(nd.array(5))
repr(nd.zeros((2, 2), ctx=mx.cpu(1)))
repr(nd.array([]))
repr(nd.array([1.5, float("nan"), float("inf")]))
repr(nd.ones((30, 40)))
repr(nd.array([True, False], dtype="bool"))
repr(nd.ones((2,), dtype="float16"))
format(nd.array([1]))
"%s" % nd.array([1, 2])
list(nd.arange(3))
list(nd.ones((2, 2)))
[x + y for x, y in zip(nd.arange(2), nd.arange(2))]
len(nd.zeros((2, 3)))
len(nd.array(5))
bool(nd.array([0]))
bool(nd.array([2]))
bool(nd.array(5))
bool(nd.array([]))
bool(nd.array([1, 2]))
not nd.array([0])
1 in nd.arange(3)
9 in nd.arange(3)
1 in nd.ones((2, 2))
float(nd.array([1]))
int(nd.array([1]))
[1, 2, 3][nd.array([1], dtype="int32")]
max(nd.array([3, 1]))
sum(nd.array([3, 1]))
list(reversed(nd.arange(2)))
nd.array([1, 2]) == None
nd.array([1, 2]) != "a"
nd.array([1, 2]) == nd.array([1, 3])
nd.array([1, 2]) == nd.array([1, 3, 4])
len({nd.array([1]), nd.array([1])})
+nd.array([1])
~nd.array([1])
nd.array([1, 2]) // 2
nd.array([1, 2]) @ nd.array([1, 2])
nd.array([1, 2]) + None
nd.array([1, 2]) + [1, 2]
nd.array([1, 2]) + np.array([1, 2])
np.array([1, 2]) + nd.array([1, 2])
np.float32(2) * nd.array([1, 2])
""".strip().splitlines()


@pytest.mark.parametrize("text", AS_MXNET)
def test_as_mxnet(oracle: Oracle, text: str) -> None:
    assert_same(*oracle.both(text))


def test_no_new_attributes() -> None:
    with pytest.raises(AttributeError):
        nd.zeros((2,)).color = "red"
    with pytest.raises(AttributeError):
        nd.zeros((2,)).shape = (1, 2)


def test_numpy_functions_take_an_array() -> None:
    assert np.asarray(nd.array([1, 2])).dtype == np.float32
    assert np.add(nd.array([1, 2]), 1).tolist() == [2, 3]
    assert np.array(nd.array([1, 2]), dtype="int8").tolist() == [1, 2]


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.0.0", reason="only NumPy 2 can be asked not to copy")
def test_numpy_cannot_have_the_memory() -> None:
    with pytest.raises(ValueError, match="always a copy"):
        np.asarray(nd.array([1, 2]), copy=False)


def test_unknown_name_in_nd() -> None:
    with pytest.raises(AttributeError, match="did you mean 'concat'"):
        nd.concatt  # noqa: B018
