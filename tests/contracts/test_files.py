"""Whatever is written, at every public door, is there as a whole or not at all."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

import glueball as mx
from glueball.core.errors import MXNetError


def trained():
    """A network, a trainer, a module and a store after a step, which have something to save."""
    net = mx.gluon.nn.HybridSequential()
    net.add(mx.gluon.nn.Dense(2, in_units=3))
    net.initialize()
    net.hybridize()
    trainer = mx.gluon.Trainer(net.collect_params(), "adam")
    with mx.autograd.record():
        loss = net(mx.nd.ones((4, 3))).sum()
    loss.backward()
    trainer.step(4)
    symbol = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2), name="softmax")
    module = mx.mod.Module(symbol)
    data = mx.io.NDArrayIter(mx.nd.ones((4, 3)), mx.nd.zeros(4), batch_size=4)
    module.fit(data, num_epoch=1, optimizer="adam")
    store = mx.kv.create("local")
    store.set_optimizer(mx.optimizer.Adam())
    store.init("a", mx.nd.ones(2))
    store.push("a", mx.nd.ones(2))
    with pytest.warns(DeprecationWarning):
        model = mx.model.FeedForward(symbol, ctx=mx.cpu(), arg_params=module.get_params()[0], aux_params={})
    return SimpleNamespace(net=net, trainer=trainer, module=module, store=store, symbol=symbol, model=model)


SAVES = {
    "nd.save": lambda has, to: mx.nd.save(to, {"a": mx.nd.ones(3)}),
    "nd.save npz": lambda has, to: mx.nd.save(f"{to}.npz", {"a": mx.nd.ones(3)}),
    "nd.save safetensors": lambda has, to: mx.nd.save(f"{to}.safetensors", {"a": mx.nd.ones(3)}),
    "npx.save": lambda has, to: mx.npx.save(to, {"a": mx.np.ones(3)}),
    "Symbol.save": lambda has, to: has.symbol.save(to),
    "Block.save_parameters": lambda has, to: has.net.save_parameters(to),
    "Block.save": lambda has, to: has.net.save(to),
    "HybridBlock.export": lambda has, to: has.net.export(to),
    "ParameterDict.save": lambda has, to: has.net.collect_params().save(to),
    "Trainer.save_states": lambda has, to: has.trainer.save_states(to),
    "Module.save_params": lambda has, to: has.module.save_params(to),
    "Module.save_optimizer_states": lambda has, to: has.module.save_optimizer_states(to),
    "Module.save_checkpoint": lambda has, to: has.module.save_checkpoint(to, 1, True),
    "KVStore.save_optimizer_states": lambda has, to: has.store.save_optimizer_states(to),
    "model.save_checkpoint": lambda has, to: mx.model.save_checkpoint(to, 1, has.symbol, *has.module.get_params()),
    "FeedForward.save": lambda has, to: has.model.save(to, 1),
    "do_checkpoint": lambda has, to: mx.callback.do_checkpoint(to)(0, has.symbol, *has.module.get_params()),
    "module_checkpoint": lambda has, to: mx.callback.module_checkpoint(has.module, to, 1, True)(0),
    "do_rnn_checkpoint": lambda has, to: mx.rnn.do_rnn_checkpoint([], to)(0, has.symbol, *has.module.get_params()),
    "onnx.export_model": lambda has, to: mx.onnx.export_model(
        has.symbol, has.module.get_params()[0], [(4, 3)], onnx_file_path=f"{to}.onnx"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def has():
    return trained()


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("name", SAVES)
def test_a_save_that_fails_leaves_what_was_there(has, tmp_path, monkeypatch, name):
    SAVES[name](has, str(tmp_path / "file"))
    assert files(tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(b"what was there")
    before = files(tmp_path)

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MXNetError, match="No space left on device"):
        SAVES[name](has, str(tmp_path / "file"))
    assert files(tmp_path) == before
    monkeypatch.undo()
    SAVES[name](has, str(tmp_path / "file"))
    assert files(tmp_path).keys() == before.keys()
    assert all(content != b"what was there" for content in files(tmp_path).values())
