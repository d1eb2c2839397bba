"""Passes: what they find in a graph, and what they leave alone; the values are those of tests/graph/test_onednn.py."""

from __future__ import annotations

import pytest

from glueball import nd
from glueball.gluon import nn
from glueball.graph import passes
from glueball.graph.draft import Draft
from glueball.graph.inference import infer_arrays
from glueball.graph.lower import generate


class _Residual(nn.HybridSequential):
    def hybrid_forward(self, F, x):
        return F.relu(super().hybrid_forward(F, x) + x)


def _conv(**options):
    return nn.Conv2D(4, 3, padding=1, in_channels=4, **options)


def _counts(net: nn.HybridSequential, shape: tuple[int, ...] = (1, 4, 5, 5)) -> dict:
    net.initialize()
    net.hybridize()
    x = nd.ones(shape)
    net(x)
    graph = net._cached_op
    tensors = [x._data, *[parameter.data()._data for parameter in graph.parameters]]
    lowered = graph.program.lowered(False)
    draft = Draft(lowered, infer_arrays(lowered.heads, lowered.variables, tensors), lowered.parameters)
    counts = passes.rewrite(draft)
    generate(draft.graph, "Rewritten")
    return {name: count for name, count in counts.items() if count}


@pytest.mark.parametrize(("layers", "counts"), [
    ([_conv()], {"collect_convolutions": 1}),
    ([_conv(), nn.BatchNorm()], {"collect_convolutions": 1, "fold_batch_norm": 1}),
    ([_conv(), nn.BatchNorm(), nn.Activation("relu")],
     {"collect_convolutions": 1, "fold_batch_norm": 1, "fuse_activation": 1}),
    ([_conv(activation="tanh"), nn.BatchNorm()],
     {"collect_convolutions": 1, "collect_batch_norm": 1, "fuse_activation": 1}),
    ([_conv(), nn.BatchNorm(axis=2, in_channels=5)], {"collect_convolutions": 1}),
    ([_conv(), nn.HybridLambda(lambda F, x: F.clip(x, 0, 6))], {"collect_convolutions": 1, "fuse_activation": 1}),
    ([_conv(), nn.HybridLambda(lambda F, x: F.clip(x, 6, 0))], {"collect_convolutions": 1}),
    ([_conv(), nn.HybridLambda(lambda F, x: F.relu(x) + x)], {"collect_convolutions": 1}),
    ([_conv(), nn.HybridLambda(lambda F, x: x + x)], {"collect_convolutions": 1}),
    ([_conv(), nn.HybridLambda(lambda F, x: F.broadcast_add(x, F.ones((1, 4, 1, 1))))], {"collect_convolutions": 1}),
    ([_conv(), nn.Activation("softsign")], {"collect_convolutions": 1}),
    ([nn.Conv2D(4, 1, 1000, in_channels=4)], {"collect_operators": 1}),
    ([nn.BatchNorm(), nn.Activation("relu")], {"collect_batch_norm": 1, "fuse_activation": 1}),
    ([nn.BatchNorm(axis=2, in_channels=5), nn.Activation("relu")], {}),
    ([nn.Conv2DTranspose(4, 3, in_channels=4)], {"collect_operators": 1}),
])  # fmt: skip
def test_what_passes_find(layers, counts):
    net = nn.HybridSequential()
    net.add(*layers)
    assert _counts(net) == counts


def test_the_sum_and_the_activation_at_the_end_of_a_residual_block():
    net = _Residual()
    net.add(_conv(), nn.BatchNorm(), nn.Activation("relu"), _conv(), nn.BatchNorm())
    assert _counts(net) == {
        "collect_convolutions": 2, "fold_batch_norm": 2, "fuse_activation": 2, "fuse_sum": 1,
    }  # fmt: skip


def test_statistics_that_are_computed_keep_the_normalization():
    """What is multiplied into weights must not depend on the inputs."""

    class Net(nn.HybridSequential):
        def hybrid_forward(self, F, x):
            mean = F.mean(x, axis=(0, 2, 3))
            ones = F.ones((4,))
            return F.BatchNorm(super().hybrid_forward(F, x), ones, ones, mean, ones, name="norm")

    net = Net()
    net.add(_conv())
    assert _counts(net) == {"collect_convolutions": 1}
