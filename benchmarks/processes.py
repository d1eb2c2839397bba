"""Training in two processes, beside torch's DistributedDataParallel: ``python -m benchmarks.processes``.

Both train the same network with the same weights on the same data, in turns, with one thread for each process. What is
compared is the time of a step: forward, backward with the sums over the processes, and update. With ``--shard`` each
process keeps a part of the momentum, here by ``Trainer(..., shard="optimizer")``, there by ZeroRedundancyOptimizer.
"""

from __future__ import annotations

import argparse
import functools
import os
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.distributed.optim import ZeroRedundancyOptimizer

import glueball as mx
from glueball.interop.torch import as_module

_RATE, _MOMENTUM = 0.005, 0.9


def ours(name: str, shape: tuple[int, ...], shard: bool) -> Callable[[], float]:
    """A step of a trainer over 'dist_sync'."""
    net, data, label = _prepared(name, shape)
    trainer = mx.gluon.Trainer(
        net.collect_params(), "sgd", {"learning_rate": _rate(shard), "momentum": _MOMENTUM if shard else 0},
        kvstore="dist_sync", shard="optimizer" if shard else None,
    )  # fmt: skip
    loss_of = mx.gluon.loss.SoftmaxCrossEntropyLoss()

    def step() -> float:
        with mx.autograd.record():
            loss = loss_of(net(data), label).sum()
        loss.backward()
        trainer.step(2 * len(data))
        return float(loss.asscalar())

    return step


def theirs(name: str, shape: tuple[int, ...], shard: bool) -> Callable[[], float]:
    """The same with DistributedDataParallel and torch's optimizer."""
    net, data, label = _prepared(name, shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # newer versions have another name for the argument
        module = torch.nn.parallel.DistributedDataParallel(as_module(net).train(), broadcast_buffers=False)
    optimizer: Any = torch.optim.SGD
    if shard:
        optimizer = functools.partial(ZeroRedundancyOptimizer, optimizer_class=optimizer, momentum=_MOMENTUM)
    optimizer = optimizer(module.parameters(), lr=_rate(shard))
    x, y = torch.from_numpy(data.asnumpy()), torch.from_numpy(label.asnumpy()).long()

    def step() -> float:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(module(x), y)  # a mean here, and over the processes
        loss.backward()
        optimizer.step()
        return loss.item() * len(y)

    return step


def _rate(shard: bool) -> float:
    return _RATE * (1 - _MOMENTUM) if shard else _RATE


def _prepared(name: str, shape: tuple[int, ...]) -> tuple[mx.gluon.HybridBlock, mx.nd.NDArray, mx.nd.NDArray]:
    mx.random.seed(7)
    net = mx.gluon.model_zoo.vision.get_model(name, classes=10)
    net.initialize(mx.init.Xavier())
    net.hybridize(static_alloc=True, static_shape=True)
    random = np.random.RandomState(int(os.environ["RANK"]))
    data = mx.nd.array(random.normal(size=shape))
    net(data)
    return net, data, mx.nd.array(random.randint(0, 10, shape[0]))


def _worker(name: str, shape: tuple[int, ...], turns: int, shard: bool) -> None:
    torch.set_num_threads(1)
    store = mx.kv.create("dist_sync")
    steps = [make(name, shape, shard) for make in (ours, theirs)]
    losses = [[step() for step in steps] for _ in range(4)]
    if not np.allclose(*zip(*losses, strict=True), rtol=1e-2):
        raise SystemExit(f"the two do not compute the same: {losses}")
    times: list[list[float]] = [[], []]
    for _ in range(turns):
        for step, own in zip(steps, times, strict=True):
            store._barrier()
            begun = time.perf_counter()
            step()
            own.append(time.perf_counter() - begun)
    if store.rank == 0:
        best = [sorted(own)[2] * 1e3 for own in times]
        peer = "torch DDP with parts of the states" if shard else "torch DDP"
        ratio = float(np.median(np.divide(*times)))  # of turns that follow each other, since machines are not quiet
        print(f"{name} {shape}: glueball {best[0]:.1f} ms, {peer} {best[1]:.1f} ms, ratio of turns {ratio:.2f}")


def main() -> int:
    """Start the processes, or be one of them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--network", default="resnet18_v1", help="of the model zoo (resnet18_v1)")
    parser.add_argument("--shape", default="8,3,64,64", help="of the part of a batch that a process has (8,3,64,64)")
    parser.add_argument("--turns", type=int, default=150, help="steps that are timed (150)")
    parser.add_argument("--shard", action="store_true", help="keep a part of the optimizer's states in each process")
    options = parser.parse_args()
    if "RANK" in os.environ:
        _worker(options.network, tuple(map(int, options.shape.split(","))), options.turns, options.shard)
        return 0
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = str(one.getsockname()[1])
    place = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "WORLD_SIZE": "2", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.processes", *sys.argv[1:]]
    started = [subprocess.Popen(command, env={**os.environ, **place, "RANK": str(rank)}) for rank in range(2)]
    return max([process.wait() for process in started])


if __name__ == "__main__":
    sys.exit(main())
