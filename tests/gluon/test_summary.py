"""The table of Block.summary is MXNet's."""

from __future__ import annotations

import pytest

import glueball as mx
from glueball import gluon, nd
from glueball.gluon import nn
from tests.comparison import assert_same

#: Programs that print a table; `show` makes a block from a function and prints its table for the given inputs.
SAME = {
    "a network": """
        n = nn.HybridSequential()
        n.add(nn.Conv2D(8, 3, activation='relu'), nn.MaxPool2D(), nn.BatchNorm(), nn.Flatten(), nn.Dense(10))
        n.initialize(); n(nd.ones((2, 3, 12, 12))); n.summary(nd.ones((2, 3, 12, 12)))""",
    "a layer": "n = nn.Dense(2); n.initialize(); n.summary(nd.ones((1, 3)))",
    "nested containers": """
        n = nn.Sequential(); n.add(nn.HybridSequential(), nn.Sequential()); n[0].add(nn.Dense(2)); n[1].add(nn.Dense(3))
        n.initialize(); n.summary(nd.ones((1, 3)))""",
    "shared parameters": """
        n = nn.Sequential(); d = nn.Dense(3, in_units=3)
        n.add(d, nn.Dense(3, in_units=3, params=d.params), nn.Dense(3)); n.initialize(); n.summary(nd.ones((1, 3)))""",
    "parameters without gradient": """
        n = nn.Sequential(); n.add(nn.Dense(3), nn.BatchNorm()); n[0].bias.grad_req = 'null'
        n.initialize(); n.summary(nd.ones((1, 3)))""",
    "a container with parameters": """
        class Net(gluon.Block):
            def __init__(self):
                super(Net, self).__init__()
                self.w = self.params.get('w', shape=(2,))
                self.used, self.unused = nn.Dense(2), nn.Dense(7, in_units=2)
            def forward(self, x):
                return self.used(x) * self.w.data()
        n = Net(); n.initialize(); n.summary(nd.ones((1, 3)))""",
    "several inputs": "show(lambda x, l: x, nd.ones((2, 3)), [nd.ones((2,)), [nd.ones((1,))]])",
    "a list of one": "show(lambda l: l, [nd.ones((2, 3))])",
    "no input": "show(lambda: nd.ones((2,)))",
    "values that are no arrays": "show(lambda x, k, n: (x, 'text', None, 3.5, True), nd.ones((2, 3)), 3, None)",
    "several outputs": "show(lambda x: (x, [x, [x]]), nd.ones((2, 3)))",
    "no output": "show(lambda x: None, nd.ones((2, 3)))",
    "a long name": """
        class AnUnusuallyLongNameForALayer(gluon.Block):
            def forward(self, x):
                return x
        AnUnusuallyLongNameForALayer().summary(nd.ones((1,) * 16 + (12, 13, 14, 15)))""",
}  # fmt: skip

FAILURES = {
    "hybridized": "n = nn.Dense(2); n.initialize(); n.hybridize(); n.summary(nd.ones((1, 2)))",
    "a hybridized child": """
        n = nn.Sequential(); n.add(nn.Dense(2)); n.initialize(); n[0].hybridize(); n.summary(nd.ones((1, 2)))""",
    "not initialized": "nn.Dense(2).summary(nd.ones((1, 2)))",
    "an error on the way": "n = nn.Dense(2, in_units=3); n.initialize(); n.summary(nd.ones((1, 2)))",
}

_BEGINNING = """
class Some(gluon.Block):
    def forward(self, *args):
        return self.function(*args)
def show(function, *inputs):
    block = Some(); block.function = function; block.summary(*inputs)
"""


def _program(text):
    import textwrap

    return f"{_BEGINNING}\n{textwrap.dedent(text)}"


@pytest.mark.parametrize("name", SAME)
def test_as_in_mxnet(oracle, name):
    ours, theirs = oracle.both(_program(SAME[name]))
    assert not theirs.failed, theirs
    assert_same(ours, theirs)
    assert ours.printed == theirs.printed
    assert "Total params" in ours.printed


@pytest.mark.parametrize("name", FAILURES)
def test_failures_as_in_mxnet(oracle, name):
    ours, theirs = oracle.both(_program(FAILURES[name]))
    assert theirs.failed, theirs
    assert_same(ours, theirs)


def test_the_first_call_prints_shapes_too(capsys):
    """MXNet prints the symbol of an activation there, and the layer twice."""
    network = nn.Conv2D(8, 3, activation="relu")
    network.initialize()
    network.summary(nd.ones((2, 3, 12, 12)))
    rows = [line.split()[0] for line in capsys.readouterr().out.splitlines() if "(2, 8, 10, 10)" in line]
    assert rows == ["Activation-1", "Conv2D-2"]


def test_hooks_are_taken_away_again_and_those_of_the_user_stay(capsys):
    network, seen = nn.HybridSequential(), []
    network.add(nn.Dense(2), nn.HybridLambda(lambda F, x: x.missing))
    network.initialize()
    network[0].register_forward_hook(lambda *arguments: seen.append(1))
    with pytest.raises(AttributeError):
        network.summary(nd.ones((1, 2)))
    assert [len(block._forward_hooks) for block in (network, *network)] == [0, 1, 0]
    assert seen == [1]
    assert capsys.readouterr().out == ""


def test_the_refusal_of_a_hybridized_block_says_what_to_do():
    layer = nn.Dense(2, prefix="out_")
    layer.initialize()
    layer.hybridize()
    with pytest.raises(
        mx.MXNetError, match=r"summary: out must not be hybridized; call hybridize\(active=False\) first"
    ):
        layer.summary(nd.ones((1, 2)))


def test_a_block_in_two_places_has_a_row_for_each_call(capsys):
    """MXNet prints each twice, and counts its parameters twice."""
    network, layer = nn.Sequential(), nn.Dense(3, in_units=3)
    network.add(layer, layer)
    network.initialize()
    network.summary(nd.ones((1, 3)))
    printed = capsys.readouterr().out
    assert [line.split()[0] for line in printed.splitlines() if "Dense" in line] == ["Dense-1", "Dense-2"]
    assert "Total params: 24" in printed
    assert "Shared params in forward computation graph: 12" in printed
    assert "Unique parameters in model: 12" in printed


def test_nothing_is_trained(capsys):
    network = nn.BatchNorm(in_channels=3)
    network.initialize()
    network.summary(nd.ones((4, 3)) * 5)
    assert network.running_mean.data().asnumpy().tolist() == [0, 0, 0]
    assert isinstance(network, gluon.HybridBlock)
