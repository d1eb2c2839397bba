"""Updater: states by parameter, and their bytes."""

from __future__ import annotations

import copy
import io
import json
import pickle
import weakref

import numpy as np
import pytest
import torch

import glueball as mx
from glueball.serialization import dump_params, load_params
from tests.comparison import assert_same


def updated(mx, optimizer, options, rounds, resumed):
    """Weights after some rounds, halfway through which another updater loads the states."""
    update = mx.optimizer.get_updater(mx.optimizer.create(optimizer, learning_rate=0.2, **options))
    weights = [mx.nd.ones((2,)), mx.nd.full((3, 1), 2)]
    for step in range(rounds):
        if step == rounds // 2 and resumed:
            other = mx.optimizer.get_updater(mx.optimizer.create(optimizer, learning_rate=0.2, **options))
            other.set_states(update.get_states(resumed == "optimizer"))
            update = other
        for index in (0, 1):
            update(index, mx.nd.full(weights[index].shape, 0.5), weights[index])
    return weights, update.optimizer.num_update, [update.states[0], update.states[1]], update.states_synced


@pytest.mark.parametrize("resumed", [None, "states", "optimizer"])
@pytest.mark.parametrize(
    ("optimizer", "options"),
    [("sgd", {}), ("sgd", {"momentum": 0.5}), ("nag", {"momentum": 0.5}), ("adam", {}), ("rmsprop", {})],
)
def test_states_go_over_to_another_updater_as_in_mxnet(oracle, optimizer, options, resumed):
    assert_same(*oracle.both(updated, optimizer, options, 4, resumed))


def test_bytes_hold_what_the_page_says():
    update = mx.optimizer.get_updater(mx.optimizer.Adam())
    update([3, "w"], [mx.nd.ones((2,)), mx.nd.ones((1, 2))], [mx.nd.ones((2,)), mx.nd.ones((1, 2))])
    found = load_params(update.get_states(dump_optimizer=True))
    assert list(found) == ["glueball.states", "glueball.checksum", "3/0", "3/1", "w/0", "w/1"]
    assert bytes(found["glueball.states"]).startswith(b'{"version": 2, "states": [[3, ["array", "array"]], ["w",')
    assert found["glueball.checksum"].dtype is torch.int64
    again = mx.optimizer.get_updater(mx.optimizer.Adam())
    again.set_states(update.get_states(dump_optimizer=True))
    assert list(again.states) == [3, "w"]
    assert again.optimizer._index_update_count == {3: 1, "w": 1}


def test_states_come_to_the_context_of_their_weight():
    sgd = mx.optimizer.SGD(momentum=0.5)
    update = mx.optimizer.get_updater(sgd)
    update(0, mx.nd.ones((2,)), mx.nd.ones((2,)))
    other = mx.optimizer.get_updater(sgd)
    other.set_states(update.get_states())
    assert other.states_synced == {0: False}
    other(0, mx.nd.ones((2,), ctx=mx.cpu(1)), mx.nd.ones((2,), ctx=mx.cpu(1)))
    assert other.states[0].context == mx.cpu(1)
    assert other.states_synced == {0: True}


def test_many_parameters_are_handed_over_in_parts():
    sizes = []

    class Parts(mx.optimizer.SGD):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.aggregate_num = 3

        def update_multi_precision(self, index, weight, grad, state):
            sizes.append(len(index))
            super().update_multi_precision(index, weight, grad, state)

    weights = [mx.nd.ones((1,)) for _ in range(8)]
    mx.optimizer.get_updater(Parts(learning_rate=0.5))(list(range(8)), [mx.nd.ones((1,))] * 8, weights)
    assert sizes == [3, 3, 2]
    assert [weight.asscalar() for weight in weights] == [0.5] * 8


def test_no_parameters_are_no_update():
    update = mx.optimizer.get_updater(mx.optimizer.SGD())
    update([], [], [])
    assert update.optimizer.num_update == 0


def container(text, *arrays):
    from glueball.optimizer.states import _checksum

    encoded = torch.tensor(list(text.encode()), dtype=torch.uint8)
    file = io.BytesIO()
    checksum = torch.tensor([_checksum([encoded, *arrays])])
    names = [f"a{number}" for number in range(len(arrays))]
    dump_params(
        file, {"glueball.states": encoded, "glueball.checksum": checksum, **dict(zip(names, arrays, strict=True))}
    )
    return file.getvalue()


SETTINGS = (
    '{"name": "sgd", "settings": %s, "multipliers": {"lr_mult": [], "wd_mult": []}, "counts": [], "scheduler": %s}'
)


def of_sgd(settings="{}", progress="{}", scheduler="null", counts="[]", lr_mult="[]"):
    """States of version 2 without arrays."""
    described = f'"name": "sgd", "settings": {settings}, "progress": {progress}, "scheduler": {scheduler}'
    rest = f'"multipliers": {{"lr_mult": {lr_mult}, "wd_mult": []}}, "counts": {counts}'
    return container(f'{{"version": 2, "states": [], "optimizer": {{{described}, {rest}}}}}')


def factor(**changes):
    """A scheduler in a file; what is given replaces what it has."""
    constant = {"step": 2, "factor": 0.5, "stop_factor_lr": 0, "base_lr": 0.1, "warmup_steps": 0, "warmup_begin_lr": 0}
    values = {**constant, "warmup_mode": "linear", "warmup_final_lr": 0.1, "count": 0, **changes}
    progress = {name: values.pop(name) for name in ("warmup_final_lr", "count")}
    return json.dumps({"name": "FactorScheduler", "settings": values, "progress": progress})


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (pickle.dumps({0: 1}), "the file is damaged .*a state cannot be int"),
        (b"", "optimizer states, byte 0"),
        (b"abc", "optimizer states, byte 0"),
        (container("{"), r"damaged \(JSONDecodeError"),
        (container("[]"), r"damaged \(TypeError"),
        (container("{}"), r"damaged \(KeyError"),
        (container('{"version": 3}'), "the version must be 1 or 2; received 3"),
        (container('{"version": 1, "states": [[0, "array"]], "optimizer": null}'), "StopIteration"),
        (container('{"version": 1, "states": [], "optimizer": null}', torch.ones(1)), "more arrays than"),
        (container('{"version": 1, "states": [[0, "matrix"]], "optimizer": null}'), "'matrix' is not a form"),
        (container('{"version": 1, "states": [[[0], null]], "optimizer": null}'), r"damaged \(TypeError"),
        (container('{"version": 1, "states": [], "optimizer": 3}'), r"damaged \(TypeError"),
        (container('{"version": 1, "states": [], "optimizer": {"name": "adam"}}'), "received those of 'adam'"),
        (container('{"version": 1, "states": [], "optimizer": %s}' % (SETTINGS % ('{"evil": 1}', "null"))), "KeyError"),
        (
            container('{"version": 1, "states": [], "optimizer": %s}' % (SETTINGS % ('{"lr": {"a": 1}}', "null"))),
            "lr cannot be {'a': 1}",
        ),
        (
            container('{"version": 1, "states": [], "optimizer": %s}' % (SETTINGS % ('{"idx2name": 1}', "null"))),
            "idx2name cannot be 1",
        ),
        (
            container(
                '{"version": 1, "states": [], "optimizer": %s}'
                % (SETTINGS % ("{}", '{"name": "math", "settings": {}}'))
            ),
            "saved with the scheduler 'math'",
        ),
        (
            container(
                '{"version": 1, "states": [], "optimizer": %s}'
                % (SETTINGS % ("{}", '{"name": "FactorScheduler", "settings": {"step": {}}}'))
            ),
            "step cannot be {}",
        ),
        (of_sgd('{"evil": 1}'), r"must be those of SGD; received the setting 'evil'; .* another version of that class"),
        (of_sgd('{"lr": 1}'), "received the setting 'lr'"),
        (of_sgd('{"lr_scheduler": 1}'), "received the setting 'lr_scheduler'"),
        (of_sgd('{"wd": {}}'), "wd cannot be {}"),
        (of_sgd("[]"), r"damaged \(AttributeError"),
        (of_sgd(progress='{"idx2name": 1}'), "received the attribute 'idx2name'"),
        (of_sgd(progress='{"wd": 1}'), "received the attribute 'wd'"),
        (of_sgd(progress='{"num_update": {}}'), "num_update cannot be {}"),
        (of_sgd(progress="3"), r"damaged \(AttributeError"),
        (of_sgd(scheduler='{"name": "math", "settings": {}, "progress": {}}'), "saved with the scheduler 'math'"),
        (
            of_sgd(scheduler='{"name": "FactorScheduler", "settings": {"step": 2}, "progress": {"count": 0}}'),
            "must be those of FactorScheduler; received no 'base_lr'",
        ),
        (of_sgd(scheduler='{"name": "CosineScheduler", "settings": {"evil": 1}, "progress": {}}'), "setting 'evil'"),
        (of_sgd(scheduler='{"name": "CosineScheduler", "settings": {}}'), r"damaged \(KeyError"),
        # numbers with which no training can go on
        (of_sgd(counts="[[0, [[0, Infinity]]]]"), "a count cannot be inf"),
        (of_sgd(counts="[[0, [[0, -1]]]]"), "a count cannot be -1"),
        (of_sgd(counts="[[0, [[0, true]]]]"), "a count cannot be True"),
        (of_sgd(counts=f"[[0, [[0, {10**30}]]]]"), f"a count cannot be {10**30}"),
        (of_sgd(counts="[[0.5, []]]"), "a device cannot be 0.5"),
        (of_sgd(counts="[[0, [[null, 1]]]]"), "must be an int or a str; received None"),
        (of_sgd(lr_mult='[[0, "1"]]'), "a multiplier cannot be '1'"),
        (of_sgd('{"momentum": "abc"}'), "momentum must be a finite number; received 'abc'"),
        (of_sgd('{"momentum": null}'), "momentum must be a finite number; received None"),
        (of_sgd('{"learning_rate": [1]}'), "learning_rate must be a finite number"),
        (of_sgd('{"learning_rate": %s}' % ("9" * 5000)), r"damaged \(ValueError"),
        (of_sgd('{"wd": %s}' % 10**30), f"wd cannot be {10**30}"),
        (of_sgd(progress='{"num_update": "7"}'), "num_update cannot be '7', since it is 1 now"),
        (of_sgd(scheduler=factor(step=0)), "step must be 1 or more; received 0"),
        (of_sgd(scheduler=factor(step="7")), "step must be a finite number; received '7'"),
        (of_sgd(scheduler=factor(factor=2)), "factor must be at most 1"),
        (of_sgd(scheduler=factor(count="7")), "count cannot be '7'"),
        (of_sgd(scheduler=factor(base_lr=None)), "base_lr cannot be None"),
    ],
)
def test_hostile_bytes_change_nothing(data, rule):
    update = mx.optimizer.get_updater(mx.optimizer.SGD(momentum=0.5))
    update(0, mx.nd.ones((2,)), mx.nd.ones((2,)))
    states, settings = dict(update.states), dict(vars(update.optimizer))
    with pytest.raises(mx.MXNetError, match=rule):
        update.set_states(data)
    assert update.states == states
    assert vars(update.optimizer) == settings


def test_a_rate_that_has_fallen_below_the_warmup_is_loaded():
    """What the constructor would not take at once may be where a schedule has come to."""
    update = mx.optimizer.get_updater(mx.optimizer.SGD())
    update.set_states(of_sgd(scheduler=factor(base_lr=0.001, warmup_begin_lr=0.05, warmup_steps=3, count=20)))
    assert update.optimizer.lr_scheduler(21) == 0.001


def test_deeply_nested_forms_are_refused():
    form = "[" * 100_000 + "]" * 100_000
    with pytest.raises(mx.MXNetError, match="damaged"):
        mx.optimizer.get_updater(mx.optimizer.SGD()).set_states(
            container(f'{{"version": 1, "states": [[0, {form}]], "optimizer": null}}')
        )


@pytest.mark.parametrize(
    ("index", "state", "rule"),
    [
        (1.5, None, "the index of a parameter must be an int or a str; received 1.5"),
        (0, [object()], "a state must be None, an NDArray or a tuple of these; received object"),
    ],
)
def test_what_has_no_bytes_is_refused(index, state, rule):
    update = mx.optimizer.get_updater(mx.optimizer.SGD())
    update.states[index] = state
    with pytest.raises(mx.MXNetError, match=rule):
        update.get_states()


# --- tensors that were checked -----------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [False, True])
def test_each_other_array_is_checked_again(many):
    update = mx.optimizer.get_updater(mx.optimizer.SGD(learning_rate=0.5))
    weight, gradient = mx.nd.ones((2,)), mx.nd.ones((2,))

    def call(gradient, weight):
        return update([0], [gradient], [weight]) if many else update(0, gradient, weight)

    for _ in range(2):
        call(gradient, weight)
    for wrong in (mx.nd.ones((3,)), mx.nd.ones((2,), dtype="float64")):
        with pytest.raises(mx.MXNetError, match="a gradient must have its weight's shape, type and device"):
            call(wrong, weight)
        with pytest.raises(mx.MXNetError, match="a gradient must have its weight's shape, type and device"):
            call(gradient, wrong)
    with pytest.raises(mx.MXNetError, match="weight and gradient must be NDArrays"):
        call(np.ones(2, "float32"), weight)
    assert weight.asnumpy().tolist() == [0.0, 0.0]


def test_a_write_to_a_recorded_array_is_refused_though_it_was_checked_before():
    update = mx.optimizer.get_updater(mx.optimizer.SGD(learning_rate=0.5))
    weight, gradient = mx.nd.ones((2,)), mx.nd.ones((2,))
    weight.attach_grad()
    update(0, gradient, weight)
    with mx.autograd.record(), pytest.raises(mx.MXNetError, match="must not be written to"):
        update(0, gradient, weight)


def test_checked_arrays_are_not_kept_alive():
    update = mx.optimizer.get_updater(mx.optimizer.SGD())
    weight, gradient = mx.nd.ones((2,)), mx.nd.ones((2,))
    update(0, gradient, weight)
    tensors = [weakref.ref(weight._data), weakref.ref(gradient._data)]
    del weight, gradient
    assert [tensor() for tensor in tensors] == [None, None]


def test_an_updater_can_be_copied():
    update = mx.optimizer.get_updater(mx.optimizer.SGD(learning_rate=0.5, momentum=0.5))
    weight = mx.nd.ones((2,))
    update(0, mx.nd.ones((2,)), weight)
    update.optimizer.lr = 0.25
    for other in (copy.deepcopy(update), pickle.loads(pickle.dumps(update))):
        assert other.optimizer.lr == 0.25
        own = weight.copy()
        other(0, mx.nd.ones((2,)), own)
        assert own.asnumpy().tolist() == [0.0, 0.0]


def test_weights_of_several_types_are_updated_at_once():
    weights = [mx.nd.ones((40,), dtype=kind) for kind in ("float32", "float16", "float64")]
    for optimizer in (mx.optimizer.SGD(learning_rate=0.5), mx.optimizer.SGD(learning_rate=0.5, momentum=0.5)):
        update = mx.optimizer.get_updater(optimizer)
        with pytest.warns(UserWarning, match="lose precision"):
            update([0, 1, 2], [weight * 0 + 1 for weight in weights], weights)
    assert [weight.asnumpy().tolist() for weight in weights] == [[0.0] * 40] * 3
    update([], [], [])
    update.optimizer.update([], [], [], [])
