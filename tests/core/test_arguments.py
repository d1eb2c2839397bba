"""Constructors refuse what is no flag, no number or no axis, and take what MXNet takes as one."""

from __future__ import annotations

import inspect
import logging

import numpy as np
import pytest

import glueball as mx
from glueball import gluon
from glueball.gluon import contrib, nn

_ROOMS = [
    (nn, gluon.Block), (contrib.nn, gluon.Block), (gluon.loss, gluon.loss.Loss),
    (mx.optimizer, mx.optimizer.Optimizer), (mx.init, mx.init.Initializer),
    (mx.lr_scheduler, mx.lr_scheduler.LRScheduler), (mx.metric, mx.metric.EvalMetric),
]  # fmt: skip
#: Arguments without a default, by name.
_NEEDED = {
    "units": 2, "channels": 2, "kernel_size": 3, "input_dim": 3, "output_dim": 2, "rate": 0.5, "alpha": 0.2,
    "activation": "relu", "function": "tanh", "step": 3, "max_update": 10, "feval": lambda label, pred: 0.0,
    "value": 1, "param": {}, "patterns": [], "initializers": [], "factor": 2, "weight": 1, "batch_axis": 0,
    "ignore_label": None,
}  # fmt: skip
_SPECIAL = {
    "MultiFactorScheduler": {"step": [3]}, "TopKAccuracy": {"top_k": 2}, "SyncBatchNorm": {"num_devices": 1},
}  # fmt: skip
#: Made otherwise, or never by hand.
_LEFT_OUT = {"SymbolBlock", "FusedRNN"}

_NOT = {
    "bool": ["x", "", 3, 2.5, -1, [1], {}, float("nan"), np.ones(2), mx.nd.ones((1,))],
    "float": ["x", "", "nan", float("nan"), float("inf"), [1.0], np.ones(2), 1j, mx.nd.ones((1,)), object()],
    "Axis": ["x", "1.5", 1.5, float("nan"), [1.5], {}, mx.nd.ones((1,)), np.ones(2)],
}
_NOT |= {"Bound": ["x", "", "nan", float("nan"), [1.0], 1j], "Numeral": _NOT["float"], "Axes": _NOT["Axis"]}
_IS = {
    "bool": [True, False, 0, 1, np.bool_(True), np.int64(0)],
    "float": [0.5, 1, np.float32(0.5), np.float64(0.5), np.int32(1), np.array(0.5)],
    "Axis": [1, np.int64(1), "1"],
}
_IS |= {
    "Bound": [*_IS["float"], float("inf")],
    "Numeral": [*_IS["float"], "0.5", "1e-5"],
    "Axes": [*_IS["Axis"], (0, 1)],
}


def _classes():
    for room, base in _ROOMS:
        for name in sorted(name for name in vars(room) if not name.startswith("_")):
            found = getattr(room, name)
            if isinstance(found, type) and issubclass(found, base) and found.__name__ not in _LEFT_OUT:
                yield found


def _arguments():
    """Every flag and number of every constructor: the class, the argument, and what it must be."""
    for kind in dict.fromkeys(_classes()):
        for name, annotation in getattr(kind.__init__, "__annotations__", {}).items():
            rule = annotation.partition(" | ")[0]
            if rule in _NOT:
                yield pytest.param(kind, name, rule, id=f"{kind.__name__}-{name}")


def _make(kind, **given):
    wanted = inspect.signature(kind).parameters.values()
    needed = {one.name: _NEEDED[one.name] for one in wanted if one.default is one.empty and one.name in _NEEDED}
    return kind(**{**needed, **_SPECIAL.get(kind.__name__, {}), **given})


@pytest.mark.parametrize(("kind", "name", "rule"), list(_arguments()))
def test_a_flag_or_number_must_be_one(kind, name, rule):
    if kind in (gluon.loss.Loss, mx.metric.EvalMetric):
        pytest.skip("programs derive from it and keep there what they like")
    for value in _NOT[rule]:
        with pytest.raises(mx.MXNetError, match=rf"{name} must be "):
            _make(kind, **{name: value})


@pytest.mark.parametrize(("kind", "name", "rule"), list(_arguments()))
def test_what_mxnet_takes_is_taken(kind, name, rule):
    if kind is gluon.loss.Loss:
        pytest.skip("made by its subclasses")
    logging.disable(logging.WARNING)  # a rate replaces that of a scheduler
    try:
        for value in _IS[rule]:
            try:
                _make(kind, **{name: value})
            except (mx.MXNetError, ValueError) as error:  # another rule, such as a range
                assert not isinstance(error, mx.core.errors.UnfitArgumentError), (value, error)
    finally:
        logging.disable(logging.NOTSET)


def test_the_rules_cover_the_library():
    found = list(_arguments())
    assert len(found) > 120
    assert {param.values[2] for param in found} == set(_NOT)


@pytest.mark.parametrize("kind", [TypeError, ValueError, mx.MXNetError])
def test_an_except_for_the_class_of_mxnet_catches_it(kind):
    for make in (lambda: nn.LeakyReLU("a"), lambda: nn.Swish(beta="a"), lambda: nn.Dropout("a"), lambda: nn.ELU([1])):
        with pytest.raises(kind):
            make()


def test_a_subclass_is_named_and_what_it_keeps_to_itself_is_its_own():
    class Mine(nn.Dense):
        def __init__(self, own, **kwargs):
            super().__init__(3, **kwargs)
            self.own = own

    assert Mine("anything").own == "anything"
    with pytest.raises(mx.MXNetError, match="Mine: use_bias must be True or False; received 'no'"):
        Mine(1, use_bias="no")
    assert nn.Dense(3, use_bias=None).bias is None  # as in MXNet
    assert list(inspect.signature(nn.Dense).parameters)[:3] == ["units", "activation", "use_bias"]
