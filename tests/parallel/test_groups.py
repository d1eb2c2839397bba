"""Processes that a program has connected by itself, for some devices or for all."""

from __future__ import annotations

import weakref

import pytest
import torch
import torch.distributed

import glueball as mx
from glueball.parallel import connected
from tests.parallel import several
from tests.parallel.test_processes import network


def connected_for(backend):
    """The parameters after steps, where the program has connected the processes."""
    torch.distributed.init_process_group(backend)
    net, store = network(mx), mx.kv.create("dist_sync")
    trainer = mx.gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.1}, kvstore=store, shard="optimizer")
    for step in range(3):  # the later ones send gradients over a connection of their own
        with mx.autograd.record():
            loss = net(mx.nd.ones((1, 1, 6, 6)) * (step + store.rank)).sum()
        loss.backward()
        trainer.step(2)
    processes = connected()
    assert processes is connected()
    elsewhere = several.refused(lambda: processes.sum(torch.zeros(2, device="meta")))
    values = [parameter.data().asnumpy().tolist() for parameter in net.collect_params().values()]
    torch.distributed.destroy_process_group()
    return store.num_workers, values, elsewhere


@pytest.mark.slow
def test_a_program_may_have_connected_the_processes_for_the_gpu_alone():
    # "cuda:gloo" stands for "nccl", which there is not without a GPU: a group that sends nothing of the CPU
    expected = several.run(connected_for, 2, "gloo")
    found = several.run(connected_for, 2, "cuda:gloo")
    assert [size for size, *_ in expected + found] == [2] * 4
    assert found[0][1] == found[1][1] == expected[0][1] == expected[1][1]
    for *_, message in found:
        assert message == (
            "kvstore: the processes must be connected by what can send the tensors of each device; received one on "
            "meta, where the program has connected them for cuda alone; leave torch.distributed.init_process_group "
            "out of the program, or say backend='cpu:gloo,cuda:nccl'"
        )


def without_gloo():
    torch.distributed.init_process_group("cuda:gloo")
    torch.distributed.is_gloo_available = lambda: False
    return several.refused(lambda: mx.kv.create("dist_sync"))


def test_without_gloo_nothing_sends_what_is_on_the_cpu():
    for message in several.run(without_gloo, 2):
        assert message.startswith("kvstore: the processes must be connected by what can send tensors of the CPU")


def left_over():
    """How many of torch's groups there are before and after the processes part; their threads end with them."""
    from glueball import autograd, gluon, nd
    from glueball.parallel import groups, processes

    store = mx.kv.create("dist_sync")
    net = gluon.nn.HybridSequential()
    net.add(gluon.nn.Conv2D(3, 1, in_channels=3), gluon.contrib.nn.SyncBatchNorm(in_channels=3, num_devices=2))
    net.initialize()
    trainer = gluon.Trainer(net.collect_params(), "sgd", kvstore=store)
    for _ in range(2):
        with autograd.record():
            loss = net(nd.ones((2, 3, 2, 2))).sum()
        loss.backward()
        trainer.step(2)
    store.barrier()
    known = [weakref.ref(torch.distributed.group.WORLD)]
    known += [weakref.ref(each._group) for each in groups._in_use if each._group is not None]
    before = sum(each() is not None for each in known)
    processes._disconnect(None)
    return [before, sum(each() is not None for each in known)]


def test_no_group_outlives_the_program():
    """One did, held by trainers and operators, and its threads ended some programs with an error after their end."""
    assert several.run(left_over, 2) == [[3, 0]] * 2
