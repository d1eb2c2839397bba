"""`as_block`: a torch module as a Block inside a Gluon network."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import autograd, gluon, nd
from glueball.core.errors import MXNetError
from glueball.gluon import nn
from glueball.interop.torch import as_block


def _module():
    torch.manual_seed(2)
    return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.ReLU())


def _network(module=None):
    mx.random.seed(1)
    net = nn.Sequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Dense(3, in_units=5), as_block(module or _module()), nn.Dense(2, in_units=4))
    return net


def _data():
    mx.random.seed(4)
    return nd.random.normal(shape=(6, 5))


def test_parameters_have_torchs_names_and_values():
    module = _module()
    net = _network(module)
    block = net[1]
    assert list(block.collect_params()) == [
        "net_torchblock0_0.weight", "net_torchblock0_0.bias", "net_torchblock0_1.weight", "net_torchblock0_1.bias",
        "net_torchblock0_1.running_mean", "net_torchblock0_1.running_var", "net_torchblock0_1.num_batches_tracked",
    ]  # fmt: skip
    assert block.collect_params()["net_torchblock0_1.running_var"].grad_req == "null"
    before = module[0].weight.detach().clone()
    net.initialize(mx.init.One())
    assert torch.equal(module[0].weight, before)
    assert (net[0].weight.data() == 1).min() == 1
    with pytest.warns(UserWarning, match="torch initializes it"):
        net.initialize(mx.init.Zero(), force_reinit=True)
    assert torch.equal(module[0].weight, before)
    assert (net[0].weight.data() == 0).min() == 1


def test_a_training_is_that_of_the_same_network_in_torch():
    module = _module()
    net, x = _network(module), _data()
    net.initialize(mx.init.Xavier())
    same = torch.nn.Sequential(torch.nn.Linear(5, 3), *copy.deepcopy(module), torch.nn.Linear(4, 2))
    for layer, dense in ((same[0], net[0]), (same[4], net[2])):
        layer.weight.data.copy_(dense.weight.data()._data)
        layer.bias.data.copy_(dense.bias.data()._data)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1, "momentum": 0.9})
    optimizer = torch.optim.SGD(same.parameters(), lr=0.1, momentum=0.9)
    for _ in range(5):
        with autograd.record():
            loss = (net(x) ** 2).mean()
        loss.backward()
        trainer.step(1)
        optimizer.zero_grad()
        expected = same(x._data).square().mean()
        expected.backward()
        optimizer.step()
        np.testing.assert_allclose(loss.asnumpy(), expected.detach().numpy(), rtol=1e-4)
    torch.testing.assert_close(module[1].running_var, same[2].running_var)
    torch.testing.assert_close(module[0].weight, same[1].weight)
    torch.testing.assert_close(net(x)._data, same.eval()(x._data))
    assert module[0].weight.grad is None  # MXNet's gradients are the Parameter's


def test_modes_are_those_of_autograd():
    module = _module().eval()
    module[1].train()
    block, x = as_block(module), nd.ones((4, 3))
    block(x)
    assert int(module[1].num_batches_tracked) == 0
    with autograd.record():
        block(x)
    assert int(module[1].num_batches_tracked) == 1
    with autograd.record(train_mode=False):
        y = block(x)
    y.backward()
    assert int(module[1].num_batches_tracked) == 1
    assert [each.training for each in module] == [False, True, False]  # as the user left them


def test_a_gradient_that_is_added_and_one_that_is_not_wanted():
    module = torch.nn.Linear(3, 1)
    module.bias.requires_grad_(False)
    block, x = as_block(module), nd.ones((2, 3))
    params = block.collect_params()
    assert params[f"{block.prefix}bias"].grad_req == "null"
    weight = params[f"{block.prefix}weight"]
    weight.grad_req = "add"
    x.attach_grad()
    for _ in range(2):
        with autograd.record():
            y = block(x)
        y.backward()
    assert weight.grad().asnumpy().tolist() == [[4, 4, 4]]
    np.testing.assert_array_equal(x.grad.asnumpy(), np.broadcast_to(module.weight.detach().numpy(), (2, 3)))


def test_files(tmp_path):
    net, x = _network(), _data()
    net.initialize(mx.init.Xavier())
    with autograd.record():
        net(x)
    net.save_parameters(tmp_path / "net.params")
    assert "1.1.running_mean" in nd.load(tmp_path / "net.params")
    torch.manual_seed(9)
    module = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.ReLU())
    other = _network(module)
    other.load_parameters(tmp_path / "net.params")
    np.testing.assert_array_equal(other(x).asnumpy(), net(x).asnumpy())
    assert int(module[1].num_batches_tracked) == 1


def test_what_either_side_converts_the_other_has():
    module = _module()
    block = as_block(module)
    block.cast("float64")
    assert module[0].weight.dtype is torch.float64
    assert module[1].num_batches_tracked.dtype is torch.int64
    assert block(nd.ones((2, 3), dtype="float64")).dtype == np.float64
    module.float()
    assert block(nd.ones((2, 3))).dtype == np.float32
    assert block.collect_params()[f"{block.prefix}0.weight"].dtype == np.float32
    module[0].weight = torch.nn.Parameter(torch.zeros(4, 3))
    block(nd.ones((2, 3)))
    assert (block.collect_params()[f"{block.prefix}0.weight"].data() == 0).min() == 1


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_copies_share_memory_with_their_own_module(duplicate):
    net, x = _network(), _data()
    net.initialize(mx.init.Xavier())
    other = duplicate(net)
    np.testing.assert_array_equal(other(x).asnumpy(), net(x).asnumpy())
    block = other[1]
    block.collect_params()[f"{block.prefix}0.bias"].set_data(nd.ones((4,)))
    assert block.module[0].bias.tolist() == [1, 1, 1, 1]
    assert net[1].module[0].bias.tolist() != [1, 1, 1, 1]


class _Many(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.tensor(2.0))
        self.one = torch.nn.Linear(2, 2)
        self.two = torch.nn.Linear(2, 2)
        self.two.weight = self.one.weight
        self.register_buffer("shift", torch.ones(2), persistent=False)

    def forward(self, x, others, factor=1, *, name="y"):
        return {name: self.two(self.one(x)) * self.scale * factor + self.shift, "rest": (others[0], None)}


def test_nested_arguments_shared_and_single_numbers():
    module = _Many()
    block = as_block(module)
    assert [*block._collect_params_with_prefix()] == ["scale", "one.weight", "one.bias", "two.weight", "two.bias"]
    assert block._reg_params["one.weight"] is block._reg_params["two.weight"]
    x, other = nd.ones((3, 2)), nd.zeros((1,))
    with autograd.record():
        out = block(x, [other], 3)
    out["y"].backward()
    module(torch.ones(3, 2), [None], 3)["y"].sum().backward()
    for name, tensor in module.named_parameters():
        gradient = block._reg_params[name].grad()._data.reshape(tensor.shape)
        torch.testing.assert_close(gradient, tensor.grad)
    assert out["rest"][1] is None
    out["rest"][0][:] = 5  # a result has memory of its own
    assert other.asscalar() == 0


def test_hybridize_of_the_parent_leaves_it_as_it_is():
    net, x = _network(), _data()
    net.initialize(mx.init.Xavier())
    before = net(x).asnumpy()
    net.hybridize()
    np.testing.assert_allclose(net(x).asnumpy(), before, rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match=r"received TorchBlock; .* such as a module of torch"):
        nn.HybridSequential().add(as_block(_module()))


def test_what_is_wrong_is_said():
    with pytest.raises(MXNetError, match=r"must be a torch.nn.Module; received Dense"):
        as_block(nn.Dense(1))
    with pytest.raises(MXNetError, match=r"weight must have a shape; call the module once"):
        as_block(torch.nn.LazyLinear(2))
    with pytest.raises(MXNetError, match="params must be left out"):
        as_block(_module(), params=gluon.ParameterDict())
    with pytest.raises(MXNetError, match="dtype must be one of"):
        as_block(torch.nn.Linear(2, 2, dtype=torch.complex64))
    block = as_block(_module())
    with pytest.raises(MXNetError, match="no graph of symbols"):
        block(mx.sym.var("x"))
    with pytest.raises(MXNetError, match="a torch module is on one device"):
        block.initialize(ctx=[mx.cpu(0), mx.cpu(1)])
    with pytest.raises(MXNetError, match="TorchBlock"):
        block(nd.ones((2, 7)))
