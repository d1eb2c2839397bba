"""What only writes into arrays: nd.reset_arrays and nd._internal._set_value."""

from __future__ import annotations

import pytest

from tests.comparison import assert_same

#: Programs that must give the same results under MXNet; `a` and `b` are of different types.
SAME = """
return nd.reset_arrays(a, b, num_arrays=2), a, b
return nd.reset_arrays(num_arrays=0), a
nd.reset_arrays(a)
nd.reset_arrays()
nd.reset_arrays(a, b, num_arrays=3)
nd.reset_arrays(a, b, num_arrays=1)
nd.reset_arrays([a, b], num_arrays=2)
nd.reset_arrays(3, num_arrays=1)
nd.reset_arrays(a, num_arrays=1, other=2)
return nd._internal._set_value(2.5, out=a), a
return nd._internal._set_value(src="3", out=b), b
nd._internal._set_value(2.5)
nd._internal._set_value(out=a)
nd._internal._set_value("many", out=a)
x = nd.ones((2, 2)); nd._internal._set_value(3, out=x[0]); return x
x = nd.ones((2,), dtype='int32'); nd._internal._set_value(3.7, out=x); return x
""".strip().splitlines()


@pytest.mark.parametrize("text", SAME)
def test_as_in_mxnet(oracle, text):
    assert_same(*oracle.both(f"a, b = nd.ones((2,)), nd.ones((3,), dtype='float64'); {text}"))


def test_integers_are_refused(oracle):
    """MXNet says so only when an array is read."""
    assert_same(*oracle.both("a = nd.ones((2,), dtype='int32'); nd.reset_arrays(a, num_arrays=1); a.asnumpy()"))
