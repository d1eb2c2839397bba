"""`as_module`: a Block as a torch module on the same memory."""

from __future__ import annotations

import copy
import pickle
import warnings

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import autograd, gluon, nd
from glueball.core.errors import MXNetError
from glueball.gluon import nn
from glueball.gluon.model_zoo import vision
from glueball.interop.torch import as_block, as_module
from tests.exchange import zoo


def _network(**kwargs):
    mx.random.seed(3)
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Conv2D(4, 3, in_channels=2, **kwargs), nn.BatchNorm(in_channels=4), nn.Activation("relu"))
        net.add(nn.Dense(3, in_units=64))
    net.initialize(mx.init.Xavier())
    return net


def _data(count=5):
    return torch.randn(count, 2, 6, 6, generator=torch.Generator().manual_seed(1))


def _both(net, module, x):
    """The outputs of both sides for prediction."""
    module.eval()
    return module(x).detach().numpy(), net(nd.from_torch(x)).asnumpy()


def _assert_equal(one, other):
    np.testing.assert_array_equal(one, other)


def test_names_and_kinds_are_gluons():
    net = _network()
    module = as_module(net)
    assert list(module.state_dict()) == sorted(net.collect_params(), key=list(module.state_dict()).index)
    assert {name for name, _ in module.named_buffers()} == {
        "net_batchnorm0_running_mean", "net_batchnorm0_running_var",
    }  # fmt: skip
    assert {*as_module(net, names="structure").state_dict()} == {*net._collect_params_with_prefix()}


def test_the_memory_is_one():
    net, x = _network(), _data()
    module = as_module(net)
    for parameter in net.collect_params().values():
        assert module.state_dict()[parameter.name].data_ptr() == parameter.data()._data.data_ptr()
    net.collect_params()["net_dense0_bias"].set_data(nd.array([1, 2, 3]))
    assert module.net_dense0_bias.tolist() == [1, 2, 3]
    _assert_equal(*_both(net, module, x))


@pytest.mark.parametrize("hybridized", [False, True])
def test_a_step_of_either_optimizer_is_seen_by_both(hybridized):
    net, x = _network(), _data()
    if hybridized:
        net.hybridize()
    module = as_module(net)
    first = _both(net, module, x)[0]
    _both(net, module, x)  # by now an engine has kept what follows from the parameters
    module.train()
    module(x).square().sum().backward()
    torch.optim.SGD(module.parameters(), lr=0.01).step()
    second, same = _both(net, module, x)
    _assert_equal(second, same)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.01})
    with autograd.record():
        loss = (net(nd.from_torch(x)) ** 2).sum()
    loss.backward()
    trainer.step(1)
    third, same = _both(net, module, x)
    np.testing.assert_allclose(third, same, rtol=1e-6, atol=1e-7)
    for parameter in module.parameters():
        parameter.data.mul_(0.5)  # torch does not count this write
    fourth, same = _both(net, module, x)
    np.testing.assert_allclose(fourth, same, rtol=1e-6, atol=1e-7)
    assert len({each.tobytes() for each in (first, second, third, fourth)}) == 4


def test_gradients_are_those_of_gluon():
    net, x = _network(), _data().requires_grad_()
    module = as_module(net).train()
    module(x).square().sum().backward()
    array = nd.from_torch(x.detach())
    array.attach_grad()
    with autograd.record():
        loss = (net(array) ** 2).sum()
    loss.backward()
    np.testing.assert_allclose(x.grad.numpy(), array.grad.asnumpy(), rtol=1e-4, atol=1e-5)
    for name, tensor in module.named_parameters():
        gradient = net.collect_params()[name].grad().asnumpy()
        np.testing.assert_allclose(tensor.grad.numpy(), gradient, rtol=1e-4, atol=1e-4)


def test_train_and_eval_are_autograds_modes():
    net, x = _network(), _data()
    module = as_module(net)
    before = net[1].running_mean.data().asnumpy()
    module.eval()(x)
    _assert_equal(net[1].running_mean.data().asnumpy(), before)
    module.train()(x)
    mean = net[0](nd.from_torch(x)).mean(axis=(0, 2, 3)).asnumpy()
    np.testing.assert_allclose(net[1].running_mean.data().asnumpy(), 0.1 * mean, rtol=1e-4, atol=1e-6)


def test_dropout_follows_torchs_seed():
    net = nn.HybridSequential()
    net.add(nn.Dropout(0.5))
    module = as_module(net)
    x = torch.ones(1000)
    torch.manual_seed(1)
    one = module(x)
    assert not torch.equal(one, module(x))
    torch.manual_seed(1)
    assert torch.equal(one, module(x))
    assert torch.equal(module.eval()(x), x)


def test_halves_by_gluons_rules():
    net, x = _network(), _data()
    wanted = _both(net, as_module(net), x)[0]
    module = as_module(net)
    module.half()
    kinds = {name: each.dtype for name, each in module.state_dict().items()}
    assert kinds["net_conv0_weight"] is torch.float16
    assert kinds["net_batchnorm0_gamma"] is kinds["net_batchnorm0_running_var"] is torch.float32
    assert net[0].weight.dtype == np.float16
    one, other = _both(net, module, x.half())
    assert one.dtype == np.float16
    np.testing.assert_allclose(one, other, rtol=1e-2, atol=1e-2)
    np.testing.assert_allclose(one, wanted, rtol=5e-2, atol=5e-2)
    module.to(torch.float64)
    assert net[1].gamma.dtype == net[0].weight.dtype == np.float64
    _both(net, module, x.double())


def test_what_gluon_converts_the_module_has():
    net, x = _network(), _data()
    module = as_module(net)
    weight = module.net_conv0_weight
    net.cast("float64")
    _both(net, module, x.double())
    assert module.net_conv0_weight is weight  # an optimizer keeps what it has
    assert weight.dtype is torch.float64
    net.initialize(force_reinit=True)
    net.cast("float32")
    _assert_equal(*_both(net, module, x))


def test_new_memory_of_torch_is_gluons():
    net, x = _network(), _data()
    module = as_module(net)
    module.net_dense0_bias.data = torch.tensor([5.0, 6, 7])
    _assert_equal(*_both(net, module, x))
    assert net[3].bias.data().asnumpy().tolist() == [5, 6, 7]
    values = {name: torch.randn_like(each) for name, each in module.state_dict().items()}
    values["net_batchnorm0_running_var"].abs_()
    module.load_state_dict(values, assign=True)
    _assert_equal(*_both(net, module, x))
    _assert_equal(net[0].weight.data().asnumpy(), values["net_conv0_weight"].numpy())


def _deferred():
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Conv2D(4, 3), nn.BatchNorm(), nn.Dense(3))
    net.initialize()
    return net


def test_shapes_follow_from_an_example_or_from_the_first_call():
    module = as_module(_deferred(), torch.empty(1, 2, 6, 6))
    assert module.net_conv0_weight.shape == (4, 2, 3, 3)
    net, x = _deferred(), _data()
    module = as_module(net)
    optimizer = torch.optim.SGD([each for each in module.parameters()], lr=1.0)
    module(x).sum().backward()
    optimizer.step()
    _assert_equal(*_both(net, module, x))


def test_shapes_follow_from_a_state_dict():
    source = as_module(_deferred(), torch.empty(1, 2, 6, 6))
    module = as_module(_deferred())
    module.load_state_dict(source.state_dict())
    _assert_equal(module.eval()(_data()).detach().numpy(), source.eval()(_data()).detach().numpy())


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda module: pickle.loads(pickle.dumps(module))])
def test_copies_share_memory_with_their_own_block(duplicate):
    net, x = _network(), _data()
    module = as_module(net)
    module.net_dense0_bias.requires_grad_(False)
    other = duplicate(module)
    _assert_equal(other.eval()(x).detach().numpy(), _both(net, module, x)[0])
    assert not other.net_dense0_bias.requires_grad
    with torch.no_grad():
        other.net_dense0_bias.add_(1)
    own = other._glueball_block
    _assert_equal(*_both(own, other, x))
    assert (own[3].bias.data().asnumpy() == net[3].bias.data().asnumpy() + 1).all()


def test_hooks_and_masks():
    net, x = _network(), _data()
    module, seen = as_module(net).eval(), []
    handle = module.register_forward_hook(lambda module, inputs, output: seen.append(output.shape))
    module(x)
    handle.remove()
    module(x)
    assert seen == [(5, 3)]
    from torch.nn.utils import prune

    prune.random_unstructured(module, "net_dense0_weight", 0.5)
    with torch.no_grad():
        output = module(x)
    hidden = net[:3](nd.from_torch(x))._data.flatten(1)
    expected = torch.nn.functional.linear(hidden, module.net_dense0_weight, module.net_dense0_bias)
    torch.testing.assert_close(output, expected)


class _Python(gluon.Block):
    """A block that is no graph."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        with self.name_scope():
            self.dense = nn.Dense(2, in_units=3)
            self.norm = nn.BatchNorm(in_channels=2)

    def forward(self, x, scale):
        y = self.norm(self.dense(x))
        return [y * float(scale.sum().asscalar()), (x, None)]


def test_a_block_that_is_no_graph_runs_as_python():
    net = _Python(prefix="net_")
    net.initialize()
    module, x = as_module(net), torch.randn(4, 3, requires_grad=True)
    outputs = module(x, torch.tensor([2.0]))
    assert type(outputs) is list
    assert outputs[1][1] is None
    outputs[0].square().sum().backward()
    with autograd.record():
        loss = (net(nd.from_torch(x), nd.array([2]))[0] ** 2).sum()
    loss.backward()
    for name, tensor in module.named_parameters():
        gradient = net.collect_params()[name].grad().asnumpy()
        np.testing.assert_allclose(tensor.grad.numpy(), gradient, rtol=1e-4, atol=1e-5)
    assert x.grad is not None
    assert float(net.norm.running_mean.data().abs().sum().asscalar()) > 0
    with torch.no_grad():
        assert not module.eval()(x, torch.tensor([1.0]))[0].requires_grad
    with pytest.raises(MXNetError, match="_Python is no HybridBlock"):
        _traced(module, x.detach(), torch.tensor([1.0]))


def _traced(module, *inputs):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # torch says so of torch.jit itself
        return torch.jit.trace(module, inputs)


class _Several(gluon.HybridBlock):
    def hybrid_forward(self, F, x, states, mask=None):
        first, second = states
        y = x + first * second
        return y if mask is None else y * mask, [first, (second,)]


def test_nested_inputs_and_outputs():
    module = as_module(_Several())
    x, first, second, mask = (torch.randn(2, 3) for _ in range(4))
    y, (one, (other,)) = module(x, [first, second], mask)
    torch.testing.assert_close(y, (x + first * second) * mask)
    assert torch.equal(one, first)
    assert torch.equal(other, second)
    torch.testing.assert_close(module(x, [first, second])[0], x + first * second)


def test_a_symbol_block():
    data = mx.sym.var("data")
    net = gluon.SymbolBlock(mx.sym.BatchNorm(mx.sym.FullyConnected(data, num_hidden=2, name="fc"), name="bn"), data)
    net.initialize()
    module = as_module(net, torch.ones(1, 3))
    assert {name for name, _ in module.named_buffers()} == {"bn_moving_mean", "bn_moving_var"}
    assert next(iter(module.state_dict())) == "fc_weight"
    assert module(torch.ones(4, 3)).shape == (4, 2)


def test_what_is_wrong_is_said():
    with pytest.raises(MXNetError, match="must be a gluon Block; received Linear"):
        as_module(torch.nn.Linear(1, 1))
    with pytest.raises(MXNetError, match="must be initialized"):
        as_module(nn.Dense(2, in_units=3))
    with pytest.raises(MXNetError, match="names must be one of"):
        as_module(_network(), names="full")
    module = as_module(_network())
    with pytest.raises(MXNetError, match=r"received NDArray; pass array.to_torch\(\)"):
        module(nd.ones((1, 2, 6, 6)))
    with pytest.raises(MXNetError, match="net_conv0_fwd: Convolution"):
        module(torch.ones(1, 3, 6, 6))
    net = _network()
    net.collect_params().reset_ctx([mx.cpu(0), mx.cpu(1)])
    with pytest.raises(MXNetError, match="a torch module is on one device"):
        as_module(net)


def test_there_and_back():
    torch.manual_seed(0)
    inner = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))
    net = nn.Sequential()
    net.add(as_block(inner), nn.Dense(2, in_units=4))
    net.initialize()
    module, x = as_module(net), torch.randn(5, 3)
    module(x).sum().backward()
    assert all(each.grad is not None for each in module.parameters())
    assert int(inner[1].num_batches_tracked) == 1


# --- compilers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("training", [False, True])
def test_torch_compile(training):
    net, x = _network(), _data()
    module = as_module(net).train(training)
    other = copy.deepcopy(module)
    compiled = torch.compile(module, fullgraph=True, backend="aot_eager")
    for _ in range(2):
        one, wanted = compiled(x), other(x)
        torch.testing.assert_close(one, wanted)
        one.sum().backward()
        wanted.sum().backward()
    for name, value in module.state_dict().items():
        torch.testing.assert_close(value, other.state_dict()[name])
    for one, wanted in zip(module.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(one.grad, wanted.grad)


@pytest.mark.parametrize("strict", [False, True])
def test_torch_export(strict):
    module, x = as_module(_network()).eval(), _data()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shapes = {"inputs": ({0: torch.export.Dim("batch")},)}
        program = torch.export.export(module, (x,), dynamic_shapes=shapes, strict=strict)
    calls = {str(node.target).split(".")[0] for node in program.graph.nodes if node.op == "call_function"}
    assert calls == {"aten"}
    torch.testing.assert_close(program.module()(_data(3)), module(_data(3)))
    assert {*program.state_dict} == {*module.state_dict()}


def test_torch_jit_trace():
    module, x = as_module(_network()).eval(), _data()
    with warnings.catch_warnings():
        warnings.simplefilter("error", torch.jit.TracerWarning)
        traced = _traced(module, x)
    torch.testing.assert_close(traced(_data(3)), module(_data(3)))


def test_what_was_traced_can_be_compiled():
    net, x = _network(), _data()
    module = as_module(net).eval()
    _traced(module, x)
    torch._dynamo.reset()
    torch.testing.assert_close(torch.compile(module, fullgraph=True, backend="eager")(x), module(x))


def test_a_compiler_needs_an_example_where_shapes_are_unknown():
    module = as_module(_deferred())
    with pytest.raises(Exception, match="pass as_module an example of its inputs"):
        torch.compile(module, fullgraph=True, backend="eager")(_data())


@pytest.mark.parametrize("name", ["squeezenet1.1", "mobilenetv2_0.25", "resnet18_v2"])
def test_networks_of_the_zoo(name):
    _check_compilers(name)


@zoo.every
@pytest.mark.parametrize("name", zoo.NAMES)
def test_all_networks_of_the_zoo(name):
    _check_compilers(name)


def _check_compilers(name):
    mx.random.seed(0)
    net = vision.get_model(name, classes=10)
    net.initialize(mx.init.MSRAPrelu())
    size = 299 if name == "inceptionv3" else 224
    x = torch.randn(1, 3, size, size)
    module = as_module(net, x).eval()
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = module(x)
        _assert_equal(expected.numpy(), net(nd.from_torch(x)).asnumpy())
        torch._dynamo.reset()
        for made in (torch.compile(module, fullgraph=True, backend="aot_eager"),
                     torch.export.export(module, (x,)).module(), torch.jit.trace(module, x)):  # fmt: skip
            torch.testing.assert_close(made(x), expected)
