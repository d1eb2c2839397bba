"""Recurrent layers for torch: as modules, which keep a layer as it is when traced or compiled, and as Python files."""

from __future__ import annotations

import warnings

import pytest
import torch

import glueball as mx
from glueball import nd
from glueball.gluon import nn, rnn
from glueball.interop.torch import as_module, check_python, export_python


def _exported(module, x):
    program = torch.export.export(module, (x,), strict=False)
    assert len(program.graph.nodes) < 60
    return program.module()


@pytest.mark.parametrize("kind", [rnn.RNN, rnn.GRU])
@pytest.mark.parametrize("make", [
    _exported,
    lambda module, x: torch.compile(module, fullgraph=True, backend="aot_eager"),
    lambda module, x: torch.jit.trace(module, x, check_trace=False),
], ids=["export", "compile", "trace"])  # fmt: skip
def test_recurrent_layers(kind, make):
    net = nn.HybridSequential()
    net.add(kind(3, 2, input_size=2))
    net.initialize(mx.init.Uniform(0.5))
    x = torch.rand(20, 400, 2)
    expected = net(nd.from_torch(x)).asnumpy()
    module = as_module(net, nd.from_torch(x)).eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module(x)
        made = make(module, x)
        with torch.no_grad():
            torch.testing.assert_close(made(x), torch.from_numpy(expected))
        received, wanted = [torch.autograd.grad(each(x).pow(2).sum(), [*each.parameters()]) for each in (made, module)]
    for one, other in zip(sorted(received, key=torch.sum), sorted(wanted, key=torch.sum), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-4)


class _Tagger(mx.gluon.HybridBlock):
    def __init__(self, kind, **settings):
        super().__init__(prefix="net_")
        with self.name_scope():
            self.layers = getattr(rnn, kind)(3, 2, bidirectional=True, dropout=0.25, **settings)
            self.head = nn.Dense(2, flatten=False)

    def hybrid_forward(self, F, x, *states):
        if not states:
            return self.head(self.layers(x))
        out, last = self.layers(x, list(states))
        return self.head(out), last


_STATES = {"RNN": 1, "GRU": 1, "LSTM": 2}


@pytest.mark.parametrize("layout", ["TNC", "NTC"])
@pytest.mark.parametrize("kind", _STATES)
def test_python_files(kind, layout, tmp_path):
    """Each becomes a layer of torch with a parameter for each of Gluon's, whatever the lengths are."""
    net, path = _Tagger(kind, layout=layout), tmp_path / "net.py"
    net.initialize(mx.init.Uniform(0.5))
    export_python(path, net, nd.random.uniform(-1, 1, (4, 3, 5)))
    x = nd.random.uniform(-1, 1, (7, 2, 5))
    assert check_python(path, net, x) < 1e-6
    state = torch.load(tmp_path / "net.pt", weights_only=True)
    parameters = {name.removeprefix("net_"): each.data()._data for name, each in net.collect_params().items()}
    stem = f"{kind.lower()}0"
    assert torch.equal(state[f"net_{stem}.weight_hh_l1_reverse"], parameters[f"{stem}_r1_h2h_weight"])
    assert len(state) == len(parameters) == 2 + 16
    states = [nd.random.uniform(-1, 1, (4, 3, 3)) for _ in range(_STATES[kind])]
    x = nd.random.uniform(-1, 1, (4, 3, 5) if layout == "TNC" else (3, 4, 5))
    export_python(path, net, [x, *states])
    assert check_python(path, net, [x, *states]) < 1e-6


_CODE = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net_lstm0 = nn.LSTM(5, 3, num_layers=2, dropout=0.25, bidirectional=True)
        self.net_dense0 = nn.Linear(6, 2)

    def forward(self, data0, data1, data2):
        x, (y, z) = self.net_lstm0(data0, (data1, data2))
        x = self.net_dense0(x)
        return x, [y, z]
"""


def test_the_code_is_what_a_person_would_write(tmp_path):
    net = _Tagger("LSTM")
    net.initialize()
    export_python(tmp_path / "net.py", net, [nd.ones((4, 3, 5)), *net.layers.begin_state(3)])
    assert _CODE in (tmp_path / "net.py").read_text()


def test_one_vector_of_parameters(tmp_path):
    """Cells of mx.rnn have them so; two layers that share it are one."""
    cell = mx.rnn.FusedRNNCell(3, num_layers=2, mode="gru", prefix="gru_")
    first, _ = cell.unroll(4, mx.sym.var("data"), layout="TNC", merge_outputs=True)
    names = [name for name in first.list_arguments() if name != "data"]
    assert names == ["gru_parameters"]
    x, vector = nd.random.uniform(-1, 1, (4, 2, 5)), nd.random.uniform(-1, 1, (3 * 3 * (5 + 3 * 3 + 4),))
    given = first, {"data": x}, {"gru_parameters": vector}
    export_python(tmp_path / "net.py", *given)
    assert check_python(tmp_path / "net.py", *given) < 1e-6
    assert "self.gru = nn.GRU(5, 3, num_layers=2)" in (tmp_path / "net.py").read_text()


@pytest.mark.parametrize("layout", ["TNC", "NTC"])
@pytest.mark.parametrize("kind", _STATES)
def test_cells(kind, layout, tmp_path):
    """The first state of an unrolled cell has as many rows as there are sequences."""

    class Net(mx.gluon.HybridBlock):
        def __init__(self):
            super().__init__()
            self.cell = getattr(rnn, f"{kind}Cell")(3)

        def hybrid_forward(self, F, x):
            return self.cell.unroll(4, x, layout=layout, merge_outputs=True)[0]

    net, path = Net(), tmp_path / "net.py"
    net.initialize(mx.init.Uniform(0.5))
    shapes = [(4, 3, 5), (4, 2, 5)] if layout == "TNC" else [(3, 4, 5), (2, 4, 5)]
    export_python(path, net, nd.random.uniform(-1, 1, shapes[0]))
    assert f"torch.zeros(data.shape[{layout.find('N')}], 3, device=data.device)" in path.read_text()
    for shape in shapes:
        assert check_python(path, net, nd.random.uniform(-1, 1, shape)) < 1e-6


def test_a_layer_that_is_used_twice(tmp_path):
    layer = rnn.LSTM(3, input_size=3, prefix="lstm_")

    class Net(mx.gluon.HybridBlock):
        def __init__(self):
            super().__init__()
            self.layer = layer

        def hybrid_forward(self, F, x):
            return self.layer(self.layer(x))

    net = Net()
    net.initialize(mx.init.Uniform(0.5))
    x = nd.random.uniform(-1, 1, (4, 2, 3))
    export_python(tmp_path / "net.py", net, x)
    assert check_python(tmp_path / "net.py", net, x) < 1e-6
    assert (tmp_path / "net.py").read_text().count("nn.LSTM(3, 3)") == 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"state_clip_min": -1, "state_clip_max": 1}, "with a range for the cells"),
        ({"projection_size": 3}, "with a projection that is no shorter than the state"),
        ({"use_sequence_length": True}, "with lengths"),
    ],
)
def test_what_torch_has_no_layer_for(settings, message, tmp_path):
    net = rnn.LSTM(3, **settings)
    net.initialize()
    x = [nd.ones((4, 2, 5)), *([None, nd.array([3, 4])] if "use_sequence_length" in settings else [])]
    with pytest.raises(mx.MXNetError, match=rf"RNN \({message}\)"):
        export_python(tmp_path / "net.py", net, x)


def test_parameters_that_the_network_computes(tmp_path):
    x, vector = mx.sym.var("data"), mx.sym.var("v")
    symbol = mx.sym.RNN(x, vector * 2, mx.sym.var("h"), mode="gru", state_size=3, num_layers=1, name="layer")
    arrays = {"v": nd.ones((90,)), "h": nd.ones((1, 2, 3))}
    with pytest.raises(mx.MXNetError, match=r"RNN \(parameters that the network computes\): layer"):
        export_python(tmp_path / "net.py", symbol, {"data": nd.ones((4, 2, 5))}, arrays)
