"""Optimizer states of which each process keeps a part: the parameters, files and errors of trainers and stores."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from tests.parallel import effort, several
from tests.parallel.test_processes import network

STEPS = 5


class Counting(mx.optimizer.SGD):
    """An optimizer of a program, which looks at each parameter by itself."""

    def update(self, index, weight, grad, state):
        super().update(index, weight, grad * 0.5, state)


#: The optimizer, its arguments, and what else a trainer or its program does.
CASES = [
    ("sgd", {"momentum": 0.9}, {}),
    ("adam", {}, {"hybrid": True}),
    ("adam", {"multi_precision": True}, {"dtype": "float16"}),
    ("lars", {"momentum": 0.9, "scheduled": True}, {}),
    ("lamb", {}, {"update_on_kvstore": False}),
    ("lbsgd", {"momentum": 0.9, "batch_scale": 2, "updates_per_epoch": 2}, {}),
    ("nadam", {}, {"stale": True}),
    ("rmsprop", {"centered": True}, {"add": True}),
    ("dcasgd", {"momentum": 0.5}, {"manual": True, "update_on_kvstore": False}),
    ("ftml", {"scheduled": True}, {"stale": True}),
    ("sgd", {"momentum": 0.9}, {"contexts": 2}),
    ("sgd", {"momentum": 0.9}, {"contexts": 2, "update_on_kvstore": False}),
    ("counting", {"momentum": 0.9}, {"update_on_kvstore": True}),
    ("adam", {}, {"compression": {"type": "2bit", "threshold": 0.01}}),
    ("sgd", {"momentum": 0.9}, {"uneven": True, "bucket_cap_mb": 0.0001}),
]


def trained(optimizer, arguments, options, shard):
    """The parameters after some steps, and how many bytes of states this process has."""
    mx.optimizer.Optimizer.opt_registry["counting"] = Counting
    arguments = {"learning_rate": 0.05, "wd": 0.01, **arguments}
    if arguments.pop("scheduled", False):
        arguments["lr_scheduler"] = mx.lr_scheduler.FactorScheduler(2, 0.7, base_lr=arguments["learning_rate"])
    contexts = [mx.cpu(number) for number in range(options.get("contexts", 1))]
    net = network(mx, options.get("hybrid", False))
    net.cast(options.get("dtype", "float32"))
    net.collect_params().reset_ctx(contexts)
    if options.get("add"):
        net.collect_params().setattr("grad_req", "add")
    trainer = mx.gluon.Trainer(
        net.collect_params(), optimizer, arguments, kvstore="dist_sync", shard=shard,
        update_on_kvstore=options.get("update_on_kvstore"), compression_params=options.get("compression"),
        bucket_cap_mb=options.get("bucket_cap_mb"),
    )  # fmt: skip
    rank = mx.kv.create("dist_sync").rank
    random = np.random.RandomState(10 + rank)
    for step in range(STEPS):
        net.collect_params().zero_grad()
        losses = []
        with mx.autograd.record():
            for context in contexts:
                data = mx.nd.array(random.normal(size=(2, 1, 6, 6)), context, options.get("dtype", "float32"))
                some = net[0](data) if options.get("stale") and step % 2 else net(data)
                losses.append((some * some).sum())
        mx.autograd.backward(losses)
        if options.get("manual"):
            trainer.allreduce_grads()
            trainer.update(4)
        else:
            trainer.step(4 + rank * bool(options.get("uneven")), ignore_stale_grad=True)
    values = [
        [array.astype("float32").asnumpy().tolist() for array in parameter.list_data()]
        for parameter in net.collect_params().values()
    ]
    return values, bytes_of(trainer._updaters[0].states)


def bytes_of(state):
    if isinstance(state, mx.nd.NDArray):
        return state.size * np.dtype(state.dtype).itemsize
    return sum(map(bytes_of, state.values() if isinstance(state, dict) else state or ()))


def all_trained():
    return [[trained(*case, shard) for shard in (None, "optimizer")] for case in CASES]


@pytest.mark.slow
@pytest.mark.parametrize("count", [2, pytest.param(4, marks=effort.long)])
def test_parameters_are_those_of_processes_with_all_states(count):
    results = several.run(all_trained, count)
    for number, case in enumerate(CASES):
        whole, size = results[0][number][0]
        assert len(whole) == 6 and np.isfinite(np.concatenate([np.ravel(one) for one in whole])).all()
        assert size > 0 and sum(of_process[number][1][1] for of_process in results) == size, case
        for of_process in results:
            assert of_process[number][1][0] == whole, case


def kept():
    """How many bytes of states a process has of a network of layers of about one size, whole and in parts."""
    found = []
    for shard in (None, "optimizer"):
        net = mx.gluon.nn.Sequential()
        net.add(*[mx.gluon.nn.Dense(64, in_units=64) for _ in range(12)])
        net.initialize()
        trainer = mx.gluon.Trainer(net.collect_params(), "adam", kvstore="dist_sync", shard=shard)
        with mx.autograd.record():
            loss = net(mx.nd.ones((1, 64))).sum()
        loss.backward()
        trainer.step(1)
        found.append(bytes_of(trainer._updaters[0].states))
    return found


@pytest.mark.parametrize("count", [2, pytest.param(4, marks=pytest.mark.slow)])
def test_a_process_keeps_its_part_of_the_states(count):
    results = several.run(kept, count)
    whole = 12 * (64 * 64 + 64) * 2 * 4
    assert [each[0] for each in results] == [whole] * count
    for _, part in results:
        assert abs(part - whole / count) < whole / count * 0.05
    assert sum(part for _, part in results) == whole


def sparse():
    return [sparse_trained(shard) for shard in (None, "optimizer")]


def sparse_trained(shard):
    """Parameters after steps with gradients and weights of rows."""
    rank, found = mx.kv.create("dist_sync").rank, []
    for optimizer in ("sgd", "adam", "adagrad"):
        net = mx.gluon.nn.Sequential()
        net.add(mx.gluon.nn.Embedding(6, 2, sparse_grad=True), mx.gluon.contrib.nn.SparseEmbedding(2, 3))
        net[0].initialize("ones")
        net[1].initialize("ones")
        trainer = mx.gluon.Trainer(
            net.collect_params(), optimizer, {"learning_rate": 0.5}, kvstore="dist_sync", shard=shard,
            update_on_kvstore=True if optimizer == "sgd" else None,
        )  # fmt: skip
        for step in range(3):
            with mx.autograd.record():
                rows = net[0](mx.nd.array([[1, step], [1, 5]][rank]))
                loss = (rows * rows).sum() + (net[1](mx.nd.array([rank])) * (1 + step)).sum()
            loss.backward()
            trainer.step(1)
        rows = net[1].weight.row_sparse_data(mx.nd.arange(2))
        found.append([net[0].weight.data().asnumpy().tolist(), rows.tostype("default").asnumpy().tolist()])
        found.append(sorted(trainer._updaters[0].states))
    return found


def test_rows_are_updated_by_their_owner():
    whole, parts = zip(*several.run(sparse, 2), strict=True)
    assert whole[0] == whole[1] and whole[0][1] == [0, 1]
    for number, of_process in enumerate(parts):
        assert of_process[::2] == whole[0][::2]
        assert of_process[1] == [number]


def scaled():
    from glueball.contrib import amp

    amp.init("bfloat16")
    return [scaled_trained(amp, shard) for shard in (None, "optimizer")]


def scaled_trained(amp, shard):
    """Parameters and factors of the loss, where gradients of one process overflow."""
    rank = mx.kv.create("dist_sync").rank
    net = mx.gluon.nn.Dense(2, in_units=2)
    net.initialize("ones")
    trainer = mx.gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.1}, kvstore="dist_sync", shard=shard)
    amp.init_trainer(trainer)
    found = []
    for largest in (1.0, np.inf, 2.0):
        with mx.autograd.record():
            loss = net(mx.nd.array([[1.0, largest if rank else 1.0]])).sum()
            with amp.scale_loss(loss, trainer) as total:
                mx.autograd.backward(total)
        trainer.step(1)
        found.append([net.weight.data().asnumpy().tolist(), trainer._amp_loss_scaler.loss_scale])
    return found


def test_a_scaled_loss():
    whole, parts = zip(*several.run(scaled, 2), strict=True)
    assert whole[0][0] != whole[0][2] and whole[0][0][0] == whole[0][1][0]
    assert parts == whole


def resumed(folder, pairs):
    """For each file that is loaded and each that is saved: parameters after steps, and what states there are."""
    return [resume(folder, *pair) for pair in pairs]


def resume(folder, shard, loads, saves):
    net, store = network(mx), mx.kv.create("dist_sync")
    trainer = mx.gluon.Trainer(net.collect_params(), "nadam", {"learning_rate": 0.05}, kvstore=store, shard=shard)
    if loads:
        net.load_parameters(f"{folder}/net.params")
        trainer.load_states(f"{folder}/{loads}")
    for step in range(3):
        with mx.autograd.record():
            loss = (net(mx.nd.ones((2, 1, 6, 6)) * (1 + step)) ** 2).sum()
        loss.backward()
        trainer.step(2 * store.num_workers)
        if loads and step == 0:  # and once more in the middle
            trainer.load_states(f"{folder}/{loads}")
    trainer.save_states(f"{folder}/{saves}")
    trainer.save_states(f"{folder}/{saves}.mxnet", format="mxnet")
    assert os.path.exists(f"{folder}/{saves}") and os.path.exists(f"{folder}/{saves}.mxnet")
    if not loads and store.rank == 0:
        net.save_parameters(f"{folder}/net.params")
    saved = mx.optimizer.get_updater(mx.optimizer.Nadam())
    with open(f"{folder}/{saves}", "rb") as file:
        saved.set_states(file.read())
    own = sorted(trainer._updaters[0].states)
    return [p.data().asnumpy().tolist() for p in net.collect_params().values()], sorted(saved.states), own


@pytest.mark.slow
def test_a_file_of_states_is_that_of_processes_with_all_of_them(tmp_path):
    folder = str(tmp_path)
    several.run(resumed, 2, folder, [(None, "", "whole"), ("optimizer", "", "parts")])
    assert (tmp_path / "whole").read_bytes() == (tmp_path / "parts").read_bytes()
    assert (tmp_path / "whole.mxnet").read_bytes() == (tmp_path / "parts.mxnet").read_bytes()
    pairs = [(None, "whole", "whole_after"), ("optimizer", "parts", "parts_after")]
    alone = resumed(folder, pairs)
    assert alone[0] == alone[1]
    for count in (2, 3):
        results = several.run(resumed, count, folder, pairs)
        assert (tmp_path / "whole_after").read_bytes() == (tmp_path / "parts_after").read_bytes()
        for whole, (values, saved, _) in results:
            assert values == whole[0] and saved == list(range(6))
            for ours, expected in zip(values, alone[0][0], strict=True):
                np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-6)
        assert sorted(number for _, (*_, own) in results for number in own) == list(range(6))


def of_store(folder):
    """The arrays of a store after pushes, and the states of a process, whole and in parts."""
    found = []
    for shard in (None, "optimizer"):
        store = mx.kv.create("dist_sync")
        store.init(["a", "b"], [mx.nd.ones((4, 3)), mx.nd.ones(2)])
        store.set_optimizer(mx.optimizer.Adam(learning_rate=0.1), shard=shard)
        store.init("c", mx.nd.ones(3))
        values = []
        for step in range(3):
            for key, shape in (("a", (4, 3)), ("b", 2), ("c", 3)):
                store.push(key, mx.nd.ones(shape) * (step - store.rank))
                out = mx.nd.zeros(shape)
                store.pull(key, out=out)
                values.append(out.asnumpy().tolist())
        name = f"{folder}/{shard}"
        store.save_optimizer_states(name)
        data = store._updater.get_states()
        with open(name, "rb") as file:
            assert file.read() == data
        store.load_optimizer_states(name)
        found.append([values, sorted(store._updater.states)])
    return found


def test_a_store_keeps_parts_of_its_states(tmp_path):
    one, other = several.run(of_store, 2, str(tmp_path))
    assert one[0] == other[0] == [one[1][0], ["a", "b", "c"]] and one[1][0] == other[1][0]
    assert (one[1][1], other[1][1]) == (["a"], ["b", "c"])
    assert (tmp_path / "None").read_bytes() == (tmp_path / "optimizer").read_bytes()


def saved_by_one(folder):
    net = network(mx)
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd", kvstore="dist_sync", shard="optimizer")
    with mx.autograd.record():
        loss = net(mx.nd.ones((1, 1, 6, 6))).sum()
    loss.backward()
    trainer.step(1)
    if trainer._kvstore.rank == 0:
        return several.refused(lambda: trainer.save_states(f"{folder}/states"))
    import time

    time.sleep(10)
    return ""


def test_states_that_one_process_alone_saves_are_refused(tmp_path):
    processes = several.start(saved_by_one, 2, str(tmp_path), GLUEBALL_DISTRIBUTED_TIMEOUT="3")
    one, _ = several.finish(processes, 60)
    assert one.found.startswith(
        "Trainer.save_states: each process has states of its own, so that all must call it, not one alone; process 0"
    )
    assert not (tmp_path / "states").exists()


def not_written(folder):
    net = network(mx)
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd", kvstore="dist_sync", shard="optimizer")
    return several.refused(lambda: trainer.save_states(f"{folder}/missing/states"))


def test_all_processes_learn_that_the_file_was_not_written(tmp_path):
    one, other = several.run(not_written, 2, str(tmp_path))
    assert "Trainer.save_states" in one and "missing" in one
    assert "Trainer.save_states: process 0 must be able to write the file" in other


def make(**arguments):
    net = mx.gluon.nn.Dense(1, in_units=1)
    net.initialize()
    return mx.gluon.Trainer(net.collect_params(), arguments.pop("optimizer", "sgd"), **arguments)


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"shard": "states"}, ValueError, "Trainer: shard must be 'optimizer' or None; received 'states'"),
        ({"shard": True}, ValueError, "Trainer: shard must be 'optimizer' or None; received True"),
        ({"shard": "all"}, MXNetError, "received 'all'; .* use shard='optimizer'; .*fully_shard"),
        ({"bucket_cap_mb": 0}, MXNetError, "Trainer: bucket_cap_mb must be a positive number of MiB; received 0"),
        ({"bucket_cap_mb": "5"}, MXNetError, "must be a positive number of MiB; received '5'"),
        ({"bucket_cap_mb": True}, MXNetError, "must be a positive number of MiB; received True"),
        (
            {"kvstore": "device", "shard": "optimizer"},
            MXNetError,
            "shard must be None; received 'optimizer'",
        ),
        ({"kvstore": None, "shard": "optimizer"}, MXNetError, "leave it out, or say 'dist_sync'"),
        ({"kvstore": "local", "bucket_cap_mb": 1}, MXNetError, "bucket_cap_mb must be None; received 1"),
    ],
)
def test_what_cannot_be_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        make(**{"kvstore": "dist_sync", **arguments})


def test_a_store_refuses_the_same():
    with pytest.raises(MXNetError, match=r"kvstore\.create: bucket_cap_mb must be None"):
        mx.kv.create("local", bucket_cap_mb=5)
    with pytest.raises(MXNetError, match=r"kvstore\.create: bucket_cap_mb must be a positive number"):
        mx.kv.create("dist_sync", bucket_cap_mb=float("inf"))
    with pytest.raises(MXNetError, match=r"KVStore\.set_optimizer: shard must be None; received 'optimizer'"):
        mx.kv.create("local").set_optimizer(mx.optimizer.SGD(), shard="optimizer")
    with pytest.raises(ValueError, match=r"KVStore\.set_optimizer: shard must be 'optimizer' or None"):
        mx.kv.create("dist_sync").set_optimizer(mx.optimizer.SGD(), shard="states")
    with pytest.raises(MXNetError, match="set_optimizer: shard must be 'optimizer' or None; received 'all'"):
        mx.kv.create("dist_sync").set_optimizer(mx.optimizer.SGD(), shard="all")


def test_an_optimizer_that_sums_by_itself_is_refused():
    from glueball.compat.horovod import mxnet as hvd

    with pytest.raises(MXNetError, match="pass the optimizer that it was made of"):
        make(kvstore="dist_sync", shard="optimizer", optimizer=hvd.DistributedOptimizer(mx.optimizer.SGD()))


def test_keys_of_a_store_that_a_trainer_updates_with_are_refused():
    store = mx.kv.create("dist_sync")
    trainer = make(kvstore=store, shard="optimizer")
    with mx.autograd.record():
        loss = trainer._params[0].data().sum() + trainer._params[1].data()
    loss.backward()
    trainer.step(1)
    with pytest.raises(MXNetError, match="must be divided once; received 0 again"):
        store.init(0, mx.nd.ones(2))


def test_a_world_of_one_keeps_all(tmp_path):
    trainer = make(kvstore="dist_sync", shard="optimizer", optimizer="adam")
    with mx.autograd.record():
        loss = (trainer._params[0].data() * 2).sum() + trainer._params[1].data()
    loss.backward()
    trainer.step(1)
    trainer.save_states(tmp_path / "states")
    before = json.dumps([one.asnumpy().tolist() for one in trainer._updaters[0].states[0]])
    trainer.load_states(tmp_path / "states")
    assert json.dumps([one.asnumpy().tolist() for one in trainer._updaters[0].states[0]]) == before
    assert sorted(trainer._updaters[0].states) == [0, 1]
