"""The switches: recording and training, nested in every way, per thread."""

from __future__ import annotations

import threading

import pytest

import glueball as mx
from glueball import autograd, nd
from tests.comparison import assert_same


def nested(mx):
    states = []

    def look():
        states.append((mx.autograd.is_recording(), mx.autograd.is_training()))

    look()
    with mx.autograd.record() as nothing:
        look()
        with mx.autograd.pause():
            look()
            with mx.autograd.record():
                look()
        with mx.autograd.pause(train_mode=True):
            look()
        with mx.autograd.predict_mode():
            look()
            with mx.autograd.pause():
                look()
        with mx.autograd.record(train_mode=False):
            look()
            with mx.autograd.train_mode():
                look()
            look()
        look()
    look()
    with mx.autograd.train_mode():
        look()
        with mx.autograd.record(False):
            look()
        with mx.autograd.pause():
            look()
    look()
    return nothing, states


def after_an_error(mx):
    try:
        with mx.autograd.record(), mx.autograd.predict_mode():
            raise KeyError
    except KeyError:
        return mx.autograd.is_recording(), mx.autograd.is_training()


def by_hand(mx):
    switches = []
    for set_, ask in (
        (mx.autograd.set_recording, mx.autograd.is_recording),
        (mx.autograd.set_training, mx.autograd.is_training),
    ):
        switches += [set_(True), ask(), set_(1), set_(False), ask(), set_(0)]
    return switches


def in_a_thread(mx):
    import threading

    states = []

    def look():
        states.append((mx.autograd.is_recording(), mx.autograd.is_training()))

    with mx.autograd.record():
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        look()
    return states


def recorded_in_a_thread(mx):
    import threading

    x = mx.nd.array([1, 2, 3])
    x.attach_grad()
    results = []

    def compute():
        with mx.autograd.record():
            results.append(x * x)

    thread = threading.Thread(target=compute)
    thread.start()
    thread.join()
    results[0].backward()
    return x.grad


@pytest.mark.parametrize(
    "program", [nested, after_an_error, by_hand, in_a_thread, recorded_in_a_thread], ids=lambda f: f.__name__
)
def test_as_in_mxnet(oracle, program):
    ours, theirs = oracle.both(program)
    assert not ours.failed, ours
    assert_same(ours, theirs)


def test_a_switch_takes_truth_values_only(oracle):
    for text in ("autograd.record(train_mode='yes').__enter__()", "autograd.pause('no').__enter__()"):
        ours, theirs = oracle.both(text)
        assert ours.failed
        assert_same(ours, theirs)
    with pytest.raises(TypeError, match=r"set_recording: is_recording must be True or False; received None"):
        autograd.set_recording(None)
    with pytest.raises(TypeError, match="set_training: train_mode must be True or False; received 'x'"):
        autograd.set_training("x")


def test_one_scope_can_be_entered_again_while_it_is_open():
    """MXNet leaves recording on after this; each entering is undone here."""
    scope = autograd.record()
    with scope:
        with scope:
            assert autograd.is_recording()
        assert autograd.is_recording()
    assert (autograd.is_recording(), autograd.is_training()) == (False, False)


def test_threads_train_side_by_side():
    """Each thread has its own switches, so that recording in one does not record in another."""
    inside, checked = threading.Event(), threading.Event()
    x = nd.array([2])
    x.attach_grad()
    errors = []

    def other():
        inside.wait(10)
        try:
            (x * 3).backward()
        except mx.MXNetError as error:
            errors.append(error)
        x_in_place = nd.ones((1,))
        x_in_place += 1
        checked.set()

    thread = threading.Thread(target=other)
    thread.start()
    with autograd.record():
        inside.set()
        assert checked.wait(10)
        y = x * x
    thread.join()
    y.backward()
    assert len(errors) == 1
    assert x.grad.asscalar() == 4
