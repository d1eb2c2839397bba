"""mx.kvstore: the same contents as MXNet's single-process stores after the same calls."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from tests.comparison import assert_same, succeeded
from tests.errors import class_of


def stored(mx, kind, steps, keys, shapes, updating):
    """Push random values from some contexts to each key, and read what is stored."""
    random = np.random.RandomState(3)
    draw = lambda shape: random.normal(size=shape).astype("float32")  # noqa: E731
    store = mx.kv.create(kind)
    store.init(keys, [mx.nd.array(draw(shape)) for shape in shapes])
    if updating == "optimizer":
        store.set_optimizer(mx.optimizer.SGD(learning_rate=0.1, momentum=0.9, wd=0.01))
    elif updating == "function":

        def updater(key, received, array):
            array += 2 * received

        store._set_updater(updater)
    found = [store.type, store.rank, store.num_workers, store.is_capable("optimizer")]
    for step in range(steps):
        copies = (1, 2, 2, 2, 1)[step]  # MXNet crashes with three, or if pushpull() has fewer values than outs
        values = [[mx.nd.array(draw(shape), ctx=mx.cpu(i)) for i in range(copies)] for shape in shapes]
        outs = [[mx.nd.zeros(shape, ctx=mx.cpu(i)) for i in range(2)] for shape in shapes]
        if step % 2:
            store.pushpull(keys, values, out=outs)
        else:
            store.push(keys, values)
            store.pull(keys, out=outs)
        found.append(outs)
    return found


@pytest.mark.parametrize("kind", ["local", "device", "local_allreduce_cpu"])
@pytest.mark.parametrize("updating", [None, "optimizer", "function"])
def test_values_are_mxnets(oracle, kind, updating):
    ours, theirs = oracle.both(stored, kind, 5, [3, 7], [(2,), (2, 3)], updating)
    assert len(theirs.get()) == 9
    assert_same(ours, theirs)


@pytest.mark.parametrize("updating", [None, "optimizer"])
def test_keys_that_are_names(oracle, updating):
    assert_same(*oracle.both(stored, "local", 4, ["fc_weight", "fc_bias"], [(2, 3), (2,)], updating))


def in_place(mx):
    store = mx.kvstore.create()
    given = mx.nd.ones((2,))
    store.init("w", given)
    given[:] = 9  # the store has a copy
    first = mx.nd.zeros((2,))
    store.pull("w", out=first)
    values = [mx.nd.ones((2,)), mx.nd.ones((2,), ctx=mx.cpu(1)) * 4]
    store.pushpull("w", values)  # without out: into the values
    outs = [mx.nd.zeros((3,)), mx.nd.zeros((3,), dtype="float64")]
    store.broadcast("other", mx.nd.array([1, 2, 3]), out=outs)
    return first, values, outs, given


def test_copies(oracle):
    assert_same(*oracle.both(in_place))


BAD = [
    ("store.init(1, nd.ones(2))", "one array for each new key; received 1, which exists"),
    ("store.init(5, [nd.ones(2), nd.ones(2)])", "received 2 arrays for 5"),
    ("store.init('w', nd.ones(2))", "must be ints, or all strs; received 'w' after 1"),
    ("store.init([5, 6], [nd.ones(2)])", "one value for each key; received \\[5, 6\\] and"),
    ("store.init(1.5, nd.ones(2))", "a key must be an int or a str; received 1.5"),
    ("store.init(5, 3)", "the value of 5 must be one or more NDArrays; received 3"),
    ("store.push(9, nd.ones(2))", "must be one that init\\(\\) was called with; received 9"),
    ("store.pull(9, out=nd.ones(2))", "KVStore.pull: the key must be one that"),
    ("store.pull(1)", "out must be the arrays to write to"),
    ("store.is_capable('flight')", "capability must be 'optimizer'; received 'flight'"),
    ("store.save_optimizer_states('file')", "must have an optimizer; call set_optimizer"),
    ("store.load_optimizer_states('file')", "must have an optimizer; call set_optimizer"),
    (
        "store.row_sparse_pull(1, out=nd.ones(2), row_ids=nd.array([0]))",
        "both arrays must be row_sparse; received default",
    ),
    ("mx.kv.create(3)", "name must be a str; received int"),
]


@pytest.mark.parametrize("kind", ["dist_async", "p3"])
def test_a_store_that_needs_servers_is_refused(kind):
    with pytest.raises(MXNetError, match=f"without servers; received '{kind}'; use 'dist_sync'"):
        mx.kv.create(kind)


@pytest.mark.parametrize(("call", "message"), BAD)
def test_refusals_are_mxnets(oracle, call, message):
    program = f"nd = mx.nd; store = mx.kv.create('local'); store.init(1, nd.ones(2)); return {call}"
    ours, theirs = oracle.both(program)
    assert theirs.failed
    assert_same(ours, theirs)
    store = mx.kv.create("local")
    store.init(1, mx.nd.ones(2))
    with pytest.raises((MXNetError, TypeError, ValueError), match=message):
        eval(call, {"mx": mx, "nd": mx.nd, "store": store})


def test_what_only_glueball_refuses():
    store = mx.kv.create("LOCAL")
    store.init("weight", mx.nd.ones(2))
    with pytest.raises(MXNetError, match=r"a value for 'weight' must have the shape \(2,\); received \(3,\)"):
        store.push("weight", mx.nd.ones(3))
    with pytest.raises(MXNetError, match="did you mean 'weight'"):
        store.push("weigth", mx.nd.ones(2))
    with pytest.raises(MXNetError, match="did you mean 'local'"):
        mx.kv.create("locale")
    with pytest.raises(MXNetError, match="of type 'local' cannot compress gradients"):
        store.set_gradient_compression({"type": "2bit"})


def test_optimizer_states_in_a_file(tmp_path):
    def store():
        made = mx.kv.create()
        made.init(0, mx.nd.ones(2))
        made.set_optimizer(mx.optimizer.SGD(learning_rate=0.1, momentum=0.9))
        return made

    first, second, out = store(), store(), [mx.nd.zeros(2), mx.nd.zeros(2)]
    first.push(0, mx.nd.ones(2))
    first.save_optimizer_states(tmp_path / "states")
    second.push(0, mx.nd.ones(2))
    second.push(0, mx.nd.zeros(2))
    second.load_optimizer_states(tmp_path / "states")
    for each, array in zip((first, second), out, strict=True):
        each.pull(0, out=array)
        before = array.asnumpy()
        each.push(0, mx.nd.zeros(2))
        each.pull(0, out=array)
        np.testing.assert_allclose(array.asnumpy() - before, -0.09, rtol=1e-5)  # the momentum of one push of ones
    with pytest.raises(pickle.UnpicklingError):
        pickle.loads((tmp_path / "states").read_bytes())


def trained(mx, contexts, how):
    random = np.random.RandomState(0)
    data, label = mx.nd.array(random.normal(size=(8, 3))), mx.nd.array(random.normal(size=(8, 2)))
    store = mx.kv.create("device")
    on = [mx.cpu(i) for i in range(contexts)]
    if how == "trainer":
        net = mx.gluon.nn.Dense(2, in_units=3)
        net.initialize(mx.init.One(), ctx=on)
        trainer = mx.gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1, "momentum": 0.9}, kvstore=store)
        loss = mx.gluon.loss.L2Loss()
        for _ in range(3):
            with mx.autograd.record():
                parts = [mx.gluon.utils.split_and_load(each, on) for each in (data, label)]
                losses = [loss(net(x), y) for x, y in zip(*parts)]  # noqa: B905
            mx.autograd.backward(losses)
            trainer.step(8)
        return [net.weight.data(one) for one in on], [net.bias.data(one) for one in on]
    out = mx.sym.LinearRegressionOutput(
        mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc"), mx.sym.var("label"), name="out"
    )
    module = mx.mod.Module(out, label_names=["label"], context=on)
    batches = mx.io.NDArrayIter(data, label, 4, label_name="label")
    module.fit(batches, num_epoch=2, kvstore=store, eval_metric="mse", initializer=mx.init.One())
    return module.get_params()[0]


@pytest.mark.parametrize("contexts", [1, 2])
@pytest.mark.parametrize("how", ["trainer", "module"])
def test_trainer_and_module_take_a_store(oracle, contexts, how):
    assert_same(*oracle.both(trained, contexts, how))


def registered(mx):
    base = mx.kvstore.KVStoreBase

    class Own(base):
        def pushpull(self, key, value, out=None, priority=0):
            out[:] = sum(value) + 1

    made = mx.kv.create if base.register(Own) is Own else None
    total = mx.nd.zeros(2)
    made("own").pushpull("a", [mx.nd.ones(2)] * 3, out=total)
    found = []
    for code in ("type", "rank", "num_workers", "broadcast(1, 2, 3)", "set_optimizer(1)", "is_capable('optimizer')",
                 "save_optimizer_states('x')", "load_optimizer_states('x')"):  # fmt: skip
        try:
            eval(f"store.{code}", {"store": made("Own")})
        except NotImplementedError:
            found.append(code)
    del base.kv_registry["own"]
    return total, found, base.OPTIMIZER, issubclass(mx.kvstore.KVStore, base)


def test_stores_of_a_programs_own(oracle):
    assert_same(*succeeded(oracle.both(registered)))


def test_two_stores_of_one_name():
    class Own(mx.kvstore.KVStoreBase):
        pass

    mx.kvstore.KVStoreBase.register(Own)
    with pytest.warns(UserWarning, match="takes the place of"):
        mx.kvstore.KVStoreBase.register(Own)
    module = mx.mod.Module(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=1), label_names=None)
    module.bind([("data", (1, 1))])
    module.init_params()
    with pytest.raises(MXNetError, match="kvstore must be a str, a KVStore or None"):
        module.init_optimizer(kvstore=mx.kv.create("own"))
    del mx.kvstore.KVStoreBase.kv_registry["own"]


def own_store(mx, calls, is_capable):
    """A store that records its calls and sums gradients."""

    def outline(value):
        if isinstance(value, mx.nd.NDArray):
            return f"{value.context} {value.shape}"
        return [outline(one) for one in value] if isinstance(value, list) else value

    class Own(mx.kvstore.KVStoreBase):
        type, rank, num_workers = "own", 0, 1

        def broadcast(self, key, value, out, priority=0):
            calls.append(("broadcast", key, outline(value), outline(out), priority))
            for one in out:
                one[:] = value

        def pushpull(self, key, value, out=None, priority=0):
            calls.append(("pushpull", key, outline(value), outline(out), priority))
            if out is None:
                total = sum(one.as_in_context(mx.cpu()) for one in value)
                for one in value:
                    one[:] = total

        def set_optimizer(self, optimizer):
            calls.append(("set_optimizer", optimizer.__class__.__name__))

        def is_capable(self, capability):
            calls.append(("is_capable", capability))
            return is_capable

        def save_optimizer_states(self, fname, dump_optimizer=False):
            calls.append(("save", dump_optimizer))

    return Own()


def trained_with(mx, is_capable, update, contexts, what):
    calls = []
    where = [mx.cpu(number) for number in range(contexts)]
    net = mx.gluon.nn.HybridSequential(prefix="net_")
    net.add(mx.gluon.nn.Dense(2, prefix="a_"), mx.gluon.nn.Dense(1, in_units=2, prefix="b_"))
    net.initialize(mx.init.One(), ctx=where)
    net.collect_params(".*b_bias").setattr("grad_req", "null")
    store = own_store(mx, calls, is_capable)
    options = {"kvstore": store, "update_on_kvstore": update}
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.125}, **options)
    try:
        for _ in range(2):
            with mx.autograd.record():
                losses = [net(mx.nd.ones((2, 3), ctx=context)).sum() for context in where]
            for loss in losses:
                loss.backward()
            calls.append(what)
            if what == "step":
                trainer.step(2)
            else:
                trainer.allreduce_grads()
                trainer.update(2)
        if update:
            trainer.save_states("/nowhere/at/all")
    except Exception as error:
        calls.append(class_of(error))
    return calls, [parameter.list_data() for parameter in net.collect_params().values()]


@pytest.mark.parametrize("what", ["step", "split"])
@pytest.mark.parametrize("contexts", [1, 2])
@pytest.mark.parametrize("update", [None, False, True])
@pytest.mark.parametrize("is_capable", [False, True])
def test_a_trainer_with_a_store_of_a_programs_own(oracle, is_capable, update, contexts, what):
    assert_same(*succeeded(oracle.both(trained_with, is_capable, update, contexts, what)))


@pytest.mark.parametrize("name", ["horovod", "byteps"])
def test_a_store_without_an_optimizer_does_not_update(name):
    net = mx.gluon.nn.Dense(1, in_units=2)
    net.initialize()
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd", kvstore=name, update_on_kvstore=True)
    with mx.autograd.record():
        loss = net(mx.nd.ones((1, 2)))
    loss.backward()
    with pytest.raises(ValueError, match=f"a store that has no optimizer, '{name}'; received True"):
        trainer.step(1)


def test_a_barrier_of_one_process_is_passed():
    store = mx.kv.create("dist_sync")
    assert store.barrier() is None and store._barrier() is None
