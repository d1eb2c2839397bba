"""What a subclass overrides is called as MXNet calls it: as often, in the same order, with the same arguments.

For each class, a subclass that overrides every method that MXNet's class has records the calls of whole programs.
"""

from __future__ import annotations

import pytest

import glueball as mx
from tests.contracts import scenes
from tests.contracts.recording import look_up, overridable

#: Methods of MXNet's classes that Glueball's do not have, and why.
LEFT_OUT = {
    "gluon.Trainer": {"_row_sparse_pull": "the rows of a parameter are not in a store"},
    "io.NDArrayIter": {"_tile": "a batch longer than the data is joined from parts, by _concat"},
}

_OF_BLOCKS = [
    "gluon.Block", "gluon.HybridBlock", "gluon.nn.Dense", "gluon.nn.HybridSequential", "gluon.Parameter",
    "gluon.Trainer", "gluon.loss.L2Loss", "optimizer.Updater",
    "optimizer.SGD", "optimizer.NAG", "optimizer.Adam", "optimizer.RMSProp", "optimizer.AdaGrad", "optimizer.AdaDelta",
]  # fmt: skip
_OF_MODULES = ["module.Module", "io.NDArrayIter", "optimizer.SGD", "metric.Accuracy", "init.Uniform"]
_OF_CHAINS = ["module.SequentialModule", "module.PythonLossModule", "module.Module"]
_METRICS = ["Accuracy", "CrossEntropy", "F1", "Loss", "MAE", "MCC", "MSE", "RMSE"]
_INITIALIZERS = [("Constant", [1]), ("MSRAPrelu", []), ("One", []), ("Orthogonal", []), ("Uniform", []), ("Xavier", [])]
_SCHEDULERS = {
    "FactorScheduler": {"step": 2}, "MultiFactorScheduler": {"step": [1, 2]}, "PolyScheduler": {"max_update": 4},
    "CosineScheduler": {"max_update": 4, "warmup_steps": 2},
}  # fmt: skip
_OF_DATA = ["ArrayDataset", "SimpleDataset", "SequentialSampler", "RandomSampler", "BatchSampler", "DataLoader"]

SCENES = [
    *[(scenes.train_block, path, (hybridize,)) for path in _OF_BLOCKS for hybridize in (False, True)],
    *[(scenes.fit_module, path, ()) for path in _OF_MODULES],
    *[(scenes.fit_chain, path, ()) for path in _OF_CHAINS],
    (scenes.fit_feed_forward, "model.FeedForward", ()),
    *[(scenes.measure, f"metric.{name}", ()) for name in _METRICS],
    *[(scenes.initialize, f"init.{name}", (arguments,)) for name, arguments in _INITIALIZERS],
    *[(scenes.schedule, f"lr_scheduler.{name}", (options, optimizer))
      for name, options in _SCHEDULERS.items() for optimizer in ("sgd", "adam")],
    *[(scenes.load_data, f"gluon.data.{name}", (0,)) for name in _OF_DATA],
]  # fmt: skip


def _id(value):
    return getattr(value, "__name__", None) or (value if isinstance(value, str) else str(value).replace(" ", ""))


@pytest.mark.parametrize(("scene", "path", "arguments"), SCENES, ids=_id)
def test_calls_are_those_of_mxnet(oracle, scene, path, arguments):
    names = [name for name in oracle.run(overridable, path) if name not in LEFT_OUT.get(path, {})]
    one, other = (_comparable(outcome.get()) for outcome in oracle.both(scene, path, names, *arguments))
    assert len(other) > len([call for call in other if isinstance(call, str)]), "nothing is called at all"
    assert one == other


def _comparable(calls):
    """Without the contexts that a graph passes to `Parameter.data`, where MXNet relies on the current one."""
    return [call[:2] if call[0] == "Parameter" and call[1] in ("data", "_check_and_get") else call for call in calls]


@pytest.mark.parametrize("path", sorted({path for _, path, _ in SCENES}))
def test_every_method_that_mxnet_has_is_there(oracle, path):
    here = look_up(mx, path)
    lacking = {name for name in oracle.run(overridable, path) if not hasattr(here, name)}
    assert lacking == set(LEFT_OUT.get(path, ()))


def assigned_methods(mx, optimizer):
    """A method that is put into an object, not into a class, is called too."""
    made = getattr(mx.optimizer, optimizer)(learning_rate=0.5)
    seen = []
    made._get_lrs = lambda indices: seen.append(list(indices)) or [0.25] * len(indices)
    weight = mx.nd.ones((2,))
    mx.optimizer.get_updater(made)(3, mx.nd.ones((2,)), weight)
    return seen, weight


@pytest.mark.parametrize("optimizer", ["SGD", "NAG", "AdaGrad"])
def test_methods_of_an_object_are_called(oracle, optimizer):
    one, other = oracle.both(assigned_methods, optimizer)
    assert one.get()[0] == other.get()[0] == [[3]]
    assert one.get()[1].tolist() == pytest.approx(other.get()[1].tolist())


class OwnDecays(mx.optimizer.SGD):
    """An optimizer that MXNet's rules let be called one array at a time."""

    def _get_wds(self, indices):
        return super()._get_wds(indices)


def test_an_optimizer_with_methods_of_its_own_computes_what_one_without_does():
    results = []
    for kind in (mx.optimizer.SGD, OwnDecays):
        weights = [mx.nd.ones((number + 1,), dtype=["float32", "float16"][number % 2]) for number in range(7)]
        update = mx.optimizer.get_updater(kind(learning_rate=0.1, momentum=0.9, wd=0.1, multi_precision=True))
        for _ in range(3):
            update(list(range(7)), [weight * 0.5 for weight in weights], weights)
        results.append([weight.asnumpy().tolist() for weight in weights])
    assert results[0] == results[1]
