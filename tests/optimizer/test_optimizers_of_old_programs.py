"""LBSGD, GroupAdaGrad, ccSGD and Test, and which optimizers there are."""

from __future__ import annotations

import pytest

import glueball as mx
from tests.comparison import assert_same


def test_there_is_every_optimizer_of_mxnet(oracle):
    code = "sorted(mx.optimizer.Optimizer.opt_registry)"
    assert set(oracle.run(code)) <= set(mx.optimizer.Optimizer.opt_registry)


@pytest.mark.parametrize("module", ["optimizer", "optimizer.optimizer", "optimizer.contrib", "lr_scheduler", "metric"])
def test_a_module_has_every_name_of_mxnets(oracle, module):
    code = """
        found = mx
        for part in module.split("."):
            found = getattr(found, part)
        return sorted(name for name in dir(found) if not name.startswith("_"))"""
    found = mx
    for part in module.split("."):
        found = getattr(found, part)
    foreign = {"logging", "math", "numpy", "os", "pickle", "warnings", "OrderedDict", "sparse", "is_np_array"}
    foreign |= {"cos", "pi", "NDabs", "NDnorm"}
    assert [name for name in oracle.run(code, module=module) if not hasattr(found, name) and name not in foreign] == []


LARGE = [
    {},
    {"batch_scale": 4, "updates_per_epoch": 2},
    {"batch_scale": 4, "updates_per_epoch": 2, "warmup_strategy": "power2"},
    {"batch_scale": 4, "updates_per_epoch": 2, "warmup_strategy": "sqrt", "momentum": 0.9},
    {"batch_scale": 2, "warmup_strategy": "lars", "clip_gradient": 0.2},
    {"batch_scale": 2, "begin_epoch": 3, "updates_per_epoch": 2},
    {"batch_scale": 2, "updates_per_epoch": 2, "warmup_strategy": "other"},
    {"batch_scale": 2, "warmup_epochs": 0, "momentum": 0.5},
]


@pytest.mark.parametrize("options", LARGE, ids=str)
def test_lbsgd(oracle, options):
    code = """
        optimizer = mx.optimizer.LBSGD(learning_rate=0.1, wd=0.1, rescale_grad=0.5, **options)
        weight, history = nd.array([1, 2, 3]), []
        state, gradient = optimizer.create_state(0, weight), nd.zeros((3,))
        for step in range(14):
            gradient[:] = nd.array([0.5, -0.2, 0.1]) * (step % 3 + 1)
            optimizer.update(0, weight, gradient, state)
            history.append(weight.asnumpy())
        return history, optimizer.num_update"""
    assert_same(*oracle.both(code, options=options), rtol=1e-5)


@pytest.mark.parametrize("grad", [0.0, 1e-9, 1e9])
def test_the_rate_of_lbsgd_has_limits(oracle, grad):
    code = """
        optimizer, weight = mx.optimizer.LBSGD(warmup_strategy="lars"), nd.array([1, 2])
        optimizer.update(0, weight, nd.array([grad, 0]), None)
        return weight"""
    assert_same(*oracle.both(code, grad=grad), rtol=1e-5)


def test_lbsgd_goes_on_from_saved_states():
    def made():
        return mx.optimizer.get_updater(mx.optimizer.LBSGD(batch_scale=2, updates_per_epoch=2, momentum=0.5))

    def stepped(update, weight, steps):
        for step in steps:
            update(0, mx.nd.array([step + 1.0]), weight)
        return weight.asscalar()

    whole = stepped(made(), mx.nd.ones((1,)), range(8))
    first, weight = made(), mx.nd.ones((1,))
    stepped(first, weight, range(4))
    second = made()
    second.set_states(first.get_states(dump_optimizer=True))
    assert stepped(second, weight, range(4, 8)) == pytest.approx(whole)


def test_a_step_of_lbsgd_has_a_batch():
    with pytest.raises(ValueError, match="LBSGD: batch_scale must be an int of at least 1; received 0"):
        mx.optimizer.LBSGD(batch_scale=0)


@pytest.mark.parametrize("shape", [(2,), (2, 3, 4)])
def test_adagrad_by_rows_takes_matrices(oracle, shape):
    ours, theirs = oracle.both("mx.optimizer.contrib.GroupAdaGrad().create_state(0, nd.ones(shape))", shape=shape)
    assert ours.failed
    assert_same(ours, theirs)


def test_adagrad_by_rows_has_no_decay(oracle):
    code = """
        optimizer, weight = mx.optimizer.create("groupadagrad", wd=0.1), nd.ones((2, 2))
        optimizer.update(0, weight, weight, optimizer.create_state(0, weight))"""
    ours, theirs = oracle.both(code)
    assert ours.failed
    assert_same(ours, theirs)


def test_weights_that_lars_lets_decay(oracle):
    code = """
        names = {0: "a_weight", 1: "b_gamma", 2: "c_bias", 3: "d"}
        return [mx.optimizer.create(name, param_idx2name=names).wd_mult for name in ("lars", "sgd", "lamb")]"""
    assert_same(*oracle.both(code))


@pytest.mark.parametrize("together", [False, True])
def test_lars_asks_for_the_rates_of_a_list_at_once(oracle, together):
    """So that the momentum of all of them is corrected; one by one, only that of the first is."""
    code = """
        schedule = mx.lr_scheduler.FactorScheduler(1, 0.5)
        update = mx.optimizer.get_updater(mx.optimizer.LARS(momentum=0.9, eta=0.1, lr_scheduler=schedule))
        weights = [nd.ones((2,)), nd.ones((2,)), nd.ones((2,))]
        for _ in range(3):
            if together:
                update([0, 1, 2], weights, weights)
            else:
                for index in range(3):
                    update(index, weights[index], weights[index])
        return weights"""
    assert_same(*oracle.both(code, together=together), rtol=1e-5)
