"""Training with a scaled loss, step by step as in MXNet 1.9.1: also the steps whose gradients overflow."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball.contrib import amp
from glueball.contrib.amp.loss_scaler import LossScaler
from tests.comparison import assert_same

pytestmark = pytest.mark.usefixtures("switched_off")


def scaler_over_steps(mx, overflows, length):
    """The attributes of a scaler after each check of gradients."""
    from importlib import import_module

    scaler = import_module(f"{mx.__name__}.contrib.amp.loss_scaler").LossScaler()
    used, unused = mx.gluon.Parameter("used", shape=(2,)), mx.gluon.Parameter("unused", shape=(2,), grad_req="null")
    for parameter in (used, unused):
        parameter.initialize(ctx=[mx.cpu(0), mx.cpu(1)])
    found = [(scaler.loss_scale, dict(vars(scaler)))]
    scaler._scale_seq_len = length
    for overflow in overflows:
        for gradient in used.list_grad():  # MXNet looks at that of the first context alone
            gradient[:] = {0: 1.0, 1: float("inf"), 2: float("nan")}[overflow]
        found.append((scaler.has_overflow([unused, used]), scaler.loss_scale, dict(vars(scaler))))
    return found


@pytest.mark.parametrize(
    "overflows", [[0] * 30, [1] * 30, [0, 1, 0, 0, 2, 2, 0, 0, 0, 0, 1] * 3], ids=["no", "all", "some"]
)
def test_scaler(oracle, overflows):
    assert_same(*oracle.both(scaler_over_steps, overflows, 3))


def test_scaler_without_gradients():
    scaler = LossScaler()
    assert not scaler.has_overflow([])
    with pytest.raises(AttributeError):
        scaler.loss_scale = 3


def train(mx, kind, hybrid, bad=(3, 4), steps=9):
    """Losses, gradients, weights and scales of a small network, whose loss is infinite in some steps."""
    from importlib import import_module

    import numpy as np

    amp, nn, rng = import_module(f"{mx.__name__}.contrib.amp"), mx.gluon.nn, np.random.RandomState(0)
    amp.init(kind)
    network = nn.HybridSequential(prefix="net_")
    with network.name_scope():
        network.add(nn.Conv2D(4, 3, in_channels=1, activation="relu"), nn.BatchNorm(in_channels=4), nn.MaxPool2D())
        network.add(nn.Flatten(), nn.Dense(3, in_units=36))
    network.initialize()
    for layer in (network[0], network[4]):
        layer.weight.set_data(mx.nd.array(rng.uniform(-0.3, 0.3, layer.weight.shape)))
    if hybrid:
        network.hybridize()
    data, label = mx.nd.array(rng.rand(8, 1, 8, 8)), mx.nd.array(rng.randint(0, 3, 8))
    trainer = mx.gluon.Trainer(network.collect_params(), "sgd", {"learning_rate": 0.1, "momentum": 0.9})
    amp.init_trainer(trainer)
    found = []
    for step in range(steps):
        with mx.autograd.record():
            loss = mx.gluon.loss.SoftmaxCrossEntropyLoss()(network(data), label)
            if step in bad:
                loss = loss * float("inf")
            with amp.scale_loss(loss, trainer) as scaled:
                mx.autograd.backward(scaled)
        if step == 6:
            amp.unscale(trainer)
        gradient = network[4].bias.grad().asnumpy()
        trainer.step(8)
        scale, updates = trainer._amp_loss_scaler.loss_scale, trainer._optimizer.num_update
        numbers = [float(loss.mean().asscalar()), *gradient.tolist(), *network[4].bias.data().asnumpy().tolist()]
        found.append((str(loss.dtype), scale, trainer._scale, updates, [n for n in numbers if np.isfinite(n)]))
    return found


@pytest.mark.parametrize("hybrid", [False, True], ids=["imperative", "hybridized"])
def test_bfloat16_as_in_mxnet(another_oracle, hybrid):
    ours, theirs = train(mx, "bfloat16", hybrid), another_oracle("bfloat16").run(train, "bfloat16", hybrid)
    for step, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        assert mine[1:4] == tuple(other[1:4]), step
        np.testing.assert_allclose(mine[4], other[4], rtol=2e-2, atol=2e-3 * mine[1] if step != 6 else 2e-3)
    assert [updates for _, _, _, updates, _ in ours] == [1, 2, 3, 3, 3, 4, 5, 6, 7]


def test_float16_is_near_float32():
    """MXNet cannot multiply float16 matrices on a CPU."""
    steps = train(mx, "float16", True, bad=(), steps=14)
    scales, losses = [scale for _, scale, *_ in steps], [numbers[0] for *_, numbers in steps]
    assert scales[0] == 65536
    assert 256 < scales[-1] < 65536  # halved until the gradients fit
    assert losses[-1] < losses[0] / 2


def test_a_trainer_over_contexts(oracle):
    """With `update_on_kvstore`, MXNet updates with infinite gradients, too; Glueball does not."""
    amp.init("bfloat16")
    contexts = [mx.cpu(0), mx.cpu(1)]
    for update_on_kvstore in (True, False):
        weight = mx.gluon.Parameter("weight", shape=(1,))
        weight.initialize("ones", ctx=contexts)
        trainer = mx.gluon.Trainer([weight], "sgd", {"learning_rate": 1.0}, update_on_kvstore=update_on_kvstore)
        amp.init_trainer(trainer)
        for factor, expected in ((1, -2), (float("inf"), -2), (1, -5)):
            with mx.autograd.record():
                losses = [(weight.data(ctx) * 3 * factor).sum() for ctx in contexts]
                with amp.scale_loss(losses, trainer) as scaled:
                    assert isinstance(scaled, list)
                    mx.autograd.backward(scaled)
            trainer.step(2)
            assert [array.asscalar() for array in weight.list_data()] == [expected, expected]


def gradients_of_losses(mx, kind):
    """The gradients of losses that ignore the incoming one; they are scaled by themselves, with the first trainer."""
    from importlib import import_module

    amp, nd = import_module(f"{mx.__name__}.contrib.amp"), mx.nd
    amp.init(kind)
    x, label, found = nd.array([[1, 2], [3, 5]]), nd.array([0, 1]), []
    x.attach_grad()
    for loss in (
        lambda: nd.SoftmaxOutput(x, label), lambda: nd.SoftmaxOutput(x, label, grad_scale=2),
        lambda: nd.LinearRegressionOutput(x, x * 0), lambda: nd.MakeLoss(x),
    ):  # fmt: skip
        with mx.autograd.record():
            out = loss()
        out.backward()
        found.append(x.grad.asnumpy())
    return found


def test_losses_with_a_gradient_of_their_own(another_oracle):
    theirs = another_oracle("float16").run(gradients_of_losses, "float16")
    for mine, other in zip(gradients_of_losses(mx, "float16"), theirs, strict=True):
        np.testing.assert_allclose(mine.asnumpy() if hasattr(mine, "asnumpy") else mine, other, rtol=1e-5)


def _trainer():
    network = mx.gluon.nn.Dense(1, in_units=1)
    network.initialize()
    return mx.gluon.Trainer(network.collect_params(), "sgd")


def test_the_first_trainer_has_the_scaler_of_such_losses():
    amp.init("bfloat16")
    first, second = _trainer(), _trainer()
    amp.init_trainer(first)
    amp.init_trainer(second)
    assert first._amp_loss_scaler is not second._amp_loss_scaler
    first._amp_loss_scaler._loss_scale = 4.0
    x = mx.nd.array([[1.0]])
    x.attach_grad()
    with mx.autograd.record():
        out = mx.nd.LinearRegressionOutput(x, mx.nd.zeros((1, 1)))
    out.backward()
    assert x.grad.asscalar() == 4


def test_a_trainer_that_does_not_scale():
    trainer = _trainer()
    amp.unscale(trainer)
    assert trainer._scale == 1
    with pytest.raises(AssertionError, match=r"^init_trainer: mixed precision must be on; call amp.init\(\)"):
        amp.init_trainer(trainer)
    with (
        pytest.raises(AttributeError, match=r"^scale_loss: .*call amp.init_trainer\(trainer\) first"),
        amp.scale_loss(mx.nd.ones(1), trainer),
    ):
        pass


@pytest.mark.parametrize("name", ["init_trainer", "unscale", "scale_loss"])
def test_an_optimizer_is_refused(name):
    amp.init("bfloat16")
    loss = [mx.nd.ones(1)] if name == "scale_loss" else []
    with pytest.raises(TypeError, match=f"^{name}: .*must be a Trainer; received SGD; use a gluon.Trainer"):
        result = getattr(amp, name)(*loss, mx.optimizer.SGD())
        result.__enter__()
    with pytest.raises(TypeError, match=f"^{name}: optimizer_or_trainer must be a Trainer; received int"):
        getattr(amp, name)(*loss, 3).__enter__()


def test_an_error_in_the_context_passes():
    amp.init("bfloat16")
    trainer = _trainer()
    amp.init_trainer(trainer)
    with pytest.raises(ZeroDivisionError), amp.scale_loss(mx.nd.ones(1), trainer):
        raise ZeroDivisionError
