"""Layers that their own operators compute: what is folded into their weights and fused behind them; results stay."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import nd
from glueball.gluon import nn
from glueball.ops import registry
from tests.comparison import assert_same
from tests.graph.test_passes import _counts
from tests.graph.test_simplification import _Channels
from tests.ops.cases import Case


def _lambda(function):
    return nn.HybridLambda(function)


_HALF, _SHIFT = _lambda(lambda F, x: x * 0.5), _lambda(lambda F, x: x + 3)

_LAYERS = {
    "dense": (lambda: nn.Dense(6), (3, 4, 2), 1),
    "dense, without bias": (lambda: nn.Dense(6, use_bias=False), (3, 8), 1),
    "dense, of a row": (lambda: nn.Dense(6), (3,), 1),
    "dense, for each place": (lambda: nn.Dense(6, flatten=False), (3, 4, 2), 2),
    "dense, for each place, without bias": (lambda: nn.Dense(6, flatten=False, use_bias=False), (3, 4, 5, 2), -1),
    "dense, one unit": (lambda: nn.Dense(1), (3, 8), 1),
    "row": (lambda: nn.Conv1D(6, 3, groups=2), (3, 4, 9), 1),
    "row, without bias": (lambda: nn.Conv1D(6, 3, use_bias=False, strides=2), (3, 4, 9), 1),
    "volume": (lambda: nn.Conv3D(6, 3), (2, 4, 5, 6, 4), 1),
    "volume, channels last": (lambda: nn.Conv3D(6, (3, 2, 1), layout="NDHWC", dilation=2), (2, 5, 6, 4, 4), -1),
    "windows that lie far apart": (lambda: nn.Conv2D(6, 3, 100), (2, 4, 5, 6), 1),
    "transposed": (lambda: nn.Conv2DTranspose(6, 3, 2, 1, output_padding=1), (2, 4, 5, 6), 1),
    "transposed, without bias": (lambda: nn.Conv2DTranspose(6, 3, use_bias=False), (2, 4, 5, 6), 1),
    "transposed, groups": (lambda: nn.Conv2DTranspose(6, (3, 2), groups=2, dilation=(1, 2)), (2, 4, 5, 6), 1),
    "transposed, channels last": (lambda: nn.Conv2DTranspose(6, 3, groups=2, layout="NHWC"), (2, 5, 6, 4), 3),
    "transposed row": (lambda: nn.Conv1DTranspose(6, 3, 2), (2, 4, 5), 1),
    "transposed volume": (lambda: nn.Conv3DTranspose(6, 3, groups=2), (2, 4, 3, 2, 4), 1),
}


def _filled(net, x):
    net.initialize(mx.init.Uniform(0.5))
    net(x)
    for name, parameter in net.collect_params().items():
        parameter.set_data(nd.random.uniform(0.5 if name.endswith("var") else -1, 1.5, parameter.shape))
    return net


def _assert_stays(net, x, **passes):
    net.hybridize(False)
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn", strict=True)
    for _ in range(3):
        assert_same(net(x).asnumpy(), expected, rtol=1e-5)
    found = net.explain(x)
    assert {name: found.passes.get(name, 0) for name in passes} == passes
    return found


@pytest.mark.parametrize("kind", _LAYERS)
@pytest.mark.parametrize("special", [None, np.nan, np.inf])
@pytest.mark.parametrize("fixed", [False, True])
def test_batch_normalization_becomes_part_of_a_layer(kind, special, fixed):
    make, shape, axis = _LAYERS[kind]
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(_HALF, make(), _SHIFT, nn.BatchNorm(axis, scale=not fixed), _lambda(lambda F, x: x / 4 - 3))
        net.add(nn.Activation("tanh"))
    x = nd.random.uniform(-1, 1, shape)
    if special is not None:
        x.reshape(-1)[1] = special
    found = _assert_stays(_filled(net, x), x, collect_operators=1, fold_scale=4, fold_batch_norm=1, fuse_activation=1)
    assert len(found.steps) == 1 and len(found.steps[0].nodes) == 7, "all parts are named"
    assert found.steps[0].kernel.split()[0] in ("FullyConnected", "Convolution", "Deconvolution")


@pytest.mark.parametrize("kind", _LAYERS)
@pytest.mark.parametrize("name", ["broadcast_mul", "broadcast_div", "broadcast_add", "broadcast_sub"])
def test_constants_with_a_number_for_each_channel_become_part_of_a_layer(kind, name):
    make, shape, axis = _LAYERS[kind]
    x, blank = nd.random.uniform(-1, 1, shape), make()
    blank.initialize()
    result = blank(x).shape
    axis %= len(result)
    lengths = tuple([length if place == axis else 1 for place, length in enumerate(result)])
    net = _Channels(lengths, lambda F, y, by: getattr(F, name)(y, by))
    net.add(make(), nn.BatchNorm(axis))
    _assert_stays(_filled(net, x), x, fold_batch_norm=1, fold_scale=1)


@pytest.mark.parametrize("kind", _LAYERS)
def test_two_normalizations_become_part_of_one_layer(kind):
    make, shape, axis = _LAYERS[kind]
    net = nn.HybridSequential()
    net.add(make(), nn.BatchNorm(axis), nn.BatchNorm(axis))
    x = nd.random.uniform(-1, 1, shape)
    _assert_stays(_filled(net, x), x, fold_batch_norm=2)


@pytest.mark.parametrize("kind", _LAYERS)
def test_a_sum_becomes_part_of_a_layer(kind):
    class Net(nn.HybridSequential):
        def hybrid_forward(self, F, x):
            layer, other = self
            return F.relu(layer(x) + other(x))

    make, shape, axis = _LAYERS[kind]
    net = Net()
    net.add(nn.HybridSequential(), make())
    net[0].add(make(), nn.BatchNorm(axis))
    x = nd.random.uniform(-1, 1, shape)
    _assert_stays(_filled(net, x), x, fold_batch_norm=1, fuse_sum=1, fuse_activation=1)


@pytest.mark.parametrize(("layers", "counts"), [
    ([nn.Dense(4)], {"collect_operators": 1}),
    ([nn.Dense(4), nn.BatchNorm()], {"collect_operators": 1, "fold_batch_norm": 1}),
    ([nn.Dense(4, activation="relu"), nn.BatchNorm()], {"collect_operators": 1, "fuse_activation": 1}),
    ([nn.Dense(4, flatten=False), nn.BatchNorm(axis=1)], {"collect_operators": 1, "collect_batch_norm": 1}),
    ([nn.Dense(1, flatten=False), nn.BatchNorm(axis=2)], {"collect_operators": 1}),
    ([nn.Dense(4), _lambda(lambda F, x: F.exp(x) + F.BatchNorm(x, *[F.ones((4,))] * 4))], {"collect_operators": 1}),
    ([nn.Conv2DTranspose(4, 3), nn.BatchNorm(axis=2, in_channels=7)], {"collect_operators": 1}),
    ([_lambda(lambda F, x: F.Pad(x, mode="constant", pad_width=(0, 0, 0, 0, 1, 1, 1, 1))), nn.Conv2DTranspose(4, 3)],
     {"collect_operators": 1}),
    ([_lambda(lambda F, x: F.FullyConnected(x, F.mean(x, axis=(0, 1)), num_hidden=5, no_bias=True, flatten=False))],
     {}),
])  # fmt: skip
def test_what_passes_find(layers, counts):
    net = nn.HybridSequential()
    net.add(*layers)
    assert _counts(net) == counts


def test_target_shape_is_left_to_the_operator():
    class Net(nn.HybridSequential):
        def hybrid_forward(self, F, x):
            weight = self[0].weight.data() if F is nd else self[0].weight.var()
            y = F.Deconvolution(x, weight, kernel=(3, 3), stride=(2, 2), num_filter=4, target_shape=(10, 11))
            return self[1](y)

    net = Net()
    net.add(nn.Conv2DTranspose(4, 3, in_channels=2), nn.BatchNorm())
    x = nd.random.uniform(-1, 1, (1, 2, 5, 6))
    assert _assert_stays(_filled(net, x), x, fold_batch_norm=1).steps[0].shape == (1, 4, 10, 11)


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_other_types(dtype):
    net = nn.HybridSequential()
    net.add(nn.Dense(4), nn.BatchNorm())
    x = nd.random.uniform(-1, 1, (3, 5))
    _filled(net, x).cast(dtype)
    net(x.astype(dtype))
    net.hybridize(False)
    expected = net(x.astype(dtype)).asnumpy()
    net.hybridize(backend="onednn", strict=True)
    for _ in range(3):
        assert_same(net(x.astype(dtype)).asnumpy(), expected)
    assert bool(net.explain(x.astype(dtype)).passes) == (dtype == "float64"), "float16 is computed as imperatively"


def test_layers_without_batch_normalization_cost_no_plan():
    net = nn.HybridSequential()
    net.add(nn.Dense(4, activation="relu"), nn.Dense(3))
    net.initialize()
    net.hybridize(backend="onednn")
    x = nd.ones((2, 5))
    net(x)
    assert "no Convolution" in net.explain(x).reason


def test_changed_parameters_are_noticed():
    net = nn.HybridSequential()
    net.add(nn.Dense(4), nn.BatchNorm())
    x = nd.random.uniform(-1, 1, (3, 5))
    _assert_stays(_filled(net, x), x, fold_batch_norm=1)
    for parameter in net.collect_params().values():
        parameter.set_data(parameter.data() * 2)
        _assert_stays(net, x, fold_batch_norm=1)


@pytest.mark.parametrize("make", [nn.Dense, lambda units: nn.Conv2DTranspose(units, 3)])
def test_an_executor_finds_the_parameters(make):
    net = nn.HybridSequential()
    net.add(make(4), nn.BatchNorm(axis=1))
    x = nd.random.uniform(-1, 1, (2, 3, 5, 5))
    expected = _filled(net, x)(x).asnumpy()
    symbol = net(mx.sym.var("data")).get_backend_symbol("onednn")
    values = {name: parameter.data() for name, parameter in net.collect_params().items()}
    states = symbol.list_auxiliary_states()
    arguments = {"data": x, **{name: value for name, value in values.items() if name not in states}}
    executor = symbol.bind(mx.cpu(), arguments, aux_states={name: values[name] for name in states}, grad_req="null")
    for _ in range(3):
        assert_same(executor.forward()[0].asnumpy(), expected, rtol=1e-5)


@pytest.mark.parametrize("operator", [each for each in registry if each.weighted], ids=lambda each: each.name)
def test_a_number_for_each_channel_may_multiply_the_weight(operator):
    """What the declaration says of the weight is true of all samples."""
    fact = operator.weighted
    for number, sample in enumerate(operator.samples):
        case = Case(operator, number, sample)
        data, weight, bias = [None if each is None else torch.from_numpy(each).double() for each in case.arrays]
        run, attributes = case.applied.function, case.applied.attributes
        result = run(data, weight, bias)
        axis = result.dim() - 1 if fact.is_last(attributes) else 1
        factor = torch.linspace(0.5, 2, result.shape[axis]).double()
        met = fact.meet(factor, weight, attributes) if fact.meet else factor.reshape(-1, *[1] * (weight.dim() - 1))
        other = run(data, weight * met, None if bias is None else bias * factor)
        factor = factor.reshape([-1 if place == axis else 1 for place in range(result.dim())])
        assert_same(other.numpy(), (result * factor).numpy())
