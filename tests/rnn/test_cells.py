"""mx.rnn's cells: the graphs that they make, to the letter, and what these compute."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same, succeeded
from tests.errors import class_of
from tests.rnn.networks import flat, made, stacked, unrolled

KINDS = made(mx, None)
RANDOM = {"DropoutCell", "SequentialRNNCell", "ZoneoutCell", "ZoneoutCell of outputs", "a stack of fused cells"}


def graphs(mx, kind):
    """The files of the graphs that a cell makes in all forms, twice in a row, and the names of their outputs."""
    import warnings

    found = []
    for layout in ("NTC", "TNC"):
        for merge in (None, True, False):
            for as_list in (False, True):
                with mx.name.NameManager(), warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # NTC is slower
                    graph, listed, states = unrolled(mx, kind, layout, merge, as_list)
                    found.append((graph.tojson(), graph.list_outputs(), listed, states))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_graphs(oracle, kind):
    assert_same(*succeeded(oracle.both(graphs, kind)))


def again(mx, kind):
    """The names in the graph of a cell that is unrolled twice, with and without a reset in between."""
    cell = made(mx, kind)
    names = []
    for _ in range(2):
        graph = mx.sym.Group(flat(cell.unroll(2, mx.sym.var("data"), layout="TNC")))
        names += [each.name for each in graph.get_internals()]
        cell.reset()
    return names, cell.state_info, cell.state_shape, [each.name for each in flat(cell.begin_state())]


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_is_used_again(oracle, kind):
    assert_same(*succeeded(oracle.both(again, kind)))


def stepped(mx, kind, layout):
    """Outputs, states and gradients of a cell with reproducible numbers."""
    import warnings

    import numpy as np

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NTC is slower
        graph = unrolled(mx, kind, layout)[0]
    # an output that is a state, too, once: of two gradients for one array MXNet takes the last
    graph = mx.sym.Group(
        [graph[number] for number in {name: n for n, name in enumerate(graph.list_outputs())}.values()]
    )
    sizes = {"N": (2,), "T": (3,), "C": (3, 6, 6) if kind.startswith("Conv") else (4,)}
    shape = sum((sizes[axis] for axis in layout), ())
    executor = graph.simple_bind(mx.cpu(), data=shape)
    random = np.random.RandomState(5)
    for name in sorted(executor.arg_dict):
        executor.arg_dict[name][:] = random.normal(size=executor.arg_dict[name].shape) * 0.5
    outputs = executor.forward(is_train=True)
    executor.backward([mx.nd.array(random.normal(size=each.shape)) for each in outputs])
    return list(outputs), dict(executor.grad_dict)


@pytest.mark.parametrize("layout", ["NTC", "TNC"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in RANDOM and kind != "unfused"])
def test_steps(oracle, kind, layout):
    assert_same(*succeeded(oracle.both(stepped, kind, layout)), rtol=1e-5)


@pytest.mark.parametrize("kind", ["DropoutCell", "SequentialRNNCell", "ZoneoutCell", "ZoneoutCell of outputs"])
def test_prediction_draws_nothing(oracle, kind):
    def predicted(mx, kind):
        import numpy as np

        executor = unrolled(mx, kind)[0].simple_bind(mx.cpu(), data=(2, 3, 4))
        random = np.random.RandomState(5)
        for name in sorted(executor.arg_dict):
            executor.arg_dict[name][:] = random.normal(size=executor.arg_dict[name].shape) * 0.5
        return list(executor.forward(is_train=False))

    assert_same(*succeeded(oracle.both(predicted, kind)), rtol=1e-5)


def test_zoneout_keeps_elements_of_the_step_before():
    cell = mx.rnn.ZoneoutCell(mx.rnn.RNNCell(50), zoneout_outputs=0.5)
    outputs = mx.sym.Group(cell.unroll(2, mx.sym.var("data"))[0])
    executor = outputs.simple_bind(mx.cpu(), data=(1, 2, 3))
    for array in executor.arg_arrays:
        array[:] = 0.1
    executor.arg_dict["data"][:] = mx.nd.array([[[1, 1, 1], [2, 2, 2]]])
    first, second = [each.asnumpy()[0] for each in executor.forward(is_train=True)]
    assert 5 < (first == 0).sum() < 45  # before the first step there are zeros
    assert 5 < (second == first).sum() < 45


# --- parameters ---------------------------------------------------------------------------------------------------


def repacked(mx, kind):
    """The weights of gates, and what is made of them again."""
    import numpy as np

    cell = made(mx, kind)
    graph = mx.sym.Group(flat(cell.unroll(2, mx.sym.var("data"), layout="TNC")))
    shapes = dict(zip(graph.list_arguments(), graph.infer_shape(data=(2, 1, 4))[0], strict=True))
    random = np.random.RandomState(5)
    arrays = {name: mx.nd.array(random.normal(size=shapes[name])) for name in sorted(shapes) if name != "data"}
    arrays["other"] = mx.nd.ones((1,))
    before = sorted(arrays)
    unpacked = cell.unpack_weights(arrays)
    packed = cell.pack_weights(unpacked)
    return dict(unpacked), dict(packed), sorted(arrays) == before, list(cell.params._params)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("Conv")])
def test_weights_of_gates(oracle, kind):
    assert_same(*succeeded(oracle.both(repacked, kind)))


def test_convolutions_have_gates_too(oracle):
    def packed(mx):
        cell = mx.rnn.ConvLSTMCell((1, 3, 6, 6), 2)
        shapes = {"i2h_weight": (8, 3, 3, 3), "i2h_bias": (8,), "h2h_weight": (8, 2, 3, 3), "h2h_bias": (8,)}
        arrays = {
            "ConvLSTM_" + name: mx.nd.arange(shape[0]).reshape((-1,) + (1,) * (len(shape) - 1)).broadcast_to(shape)
            for name, shape in shapes.items()
        }
        unpacked = cell.unpack_weights(arrays)
        return dict(unpacked), dict(cell.pack_weights(unpacked))

    assert_same(*succeeded(oracle.both(packed)))


def test_a_fused_cell_and_its_parts_compute_the_same():
    fused = mx.rnn.FusedRNNCell(3, num_layers=2, mode="lstm", bidirectional=True, prefix="x_")
    stack = fused.unfuse()
    data = mx.sym.var("data")
    whole = fused.unroll(4, data, layout="TNC", merge_outputs=True)[0].simple_bind(mx.cpu(), data=(4, 2, 5))
    parts = stack.unroll(4, data, layout="TNC", merge_outputs=True)[0].simple_bind(mx.cpu(), data=(4, 2, 5))
    whole.arg_dict["data"][:] = mx.nd.random.normal(shape=(4, 2, 5))
    whole.arg_dict["x_parameters"][:] = mx.nd.random.normal(shape=whole.arg_dict["x_parameters"].shape)
    weights = stack.pack_weights(fused.unpack_weights({"x_parameters": whole.arg_dict["x_parameters"]}))
    parts.copy_params_from({**weights, "data": whole.arg_dict["data"]})
    assert_same(parts.forward()[0].asnumpy(), whole.forward()[0].asnumpy(), rtol=1e-5)


def shared(mx):
    params = mx.rnn.RNNParams("both_")
    first, second = [mx.rnn.RNNCell(3, prefix=prefix, params=params) for prefix in ("a_", "b_")]
    outputs = [cell.unroll(1, mx.sym.var("data"))[0][0] for cell in (first, second)]
    net = mx.sym.Group(outputs)
    params.get("more", shape=(2, 3), init=mx.init.One())
    return (
        net.list_arguments(),
        net.list_outputs(),
        list(params._params),
        sorted(params.get("more").attr_dict()["both_more"].items()),
    )


def test_cells_share_parameters(oracle):
    assert_same(*succeeded(oracle.both(shared)))


def begun(mx, kind, options):
    maker = {"ones": mx.sym.ones, "var": mx.sym.var}
    given = {name: maker.get(value, value) for name, value in options.items()}
    return mx.sym.Group(flat(made(mx, kind).begin_state(**given))).tojson()


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("LSTMCell", {}), ("LSTMCell", {"func": "var"}), ("LSTMCell", {"func": "ones", "dtype": "float16"}),
        ("SequentialRNNCell", {}), ("unfused", {"func": "var"}), ("FusedRNNCell", {"func": "var"}),
        ("ResidualCell", {"init_sym": "ones"}), ("ResidualCell", {}), ("GRUCell", {"shape": (3, 4)}),
    ],
)  # fmt: skip
def test_begin_states(oracle, kind, options):
    assert_same(*succeeded(oracle.both(begun, kind, options)))


def own_function(mx):
    cell = mx.rnn.RNNCell(3, activation=lambda data, **options: mx.sym.LeakyReLU(data, slope=0.5, **options))
    return cell.unroll(2, mx.sym.var("data"), merge_outputs=True)[0].tojson()


def test_an_activation_is_a_function(oracle):
    assert_same(*succeeded(oracle.both(own_function)))


def own_cell(mx):
    """A program's own cell, and one that derives from ours."""

    class Sum(mx.rnn.BaseRNNCell):
        @property
        def state_info(self):
            return [{"shape": (0, 4), "__layout__": "NC"}]

        def __call__(self, inputs, states):
            self._counter += 1
            total = mx.sym.elemwise_add(inputs, states[0], name=f"{self._prefix}t{self._counter}")
            return total, [total]

    class Loud(mx.rnn.LSTMCell):
        def __call__(self, inputs, states):
            output, states = super().__call__(inputs, states)
            return output * 2, states

    stack = stacked(mx, Sum(prefix="sum_"), Loud(4))
    net = mx.sym.Group(flat(stack.unroll(2, mx.sym.var("data"))))
    return net.tojson(), stack.state_shape, sorted(stack.unpack_weights({**{
        "lstm_" + name: mx.nd.ones((16, 4) if name.endswith("weight") else (16,))
        for name in ("i2h_weight", "i2h_bias", "h2h_weight", "h2h_bias")
    }}))  # fmt: skip


def test_cells_of_a_program(oracle):
    assert_same(*succeeded(oracle.both(own_cell)))


# --- mistakes -----------------------------------------------------------------------------------------------------


def mistakes(mx):
    """What goes wrong, by the class of the error."""
    rnn, var = mx.rnn, mx.sym.var
    bidirectional = rnn.BidirectionalCell(rnn.LSTMCell(3, prefix="l_"), rnn.LSTMCell(3, prefix="r_"))
    taken = rnn.RNNCell(3)
    rnn.ResidualCell(taken)
    stack = stacked(mx, rnn.BidirectionalCell(rnn.LSTMCell(3, prefix="m_"), rnn.LSTMCell(3, prefix="n_")))
    two = mx.sym.Group([var("a"), var("b")])
    return [
        lambda: rnn.BaseRNNCell().state_info, lambda: rnn.BaseRNNCell()(1, 2), lambda: rnn.ModifierCell(taken)(1, 2),
        lambda: rnn.RNNCell(3).unroll(2, None), lambda: rnn.RNNCell(3).unroll(2, [var("a")]),
        lambda: rnn.RNNCell(3).unroll(2, two), lambda: rnn.RNNCell(3).unroll(2, "ab" * 5),
        lambda: taken.begin_state(), lambda: taken.unroll(2, var("x")),
        lambda: bidirectional(var("x"), []), lambda: stack(var("x"), stack.begin_state()),
        lambda: rnn.FusedRNNCell(3)(var("x"), []), lambda: rnn.FusedRNNCell(3).unroll(2, var("x"), layout="NCT"),
        lambda: rnn.ZoneoutCell(rnn.FusedRNNCell(3)), lambda: rnn.ZoneoutCell(bidirectional),
        lambda: rnn.DropoutCell("much"), lambda: rnn.ConvRNNCell((1, 3, 6, 6), 2, h2h_kernel=(2, 2)),
        lambda: rnn.SequentialRNNCell(params=rnn.RNNParams()).add(rnn.RNNCell(3)),
        lambda: rnn.LSTMCell(3).unpack_weights({}), lambda: rnn.GRUCell(3).pack_weights({}),
        lambda: rnn.FusedRNNCell(3).unpack_weights({}), lambda: rnn.FusedRNNCell(3).pack_weights({}),
    ]  # fmt: skip


def classes(mx):
    import warnings

    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for mistake in mistakes(mx):
            try:
                found.append(mistake())
            except Exception as error:
                found.append(class_of(error))
    return found


def test_mistakes(oracle):
    theirs = oracle.run(classes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for mistake, expected in zip(mistakes(mx), theirs, strict=True):
            with pytest.raises(mx.MXNetError) as raised:
                mistake()
            assert expected in [kind.__name__ for kind in type(raised.value).__mro__], (expected, raised.value)


@pytest.mark.parametrize("size", [7, 8])
def test_packed_parameters_of_another_size(size):
    with pytest.raises(mx.MXNetError, match=rf"x_parameters must hold the weights of 1 layers of 2 units; .* {size}"):
        mx.rnn.FusedRNNCell(2, prefix="x_").unpack_weights({"x_parameters": mx.nd.ones((size,))})


def test_time_in_the_second_place_is_slower():
    with pytest.warns(UserWarning, match="'TNC' is quicker"):
        mx.rnn.FusedRNNCell(2).unroll(2, mx.sym.var("data"))


def test_a_modifier_gives_its_cell_back_after_a_mistake():
    cell = mx.rnn.ResidualCell(mx.rnn.RNNCell(3))
    with pytest.raises(mx.MXNetError):
        cell.unroll(2, None)
    with pytest.raises(mx.MXNetError, match=r"begin_state of the modifier"):
        cell.base_cell.begin_state()
    assert len(cell.unroll(2, mx.sym.var("data"))[0]) == 2


def test_sizes_of_states_follow_from_the_input():
    cell = mx.rnn.ConvLSTMCell((4, 6, 6, 3), 5, conv_layout="NHWC")
    assert cell.state_shape == [(0, 6, 6, 5)] * 2
    assert np.prod(mx.rnn.RNNCell(4).state_shape[0]) == 0
