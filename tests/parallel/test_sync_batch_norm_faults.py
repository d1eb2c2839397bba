"""SyncBatchNorm where processes do not do the same: each is told what the others do, or who is gone."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

import numpy as np
import pytest

import glueball as mx
from glueball import autograd, nd
from glueball.gluon import nn
from tests.parallel import several
from tests.parallel.test_sync_batch_norm import IMAGES, layer


def unequal():
    """What a process is told of layers that are not the same in all of them."""
    rank = mx.kv.create("dist_sync").rank
    data = nd.array(IMAGES)
    data.attach_grad()
    with autograd.record():
        found = [
            several.refused(lambda: layer(3, f"net{rank}_")(data)),
            several.refused(lambda: layer(3 + 600 * rank, "wide_")(nd.ones((2, 3 + 600 * rank)))),
            several.refused(lambda: layer(3, "most_", 3)(data)),
            several.refused(lambda: nd.contrib.SyncBatchNorm(data, *[nd.ones(3)] * 4, ndev=3, key="processes:most")),
        ]
        one, other = layer(3, "one_")(data), layer(3, "other_")(data)
        loss = other if rank else one
    found.append(several.refused(loss.backward))
    net = nn.HybridSequential()
    net.add(nn.Conv2D(3, 3, in_channels=3), layer(3, f"graph{rank}_"))
    net.initialize()
    if rank:  # the call of an engine that has failed is not tried again in another way: the other does not wait for it
        net.hybridize()
    with autograd.record():
        found.append(several.refused(lambda: net(data)))
        again = layer(3, "again_")(data)
    again.backward()
    return [*found, np.isfinite(data.grad.asnumpy()).all().item()]


def test_what_differs_between_processes_is_named():
    one, other = several.run(unequal, 2)
    forward, wide, devices, operator, backward, graph, goes_on = one
    assert forward == (
        "SyncBatchNorm 'net0_', forward: all processes must run the same layers, in the same order; process 0 is at "
        "SyncBatchNorm 'net0_', forward (7 numbers); process 1 is at SyncBatchNorm 'net1_', forward (7 numbers)"
    )
    assert "process 1 is at SyncBatchNorm 'wide_', forward (1207 numbers)" in wide
    assert "ndev must be a multiple of the 2 processes, with as many devices in each; received 3" in operator
    assert devices == (
        "SyncBatchNorm: num_devices must be 1, the number of contexts here, or 2, that of all 2 processes; received 3"
    )
    assert "process 1 is at SyncBatchNorm 'other_', backward (6 numbers)" in backward
    assert "process 1 is at SyncBatchNorm 'graph1_', forward (7 numbers)" in graph
    assert goes_on
    assert other[0] == forward.replace("SyncBatchNorm 'net0_'", "SyncBatchNorm 'net1_'", 1)
    mirrored = [backward.replace("'one_'", "'other_'", 1), graph.replace("'graph0_'", "'graph1_'", 1)]
    assert other[2:] == [devices, operator, *mirrored, True]


def skipping(folder, which):
    """Train until somebody is gone; process 1 leaves out the layer from some step on, if `which` says so."""
    store = mx.kv.create("dist_sync")
    norm, data = layer(3, "norm_"), nd.array(IMAGES)
    if which == "dies":
        norm.hybridize()
    step = 0
    while True:
        with autograd.record():
            result = norm(data) if step < 3 or not (which == "layer" and store.rank == 1) else data
        if which == "dies" or step < 3 or store.rank != 1:
            result.backward()
        step += 1
        Path(folder, str(store.rank)).touch()


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="processes are stopped by signals")
@pytest.mark.parametrize(
    ("which", "said"), [("layer", "process 1 did not come"), ("dies", "process 1 gave no sign of life")]
)
def test_a_process_that_is_gone_or_leaves_the_layer_out_is_named(tmp_path, which, said):
    processes = several.start(skipping, 2, str(tmp_path), which, GLUEBALL_DISTRIBUTED_TIMEOUT="4")
    until = time.monotonic() + 60
    while len(list(tmp_path.iterdir())) < 2:
        assert time.monotonic() < until
        time.sleep(0.05)
    if which == "dies":
        processes[1].send_signal(signal.SIGKILL)
    (first,) = several.finish(processes[:1], 40)
    processes[1].finish(time.monotonic())
    assert first.status == 1
    where = "forward" if which == "layer" else "(forward|backward)"  # it is killed at any time
    assert re.search(f"SyncBatchNorm 'norm_', {where}: all processes must take part", first.printed)
    assert said in first.printed
