"""The graphs and modules of these tests, under either library."""

from __future__ import annotations

import numpy as np


def dense_net(mx, batch_norm=False):
    """Two dense layers and a softmax."""
    # without the bias, which batch normalization cancels: its gradient would be noise
    h = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=3, name="fc1", no_bias=batch_norm)
    if batch_norm:
        h = mx.sym.BatchNorm(h, name="bn", fix_gamma=False)
    h = mx.sym.Activation(h, act_type="relu", name="act")
    return mx.sym.SoftmaxOutput(mx.sym.FullyConnected(h, num_hidden=2, name="fc2"), name="softmax")


def convolutional_net(mx):
    """The shape of LeNet, small."""
    h = mx.sym.var("data")
    for number, channels in enumerate((4, 6), 1):
        h = mx.sym.Convolution(h, kernel=(3, 3), num_filter=channels, name=f"conv{number}")
        h = mx.sym.BatchNorm(h, fix_gamma=False, name=f"bn{number}")
        h = mx.sym.Activation(h, act_type="relu", name=f"relu{number}")
        h = mx.sym.Pooling(h, kernel=(2, 2), stride=(2, 2), pool_type="max", name=f"pool{number}")
    h = mx.sym.FullyConnected(mx.sym.Flatten(h), num_hidden=5, name="fc")
    return mx.sym.SoftmaxOutput(h, name="softmax")


def values(shapes, seed=0):
    """Reproducible parameters of given shapes: small weights, positive gammas and variances."""
    random = np.random.RandomState(seed)
    found = {}
    for name, shape in shapes:
        value = random.normal(0, 0.3, shape)
        found[name] = np.abs(value) + 0.5 if name.endswith(("gamma", "var")) else value
    return found


def arrays(mx, found):
    """NumPy arrays by name as NDArrays."""
    return {name: mx.nd.array(value) for name, value in found.items()}


def batch(mx, size=4, features=5, seed=3, classes=2):
    """A batch of random samples with labels."""
    random = np.random.RandomState(seed)
    data, label = random.normal(size=(size, features)), random.randint(0, classes, size)
    return mx.io.DataBatch([mx.nd.array(data)], [mx.nd.array(label)])


def bound(mx, size=4, batch_norm=False, contexts=1, names=None, **options):
    """A bound module with reproducible parameters; `options` are those of bind, `names` those of Module."""
    context = [mx.cpu(number) for number in range(contexts)] if contexts > 1 else mx.cpu()
    module = mx.mod.Module(dense_net(mx, batch_norm), context=context, **(names or {}))
    module.bind([("data", (size, 5))], [("softmax_label", (size,))], **options)
    shapes = [("fc1_weight", (3, 5)), ("fc2_weight", (2, 3)), ("fc2_bias", (2,)), ("fc1_bias", (3,))]
    states = []
    if batch_norm:
        shapes[3:] = [("bn_gamma", (3,)), ("bn_beta", (3,))]
        states = [("bn_moving_mean", (3,)), ("bn_moving_var", (3,))]
    module.init_params(arg_params=arrays(mx, values(shapes)), aux_params=arrays(mx, values(states, 1)))
    return module


def iterator(mx, count=10, size=4, seed=5, **options):
    """Random samples whose label can be learned."""
    random = np.random.RandomState(seed)
    data = random.normal(size=(count, 5))
    return mx.io.NDArrayIter(data, (data[:, 0] > 0).astype("float32"), size, **options)
