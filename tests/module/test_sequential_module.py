"""SequentialModule, PythonModule, PythonLossModule: chains of modules, with Python code in them."""

from __future__ import annotations

import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from tests.comparison import assert_same, succeeded
from tests.errors import class_of
from tests.module.networks import arrays, batch, iterator, values


def halves(mx):
    """Two modules: the second has its own name for what the first gives."""
    first = mx.sym.Activation(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=3, name="fc1"), act_type="relu")
    second = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.var("h"), num_hidden=2, name="fc2"), name="softmax")
    return mx.mod.Module(first, label_names=None), mx.mod.Module(second, data_names=["h"])


def parameters(mx):
    return arrays(mx, values([("fc1_weight", (3, 5)), ("fc1_bias", (3,)), ("fc2_weight", (2, 3)), ("fc2_bias", (2,))]))


def chained(mx, **options):
    module = mx.mod.SequentialModule()
    first, second = halves(mx)
    module.add(first).add(second, take_labels=True, auto_wiring=True)
    module.bind([("data", (4, 5))], [("softmax_label", (4,))], **options)
    module.init_params(arg_params=parameters(mx), aux_params={})
    return module


def stepped(mx):
    module = chained(mx, inputs_need_grad=True)
    module.init_optimizer(optimizer_params={"learning_rate": 0.5})
    metric = mx.metric.create("acc")
    given = batch(mx)
    for _ in range(3):
        module.forward_backward(given)
        module.update()
        module.update_metric(metric, given.label)
    names = module.data_names, module.output_names, str(module.data_shapes), module.label_shapes, module.output_shapes
    kept = [array.shape for array in given.data]  # the user's batch is as it was
    return dict(module.get_params()[0]), module.get_outputs(), float(metric.get()[1]), names, kept


def test_steps(oracle):
    assert_same(*succeeded(oracle.both(stepped)))


def bound(mx, options):
    """What a chain asks of its modules when it is bound, and which of them have gradients of their inputs."""
    asked = []

    class Noted(mx.mod.Module):
        def bind(self, data_shapes, label_shapes=None, for_training=True, inputs_need_grad=False, **more):
            asked.append((for_training, inputs_need_grad))
            return super().bind(data_shapes, label_shapes, for_training, inputs_need_grad, **more)

    chain, sym = mx.mod.SequentialModule(), mx.sym
    for number in range(3):
        net = sym.FullyConnected(sym.var("data"), num_hidden=3, name=f"fc{number}")
        chain.add(Noted(net, label_names=None), auto_wiring=True)
    chain.bind([("data", (4, 5))], **options)
    return asked


@pytest.mark.parametrize("options", [{}, {"for_training": False}, {"inputs_need_grad": True}])
def test_only_what_needs_gradients_of_its_inputs_computes_them(oracle, options):
    assert_same(*succeeded(oracle.both(bound, options)))


def test_gradients_of_the_inputs():
    """MXNet refuses them, whatever a chain is bound with."""
    module = chained(mx, inputs_need_grad=True)
    module.forward_backward(batch(mx))
    whole = mx.sym.Activation(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=3, name="fc1"), act_type="relu")
    whole = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(whole, num_hidden=2, name="fc2"), name="softmax")
    single = mx.mod.Module(whole)
    single.bind([("data", (4, 5))], [("softmax_label", (4,))], inputs_need_grad=True)
    single.init_params(arg_params=parameters(mx), aux_params={})
    single.forward_backward(batch(mx))
    assert_same(module.get_input_grads()[0].asnumpy(), single.get_input_grads()[0].asnumpy())


def python_losses(mx):
    """A loss written in Python, and a layer written in Python before it."""

    class Scale(mx.mod.PythonModule):
        def _compute_output_shapes(self):
            return [("scale_output", tuple(self.data_shapes[0][1]))]

        def forward(self, data_batch, is_train=None):
            self.scaled = data_batch.data[0] * 2

        def get_outputs(self, merge_multi_context=True):
            return [self.scaled]

        def backward(self, out_grads=None):
            self.gradients = [out_grads[0] * 2]

        def get_input_grads(self, merge_multi_context=True):
            return self.gradients

    first, _ = halves(mx)
    loss = mx.mod.PythonLossModule(grad_func=lambda scores, labels: (scores - labels.reshape((-1, 1))).asnumpy() / 4)
    module = mx.mod.SequentialModule()
    module.add(first).add(Scale(["data"], None, ["scale_output"]), auto_wiring=True)
    module.add(loss, take_labels=True, auto_wiring=True)
    train = iterator(mx, count=12)
    given = {name: value for name, value in parameters(mx).items() if name.startswith("fc1")}
    module.fit(train, eval_metric="mse", num_epoch=2, arg_params=given, aux_params={})
    metric = mx.metric.create("mse")
    scores = module.score(train, metric)
    return dict(module.get_params()[0]), module.predict(train), float(scores[0][1]), module.output_shapes


def test_code_in_python(oracle):
    assert_same(*succeeded(oracle.both(python_losses)), rtol=1e-5)


def states(mx):
    layer = mx.mod.PythonModule(["a", "b"], ["l"], ["o"])
    found = [layer.data_shapes, layer.label_shapes, layer.output_shapes, layer.data_names, layer.output_names]
    found += [layer.get_params(), layer.init_params(), layer.init_optimizer(), layer.update(), layer.symbol]
    found += [layer.binded, layer.params_initialized, layer.optimizer_initialized]
    loss = mx.mod.PythonLossModule("own")
    loss.bind([("data", (2, 3))], [("softmax_label", (2,))], for_training=False)
    loss.forward(mx.io.DataBatch([mx.nd.ones((2, 3))], [mx.nd.zeros(2)]))
    metric = mx.metric.create("acc")
    loss.update_metric(metric, [mx.nd.zeros(2)])
    chain = mx.mod.SequentialModule()
    found += [loss.binded, loss.for_training, loss.output_shapes, loss.label_shapes, loss.get_outputs(),
              loss.get_input_grads(), float(metric.get()[1]), chain.data_names, chain.output_names]  # fmt: skip
    return found


def test_what_there_is_before_and_after(oracle):
    assert_same(*succeeded(oracle.both(states)))


REFUSED = [
    "mx.mod.PythonLossModule(data_names=['a', 'b'])",
    "mx.mod.PythonLossModule(label_names=[])",
    "mx.mod.PythonLossModule(grad_func=3)",
    "loss.bind([('x', (2, 3))])",
    "loss.bind([('data', (2, 3))], [('l', (2,))])",
    "loss.bind([('data', (2, 3))], grad_req='add')",
    "loss.backward([mx.nd.ones(2)])",
    "loss.get_outputs(False)",
    "loss.get_input_grads(False)",
    "chain.bind([('data', (2, 3))])",
    "chain.data_shapes",
    "chain.label_shapes",
    "chain.output_shapes",
    "chain.get_params()",
    "chain.init_params()",
    "chain.init_optimizer()",
    "chain.forward(None)",
    "chain.add(loss, take_label=True)",
    "filled.get_input_grads()",
    "filled.update()",
    "filled.bind([('data', (4, 5))], shared_module=loss, force_rebind=True)",
    "filled.bind([('data', (4, 5))], for_training=False, inputs_need_grad=True, force_rebind=True)",
]


def refused(mx, code):
    names = {"mx": mx, "loss": mx.mod.PythonLossModule(), "chain": mx.mod.SequentialModule(), "filled": chained(mx)}
    names["loss"].for_training = True
    try:
        return repr(eval(code, names))
    except Exception as error:
        return class_of(error)


@pytest.mark.parametrize("code", REFUSED)
def test_refusals(oracle, code):
    ours, theirs = oracle.both(refused, code)
    assert theirs.get() == "AssertionError"
    assert_same(ours, theirs)


def test_a_loss_needs_a_gradient():
    loss = mx.mod.PythonLossModule()
    loss.bind([("data", (2, 3))])
    with pytest.raises(NotImplementedError, match="grad_func, or _backward_impl, must be implemented"):
        loss.backward()
    with pytest.raises(RuntimeError, match="must be those of the whole batch"):
        loss.bind([("data", (2, 3))], [("softmax_label", (2,))])
        loss.update_metric(mx.metric.create("acc"), [], pre_sliced=True)


def test_names_twice():
    module = mx.mod.SequentialModule()
    for _ in range(2):
        net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=3, name="fc")
        module.add(mx.mod.Module(net, label_names=None), auto_wiring=True)
    module.bind([("data", (2, 3))])
    with pytest.raises(MXNetError, match="'fc_weight' is in the modules 0 and 1"):
        module.init_params()
    with pytest.raises(AssertionError, match="an input for each of 2 arrays"):
        mx.mod.SequentialModule().add(halves(mx)[0], auto_wiring=True).bind([("data", (2, 5)), ("more", (2, 5))])


def test_what_is_done_already_is_left(caplog):
    module = chained(mx)
    module.init_optimizer()
    before = module.get_params()[0]["fc1_weight"].asnumpy()

    def again():
        module.bind([("data", (8, 5))], [("softmax_label", (8,))])
        module.init_optimizer()
        module.init_params(mx.init.One())

    again()
    assert "SequentialModule.bind: it is already bound" in caplog.text
    assert "SequentialModule.init_optimizer: the optimizers are left unchanged" in caplog.text
    assert module.data_shapes[0].shape == (4, 5)
    assert_same(module.get_params()[0]["fc1_weight"].asnumpy(), before)
