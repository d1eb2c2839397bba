"""The saved settings of optimizers and schedulers, in this version and the previous one."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import ClassVar

import pytest

import glueball as mx
from glueball.serialization import load_params
from tests.comparison import assert_same

_FILES = Path(__file__).parent / "states_of_version_1"

#: One of each that the library has, none of whose arguments has its default; the schedulers are spread over them.
OPTIMIZERS = {
    "adam": lambda: mx.optimizer.Adam(
        learning_rate=0.5, beta1=0.8, beta2=0.75, epsilon=1e-6, lazy_update=False, wd=0.25, clip_gradient=2,
        lr_scheduler=mx.lr_scheduler.FactorScheduler(2, 0.5, stop_factor_lr=0.125),
    ),
    "sgd": lambda: mx.optimizer.SGD(
        learning_rate=0.5, momentum=0.75, rescale_grad=0.5,
        lr_scheduler=mx.lr_scheduler.MultiFactorScheduler([1, 2], 0.5, 0.01, 1, 0.001, "constant"),
    ),
    "nag": lambda: mx.optimizer.NAG(
        learning_rate=0.5, momentum=0.75, multi_precision=True, begin_num_update=3,
        lr_scheduler=mx.lr_scheduler.PolyScheduler(10, pwr=3),
    ),
    "rmsprop": lambda: mx.optimizer.RMSProp(
        learning_rate=0.5, gamma1=0.8, gamma2=0.7, epsilon=1e-3, centered=True, clip_weights=0.75,
        lr_scheduler=mx.lr_scheduler.CosineScheduler(10, final_lr=0.25),
    ),
    "adagrad": lambda: mx.optimizer.AdaGrad(learning_rate=0.5, eps=1e-3),
    "adadelta": lambda: mx.optimizer.AdaDelta(rho=0.75, epsilon=1e-3),
}  # fmt: skip


class Nudge(mx.optimizer.Optimizer):
    """A program's own, which declares nothing."""

    calls_of_all = 0

    def __init__(self, strength, note=None, **options):
        super().__init__(**options)
        self.strength, self.note, self.calls = strength, note, 0

    def create_state(self, index, weight):
        return mx.nd.zeros(weight.shape)

    def update(self, index, weight, grad, state):
        self._update_count(index)
        self.calls += 1
        self.calls_of_all += 1
        self.latest = str(index)
        state[:] = state + grad
        weight[:] = weight - self.strength * self._get_lr(index) * mx.nd.sign(state)


class Halving(mx.lr_scheduler.LRScheduler):
    """A program's own, which declares nothing."""

    def __init__(self, note, **options):
        super().__init__(**options)
        self.note, self.calls = note, 0

    def __call__(self, num_update):
        self.calls += 1
        return self.base_lr / 2 ** (num_update // 2)


def updated(optimizer, rounds=3):
    """An updater after some rounds, with the two weights that it has updated."""
    update = mx.optimizer.get_updater(optimizer)
    weights = [mx.nd.array([1, 2]), mx.nd.array([[3]])]
    go_on(update, weights, rounds)
    return update, weights


def go_on(update, weights, rounds=3):
    for step in range(rounds):
        for index, weight in enumerate(weights):
            update(index, mx.nd.full(weight.shape, 0.5 + step, dtype=weight.dtype), weight)


def flat(state):
    if isinstance(state, list | tuple):
        return [array for part in state for array in flat(part)]
    return [] if state is None else [state]


def text_of(data):
    return json.loads(bytes(load_params(data)["glueball.states"].numpy()))


def attributes(optimizer):
    """All attributes of an optimizer, and those of its scheduler in its place."""
    scheduler = optimizer.lr_scheduler
    return {**vars(optimizer), "lr_scheduler": scheduler and (type(scheduler), vars(scheduler))}


# --- version 2 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_all_of_an_optimizer_comes_back(name):
    optimizer = OPTIMIZERS[name]()
    optimizer.set_lr_mult({"w_weight": 3.0, 1: 0.5})
    update, weights = updated(optimizer)
    again = mx.optimizer.get_updater(mx.optimizer.create(name))
    again.set_states(update.get_states(dump_optimizer=True))
    assert attributes(again.optimizer) == attributes(optimizer)
    copies = [weight.copy() for weight in weights]
    go_on(update, weights)
    go_on(again, copies)
    assert [copy.asnumpy().tolist() for copy in copies] == [weight.asnumpy().tolist() for weight in weights]


@pytest.mark.parametrize(
    ("optimizer", "scheduler"),
    [
        (
            {"name": "adagrad", "settings": {
                "rescale_grad": 1.0, "wd": 0.0, "clip_gradient": None, "learning_rate": 0.5, "begin_num_update": 0,
                "multi_precision": False, "eps": 1e-3,
            }, "progress": {"num_update": 3}},
            None,
        ),
        (
            {"name": "nag", "settings": {
                "rescale_grad": 1.0, "wd": 0.0, "clip_gradient": None, "learning_rate": 0.5, "begin_num_update": 3,
                "multi_precision": True, "momentum": 0.75,
            }, "progress": {"num_update": 6}},
            {"name": "PolyScheduler", "settings": {
                "base_lr": pytest.approx(0.01 * 0.4**3), "warmup_steps": 0, "warmup_begin_lr": 0,
                "warmup_mode": "linear", "max_update": 10, "pwr": 3, "final_lr": 0,
            }, "progress": {"warmup_final_lr": 0.01, "base_lr_orig": 0.01, "max_steps": 10}},
        ),
    ],
    ids=["adagrad", "nag"],
)  # fmt: skip
def test_settings_are_the_arguments_of_the_constructors(optimizer, scheduler):
    found = text_of(updated(OPTIMIZERS[optimizer["name"]]())[0].get_states(dump_optimizer=True))["optimizer"]
    assert {key: found[key] for key in optimizer} == optimizer
    assert found["scheduler"] == scheduler


def test_an_attribute_that_nobody_declared_is_no_setting():
    optimizer = mx.optimizer.SGD(learning_rate=0.5, lr_scheduler=mx.lr_scheduler.FactorScheduler(2))
    optimizer.note = optimizer.lr_scheduler.note = "the program's own"
    optimizer.aggregate_num = 4
    data = updated(optimizer)[0].get_states(dump_optimizer=True)
    assert "note" not in json.dumps(text_of(data))
    other = mx.optimizer.get_updater(mx.optimizer.SGD())
    other.set_states(data)
    assert other.optimizer.lr == 0.5
    assert not hasattr(other.optimizer, "note")


def library_classes():
    optimizers = {
        kind for kind in mx.optimizer.Optimizer.opt_registry.values() if kind.__module__.startswith("glueball")
    }
    schedulers = {getattr(mx.lr_scheduler, name) for name in mx.lr_scheduler.__all__}
    return sorted(optimizers | schedulers - {mx.lr_scheduler.LRScheduler}, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", library_classes())
def test_each_class_of_the_library_declares_all_that_it_keeps(kind):
    """What is added to a class without being declared, here or as an argument, would be lost."""
    assert "glueball_saved_attributes" in vars(kind)
    required = {"step": 2, "max_update": 5} if kind is not mx.lr_scheduler.MultiFactorScheduler else {"step": [2]}
    taken = inspect.signature(kind.__init__).parameters
    made = kind(**{name: value for name, value in required.items() if name in taken})
    described = mx.optimizer.settings.describe(made)
    kept = {name for name, value in vars(made).items() if mx.optimizer.settings.is_plain(value)} - {
        "lr_scheduler",
        "aggregate_num",
    }
    read = mx.optimizer.settings.attributes("test", described, kind, None)
    assert read == {name: vars(made)[name] for name in kept}
    assert {name for name, one in taken.items() if one.kind is not one.VAR_KEYWORD} - {"self"} <= {
        *described["settings"]
    }


# --- classes of programs --------------------------------------------------------------------------------------


def test_a_class_that_declares_nothing_goes_on_as_if_it_had_never_stopped():
    update, weights = updated(Nudge(0.5, note="theirs", learning_rate=0.25, lr_scheduler=Halving(note=object())))
    data = update.get_states(dump_optimizer=True)
    described = text_of(data)["optimizer"]
    assert described["progress"] == {"num_update": 3, "calls": 6, "calls_of_all": 6, "latest": "1"}
    assert (described["settings"]["strength"], described["settings"]["note"]) == (0.5, "theirs")
    again = mx.optimizer.get_updater(Nudge(9.0, lr_scheduler=Halving(note="mine")))
    again.set_states(data)
    kept = {"note": "mine"}  # of the scheduler: no file can hold what the other had
    optimizer, scheduler = again.optimizer, again.optimizer.lr_scheduler
    assert {**vars(optimizer), "lr_scheduler": None} == {**vars(update.optimizer), "lr_scheduler": None}
    assert vars(scheduler) == {**vars(update.optimizer.lr_scheduler), **kept}
    copies = [weight.copy() for weight in weights]
    go_on(update, weights)
    go_on(again, copies)
    assert [copy.asnumpy().tolist() for copy in copies] == [weight.asnumpy().tolist() for weight in weights]


def test_a_class_that_declares_says_what_is_saved():
    class Declared(Nudge):
        glueball_setting_attributes: ClassVar = {"depth": "_depth", "note": None}
        glueball_saved_attributes = ("calls",)

        def __init__(self, depth=1, **options):
            super().__init__(**options)
            self._depth = depth

    data = updated(Declared(7, strength=0.5, note="theirs"))[0].get_states(dump_optimizer=True)
    again = mx.optimizer.get_updater(Declared(strength=9.0, note="mine"))
    again.set_states(data)
    found = again.optimizer
    assert (found._depth, found.strength, found.calls, found.note) == (7, 0.5, 6, "mine")
    assert not hasattr(found, "latest")


@pytest.mark.parametrize(
    ("settings", "progress", "rule"),
    [
        ({"power": 1}, {}, "must be those of Nudge; received the setting 'power'"),
        ({}, {"update": 1}, "received the attribute 'update'"),
        ({}, {"learning_rate": 1}, "received the attribute 'learning_rate'"),
        ({}, {"idx2name": 1}, "received the attribute 'idx2name'"),
        ({}, {"lr": 1}, "received the attribute 'lr'"),
        ({}, {"calls": [[]]}, r"calls cannot be \[\[\]\]"),
    ],
)
def test_a_file_replaces_nothing_but_plain_attributes(settings, progress, rule):
    with pytest.raises((mx.MXNetError, ValueError), match=rule):
        mx.optimizer.settings.attributes("test", {"settings": settings, "progress": progress}, Nudge, Nudge(1.0))


# --- version 1 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*OPTIMIZERS, "nudge"])
def test_files_of_version_1_are_read(name):
    data = (_FILES / f"{name}.states").read_bytes()
    arrays, saved = load_params(data), text_of(data)["optimizer"]
    made = Nudge(9.0, note="mine", lr_scheduler=Halving("mine")) if name == "nudge" else mx.optimizer.create(name)
    update = mx.optimizer.get_updater(made)
    update.set_states(data)
    expected = {**saved["settings"], "lr_mult": {"w_weight": 3.0, 1: 0.5}, "wd_mult": {}}
    counts = {0: made.num_update, 1: made.num_update}
    expected.update(_index_update_count=counts, _all_index_update_counts={0: counts})
    assert {key: value for key, value in vars(made).items() if key in expected and key != "lr_scheduler"} == {
        key: value for key, value in expected.items() if key != "lr_scheduler"
    }
    assert len(saved["settings"]) >= 8
    if saved["scheduler"] is None:
        assert made.lr_scheduler is None
    else:
        assert type(made.lr_scheduler).__name__ == saved["scheduler"]["name"]
        assert vars(made.lr_scheduler) == saved["scheduler"]["settings"]
    found = [array.asnumpy() for array in flat([update.states[0], update.states[1]])]
    assert_same(found, [array.numpy() for array in list(arrays.values())[2:]], rtol=0)
    dtype = "float16" if made.multi_precision else "float32"
    go_on(update, [mx.nd.array([1, 2], dtype=dtype), mx.nd.array([[3]], dtype=dtype)])
    assert made.num_update == counts[0] + 3


def test_a_file_of_version_1_is_written_as_version_2():
    update = mx.optimizer.get_updater(mx.optimizer.Adam())
    update.set_states((_FILES / "adam.states").read_bytes())
    assert text_of(update.get_states(dump_optimizer=True))["version"] == 2
