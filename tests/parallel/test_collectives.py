"""Sums, means and copies over contexts, and that Trainer and Module communicate only through them."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball.gluon.core.parameter import Parameter
from glueball.parallel import Collectives, ParallelUpdater, mean, sum_on
from tests.module.networks import batch, bound

CONTEXTS = [mx.cpu(0), mx.cpu(1), mx.cpu(2)]


def copies(*values, dtype="float32"):
    return [mx.nd.array([value], ctx=ctx, dtype=dtype) for value, ctx in zip(values, CONTEXTS, strict=False)]


def test_a_sum_has_memory_of_its_own():
    given = copies(1, 2, 4)
    total = sum_on(mx.cpu(1), given)
    assert (total.asscalar(), total.context) == (7, mx.cpu(1))
    (alone,) = Collectives().reduce([given[1:2]])
    alone[:] = 9
    assert alone.context == mx.cpu(1)
    assert [array.asscalar() for array in given] == [1, 2, 4]


def test_all_reduce_and_broadcast_write_to_all_copies():
    first, second = copies(1, 2, 4), copies(10, 20, 40)
    Collectives().all_reduce([first, second])
    assert [array.asscalar() for array in (*first, *second)] == [7] * 3 + [70] * 3
    first[0][:] = 5
    Collectives().broadcast([first, second[:1]])
    assert [array.asscalar() for array in (*first, *second)] == [5] * 3 + [70] * 3


#: Values whose float32 sum loses what their mean keeps: by rounding, by overflow.
LOST_IN_FLOAT32 = [(1.0, 2.0**-24, 2.0**-24), (3e38, 3e38, 3e38)]


@pytest.mark.parametrize("values", LOST_IN_FLOAT32, ids=["rounding", "overflow"])
def test_a_mean_is_taken_in_double_precision_wherever_it_is_taken(values):
    given = copies(*values)
    exact = float(np.float32(np.mean(np.array(values, np.float32).astype(np.float64))))
    assert exact != (sum_on(mx.cpu(), given) / 3).asscalar(), "float32 would do"
    assert mean(given).item() == exact

    parameter = Parameter("w", shape=(1,))
    parameter.initialize(ctx=CONTEXTS)
    module = mx.mod.Module(
        mx.sym.broadcast_mul(mx.sym.var("data"), mx.sym.var("w_weight", shape=(1,))), label_names=None, context=CONTEXTS
    )
    module.bind([("data", (3, 1))])
    module.init_params(mx.init.One())
    for into in (parameter.list_data(), module._exec_group.param_arrays[0]):
        for array, value in zip(into, given, strict=True):
            value.copyto(array)
    module._params_dirty = True  # as after update()
    parameter.reset_ctx(mx.cpu())
    assert parameter.data().asscalar() == exact
    assert module.get_params()[0]["w_weight"].asscalar() == exact


@pytest.mark.parametrize("dtype", ["float16", "float64", "int32"])
def test_a_mean_keeps_the_type(dtype):
    found = mean(copies(1, 2, 4, dtype=dtype)).numpy()
    assert found.tolist() == np.array([7 / 3]).astype(dtype).tolist()
    assert found.dtype == np.dtype(dtype)


class TwoProcesses(Collectives):
    """Acts as if another process had the same gradients, and keeps the requests."""

    def __init__(self):
        self.calls = []

    def another(self, bucket=None):
        return self

    def reduce(self, arrays, keys=()):
        self.calls.append("reduce")
        sums = super().reduce(arrays)
        for total in sums:
            total *= 2
        return sums

    def broadcast(self, arrays):
        self.calls.append("broadcast")
        super().broadcast(arrays)


def trained(collectives, on_kvstore, factor):
    parameter = Parameter("w", shape=(2,))
    parameter.initialize("ones", ctx=CONTEXTS)
    store = mx.kvstore.KVStore("device", collectives)
    trainer = mx.gluon.Trainer(
        [parameter], "sgd", {"learning_rate": 0.125}, kvstore=store, update_on_kvstore=on_kvstore
    )
    with mx.autograd.record():
        losses = [(parameter.data(ctx) * factor).sum() for ctx in CONTEXTS]
    mx.autograd.backward(losses)
    trainer.step(1)
    return [data.asnumpy().tolist() for data in parameter.list_data()]


@pytest.mark.parametrize(
    ("on_kvstore", "calls"), [(True, ["broadcast", "reduce", "broadcast"]), (False, ["broadcast", "reduce"])]
)
def test_a_trainer_communicates_through_collectives_alone(on_kvstore, calls):
    collectives = TwoProcesses()
    assert trained(collectives, on_kvstore, 1) == trained(Collectives(), on_kvstore, 2) == [[0.25, 0.25]] * 3
    assert collectives.calls == calls


def module_trained(collectives, rate):
    module = bound(mx, contexts=2)
    module.init_optimizer(optimizer_params={"learning_rate": rate})
    module._glueball_updates.collectives = collectives
    module.forward_backward(batch(mx))
    module.update()
    return {name: value.asnumpy().tolist() for name, value in module.get_params()[0].items()}


def test_a_module_communicates_through_collectives_alone():
    collectives = TwoProcesses()
    assert module_trained(collectives, 0.25) == module_trained(Collectives(), 0.5)
    assert collectives.calls == ["reduce", "broadcast"]


def test_nothing_to_update_is_no_update():
    updater = mx.optimizer.get_updater(mx.optimizer.SGD())
    for together in (True, False):
        ParallelUpdater([updater], together).update([], [], [])
    assert updater.optimizer.num_update == 0


def test_one_updater_keeps_the_states_of_all_copies_apart():
    updater = mx.optimizer.get_updater(mx.optimizer.SGD(learning_rate=1.0, momentum=0.5))
    weights, gradients = copies(0, 0), copies(1, 2)
    for _ in range(2):
        ParallelUpdater([updater], together=False).update([[6], [7]], [weights], [gradients])
    assert [weight.asscalar() for weight in weights] == [-2.5, -5.0]
    assert {index: state.context for index, state in updater.states.items()} == {6: mx.cpu(0), 7: mx.cpu(1)}
