"""SyncBatchNorm over processes: what BatchNorm computes of the whole batch in one process.

MXNet cannot judge: its layer knows the contexts of one process alone.
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import glueball as mx
from glueball import autograd, gluon, nd
from glueball.gluon import contrib, nn
from glueball.graph.engines import inductor
from tests.gluon.filling import fill
from tests.parallel import effort, several

DRAW = np.random.default_rng(0)
IMAGES = (DRAW.normal(2, 1, (8, 3, 5, 5)) * np.linspace(0.5, 2, 8)[:, None, None, None]).astype("float32")
LABELS = np.arange(8) % 2
STEPS = 4


def network(layer, contexts):
    """Convolutions with normalization, the second of which runs twice, with parameters that are the same everywhere."""
    twice = layer()

    class Net(nn.HybridBlock):
        def __init__(self):
            super().__init__()
            with self.name_scope():
                self.first, self.norm = nn.Conv2D(4, 3, padding=1), layer()
                self.second, self.twice = nn.Conv2D(4, 3, padding=1), twice
                self.last = nn.Dense(2)

        def hybrid_forward(self, F, x):
            x = F.relu(self.norm(self.first(x)))
            x = F.relu(self.twice(F.tanh(self.twice(self.second(x)))))
            return self.last(F.Pooling(x, kernel=(1, 1), global_pool=True, pool_type="avg"))

    net = Net()
    fill(net, nd.array(IMAGES[:1], ctx=contexts[0]), contexts)
    return net


def bounds(count, uneven):
    """Where the part of each device begins and ends in the batch."""
    ends = [len(IMAGES) * number // count for number in range(count + 1)]
    return [end + (uneven and 0 < number < count and number % 2) for number, end in enumerate(ends)]


def trained(options):
    """The losses of each step, the parameters after them, and what is predicted then."""
    store = mx.kv.create(options.get("kind", "dist_sync"))
    store._glueball_collectives._bucket = 100  # bytes: gradients leave while the layers ask the other processes
    contexts = [mx.cpu(number) for number in range(options.get("contexts", 1))]
    devices = store.num_workers * len(contexts)
    make = (lambda: contrib.nn.SyncBatchNorm(num_devices=devices)) if options.get("sync", True) else nn.BatchNorm
    net = network(make, contexts)
    if options.get("engine"):
        net.hybridize(backend=options["engine"])
    for parameter in net.collect_params().values():
        if parameter.grad_req != "null" and options.get("add"):
            parameter.grad_req = "add"
    trainer = gluon.Trainer(net.collect_params(), "nag", {"learning_rate": 0.05, "momentum": 0.9}, kvstore=store)
    criterion = gluon.loss.SoftmaxCrossEntropyLoss()
    ends = bounds(devices, options.get("uneven", False))
    own = [slice(*ends[number : number + 2]) for number in range(devices)][store.rank * len(contexts) :]
    losses = []
    for _ in range(STEPS):
        for repeat in range(2):  # gradients of two calls, which may be added
            with autograd.record():
                outputs = [
                    net(nd.array(IMAGES[part] + repeat, ctx=ctx)) for part, ctx in zip(own, contexts, strict=False)
                ]
                found = [
                    criterion(output, nd.array(LABELS[part], ctx=output.context))
                    for part, output in zip(own, outputs, strict=False)
                ]
            autograd.backward(found)
            losses += [float(sum(each.sum().asscalar() for each in found))]
        trainer.step(len(IMAGES))
        net.collect_params().zero_grad()
    values = [parameter.list_data()[0].asnumpy().tolist() for parameter in net.collect_params().values()]
    return losses, values, net(nd.array(IMAGES, ctx=contexts[0])).asnumpy().tolist()


def all_trained(cases):
    return [trained(case) for case in cases]


CASES = [{}, {"uneven": True, "add": True}, {"engine": "onednn"}, {"engine": "eager", "uneven": True}, {"contexts": 2},
         {"contexts": 2, "engine": "onednn", "add": True}]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("count", [2, pytest.param(4, marks=effort.long)])
def test_training_is_that_of_one_process_with_the_whole_batch(count):
    cases = [case for case in CASES if count == 2 or "contexts" not in case]
    results = several.run(all_trained, count, [*cases, {"sync": False}])
    for number, case in enumerate(cases):
        of_processes = [result[number] for result in results]
        losses, parameters, predicted = trained({"kind": "local", "sync": False, "add": case.get("add")})
        np.testing.assert_allclose(np.sum([found[0] for found in of_processes], 0), losses, rtol=1e-5, atol=1e-5)
        for _, values, outputs in of_processes:
            assert len(values) == len(parameters) == 14
            for ours, expected in zip(values, parameters, strict=True):
                np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-5)
            np.testing.assert_allclose(outputs, predicted, rtol=1e-5, atol=1e-5)
            assert values == of_processes[0][1]
    plain, losses = np.sum([result[-1][0] for result in results], 0), trained({"kind": "local", "sync": False})[0]
    assert np.abs(plain - losses).max() > 1e-2


def of_operator():
    """What the operator returns of this process's part, its gradients, those of gradients, and the statistics."""
    store = mx.kv.create("dist_sync")
    part = slice(*bounds(store.num_workers, True)[store.rank :][:2])
    arrays = [nd.array(IMAGES[part]), *[nd.array(np.arange(1, 4) * number) for number in (1, 2)]]
    states = nd.zeros(3), nd.ones(3)
    for array in arrays:
        array.attach_grad()
    key = "processes:a" if store.num_workers > 1 else "a"
    with autograd.record():
        result, *statistics = nd.contrib.SyncBatchNorm(
            *arrays,
            *states,
            key=key,
            ndev=store.num_workers,
            fix_gamma=False,
            output_mean_var=True,
            eps=0.1,
        )
        (first,) = autograd.grad((result**3).sum(), arrays[:1], create_graph=True)
        loss = (first**2).sum()
    loss.backward()
    found = [result, first, arrays[0].grad]
    return [[each.asnumpy().tolist() for each in those] for those in (found, arrays[1:2], [*statistics, *states])]


def test_values_gradients_and_their_gradients():
    parts = several.run(of_operator, 2)
    whole = of_operator()
    for number, expected in enumerate(whole[0]):
        ours = np.concatenate([part[0][number] for part in parts])
        np.testing.assert_allclose(ours, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())
    for part in parts:
        for ours, expected in zip(part[2], whole[2], strict=True):
            np.testing.assert_allclose(ours, expected, rtol=1e-5)
        assert part[2][2] != [0.0] * 3


def module_trained(kind):
    """The parameters and averages of a Module after some epochs of this process's part of each batch."""
    store = mx.kv.create(kind)
    count = store.num_workers
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=4, no_bias=True, name="fc")
    if count == 1:
        net = mx.sym.BatchNorm(net, fix_gamma=False, name="bn")
    else:
        net = mx.sym.contrib.SyncBatchNorm(net, fix_gamma=False, name="bn", key="processes:bn", ndev=count)
    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.tanh(net), num_hidden=2, name="out"), name="softmax")
    parts = [array.reshape(2, count, -1, *array.shape[1:])[:, store.rank] for array in (IMAGES, LABELS)]
    own = [part.reshape(-1, *part.shape[2:]) for part in parts]
    iterator = mx.io.NDArrayIter(*own, batch_size=4 // count)
    draw = np.random.default_rng(1)
    shapes = {"fc_weight": (4, 75), "out_weight": (2, 4), "out_bias": (2,), "bn_gamma": (4,), "bn_beta": (4,)}
    module = mx.mod.Module(net)
    module.fit(
        iterator, num_epoch=3, kvstore=store, optimizer_params={"learning_rate": 0.1},
        arg_params={name: nd.array(draw.normal(size=shape)) for name, shape in shapes.items()},
        aux_params={"bn_moving_mean": nd.zeros(4), "bn_moving_var": nd.ones(4)},
    )  # fmt: skip
    return {name: array.asnumpy().tolist() for those in module.get_params() for name, array in those.items()}


def test_a_module_is_trained_as_by_one_process():
    alone = module_trained("local")
    for each in several.run(module_trained, 2, "dist_sync"):
        assert each.keys() == alone.keys() and len(alone) == 7
        for name, expected in alone.items():
            np.testing.assert_allclose(each[name], expected, rtol=1e-5, atol=1e-5, err_msg=name)


def layer(channels, prefix, devices=2):
    made = contrib.nn.SyncBatchNorm(in_channels=channels, num_devices=devices, prefix=prefix)
    made.initialize()
    return made


def compiled():
    """The sums over this process's part of each batch, whose shape is new in one process alone at the end."""
    rank = mx.kv.create("dist_sync").rank
    made, found = layer(3, "net_"), []
    made.hybridize(backend="inductor")
    for batch in (slice(4 * rank, 4 * rank + 4), slice(4, 8) if rank else slice(0, 2)):
        data = nd.array(IMAGES[batch])
        data.attach_grad()
        with autograd.record():
            result = made(data)
            loss = (result**3).sum()
        loss.backward()
        found.append([result.sum().asscalar().item(), data.grad.sum().asscalar().item()])
    return found


def test_a_compiler_that_meets_a_new_shape_does_not_ask_the_others_once_more():
    if obstacle := inductor.ENGINE.obstacle():
        pytest.skip(obstacle)
    totals = np.sum(several.run(compiled, 2, seconds=100), 0)
    np.testing.assert_allclose(totals, np.zeros((2, 2)), atol=1e-3)


def by_default():
    """What is said of a layer that is not told the number of devices, and the sum of what it returns."""
    rank = mx.kv.create("dist_sync").rank
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        made = contrib.nn.SyncBatchNorm(in_channels=3)
    made.initialize()
    with autograd.train_mode():
        result = made(nd.array(IMAGES[4 * rank : 4 * rank + 4]))
    return [[str(each.message) for each in told], result.sum().asscalar().item()]


def test_by_default_there_is_a_device_in_each_process():
    one, other = several.run(by_default, 2)
    assert one[0] == other[0] == [
        "SyncBatchNorm: num_devices is left out and taken to be the number of processes, or of the GPUs of one; give "
        "it if each process has several contexts, or fewer GPUs are used"
    ]  # fmt: skip
    assert abs(one[1]) > 1
    np.testing.assert_allclose(one[1] + other[1], 0, atol=1e-3)


def alone():
    """What process 0 computes while the other computes nothing, and both with layers of their own."""
    store = mx.kv.create("dist_sync")
    data, found = nd.array(IMAGES) * (1 + store.rank), []
    for engine in (None, "eager", "onednn"):
        made = layer(3, "net_")
        if engine:
            made.hybridize(backend=engine)
        if store.rank == 0:
            found.append(made(data).asnumpy()[0, 0, 0, 0].item())
    apart = layer(3, "apart_", 1)
    with autograd.train_mode():
        found.append(apart(data).asnumpy().std().item())
    return found


def test_nobody_is_asked_in_prediction_or_by_a_layer_of_one_device():
    one, other = several.run(alone, 2, seconds=60)
    np.testing.assert_allclose(one, [IMAGES[0, 0, 0, 0] / np.sqrt(1 + 1e-5)] * 3 + [1], rtol=1e-5)
    np.testing.assert_allclose(other, [1], rtol=1e-5)
