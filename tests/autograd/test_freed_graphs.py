"""What was computed in a graph that backward() has freed is a constant to what is recorded later, as in MXNet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.comparison import assert_same
from tests.oracle.client import Oracle

PROGRAMS = {
    "constant": "with ag.record(): y = x * w; z = y * y\nz.backward()\nwith ag.record(): v = y * w * 5\nv.backward()",
    "retained": (
        "with ag.record(): y = x * w; z = y * y\nz.backward(retain_graph=True)\n"
        "with ag.record(): v = y * w * 5\nv.backward()"
    ),
    "another graph": (
        "with ag.record(): y = x * w; z = w * w\nz.backward()\nwith ag.record(): v = y * w * 5\nv.backward()"
    ),
    "without values": "with ag.record(): y = x + 1; z = y + 1\nz.backward()\nwith ag.record(): v = y * 5\nv.backward()",
    "a part": "with ag.record(): y = x * w; z = y * y\nz.backward()\nwith ag.record(): v = y[0:1] * w\nv.backward()",
    "twice": "with ag.record(): z = x * w\nz.backward()\nz.backward()",
    "inside": "with ag.record(): y = x * w; z = y * y\nz.backward()\ny.backward()",
    "after grad": (
        "with ag.record(): y = x * w; z = y * y\nag.grad(z, [x])\nwith ag.record(): v = y * w * 5\nv.backward()"
    ),
    "states of a network": (
        "net = mx.gluon.rnn.GRU(2, input_size=1)\nnet.initialize(mx.init.One())\nnet.hybridize()\n"
        "state = net.begin_state(1)\n"
        "for _ in range(3):\n"
        "    for s in state: s.detach()\n"
        "    with ag.record(): out, state = net(x.reshape((1, 1, 1)) * w, state); v = out.sum()\n"
        "    v.backward()"
    ),
}


def run(mx: Any, program: str) -> Any:
    """Run statements on two variables; the gradients, and the class of an error."""
    x, w = mx.nd.array([2.0]), mx.nd.array([0.3])
    x.attach_grad()
    w.attach_grad()
    try:
        exec(program, {"mx": mx, "ag": mx.autograd, "x": x, "w": w})
    except mx.base.MXNetError:
        return "refused", x.grad, w.grad
    return "done", x.grad, w.grad


@pytest.mark.parametrize("name", PROGRAMS)
def test_gradients(oracle: Oracle, name: str) -> None:
    assert_same(*oracle.both(run, PROGRAMS[name]))
