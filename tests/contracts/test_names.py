"""Names of ours on classes that programs subclass: a subclass may have any name that MXNet's class lacks."""

from __future__ import annotations

import pytest

import glueball as mx
from tests.contracts.recording import look_up

_PREFIXES = ("_glueball_", "glueball_")
_MODULES = [
    "gluon", "gluon.nn", "gluon.loss", "gluon.data", "gluon.data.vision", "gluon.model_zoo.vision", "optimizer",
    "metric", "initializer", "io", "module", "lr_scheduler",
]  # fmt: skip

#: What MXNet's objects have as attributes, Glueball's as properties, so that assignments to them can be answered.
_PROPERTIES = {
    "HybridBlock": {"_cached_op", "_cached_graph"},
    "Parameter": {"_trainer"},
    "Trainer": {"_kvstore"},
    "Module": {"_optimizer", "_update_on_kvstore", "_updater"},
}
#: Names that users ask for; a program's own take precedence, as the tests below show.
_ADDED = {"HybridBlock": {"explain", "export_onnx"}, "Block": {"_repr_html_"}}
#: In MXNet an operator's name is an attribute of the object.
_ATTRIBUTES = {"_op_name"}
#: Classes that derive from another one than MXNet's, and those that programs do not subclass.
_OTHER_BASES = {"Mixed", "NDArray", "Symbol", "Context", "Executor", "KVStore"}


def names_of_classes(mx, modules):
    """The names of all public classes of some modules, by their paths, with those of their bases."""
    found = {}
    for module in modules:
        place = look_up(mx, module)
        for name in dir(place):
            kind = getattr(place, name, None)
            if isinstance(kind, type) and not name.startswith("_") and kind.__module__.split(".")[0] == mx.__name__:
                bases = [base.__name__ for base in kind.__mro__]
                found[module + "." + name] = [[one for one in dir(kind) if not one.startswith("__")], bases]
    return found


@pytest.fixture(scope="module")
def both(oracle):
    return names_of_classes(mx, _MODULES), oracle.run(names_of_classes, _MODULES)


def test_no_name_of_ours_is_one_that_a_subclass_may_choose(both):
    here, there = both
    shared = sorted(here.keys() & there.keys())
    assert len(shared) > 140
    wrong = {}
    for path in shared:
        (names, bases), (known, _) = here[path], there[path]
        ours = (name for base in bases for table in (_PROPERTIES, _ADDED) for name in table.get(base, ()))
        allowed = {*known, *_ATTRIBUTES, *ours}
        extra = {name for name in names if not name.startswith(_PREFIXES)} - allowed
        if extra and bases[0] not in _OTHER_BASES:
            wrong[path] = sorted(extra)
    assert not wrong


def attributes_of_objects(mx):
    """The names of the attributes of objects that programs subclass or edit, after they have been used."""
    network = mx.gluon.nn.HybridSequential()
    network.add(mx.gluon.nn.Conv2D(2, 1, in_channels=1))
    network.initialize()
    network.hybridize()
    trainer = mx.gluon.Trainer(network.collect_params(), "sgd", {"learning_rate": 0.5})
    with mx.autograd.record():
        loss = mx.gluon.loss.L2Loss()(network(mx.nd.ones((1, 1, 2, 2))), mx.nd.ones((1, 2, 2, 2)))
    loss.backward()
    trainer.step(1)
    module = mx.mod.Module(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2), label_names=None)
    module.bind([("data", (1, 2))])
    module.init_params()
    module.init_optimizer()
    values = mx.gluon.data.ArrayDataset([1, 2])
    objects = {
        "Block": mx.gluon.Block(), "HybridBlock": network, "Conv2D": network[0], "Parameter": network[0].weight,
        "Trainer": trainer, "Optimizer": trainer._optimizer, "Module": module, "Loss": mx.gluon.loss.L2Loss(),
        "DataLoader": mx.gluon.data.DataLoader(values, 1), "Dataset": values, "EvalMetric": mx.metric.Accuracy(),
        "Initializer": mx.init.Xavier(), "DataIter": mx.io.NDArrayIter(mx.nd.ones((2, 2))),
        "LRScheduler": mx.lr_scheduler.FactorScheduler(1),
    }  # fmt: skip
    return {name: sorted(vars(one)) for name, one in objects.items()}


def test_no_attribute_of_ours_is_one_that_a_subclass_may_choose(oracle):
    one, other = (outcome.get() for outcome in oracle.both(attributes_of_objects))
    extra = {name: [a for a in one[name] if a not in other[name] and not a.startswith(_PREFIXES)] for name in one}
    assert not any(extra.values()), extra


def own_names(mx):
    """A network and a trainer with attributes and methods that Glueball once had under these names."""

    class Net(mx.gluon.HybridBlock):
        def __init__(self):
            super().__init__()
            self._run, self._graphs, self._report, self._engine, self._traces = 5, [1], "x", None, ()
            self._rank, self._is_graph = -1, True

        def _forward(self, F, x):
            return x * self._run

        def _trace(self):
            return self._graphs

        _context_of = _find = _graph_of = _no_input = _initialize_deferred = None

        def hybrid_forward(self, F, x):
            return self._forward(F, x)

    class Trainer(mx.gluon.Trainer):
        _fresh = _begin = _parallel = _stepping = _reduces = None

    network = Net()
    layer = mx.gluon.nn.Dense(1, in_units=2)
    layer.initialize(mx.init.One())
    trainer = Trainer(layer.collect_params(), "sgd")
    results = []
    for hybridize in (False, True):
        network.hybridize(hybridize)
        with mx.autograd.record():
            loss = layer(network(mx.nd.ones((1, 2))))
        loss.backward()
        trainer.step(1)
        results.append(layer.weight.data())
    return results


def test_a_subclass_may_use_names_that_sound_like_ours(oracle):
    one, other = oracle.both(own_names)
    assert [array.tolist() for array in one.get()] == [array.tolist() for array in other.get()]


def explanations(mx):
    """What `explain` is for networks that have one of their own."""

    class Mixin:
        def explain(self):
            return "mixin"

    class Own(mx.gluon.HybridBlock):
        def explain(self):
            return "own"

    class Before(Mixin, mx.gluon.HybridBlock):
        pass

    class After(mx.gluon.HybridBlock, Mixin):
        pass

    class Derived(After):
        pass

    class Around(After):
        def explain(self):
            return "around " + super().explain()

    class Value(mx.gluon.HybridBlock):
        explain = 5

    class Child(mx.gluon.HybridBlock):
        def __init__(self):
            super().__init__()
            self.explain = mx.gluon.nn.Dense(1)

    network = mx.gluon.nn.HybridSequential()
    network.explain = "attribute"
    found = [kind().explain() for kind in (Own, Before, After, Derived, Around)]
    return [*found, Value().explain, network.explain, type(Child().explain).__name__, list(Child()._children)]


def test_explain_of_a_program_takes_precedence(oracle):
    one, other = oracle.both(explanations)
    assert one.get() == other.get()


def test_export_onnx_of_a_program_takes_precedence():
    class Mixin:
        def export_onnx(self):
            return "mixin"

    class After(mx.gluon.HybridBlock, Mixin):
        pass

    class Around(After):
        def export_onnx(self):
            return "around " + super().export_onnx()

    assert [After().export_onnx(), Around().export_onnx()] == ["mixin", "around mixin"]
