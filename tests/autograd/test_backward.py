"""backward() and grad(): heads, head gradients, graphs that are kept or freed, second derivatives."""

from __future__ import annotations

import sys
import threading

import numpy as np
import pytest

import glueball as mx
from glueball import autograd, nd
from tests.comparison import assert_same

#: Programs that give the same values, or fail with the same class, under both libraries. They begin with a
#: variable x and, where they use it, with y = x * x, recorded.
SAME = {
    # attach_grad
    "no gradient before attach_grad": "return nd.ones((2,)).grad",
    "zeros after attach_grad": "x.grad[:] = 3; x.attach_grad(); return x.grad",
    "write replaces": "y.backward(); g = x.grad; return f(x).backward(), g, x.grad",
    "write replaces what the user wrote": "x.grad[:] = 7; y.backward(); return x.grad",
    "add adds": "x.attach_grad('add'); x.grad[:] = 7; f(x).backward(); f(x).backward(); return x.grad",
    "null has no graph": "x.attach_grad('null'); f(x).backward()",
    "null beside another": """
        x.attach_grad('null'); z = nd.array([4, 5, 6]); z.attach_grad()
        with autograd.record():
            w = x * z
        w.backward(); return z.grad""",
    "an unknown request": "x.attach_grad('overwrite')",
    "an unknown storage type": "x.attach_grad(stype='dense')",
    "an old gradient array is left alone": """
        old = x.grad; x.attach_grad('add'); f(x).backward(); return old, x.grad""",
    "the gradient is no setting": "x.grad = nd.ones((3,))",
    "untouched where the head does not depend": """
        x.grad[:] = 7; z = nd.array([1, 2, 3]); z.attach_grad()
        with autograd.record():
            w = z * z; x * 2
        w.backward(); return x.grad""",
    "float16 and float64": """
        result = []
        for kind in ('float16', 'float64'):
            v = x.astype(kind); v.attach_grad(); f(v).backward(); result.append(v.grad)
        return result""",
    "an intermediate result": """
        with autograd.record():
            h = x * x; h.attach_grad(); z = h * h
        z.backward(); return h.grad, x.grad""",
    "a variable marked anew after use": """
        with autograd.record():
            z = x * x; x.attach_grad()
        z.backward(); return x.grad""",
    "attached after use": """
        c = nd.ones((3,))
        with autograd.record():
            z = c * 2
        c.attach_grad(); z.backward()""",
    "attached to a view": "v = x[0:2]; v.attach_grad(); f(v).backward(); v[:] = 9; return x, v.grad",
    "a view from before attach_grad": "c = nd.ones((3,)); v = c[0:2]; c.attach_grad(); f(v).backward()",
    "a view from before record": "v = x[0:2]; f(v).backward()",
    # heads
    "several heads are summed": "autograd.backward([y, f(x)]); return x.grad",
    "a head and what it leads to": """
        with autograd.record():
            h = x * x; z = h * 2
        autograd.backward([h, z]); return x.grad""",
    "heads on two contexts": """
        z = nd.array([1, 2, 3], ctx=mx.cpu(1)); z.attach_grad()
        autograd.backward([y, f(z)]); return x.grad, z.grad""",
    "a tuple of heads": "autograd.backward((y,)); return x.grad",
    "no heads": "autograd.backward([])",
    "the variable itself": "x.backward(); return x.grad",
    "the variable itself, with a head gradient": "x.backward(nd.array([5, 6, 7])); return x.grad",
    "unrecorded": "(x * x).backward()",
    "never computed": "nd.ones((2,)).backward()",
    "recorded without variables": "f(nd.ones((2,))).backward()",
    "paused": """
        with autograd.record(), autograd.pause():
            z = x * x
        z.backward()""",
    "detached": "z = y.detach(); z.backward()",
    "one of two unrecorded": "autograd.backward([y, x * 2])",
    "backward inside record": """
        with autograd.record():
            z = x * x; z.backward()
        return x.grad""",
    "train_mode=False": "y.backward(train_mode=False); return x.grad",
    "by position": "y.backward(nd.ones((3,)), True, False); y.backward(); return x.grad",
    # head gradients
    "a head gradient": "y.backward(nd.array([1, 0, 2])); return x.grad",
    "head gradients, one left out": "autograd.backward([y, f(x)], [nd.array([1, 0, 2]), None]); return x.grad",
    "one head gradient, no list": "autograd.backward([y], nd.array([1, 0, 2])); return x.grad",
    "one head, a list of head gradients": "autograd.backward(y, [nd.array([1, 0, 2])]); return x.grad",
    "too few head gradients": "autograd.backward([y, f(x)], [nd.ones((3,))])",
    "a head gradient of another type": "y.backward(nd.ones((3,), dtype='float64')); return x.grad",
    "an int head gradient": "y.backward(nd.ones((3,), dtype='int32')); return x.grad",
    "a head gradient on another context": "y.backward(nd.array([1, 2, 3], ctx=mx.cpu(1))); return x.grad",
    # graphs
    "a second backward": "y.backward(); y.backward()",
    "a second backward of a sum": """
        with autograd.record():
            z = x + 1
        z.backward(); z.backward()""",
    "kept once": "x.attach_grad('add'); z = f(x); z.backward(retain_graph=True); z.backward(); return x.grad",
    "kept once, used twice": "y.backward(retain_graph=True); y.backward(); y.backward()",
    "a part used up": """
        with autograd.record():
            h = x * x; a = h * 2; b = h * 3
        a.backward(); b.backward()""",
    "a part kept": """
        x.attach_grad('add')
        with autograd.record():
            h = x * x; a = h * 2; b = h * 3
        a.backward(retain_graph=True); b.backward(); return x.grad""",
    # what is recorded
    "detach inside": """
        with autograd.record():
            z = x.detach() * x
        z.backward(); return x.grad""",
    "detach shares memory": "x.detach()[:] = 9; return x, x.detach().grad",
    "pause inside": """
        with autograd.record():
            with autograd.pause():
                c = x * x
            z = c * x
        z.backward(); return x.grad""",
    "reading values": """
        with autograd.record():
            z = x * float(x.asnumpy()[1])
        z.backward(); return x.grad""",
    "comparisons": """
        with autograd.record():
            z = (x > 1) * x + (x <= 1) * x * x
        z.backward(); return x.grad""",
    "a comparison alone": "x.grad[:] = 7; g(x, lambda v: v > 2).backward(); return x.grad",
    "sign alone": "x.grad[:] = 7; g(x, nd.sign).backward(); return x.grad",
    "BlockGrad alone": "x.grad[:] = 7; g(x, nd.BlockGrad).backward(); return x.grad",
    "BlockGrad alone, adding": "x.attach_grad('add'); x.grad[:] = 7; g(x, nd.BlockGrad).backward(); return x.grad",
    "BlockGrad beside": "g(x, lambda v: nd.BlockGrad(v * v) + v).backward(); return x.grad",
    "zeros_like": "x.grad[:] = 7; g(x, nd.zeros_like).backward(); return x.grad",
    "copy": "g(x, lambda v: v.copy() * v).backward(); return x.grad",
    "copyto a context": "z = g(x, lambda v: v.copyto(mx.cpu(1)) * 2); z.backward(); return str(z.context), x.grad",
    "as_in_context": "g(x, lambda v: v.as_in_context(mx.cpu(1)) * 2).backward(); return x.grad",
    "astype": "g(x, lambda v: v.astype('float64') * 2).backward(); return x.grad",
    "reshape": "g(x, lambda v: v.reshape((3, 1)) * nd.array([[1, 2]])).backward(); return x.grad",
    "sum and mean": "g(x, lambda v: v.sum() * v.mean()).backward(); return x.grad",
    "dot": "g(m, lambda v: nd.dot(v, v.T)).backward(nd.array([[1, 2], [3, 4]])); return m.grad",
    "T": "g(m, lambda v: v.T * nd.array([[1, 2], [3, 4], [5, 6]])).backward(); return m.grad",
    "rows": "g(m, lambda v: v[0] * v[1]).backward(); return m.grad",
    "an element": "z = g(m, lambda v: v[1, 2] * 3); z.backward(); return z, m.grad",
    "a part of a part": "g(m, lambda v: v[1][1:] * 3).backward(); return m.grad",
    "a slice with steps": "g(m, lambda v: v[:, ::2] * 2).backward(); return m.grad",
    "a slice backwards": "g(m, lambda v: v[:, ::-1] * nd.array([1, 2, 3])).backward(); return m.grad",
    "None in an index": "g(m, lambda v: v[None, :, 1] * nd.array([[1, 2]])).backward(); return m.grad",
    "index arrays": """
        z = g(m, lambda v: v[nd.array([0, 0, 1]), nd.array([1, 1, 2])] * nd.array([1, 2, 3]))
        z.backward(); return z, m.grad""",
    "an index list": "g(m, lambda v: v[[1, 1, 0]] * 2).backward(); return m.grad",
    "iteration": "g(m, lambda v: sum(row * row for row in v)).backward(); return m.grad",
    # grad()
    "grad": "return autograd.grad(y, [x]), x.grad",
    "grad of one variable": "return autograd.grad(y, x), x.grad",
    "grad with a head gradient": "return autograd.grad(y, [x], head_grads=nd.array([1, 0, 3]))",
    "grad uses the graph up": "autograd.grad(y, x); y.backward()",
    "grad of a sum uses the graph up": "z = g(x, lambda v: v + 1); autograd.grad(z, x); z.backward()",
    "grad keeps the graph": "d = autograd.grad(y, x, retain_graph=True); y.backward(); return d, x.grad",
    "grad with 'add'": "x.attach_grad('add'); x.grad[:] = 7; return autograd.grad(f(x), [x]), x.grad",
    "grad with 'null'": "x.attach_grad('null'); autograd.grad(y * m, [x])",
    "grad of a constant": "c = nd.ones((3,)); autograd.grad(g(x, lambda v: v * c), [c])",
    "grad of an intermediate result": """
        with autograd.record():
            h = x * x; z = h * h
        autograd.grad(z, [h])""",
    "grad of nothing": "autograd.grad(y, [])",
    "exp twice": "return twice(nd.exp)",
    "sin twice": "return twice(nd.sin)",
    "cos three times": "return twice(nd.cos, 3)",
    "log twice": "return twice(nd.log)",
    "sigmoid twice": "return twice(nd.sigmoid)",
    # mark_variables
    "mark lists": """
        a, b = nd.ones((3,)), nd.ones((3,)); z = nd.array([4, 5, 6])
        autograd.mark_variables([x, z], [a, b], ['add', 'write'])
        g(x, lambda v: v * z).backward(); return a, b, x.grad, z.grad""",
    "mark one": "a = nd.ones((3,)); autograd.mark_variables(x, a); f(x).backward(); return a",
    "mark with one request": "a = nd.ones((3,)); autograd.mark_variables([x], [a], 'add'); f(x).backward(); return a",
    "mark with an unknown request": "autograd.mark_variables([x], [nd.ones((3,))], 'sum')",
}  # fmt: skip

_BEGINNING = """
def g(variable, function):
    with autograd.record():
        return function(variable)
def f(variable):
    return g(variable, lambda v: v * v)
def twice(function, times=2):
    with autograd.record():
        d = function(x)
        for _ in range(times - 1):
            (d,) = autograd.grad(d, [x], create_graph=True, retain_graph=True)
    d.backward()
    return d, x.grad
x = nd.array([1, 2, 3]); x.attach_grad()
m = nd.array([[1, 2, 3], [4, 5, 6]]); m.attach_grad()
y = f(x)
"""


def _program(text):
    import textwrap

    return _BEGINNING + textwrap.dedent(text)


@pytest.mark.parametrize("name", SAME)
def test_as_in_mxnet(oracle, name):
    assert_same(*oracle.both(_program(SAME[name])))


def recorded(function, *variables):
    for variable in variables:
        if variable.grad is None:
            variable.attach_grad()
    with autograd.record():
        return function(*variables)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_every_derivative_of_a_product(order):
    """MXNet has no second derivative of x * y; the values are those of calculus."""
    x = nd.array([1, 2, 3], dtype="float64")
    x.attach_grad()
    with autograd.record():
        derivative = x * x * x * x
        for _ in range(order - 1):
            (derivative,) = autograd.grad(derivative, x, create_graph=True)
    derivative.backward()
    factor = {1: 4, 2: 12, 3: 24}[order]
    np.testing.assert_allclose(x.grad.asnumpy(), factor * np.array([1.0, 2, 3]) ** (4 - order))


#: Functions of which MXNet has the second derivative.
TWICE = [
    "abs", "rint", "round", "ceil", "floor", "trunc", "fix", "reciprocal", "square", "sqrt", "rsqrt", "cbrt", "rcbrt",
    "exp", "expm1", "log", "log10", "log2", "log1p", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh",
    "tanh", "arctanh", "radians", "sigmoid", "relu", "logical_not", "BlockGrad", "make_loss", "zeros_like",
    "ones_like", "argsort", "topk", "clip a_min=0.3 a_max=5", "Dropout p=0",
]  # fmt: skip


@pytest.mark.parametrize("called", TWICE)
def test_second_derivatives_of_mxnet(oracle, called):
    """Zeros, not an error, where the first derivative is a constant."""
    name, *options = called.split()
    program = f"""
        x = nd.array([0.2, 0.45, 0.7]); x.attach_grad(); x.grad[:] = 7
        with autograd.record():
            y = nd.{name}(x{"".join(", " + option for option in options)})
            (d,) = autograd.grad(y, [x], create_graph=True)
            z = d * d
        z.backward(); return d, x.grad"""
    assert_same(*oracle.both(program), rtol=1e-4)


#: Functions whose second derivative is zero, or that of calculus; MXNet has none, or for arcsinh one of the wrong sign.
TWICE_BEYOND = {
    "degrees": (nd.degrees, lambda x: 0 * x),
    "negative": (nd.negative, lambda x: 0 * x),
    "sum": (nd.sum, lambda x: 0 * x),
    "a number": (lambda x: 2 - x / 3, lambda x: 0 * x),
    "a shape": (lambda x: nd.tile(x.reshape((3, 1)).T, (2, 2)), lambda x: 0 * x),
    "no dependence": (lambda x: x.detach() * nd.BlockGrad(x), lambda x: 0 * x),
    "arcsinh": (nd.arcsinh, lambda x: -x * (1 + x * x) ** -1.5),
}


@pytest.mark.parametrize("name", TWICE_BEYOND)
def test_second_derivatives_beyond_mxnet(name):
    function, second = TWICE_BEYOND[name]
    x = nd.array([0.2, 0.45, 0.7])
    x.attach_grad()
    x.grad[:] = 7
    with autograd.record():
        (slope,) = autograd.grad(function(x), [x], create_graph=True)
    slope.backward()
    np.testing.assert_allclose(x.grad.asnumpy(), second(x.asnumpy()), rtol=1e-5)


def test_a_dropped_element_has_no_second_derivative():
    x = nd.ones((1000,))
    x.attach_grad()
    with autograd.record():
        (slope,) = autograd.grad(nd.Dropout(x * x, p=0.5), [x], create_graph=True)
    slope.backward()
    assert set(x.grad.asnumpy().tolist()) == {0.0, 4.0}


def test_second_derivative_through_a_network_equals_finite_differences():
    generator = np.random.default_rng(3)
    x = nd.array(generator.normal(size=(4, 3)), dtype="float64")
    w = nd.array(generator.normal(size=(2, 3)), dtype="float64")

    def penalty(values):
        v = nd.array(values, dtype="float64")
        v.attach_grad()
        with autograd.record():
            score = nd.tanh(nd.FullyConnected(v, w, no_bias=True, num_hidden=2)).sum()
            (slope,) = autograd.grad(score, v, create_graph=True)
            total = (slope * slope).sum()
        return v, total

    v, total = penalty(x.asnumpy())
    total.backward()
    step = 1e-6
    for place in np.ndindex(4, 3):
        shift = np.zeros((4, 3))
        shift[place] = step
        up, down = (penalty(x.asnumpy() + sign * shift)[1].asscalar() for sign in (1, -1))
        assert v.grad.asnumpy()[place] == pytest.approx((up - down) / (2 * step), rel=1e-6, abs=1e-8)


def test_create_graph_outside_record_and_again():
    x = nd.array([2.0])
    y = recorded(lambda v: v * v * v, x)
    (slope,) = autograd.grad(y, x, create_graph=True)
    (bend,) = autograd.grad(slope, x, create_graph=True)
    (rest,) = autograd.grad(bend, x)
    assert [array.asscalar() for array in (slope, bend, rest)] == [12, 12, 6]


def test_grad_is_zero_where_nothing_depends():
    x, z = nd.array([1, 2]), nd.array([3, 4])
    z.attach_grad()
    gradients = autograd.grad(recorded(lambda v: v * v, x), [x, z])
    assert [array.asnumpy().tolist() for array in gradients] == [[2, 4], [0, 0]]


def test_grad_of_one_variable_twice():
    x = nd.array([1, 2])
    gradients = autograd.grad(recorded(lambda v: v * v, x), [x, x])
    assert [array.asnumpy().tolist() for array in gradients] == [[2, 4], [2, 4]]


def test_gradients_are_arrays_of_their_own():
    """torch returns one tensor for both, and the head gradient itself."""
    a, b, start = nd.array([1, 2]), nd.array([3, 4]), nd.array([5, 6])
    first, second = autograd.grad(recorded(lambda a, b: a + b, a, b), [a, b], start)
    first[:] = 0
    assert (second.asnumpy().tolist(), start.asnumpy().tolist()) == ([5, 6], [5, 6])


def test_threads_share_variables():
    """Each writes the gradient that it has computed."""
    x, gate, errors = nd.ones((20,)), threading.Barrier(8), []
    x.attach_grad()

    def run():
        gate.wait()
        try:
            for _ in range(200):
                with autograd.record():
                    y = x * 2
                y.backward()
                assert x.grad.asnumpy().tolist() == [2] * 20
        except Exception as error:
            errors.append(error)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=run) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert not errors, errors[0]


def test_a_head_given_twice_counts_twice():
    """MXNet keeps only one of them."""
    x = nd.array([1, 2])
    y = recorded(lambda v: v * v, x)
    autograd.backward([y, y])
    assert x.grad.asnumpy().tolist() == [4, 8]


def test_a_used_up_sum_cannot_be_walked(oracle):
    """Not even where no values are needed: MXNet refuses it, too."""

    def walk(mx):
        x = mx.nd.array([1, 2])
        x.attach_grad("add")
        with mx.autograd.record():
            h = x + 1
            a, b = h * 2, h * 3
        a.backward()
        try:
            b.backward()
        except mx.base.MXNetError:
            return "refused", x.grad
        return "done", x.grad

    assert_same(*oracle.both(walk))


REFUSED = [
    (lambda x, y: y.backward(2.0), "backward: head_grads must be NDArrays; received float; convert it"),
    (lambda x, y: y.backward(np.ones(3)), "head_grads must be NDArrays; received ndarray"),
    (lambda x, y: autograd.backward([1.0]), "backward: heads must be NDArrays; received float"),
    (lambda x, y: y.backward(nd.ones((2,))), r"head's shape and type, \(3,\) float32; received \(2,\) float32"),
    (lambda x, y: y.backward(nd.ones((1,))), r"received \(1,\) float32; convert it with reshape"),
    (lambda x, y: autograd.backward([y, y], [None]), "one for each; received 2 and 1"),
    (lambda x, y: autograd.grad(y, [3]), "grad: variables must be NDArrays; received int"),
    (lambda x, y: autograd.grad(y, []), "grad: variables must hold at least one array; received none"),
    (lambda x, y: autograd.grad(y, [x, nd.ones((1,))]), "that does not, number 1; call attach_grad"),
    (lambda x, y: (x * 2).backward(), r"an array of shape \(3,\) that has no recorded graph; call attach_grad"),
    (lambda x, y: (y.backward(), y.backward()), "retain_graph=True"),
    (lambda x, y: autograd.get_symbol(nd.ones((2,))), "get_symbol: x must have been computed from a variable"),
    (lambda x, y: autograd.mark_variables([x, x], [x]), "the same length; received 2, 1 and 2"),
    (lambda x, y: autograd.mark_variables([x], [x], ["add", "add"]), "the same length; received 1, 1 and 2"),
    (lambda x, y: autograd.mark_variables([x], [nd.ones((2,))]), r"shape and type, \(3,\).*; received \(2,\)"),
    (lambda x, y: autograd.mark_variables([x], [nd.ones((3,), dtype="float64")]), "<class 'numpy.float64'>"),
    (lambda x, y: autograd.mark_variables([1], [x]), "mark_variables: variables must be NDArrays; received int"),
    (lambda x, y: x.attach_grad(stype="coo"), "stype must be 'csr', 'row_sparse' or 'default'; received 'coo'"),
]  # fmt: skip


@pytest.mark.parametrize("call, message", REFUSED, ids=[message[:45] for _, message in REFUSED])
def test_refusals_say_what_to_do(call, message):
    x = nd.array([1, 2, 3])
    y = recorded(lambda v: v * v, x)
    with pytest.raises(mx.MXNetError, match=message):
        call(x, y)


def test_an_unknown_request_names_those_that_exist():
    with pytest.raises(KeyError, match="grad_req must be 'write', 'add' or 'null'; received 'overwrite'"):
        nd.ones((1,)).attach_grad("overwrite")
