"""Programs of Horovod run on the same processes."""

from __future__ import annotations

import warnings

import numpy as np

import glueball as mx
from tests.parallel import several


def horovod():
    """A program of Horovod, as its users write it."""
    mx.install_as_mxnet()
    import horovod.mxnet as hvd

    hvd.init()
    rank, count = hvd.rank(), hvd.size()
    own = mx.nd.ones((2,)) * (rank + 1)
    found = [count, hvd.local_size(), hvd.cross_size()]
    for array in (
        hvd.allreduce(own), hvd.allreduce(own, average=False, postscale_factor=10.0), hvd.broadcast(own, 1),
        hvd.allgather(mx.nd.ones((rank + 1, 2)) * rank), *hvd.grouped_allreduce([own, own * 2]),
    ):  # fmt: skip
        found.append(array.asnumpy().tolist())
    found += [hvd.broadcast_object({"epoch": rank}, 1), hvd.allgather_object(rank)]
    hvd.allreduce_(own)
    net = mx.gluon.nn.Dense(2)
    net.initialize(mx.init.Constant(rank + 1.0))
    hvd.broadcast_parameters(net.collect_params(), root_rank=1)
    trainer = hvd.DistributedTrainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
    for _ in range(3):
        with mx.autograd.record():
            loss = net(mx.nd.ones((4, 3)) * (rank + 1)).sum()
        loss.backward()
        trainer.step(4)
    optimizer = hvd.DistributedOptimizer(mx.optimizer.SGD(learning_rate=0.1, momentum=0.9))
    weight = mx.nd.ones((3,))
    mx.optimizer.get_updater(optimizer)(0, mx.nd.ones((3,)) * (rank + 1), weight)
    return [*found, own.asnumpy().tolist(), net.weight.data().asnumpy()[0].tolist(), weight.asnumpy().tolist()]


def test_a_program_of_horovod():
    one, other = several.run(horovod, 2)
    assert one == other
    *found, mean, trained_weight, updated = one
    assert found[:3] == [2, 1, 2]
    assert found[3:9] == [[1.5] * 2, [30.0] * 2, [2.0] * 2, [[0.0] * 2, [1.0] * 2, [1.0] * 2], [1.5] * 2, [3.0] * 2]
    assert found[9:] == [{"epoch": 1}, [0, 1]] and mean == [1.5] * 2
    np.testing.assert_allclose(trained_weight, [2 - 3 * 0.1 * 1.5] * 3, rtol=1e-6)
    np.testing.assert_allclose(updated, [1 - 0.1 * 1.5] * 3, rtol=1e-6)


def wrapped():
    """A trainer that is given a DistributedOptimizer, as many programs do."""
    mx.install_as_mxnet()
    import horovod.mxnet as hvd

    hvd.init()
    optimizer = hvd.DistributedOptimizer(mx.optimizer.SGD(learning_rate=5.0))
    net = mx.gluon.nn.Dense(1, in_units=2)
    net.initialize("ones")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        trainer = hvd.DistributedTrainer(net.collect_params(), optimizer)
    optimizer.set_learning_rate(0.1)
    with mx.autograd.record():
        loss = net(mx.nd.ones((4, 2)) * (hvd.rank() + 1)).sum()
    loss.backward()
    trainer.step(4)
    return [str(each.message) for each in told], net.weight.data().asnumpy()[0].tolist()


def test_a_trainer_takes_what_a_distributed_optimizer_was_made_of():
    for told, weight in several.run(wrapped, 2):
        assert [each[:75] for each in told] == [
            "hvd.DistributedTrainer: optimizer must not be a DistributedOptimizer, which"
        ]
        np.testing.assert_allclose(weight, [1 - 0.1 * 1.5] * 2, rtol=1e-6)


def exchanged():
    """What alltoall returns, and what Horovod is asked of how it was built."""
    from glueball.compat.horovod import mxnet as hvd

    hvd.init()
    rank = hvd.rank()
    whole = hvd.alltoall(mx.nd.array([10 * rank, 10 * rank + 1]))
    parts, lengths = hvd.alltoall(mx.nd.ones((3, 2)) * rank, splits=[rank + 1, 2 - rank])
    built = [hvd.gloo_enabled(), hvd.is_homogeneous(), hvd.mpi_built(), hvd.ddl_built(), hvd.ccl_built()]
    return [whole.asnumpy().tolist(), parts.asnumpy()[:, 0].tolist(), lengths.asnumpy().tolist(), built]


def test_parts_are_exchanged():
    built = [True, True, False, False, False]
    assert several.run(exchanged, 2) == [
        [[0, 10], [0, 1, 1], [1, 2], built],
        [[1, 11], [0, 0, 1], [2, 1], built],
    ]


def mistaken():
    """What a process is told of calls that do not fit."""
    from glueball.compat.horovod import mxnet as hvd

    hvd.init()
    other = mx.nd.ones((hvd.rank() + 1, 2 + hvd.rank()))
    return [
        several.refused(call)
        for call in (
            lambda: hvd.allreduce(other), lambda: hvd.grouped_allreduce([other]), lambda: hvd.broadcast(other, 0),
            lambda: hvd.allgather(other), lambda: hvd.broadcast(other, 2), lambda: hvd.allreduce(3),
            lambda: hvd.broadcast_parameters([other]), lambda: hvd.alltoall(mx.nd.ones(4), splits=[1, 2]),
            lambda: hvd.start_timeline("file"), hvd.stop_timeline, lambda: hvd.init([0]),
        )
    ]  # fmt: skip


def test_calls_that_do_not_fit_are_refused_at_once():
    for told in several.run(mistaken, 2, seconds=120):
        for text, start in zip(told, (
            "hvd.allreduce: all processes must call it with the same", "hvd.allreduce: all processes must call it",
            "hvd.broadcast: all processes must call it with", "hvd.allgather: all processes must call it with",
            "hvd.broadcast: root_rank must be the number of a process, below 2; received 2",
            "hvd.allreduce: tensor must be an NDArray; received int", "hvd.broadcast_parameters: params must be what",
            "hvd.alltoall: splits must have the length of a part for each of 2 processes, 4 together; received [1, 2]",
            "hvd.start_timeline: there is no timeline", "hvd.stop_timeline: there is no", "hvd.init: it takes no",
        ), strict=True):  # fmt: skip
            assert text.startswith(start)
