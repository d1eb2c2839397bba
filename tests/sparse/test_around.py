"""What the rest of the library does with sparse arrays: data, metrics, initializers, graphs and stores."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball import MXNetError, nd
from tests.comparison import assert_same

DENSE = np.array([[0, 2, 0], [1, 0, 3], [0, 0, 0], [4, 0, 0]], np.float32)

_SAME = [
    "[x.shape for x in [gluon.data.ArrayDataset(c)[1]]]",
    "[(b[0].stype, b[0], b[1]) for b in gluon.data.DataLoader(gluon.data.ArrayDataset(c, nd.arange(4)), 2)]",
    "[(x.stype, x) for x in gluon.utils.split_data(c, 2)]",
    "[(x.stype, x.shape) for x in gluon.utils.split_and_load(c, [mx.cpu(0), mx.cpu(1)])]",
    "gluon.utils.clip_global_norm([r], 1.0), r",
    "(lambda m: (m.update([nd.array([0, 1, 1, 0])], [c]), float(m.get()[1]))[1])(mx.metric.Accuracy())",
    "(lambda m: (m.update([nd.array(dense)], [r]), float(m.get()[1]))[1])(mx.metric.MSE())",
    "(lambda a: (mx.init.One()(mx.init.InitDesc('w'), a), a.stype, a)[1:])(nd.zeros((3, 2), stype='row_sparse'))",
    "(lambda a: (mx.init.Normal()(mx.init.InitDesc('w'), a), a.stype)[1])(nd.zeros((3, 2), stype='row_sparse'))",
    "(lambda o: (nd.dot(c, nd.ones((3, 2)), out=o), o)[1])(nd.zeros((4, 2)))",
    "(lambda d: (d.initialize(mx.init.One()), d(c))[1])(gluon.nn.Dense(2))",
    "(lambda d: (d.initialize(mx.init.One()), d.hybridize(), d(c))[2])(gluon.nn.Dense(2))",
    "nd.where(c > 0, nd.ones((4, 3)), nd.zeros((4, 3)))",
    "(lambda o: (o.stype, o))(mx.sym.sparse.dot(mx.sym.var('x', stype='csr'), mx.sym.var('w'), transpose_a=True)"
    ".eval(x=c, w=nd.ones((4, 2)))[0])",
    "mx.sym.sparse.dot(mx.sym.var('x', stype='csr'), mx.sym.var('w', stype='row_sparse')).attr_dict()",
    "mx.sym.sparse.retain(mx.sym.var('x'), mx.sym.var('w')).name",
    "mx.sym.cast_storage(mx.sym.var('x', stype='csr'), stype='default').tojson()",
    "mx.sym.sparse.dot(mx.sym.var('x', stype='csr'), mx.sym.var('w')).tojson()",
]  # fmt: skip


def _evaluated(mx, dense, text):
    names = {"mx": mx, "nd": mx.nd, "gluon": mx.gluon, "dense": dense}
    names |= {"c": mx.nd.array(dense).tostype("csr"), "r": mx.nd.array(dense).tostype("row_sparse")}
    return eval(text, names)


@pytest.mark.parametrize("text", _SAME)
def test_as_in_mxnet(oracle, text):
    assert_same(*oracle.both(_evaluated, DENSE, text))


def _bound(mx, dense, stype, request):
    x, w = mx.sym.var("x", stype="csr"), mx.sym.var("w", stype=stype)
    weight = mx.nd.ones((3, 2)).tostype(stype)
    executor = mx.sym.dot(x, w).bind(
        mx.cpu(), {"x": mx.nd.array(dense).tostype("csr"), "w": weight},
        {"w": mx.nd.zeros((3, 2), stype="row_sparse")}, request,
    )  # fmt: skip
    for _ in range(2):
        executor.forward(is_train=True)
        executor.backward(mx.nd.ones((4, 2)))
    gradient = executor.grad_dict["w"]
    return executor.outputs[0], gradient.stype, gradient


@pytest.mark.parametrize("request_", ["write", "add"])
@pytest.mark.parametrize("stype", ["default", "row_sparse"])
def test_bind(oracle, stype, request_):
    if request_ == "add":  # MXNet refuses to add rows
        assert (
            _bound(mx, DENSE, stype, "add")[2].asnumpy() == 2 * _bound(mx, DENSE, stype, "write")[2].asnumpy()
        ).all()
    else:
        assert_same(*oracle.both(_bound, DENSE, stype, request_))


def _simply_bound(mx, text):
    v = mx.sym.var
    symbol, shapes = eval(text, {"mx": mx, "v": v})
    executor = symbol.simple_bind(mx.cpu(), **shapes)
    return (
        {name: array.stype for name, array in executor.arg_dict.items()},
        {name: array.stype for name, array in executor.grad_dict.items() if name in ("w", "w2")},
    )


@pytest.mark.parametrize(
    "text",
    [
        "mx.sym.dot(v('x', stype='csr'), v('w', shape=(5, 2))), {'x': (3, 5)}",
        "mx.sym.dot(v('x', stype='csr'), v('w', stype='row_sparse', shape=(5, 2))), {'x': (3, 5)}",
        "mx.sym.dot(v('x', stype='csr'), v('w', shape=(3, 2)), transpose_a=True), {'x': (3, 5)}",
        "mx.sym.Embedding(v('x'), v('w', shape=(5, 2)), input_dim=5, output_dim=2, sparse_grad=True), {'x': (3,)}",
        "mx.sym.Embedding(v('x'), v('w', shape=(5, 2)), input_dim=5, output_dim=2), {'x': (3,)}",
        "mx.sym.contrib.SparseEmbedding(v('x'), v('w', shape=(5, 2)), input_dim=5, output_dim=2), {'x': (3,)}",
        "mx.sym.abs(v('w', stype='row_sparse', shape=(5, 2))), {}",
    ],
)
def test_storage_types_of_bound_arrays(oracle, text):
    assert_same(*oracle.both(_simply_bound, text))


def test_a_module_takes_batches_of_other_sizes():
    c = nd.array(DENSE).tostype("csr")
    x, w = mx.sym.var("data", stype="csr"), mx.sym.var("w", shape=(3, 2), stype="row_sparse", init=mx.init.One())
    module = mx.mod.Module(mx.sym.SoftmaxOutput(mx.sym.dot(x, w), mx.sym.var("softmax_label")))
    module.bind([("data", (2, 3))], [("softmax_label", (2,))])
    module.init_params()
    module.init_optimizer(optimizer="sgd")
    for size in (2, 1, 4):
        batch = mx.io.DataBatch(
            [c[:size]],
            [nd.zeros((size,))],
            provide_data=[("data", (size, 3))],
            provide_label=[("softmax_label", (size,))],
        )
        module.forward_backward(batch)
        module.update()
        assert module.get_outputs()[0].shape == (size, 2)


def test_a_module_divides_csr_batches():
    found = []
    for contexts in ([mx.cpu(0)], [mx.cpu(0), mx.cpu(1)]):
        x, w = mx.sym.var("data", stype="csr"), mx.sym.var("w", shape=(3, 2), stype="row_sparse", init=mx.init.One())
        symbol = mx.sym.SoftmaxOutput(mx.sym.dot(x, w), mx.sym.var("softmax_label"))
        module = mx.mod.Module(symbol, context=contexts)
        module.bind([("data", (4, 3))], [("softmax_label", (4,))])
        module.init_params()
        module.init_optimizer(optimizer="sgd", optimizer_params={"learning_rate": 1})
        for _ in range(2):
            module.forward_backward(mx.io.DataBatch([nd.array(DENSE).tostype("csr")], [nd.array([0, 1, 0, 1])]))
            module.update()
        found.append(module.get_params()[0]["w"].asnumpy())
    np.testing.assert_allclose(found[0], found[1], rtol=1e-6)


def _stored(mx, dense):
    store, r = mx.kv.create("local"), mx.nd.array(dense).tostype("row_sparse")
    store.init("e", mx.nd.ones((4, 3)).tostype("row_sparse"))
    store.set_optimizer(mx.optimizer.SGD(learning_rate=1))
    store.push("e", [r, r])
    out, whole, ignored = [mx.nd.zeros((4, 3), stype="row_sparse") for _ in range(3)]
    store.row_sparse_pull("e", out=out, row_ids=mx.nd.array([3, 0, 3]))
    store.pull("e", out=whole, ignore_sparse=False)
    store.pull("e", out=ignored)
    return out, out.indices, whole, ignored


def test_a_store(oracle):
    assert_same(*oracle.both(_stored, DENSE))


def test_gradients_of_variables_that_are_sparse(oracle):
    def computed(mx, dense):
        w, c = mx.nd.ones((3, 2)).tostype("row_sparse"), mx.nd.array(dense).tostype("csr")
        w.attach_grad()
        with mx.autograd.record():
            y = mx.nd.dot(c, w)
        (found,) = mx.autograd.grad(y, [w])
        return found.stype, found

    assert_same(*oracle.both(computed, DENSE))


def test_a_monitor_refuses_sparse_graphs():
    symbol = mx.sym.dot(mx.sym.var("x", stype="csr"), mx.sym.var("w"))
    executor = symbol.simple_bind(mx.cpu(), x=(2, 3), w=(3, 1))
    executor.set_monitor_callback(print)
    with pytest.raises(MXNetError, match="a monitor cannot watch a graph with sparse arrays"):
        executor.forward()
