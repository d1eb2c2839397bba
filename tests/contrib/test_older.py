"""mx.contrib.io, mx.contrib.autograd and mx.misc, which MXNet keeps for older programs, against MXNet."""

from __future__ import annotations

import pytest

import glueball as mx
from tests.comparison import assert_same


def batches(mx, last_batch, dtype):
    import importlib

    import numpy as np

    iterator = importlib.import_module(mx.__name__ + ".contrib.io").DataLoaderIter
    data = mx.gluon.data.ArrayDataset(np.arange(22.0).reshape(11, 2), np.arange(11.0))
    made = iterator(mx.gluon.data.DataLoader(data, batch_size=4, last_batch=last_batch), "x", "y", dtype)
    described = [(desc.name, desc.shape, np.dtype(desc.dtype).name) for desc in made.provide_data + made.provide_label]
    found = []
    for _ in range(2):
        found.append(
            [
                (
                    batch.data[0][: 4 - batch.pad],
                    batch.label[0][: 4 - batch.pad],
                    batch.data[0].shape,
                    batch.pad,
                    batch.index,
                )
                for batch in made
            ]
        )
        made.reset()
    return described, made.batch_size, found


@pytest.mark.parametrize(
    ("last_batch", "dtype"), [("keep", "float32"), ("discard", "float64"), ("rollover", "float32")]
)
def test_data_loader_iter(oracle, last_batch, dtype):
    assert_same(*oracle.both(batches, last_batch, dtype))


def test_the_last_batch_is_filled_with_zeros():
    data = mx.gluon.data.ArrayDataset(mx.nd.ones((3, 2)), mx.nd.ones((3,)))
    *_, last = mx.contrib.io.DataLoaderIter(mx.gluon.data.DataLoader(data, batch_size=2))
    assert (last.pad, last.data[0].asnumpy().tolist()) == (1, [[1, 1], [0, 0]])


def test_a_module_trains_on_a_data_loader(oracle):
    code = """
        import importlib, logging
        iterator = importlib.import_module(mx.__name__ + ".contrib.io").DataLoaderIter
        data = gluon.data.ArrayDataset(np.sin(np.arange(24.0)).reshape(12, 2), np.arange(12.0) % 2)
        batches = iterator(gluon.data.DataLoader(data, batch_size=4))
        out = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc"), name="softmax")
        module = mx.mod.Module(out)
        module.fit(batches, num_epoch=3, initializer=mx.init.One(), optimizer_params={"learning_rate": 0.5})
        return module.get_params()[0], [float(value) for _, value in module.score(batches, "acc")]
    """
    assert_same(*oracle.both(code), rtol=1e-5, atol=1e-6)


GRADIENTS = [
    "ag.grad_and_loss(lambda a, b: a * b + a)(nd.array([1]), nd.array([3]))",
    "ag.grad_and_loss(lambda a, b: a * b + a, argnum=1)(nd.array([1]), nd.array([3]))",
    "ag.grad(lambda a, b: a * b + a, argnum=[1, 0])(nd.array([1]), nd.array([3]))",
    "ag.grad_and_loss(lambda a: [a * a, a])(nd.array([3]))",
    "ag.grad_and_loss(lambda a: a)(3)",
    "ag.grad_and_loss(lambda a: a, argnum='x')(nd.ones(1))",
    "ag.grad(abs).__name__",
]


@pytest.mark.parametrize("text", GRADIENTS)
def test_gradients_of_functions(oracle, text):
    code = f"""
        import importlib
        ag = importlib.import_module(mx.__name__ + ".contrib.autograd")
        return {text}
    """
    assert_same(*oracle.both(code))


def test_what_is_differentiated_must_be_a_function():
    with pytest.raises(TypeError, match="grad_and_loss: func must be callable; received 3"):
        mx.contrib.autograd.grad(3)


def sections(mx):
    import importlib

    ag = importlib.import_module(mx.__name__ + ".contrib.autograd")
    found = [ag.set_is_training(True), ag.set_is_training(False)]
    x, gradient = mx.nd.array([1, 2]), mx.nd.zeros(2)
    ag.mark_variables([x], [gradient])

    def state():
        return mx.autograd.is_recording(), mx.autograd.is_training()

    with ag.train_section():
        found.append(state())
        y = x * x
        with ag.test_section():
            found.append(state())
            z = x * 3
        found.append(state())
    found.append(state())
    ag.compute_gradient([y])
    found.append(gradient.copy())
    with ag.TrainingStateScope(True):
        y = x * x
    ag.backward([y], [mx.nd.array([1, 10])])
    return found, gradient, z


def test_sections(oracle):
    assert_same(*oracle.both(sections))


def test_misc(oracle):
    code = """
        import importlib
        misc = importlib.import_module(mx.__name__ + ".misc")
        schedule = misc.FactorScheduler(step=10, factor=0.5)
        schedule.base_lr = 0.1
        return [schedule(number) for number in (0, 9, 10, 11, 19, 20, 35, 100)], schedule.old_lr
    """
    assert_same(*oracle.both(code))
    for text in ("FactorScheduler(0)", "FactorScheduler(2, 1.0)", "LearningRateScheduler()(3)"):
        assert_same(*oracle.both(f"import importlib\nimportlib.import_module(mx.__name__ + '.misc').{text}"))
