"""Writing to arrays (+=, x[:] =, out=, copyto) inside record(), in pause(), and between record() and backward()."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball import autograd, nd
from tests.comparison import assert_same

#: What is done inside record(), with x a variable, r = x * x recorded, c a constant. Both libraries give the
#: same values or both refuse.
INSIDE = {
    "+= on a variable": "x += 1",
    "-= on a result": "r -= 1",
    "*= on a constant": "c *= 3; r = c * x; return r",
    "+= of something recorded": "c += x",
    "-= of a result made from it": "c -= c * x",
    "one element of a variable": "x[0] = 5",
    "all of a variable": "x[:] = 5",
    "an array over a variable": "x[:] = nd.array([4, 5, 6])",
    "a list over a variable": "x[:] = [4, 5, 6]",
    "NumPy over all of a variable": "x[:] = np.array([4, 5, 6]); return r",
    "NumPy over all of a variable, broadcast": "x[:] = np.array([4]); return r",
    "NumPy over all of a result": "r[:] = np.array([4, 5, 6]); s = r * r; return s",
    "NumPy over a part of a variable": "x[0:2] = np.array([4, 5])",
    "one element of a result": "r[0] = 4",
    "constants over a constant": "c[:] = 2; c[1] = 5; c[0:2] = nd.array([7, 8]); s = c * x; return s",
    "a result over all of a constant": "c[:] = r; s = c * c; return s",
    "a variable over all of a constant": "c[:] = x; s = c * c; return s",
    "a result over a part of a constant": "c[0:2] = r[1:]",
    "a recorded element over an element": "c[0] = r[1]",
    "a part of a variable": "v = x[0:2]; v[:] = 9",
    "a detached variable": "x.detach()[:] = 9; return r",
    "out= a constant": "nd.exp(x, out=c); s = c * c; return s",
    "out= a result": "nd.exp(x, out=r)",
    "out= a variable": "nd.exp(x, out=x)",
    "out= a variable, from a constant": "nd.exp(c, out=x)",
    "copyto a constant": "x.copyto(c); s = c * c; return s",
    "copyto a constant of another type": "d = nd.ones((3,), dtype='float64'); x.copyto(d); s = d * d; return s",
    "copyto a result": "x.copyto(r)",
    "copyto a variable": "c.copyto(x)",
    "a result, then a write in pause": """
        c[:] = r
        with autograd.pause():
            c[:] = 5
        s = c * c; return s""",
    "out=, then a write in pause": """
        nd.square(x, out=c)
        with autograd.pause():
            c[:] = 5
        s = c * c; return s""",
    "+= on a variable in pause": """
        with autograd.pause():
            x += 9
        return r""",
    "+= on a result in pause": """
        with autograd.pause():
            r += 9
        s = r * r; return s""",
    "a part, its source written to in pause": """
        v = x[0:2]
        with autograd.pause():
            x[:] = 5
        s = v * v; return s""",
}  # fmt: skip

#: What is done between record() and y.backward(), with h = x * 2, y = h * h * c recorded, n without gradient.
BETWEEN = {
    "all of the variable": "x[:] = 10",
    "+= on the variable": "x += 10",
    "out= the variable": "nd.exp(x, out=x)",
    "a view of the variable": "x[0:2] = 10",
    "the intermediate result": "h[:] = 10",
    "+= on the intermediate result": "h += 10",
    "the head": "y[:] = 7",
    "+= on the head": "y += 7; y *= 2; y -= 1; y /= 3",
    "an array over the head": "y[:] = nd.array([7, 7, 7])",
    "NumPy over the head": "y[:] = np.array([7, 7, 7])",
    "a constant": "c += 5",
    "a part of a constant": "c[1] = 5",
    "an array over a constant": "c[:] = nd.array([4, 5, 6])",
    "a constant, twice": "c *= 5; c[0:2] = np.array([8, 9])",
    "a constant marked 'null'": "n += 5",
    "the gradient": "x.grad[:] = 4",
}


def _inside(text):
    import textwrap

    return (
        "x = nd.array([1, 2, 3]); x.attach_grad(); c = nd.ones((3,))\n"
        "def work(x, c):\n"
        "    r = x * x\n"
        f"{textwrap.indent(textwrap.dedent(text), '    ')}\n"
        "with autograd.record():\n"
        "    result = work(x, c)\n"
        "result.backward()\n"
        "return result, c, x, x.grad\n"
    )


@pytest.mark.parametrize("name", INSIDE)
def test_inside_record_as_in_mxnet(oracle, name):
    ours, theirs = oracle.both(_inside(INSIDE[name]))
    assert theirs.class_name in (None, "MXNetError"), theirs
    assert_same(ours, theirs)


@pytest.mark.parametrize("name", BETWEEN)
def test_between_record_and_backward_as_in_mxnet(oracle, name):
    """backward() uses the new values."""
    ours, theirs = oracle.both(
        "x = nd.array([1, 2, 3]); x.attach_grad(); c = nd.array([4, 5, 6])\n"
        "n = nd.array([1, 2, 4]); n.attach_grad('null')\n"
        "with autograd.record():\n"
        "    h = x * 2; y = h * h * c * n\n"
        f"{BETWEEN[name]}\n"
        "y.backward(); return x, y, x.grad\n"
    )
    assert not theirs.failed, theirs
    assert_same(ours, theirs)


@pytest.mark.parametrize("write", ["x += 1", "nd.exp(x, out=x)", "x[:] = 7", "nd.ones((3,)).copyto(x)"])
def test_a_variable_written_to_stays_a_variable(oracle, write):
    assert_same(
        *oracle.both(
            f"x = nd.array([1, 2, 3]); x.attach_grad()\n{write}\n"
            "with autograd.record():\n    y = x * x\n"
            "y.backward(); return x, x.grad"
        )
    )


def test_a_constant_written_to_inside_record_after_its_use():
    """MXNet refuses the write, Glueball the backward(): neither gives a wrong gradient."""
    x, c = nd.array([1, 2, 3]), nd.ones((3,))
    x.attach_grad()
    with autograd.record():
        y = x * c
        c += 1
    with pytest.raises(mx.MXNetError, match=r"written to .* inside autograd.record.* write to a copy"):
        y.backward()


def test_such_a_write_is_allowed_where_the_values_are_not_needed():
    x, c = nd.array([1, 2, 3]), nd.ones((3,))
    x.attach_grad()
    with autograd.record():
        y = x + c
        c += 1
    y.backward()
    assert x.grad.asnumpy().tolist() == [1, 1, 1]


def test_a_refused_write_changes_nothing_and_says_what_to_do():
    x = nd.array([1, 2, 3])
    x.attach_grad()
    with autograd.record():
        y = x * x
        with pytest.raises(mx.MXNetError, match=r"must not be written to .*; write before or after the block"):
            x += 1
        with pytest.raises(mx.MXNetError, match=r"inside autograd.pause"):
            y[1] = 4
    y.backward()
    assert (x.asnumpy().tolist(), x.grad.asnumpy().tolist()) == ([1, 2, 3], [2, 4, 6])


def test_a_training_step_between_record_and_backward_of_a_second_head():
    """As GAN examples do: one network is updated while the other's graph waits."""
    w, x = nd.array([3.0]), nd.array([2.0])
    w.attach_grad()
    x.attach_grad()
    with autograd.record():
        first, second = w * w, x * w
    first.backward()
    w[:] = w - 0.5 * w.grad
    second.backward()
    assert (w.asscalar(), x.grad.asscalar()) == (0, 0)
    np.testing.assert_allclose(w.grad.asnumpy(), [2.0])
