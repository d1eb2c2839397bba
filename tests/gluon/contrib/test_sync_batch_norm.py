"""SyncBatchNorm over several contexts of one process: what BatchNorm computes of the whole batch.

MXNet cannot judge: on the CPU its contexts wait for each other forever.
"""

from __future__ import annotations

import threading

import numpy as np
import pytest

import glueball as mx
from glueball import autograd, gluon, nd
from glueball.gluon import contrib, nn
from tests.gluon.filling import fill

DRAW = np.random.default_rng(0)
IMAGES = DRAW.normal(2, 3, (6, 3, 4, 4)).astype("float32")
LABELS = np.arange(6) % 2


def network(contexts, hybridized):
    """Two convolutions with normalization, whose parameters are drawn; a layer of its own for one context."""
    several = len(contexts) > 1
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        for channels in (4, 5):
            net.add(nn.Conv2D(channels, 3, padding=1))
            net.add(contrib.nn.SyncBatchNorm(num_devices=len(contexts)) if several else nn.BatchNorm())
            net.add(nn.Activation("relu"))
        net.add(nn.GlobalAvgPool2D(), nn.Dense(2))
    fill(net, nd.array(IMAGES[:1], ctx=contexts[0]), contexts)
    if hybridized:
        net.hybridize()
    return net


def trained(contexts, hybridized, steps=3, one_by_one=False):
    """The losses of some steps, and the parameters after them."""
    net = network(contexts, hybridized)
    criterion = gluon.loss.SoftmaxCrossEntropyLoss()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.05, "momentum": 0.9})
    seen = []
    for _ in range(steps):
        parts = gluon.utils.split_and_load(IMAGES, contexts, even_split=False)
        labels = gluon.utils.split_and_load(LABELS, contexts, even_split=False)
        with autograd.record():
            outputs = [net(part) for part in parts]
            losses = [criterion(output, label) for output, label in zip(outputs, labels, strict=True)]
        if one_by_one:
            for loss in losses:
                loss.backward()
        else:
            autograd.backward(losses)
        trainer.step(len(IMAGES))
        seen.append(np.concatenate([loss.asnumpy() for loss in losses]))
    values = [[each.asnumpy() for each in p.list_data()] for p in net.collect_params().values()]
    return seen, values, np.concatenate([net(part).asnumpy() for part in parts])


@pytest.mark.parametrize(("count", "hybridized", "one_by_one"), [(2, False, False), (2, True, True), (4, False, True),
                                                                 (4, True, False)])  # fmt: skip
def test_training_on_several_contexts_is_that_on_one(count, hybridized, one_by_one):
    whole = trained([mx.cpu(0)], False)
    shared = trained([mx.cpu(number) for number in range(count)], hybridized, one_by_one=one_by_one)
    for one, several in zip(whole[0], shared[0], strict=True):
        np.testing.assert_allclose(several, one, rtol=1e-4, atol=1e-5)
    for (one,), several in zip(whole[1], shared[1], strict=True):
        for copy in several:
            np.testing.assert_allclose(copy, one, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(shared[2], whole[2], rtol=1e-3, atol=1e-4)


def layers(count=2, **options):
    contexts = [mx.cpu(number) for number in range(count)]
    layer = contrib.nn.SyncBatchNorm(in_channels=3, num_devices=count, **options)
    layer.initialize(ctx=contexts)
    parts = [nd.array(IMAGES[number::count], ctx=ctx) for number, ctx in enumerate(contexts)]
    for part in parts:
        part.attach_grad()
    return layer, parts


@pytest.mark.parametrize("options", [{}, {"scale": False}, {"center": False, "epsilon": 0.1}])
def test_values_gradients_and_statistics(options):
    layer, parts = layers(**options)
    with autograd.record():
        outputs = [layer(part) for part in parts]
        losses = [output**3 for output in outputs]
    autograd.backward(losses)
    one = nn.BatchNorm(in_channels=3, **options)
    one.initialize()
    x = nd.array(np.concatenate([part.asnumpy() for part in parts]))
    x.attach_grad()
    with autograd.record():
        expected = one(x)
        loss = expected**3
    loss.backward()
    pairs = [
        (np.concatenate([output.asnumpy() for output in outputs]), expected.asnumpy()),
        (np.concatenate([part.grad.asnumpy() for part in parts]), x.grad.asnumpy()),
        *[(each.asnumpy(), one.running_mean.data().asnumpy()) for each in layer.running_mean.list_data()],
        *[(each.asnumpy(), one.running_var.data().asnumpy()) for each in layer.running_var.list_data()],
    ]
    if "scale" not in options:
        pairs.append((sum(each.asnumpy() for each in layer.gamma.list_grad()), one.gamma.grad().asnumpy()))
    for ours, theirs in pairs:
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=2e-4)


def test_a_result_without_values_has_its_shape_and_says_what_it_waits_for():
    layer, parts = layers()
    with autograd.record():
        first = layer(parts[0])
        relu = nd.relu(first) + 1
        assert (relu.shape, relu.dtype, relu.ndim, relu.size) == (parts[0].shape, np.float32, 4, parts[0].size)
        assert relu.context == mx.cpu(0)
        with pytest.raises(mx.MXNetError, match=r"all 2 devices must have computed .* before a value is read; 1 of"):
            relu.asnumpy()
        with pytest.raises(mx.MXNetError, match="call the network on every context"):
            relu.backward()
        layer(parts[1])
    assert np.isfinite(relu.asnumpy()).all()


def test_a_loop_that_was_left_is_forgotten():
    layer, parts = layers()
    with autograd.train_mode():
        layer(parts[1] * 100)
        layer(parts[0] * 100)
        abandoned = layer(parts[0] * 100)
        outputs = [layer(part) for part in parts]
    together = np.concatenate([output.asnumpy() for output in outputs])
    np.testing.assert_allclose(together.mean((0, 2, 3)), 0, atol=1e-5)
    with pytest.raises(mx.MXNetError, match="before a value is read"):
        abandoned.asnumpy()


def test_gradients_come_with_the_last_loss():
    layer, parts = layers()
    for _ in range(2):  # the first losses of a step that was left do not count
        with autograd.record():
            losses = [(layer(part) ** 3).sum() for part in parts]
        losses[0].backward()
        assert not parts[0].grad.asnumpy().any()
    losses[1].backward()
    one_by_one = [part.grad.asnumpy() for part in parts]
    with autograd.record():
        losses = [(layer(part) ** 3).sum() for part in parts]
    autograd.backward(losses)
    for part, expected in zip(parts, one_by_one, strict=True):
        assert expected.any()
        np.testing.assert_array_equal(part.grad.asnumpy(), expected)


def test_other_losses_are_differentiated_at_once():
    layer, parts = layers()
    with autograd.record():
        losses = [layer(part).sum() for part in parts]
    losses[0].backward()
    x = nd.ones(2)
    x.attach_grad()
    with autograd.record():
        y = x * 3
    y.backward()
    assert x.grad.asnumpy().tolist() == [3, 3]
    losses[1].backward()
    assert all(np.isfinite(each.asnumpy()).all() for each in layer.gamma.list_grad())


def test_contexts_may_be_asked_by_threads():
    """As gluoncv's DataParallelModel does."""
    layer, parts = layers(4)
    expected = layers(4)[0]
    found = [None] * 4

    def forward(number):
        with autograd.record():
            found[number] = nd.relu(layer(parts[number])) * 2

    for _ in range(20):
        threads = [threading.Thread(target=forward, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with autograd.record():
            one_by_one = [nd.relu(expected(part)) * 2 for part in parts]
        for ours, theirs in zip(found, one_by_one, strict=True):
            np.testing.assert_allclose(ours.asnumpy(), theirs.asnumpy(), rtol=1e-5, atol=1e-6)


def test_grad_needs_all_losses():
    layer, parts = layers()
    with autograd.record():
        losses = [layer(part).sum() for part in parts]
    with pytest.raises(mx.MXNetError, match=r"must come from one backward; .* 1 of 2; call autograd\.backward\(losses"):
        autograd.grad(losses[0], parts)


def test_prediction_and_global_statistics_wait_for_nobody():
    layer, parts = layers()
    np.testing.assert_allclose(layer(parts[0]).asnumpy(), parts[0].asnumpy() / np.sqrt(1 + 1e-5), rtol=1e-6)
    layer, parts = layers(use_global_stats=True)
    with autograd.record():
        assert np.isfinite(layer(parts[0]).asnumpy()).all()


def test_half_precision_and_dropout_behind_it():
    layer, parts = layers()
    with autograd.record():
        outputs = [nd.Dropout(layer(part.astype("float16")), p=0.5) for part in parts]
    assert [np.dtype(output.dtype).name for output in outputs] == ["float16", "float16"]
    assert all(0.2 < (output.asnumpy() == 0).mean() < 0.8 for output in outputs)


def test_arrays_of_np_stay_such_while_they_wait():
    layer, parts = layers()
    with autograd.record():
        first = layer(parts[0].as_np_ndarray())
        relu = mx.npx.relu(first) + 1
        total = mx.np.sum(relu * relu.as_nd_ndarray().as_np_ndarray(), axis=(1, 2, 3))
        for each in (first, relu, total):
            assert isinstance(each, mx.np.ndarray)
        assert (relu.shape, relu.dtype, total.shape) == (parts[0].shape, np.dtype("float32"), (3,))
        assert type(relu.as_nd_ndarray().dtype) is type
        with pytest.raises(mx.MXNetError, match=r"all 2 devices must have computed"):
            total.item(0)
        layer(parts[1].as_np_ndarray())
    assert isinstance(total, mx.np.ndarray)
    assert isinstance(total + 1, mx.np.ndarray)
    np.testing.assert_allclose(total.asnumpy(), (relu.asnumpy() ** 2).sum(axis=(1, 2, 3)), rtol=1e-5)


def test_training_under_np_is_that_of_nd():
    made = []
    for shown in (lambda array: array, lambda array: array.as_np_ndarray()):
        layer, parts = layers()
        parts = [shown(part) for part in parts]
        for part in parts:
            part.attach_grad()
        with autograd.record():
            losses = [layer(part) ** 3 for part in parts]
        autograd.backward(losses)
        made.append([each.asnumpy() for each in (*losses, *[part.grad for part in parts], *layer.gamma.list_grad())])
    for one, other in zip(*made, strict=True):
        np.testing.assert_array_equal(one, other)
