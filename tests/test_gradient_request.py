"""Gradient requests: the same checks at every entry point, and one way to store a gradient."""

from __future__ import annotations

import pytest
import torch

import glueball as mx
from glueball.core.gradient_request import REQUESTS, store_gradient
from tests.comparison import assert_same

#: The entry points for a request, with the error class for an invalid one.
DOORS = {
    "attach_grad": (KeyError, "nd.ones((1,)).attach_grad(REQUEST)"),
    "mark_variables": (KeyError, "autograd.mark_variables([nd.ones((1,))], [nd.ones((1,))], REQUEST)"),
    "mark_variables, a list": (KeyError, "autograd.mark_variables([nd.ones((1,))], [nd.ones((1,))], [REQUEST])"),
    "Parameter": (mx.MXNetError, "gluon.Parameter('p', grad_req=REQUEST)"),
    "bind": (
        ValueError,
        "mx.sym.var('x').bind(mx.cpu(), [nd.ones((1,))], [nd.ones((1,))], grad_req=REQUEST)",
    ),
    "simple_bind": (ValueError, "mx.sym.var('x').simple_bind(mx.cpu(), x=(1,), grad_req=REQUEST)"),
    "simple_bind, a list": (ValueError, "mx.sym.var('x').simple_bind(mx.cpu(), x=(1,), grad_req=[REQUEST])"),
    "Module.bind": (
        mx.MXNetError,
        "mx.mod.Module(mx.sym.var('x') * 2, ['x'], None).bind([('x', (1, 1))], grad_req={'x': REQUEST})",
    ),
}

#: Entry points at which MXNet raises another class: a bare AssertionError, or always RuntimeError.
OWN_CLASS = {"Parameter", "simple_bind", "simple_bind, a list", "Module.bind"}


@pytest.mark.parametrize("door", DOORS)
def test_a_request_that_does_not_exist_is_refused(oracle, door):
    expected, code = DOORS[door]
    ours, theirs = oracle.both(code.replace("REQUEST", "'overwrite'"))
    assert ours.failed
    assert theirs.failed
    assert expected.__name__ in ours.mro
    assert "grad_req must be 'write', 'add' or 'null'; received 'overwrite'" in ours.message
    if door not in OWN_CLASS:
        assert_same(ours, theirs)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("request_", REQUESTS)
def test_all_requests_are_taken_at_every_door(oracle, door, request_):
    code = DOORS[door][1].replace("REQUEST", repr(request_))
    ours, theirs = oracle.both(f"{code}\nreturn 0")
    assert not ours.failed, ours.message
    assert not theirs.failed, theirs.message


def test_a_refused_request_marks_no_variable():
    first, second = mx.nd.ones((1,)), mx.nd.ones((1,))
    gradients = [mx.nd.zeros((1,)), mx.nd.zeros((1,))]
    with pytest.raises(KeyError, match="mark_variables: grad_req must be"):
        mx.autograd.mark_variables([first, second], gradients, ["write", "overwrite"])
    assert first.grad is None


@pytest.mark.parametrize(
    ("request_", "gradient", "stored"),
    [("write", 3.0, 3.0), ("add", 3.0, 5.0), ("null", 3.0, 2.0), ("write", None, 0.0), ("add", None, 2.0)],
)
def test_how_a_gradient_is_stored(request_, gradient, stored):
    target = torch.tensor([2.0])
    store_gradient(target, None if gradient is None else torch.tensor([gradient]), request_)
    assert target.tolist() == [stored]


def stored(mx, request):
    """The gradients of an array, a parameter and an executor after two backward passes."""
    found = []
    x = mx.nd.array([1, 2])
    x.attach_grad(request)
    param = mx.gluon.Parameter("p", shape=(2,), grad_req=request)
    param.initialize(mx.init.One())
    executor = (mx.sym.var("x") * mx.sym.var("x")).simple_bind(mx.cpu(), grad_req=request, x=(2,))
    for factor in (1, 3):
        with mx.autograd.record():
            y = (x * x * factor + param.data() * factor).sum()
        y.backward()
        executor.forward(is_train=True, x=mx.nd.array([1, 2]))
        executor.backward(mx.nd.ones((2,)) * factor)
        found.append((x.grad, param.grad(), executor.grad_dict["x"]))
    return found


@pytest.mark.parametrize("request_", ["write", "add"])
def test_gradients_are_stored_as_mxnet_does(oracle, request_):
    assert_same(*oracle.both(stored, request_))
