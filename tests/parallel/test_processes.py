"""Stores, trainers and modules over several processes: the numbers of one process with the whole batch, or MXNet's."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from tests.parallel import effort, several

STEPS, BATCH = 12, 8


def store_program(mx):
    """What each process reads of a store after the same calls; MXNet runs it, too."""
    store = mx.kv.create("dist_sync")
    rank, found = store.rank, []
    out = mx.nd.zeros((5,))

    def note():
        store.pull("a", out=out)
        found.append(out.asnumpy().tolist())

    def push(times):
        for step in range(times):
            store.push("a", mx.nd.array([0.2, 0.6, -0.7, 0.4, 1.3]) * (1 + rank) * (1 + step))
            note()

    store.init("a", mx.nd.array([5, 6, 7, 8, 9]) * (1 + rank))
    note()
    push(2)
    store.set_gradient_compression({"type": "2bit", "threshold": 0.5})
    store._barrier()  # only one worker tells MXNet's server, which ends if what another one sends comes first
    push(4)
    store.set_optimizer(mx.optimizer.SGD(learning_rate=0.5, momentum=0.5, rescale_grad=0.5))
    push(3)
    store._barrier()
    return [store.type, store.num_workers, found]


def store_values():
    return store_program(mx)


def test_a_store_has_what_mxnets_has(mxnet_processes):
    ours, theirs = several.run(store_values, 2), mxnet_processes(store_program, 2)
    assert len(theirs[0][2]) == 10 and theirs[0] == theirs[1]
    assert ours[0] == ours[1]
    assert ours[0][:2] == theirs[0][:2]
    np.testing.assert_allclose(ours[0][2], theirs[0][2], rtol=1e-6)


def network(mx, hybrid=False):
    net = mx.gluon.nn.HybridSequential()
    net.add(
        mx.gluon.nn.Conv2D(3, 3, activation="relu", in_channels=1),
        mx.gluon.nn.Flatten(),
        mx.gluon.nn.Dense(6, activation="tanh", in_units=48),
        mx.gluon.nn.Dense(4, in_units=6),
    )
    net.initialize()
    random = np.random.RandomState(0)
    for parameter in net.collect_params().values():
        parameter.set_data(mx.nd.array(random.normal(scale=0.3, size=parameter.shape)))
    if hybrid:
        net.hybridize()
    return net


def trained(kind, optimizer, options):
    """The parameters after some steps, on this process's part of each batch."""
    store = mx.kv.create(kind) if isinstance(kind, str) else kind
    rank, count = store.rank, store.num_workers
    net = network(mx, options.get("hybrid", False))
    if options.get("add"):
        net.collect_params().setattr("grad_req", "add")
    make = lambda: mx.gluon.Trainer(  # noqa: E731
        net.collect_params(), optimizer, {"learning_rate": 0.05, "wd": 0.01}, kvstore=store,
        update_on_kvstore=options.get("update_on_kvstore"), compression_params=options.get("compression"),
    )  # fmt: skip
    trainer = make()
    loss_of = mx.gluon.loss.SoftmaxCrossEntropyLoss()
    random = np.random.RandomState(1)
    for step in range(STEPS):
        if step == STEPS // 2 and options.get("anew"):
            trainer = make()
        data, label = random.normal(size=(BATCH, 1, 6, 6)), random.randint(0, 4, BATCH)
        part, size = slice(BATCH * rank // count, BATCH * (rank + 1) // count), BATCH
        if count > 1 and options.get("uneven"):  # one image more or less, and each process says what it has
            bounds = [0, *[BATCH * (each + 1) // count + (each + 1) % 2 for each in range(count - 1)], BATCH]
            part = slice(bounds[rank], bounds[rank + 1])
            size = (bounds[rank + 1] - bounds[rank]) * count
        net.collect_params().zero_grad()
        with mx.autograd.record():
            loss = loss_of(net(mx.nd.array(data[part])), mx.nd.array(label[part])).sum()
        loss.backward()
        if options.get("clip"):
            for parameter in net.collect_params().values():
                parameter.grad()[:] *= 0.5
        trainer.step(size)
    return [parameter.data().asnumpy().tolist() for parameter in net.collect_params().values()]


def all_trained(cases):
    """`trained` for several cases in one process, since a process takes seconds to start."""
    return [trained("dist_sync", *case) for case in cases]


CASES = [
    ("sgd", {}),
    ("nag", {"update_on_kvstore": False}),
    ("adam", {"hybrid": True}),
    ("rmsprop", {"clip": True}),
    ("adagrad", {"add": True}),
    ("ftrl", {"hybrid": True, "update_on_kvstore": False, "clip": True}),
    ("lamb", {}),
    ("sgd", {"anew": True}),
    ("sgd", {"uneven": True}),
    ("sgd", {"compression": {"type": "bf16"}}),
    ("adam", {"compression": {"type": "fp16"}}),
]


@pytest.mark.slow
@pytest.mark.parametrize("count", [2, pytest.param(4, marks=effort.long)])
def test_parameters_are_those_of_one_process_with_the_whole_batch(count):
    results = several.run(all_trained, count, CASES)
    for number, (optimizer, options) in enumerate(CASES):
        alone = trained("local", optimizer, {**options, "update_on_kvstore": None, "compression": None})
        for of_process in results:
            assert len(of_process[number]) == len(alone) == 6
            # Sums of parts are rounded otherwise, those of two bytes much; rmsprop divides by roots of small gradients.
            tolerance = 2e-2 if "compression" in options else 1e-5
            assert of_process[number] != alone
            for ours, expected in zip(of_process[number], alone, strict=True):
                np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=tolerance, err_msg=optimizer)
        assert all(of_process[number] == results[0][number] for of_process in results)


def module_trained(kind):
    store = mx.kv.create(kind) if isinstance(kind, str) else kind
    rank, count = store.rank, store.num_workers
    random = np.random.RandomState(1)
    data, label = random.normal(size=(64, 5)).astype("float32"), random.randint(0, 3, 64)
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=4, name="fc")
    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.tanh(net), num_hidden=3, name="out"), name="softmax")
    batches = data.reshape(8, count, -1, 5)[:, rank], label.reshape(8, count, -1)[:, rank]
    iterator = mx.io.NDArrayIter(*[part.reshape(-1, *part.shape[2:]) for part in batches], batch_size=8 // count)
    module = mx.mod.Module(net)
    module.bind(iterator.provide_data, iterator.provide_label)
    fixed = np.random.RandomState(2)
    shapes = {"fc_weight": (4, 5), "fc_bias": (4,), "out_weight": (3, 4), "out_bias": (3,)}
    # process 0 says what all begin with
    start = {name: mx.nd.array(fixed.normal(size=shape) + rank) for name, shape in shapes.items()}
    module.fit(
        iterator,
        arg_params=start,
        kvstore=store,
        num_epoch=3,
        optimizer="adam",
        optimizer_params={"learning_rate": 0.1},
    )
    arguments, _ = module.get_params()
    return {name: array.asnumpy().tolist() for name, array in sorted(arguments.items())}


def test_a_module_is_trained_as_by_one_process():
    alone = module_trained("local")
    for each in several.run(module_trained, 2, "dist_sync"):
        assert each.keys() == alone.keys()
        for name, expected in alone.items():
            np.testing.assert_allclose(each[name], expected, rtol=1e-4, atol=1e-5)


def unequal():
    """What a process is told of a program that is not the same in all of them, and parameters after a step."""
    store = mx.kv.create("dist_sync")
    rank = store.rank
    store.init(["a", "b"], [mx.nd.ones(2), mx.nd.ones(2)])
    found = [
        several.refused(lambda: store.push("ab"[rank], mx.nd.ones(2))),
        several.refused(lambda: store.init("c", mx.nd.ones(2 + rank))),
    ]
    net = network(mx)
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd", kvstore=store)
    with mx.autograd.record():
        loss = (net(mx.nd.ones((1, 1, 6, 6))) if rank == 0 else net[0].weight.data()).sum()
    loss.backward()
    found.append(several.refused(lambda: trainer.step(1)))
    trainer.step(1, ignore_stale_grad=True)
    return [*found, [parameter.data().asnumpy().tolist() for parameter in net.collect_params().values()]]


def test_what_differs_between_processes_is_named():
    one, other = several.run(unequal, 2)
    assert one == other
    keys, shapes, stale, _ = one
    assert "KVStore.push: all processes must call it with the same keys" in keys and "('b', (2,))" in keys
    assert shapes == (
        "process 1: all processes must train the same parameters; 'c' is float32 (3,) there, and float32 (2,) in "
        "process 0"
    )
    assert "has none in process 1" in stale and "conv0_bias" in stale


def unequal_requests():
    """What a process is told where another one does not train, or train in the same way, a parameter."""
    rank, found = mx.kv.create("dist_sync").rank, []
    for before, request in ((True, "null"), (False, "null"), (False, "add")):
        net = network(mx)
        trainer = mx.gluon.Trainer(net.collect_params(), "sgd", kvstore="dist_sync")
        net[0].weight.grad_req = request if before and rank else "write"

        def step(net=net, trainer=trainer):
            with mx.autograd.record():
                loss = net(mx.nd.ones((1, 1, 6, 6))).sum()
            loss.backward()
            trainer.step(1)

        for _ in range(0 if before else 3):
            step()
        net[2].bias.grad_req = request if rank and not before else "write"
        found.append(several.refused(step))
        net.collect_params().setattr("grad_req", "write")
        step()
        found.append(net[2].bias.data().asnumpy().tolist())
    embedding = mx.gluon.nn.Embedding(3, 2, sparse_grad=rank == 1)
    embedding.initialize()
    trainer = mx.gluon.Trainer(embedding.collect_params(), "sgd", kvstore="dist_sync")
    with mx.autograd.record():
        loss = embedding(mx.nd.array([1])).sum()
    loss.backward()
    return [*found, several.refused(lambda: trainer.step(1))]


def test_parameters_that_only_some_processes_train_are_named():
    one, other = several.run(unequal_requests, 2)
    assert one == other
    for message, name, request in zip(
        one[0:6:2], ["conv0_weight", "dense2_bias", "dense4_bias"], ["null", "null", "add"], strict=True
    ):
        assert message == (
            f"process 1: all processes must train the same parameters; the grad_req of {name} is {request!r} there, "
            "and 'write' in process 0; set it alike in all of them"
        )
    assert "embedding0_weight is float32 (3, 2), with a row_sparse gradient there" in one[6]


def no_processes(monkeypatch, **environment):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(MXNetError) as caught:
        mx.kv.create("dist_sync")
    return str(caught.value)


def test_an_environment_that_says_too_little_is_refused(monkeypatch):
    assert "it lacks MASTER_ADDR, MASTER_PORT" in no_processes(monkeypatch, RANK="0", WORLD_SIZE="2")
    assert "DMLC_ROLE='server'" in no_processes(monkeypatch, DMLC_ROLE="server", DMLC_NUM_WORKER="2")


def test_without_others_a_store_has_one_process():
    store = mx.kv.create("dist_device_sync")
    store.init(3, mx.nd.ones((2,)))
    store.push(3, [mx.nd.ones((2,)), mx.nd.ones((2,), mx.cpu(1))])
    out = mx.nd.zeros((2,))
    store.pull(3, out=out)
    assert (store.type, store.rank, store.num_workers, out.asnumpy().tolist()) == ("dist_device_sync", 0, 1, [2.0, 2.0])
    assert store.get_num_dead_node() == 0


@pytest.mark.parametrize(
    "params, message",
    [
        ({"type": "1bit"}, "must be one of 2bit, fp16, bf16, none; received '1bit'"),
        ({"type": "2bit", "threshold": -1}, "must be positive; received -1"),
        ({"type": "2bit", "size": 3}, r"received \['size'\]"),
    ],
)
def test_a_compression_that_there_is_not_is_refused(params, message):
    with pytest.raises(MXNetError, match=message):
        mx.kv.create("dist_sync").set_gradient_compression(params)


def sparse_rows():
    """Sums of rows that only some processes have, by a store and by a trainer of an embedding."""
    store = mx.kv.create("dist_sync")
    rank = store.rank
    store.init("rows", mx.nd.sparse.zeros("row_sparse", (6, 2)))
    given = mx.nd.sparse.row_sparse_array((np.ones((rank + 1, 2)), [1, 4][: rank + 1]), shape=(6, 2))
    store.push("rows", given)
    out = mx.nd.sparse.zeros("row_sparse", (6, 2))
    store.row_sparse_pull("rows", out=out, row_ids=mx.nd.array([1, 4]))
    net = mx.gluon.nn.Embedding(6, 2, sparse_grad=True)
    net.initialize("ones")
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.5}, kvstore=store)
    with mx.autograd.record():
        loss = net(mx.nd.array([[1, 1], [1, 5]][rank])).sum()
    loss.backward()
    trainer.step(1)
    return [out.indices.asnumpy().tolist(), out.data.asnumpy().tolist(), net.weight.data().asnumpy()[:, 0].tolist()]


def test_rows_are_summed_over_processes():
    expected = [[1, 4], [[2.0, 2.0], [1.0, 1.0]], [1.0, 1 - 0.5 * 3, 1.0, 1.0, 1.0, 0.5]]
    assert several.run(sparse_rows, 2) == [expected, expected]


def overflowing():
    """The parameters and the factor of the loss after steps, in the first of which gradients of process 1 overflow."""
    from glueball.contrib import amp

    amp.init("bfloat16")
    store = mx.kv.create("dist_sync")
    net = mx.gluon.nn.Dense(1, in_units=2)
    net.initialize("ones")
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1}, kvstore=store)
    amp.init_trainer(trainer)
    found = []
    for largest in (np.inf, 1.0, 1.0):
        data = mx.nd.array([[1.0, largest if store.rank else 1.0]])
        with mx.autograd.record():
            loss = net(data).sum()
            with amp.scale_loss(loss, trainer) as scaled:
                mx.autograd.backward(scaled)
        trainer.step(1)
        found.append([net.weight.data().asnumpy()[0].tolist(), trainer._amp_loss_scaler.loss_scale])
    return found


def test_all_processes_skip_a_step_whose_gradients_overflow_in_one():
    one, other = several.run(overflowing, 2)
    assert one == other
    weights, scales = zip(*one, strict=True)
    assert weights[0] == [1.0, 1.0]
    np.testing.assert_allclose(weights[1:], [[0.8, 0.8], [0.6, 0.6]], rtol=1e-2)
    assert scales[1] == scales[0] / 2


def resumed_alone(path):
    """What a process is told when process 1 alone has found a checkpoint."""
    store = mx.kv.create("dist_sync")

    def make(kind):
        net = network(mx)
        return net, mx.gluon.Trainer(net.collect_params(), "adam", kvstore=kind)

    def step(net, trainer):
        with mx.autograd.record():
            loss = net(mx.nd.ones((1, 1, 6, 6))).sum()
        loss.backward()
        trainer.step(1)

    if store.rank == 1:
        alone = make(None)
        for _ in range(3):
            step(*alone)
        alone[1].save_states(path)
    net, trainer = make(store)
    if store.rank == 1:
        trainer.load_states(path)
    return several.refused(lambda: step(net, trainer))


def test_a_process_that_has_another_checkpoint_is_named(tmp_path):
    one, other = several.run(resumed_alone, 2, str(tmp_path / "states"))
    assert one == other
    assert "that of process 1 has made 3, that of process 0 0; load the same checkpoint in all processes" in one
