"""How much is sent at a time, as trainers, stores and modules are told."""

from __future__ import annotations

import torch.distributed

import glueball as mx
from tests.parallel import several
from tests.parallel.test_processes import module_trained


def counting(call):
    """How many sums a call has asked torch for, but for those of a single number."""
    found, real = [], torch.distributed.all_reduce

    def all_reduce(tensor, *arguments, **options):
        found.append(tensor.numel())
        return real(tensor, *arguments, **options)

    torch.distributed.all_reduce = all_reduce
    try:
        call()
    finally:
        torch.distributed.all_reduce = real
    return found


def trained(steps=3, **arguments):
    net = mx.gluon.nn.Sequential()
    net.add(*[mx.gluon.nn.Dense(64, in_units=64, use_bias=False) for _ in range(8)])  # 16 KiB each
    net.initialize()
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd", **{"kvstore": "dist_sync", **arguments})
    for _ in range(steps):
        with mx.autograd.record():
            loss = net(mx.nd.ones((1, 64))).sum()
        loss.backward()
        trainer.step(1)


def counts():
    size = 32 / 1024  # MiB, of two layers
    return [
        counting(trained),
        counting(lambda: trained(bucket_cap_mb=size)),
        counting(lambda: trained(bucket_cap_mb=1e-9)),
        counting(lambda: trained(kvstore=mx.kv.create("dist_sync", bucket_cap_mb=size))),
        counting(lambda: trained(kvstore=mx.kv.create("dist_sync", bucket_cap_mb=size), bucket_cap_mb=2 * size)),
        counting(lambda: module_trained(mx.kv.create("dist_sync", bucket_cap_mb=1e-9))),
        counting(lambda: module_trained("dist_sync")),
    ]


def sent(layers, count, steps=3):
    """What is sent in buckets of so many layers, the last one with a word of 4 bytes of each process."""
    *others, last = [layers * 64 * 64] * count
    return [*others, last + 4 * 2] * steps


def test_the_number_of_messages_follows_from_the_size():
    for default, two, one, of_store, four, module_one, module in several.run(counts, 2):
        assert default == sent(8, 1)
        assert two == of_store == sent(2, 4)
        assert one == sent(1, 8)
        assert four == sent(4, 2)
        assert len(module_one) == 4 * len(module) > 0  # two weights and two biases
        assert sum(module_one) == sum(module)
