"""Cells one at a time: names, files, states, what a subclass overrides, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball import autograd, gluon, nd
from glueball.gluon import nn, rnn
from tests.comparison import assert_same
from tests.oracle.client import ours


def _filled(cell):
    cell.initialize(mx.init.Uniform(0.5))
    return cell


def exported_unroll(mx, path):
    """A network that unrolls a stack of cells: the files it writes, and what it computes."""

    class Reader(mx.gluon.HybridBlock):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            with self.name_scope():
                self.cell = mx.gluon.rnn.HybridSequentialRNNCell()
                with self.cell.name_scope():
                    self.cell.add(mx.gluon.rnn.LSTMCell(4))
                    self.cell.add(mx.gluon.rnn.ResidualCell(mx.gluon.rnn.GRUCell(4)))
                self.both = mx.gluon.rnn.BidirectionalCell(mx.gluon.rnn.RNNCell(3), mx.gluon.rnn.RNNCell(2))

        def hybrid_forward(self, F, x, length):
            outputs, _ = self.cell.unroll(3, x, merge_outputs=True)
            outputs, _ = self.both.unroll(3, outputs, merge_outputs=True, valid_length=length)
            return outputs

    net = Reader(prefix="reader_")
    net.initialize(mx.init.Constant(0.2))
    net.hybridize()
    result = net(mx.nd.ones((2, 3, 5)) / 2, mx.nd.array([1, 3]))
    net.export(path)
    return result


def imported_unroll(mx, path):
    net = mx.gluon.SymbolBlock.imports(path + "-symbol.json", ["data0", "data1"], path + "-0000.params")
    return net(mx.nd.ones((2, 3, 5)) / 2, mx.nd.array([1, 3]))


def test_files_go_both_ways(oracle, tmp_path):
    here, there = str(tmp_path / "here"), str(tmp_path / "there")
    expected = oracle.run(exported_unroll, there)
    assert_same(ours(exported_unroll, here).get(), expected)
    assert_same(ours(imported_unroll, there).get(), expected)
    assert_same(oracle.run(imported_unroll, here), expected)
    assert (tmp_path / "here-symbol.json").read_bytes() == (tmp_path / "there-symbol.json").read_bytes()
    assert (tmp_path / "here-0000.params").read_bytes() == (tmp_path / "there-0000.params").read_bytes()


def saved_parameters(mx, path, load):
    rnn = mx.gluon.rnn
    cell = rnn.SequentialRNNCell(prefix="a_" if load else "b_")
    cell.add(rnn.ZoneoutCell(rnn.LSTMCell(3, prefix="l_"), 0.1))
    cell.add(mx.gluon.contrib.rnn.VariationalDropoutCell(mx.gluon.contrib.rnn.LSTMPCell(4, 2, prefix="p_"), 0.1))
    cell.add(rnn.BidirectionalCell(rnn.RNNCell(3, prefix="f_"), rnn.GRUCell(2, prefix="g_")))
    if load:
        cell.load_parameters(path)
    else:
        cell.initialize(mx.init.Constant(0.1))
        cell.unroll(2, mx.nd.ones((1, 2, 3)))
        cell.save_parameters(path)
    return {name: parameter.data() for name, parameter in cell._collect_params_with_prefix().items()}


def test_saved_parameters_go_both_ways(oracle, tmp_path):
    here, there = str(tmp_path / "here"), str(tmp_path / "there")
    assert_same(ours(saved_parameters, here, False).get(), oracle.run(saved_parameters, there, False))
    assert (tmp_path / "here").read_bytes() == (tmp_path / "there").read_bytes()
    assert_same(ours(saved_parameters, there, True).get(), oracle.run(saved_parameters, here, True))


def steps(mx, kind, hybrid):
    """Several steps of one cell, called as it is, and the names that `begin_state` gives."""
    cell = getattr(mx.gluon.rnn, kind)(3, prefix="c_")
    cell.initialize(mx.init.Constant(0.3))
    if hybrid:
        cell.hybridize()
    states = cell.begin_state(batch_size=2, func=mx.nd.ones)
    outputs = []
    for number in range(3):
        output, states = cell(mx.nd.ones((2, 4)) * number / 4, states)
        outputs.append(output)
    names = [state.name for state in cell.begin_state(func=mx.sym.var) + cell.begin_state(func=mx.sym.zeros)]
    counted = cell._counter, cell._init_counter
    cell.reset()
    return outputs, states, names, counted, (cell._counter, cell._init_counter), list(cell.collect_params().keys())


@pytest.mark.parametrize("hybrid", [False, True])
@pytest.mark.parametrize("kind", ["RNNCell", "LSTMCell", "GRUCell"])
def test_steps(oracle, kind, hybrid):
    assert_same(*oracle.both(steps, kind, hybrid))


@pytest.mark.parametrize(
    "code",
    [
        "gluon.rnn.RNNCell(3).begin_state(batch_size=2, dtype='float64')",
        "gluon.rnn.LSTMCell(3).begin_state(batch_size=2, func=nd.ones, ctx=mx.cpu(0))",
        "gluon.rnn.LSTMCell(3).begin_state(2, lambda **given: sorted(given.items()))",
        "gluon.rnn.GRUCell(3).begin_state(2, lambda **given: sorted(given.items()), shape=(1,), more=5)",
        "gluon.rnn.RNNCell(3).begin_state(batch_size=2, func=nd.random.uniform, low=2, high=2.0001)[0].shape",
        "[s.name for s in gluon.rnn.ZoneoutCell(gluon.rnn.LSTMCell(3, prefix='l_')).begin_state()]",
        "gluon.rnn.ResidualCell(gluon.rnn.GRUCell(3)).begin_state(batch_size=1, func=nd.ones)",
        "list(gluon.rnn.RNNCell(3, activation=nn.LeakyReLU(0.1)).collect_params().keys())",
        "list(gluon.rnn.GRUCell(3, params=gluon.rnn.GRUCell(3, prefix='one_').params).collect_params().keys())",
        "repr(gluon.rnn.RNNCell(3, activation=nn.LeakyReLU(0.1), input_size=2))",
        "gluon.rnn.rnn_cell._format_sequence(2, nd.ones((2, 3)), 'TNC', True, 'NTC')[::3]",
        "gluon.rnn.rnn_cell._format_sequence(2, [nd.ones((2, 3))] * 2, 'NTC', True, 'TNC')[::3]",
        "gluon.rnn.rnn_cell._format_sequence(None, nd.ones((3, 2, 1)), 'TNC', False)[::3]",
        "gluon.rnn.rnn_cell._cells_state_info([gluon.rnn.LSTMCell(1), gluon.rnn.RNNCell(2)], 4)",
        "gluon.rnn.rnn_cell._cells_begin_state([gluon.rnn.RNNCell(1), gluon.rnn.RNNCell(2)], batch_size=1)",
        "gluon.rnn.rnn_cell._reverse_sequences([nd.ones((1,)), nd.zeros((1,))], 2)",
        "gluon.rnn.SequentialRNNCell().unroll(2, nd.ones((1, 2, 3)))",
    ],
)
def test_same_as_mxnet(oracle, code):
    assert_same(*oracle.both(code))


@pytest.mark.parametrize(
    "code",
    [
        "gluon.rnn.RNNCell(3).unroll(2, nd.ones((2, 3, 4)))",
        "gluon.rnn.RNNCell(3).unroll(2, [nd.ones((2, 3))] * 3)",
        "gluon.rnn.RNNCell(3).unroll(2, None)",
        "gluon.rnn.RNNCell(3)(nd.ones((2, 3)))",
        "gluon.rnn.RecurrentCell().state_info()",
        "gluon.rnn.RecurrentCell()(nd.ones((1,)), [])",
        "gluon.rnn.BidirectionalCell(gluon.rnn.RNNCell(2), gluon.rnn.RNNCell(2))(nd.ones((1, 2)), [])",
        "gluon.rnn.ZoneoutCell(gluon.rnn.BidirectionalCell(gluon.rnn.RNNCell(2), gluon.rnn.RNNCell(2)))",
        "cell = gluon.rnn.RNNCell(2); gluon.rnn.ZoneoutCell(cell); return gluon.rnn.ResidualCell(cell)",
        "cell = gluon.rnn.RNNCell(2); gluon.rnn.ZoneoutCell(cell); return cell.begin_state(batch_size=2)",
        "cell = gluon.rnn.RNNCell(2); gluon.rnn.ZoneoutCell(cell); return cell.unroll(1, nd.ones((1, 1, 2)))",
        "gluon.rnn.HybridSequentialRNNCell().add(gluon.rnn.SequentialRNNCell())",
        "gluon.rnn.HybridSequentialRNNCell()[0]",
        "gluon.rnn.SequentialRNNCell().begin_state(3)",
        "gluon.rnn.SequentialRNNCell().hybrid_forward(nd, nd.ones((1,)), [])",
        "gluon.rnn.DropoutCell('much')",
        "gluon.contrib.rnn.Conv1DRNNCell((2, 5), 3, 3, 2)",
        "gluon.contrib.rnn.Conv1DRNNCell((2, 5), 3, (3, 3), 3)",
    ],
)
def test_errors_have_the_class_of_mxnet(oracle, code):
    here, there = oracle.both(code)
    assert here.failed and there.failed
    assert_same(here, there)
    assert "MXNetError" in here.mro


def test_a_loop_over_a_stack_ends():
    stack = rnn.SequentialRNNCell()
    stack.add(rnn.RNNCell(2))
    assert [type(cell).__name__ for cell in stack] == ["RNNCell"]


def test_the_methods_of_a_subclass_are_called():
    called = []

    class Cell(rnn.GRUCell):
        def __call__(self, inputs, states):
            called.append("call")
            return super().__call__(inputs, states)

        def begin_state(self, **kwargs):
            called.append("begin_state")
            return super().begin_state(**kwargs)

        def reset(self):
            called.append("reset")
            super().reset()

        def state_info(self, batch_size=0):
            called.append("state_info")
            return super().state_info(batch_size)

        def hybrid_forward(self, F, inputs, states, **parameters):
            called.append("hybrid_forward")
            return super().hybrid_forward(F, inputs, states, **parameters)

    cell = _filled(Cell(2, input_size=2))
    called.clear()
    cell.unroll(2, nd.ones((1, 2, 2)))
    assert called == ["reset", "begin_state", "state_info", *["call", "hybrid_forward"] * 2]


def test_a_cell_of_a_program_is_unrolled_in_a_graph():
    class Counting(rnn.HybridRecurrentCell):
        def state_info(self, batch_size=0):
            return [{"shape": (batch_size, 2), "__layout__": "NC"}]

        def hybrid_forward(self, F, inputs, states):
            return inputs + states[0], [states[0] + 1]

    class Net(gluon.HybridBlock):
        def __init__(self):
            super().__init__()
            self.cell = Counting()

        def hybrid_forward(self, F, x):
            return self.cell.unroll(3, x, merge_outputs=True)[0]

    net = Net()
    plain = net(nd.zeros((1, 3, 2)))
    net.hybridize()
    assert net(nd.zeros((1, 3, 2))).asnumpy().tolist() == plain.asnumpy().tolist()
    assert plain.asnumpy().tolist() == [[[0, 0], [1, 1], [2, 2]]]


def test_shared_parameters_have_the_gradients_of_both():
    one = _filled(rnn.RNNCell(2, input_size=2, prefix="one_"))
    other = rnn.RNNCell(2, input_size=2, params=one.params)
    with autograd.record():
        one(nd.ones((1, 2)), [nd.ones((1, 2))])[0].backward(retain_graph=True)
    alone = one.i2h_weight.grad().asnumpy().copy()
    with autograd.record():
        total = one(nd.ones((1, 2)), [nd.ones((1, 2))])[0] + other(nd.ones((1, 2)), [nd.ones((1, 2))])[0]
    total.backward()
    np.testing.assert_allclose(one.i2h_weight.grad().asnumpy(), 2 * alone, rtol=1e-6)


def test_zoneout_keeps_elements_of_the_step_before():
    mx.random.seed(3)
    cell = _filled(rnn.ZoneoutCell(rnn.RNNCell(50), zoneout_outputs=0.5, zoneout_states=0.3))
    before = nd.ones((2, 50)) * 7
    cell.base_cell(nd.ones((2, 3)), [before])
    with autograd.train_mode():
        output, states = cell(nd.ones((2, 3)), [before])
    new = cell.base_cell(nd.ones((2, 3)), [before])[0].asnumpy()
    assert set(np.unique(np.where(output.asnumpy() == new, 1, output.asnumpy()))) == {0, 1}
    kept = states[0].asnumpy() == 7
    assert 0.1 < kept.mean() < 0.5
    np.testing.assert_array_equal(states[0].asnumpy()[~kept], new[~kept])


def test_variational_masks_stay_for_a_sequence():
    class Echo(rnn.HybridRecurrentCell):
        def state_info(self, batch_size=0):
            return [{"shape": (batch_size, 40), "__layout__": "NC"}]

        def hybrid_forward(self, F, inputs, states):
            return inputs, [states[0] + 1]

    cell = gluon.contrib.rnn.VariationalDropoutCell(Echo(), drop_inputs=0.5, drop_states=0.5)
    with autograd.train_mode():
        outputs, _ = cell.unroll(3, nd.ones((1, 3, 40)))
        again, _ = cell.unroll(3, nd.ones((1, 3, 40)))
    first = outputs[0].asnumpy()
    assert set(np.unique(first)) == {0, 2}
    assert all((output.asnumpy() == first).all() for output in outputs)
    assert (again[0].asnumpy() != first).any()


def test_what_a_function_for_states_raises_is_the_programs():
    def failing(**given):
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        rnn.RNNCell(2).begin_state(func=failing)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: rnn.RNNCell(-1), "hidden_size must be"),
        (lambda: rnn.LSTMCell(2, input_size=2.5), "input_size must be"),
        (lambda: gluon.contrib.rnn.LSTMPCell(2, "a"), "projection_size must be"),
        (lambda: gluon.contrib.rnn.Conv2DLSTMCell((2, 3), 2, 3, 3), "input_shape must be"),
        (lambda: gluon.contrib.rnn.Conv2DGRUCell((2, 3, 3), 2, 3, 3, conv_layout="NCW"), "layout must be"),
        (lambda: rnn.DropoutCell(2), "rate must be"),
        (lambda: rnn.ResidualCell(mx.rnn.LSTMCell(2)), "base_cell must be a cell of gluon.rnn; received LSTMCell"),
        (lambda: _filled(rnn.RNNCell(2)).unroll(3, nd.ones((1, 3, 2)), layout="NC"), "layout must name"),
        (lambda: rnn.ZoneoutCell(rnn.RNNCell(2), float("nan")), "zoneout_outputs must be"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(mx.MXNetError, match=words):
        make()


def test_a_dense_layer_in_a_stack_is_named():
    stack = rnn.SequentialRNNCell()
    stack.add(nn.Dense(2))
    with pytest.raises(mx.MXNetError, match=r"Dense.* has no attribute .begin_state"):
        stack.begin_state(batch_size=1)
