"""The executors of a module, for programs that use them without one, and the helpers beside them."""

from __future__ import annotations

import pytest

import glueball as mx
from tests.comparison import assert_same


def _plain(mx, value):
    """What tells two results apart: shapes of arrays, and everything else as it is."""
    if isinstance(value, mx.nd.NDArray):
        return ("array", value.shape)
    if isinstance(value, (list, tuple)):
        return [_plain(mx, each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(mx, each) for name, each in value.items()}
    return value if isinstance(value, (int, str, float, bool, type(None))) else repr(value)


def _make(mx, **options):
    from_data = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    arguments = {
        "symbol": mx.sym.SoftmaxOutput(from_data, name="softmax"),
        "contexts": [mx.cpu(0), mx.cpu(1)],
        "workload": [1, 1],
        "data_shapes": [mx.io.DataDesc("data", (4, 3))],
        "label_shapes": [mx.io.DataDesc("softmax_label", (4,))],
        "param_names": ["fc_weight", "fc_bias"],
        "for_training": True,
        "inputs_need_grad": True,
    }
    return mx.module.executor_group.DataParallelExecutorGroup(**{**arguments, **options})


ATTRIBUTES = (
    "arg_names", "aux_names", "batch_size", "contexts", "data_arrays", "data_layouts", "data_names",
    "fixed_param_names", "for_training", "grad_arrays", "grad_req", "group2ctxs", "input_grad_arrays",
    "inputs_need_grad", "label_arrays",
    "label_layouts", "label_names", "num_outputs", "output_layouts", "output_names", "param_arrays", "param_names",
    "slices", "state_arrays", "state_names", "workload",
)  # fmt: skip


def _attributes(mx, options, names):
    group = _make(mx, **options)
    return {name: _plain(mx, getattr(group, name)) for name in names}


@pytest.mark.parametrize(
    "options",
    [
        {}, {"for_training": False, "inputs_need_grad": False}, {"fixed_param_names": ["fc_bias"]}, {"grad_req": "add"},
        {"grad_req": {"fc_weight": "null"}}, {"grad_req": ["write"] * 4}, {"label_shapes": None},
        {"inputs_need_grad": False}, {"workload": [1, 3]},
    ],
)  # fmt: skip
def test_attributes_are_mxnets(oracle, options):
    assert_same(*oracle.both(_attributes, options, ATTRIBUTES))


def _computed(mx):
    import numpy as np

    group = _make(mx)
    weight, bias = mx.nd.array(np.arange(6).reshape(2, 3) / 10), mx.nd.array([0.5, -0.5])
    group.set_params({"fc_weight": weight, "fc_bias": bias, "other": bias}, {}, allow_extra=True)
    batch = mx.io.DataBatch([mx.nd.array(np.arange(12).reshape(4, 3) / 5)], [mx.nd.array([0, 1, 1, 0])])
    found = []
    group.forward(batch)
    group.backward()
    found += [group.get_outputs(), group.get_outputs(merge_multi_context=False, begin=0, end=1)]
    found += [group.grad_arrays, group.get_input_grads(), group.get_input_grads(False), group.get_output_shapes()]
    for labels, sliced in ((batch.label, False), ([[batch.label[0][:2]], [batch.label[0][2:]]], True)):
        metric = mx.metric.create("acc")
        group.update_metric(metric, labels, sliced)
        found.append(float(metric.get()[1]))
    kept = {"fc_weight": mx.nd.zeros((2, 3)), "fc_bias": mx.nd.zeros((2,))}
    group.get_params(kept, {})
    group.reshape([mx.io.DataDesc("data", (6, 3))], [mx.io.DataDesc("softmax_label", (6,))])
    group.forward(mx.io.DataBatch([mx.nd.ones((6, 3))], [mx.nd.ones((6,))]), is_train=False)
    found += [kept, group.batch_size, group.get_outputs()]
    shared = _make(mx, shared_group=group)
    shared.forward(batch, is_train=False)
    found.append(shared.get_outputs())
    seen = []
    group.install_monitor(type("Seen", (), {"install": lambda self, executor: seen.append(type(executor).__name__)})())
    return found, seen


def test_it_computes_as_mxnets(oracle):
    assert_same(*oracle.both(_computed), rtol=1e-5)


def _refused(mx, call):
    return eval(call, {"mx": mx, "group": _make(mx), "make": lambda **options: _make(mx, **options)})


@pytest.mark.parametrize(
    "call",
    [
        "group.set_params({'other': mx.nd.ones((2,))}, {})", "group.get_states()", "group.set_states()",
        "make(inputs_need_grad=False).get_input_grads()", "make(for_training=False).backward()",
        "make(workload=[1, 0])",
    ],
)  # fmt: skip
def test_refusals(oracle, call):
    assert_same(*oracle.both(_refused, call))


def test_a_failed_binding_changes_nothing():
    group = _make(mx)
    before = (group.batch_size, group.execs, group.data_shapes)
    with pytest.raises(mx.MXNetError):
        group.reshape([mx.io.DataDesc("data", (6, 5))], None)
    assert before == (group.batch_size, group.execs, group.data_shapes)


def test_a_module_has_one():
    module = mx.mod.Module(
        mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2), name="softmax")
    )
    module.bind([("data", (4, 3))], [("softmax_label", (4,))], for_training=False)
    assert type(module._exec_group) is mx.module.executor_group.DataParallelExecutorGroup
    assert mx.module.module.DataParallelExecutorGroup is mx.module.executor_group.DataParallelExecutorGroup
    kept = module._exec_group
    module.reshape([("data", (2, 3))], [("softmax_label", (2,))])
    assert module._exec_group is kept


def _divided(mx, size, workload):
    return _plain(mx, mx.executor_manager._split_input_slice(size, workload))


@pytest.mark.parametrize(
    ("size", "workload"),
    [
        (4, [1, 1]), (5, [1, 1]), (7, [1, 2, 4]), (2, [1, 1, 1]), (10, [1, 1, 1]), (0, [1]), (4, [1]), (4, []),
        (3, [0, 1]), (10, [0.5, 0.5]), (10, [1.5, 2.5, 1]),
    ],
)  # fmt: skip
def test_split_input_slice(oracle, size, workload):
    assert_same(*oracle.both(_divided, size, workload))


def test_workloads_must_be_positive():
    with pytest.raises(ValueError, match="with a positive sum"):
        mx.executor_manager._split_input_slice(4, [0, 0])


def _arguments(mx, graph):
    x = mx.sym.var("x")
    names = {"mx": mx, "x": x, "y": mx.sym.var("y")}
    return mx.executor_manager._check_arguments(eval(graph, names))


@pytest.mark.parametrize(
    "graph",
    [
        "mx.sym.FullyConnected(x, num_hidden=2)", "x + mx.sym.var('x')",
        "mx.sym.Group([mx.sym.BatchNorm(x, name='b'), mx.sym.BatchNorm(y, x + 1, x + 2, name='b')])",
    ],
)  # fmt: skip
def test_check_arguments(oracle, graph):
    assert_same(*oracle.both(_arguments, graph))


def _copied(mx):
    from_manager, from_group = mx.executor_manager, mx.module.executor_group
    rows = mx.nd.array([[1, 2], [3, 4], [5, 6]])
    parts = [[(slice(0, 1), mx.nd.zeros((1, 2))), (slice(1, 3), mx.nd.zeros((2, 2)))]]
    whole = [mx.nd.zeros((3, 2))]
    from_manager._load_general([rows], parts)
    from_manager._load_data(mx.io.DataBatch([rows], [rows + 1]), whole)
    found = [[each for _, each in parts[0]], whole[0].copy()]
    from_manager._load_label(mx.io.DataBatch([rows], [rows + 1]), whole)
    columns = [[(slice(0, 1), mx.nd.zeros((3, 1))), (slice(1, 2), mx.nd.zeros((3, 1)))]]
    undivided = [[(slice(0, 1), mx.nd.zeros((3, 2))), (slice(1, 2), mx.nd.zeros((3, 2)))]]
    in_parts = [[mx.nd.zeros((3, 2))]]
    from_group._load_general([rows], columns, [1])
    from_group._load_general([rows], undivided, [-1])
    from_group._load_general([[rows]], in_parts, [0])
    found += [whole, [each for _, each in columns[0]], [each for _, each in undivided[0]], in_parts]
    ones = mx.nd.ones
    outputs = [[ones((1, 2)), ones((2, 2))], [ones((2, 1)), ones((2, 2))], [ones((1,)), ones((1,))]]
    return found, from_group._merge_multi_context(outputs, [0, 1, -1])


def test_copying_and_merging_parts(oracle):
    assert_same(*oracle.both(_copied))


def test_copying_refuses_other_shapes():
    for load in (
        lambda target: mx.executor_manager._load_general([mx.nd.ones((2,))], [target]),
        lambda target: mx.module.executor_group._load_general([mx.nd.ones((2,))], [target], [0]),
    ):
        with pytest.raises(mx.MXNetError, match="an array must have the shape it"):
            load(mx.nd.ones((3,)))


def _contexts_of_groups(mx, given, count):
    return _plain(mx, mx.module.executor_group._prepare_group2ctxs(eval(given, {"mx": mx}), count))


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ("None", 2), ("{'a': mx.cpu(0)}", 2), ("{'a': [mx.cpu(0), mx.cpu(1)]}", 2), ("{'a': [mx.cpu(0)]}", 2),
        ("[{'a': mx.cpu(0)}]", 1), ("[{'a': mx.cpu(0)}]", 2), ("[{'a': mx.cpu(0)}, {'a': mx.cpu(1)}]", 2), ("3", 1),
    ],
)  # fmt: skip
def test_contexts_of_groups(oracle, given, count):
    assert_same(*oracle.both(_contexts_of_groups, given, count))


def _names(mx, call):
    import warnings

    symbol = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc"), name="softmax")
    names = {"base": mx.module.base_module, "symbol": symbol, "D": mx.io.DataDesc}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = _plain(mx, eval(call, names))
    return found, [each.category.__name__ for each in caught]


@pytest.mark.parametrize(
    "call",
    [
        "base._check_input_names(symbol, ['data'], 'data', True)",
        "base._check_input_names(symbol, ['dat'], 'data', True)",
        "base._check_input_names(symbol, ['dat'], 'label', False)", "base._check_input_names(symbol, [], 'data', True)",
        "base._check_names_match(['data'], [D('data', (1, 2))], 'data', True)",
        "base._check_names_match(['data'], [D('dat', (1, 2))], 'data', True)",
        "base._check_names_match(['data'], [D('dat', (1, 2))], 'data', False)",
        "base._check_names_match(['a', 'b'], [D('b', (1,)), D('a', (1,))], 'data', True)",
        "base._check_names_match(['a'], [], 'data', True)",
        "base._parse_data_desc(['data'], ['l'], [('data', (1, 2))], [('l', (1,))])",
        "base._parse_data_desc(['data'], [], [('data', (1, 2))], None)",
        "base._parse_data_desc(['data'], ['l'], [('data', (1, 2))], None)",
        "base._parse_data_desc(['data'], ['l'], [D('data', (1, 2))], [('q', (1,))])",
        "base._parse_data_desc(['data'], [], [('data', (1, 2))], [])",
        "base._parse_data_desc(['data'], [], [('x', (1, 2))], None)",
    ],
)  # fmt: skip
def test_names_of_inputs(oracle, call):
    assert_same(*oracle.both(_names, call))
