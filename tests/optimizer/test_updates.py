"""Fifty updates of several parameters give the weights that MXNet's give, with every setting."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import glueball as mx
from glueball.graph.live import Snapshot
from glueball.optimizer import grouped
from tests.comparison import assert_same

OPTIMIZERS = [
    ("sgd", {}),
    ("sgd", {"momentum": 0.9}),
    ("nag", {}),
    ("nag", {"momentum": 0.9}),
    ("adam", {}),
    ("adam", {"beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3}),
    ("rmsprop", {}),
    ("rmsprop", {"gamma1": 0.7, "epsilon": 1e-2, "clip_weights": 0.9}),
    ("rmsprop", {"centered": True, "gamma2": 0.8}),
    ("adagrad", {}),
    ("adagrad", {"eps": 0.1}),
    ("adadelta", {}),
    ("adadelta", {"rho": 0.7, "epsilon": 1e-2}),
    ("adamax", {}),
    ("adamax", {"beta1": 0.5, "beta2": 0.9}),
    ("nadam", {}),
    ("nadam", {"beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3, "schedule_decay": 0.1}),
    ("ftrl", {}),
    ("ftrl", {"lamda1": 0.2, "beta": 0.5}),
    ("ftml", {}),
    ("ftml", {"beta1": 0.8, "beta2": 0.9, "epsilon": 1e-3}),
    ("signum", {}),
    ("signum", {"momentum": 0.0}),
    ("signum", {"momentum": 0.5, "wd_lh": 0.1}),
    ("lars", {"eta": 0.1}),
    ("lars", {"momentum": 0.9, "eta": 0.1, "eps": 1e-3}),
    ("lamb", {}),
    ("lamb", {"beta1": 0.5, "epsilon": 1e-3, "lower_bound": 1.5, "upper_bound": 3.0}),
    ("lamb", {"bias_correction": False}),
    ("dcasgd", {}),
]
SETTINGS = [
    {},
    {"wd": 0.05},
    {"wd": 0.05, "rescale_grad": 0.25},
    {"clip_gradient": 0.4},
    {"wd": 0.1, "clip_gradient": 0.3, "rescale_grad": 2.0},
    {"wd": 0.1, "begin_num_update": 7},
]
NAMES = {0: "conv_weight", 1: "conv_bias", 2: "bn_gamma", 3: "bn_beta"}
SHAPES = [(4, 3, 2, 2), (4,), (4,), (4,)]


def train(mx, name, options, dtype="float32", steps=50, together=False, scheduled=False):
    """The weights after each tenth update, and the states after the last one."""
    draw = np.random.RandomState(0)
    weights = [mx.nd.array(draw.randn(*shape), dtype=dtype) for shape in SHAPES]
    options = {"learning_rate": 0.02, **options}
    if scheduled:
        options["lr_scheduler"] = mx.lr_scheduler.FactorScheduler(step=8, factor=0.7, warmup_steps=4)
    optimizer = mx.optimizer.create(name, param_idx2name=NAMES, **options)
    optimizer.set_lr_mult({"conv_bias": 2.0})
    optimizer.set_wd_mult({"bn_gamma": 0.5, 3: 3.0})
    update = mx.optimizer.get_updater(optimizer)
    history = []
    for step in range(steps):
        gradients = [mx.nd.array(draw.randn(*shape), dtype=dtype) for shape in SHAPES]
        if together:
            update(list(range(4)), gradients, weights)
        else:
            for index in range(4):
                update(index, gradients[index], weights[index])
        if step % 10 == 9:
            history.append([weight.asnumpy() for weight in weights])
    return history, [update.states[index] for index in range(4)], optimizer.num_update


@pytest.mark.parametrize(("name", "options"), OPTIMIZERS, ids=str)
def test_weights_and_states_after_fifty_updates(oracle, name, options):
    for settings in SETTINGS if name in ("sgd", "nag", "adam") else (SETTINGS[1], SETTINGS[4]):
        ours, theirs = oracle.both(train, name, {**options, **settings})
        assert_same(ours, theirs, rtol=1e-5, about=f"{name} {options} {settings}")


@pytest.mark.parametrize(("name", "options"), OPTIMIZERS, ids=str)
def test_updating_all_at_once_is_updating_one_by_one(name, options):
    for settings in SETTINGS:
        given = {**options, **settings}
        together = train(mx, name, given, steps=10, together=True)
        apart = train(mx, name, given, steps=10)
        assert together[2] == apart[2]
        assert_same(flat(together[:2]), flat(apart[:2]), rtol=1e-6)


@pytest.mark.parametrize("most", [1, 10, 2**20])
@pytest.mark.parametrize(("name", "options"), OPTIMIZERS, ids=str)
def test_weights_with_copies_are_updated_in_shares(name, options, most, monkeypatch):
    monkeypatch.setattr(grouped, "_AT_ONCE", most)
    given = {**options, "wd": 0.05, "multi_precision": True}
    together = train(mx, name, given, "float16", 10, together=True)
    apart = train(mx, name, given, "float16", 10)
    assert together[2] == apart[2]
    assert_same(flat(together[:2]), flat(apart[:2]), rtol=1e-6)


def test_gradients_in_float32_lie_in_memory_that_is_used_again(monkeypatch):
    """The system clears new memory: for a ResNet-50 that took a third of the step."""
    found, step = [], mx.optimizer.SGD._glueball_step
    monkeypatch.setattr(
        mx.optimizer.SGD, "_glueball_step",
        lambda self, group: (found.append([each.data_ptr() for each in group.gradients]), step(self, group))[1],
    )  # fmt: skip
    optimizer = mx.optimizer.SGD(multi_precision=True, learning_rate=0.5)
    weights = [mx.nd.ones((300, 300), dtype="float16"), mx.nd.ones((7,), dtype="float16")]
    updater = mx.optimizer.get_updater(optimizer)
    for _ in range(3):
        held = mx.nd.ones((200, 200))
        updater([0, 1], [mx.nd.ones(each.shape, dtype="float16") for each in weights], weights)
        assert held.sum().asscalar() == 40000
    assert found[0] == found[1] == found[2] and len(set(found[0])) == 2
    assert [each.mean().asscalar() for each in weights] == [-0.5, -0.5]


def flat(value):
    if isinstance(value, list | tuple):
        return [leaf for part in value for leaf in flat(part)]
    return [] if value is None else [value.asnumpy() if hasattr(value, "asnumpy") else value]


@pytest.mark.parametrize("name", ["sgd", "nag", "adam", "rmsprop", "nadam", "lars", "lamb"])
def test_the_rate_of_a_scheduler(oracle, name):
    options = {"wd": 0.01, **({"momentum": 0.9, "eta": 0.1} if name == "lars" else {})}
    ours, theirs = oracle.both(train, name, options, scheduled=True)
    assert_same(ours, theirs, rtol=1e-5)
    plain = train(mx, name, options)
    assert not np.allclose(plain[0][-1][0], ours.get()[0][-1][0], rtol=1e-3)


@pytest.mark.parametrize(("name", "options"), OPTIMIZERS[:6], ids=str)  # MXNet's others refuse float64
def test_float64_weights(oracle, name, options):
    ours, theirs = oracle.both(train, name, {**options, "wd": 0.05}, "float64", 20)
    # Rates and epsilons reach MXNet's kernels as float32.
    assert_same(ours, theirs, rtol=1e-6)


# MXNet's LAMB never updates the copy, and its LARS takes the norms from the rounded weights.
@pytest.mark.parametrize(("name", "options"), [one for one in OPTIMIZERS if one[0] not in ("lamb", "lars")], ids=str)
def test_float16_weights_with_a_float32_copy(oracle, name, options):
    given = {**options, "wd": 0.05, "multi_precision": True}
    ours, theirs = oracle.both(train, name, given, "float16", 20)
    assert_same(ours, theirs, rtol=1e-3)  # a weight may be rounded to its neighbor
    copies = [leaf for leaf in flat(ours.get()[1]) if leaf.dtype == np.float32]
    expected = [leaf for leaf in flat(theirs.get()[1]) if leaf.dtype == np.float32]
    assert_same(copies, expected, rtol=1e-5)


@pytest.mark.filterwarnings("ignore:.*multi_precision:UserWarning")
@pytest.mark.parametrize(("name", "options"), OPTIMIZERS[:5], ids=str)
def test_float16_weights_without_a_copy(oracle, name, options):
    assert_same(*oracle.both(train, name, {**options, "learning_rate": 0.125}, "float16", 10), rtol=4e-2)


@pytest.mark.parametrize(("name", "options"), [("lamb", {}), ("lars", {"momentum": 0.9, "eta": 0.1})])
def test_a_float16_weight_of_layerwise_optimizers_follows_its_copy(name, options):
    half = train(mx, name, {**options, "multi_precision": True}, "float16", 20)
    full = train(mx, name, options, "float32", 20)
    assert_same([array.astype("float32") for array in flat(half[0])], flat(full[0]), rtol=5e-3)


def test_the_layout_of_the_states_of_lars(oracle):
    code = """
        lars = mx.optimizer.LARS(momentum=0.9, multi_precision=True)
        state = lars.create_state_multi_precision(0, nd.ones((2,), dtype="float16"))
        return state[0], state[1], lars.aggregate_num, mx.optimizer.LAMB().aggregate_num"""
    assert_same(*oracle.both(code))


def test_dcasgd_with_momentum():
    """MXNet fails an assertion there."""
    weight, dcasgd = mx.nd.array([1.0]), mx.optimizer.DCASGD(momentum=0.5, lamda=0.25, learning_rate=0.5, wd=0.5)
    state = dcasgd.create_state(0, weight)
    moved = previous = 0.0
    expected = previous = 1.0
    for gradient in (1.0, -2.0, 0.5):
        dcasgd.update(0, weight, mx.nd.array([gradient]), state)
        moved = 0.5 * moved - 0.5 * (gradient + 0.5 * expected + 0.25 * gradient**2 * (expected - previous))
        expected, previous = expected + moved, expected
        assert weight.asscalar() == pytest.approx(expected, rel=1e-6)


def test_bfloat16_weights_have_a_copy_too():
    weight = mx.nd.ones((64,), dtype="bfloat16")
    sgd = mx.optimizer.SGD(learning_rate=1.0, multi_precision=True)
    state = sgd.create_state_multi_precision(0, weight)
    for _ in range(64):  # each step is below half of what tells bfloat16 numbers near 1 apart
        sgd.update_multi_precision(0, weight, mx.nd.full((64,), 2.0**-10, dtype="bfloat16"), state)
    assert weight.asnumpy().tolist() == [1 - 2.0**-4] * 64


@pytest.mark.parametrize("clip", [0, -1, None])
def test_clipping_by_nothing_is_no_clipping(oracle, clip):
    assert_same(*oracle.both(train, "sgd", {"clip_gradient": clip, "momentum": 0.5}, steps=10))


@pytest.mark.parametrize(("name", "options"), OPTIMIZERS, ids=str)
def test_gradients_stay_as_they_are(name, options):
    for settings in SETTINGS:
        optimizer = mx.optimizer.create(name, **options, **settings)
        weights = [mx.nd.ones((3,)), mx.nd.ones((2, 2))]
        gradients = [mx.nd.full((3,), 2), mx.nd.full((2, 2), -2)]
        states = [optimizer.create_state(index, weight) for index, weight in enumerate(weights)]
        for index in range(2):
            optimizer.update(index, weights[index], gradients[index], states[index])
        assert [gradient.asnumpy().ravel().tolist() for gradient in gradients] == [[2] * 3, [-2] * 4]


def test_an_update_writes_into_the_memory_of_the_weight():
    tensor = torch.ones(3)
    weight = mx.nd.from_torch(tensor)
    sgd = mx.optimizer.SGD(learning_rate=0.5)
    sgd.update(0, weight, mx.nd.ones((3,)), sgd.create_state(0, weight))
    assert tensor.tolist() == [0.5, 0.5, 0.5]


@pytest.mark.parametrize(("name", "options"), OPTIMIZERS, ids=str)
def test_graphs_notice_an_update(name, options):
    """They keep what they have computed from parameters until those change."""
    weight = mx.nd.ones((3,))
    before = Snapshot([weight._data])
    optimizer = mx.optimizer.create(name, **options)
    optimizer.update(0, weight, mx.nd.ones((3,)), optimizer.create_state(0, weight))
    assert not before.holds([weight._data])


# --- refusals -----------------------------------------------------------------------------------------------

MISFITS = {
    "shape": "nd.ones((3,))",
    "type": "nd.ones((2,), dtype='float64')",
    "class": "np.ones(2)",
}


@pytest.mark.parametrize("name", ["sgd", "adam"])
@pytest.mark.parametrize("misfit", MISFITS)
def test_a_gradient_that_does_not_fit_is_refused_and_nothing_is_updated(oracle, name, misfit):
    code = f"""
        optimizer = mx.optimizer.create(name)
        weight = nd.ones((2,))
        optimizer.update(0, weight, {MISFITS[misfit]}, optimizer.create_state(0, weight))
    """
    ours, theirs = oracle.both(code, name=name)
    assert ours.failed
    assert_same(ours, theirs)
    weights = [mx.nd.ones((2,)), mx.nd.ones((2,))]
    with pytest.raises(mx.MXNetError, match=r"SGD: (a gradient must have|weight and gradient must be)"):
        mx.optimizer.SGD().update(
            [0, 1], weights, [mx.nd.ones((2,)), eval(MISFITS[misfit], {"nd": mx.nd, "np": np})], [None, None]
        )
    assert [weight.asnumpy().tolist() for weight in weights] == [[1, 1], [1, 1]]


@pytest.mark.parametrize("name", ["sgd", "nag", "adam"])
def test_a_recorded_weight_is_not_updated(oracle, name):
    code = """
        optimizer = mx.optimizer.create(name)
        weight = nd.ones((2,))
        weight.attach_grad()
        with autograd.record():
            (weight * weight).sum()
            optimizer.update(0, weight, nd.ones((2,)), optimizer.create_state(0, weight))
    """
    ours, theirs = oracle.both(code, name=name)
    assert ours.failed
    assert_same(ours, theirs)


def test_integers_are_no_weights():
    weight = mx.nd.ones((2,), dtype="int32")
    with pytest.raises(mx.MXNetError, match=r"SGD: a weight must have a floating-point type; .*\(2,\) int32 cpu"):
        mx.optimizer.SGD().update(0, weight, weight.copy(), None)


def test_the_noise_of_sgld_has_the_variance_of_the_rate():
    weight, gradient = mx.nd.ones((10000,)), mx.nd.ones((10000,)) * 4
    sgld = mx.optimizer.create("sgld", learning_rate=0.25, wd=0.5, rescale_grad=0.5, clip_gradient=1.5)
    sgld.update(0, weight, gradient, sgld.create_state(0, weight))
    moved = weight.asnumpy() - 1
    assert moved.mean() == pytest.approx(-0.125 * (1.5 + 0.5), abs=0.02)
    assert moved.std() == pytest.approx(0.5, rel=0.05)
