"""Trainer: steps, stale gradients, several contexts, and states in files."""

from __future__ import annotations

import os
import pickle

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same


def make(mx, names=("w_weight", "b_bias"), devices=1, **options):
    params = []
    for number, name in enumerate(names):
        param = mx.gluon.Parameter(name, shape=(2, number + 1), **options)
        param.initialize(mx.init.Constant(number + 1.0), ctx=[mx.cpu(device) for device in range(devices)])
        params.append(param)
    return params


def backward(mx, params, factor=1.0):
    """Gradients that differ between contexts."""
    losses = []
    with mx.autograd.record():
        for param in params:
            for number, context in enumerate(param.list_ctx()):
                weight = param.data(context)
                losses.append((weight * weight).sum() * (factor * (number + 1)))
    mx.autograd.backward(losses)


def values(params):
    return [data.asnumpy() for param in params for data in param.list_data()]


def gradients(params):
    return [gradient.asnumpy() for param in params for gradient in param.list_grad()]


# --- creation -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call",
    [
        "[p, q], 'sgd'", "(p, q), 'nag'", "{'a': p, 'b': q}, 'adam'", "p, 'sgd'", "[1], 'sgd'", "'ab', 'sgd'",
        "None, 'sgd'", "[p], 'nope'", "[p], mx.optimizer.SGD(learning_rate=0.3, rescale_grad=0.5)",
        "[p], mx.optimizer.SGD(), {'learning_rate': 1}", "[p], mx.optimizer.SGD(), {}",
        "[p], 'sgd', {'learning_rate': 0.3, 'rescale_grad': 0.5}", "[p], 'sgd', {'nope': 1}", "[p], 'sgd', 3",
        "[p], 'sgd', None, 'local'", "[p, q], 'sgd', None, None",
    ],
)  # fmt: skip
def test_arguments(oracle, call):
    code = f"""
        p, q = gluon.Parameter("p", shape=(1,)), gluon.Parameter("q", shape=(1,))
        p.initialize()
        q.initialize()
        trainer = gluon.Trainer({call})
        return type(trainer.optimizer).__name__, trainer.learning_rate, trainer.optimizer.rescale_grad
    """
    assert_same(*oracle.both(code))


def test_the_parameters_of_a_dict_are_taken_by_name(oracle):
    code = """
        params = gluon.ParameterDict("n_")
        for name in ("z", "b", "a"):
            params.get(name, shape=(1,))
        params.initialize()
        def numbered(params):
            param_dict = gluon.Trainer(params, "sgd").optimizer.param_dict
            return [(number, param.name) for number, param in param_dict.items()]
        return numbered(params), numbered({"q": params["n_z"], "c": params["n_b"]}), numbered([params["n_z"]])
    """
    assert_same(*oracle.both(code))


def test_refusals_name_the_rule():
    param, other = make(mx)
    with pytest.raises(
        ValueError, match="params must be a dict or a list of Parameters; received list of Parameter, int"
    ):
        mx.gluon.Trainer([param, 3], "sgd")
    with pytest.raises(ValueError, match="params must have at least one Parameter; received none"):
        mx.gluon.Trainer([], "sgd")
    with pytest.raises(mx.MXNetError, match=r"optimizer_params must be None .*; received \['wd'\]"):
        mx.gluon.Trainer([param], mx.optimizer.SGD(), {"wd": 0.1})
    with pytest.raises(mx.MXNetError, match=r"compression_params must be None; received {'type': '2bit'}"):
        mx.gluon.Trainer([param], "sgd", compression_params={"type": "2bit"})
    with pytest.raises(mx.MXNetError, match=r"one of local, .* received 'nope'"):
        mx.gluon.Trainer([param], "sgd", kvstore="nope")
    with pytest.raises(mx.MXNetError, match=r"a store without servers; received 'dist_async'"):
        mx.gluon.Trainer([param], "sgd", kvstore="dist_async")
    with pytest.raises(TypeError, match="kvstore must be a str, a KVStore or None; received int"):
        mx.gluon.Trainer([param], "sgd", kvstore=3)
    with pytest.raises(mx.MXNetError, match=r"update_on_kvstore=True needs parameters on several contexts"):
        mx.gluon.Trainer([param], "sgd", update_on_kvstore=True)
    other.reset_ctx(mx.cpu(1))
    with pytest.raises(mx.MXNetError, match=r"same contexts; w_weight is on \[cpu\(0\)\], b_bias on \[cpu\(1\)\]"):
        mx.gluon.Trainer([param, other], "sgd")


def test_different_contexts(oracle):
    code = """
        p, q = gluon.Parameter("p", shape=(1,)), gluon.Parameter("q", shape=(1,))
        p.initialize(ctx=mx.cpu(0))
        q.initialize(ctx=mx.cpu(1))
        gluon.Trainer([p, q], "sgd")
    """
    assert_same(*oracle.both(code))


# --- steps --------------------------------------------------------------------------------------------------


def steps(mx, optimizer, options, devices, kvstore, on_kvstore, split, **param):
    params = make(mx, devices=devices, **param)
    trainer = mx.gluon.Trainer(params, optimizer, options, kvstore=kvstore, update_on_kvstore=on_kvstore)
    history = []
    for step in range(4):
        backward(mx, params, 1.0 - step / 8)
        if split:
            trainer.allreduce_grads()
            trainer.update(3)
        else:
            trainer.step(3)
        history.append((values(params), gradients(params), trainer.learning_rate, trainer.optimizer.num_update))
    return history


OPTIMIZERS = [
    ("sgd", {"learning_rate": 0.1, "wd": 0.1}),
    ("sgd", {"learning_rate": 0.1, "momentum": 0.9, "clip_gradient": 0.5}),
    ("nag", {"learning_rate": 0.1, "momentum": 0.9, "rescale_grad": 0.5}),
    ("adam", {"wd": 0.1}),
]


@pytest.mark.parametrize(("optimizer", "options"), OPTIMIZERS, ids=str)
@pytest.mark.parametrize("kvstore", ["device", "local", None])
@pytest.mark.parametrize(
    ("devices", "on_kvstore", "split"),
    [(1, None, False), (1, None, True), (1, False, False), (2, None, False), (2, False, False), (2, False, True)],
)
def test_steps_equal_mxnets(oracle, optimizer, options, kvstore, devices, on_kvstore, split):
    assert_same(*oracle.both(steps, optimizer, options, devices, kvstore, on_kvstore, split))


@pytest.mark.parametrize("on_kvstore", [True, None])
@pytest.mark.parametrize("split", [True, False])
def test_updating_on_the_kvstore(oracle, on_kvstore, split):
    ours, theirs = oracle.both(steps, "sgd", {"momentum": 0.9}, 3, "device", on_kvstore, split)
    assert_same(ours, theirs)
    assert ours.failed == split


def test_copies_stay_equal_and_gradients_are_added_up():
    params = make(mx, devices=3)
    trainer = mx.gluon.Trainer(params, "sgd", {"learning_rate": 0.125}, update_on_kvstore=False)
    backward(mx, params)
    trainer.step(1)
    for param in params:
        assert len({data.asnumpy().tobytes() for data in param.list_data()}) == 1
        assert len({gradient.asnumpy().tobytes() for gradient in param.list_grad()}) == 1
    assert params[0].grad(mx.cpu(2)).asnumpy().tolist() == [[12.0], [12.0]]  # 2 * (1 + 2 + 3)
    assert params[0].data(mx.cpu(1)).asnumpy().tolist() == [[-0.5], [-0.5]]


def with_multipliers(mx):
    params = make(mx)
    trainer = mx.gluon.Trainer(params, "sgd", {"learning_rate": 0.1, "wd": 0.1})
    history = []
    for rate, decay in ((3.0, 1.0), (1.0, 0.0), (0.0, 2.0)):
        params[0].lr_mult, params[1].wd_mult = rate, decay
        backward(mx, params)
        trainer.step(1)
        history.append(values(params))
    return history


def test_multipliers_of_parameters(oracle):
    assert_same(*oracle.both(with_multipliers))


def rates(mx):
    params = make(mx)
    schedule = mx.lr_scheduler.FactorScheduler(step=2, factor=0.5, base_lr=0.25)
    trainer = mx.gluon.Trainer(params, "sgd", {"learning_rate": 0.25, "lr_scheduler": schedule})
    history = []
    for _ in range(6):
        backward(mx, params)
        trainer.step(1)
        history.append((trainer.learning_rate, schedule.base_lr, values(params)))
    free = mx.gluon.Trainer(params, "sgd", {"learning_rate": 0.25})
    free.set_learning_rate(0.5)
    history.append((free.learning_rate, free.optimizer.lr))
    trainer.set_learning_rate(0.5)
    return history


def test_learning_rates(oracle):
    ours, theirs = oracle.both(rates)
    assert ours.class_name == "UserWarning"
    assert_same(ours, theirs)


def frozen(mx):
    params = make(mx)
    trainer = mx.gluon.Trainer(params, "sgd", {"learning_rate": 0.1})
    backward(mx, params)
    trainer.step(1)
    params[0].grad_req = "null"
    backward(mx, params[1:])
    trainer.step(1)
    return values(params)


def test_a_parameter_without_gradient_is_left_alone(oracle):
    assert_same(*oracle.both(frozen))


def accumulated(mx):
    params = make(mx, grad_req="add")
    trainer = mx.gluon.Trainer(params, "sgd", {"learning_rate": 0.1})
    history = []
    for _ in range(2):
        for _ in range(3):
            backward(mx, params)
        trainer.step(1)
        history.append((values(params), gradients(params)))
        for param in params:
            param.zero_grad()
    return history


def test_gradients_that_add_up(oracle):
    assert_same(*oracle.both(accumulated))


def deferred(mx, early):
    net = mx.gluon.nn.Dense(2)
    net.initialize(mx.init.Constant(0.5))
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1, "momentum": 0.5})
    if early:
        trainer.step(1)
    for _ in range(2):
        with mx.autograd.record():
            loss = net(mx.nd.array([[1, 2, 3]])).sum()
        loss.backward()
        trainer.step(1)
    return net.weight.data(), net.bias.data()


@pytest.mark.parametrize("early", [False, True])
def test_parameters_whose_shape_comes_later(oracle, early):
    ours, theirs = oracle.both(deferred, early)
    assert_same(ours, theirs)
    assert ours.failed == early


def low_precision(mx):
    params = make(mx, dtype="float16")
    trainer = mx.gluon.Trainer(params, "sgd", {"learning_rate": 0.01, "momentum": 0.9, "multi_precision": True})
    for _ in range(5):
        backward(mx, params)
        trainer.step(2)
    return values(params)


def test_float16_parameters(oracle):
    assert_same(*oracle.both(low_precision))


@pytest.mark.parametrize("size", [1, 4, 0.5])
def test_gradients_are_divided_by_the_batch_size(size):
    weight = mx.gluon.Parameter("weight", shape=(1,), init="zeros")
    weight.initialize()
    with mx.autograd.record():
        loss = weight.data() * 8
    loss.backward()
    mx.gluon.Trainer([weight], "sgd", {"learning_rate": 1}).step(size)
    assert weight.data().asscalar() == -8 / size


@pytest.mark.parametrize("size", [0, -1, "a", None])
def test_a_batch_size_must_be_positive(size):
    params = make(mx)
    trainer = mx.gluon.Trainer(params, "sgd")
    backward(mx, params)
    with pytest.raises(mx.MXNetError, match="Trainer: batch_size must be a positive number; received"):
        trainer.step(size)
    trainer.step(1)


@pytest.mark.parametrize("call", ["step(0)", "step('a')", "load_states(none)", "save_states(none + '/x')"])
def test_errors_are_of_mxnets_classes(oracle, tmp_path, call):
    program = f"""
        net = gluon.nn.Dense(1, in_units=2); net.initialize()
        trainer = gluon.Trainer(net.collect_params(), "adam")
        trainer.step(1, ignore_stale_grad=True)
        trainer.{call.replace("none", repr(str(tmp_path / "none")))}"""
    ours, theirs = oracle.both(program)
    assert theirs.class_name in ("ZeroDivisionError", "TypeError", "FileNotFoundError")
    assert_same(ours, theirs)


def test_parameters_that_moved_need_a_new_trainer(oracle):
    code = """
        p = gluon.Parameter("p", shape=(1,))
        p.initialize()
        trainer = gluon.Trainer([p], "sgd")
        p.reset_ctx(mx.cpu(1))
        with autograd.record():
            loss = p.data() * 2
        loss.backward()
        trainer.step(1)
    """
    ours, theirs = oracle.both(code)
    assert ours.failed
    assert theirs.failed
    assert "p must be on the contexts it was on" in ours.message


# --- stale gradients ----------------------------------------------------------------------------------------


def stale(mx, reached, ignore):
    params = make(mx)
    trainer = mx.gluon.Trainer(params, "sgd", {"learning_rate": 0.1})
    history = []
    for which in reached:
        if which:
            backward(mx, [params[number] for number in which])
        trainer.step(1, ignore_stale_grad=ignore)
        history.append(values(params))
    return history


@pytest.mark.parametrize("ignore", [False, True])
@pytest.mark.parametrize("reached", [[[0, 1], [0, 1]], [[0]], [[0], [1], [0, 1]], [[]], [[0, 1], []]])
def test_stale_gradients(oracle, reached, ignore):
    ours, theirs = oracle.both(stale, reached, ignore)
    assert_same(ours, theirs)
    if not ignore and reached != [[0, 1], [0, 1]]:
        assert ours.class_name == "UserWarning"


def test_a_refused_step_changes_nothing():
    params = make(mx)
    trainer = mx.gluon.Trainer(params, "sgd", {"learning_rate": 0.1})
    before = values(params)
    backward(mx, params[:1])
    with pytest.raises(UserWarning, match=r"b_bias has none on cpu\(0\); .* ignore_stale_grad=True"):
        trainer.step(1)
    assert_same(values(params), before, rtol=0)
    trainer.step(1, ignore_stale_grad=True)
    assert not np.array_equal(values(params)[0], before[0])
    assert np.array_equal(values(params)[1], before[1])


def watched(mx, devices, on_kvstore):
    """A trainer subclass, and the order in which its steps are called."""
    calls = []

    class Own(mx.gluon.Trainer):
        def _allreduce_grads(self):
            calls.append("allreduce")
            super()._allreduce_grads()
            for param in self._params:
                for gradient in param.list_grad():
                    gradient[:] = gradient * 2

        def _update(self, ignore_stale_grad=False):
            calls.append(f"update {ignore_stale_grad}")
            super()._update(ignore_stale_grad)

    params = make(mx, devices=devices)
    trainer = Own(params, "sgd", {"learning_rate": 0.1}, update_on_kvstore=on_kvstore)
    backward(mx, params)
    trainer.step(3)
    history = [values(params)]
    if not on_kvstore:
        backward(mx, params)
        trainer.allreduce_grads()
        trainer.update(3, True)
        history.append((values(params), gradients(params)))
    return calls, history


@pytest.mark.parametrize(("devices", "on_kvstore"), [(1, None), (2, False)])
def test_a_trainer_of_a_programs_own(oracle, devices, on_kvstore):
    ours, theirs = oracle.both(watched, devices, on_kvstore)
    assert_same(ours, theirs)


def test_a_refused_step_reduces_nothing():
    params = make(mx, devices=2)
    trainer = mx.gluon.Trainer(params, "sgd", update_on_kvstore=False)
    trainer._allreduce_grads = lambda: pytest.fail("there is nothing to reduce")
    backward(mx, params[:1])
    before = gradients(params)
    with pytest.raises(UserWarning, match="b_bias has none"):
        trainer.step(1)
    assert_same(gradients(params), before, rtol=0)


def test_a_step_leaves_stale_gradients_as_they_are():
    params = make(mx, devices=2)
    trainer = mx.gluon.Trainer(params, "sgd", {"learning_rate": 0.125}, update_on_kvstore=False)
    for reached in (params, params[:1]):
        backward(mx, reached)
        trainer.step(1, ignore_stale_grad=True)
    assert [gradient.ravel().tolist() for gradient in gradients(params[1:])] == [[12.0] * 4] * 2


@pytest.mark.parametrize("on_kvstore", [False, None])
def test_a_parameter_used_on_one_context_is_updated_on_all(on_kvstore):
    params = make(mx, devices=2)
    trainer = mx.gluon.Trainer(params, "sgd", {"learning_rate": 0.125}, update_on_kvstore=on_kvstore)
    with mx.autograd.record():
        loss = (params[0].data(mx.cpu(1)) * 2).sum()
    loss.backward()
    with pytest.raises(UserWarning, match=r"w_weight has none on cpu\(0\)"):
        trainer.step(1)
    trainer.step(1, ignore_stale_grad=True)
    assert [value.ravel().tolist() for value in values(params)] == [[0.75] * 2, [0.75] * 2, [2.0] * 4, [2.0] * 4]


# --- states -------------------------------------------------------------------------------------------------


def trained(optimizer, options, count=3, devices=1, on_kvstore=None, scheduler=None):
    params = make(mx, devices=devices)
    options = {**options, **({"lr_scheduler": scheduler} if scheduler else {})}
    trainer = mx.gluon.Trainer(params, optimizer, options, update_on_kvstore=on_kvstore)
    for _ in range(count):
        backward(mx, params)
        trainer.step(1)
    return params, trainer


STATEFUL = [
    ("sgd", {"learning_rate": 0.05, "momentum": 0.9}),
    ("sgd", {"learning_rate": 0.05}),
    ("nag", {"learning_rate": 0.05, "momentum": 0.9, "wd": 0.1}),
    ("adam", {"learning_rate": 0.05}),
    ("rmsprop", {"learning_rate": 0.05, "centered": True}),
    ("adagrad", {"learning_rate": 0.05}),
    ("adadelta", {}),
]


@pytest.mark.parametrize(("optimizer", "options"), STATEFUL, ids=str)
@pytest.mark.parametrize(("devices", "on_kvstore"), [(1, None), (2, None), (2, False)])
@pytest.mark.parametrize("scheduled", [False, True])
def test_training_goes_on_as_if_it_had_never_stopped(tmp_path, optimizer, options, devices, on_kvstore, scheduled):
    path = str(tmp_path / "trainer.states")

    def schedule():
        return mx.lr_scheduler.FactorScheduler(step=2, factor=0.5, base_lr=0.05) if scheduled else None

    params, trainer = trained(optimizer, options, 3, devices, on_kvstore, schedule())
    trainer.save_states(path)
    fresh, resumed = trained(optimizer, {**options, "learning_rate": 9.0}, 0, devices, on_kvstore)
    for old, new in zip(params, fresh, strict=True):
        new.set_data(old.data(mx.cpu(0)))
    resumed.load_states(path)
    assert resumed.learning_rate == trainer.learning_rate
    for _ in range(3):
        for group, which in ((params, trainer), (fresh, resumed)):
            backward(mx, group)
            which.step(1)
    assert_same(values(fresh), values(params), rtol=0)
    assert resumed.learning_rate == trainer.learning_rate
    assert resumed.optimizer.num_update == trainer.optimizer.num_update == 6


def test_all_settings_come_back(tmp_path):
    path = str(tmp_path / "trainer.states")
    _, trainer = trained("sgd", {"momentum": np.float32(0.5), "wd": 0.25, "clip_gradient": 2}, 2)
    trainer.optimizer.set_lr_mult({"w_weight": 3.0, 1: 4.0})
    trainer.save_states(path)
    _, other = trained("sgd", {"momentum": 0.9}, 0)
    other.load_states(path)
    optimizer = other.optimizer
    assert (optimizer.momentum, optimizer.wd, optimizer.clip_gradient) == (0.5, 0.25, 2)
    assert optimizer.lr_mult == {"w_weight": 3.0, 1: 4.0}
    assert optimizer._all_index_update_counts == {0: {0: 2, 1: 2}}
    assert list(optimizer.param_dict.values()) == other._params


def test_states_before_the_first_step(tmp_path):
    path = str(tmp_path / "trainer.states")
    _, trainer = trained("adam", {}, 0)
    trainer.save_states(path)
    params, other = trained("adam", {}, 0)
    other.load_states(path)
    backward(mx, params)
    other.step(1)


class Halving(mx.lr_scheduler.LRScheduler):
    def __init__(self, note, **options):
        super().__init__(**options)
        self.note = note
        self.calls = 0

    def __call__(self, num_update):
        self.calls += 1
        return self.base_lr / 2 ** (num_update // 2)


def test_a_users_own_scheduler(tmp_path):
    path = str(tmp_path / "trainer.states")
    _, trainer = trained("sgd", {"learning_rate": 0.5}, 3, scheduler=Halving(note=object()))
    trainer.save_states(path)
    calls = trainer.optimizer.lr_scheduler.calls
    _, same = trained("sgd", {}, 0, scheduler=Halving(note="mine"))
    same.load_states(path)
    found = same.optimizer.lr_scheduler
    assert (type(found), found.calls, found.base_lr, found.note) == (Halving, calls, 0.5, "mine")
    _, without = trained("sgd", {}, 0)
    with pytest.raises(mx.MXNetError, match=r"saved with the scheduler 'Halving'; .*make the trainer with that"):
        without.load_states(path)


def snapshot(trainer):
    optimizer = trainer.optimizer
    states = [
        [array.asnumpy().tobytes() for array in flat(updater.states[index])]
        for updater in trainer._updaters
        for index in updater.states
    ]
    settings = {key: repr(value) for key, value in vars(optimizer).items() if key != "lr_scheduler"}
    return states, settings, optimizer.lr_scheduler and vars(optimizer.lr_scheduler)


def flat(state):
    if isinstance(state, tuple):
        return [leaf for part in state for leaf in flat(part)]
    return [] if state is None else [state]


def test_a_file_of_another_trainer_is_refused_and_nothing_changes(tmp_path):
    path = str(tmp_path / "trainer.states")
    _, adam = trained("adam", {}, 2)
    adam.save_states(path)
    refused = {
        r"must be those of 'sgd'; received those of 'adam'": trained("sgd", {"momentum": 0.9}, 1)[1],
        r"the state of parameter v must be \['\(3,\)": adam_for("v", (3,)),
        r"received index 1 with 1 parameters; it was saved from another network": adam_for("v", (2, 1)),
    }
    for rule, trainer in refused.items():
        before = snapshot(trainer)
        with pytest.raises(mx.MXNetError, match=rule):
            trainer.load_states(path)
        assert snapshot(trainer) == before
    with pytest.raises(mx.MXNetError, match=r"the state of parameter w_weight must be \(2, 1\) float32; received None"):
        path = str(tmp_path / "plain.states")
        trained("sgd", {}, 1)[1].save_states(path)
        trained("sgd", {"momentum": 0.9}, 0)[1].load_states(path)


def adam_for(name, shape, steps=0):
    param = mx.gluon.Parameter(name, shape=shape)
    param.initialize()
    trainer = mx.gluon.Trainer([param], "adam")
    for _ in range(steps):
        backward(mx, [param])
        trainer.step(1)
    return trainer


def test_a_state_that_does_not_fit_is_found_when_its_parameter_is_there(tmp_path):
    path = str(tmp_path / "trainer.states")
    adam_for("w", (2, 1), 1).save_states(path)
    net = mx.gluon.nn.Dense(7, use_bias=False)
    net.initialize()
    trainer = mx.gluon.Trainer(net.collect_params(), "adam")
    trainer.load_states(path)
    with mx.autograd.record():
        loss = net(mx.nd.ones((1, 3))).sum()
    loss.backward()
    with pytest.raises(mx.MXNetError, match=r"the state of parameter 0 must be .*7.*; received .*\(2, 1\)"):
        trainer.step(1)


def test_damaged_files_are_refused_and_nothing_changes(tmp_path):
    path = tmp_path / "trainer.states"
    _, trainer = trained("adam", {"lr_scheduler": mx.lr_scheduler.FactorScheduler(2)}, 2)
    trainer.save_states(str(path))
    whole = path.read_bytes()
    before = snapshot(trainer)
    draw = np.random.default_rng(0)
    damaged = [b"", whole[:-1], whole[: len(whole) // 2], b"\0" * len(whole), whole + b"\0", pickle.dumps({0: 1})]
    for position in draw.choice(len(whole), 300, replace=False):
        changed = bytearray(whole)
        changed[position] ^= 1 << draw.integers(8)
        damaged.append(bytes(changed))
    refused = 0
    for data in damaged:
        path.write_bytes(data)
        try:
            trainer.load_states(str(path))
        except mx.MXNetError:
            refused += 1
            assert snapshot(trainer) == before
        else:  # the name of an array, which is not used
            assert snapshot(trainer) == before
    assert refused > 0.9 * len(damaged)
    with pytest.raises(mx.MXNetError, match="a state cannot be int"):
        path.write_bytes(pickle.dumps({0: 1}))
        trainer.load_states(str(path))


def test_files_of_parameters_and_missing_files_are_refused(tmp_path):
    _, trainer = trained("sgd", {}, 1)
    path = str(tmp_path / "x.params")
    mx.nd.save(path, {"x": mx.nd.ones((2,))})
    with pytest.raises(mx.MXNetError, match=r"must have been saved by Trainer.save_states"):
        trainer.load_states(path)
    with pytest.raises(mx.MXNetError, match=r"Trainer.load_states: the file must be readable; .*nowhere"):
        trainer.load_states(str(tmp_path / "nowhere"))
    with pytest.raises(mx.MXNetError, match=r"Trainer.save_states: the file must be writable"):
        trainer.save_states(str(tmp_path / "nowhere" / "x"))


def test_a_failed_save_leaves_the_old_file(tmp_path):
    path = tmp_path / "trainer.states"
    path.write_bytes(b"old")
    _, trainer = trained("sgd", {"momentum": 0.9}, 1)
    trainer._updaters[0].states[0] = object()
    with pytest.raises(mx.MXNetError, match="a state must be None, an NDArray or a tuple of these; received object"):
        trainer.save_states(str(path))
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["trainer.states"]


def states_of_the_store(mx, devices, path):
    """A program that asks the store for the states, as sockeye does, and a trainer that goes on with them."""

    def made(kvstore):
        params = make(mx, devices=devices)
        return params, mx.gluon.Trainer(params, "adam", {"learning_rate": 0.1}, kvstore=kvstore)

    params, trainer = made(mx.kv.create("device"))
    for _ in range(3):
        backward(mx, params)
        trainer.step(2)
    trainer._kvstore.save_optimizer_states(path, dump_optimizer=False)
    again, other = made(mx.kv.create("device"))
    for param, source in zip(again, params, strict=True):
        param.set_data(source.data(mx.cpu(0)))
    backward(mx, again)
    other._init_kvstore()
    other._init_params()
    other.load_states(path)
    for _ in range(2):
        other.step(2)
        backward(mx, again)
    return values(again)


@pytest.mark.parametrize("devices", [1, 2])
def test_the_store_knows_the_states(oracle, tmp_path, devices):
    ours, theirs = oracle.both(states_of_the_store, devices, str(tmp_path / "states"))
    assert_same(ours.get(), theirs.get(), rtol=1e-5)
