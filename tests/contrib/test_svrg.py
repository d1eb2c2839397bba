"""mx.contrib.svrg_optimization, against MXNet."""

from __future__ import annotations

import pytest

import glueball as mx
from glueball.contrib.svrg_optimization.svrg_module import SVRGModule
from tests.comparison import assert_same


def make(mx, update_freq=2, contexts=1):
    import importlib

    import numpy as np

    module = importlib.import_module(mx.__name__ + ".contrib.svrg_optimization.svrg_module")
    data = np.sin(np.arange(24.0).reshape(12, 2) * 1.7).astype("float32")
    batches = mx.io.NDArrayIter(data, data @ np.array([2, -1.0]), 4, label_name="lin_label")
    out = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=1, name="fc1")
    out = mx.sym.LinearRegressionOutput(out, mx.sym.var("lin_label"), name="lro")
    context = [mx.cpu(number) for number in range(contexts)]
    return module.SVRGModule(out, label_names=["lin_label"], context=context, update_freq=update_freq), batches


def stepped(mx, optimizer, options, kvstore, contexts):
    module, batches = make(mx, contexts=contexts)
    module.bind(batches.provide_data, batches.provide_label)
    module.init_params(mx.init.Constant(0.3))
    module.init_optimizer(kvstore, optimizer, options)
    for epoch in range(5):
        if epoch % 2 == 0:
            module.update_full_grads(batches)
        batches.reset()
        for batch in batches:
            module.forward_backward(batch)
            module.update()
        batches.reset()
    return module.get_params()[0], module._param_dict


SGD = ("sgd", {"learning_rate": 0.1})


@pytest.mark.parametrize(
    ("optimizer", "kvstore", "contexts"),
    [
        (SGD, "local", 1), (("sgd", {"learning_rate": 0.1, "momentum": 0.9, "wd": 0.01}), None, 1),
        (("adam", {}), "local", 1), (SGD, None, 2),
    ],
)  # fmt: skip
def test_steps(oracle, optimizer, kvstore, contexts):
    assert_same(*oracle.both(stepped, *optimizer, kvstore, contexts), rtol=1e-4, atol=1e-5)


def padded(mx, pads):
    module, batches = make(mx)
    module.bind(batches.provide_data, batches.provide_label)
    module.init_params(mx.init.Constant(0.3))
    module.init_optimizer()

    class Padded(mx.io.DataIter):
        def reset(self):
            self.pads = iter(pads)

        def next(self):
            data, label = mx.nd.arange(8).reshape((4, 2)), mx.nd.arange(4)
            return mx.io.DataBatch([data], [label], pad=next(self.pads))

    found = []
    for _ in range(2):
        module.update_full_grads(Padded(4))
        found.append([array.copy() for array in module._param_dict[0].values()])
    return found


@pytest.mark.parametrize("pads", [(0, 0, 0), (0, 0, 1), (2, 0, 3), (3, 0), (8,)])
def test_the_padding_of_the_last_batch(oracle, pads):
    assert_same(*oracle.both(padded, pads), rtol=1e-5, atol=1e-6)


def test_contexts_with_a_store_compute_what_one_does():
    one, two = (stepped(mx, *SGD, "local", contexts) for contexts in (1, 2))
    for name, array in one[0].items():
        assert abs(array - two[0][name]).max().asscalar() < 1e-5


def fitted(mx, update_freq, num_epoch):
    module, batches = make(mx, update_freq)
    module.fit(
        batches, num_epoch=num_epoch, initializer=mx.init.Constant(0.3), eval_metric="mse",
        optimizer_params={"learning_rate": 0.1}, eval_data=batches,
    )  # fmt: skip
    return module.get_params()[0]


@pytest.mark.parametrize(("update_freq", "num_epoch"), [(1, 3), (2, 5), (4, 6)])
def test_fit(oracle, update_freq, num_epoch):
    assert_same(*oracle.both(fitted, update_freq, num_epoch), rtol=1e-4, atol=1e-5)


def reshaped(mx):
    module, batches = make(mx)
    module.bind(batches.provide_data, batches.provide_label)
    module.init_params(mx.init.One())
    module.init_optimizer()
    module.update_full_grads(batches)
    module.reshape([("data", (2, 2))], [("lin_label", (2,))])
    module.forward_backward(mx.io.DataBatch([mx.nd.ones((2, 2))], [mx.nd.ones(2)]))
    module.update()
    return module.get_params()[0]


def test_reshape(oracle):
    assert_same(*oracle.both(reshaped), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("update_freq", [None, 0, -1, 1.5, "a"])
def test_update_freq(oracle, update_freq):
    ours, theirs = oracle.both("""
        import importlib
        module = importlib.import_module(mx.__name__ + ".contrib.svrg_optimization.svrg_module")
        module.SVRGModule(mx.sym.var("data"), label_names=None, update_freq=update_freq)
    """, update_freq=update_freq)  # fmt: skip
    assert_same(ours, theirs)


def test_a_step_needs_the_gradient_over_all_data():
    module, batches = make(mx)
    module.bind(batches.provide_data, batches.provide_label)
    module.init_params()
    with pytest.raises(
        mx.MXNetError, match=r"SVRGModule.forward: update_full_grads\(train_data\) must have been called"
    ):
        module.forward(next(batches), is_train=True)
    assert isinstance(module, SVRGModule)
