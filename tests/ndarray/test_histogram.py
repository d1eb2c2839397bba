"""nd.histogram and sym.histogram."""

from __future__ import annotations

import pytest

from tests.comparison import assert_same

#: Programs that must give the same results under MXNet.
SAME = """
nd.histogram(nd.array([1, 2, 3, 4, 5]), bins=3)
nd.histogram(nd.array([1, 2, 3, 4, 5]))
nd.histogram(nd.array([[1, 2], [4, 9]], dtype="int32"), 4)
nd.histogram(nd.array([1, 2, 3, 4, 5, -1]), bins=3, range=(1, 4))
nd.histogram(nd.array([1, 2, 3, 4, 5, -1]), nd.array([0, 2, 5]))
nd.histogram(nd.array([1, 2, 3, 4, 5, -1], dtype="int32"), bins=nd.array([0, 2, 5], dtype="int32"))
nd.histogram(nd.array([2, 2, 2]), bins=2)
nd.histogram(nd.array([2, 2, 2]), bins="many")
nd.histogram(nd.array([2, 2, 2]), bins=2.5)
nd.histogram(nd.array([2, 2, 2]), bins=2, range=(3, 0))
nd.histogram(nd.array([2, 2, 2]), bins=nd.array([1]))
sym.histogram(sym.var("a"), bins=3, range=(0, 5)).tojson()
sym.histogram(sym.var("a"), bins=3, range=(0, 5)).eval(a=nd.array([1, 2, 3]))
sym.histogram(sym.var("a"), bins=sym.var("b"), name="q").list_arguments()
sym.histogram(sym.var("a"), bins=sym.var("b"), name="q").eval(a=nd.array([1, 2, 3]), b=nd.array([0, 2, 4]))
sym.histogram(sym.var("a"), bins=3)
sym.histogram(sym.var("a"), bins="many", range=(0, 1))
sym.histogram(sym.var("a"), bins=3, range=(0, 5)).infer_shape(a=(4, 5))
""".strip().splitlines()


@pytest.mark.parametrize("text", SAME)
def test_as_in_mxnet(oracle, text):
    assert_same(*oracle.both(text))
