"""Every scheduler gives MXNet's learning rates, bit for bit."""

from __future__ import annotations

import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.module.test_loops import logged

WARMUPS = [
    {},
    {"warmup_steps": 4, "warmup_begin_lr": 0.05},
    {"warmup_steps": 5, "warmup_begin_lr": 0.1, "warmup_mode": "constant"},
]
SCHEDULES = [
    ("FactorScheduler", {"step": 3, "factor": 0.7}),
    ("FactorScheduler", {"step": 1, "factor": 0.5, "stop_factor_lr": 0.01}),
    ("FactorScheduler", {"step": 4}),
    ("MultiFactorScheduler", {"step": [2, 6, 7, 19], "factor": 0.3}),
    ("PolyScheduler", {"max_update": 17}),
    ("PolyScheduler", {"max_update": 17, "pwr": 0.9, "final_lr": 0.02}),
    ("PolyScheduler", {"max_update": 3, "pwr": 3}),
    ("CosineScheduler", {"max_update": 17, "final_lr": 0.003}),
    ("CosineScheduler", {"max_update": 13}),
]
UPDATES = {
    "forward": list(range(30)),
    "jumps": [0, 7, 8, 8, 25, 26],
    "backward": [1, 12, 3, 2, 18, 0, 40, 1],
    "late": [100, 1],
}


def rates(mx, name, options, updates, changed=None):
    schedule = getattr(mx.lr_scheduler, name)(**options)
    found = [schedule(update) for update in updates[:3]]
    if changed is not None:
        schedule.base_lr = changed
    found += [schedule(update) for update in updates[3:]]
    return found, {attribute: value for attribute, value in vars(schedule).items()}


@pytest.mark.parametrize("updates", UPDATES)
@pytest.mark.parametrize(("name", "options"), SCHEDULES)
def test_rates_and_attributes_equal_mxnets(oracle, name, options, updates):
    for warmup in WARMUPS:
        for changed in (None, 0.31):
            given = {"base_lr": 0.23, **options, **warmup}
            ours, theirs = oracle.both(rates, name, given, UPDATES[updates], changed)
            (found, attributes), (expected, their_attributes) = ours.get(), theirs.get()
            assert found == expected
            assert attributes == their_attributes


def first_rate(mx, name, options):
    return getattr(mx.lr_scheduler, name)(**options)(1)


@pytest.mark.parametrize(
    ("name", "options", "rule"),
    [
        ("FactorScheduler", {"step": 0}, "step must be 1 or more; received 0"),
        ("FactorScheduler", {"step": 1, "factor": 2}, "factor must be at most 1"),
        ("FactorScheduler", {"step": 1, "warmup_steps": -1}, "warmup_steps must be 0 or more; received -1"),
        ("FactorScheduler", {"step": 1, "warmup_steps": 1.5}, "warmup_steps must be an int"),
        ("FactorScheduler", {"step": 1, "warmup_begin_lr": 1}, "warmup_begin_lr must be at most base_lr"),
        ("FactorScheduler", {"step": 1, "warmup_mode": "cubic"}, "'linear' or 'constant'; received 'cubic'"),
        ("MultiFactorScheduler", {"step": 3}, "step must be a list"),
        ("MultiFactorScheduler", {"step": []}, "one or more"),
        ("MultiFactorScheduler", {"step": [3, 3]}, "increasing"),
        ("MultiFactorScheduler", {"step": [0, 3]}, "positive"),
        ("MultiFactorScheduler", {"step": [1], "factor": 1.5}, "factor must be at most 1"),
        ("PolyScheduler", {"max_update": 0}, "max_update must be 1 or more; received 0"),
        ("PolyScheduler", {"max_update": 1.5}, "max_update must be an int; received 1.5"),
        ("CosineScheduler", {"max_update": -1}, "max_update must be 1 or more"),
        ("LRScheduler", {}, "must be implemented by the subclass"),
    ],
)
def test_bad_arguments_raise_mxnets_class_and_say_why(oracle, name, options, rule):
    ours, theirs = oracle.both(first_rate, name, options)
    assert ours.failed
    assert_same(ours, theirs)
    assert ours.message.startswith(name + ": ")
    assert rule in ours.message


def test_a_warmup_of_all_updates_ends_at_the_final_rate():
    schedule = mx.lr_scheduler.CosineScheduler(4, base_lr=1.0, final_lr=0.25, warmup_steps=4)
    assert [schedule(update) for update in range(6)] == [0.0, 0.25, 0.5, 0.75, 0.25, 0.25]


def test_the_rate_inside_the_warmup_is_only_given_there():
    schedule = mx.lr_scheduler.LRScheduler(base_lr=1.0, warmup_steps=4)
    assert [schedule.get_warmup_lr(update) for update in range(4)] == [0.0, 0.25, 0.5, 0.75]
    with pytest.raises(mx.MXNetError, match=r"LRScheduler: num_update .* warmup of 4 updates; received 4"):
        schedule.get_warmup_lr(4)


def test_a_count_that_was_jumped_to_takes_no_time():
    """As from a file: the reductions in between are made at once."""
    for step, rate in ((1, 1e-8), (10**6, 1e-8), (2**60, 0.25)):
        schedule = mx.lr_scheduler.FactorScheduler(step, 0.5, base_lr=1.0)
        assert schedule(2**62 - 1) == (rate if step < 2**60 else 0.125)
        assert schedule.count == (2**62 - 2) // step * step
    constant = mx.lr_scheduler.FactorScheduler(1, base_lr=1.0)
    assert constant(2**62) == 1.0
    slow = mx.lr_scheduler.FactorScheduler(1, 1 - 1e-5, base_lr=1.0)
    assert slow(50_001) == pytest.approx((1 - 1e-5) ** 50_000, rel=1e-9)
    constant.step = 0
    with pytest.raises(ValueError, match="step must be 1 or more; received 0"):
        constant(2**62)


def changes(mx, name, options):
    schedule = getattr(mx.lr_scheduler, name)(base_lr=1.0, **options)
    return logged(lambda: [schedule(update) for update in range(12)])


@pytest.mark.parametrize(
    ("name", "options"),
    [("FactorScheduler", {"step": 3, "factor": 0.5}), ("MultiFactorScheduler", {"step": [2, 5, 7], "factor": 0.1})],
)
def test_changes_are_logged(oracle, name, options):
    ours, theirs = oracle.both(changes, name, options)
    assert len(theirs.get()) == 3
    assert_same(ours, theirs)
