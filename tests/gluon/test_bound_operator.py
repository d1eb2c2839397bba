"""The short ways from a layer to its operator do what the long ones do."""

from __future__ import annotations

import copy
import pickle
from types import SimpleNamespace

import numpy as np
import pytest

from glueball import MXNetError, autograd, cpu, gluon, nd
from glueball.gluon import nn
from glueball.gluon.core.bound_operator import BoundOperator
from tests.comparison import assert_same

ATTRIBUTES = {"kernel": (3, 3), "pad": (1, 1), "num_filter": 2}


@pytest.fixture
def arrays() -> list[nd.NDArray]:
    random = np.random.RandomState(0)
    return [nd.array(random.rand(*shape)) for shape in ((1, 3, 5, 4), (2, 3, 3, 3), (2,))]


def test_a_bound_operator_computes_what_the_function_does(arrays):
    expected = nd.Convolution(*arrays, **ATTRIBUTES).asnumpy()
    bound = BoundOperator("Convolution", ATTRIBUTES)
    assert_same(bound.call(nd, *arrays).asnumpy(), expected)
    without_bias = nd.Convolution(*arrays[:2], no_bias=True, **ATTRIBUTES).asnumpy()
    assert_same(
        BoundOperator("Convolution", {**ATTRIBUTES, "no_bias": True}).call(nd, *arrays[:2]).asnumpy(), without_bias
    )


def test_a_bound_operator_is_recorded(arrays):
    weight = arrays[1]
    weight.attach_grad()
    gradients = []
    for convolve in (
        BoundOperator("Convolution", ATTRIBUTES).call,
        lambda F, *inputs: F.Convolution(*inputs, **ATTRIBUTES),
    ):
        with autograd.record():
            result = convolve(nd, *arrays)
        result.backward()
        gradients.append(weight.grad.asnumpy())
    assert_same(gradients[0], gradients[1])
    assert np.abs(gradients[0]).sum() > 0


def test_a_bound_operator_hands_names_to_another_kind_of_function(arrays):
    calls = []
    symbols = SimpleNamespace(Convolution=lambda *inputs, **attributes: calls.append((inputs, attributes)))
    BoundOperator("Convolution", ATTRIBUTES).call(symbols, "data", "weight", "bias")
    assert calls == [(("data", "weight", "bias"), {"name": "fwd", **ATTRIBUTES})]


def test_a_bound_operator_explains_what_is_wrong(arrays):
    bound = BoundOperator("Convolution", ATTRIBUTES)
    data, weight, bias = arrays
    with pytest.raises(MXNetError, match=r"weight must have shape \(2, 5, 3, 3\)"):
        bound.call(nd, nd.ones((1, 5, 5, 4)), weight, bias)
    with pytest.raises(MXNetError, match="data must be an NDArray; received ndarray"):
        bound.call(nd, data.asnumpy(), weight, bias)
    with pytest.raises(MXNetError, match="bias must be given"):
        bound.call(nd, data, weight)


def test_wrong_attributes_are_refused_where_they_are_given():
    with pytest.raises(MXNetError, match="stride must be"):
        BoundOperator("Convolution", {**ATTRIBUTES, "stride": "wide"})
    with pytest.raises(MXNetError, match="received 'strides'"):
        BoundOperator("Convolution", {**ATTRIBUTES, "strides": (1, 1)})


@pytest.mark.parametrize("name", ["Reshape", "Dropout", "concat", "_zeros"])
def test_an_operator_that_needs_more_than_arrays_is_refused(name):
    with pytest.raises(ValueError, match=f"one new array; received {name}"):
        BoundOperator(name, {})


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))])
def test_a_layer_can_be_copied(copied, arrays):
    layer = nn.Conv2D(2, 3, activation="relu")
    layer.initialize()
    expected = layer(arrays[0]).asnumpy()
    assert_same(copied(layer)(arrays[0]).asnumpy(), expected)


class _Scale(gluon.HybridBlock):
    """A block whose parameters have the names that it is given."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        for name in names:
            setattr(self, name, self.params.get(name, shape=(1,), init="ones"))

    def hybrid_forward(self, F, x, **parameters):
        self.received = {name: type(parameter).__name__ for name, parameter in parameters.items()}
        return sum(parameters.values(), x)


@pytest.mark.parametrize("names", [(), ("weight",), ("b", "a", "x1"), ("lambda", "2nd"), ("block", "own", "ctx", "nd")])
def test_parameters_arrive_by_name_whatever_it_is(names):
    block = _Scale(*names)
    block.initialize(ctx=[cpu(0), cpu(1)])
    for ctx in (cpu(0), cpu(1)):
        result = block(nd.zeros((2,), ctx=ctx))
        assert result.context is ctx
        assert_same(result.asnumpy(), np.full(2, len(names), np.float32))
        assert block.received == dict.fromkeys(names, "NDArray")


def test_a_parameter_that_is_added_later_arrives_too():
    block = _Scale("first")
    block.initialize()
    block(nd.zeros((1,)))
    block.second = block.params.get("second", shape=(1,), init="ones")
    block.initialize(force_reinit=True)
    assert block(nd.zeros((1,))).asscalar() == 2


def test_a_parameter_without_values_is_reported():
    with pytest.raises(MXNetError, match="first: it must be initialised"):
        _Scale("first")(nd.zeros((1,)))


def test_a_key_error_of_the_user_is_the_users():
    calls = []

    class Lookup(_Scale):
        def hybrid_forward(self, F, x, **parameters):
            calls.append(parameters)
            raise KeyError("mine")

    block = Lookup("weight")
    block.initialize()
    with pytest.raises(KeyError, match="mine"):
        block(nd.zeros((1,)))
    assert len(calls) == 1
