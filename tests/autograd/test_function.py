"""autograd.Function: user-defined gradients."""

from __future__ import annotations

import gc
import weakref
from typing import ClassVar

import pytest

import glueball as mx
from glueball import autograd, nd
from tests.comparison import assert_same

#: Each defines Mine; x and w are variables.
SAME = {
    "several inputs and outputs": """
        class Mine(autograd.Function):
            def forward(self, a, b):
                self.save_for_backward(a, b)
                return a * b, a + b
            def backward(self, dp, ds):
                a, b = self.saved_tensors
                return dp * b + ds, dp * a + ds
        with autograd.record():
            r = Mine()(x, w); z = r[0] * 2 + r[1] * 3
        z.backward(); return r, x.grad, w.grad""",
    "one of two outputs used": """
        class Mine(autograd.Function):
            def forward(self, a, b):
                self.save_for_backward(a, b)
                return [a * b, a + b]
            def backward(self, dp, ds):
                a, b = self.saved_tensors
                return [dp * b + ds, dp * a + ds]
        with autograd.record():
            r = Mine()(x, w)
        r[1].backward(); return r, x.grad, w.grad""",
    "a list of one": """
        class Mine(autograd.Function):
            def forward(self, a): return [a * 2]
        with autograd.record():
            return Mine()(x)""",
    "not recording": """
        class Mine(autograd.Function):
            def forward(self, a, k): return a * k, a
        return Mine()(x, 3)""",
    "arguments of its own": """
        class Mine(autograd.Function):
            def __init__(self, factor):
                super().__init__()
                self.factor = factor
            def forward(self, a): return a * self.factor
            def backward(self, d): return d * 100
        with autograd.record():
            y = Mine(7)(x)
        y.backward(); return y, x.grad""",
    "a head gradient": """
        class Mine(autograd.Function):
            def forward(self, a): return a * 2
            def backward(self, d): return d * 100
        with autograd.record():
            y = Mine()(x)
        y.backward(nd.array([1, 0, 2])); return x.grad""",
    "a Function inside": """
        class Inner(autograd.Function):
            def forward(self, a): return a * 2
            def backward(self, d): return d * 100
        class Mine(autograd.Function):
            def forward(self, a): return Inner()(a) * a
            def backward(self, d): return d * 2
        with autograd.record():
            y = Mine()(x)
        y.backward(); return y, x.grad""",
    "writing to what backward is given": """
        class Mine(autograd.Function):
            def forward(self, a): return a * 2
            def backward(self, d):
                d[:] = 7
                return d
        with autograd.record():
            y = Mine()(x) + w
        y.backward(); return x.grad, w.grad""",
    "constants": """
        class Mine(autograd.Function):
            def forward(self, a): return a * a
        with autograd.record():
            return Mine()(nd.array([1, 2, 3]))""",
    "backward of constants": """
        class Mine(autograd.Function):
            def forward(self, a): return a * a
            def backward(self, d): return d
        with autograd.record():
            y = Mine()(nd.array([1, 2, 3]))
        y.backward()""",
    "grad": """
        class Mine(autograd.Function):
            def forward(self, a): return a * a
            def backward(self, d): return d * 5
        with autograd.record():
            y = Mine()(x)
        return autograd.grad(y, [x]), x.grad""",
    "called twice": """
        class Mine(autograd.Function):
            def forward(self, a): return a * 2
        f = Mine(); f(x); f(x)""",
    "no forward": """
        class Mine(autograd.Function): pass
        Mine()(x)""",
    "no backward": """
        class Mine(autograd.Function):
            def forward(self, a): return a * 1
        with autograd.record():
            y = Mine()(x)
        y.backward(); return x.grad""",
    "an error in forward": """
        class Mine(autograd.Function):
            def forward(self, a): raise KeyError('mine')
        with autograd.record():
            Mine()(x)""",
    "forward returns a number": """
        class Mine(autograd.Function):
            def forward(self, a): return 3
        with autograd.record():
            Mine()(x)""",
    "too few gradients": """
        class Mine(autograd.Function):
            def forward(self, a, b): return a * b
            def backward(self, d): return d
        with autograd.record():
            y = Mine()(x, w)
        y.backward(); return x.grad""",
    "a gradient of another shape": """
        class Mine(autograd.Function):
            def forward(self, a): return a * 2
            def backward(self, d): return nd.ones((2,))
        with autograd.record():
            y = Mine()(x)
        y.backward(); return x.grad""",
    "None for a gradient": """
        class Mine(autograd.Function):
            def forward(self, a, b): return a * b
            def backward(self, d): return d, None
        with autograd.record():
            y = Mine()(x, nd.ones((3,)))
        y.backward(); return x.grad""",
    "differentiated twice": """
        class Mine(autograd.Function):
            def forward(self, a):
                self.save_for_backward(a)
                return a * a
            def backward(self, d):
                a, = self.saved_tensors
                return 2 * a * d
        with autograd.record():
            y = Mine()(x)
            d, = autograd.grad(y, [x], create_graph=True, retain_graph=True)
        d.backward(); return x.grad""",
    "saved_tensors before and after": """
        class Mine(autograd.Function):
            def forward(self, a):
                self.save_for_backward(a, a)
                return a
        f = Mine(); before = f.saved_tensors; f(x)
        return before, f.saved_tensors""",
}


@pytest.mark.parametrize("name", SAME)
def test_as_in_mxnet(oracle, name):
    import textwrap

    beginning = "x = nd.array([1, 2, 3]); w = nd.array([4, 5, 6]); x.attach_grad(); w.attach_grad()\n"
    assert_same(*oracle.both(beginning + textwrap.dedent(SAME[name])))


class Square(autograd.Function):
    """y = x * x, which notes the switches that it ran under."""

    seen: ClassVar[list[tuple[bool, bool]]] = []

    def forward(self, a):
        self.seen.append((autograd.is_recording(), autograd.is_training()))
        self.save_for_backward(a)
        return a * a

    def backward(self, d):
        self.seen.append((autograd.is_recording(), autograd.is_training()))
        (a,) = self.saved_tensors
        return 2 * a * d


def variable(*values):
    x = nd.array(values)
    x.attach_grad()
    return x


@pytest.mark.parametrize("train_mode", [True, False])
def test_nothing_is_recorded_inside(train_mode):
    x = variable(1, 2)
    Square.seen.clear()
    with autograd.record(train_mode=train_mode):
        y = Square()(x)
    y.backward()
    assert Square.seen == [(False, train_mode), (False, False)]


def test_gradients_are_added():
    """MXNet writes zeros here."""
    x = variable(1, 2)
    x.attach_grad("add")
    with autograd.record():
        y = Square()(x)
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.asnumpy().tolist() == [4, 8]


def test_forward_may_return_its_input_and_integers():
    """MXNet crashes or loses the gradient."""

    class Same(autograd.Function):
        def forward(self, a):
            return a, a.astype("int32")

        def backward(self, d, _):
            return d * 5

    x = variable(1, 2)
    with autograd.record():
        y, whole = Same()(x)
        y = y * 1
    y.backward()
    assert (whole.dtype.__name__, x.grad.asnumpy().tolist()) == ("int32", [5, 5])


def test_the_output_is_not_the_input():
    class Same(autograd.Function):
        def forward(self, a):
            return a

        def backward(self, d):
            return d

    x = variable(1, 2)
    with autograd.record():
        y = Same()(x)
    y[:] = 9
    assert x.asnumpy().tolist() == [1, 2]


def test_an_error_in_backward_arrives_as_it_is():
    """MXNet hides it behind its own."""

    class Broken(autograd.Function):
        def forward(self, a):
            return a * 1

        def backward(self, d):
            raise KeyError("mine")

    x = variable(1, 2)
    with autograd.record():
        y = Broken()(x)
    with pytest.raises(KeyError, match="mine"):
        y.backward()
    assert not autograd.is_recording()


def test_super_init_may_be_left_out():
    class Times(autograd.Function):
        def __init__(self, factor):
            self.factor = factor

        def forward(self, a):
            return a * self.factor

    assert Times(3)(variable(1, 2)).asnumpy().tolist() == [3, 6]


def test_a_second_derivative_is_refused_and_not_left_out():
    x = variable(1, 2)
    with autograd.record():
        y = Square()(x) + x * x
    with pytest.raises(mx.MXNetError, match=r"Square: the gradient of an autograd.Function cannot be"):
        autograd.grad(y, x, create_graph=True)


def test_messages():
    x = variable(1, 2)
    function = Square()
    function(x)
    with pytest.raises(mx.MXNetError, match="Square: a Function can be called only once; make a new one"):
        function(x)
    with autograd.record(), pytest.raises(mx.MXNetError, match=r"Square: inputs .* received int; convert it"):
        Square()(2)

    class Few(Square):
        def backward(self, d):
            return d, d

    with autograd.record():
        y = Few()(x)
    with pytest.raises(mx.MXNetError, match=r"Few.backward: .* of the shapes \[\(2,\)\]; received \[\(2,\), \(2,\)\]"):
        y.backward()


def test_backward_lets_go_of_the_function():
    x = variable(1, 2)
    function = Square()
    alive = weakref.ref(function)
    with autograd.record():
        y = function(x)
    del function
    gc.collect()
    assert alive() is not None
    y.backward()
    gc.collect()
    assert alive() is None
