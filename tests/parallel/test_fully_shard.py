"""The way out for networks larger than a device: the code that is written for torch, under its fully_shard."""

from __future__ import annotations

import importlib.util
import tempfile

import numpy as np
import pytest
import torch

import glueball as mx
from glueball.interop.torch import export_python
from tests.parallel import several
from tests.parallel.test_processes import network


def both():
    """What a process holds of each parameter, and the parameters after the same steps in torch and here."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    store = mx.kv.create("dist_sync")
    net = network(mx)
    before = [parameter.data().asnumpy() for parameter in net.collect_params().values()]
    batch = np.random.RandomState(1).normal(size=(4, 1, 6, 6)).astype("float32")[store.rank :: store.num_workers]
    with tempfile.TemporaryDirectory() as folder:
        export_python(f"{folder}/net.py", net, mx.nd.array(batch))
        spec = importlib.util.spec_from_file_location("net", f"{folder}/net.py")
        code = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(code)
        module = code.load().train()
    mesh = init_device_mesh("cpu", (store.num_workers,))
    for layer in module.children():
        fully_shard(layer, mesh=mesh)
    fully_shard(module, mesh=mesh)
    optimizer = torch.optim.SGD(module.parameters(), 0.05, momentum=0.9)
    options = {"learning_rate": 0.05, "momentum": 0.9}
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd", options, kvstore=store, shard="optimizer")
    for _ in range(3):
        optimizer.zero_grad()
        (module(torch.tensor(batch)) ** 2).mean().backward()  # the mean over the processes is torch's
        optimizer.step()
        with mx.autograd.record():
            loss = (net(mx.nd.array(batch)) ** 2).mean()
        loss.backward()
        trainer.step(store.num_workers)
    held = sum(parameter.to_local().numel() for parameter in module.parameters())
    theirs = [parameter.full_tensor().tolist() for parameter in module.parameters()]
    ours = [parameter.data().asnumpy().tolist() for parameter in net.collect_params().values()]
    moved = [float(np.abs(one - other).max()) for one, other in zip(before, ours, strict=True)]
    return held, sum(one.size for one in before), theirs, ours, moved


@pytest.mark.slow
@pytest.mark.skipif(
    tuple(map(int, torch.__version__.split(".")[:2])) < (2, 13),
    reason="between CPUs only tried with torch 2.13",
)
def test_the_code_for_torch_is_trained_in_parts_as_the_network_is_whole():
    for held, whole, theirs, ours, moved in several.run(both, 2):
        assert len(theirs) == len(ours) == 6 and min(moved) > 1e-3
        assert held < 0.6 * whole
        for one, other in zip(theirs, ours, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
