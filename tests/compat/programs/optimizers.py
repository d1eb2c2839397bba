"""Train with many optimizers, schedules and metrics, some of them the program's own, by Module and by Trainer."""

import os
import tempfile

import mxnet as mx
import numpy as np
from mxnet import autograd, gluon, nd
from mxnet.gluon import nn
from mxnet.metric import check_label_shapes
from mxnet.ndarray.contrib import multi_adamw_update
from mxnet.optimizer import Optimizer, register


class Distance(mx.metric.EvalMetric):
    def __init__(self, eps=1e-3, **kwargs):
        super(Distance, self).__init__("distance", eps=eps, **kwargs)

    def update(self, labels, preds):
        labels, preds = check_label_shapes(labels, preds, True)
        for label, pred in zip(labels, preds):
            self.sum_metric += float((label.reshape(-1) - pred.argmax(axis=1)).abs().sum().asscalar())
            self.num_inst += label.size


class Warmup(mx.lr_scheduler.LRScheduler):
    def __init__(self, schedule, steps):
        super(Warmup, self).__init__(base_lr=schedule.base_lr)
        self.schedule, self.steps = schedule, steps

    def __call__(self, num_update):
        if num_update < self.steps:
            return self.schedule.base_lr * num_update / self.steps
        return self.schedule(num_update - self.steps)


@register
class Moving(Optimizer):
    def __init__(self, keep=0.5, **kwargs):
        super(Moving, self).__init__(**kwargs)
        self.keep = keep

    def create_state(self, index, weight):
        return nd.zeros(weight.shape, weight.context)

    def update(self, index, weight, grad, state):
        self._update_count(index)
        lr, wd = self._get_lr(index), self._get_wd(index)
        grad = grad * self.rescale_grad
        if self.clip_gradient is not None:
            grad = nd.clip(grad, -self.clip_gradient, self.clip_gradient)
        state[:] = self.keep * state + (1 - self.keep) * (grad + wd * weight)
        weight[:] = weight - lr * state


@register
class AdamOfSeveral(Optimizer):
    """As in libraries for BERT: all arrays of a call go into one operator."""

    def __init__(self, learning_rate=0.001, **kwargs):
        super(AdamOfSeveral, self).__init__(learning_rate=learning_rate, **kwargs)
        self.aggregate_num = 4

    def create_state(self, index, weight):
        return nd.zeros(weight.shape, weight.context), nd.zeros(weight.shape, weight.context)

    def update(self, index, weight, grad, state):
        if not isinstance(index, (tuple, list)):
            index, weight, grad, state = [index], [weight], [grad], [state]
        self._update_count(index)
        mean, var = list(zip(*state))
        multi_adamw_update(
            weight, grad, mean, var, out=weight, size=len(weight), lrs=self._get_lrs(index), wds=self._get_wds(index),
            etas=[1.0] * len(weight), rescale_grad=self.rescale_grad, epsilon=1e-6,
        )  # fmt: skip

    def update_multi_precision(self, index, weight, grad, state):
        self.update(index, weight, grad, state)


def shown(numbers):
    return " ".join("%.2f" % number for number in numbers)


def graph():
    net = mx.sym.Convolution(mx.sym.var("data"), num_filter=4, kernel=(3, 3), name="c1")
    net = mx.sym.BatchNorm(net, fix_gamma=False, name="bn")
    net = mx.sym.Pooling(mx.sym.Activation(net, act_type="relu"), kernel=(2, 2), stride=(2, 2), pool_type="max")
    return mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.Flatten(net), num_hidden=4, name="fc"), name="softmax")


def fit(optimizer, **options):
    """As MXNet's scripts for image classification do."""
    random = np.random.RandomState(0)
    batches = mx.io.NDArrayIter(random.rand(64, 1, 8, 8).astype("float32"), random.randint(0, 4, 64), 8)
    net = graph()
    shapes = zip(net.list_arguments(), net.infer_shape(data=(8, 1, 8, 8))[0])
    params = {
        name: nd.array(random.randn(*shape) * 0.3) for name, shape in shapes if name not in ("data", "softmax_label")
    }
    options = dict({"learning_rate": 0.05, "wd": 1e-4, "multi_precision": True}, **options)
    schedule = mx.lr_scheduler.MultiFactorScheduler(step=[8, 16], factor=0.5, base_lr=options["learning_rate"])
    module, seen = mx.mod.Module(net), []
    module.fit(
        batches, num_epoch=3, eval_data=batches, kvstore="local", optimizer=optimizer, arg_params=params,
        optimizer_params=dict(options, lr_scheduler=schedule), initializer=mx.init.Uniform(),
        eval_metric=["accuracy", mx.metric.create("top_k_accuracy", top_k=2), mx.metric.create("ce")],
        batch_end_callback=[
            mx.callback.Speedometer(8, 4),
            lambda param: seen.append([value for _, value in param.eval_metric.get_name_value()]),
        ],
    )  # fmt: skip
    print(optimizer, shown(seen[-1]), module._optimizer.num_update, shown([module._optimizer.learning_rate * 100]))


def train(optimizer, schedule=None, **options):
    """Save and load the states after each epoch."""
    random = np.random.RandomState(5)
    net = nn.HybridSequential(prefix="")
    with net.name_scope():
        net.add(nn.Dense(6, activation="tanh", in_units=4, prefix="a_"), nn.BatchNorm(in_channels=6, prefix="b_"))
        net.add(nn.Dense(3, in_units=6, prefix="c_"))
    net.initialize(mx.init.Zero())
    for name, parameter in sorted(net.collect_params().items()):
        if "weight" in name:
            parameter.set_data(nd.array(random.randn(*parameter.shape) * 0.4))
    net.collect_params(".*gamma|.*beta").setattr("wd_mult", 0.0)
    net.collect_params("c_bias").setattr("lr_mult", 2.0)
    trainer = gluon.Trainer(net.collect_params(), optimizer, dict(options, lr_scheduler=schedule))
    loss_of, metrics, mean = gluon.loss.SoftmaxCELoss(), mx.metric.CompositeEvalMetric(), mx.metric.Loss("mean")
    for metric in (mx.metric.Accuracy(), mx.metric.TopKAccuracy(2), Distance()):
        metrics.add(metric)
    path = os.path.join(tempfile.mkdtemp(), "states")
    for _ in range(4):
        metrics.reset()
        for _ in range(6):
            x, y = nd.array(random.randn(8, 4)), nd.array(random.randint(0, 3, 8))
            with autograd.record():
                out = net(x)
                loss = loss_of(out, y)
            loss.backward()
            trainer.step(8)
            metrics.update([y], [out])
            mean.update(0, [loss])
        trainer.save_states(path)
        trainer.load_states(path)
        if schedule is None:
            trainer.set_learning_rate(trainer.learning_rate * 0.9)
    print(optimizer, shown(metrics.get()[1]), shown([mean.get()[1], trainer.learning_rate * 100]))


for name in ("sgd", "nag", "lbsgd", "lars"):
    fit(name, momentum=0.9)
fit("lbsgd", momentum=0.9, updates_per_epoch=8, batch_scale=2, warmup_strategy="lars", warmup_epochs=1)
for name in ("adagrad", "dcasgd", "rmsprop", "lamb"):
    fit(name, learning_rate=0.02)
train("sgd", learning_rate=0.1, momentum=0.9, wd=1e-3, clip_gradient=1.0)
schedule = Warmup(mx.lr_scheduler.FactorScheduler(4, 0.8, base_lr=0.05), 5)
train("adamax", schedule, learning_rate=0.05)
train("moving", learning_rate=0.2, keep=0.3, clip_gradient=0.5, wd=0.01)
train("adamofseveral", learning_rate=0.02, wd=0.01)
for name in ("ftrl", "lars", "lbsgd", "ccsgd"):
    train(name, mx.lr_scheduler.PolyScheduler(30, 0.05, warmup_steps=3), learning_rate=0.05)
