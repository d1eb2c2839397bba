"""A Module goes on from a checkpoint with another number of processes."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from tests.parallel import several

BATCHES, BATCH = 4, 8


def trained(kind, prefix, begin, end, dump):
    """The parameters after some epochs, the first of which begins with the checkpoint of the epoch before."""
    store = mx.kv.create(kind) if kind == "dist_sync" else mx.kv.create("local")
    rank, count = store.rank, store.num_workers
    random = np.random.RandomState(1)
    data = random.normal(size=(BATCHES, count, BATCH // count, 5))[:, rank].reshape(-1, 5)
    label = random.randint(0, 3, (BATCHES, count, BATCH // count))[:, rank].reshape(-1)
    iterator = mx.io.NDArrayIter(data, label, batch_size=BATCH // count)
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=3, no_bias=True, name="fc")
    module = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"))
    module.bind(iterator.provide_data, iterator.provide_label)
    start = {"fc_weight": mx.nd.array(np.linspace(-1, 1, 15).reshape(3, 5))}
    module.init_params(arg_params=start if begin == 0 else mx.model.load_params(prefix, begin)[0])
    scheduler = mx.lr_scheduler.FactorScheduler(3, 0.5, base_lr=0.1)
    options = {"lr_scheduler": scheduler, "begin_num_update": 0 if dump else begin * BATCHES}
    module.init_optimizer(store, "adam", options)
    if begin:
        module.load_optimizer_states(f"{prefix}.states")
    for _ in range(begin, end):
        iterator.reset()
        for batch in iterator:
            module.forward_backward(batch)
            module.update()
    if rank == 0:
        module.save_checkpoint(prefix, end)
        module.save_optimizer_states(f"{prefix}.states", dump_optimizer=dump)
    return module.get_params()[0]["fc_weight"].asnumpy().tolist()


@pytest.mark.parametrize("first, then, dump", [(2, 1, True), (1, 2, False)])
def test_another_number_of_processes_goes_on(tmp_path, first, then, dump):
    expected = trained("local", str(tmp_path / "whole"), 0, 3, dump)
    prefix = str(tmp_path / "part")
    for count, begin, end in ((first, 0, 1), (then, 1, 3)):
        found = several.run(trained, count, "dist_sync", prefix, begin, end, dump)
        assert all(each == found[0] for each in found)
    np.testing.assert_allclose(found[0], expected, rtol=1e-4, atol=1e-6)
