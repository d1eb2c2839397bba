"""What a monitor sees of a backward pass beside the operators: the gradients that a user gives, copies and sums."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same


def backward_entries(mx, build):
    """The names and values that a monitor sees during backward."""
    import numpy as np

    sym, x, w = mx.sym, mx.sym.var("x"), mx.sym.var("w")
    a = sym.sqrt(x, name="a")
    nets = {
        "head": lambda: x,
        "two heads": lambda: sym.Group([sym.sin(a, name="s"), sym.cos(a, name="c")]),
        "a head that is read": lambda: sym.Group([a, sym.cos(a, name="c"), x]),
        "twice": lambda: sym.elemwise_mul(x, x, name="m"),
        "added to itself": lambda: sym.elemwise_add(x, x, name="m"),
        "copied": lambda: sym.add_n(x, a, sym.sin(a, name="s"), name="n"),
        "seven": lambda: sym.concat(*[a] * 7, dim=0, name="cc"),
        "eight": lambda: sym.concat(*[a] * 8, dim=0, name="cc"),
        "loss": lambda: sym.SoftmaxOutput(sym.FullyConnected(a, num_hidden=2, name="fc"), sym.var("y"), name="sm"),
        "behind a loss": lambda: sym.sin(sym.make_loss(a, name="l"), name="s"),
        "loss and head": lambda: sym.Group([sym.make_loss(a, name="l"), sym.sin(x, name="s")]),
        "nothing flows": lambda: sym.Group([sym.BlockGrad(a, name="b"), sym.round(x, name="r"), sym.sin(x, name="s")]),
        "shared weight": lambda: sym.FullyConnected(
            sym.FullyConnected(x, w, num_hidden=3, no_bias=True, name="f"), w, num_hidden=3, no_bias=True, name="g"
        ),
        "an index": lambda: sym.Group([sym.take(w, a, name="t"), sym.sin(a, name="s")]),
        "an index apart": lambda: sym.Group([sym.sin(w, name="s"), sym.pick(x, w, name="p")]),
        "zeros apart": lambda: sym.where(x, w, sym.sin(w, name="s"), name="t"),
    }  # fmt: skip
    net = nets[build]()
    shapes = {"y": (2,), "w": {"an index": (4, 2), "an index apart": (2,), "zeros apart": (2, 3)}.get(build, (3, 3))}
    given = {name: shapes.get(name, (2, 3)) for name in net.list_arguments() if name in ("x", "y", "w")}
    executor = net.simple_bind(mx.cpu(), **given)
    for array in executor.arg_arrays:
        array[:] = np.arange(array.size).reshape(array.shape) % 2 + 1
    monitor = mx.mon.Monitor(1, lambda array: array * 1)
    monitor.install(executor)
    executor.forward(is_train=True)
    monitor.tic()
    executor.backward([mx.nd.ones(output.shape) * (number + 2) for number, output in enumerate(executor.outputs)])
    mx.nd.waitall()
    # MXNet does not write the gradient of a label
    return [(str(name), array.asnumpy()) for _, name, array in monitor.queue if name != "sm_backward_output1"]


NETS = {
    "head": ["_head_grad_0_id_output"],
    "two heads": ["sum_grad_output"],
    "a head that is read": ["_head_grad_0_id_output", "sum_grad_output"],
    "twice": ["sum_grad_output"],
    "added to itself": ["sum_grad_output"],
    "copied": ["output", "sum_grad_output"],
    "seven": ["sum_grad_output"],
    "eight": ["sum_grad_1_output", "sum_grad_7_output", "sum_grad_final_output"],
    "loss": ["sm_backward_output0"],
    "behind a loss": ["l_backward_output"],
    "loss and head": ["_head_grad_1_id_output", "sum_grad_output"],
    "nothing flows": ["_head_grad_2_id_output"],
    "shared weight": ["sum_grad_output"],
    "an index": ["sum_grad_output"],
    "an index apart": ["s_backward_output"],
    "zeros apart": ["t_cond_backward_output", "sum_grad_output"],
}


@pytest.mark.parametrize("build", NETS)
def test_gradients_that_no_operator_names(oracle, build):
    ours, theirs = oracle.both(backward_entries, build)
    names = [name for name, _ in theirs.get()]
    assert set(NETS[build]) <= set(names)
    assert [name for name, _ in ours.get()] == names
    assert_same(ours, theirs, atol=1e-6)


def hooked(mx, count):
    """What a hook of a hybridized block sees during backward."""

    class Shared(mx.gluon.HybridBlock):
        def hybrid_forward(self, F, x):
            a = F.sqrt(x, name="a")
            s = F.sin(a, name="s")
            return (
                F.add_n(F.broadcast_mul(s, F.cos(a, name="c"), name="m"), s, name="n"),
                F.concat(*[a] * count, dim=0),
                a,
            )

    net = Shared(prefix="net_")
    net.initialize()
    net.hybridize()
    x, found = mx.nd.ones((2, 2)), []
    x.attach_grad()
    net(x)
    net.register_op_hook(lambda name, operator, _: found.append((name.decode(), operator.decode())))
    with mx.autograd.record():
        y = net(x)
    mx.nd.waitall()
    before = len(found)
    mx.autograd.backward(list(y))
    mx.nd.waitall()
    return found[before:]


@pytest.mark.parametrize(("count", "summed"), [(2, ("sum_grad_0", "add_n")), (9, ("sum_grad_1_0", "_grad_add"))])
def test_hooks_see_sums_and_copies(oracle, count, summed):
    ours, theirs = oracle.both(hooked, count)
    assert summed in theirs.get() and ("_0", "_copy") in theirs.get()
    assert ours.get() == theirs.get()


def test_from_how_many_gradients_on_they_are_added_one_by_one(monkeypatch):
    monkeypatch.setenv("MXNET_EXEC_INPLACE_GRAD_SUM_CAP", "2")
    x = mx.sym.var("x")
    executor = mx.sym.elemwise_mul(x, x, name="m").bind(mx.cpu(), {"x": mx.nd.ones(2)}, {"x": mx.nd.ones(2)})
    seen = []
    executor.set_monitor_callback(lambda name, array: seen.append((name, array.asnumpy())))
    executor.forward(is_train=True)
    executor.backward()
    assert [name for name, _ in seen][-2:] == ["sum_grad_1_output", "sum_grad_final_output"]
    np.testing.assert_array_equal(seen[-1][1], [2, 2])
