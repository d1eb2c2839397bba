"""nd.contrib.isnan, isinf and isfinite, which loss scaling looks at gradients with."""

from __future__ import annotations

import pytest

import glueball as mx
from glueball import nd
from tests.comparison import assert_same

NAMES = ["isnan", "isinf", "isfinite"]


@pytest.mark.parametrize("name", NAMES)
def test_as_in_mxnet(oracle, name):
    program = f"""
        x = nd.array([1, np.inf, np.nan, -np.inf, 0]); x.attach_grad(); x.grad[:] = 7
        with autograd.record():
            y = nd.contrib.{name}(x)
        y.backward()
        kinds = [x.astype(kind) for kind in ('float16', 'float32', 'float64')] + [nd.array([1, 2], dtype='int32')]
        return [nd.contrib.{name}(array) for array in kinds], y, x.grad"""
    assert_same(*oracle.both(program))
    assert_same(*oracle.both(f"nd.contrib.{name}(2.5)"))


def test_they_are_masks_and_are_listed():
    x = nd.array([1, float("nan"), 3])
    x[nd.contrib.isnan(x)] = 0
    assert x.asnumpy().tolist() == [1, 0, 3]
    assert set(NAMES) <= set(dir(nd.contrib))
    assert not set(NAMES) & set(dir(mx.sym.contrib))
