"""What a program changes between two steps of a trainer: the next step is that of a new trainer."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same


def make(count=3, dtype="float32", kind=mx.gluon.Parameter, devices=1):
    params = [kind(f"p{number}_weight", shape=(number + 1, 2), dtype=dtype) for number in range(count)]
    for number, param in enumerate(params):
        param.initialize(mx.init.Constant(number + 0.5), ctx=[mx.cpu(device) for device in range(devices)])
    return params


def step(trainer, params, **options):
    losses = []
    with mx.autograd.record():
        for param in params:
            if param.grad_req != "null":
                losses += [(array * array).sum() for array in param.list_data()]
    mx.autograd.backward(losses)
    trainer.step(2, **options)


def replace_arrays(params):
    array = mx.nd.ones((1, 2)) * 3
    array.attach_grad()
    params[0]._data, params[0]._grad = [array], [array.grad]


def replace_in_place(params):
    array = mx.nd.ones((1, 2)) * 3
    array.attach_grad()
    params[0]._data[0], params[0]._grad[0] = array, array.grad


OF_PARAMETERS = {
    "nothing": lambda params: None,
    "grad_req null": lambda params: setattr(params[1], "grad_req", "null"),
    "grad_req add": lambda params: setattr(params[1], "grad_req", "add"),
    "grad_req without its setter": lambda params: setattr(params[1], "_grad_req", "null"),
    "lr_mult": lambda params: setattr(params[1], "lr_mult", 0.25),
    "wd_mult": lambda params: setattr(params[1], "wd_mult", 3.0),
    "set_data": lambda params: params[1].set_data(mx.nd.ones((2, 2)) * 7),
    "reset_ctx": lambda params: params[1].reset_ctx(mx.cpu()),
    "initialize": lambda params: params[1].initialize(mx.init.One(), force_reinit=True),
    "arrays": replace_arrays,
    "an array": replace_in_place,
}
OPTIMIZERS = [("sgd", {"wd": 0.1}), ("sgd", {"momentum": 0.9, "wd": 0.1}), ("adam", {"wd": 0.1}), ("rmsprop", {})]


def compare(tmp_path, optimizer, options, change, change_trainer=lambda trainer: None, **kind):
    """Change parameters after two steps; a third of the same trainer, and of a new one with the same states."""
    found = []
    for new in (False, True):
        params = make(**kind)
        trainer = mx.gluon.Trainer(params, optimizer, {"learning_rate": 0.1, **options})
        step(trainer, params)
        step(trainer, params)
        change(params)
        if new:
            trainer.save_states(str(tmp_path / "states"))
            trainer = mx.gluon.Trainer(params, optimizer, {"learning_rate": 0.1, **options})
            trainer.load_states(str(tmp_path / "states"))
        change_trainer(trainer)
        step(trainer, params)
        found.append([[array.asnumpy() for array in param.list_data()] for param in params])
    assert_same(*found, rtol=0)


@pytest.mark.parametrize(("optimizer", "options"), OPTIMIZERS, ids=str)
@pytest.mark.parametrize("change", OF_PARAMETERS)
def test_changes_of_parameters(tmp_path, optimizer, options, change):
    compare(tmp_path, optimizer, options, OF_PARAMETERS[change])


@pytest.mark.parametrize("name", ["lr", "wd", "momentum", "clip_gradient", "num_update"])
def test_changes_of_the_optimizer(tmp_path, name):
    compare(tmp_path, "sgd", {"momentum": 0.9}, lambda params: None, lambda one: setattr(one.optimizer, name, 0.5))


@pytest.mark.parametrize(
    "change",
    [
        lambda trainer: trainer.set_learning_rate(0.5),
        lambda trainer: setattr(trainer, "_scale", 0.25),
        lambda trainer: trainer._updaters[0].states.clear(),
        lambda trainer: trainer.optimizer.param_dict.clear(),
        lambda trainer: trainer.optimizer.param_dict.pop(1),
    ],
    ids=["set_learning_rate", "scale", "no states", "no parameters known", "one parameter unknown"],
)
def test_changes_of_the_trainer(tmp_path, change):
    compare(tmp_path, "sgd", {"momentum": 0.9, "wd": 0.1}, lambda params: None, change)


@pytest.mark.parametrize("kind", [{"devices": 2}, {"dtype": "float64"}])
def test_other_arrays(tmp_path, kind):
    compare(tmp_path, "sgd", {"momentum": 0.9}, OF_PARAMETERS["lr_mult"], **kind)


def test_float16_through_copies(tmp_path):
    options = {"momentum": 0.9, "multi_precision": True}
    compare(tmp_path, "sgd", options, OF_PARAMETERS["lr_mult"], dtype="float16")


def test_cast():
    """A trainer has no states of the new type; without momentum it needs none."""
    params = make()
    trainer = mx.gluon.Trainer(params, "sgd", {"learning_rate": 0.125})
    step(trainer, params)
    params[1].cast("float64")
    step(trainer, params)
    assert [param.data().dtype for param in params] == [np.float32, np.float64, np.float32]
    assert params[1].data().asnumpy().tolist() == [[1.5 * 0.875**2] * 2] * 2


# --- methods of a program ---------------------------------------------------------------------------------------------


def test_methods_put_into_a_parameter_are_called():
    params = make()
    trainer = mx.gluon.Trainer(params, "sgd", {"learning_rate": 0.125})
    step(trainer, params)
    other = [mx.nd.zeros((2, 2))]
    params[1].list_grad = lambda: other
    before = params[1].data().asnumpy()
    step(trainer, params)
    assert_same(params[1].data().asnumpy(), before, rtol=0)


@pytest.mark.parametrize("name", ["list_data", "list_grad", "_check_and_get"])
@pytest.mark.parametrize("where", ["a subclass", "the class", "an object"])
def test_each_method_that_a_program_replaces_is_called(monkeypatch, name, where):
    kind = type("Own", (mx.gluon.Parameter,), {}) if where == "a subclass" else mx.gluon.Parameter
    params = make(kind=kind)
    trainer = mx.gluon.Trainer(params, "sgd")
    step(trainer, params)
    seen, theirs = [], getattr(mx.gluon.Parameter, name)
    if where == "an object":
        monkeypatch.setattr(
            params[1], name, lambda *arguments: seen.append(params[1].name) or theirs(params[1], *arguments)
        )
    else:
        monkeypatch.setattr(kind, name, lambda self, *arguments: seen.append(self.name) or theirs(self, *arguments))
    for param in params:
        param._data[0]._fresh_grad = True
    seen.clear()
    trainer.step(1)
    assert set(seen) == ({"p1_weight"} if where == "an object" else {param.name for param in params})


def test_a_request_that_a_subclass_decides():
    class Frozen(mx.gluon.Parameter):
        frozen = False
        grad_req = property(
            lambda self: "null" if self.frozen else mx.gluon.Parameter.grad_req.fget(self),
            mx.gluon.Parameter.grad_req.fset,
        )

    params = make(kind=Frozen)
    trainer = mx.gluon.Trainer(params, "sgd")
    step(trainer, params)
    params[1].frozen = True
    before = params[1].data().asnumpy()
    step(trainer, params)
    assert_same(params[1].data().asnumpy(), before, rtol=0)


def test_gradients_that_another_method_of_the_trainer_replaces_are_used():
    class Own(mx.gluon.Trainer):
        def _allreduce_grads(self):
            for param in self._params:
                param._grad = [mx.nd.zeros(param.shape)]

    params = make()
    step(Own(params, "sgd", {"learning_rate": 1.0}), params)
    assert [param.data().asnumpy().max() for param in params] == [0.5, 1.5, 2.5]


# --- what is refused after a step -------------------------------------------------------------------------------------


def test_a_parameter_that_lost_its_place_is_refused():
    params = make(devices=2)
    trainer = mx.gluon.Trainer(params, "sgd", update_on_kvstore=False)
    step(trainer, params)
    params[1].reset_ctx(mx.cpu(0))
    with pytest.raises(mx.MXNetError, match=r"p1_weight must be on the contexts it was on"):
        step(trainer, params)
    params = make()
    trainer = mx.gluon.Trainer(params, "sgd")
    step(trainer, params)
    params[2].reset_ctx([mx.cpu(0), mx.cpu(1)])
    with pytest.raises(mx.MXNetError, match=r"p2_weight must be on the contexts it was on"):
        step(trainer, params)


def test_a_gradient_that_no_longer_fits_is_refused():
    params = make()
    trainer = mx.gluon.Trainer(params, "sgd")
    step(trainer, params)
    params[1]._grad = [mx.nd.ones((2, 3))]
    with pytest.raises(mx.MXNetError, match=r"a gradient must have its weight's shape.*; received \(2, 3\)"):
        step(trainer, params)


@pytest.mark.parametrize(("name", "rule"), [("_data", "must be initialized before use"), ("_grad", "is no gradient")])
def test_arrays_that_are_no_longer_there_are_missed(name, rule):
    params = make()
    trainer = mx.gluon.Trainer(params, "sgd")
    step(trainer, params)
    for param in params:
        param._data[0]._fresh_grad = True
    setattr(params[1], name, None)
    params[1]._ctx_map = None
    with pytest.raises(mx.MXNetError, match=f"Parameter p1_weight: .*{rule}"):
        trainer.step(1)
