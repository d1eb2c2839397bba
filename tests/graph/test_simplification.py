"""Passes that leave out, merge and fold operators: what they find, what they leave alone, and that results stay."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball import nd
from glueball.gluon import nn
from glueball.graph import passes
from glueball.ops import registry
from tests.comparison import assert_same
from tests.graph.test_passes import _conv, _counts
from tests.ops.cases import Case
from tests.oracle.operator_call import as_input, find_operator


def _lambda(function):
    return nn.HybridLambda(function)


_HALF, _SHIFT = _lambda(lambda F, x: x * 0.5), _lambda(lambda F, x: x + 3)


@pytest.mark.parametrize(("layers", "counts"), [
    ([_conv(), nn.Dropout(0.5)], {"drop_identity": 1, "collect_convolutions": 1}),
    ([_conv(), _lambda(lambda F, x: F.BlockGrad(F.identity(x))), nn.Activation("relu")],
     {"drop_identity": 2, "collect_convolutions": 1, "fuse_activation": 1}),
    ([_conv(), _lambda(lambda F, x: F.Dropout(x, p=0.5, mode="always"))], {"collect_convolutions": 1}),
    ([_conv(), _lambda(lambda F, x: F.Dropout(x, p=0, mode="always"))],
     {"drop_identity": 1, "collect_convolutions": 1}),
    ([_conv(), _lambda(lambda F, x: F.exp(x) + F.exp(x))], {"merge_equal": 1, "collect_convolutions": 1}),
    ([_conv(), _lambda(lambda F, x: F.exp(F.sin(x)) + F.exp(F.sin(x)))],
     {"merge_equal": 2, "collect_convolutions": 1}),
    ([_conv(), _lambda(lambda F, x: F.clip(x, 0, 1) + F.clip(x, 0, 2))], {"collect_convolutions": 1}),
    ([_conv(), _lambda(lambda F, x: F.Dropout(x, mode="always") + F.Dropout(x, mode="always"))],
     {"collect_convolutions": 1}),
    ([_HALF, _conv()], {"fold_scale": 1, "collect_convolutions": 1}),
    ([_conv(), _HALF], {"fold_scale": 1, "collect_convolutions": 1}),
    ([_HALF, _conv(), _SHIFT, nn.BatchNorm(), _lambda(lambda F, x: x / 4 - 3)],
     {"fold_scale": 4, "fold_batch_norm": 1, "collect_convolutions": 1}),
    ([_SHIFT, _conv()], {"collect_convolutions": 1}),
    ([_lambda(lambda F, x: x * 0), _conv()], {"collect_convolutions": 1}),
    ([_lambda(lambda F, x: x / 1e-30), _conv()], {"collect_convolutions": 1}),
    ([_lambda(lambda F, x: F.broadcast_add(x * 0.5, x)), _conv()], {"collect_convolutions": 1}),
    ([_conv(), _lambda(lambda F, x: x * 0)], {"collect_convolutions": 1}),
    ([_conv(), _lambda(lambda F, x: x * float("inf"))], {"collect_convolutions": 1}),
    ([_conv(), _lambda(lambda F, x: x + float("nan"))], {"collect_convolutions": 1}),
    ([_conv(), _lambda(lambda F, x: 2 - x)], {"collect_convolutions": 1}),
    ([_conv(activation="tanh"), _HALF], {"fuse_activation": 1, "collect_convolutions": 1}),
    ([_conv(), _lambda(lambda F, x: F.broadcast_add(x * 2, x))], {"collect_convolutions": 1}),
])  # fmt: skip
def test_what_passes_leave_out_merge_and_fold(layers, counts):
    net = nn.HybridSequential()
    net.add(*layers)
    assert _counts(net) == counts


def test_a_scaled_array_that_others_take_stays():
    class Net(nn.HybridSequential):
        def hybrid_forward(self, F, x):
            half = x * 0.5
            return super().hybrid_forward(F, half) + half

    net = Net()
    net.add(_conv())
    assert _counts(net) == {"collect_convolutions": 1, "fuse_sum": 1}


def test_a_factor_that_depends_on_the_input_stays():
    class Net(nn.HybridSequential):
        def hybrid_forward(self, F, x):
            return F.broadcast_mul(super().hybrid_forward(F, x), F.mean(x, axis=(2, 3), keepdims=True))

    net = Net()
    net.add(_conv())
    assert _counts(net) == {"collect_convolutions": 1}


def test_a_convolution_that_adds_another_array_is_not_scaled(monkeypatch):
    class Net(nn.HybridSequential):
        def hybrid_forward(self, F, x):
            return (super().hybrid_forward(F, x) + x) * 0.5

    net = Net()
    net.add(_conv())
    monkeypatch.setattr(passes, "PASSES", (passes.collect_convolutions, passes.fuse_sum, passes.fold_scale))
    assert _counts(net) == {"collect_convolutions": 1, "fuse_sum": 1}


def _pad(*widths, mode="constant", **options):
    return _lambda(lambda F, x: F.Pad(x, mode=mode, pad_width=(0, 0, 0, 0, *widths), **options))


@pytest.mark.parametrize(("layers", "folds"), [
    ([_pad(1, 1, 2, 2), _conv()], 1),
    ([_HALF, _pad(1, 1, 0, 0), _conv()], 1),
    ([_pad(1, 0, 2, 2), _conv()], 0),
    ([_pad(1, 1, 2, 1), _conv()], 0),
    ([_pad(1, 1, 1, 1, constant_value=1), _conv()], 0),
    ([_pad(1, 1, 1, 1, mode="edge"), _conv()], 0),
    ([_pad(1, 1, 1, 1), nn.Conv2D(4, 3, layout="NHWC")], 0),
    ([_pad(1, 1, 1, 1), nn.Activation("relu"), _conv()], 0),
])  # fmt: skip
def test_zeros_around_an_image(layers, folds):
    net = nn.HybridSequential()
    net.add(*layers)
    assert _counts(net).get("fold_pad", 0) == folds
    net.hybridize(False)
    x = nd.random.uniform(-1, 1, (2, 4, 5, 5))
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn")
    for _ in range(3):
        assert_same(net(x).asnumpy(), expected, rtol=1e-5)


def test_a_padded_array_that_others_take_stays():
    class Net(nn.HybridSequential):
        def hybrid_forward(self, F, x):
            padded = F.Pad(x, mode="constant", pad_width=(0, 0, 0, 0, 1, 1, 1, 1))
            return super().hybrid_forward(F, padded) + padded

    net = Net()
    net.add(_conv())
    assert _counts(net) == {"collect_convolutions": 1, "fuse_sum": 1}


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_not_finite_meet_the_zeros(value):
    net = nn.HybridSequential()
    net.add(_pad(2, 2, 2, 2), nn.Conv2D(4, 3, in_channels=4))
    net.initialize()
    x = nd.random.uniform(-1, 1, (2, 4, 5, 5))
    before = net[1].weight.data().copy()
    net[1].weight.data()[1, 2, 0, 0] = value
    expected = net(x).asnumpy()
    assert np.isnan(expected[:, 1, 0, 0]).all(), "a product with a zero"
    net.hybridize(backend="onednn")
    for _ in range(4):
        assert_same(net(x).asnumpy(), expected, rtol=1e-5)
    assert "not for infinite numbers and NaN" in net.explain(x).reason
    net[1].weight.set_data(before)
    for _ in range(3):
        assert np.isfinite(net(x).asnumpy()).all()
    assert net.explain(x).passes["fold_pad"] == 1


class _Channels(nn.HybridSequential):
    """Convolutions, and constants with a number for each channel."""

    def __init__(self, shape, function):
        super().__init__()
        with self.name_scope():
            self.by = self.params.get("by", shape=shape, init=mx.init.Uniform(2))
        self._glueball_function = function

    def hybrid_forward(self, F, x, by):
        return self._glueball_function(F, super().hybrid_forward(F, x), by)


@pytest.mark.parametrize("name", ["broadcast_mul", "broadcast_div", "broadcast_add", "broadcast_sub"])
@pytest.mark.parametrize(("shape", "folds"), [((1, 4, 1, 1), True), ((1, 1, 1, 1), False), ((1, 4, 5, 1), False)])
@pytest.mark.parametrize("is_turned", [False, True])
def test_constants_with_a_number_for_each_channel(name, shape, folds, is_turned):
    net = _Channels(shape, lambda F, x, by: getattr(F, name)(*((by, x) if is_turned else (x, by))))
    net.add(_conv(use_bias=name == "broadcast_sub"))
    folds = folds and (not is_turned or name in ("broadcast_mul", "broadcast_add"))
    assert _counts(net) == {"collect_convolutions": 1, **({"fold_scale": 1} if folds else {})}


@pytest.mark.parametrize("operator", [each for each in registry if each.hands_on], ids=lambda each: each.name)
def test_what_hands_its_input_on_does_so(operator):
    found = 0
    for place, sample in enumerate(operator.samples):
        case = Case(operator, place, sample)
        applied = operator.applied_named({name: str(value) for name, value in sample.attributes.items()})
        if callable(operator.hands_on) and not operator.hands_on(applied.attributes):
            continue
        data = as_input(mx, operator.name, case.arrays[0])
        result = find_operator(mx, operator.name)(data, **sample.attributes)
        assert result.dtype == data.dtype and result.asnumpy().tobytes() == data.asnumpy().tobytes()
        found += 1
    assert found


def test_an_operator_that_refuses_its_attributes_stays():
    net = nn.HybridSequential()
    net.add(_conv(), nn.HybridLambda(lambda F, x: F.Dropout(x, p=2)))
    net.initialize()
    net.hybridize(backend="onednn")
    with pytest.raises(mx.MXNetError, match="Dropout: p must be at most 1"):
        net(nd.ones((1, 4, 5, 5)))


def _outputs(net, x):
    return [each.asnumpy() for each in (lambda y: y if isinstance(y, tuple) else (y,))(net(x))]


@pytest.mark.parametrize("make", [
    lambda: [_HALF, _conv(), _SHIFT, nn.BatchNorm(), _lambda(lambda F, x: x / 4 - 3), nn.Activation("tanh")],
    lambda: [nn.Conv2D(4, 3, 2, layout="NHWC", use_bias=False), _HALF, _SHIFT, nn.Flatten()],
    lambda: [_conv(), nn.Dropout(0.5), nn.Activation("relu"), _lambda(lambda F, x: F.exp(x) * F.exp(x))],
    lambda: [_lambda(lambda F, x: x * -3), _conv(activation="relu"), _HALF, _conv(groups=2)],
])  # fmt: skip
@pytest.mark.parametrize("special", [None, np.nan, np.inf])
def test_results_stay(make, special):
    net = nn.HybridSequential()
    net.add(*make())
    x = nd.random.uniform(-1, 1, (2, 4, 8, 4))
    if special is not None:
        x[0, 1, 2, 3] = special
    net.initialize(mx.init.Uniform(0.5))
    net(x)
    for name, parameter in net.collect_params().items():
        parameter.set_data(nd.random.uniform(0.5 if name.endswith("var") else -1, 1.5, parameter.shape))
    expected = _outputs(net, x)
    net.hybridize(backend="onednn")
    for _ in range(3):
        for one, other in zip(_outputs(net, x), expected, strict=True):
            assert_same(one, other, rtol=1e-5)


@pytest.mark.parametrize("name", ["broadcast_mul", "broadcast_div", "broadcast_add", "broadcast_sub"])
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_results_with_constants_for_each_channel_stay(name, layout):
    shape = (1, 4, 1, 1) if layout == "NCHW" else (1, 1, 1, 4)
    net = _Channels(shape, lambda F, x, by: F.relu(getattr(F, name)(x, by)))
    net.add(nn.Conv2D(4, 3, layout=layout))
    x = nd.random.uniform(-1, 1, (2, 4, 8, 4))
    net.initialize(mx.init.Uniform(0.5))
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn")
    for _ in range(3):
        assert_same(net(x).asnumpy(), expected, rtol=1e-5)
    assert net.explain(x).passes["fold_scale"] == 1


def test_outputs_that_are_computed_once_have_memory_of_their_own():
    class Net(nn.HybridSequential):
        def hybrid_forward(self, F, x):
            y = F.Flatten(super().hybrid_forward(F, x))
            return F.exp(y), F.exp(y), F.identity(F.exp(y)), F.Dropout(x)

    net = Net()
    net.add(_conv(), nn.BatchNorm())
    net.initialize()
    net.hybridize(backend="onednn")
    x = nd.random.uniform(shape=(2, 4, 5, 5))
    for _ in range(3):
        results = net(x)
        before, given = results[1].asnumpy(), x.asnumpy()
        results[0][:] = 7
        results[3][:] = 7
        assert results[1].asnumpy().tolist() == before.tolist() == results[2].asnumpy().tolist()
        assert x.asnumpy().tolist() == given.tolist()
    assert net.explain(x).passes["merge_equal"] == 2
    assert len(net.explain(x).dropped) == 2


def test_what_is_dropped_and_merged_is_named():
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(_conv(), nn.BatchNorm(), nn.Dropout(0.5))
        net.add(nn.HybridLambda(lambda F, x: F.exp(x, name="a") + F.exp(x, name="b")))
    net.initialize()
    x = nd.ones((1, 4, 5, 5))
    net(x)
    net.hybridize(backend="onednn")
    explanation = net.explain(x)
    assert explanation.dropped == ("net_dropout0_fwd",)
    assert "Not computed: net_dropout0_fwd" in str(explanation)
    assert [len(step.nodes) for step in explanation.steps] == [2, 2, 1], "the convolution, both exp, the sum"
