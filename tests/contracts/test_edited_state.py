"""Attributes without a public name that programs read and change: changes take effect as in MXNet."""

from __future__ import annotations

import pytest

import glueball as mx
from tests.comparison import assert_same


def prune(mx):
    """A pruned layer: fewer filters, set behind the constructor's back."""
    layer = mx.gluon.nn.Conv2D(8, 3, in_channels=3)
    layer._channels, layer._kwargs["num_filter"] = 4, 4
    layer.params.get("weight")._shape, layer.params.get("bias")._shape = (4, 3, 3, 3), (4,)
    layer.initialize()
    return [parameter.shape for parameter in layer.collect_params().values()], layer(mx.nd.ones((1, 3, 5, 5))).shape


def change_padding(mx):
    layer = mx.gluon.nn.Conv2D(1, 3, in_channels=1)
    layer.initialize(mx.init.One())
    layer._kwargs["pad"] = (1, 1)
    results = [layer(mx.nd.ones((1, 1, 3, 3)))]
    layer.hybridize()
    return [*results, layer(mx.nd.ones((1, 1, 3, 3)))]


def replace_child(mx):
    """A child replaced in a traced network counts after hybridize() or _clear_cached_op()."""
    network = mx.gluon.nn.HybridSequential()
    network.add(mx.gluon.nn.Activation("relu"), mx.gluon.nn.Activation("relu"))
    network.hybridize()
    x = mx.nd.array([-1.0, 1.0])
    results = [network(x)]
    network._children["1"] = mx.gluon.nn.Activation("tanh")
    network._children["0"] = mx.gluon.nn.Activation("tanh")
    results.append(network(x))
    network._clear_cached_op()
    results.append(network(x))
    del network._children["1"]
    network.hybridize()
    return [*results, network(x)]


def read_graph(mx):
    """The graph of a hybridized network, before and after it is traced and cleared."""
    layer = mx.gluon.nn.Dense(2, prefix="fc_")
    layer.initialize()
    layer.hybridize(static_alloc=True)
    seen = [len(layer._cached_graph), layer._cached_op is None, layer._active, [list(flag) for flag in layer._flags]]
    layer(mx.nd.ones((1, 3)))
    inputs, outputs = layer._cached_graph
    seen += [[symbol.name for symbol in inputs], outputs.list_outputs(), layer._cached_op is None]
    layer._clear_cached_op()
    return [*seen, len(layer._cached_graph), layer._cached_op is None]


def read_parameter(mx):
    """What a parameter keeps, before and after it is initialized, on one context and on two."""
    seen = []
    for contexts in ([mx.cpu(0)], [mx.cpu(0), mx.cpu(1)]):
        parameter = mx.gluon.Parameter("w", shape=(2, 0), allow_deferred_init=True)
        seen.append([parameter._data is None, parameter._grad is None, len(parameter._deferred_init)])
        parameter.initialize(ctx=contexts, init=mx.init.One())
        seen.append([parameter._data is None, parameter._ctx_list is None, len(parameter._deferred_init)])
        parameter._shape = (2, 3)
        parameter._finish_deferred_init()
        seen += [parameter._data, parameter._grad, [str(ctx) for ctx in parameter._ctx_list], parameter._shape]
        seen += [parameter._trainer is None, parameter._ctx_map is not None, len(parameter._deferred_init)]
        seen += [parameter._check_and_get(parameter._data, list), parameter._check_and_get(parameter._grad, mx.cpu(0))]
    return seen


def write_parameter(mx):
    """Arrays put into a parameter, and one that is loaded."""
    layer = mx.gluon.nn.Dense(1, in_units=2, use_bias=False)
    layer.initialize(mx.init.One())
    x = mx.nd.ones((1, 2))
    results = [layer(x)]
    layer.weight._data[0] = mx.nd.array([[2.0, 3.0]])
    results.append(layer(x))
    layer.weight._data = [mx.nd.array([[4.0, 5.0]])]
    results += [layer(x), layer.weight.data()]
    layer.weight._load_init(mx.nd.array([[6.0, 7.0]]), mx.cpu())
    results += [layer(x)]
    layer.weight._grad_req = "null"
    return [*results, layer.weight.grad_req]


def edit_trainer(mx, change):
    """A trainer whose attributes are changed before a step."""
    layer = mx.gluon.nn.Dense(1, in_units=2)
    layer.initialize(mx.init.One(), ctx=[mx.cpu(0), mx.cpu(1)])
    trainer = mx.gluon.Trainer(layer.collect_params(), "sgd", {"learning_rate": 0.5}, update_on_kvstore=False)
    trainer._init_kvstore()
    if change == "no kvstore":
        trainer._kvstore = None
    elif change == "fewer parameters":
        trainer._params = trainer._params[:1]
    elif change == "another scale":
        trainer._scale = 0.25
    elif change == "another rate":
        trainer._optimizer.lr = 0.125
    losses = []
    for number in range(2):
        with mx.autograd.record():
            losses.append(layer(mx.nd.ones((1, 2), ctx=mx.cpu(number)) * (number + 1)).sum())
    mx.autograd.backward(losses)
    trainer.step(1)
    state = [
        trainer._kv_initialized,
        trainer._update_on_kvstore,
        trainer._kvstore is None,
        len(trainer._params_to_init),
    ]
    return [layer.weight.list_data(), layer.bias.list_data(), state, sorted(trainer._param2idx.values())]


def edit_loader(mx, workers):
    """A loader of other data, made into batches in another way."""
    loader = mx.gluon.data.DataLoader(
        mx.gluon.data.SimpleDataset([1.0, 2.0, 3.0]), 2, num_workers=workers, thread_pool=True
    )
    results = [loader._num_workers, len(loader._dataset), [batch.tolist() for batch in map(_array, loader)]]
    if not workers:
        loader._dataset = mx.gluon.data.SimpleDataset([4.0, 5.0, 6.0])
    loader._batchify_fn = _largest
    return [*results, [float(batch) for batch in loader]]


def _array(batch):
    return batch.asnumpy()


def _largest(samples):
    return max(samples)


def read_module(mx):
    """The executors of a Module."""
    module = mx.mod.Module(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc"), label_names=None)
    module.bind([("data", (1, 3))])
    module.init_params(mx.init.One())
    module._exec_group.execs[0].arg_dict["fc_bias"][:] = 5
    module.forward(mx.io.DataBatch([mx.nd.ones((1, 3))]), is_train=False)
    return [module.get_outputs(), module._exec_group.param_names, sorted(module._exec_group.execs[0].arg_dict)]


PROGRAMS = [prune, change_padding, replace_child, read_graph, read_parameter, write_parameter, read_module]


@pytest.mark.parametrize("program", PROGRAMS)
def test_as_in_mxnet(oracle, program):
    one, other = oracle.both(program)
    assert_same(one, other)


@pytest.mark.parametrize("change", ["nothing", "no kvstore", "fewer parameters", "another scale", "another rate"])
def test_trainers_as_in_mxnet(oracle, change):
    one, other = oracle.both(edit_trainer, change)
    assert_same(one, other)


@pytest.mark.parametrize("workers", [0, 1])
def test_loaders_as_in_mxnet(oracle, workers):
    one, other = oracle.both(edit_loader, workers)
    assert_same(one, other)


def test_what_cannot_be_replaced_is_refused():
    layer = mx.gluon.nn.Dense(2, in_units=2)
    layer.initialize()
    trainer = mx.gluon.Trainer(layer.collect_params(), "sgd")
    with pytest.raises(mx.MXNetError, match="_cached_op: it may only be cleared"):
        layer._cached_op = object()
    with pytest.raises(mx.MXNetError, match="_cached_graph: it may only be cleared"):
        layer._cached_graph = ([], mx.sym.var("x"))
    with pytest.raises(mx.MXNetError, match=r"_kvstore: it must be a KVStore or None.*override _allreduce_grads"):
        trainer._kvstore = object()
