"""The code behind the golden files: each function takes the library and returns plain values."""

from __future__ import annotations

import numpy as np

from tests.oracle.plain import plain

# ---------------------------------------------------------------------------------------------- Conv2D

#: Chosen configurations; `conv2d_configurations` adds drawn ones. Data is (batch, channels, height, width).
CONV2D_CHOSEN = [
    ({"channels": 3, "kernel_size": 3}, (2, 2, 5, 5), "float32"),
    ({"channels": 3, "kernel_size": 3, "padding": 1, "in_channels": 2}, (1, 2, 5, 6), "float32"),
    ({"channels": 2, "kernel_size": 1, "strides": 2}, (1, 3, 5, 5), "float32"),
    ({"channels": 2, "kernel_size": (1, 7), "padding": (0, 3)}, (1, 2, 3, 7), "float32"),
    ({"channels": 2, "kernel_size": (7, 1), "padding": (3, 0)}, (1, 2, 7, 3), "float32"),
    ({"channels": 4, "kernel_size": 3, "groups": 2}, (1, 4, 5, 5), "float32"),
    ({"channels": 4, "kernel_size": 3, "groups": 4, "padding": 1}, (1, 4, 5, 5), "float32"),
    ({"channels": 8, "kernel_size": 3, "groups": 4, "use_bias": False}, (1, 4, 4, 4), "float32"),
    ({"channels": 2, "kernel_size": 3, "dilation": (2, 3), "padding": 2}, (1, 2, 7, 7), "float32"),
    ({"channels": 2, "kernel_size": 2, "strides": (2, 3), "padding": (1, 0)}, (2, 1, 6, 7), "float32"),
    ({"channels": 2, "kernel_size": 3, "activation": "relu"}, (1, 2, 5, 5), "float32"),
    ({"channels": 2, "kernel_size": 3, "activation": "sigmoid"}, (1, 2, 5, 5), "float32"),
    ({"channels": 2, "kernel_size": 3, "activation": "tanh"}, (1, 2, 5, 5), "float32"),
    ({"channels": 2, "kernel_size": 3, "activation": "softrelu"}, (1, 2, 5, 5), "float32"),
    ({"channels": 2, "kernel_size": 3, "activation": "softsign", "use_bias": False}, (1, 2, 5, 5), "float32"),
    ({"channels": 3, "kernel_size": 3, "padding": 1}, (1, 2, 4, 4), "float64"),
    ({"channels": 4, "kernel_size": 3, "groups": 2, "strides": 2}, (1, 2, 5, 5), "float64"),
    ({"channels": 1, "kernel_size": 5, "padding": 4, "dilation": 2}, (1, 1, 5, 5), "float64"),
]
_CONV2D_DRAWN = 24


def conv2d_configurations():
    """Every configuration: the arguments of nn.Conv2D, the shape of the data, the dtype."""
    random = np.random.RandomState(20)
    drawn = []
    while len(drawn) < _CONV2D_DRAWN:
        kernel, stride, padding, dilation = (
            [int(random.randint(low, high)) for _ in range(2)] for low, high in ((1, 5), (1, 4), (0, 3), (1, 4))
        )
        groups = int(random.choice([1, 1, 2, 3]))
        channels, in_channels = (groups * int(random.randint(1, 3)) for _ in range(2))
        size = [int(random.randint(4, 8)) for _ in range(2)]
        reaches = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
        if any(n + 2 * p < reach for n, p, reach in zip(size, padding, reaches, strict=True)):
            continue
        arguments = {
            "channels": channels,
            "kernel_size": kernel,
            "strides": stride,
            "padding": padding,
            "dilation": dilation,
            "groups": groups,
            "use_bias": bool(random.randint(2)),
        }
        drawn.append((arguments, (int(random.randint(1, 3)), in_channels, *size), "float32"))
    return CONV2D_CHOSEN + drawn


def conv2d(mx, arguments, data, weight, bias, head):
    """The output of nn.Conv2D and the gradients of everything that goes in."""
    pairs = {name: tuple(value) for name, value in arguments.items() if isinstance(value, list)}
    layer = mx.gluon.nn.Conv2D(**{**arguments, **pairs})
    layer.initialize()
    layer.cast(str(data.dtype))
    data = mx.nd.array(data, dtype=data.dtype)
    layer(data)
    layer.weight.set_data(mx.nd.array(weight, dtype=weight.dtype))
    if bias is not None:
        layer.bias.set_data(mx.nd.array(bias, dtype=bias.dtype))
    data.attach_grad()
    with mx.autograd.record():
        output = layer(data)
    output.backward(mx.nd.array(head, dtype=head.dtype))
    results = {"output": output, "data_gradient": data.grad, "weight_gradient": layer.weight.grad()}
    if bias is not None:
        results["bias_gradient"] = layer.bias.grad()
    return {name: array.asnumpy() for name, array in results.items()}


# ------------------------------------------------------------------------------------ names and texts


def networks(mx):
    """Small networks, each built with the name counters at zero; by name, and with a shape to feed."""
    gluon, nn = mx.gluon, mx.gluon.nn

    def plain():
        net = nn.HybridSequential()
        net.add(nn.Conv2D(4, 3, activation="relu"), nn.MaxPool2D(), nn.Flatten(), nn.Dense(3))
        return net

    def scoped():
        net = nn.HybridSequential()
        with net.name_scope():
            net.add(nn.Conv2D(4, (3, 5), strides=2, padding=(1, 2), dilation=2, groups=2, in_channels=2))
            net.add(nn.BatchNorm(), nn.LeakyReLU(0.1), nn.Dropout(0.25))
            net.add(nn.AvgPool2D(3, 2, 1, ceil_mode=True))
            inner = nn.HybridSequential()
            with inner.name_scope():
                inner.add(nn.GlobalAvgPool2D(), nn.Dense(3, use_bias=False, flatten=False))
            net.add(inner)
        return net

    def prefixed():
        net = nn.Sequential(prefix="my_")
        with net.name_scope():
            net.add(nn.Dense(4, activation="tanh"), nn.Dense(4, prefix="own_"), nn.Dense(2, in_units=4))
        return net

    def shared():
        net = nn.HybridSequential(prefix="shared_")
        with net.name_scope():
            first = nn.Dense(4, in_units=4)
            net.add(first, nn.Dense(4, in_units=4, params=first.params), nn.LayerNorm(), nn.PReLU())
        return net

    class Residual(gluon.HybridBlock):
        def __init__(self, channels, **kwargs):
            super().__init__(**kwargs)
            with self.name_scope():
                self.body = nn.HybridSequential(prefix="")
                self.body.add(nn.Conv2D(channels, 3, padding=1, use_bias=False), nn.BatchNorm())
                self.shortcut = nn.Conv2D(channels, 1)
                self.scale = self.params.get("scale", shape=(1,), init=mx.init.One())

        def hybrid_forward(self, F, x, scale):
            return F.broadcast_mul(F.relu(self.body(x) + self.shortcut(x)), scale)

    def custom():
        net = nn.HybridSequential()
        with net.name_scope():
            net.add(Residual(3), Residual(4, prefix="second_"))
            net.add(nn.Activation("sigmoid"), nn.GlobalMaxPool2D())
        return net

    return {
        "plain": (plain, (2, 1, 8, 8)),
        "scoped": (scoped, (2, 2, 9, 9)),
        "prefixed": (prefixed, (2, 3)),
        "shared": (shared, (2, 4)),
        "custom": (custom, (1, 2, 5, 5)),
    }


def descriptions(mx, name):
    """Every text that a user or a file sees of a network; repr also before the shapes are known."""
    import contextlib
    import io

    build, shape = networks(mx)[name]
    with mx.name.NameManager():
        net = build()
        before = repr(net)
        net.initialize()
        data = mx.nd.ones(shape)
        net(data)  # before this, MXNet's search for the shapes leaves rows of its own in the table
        table = io.StringIO()
        with contextlib.redirect_stdout(table):
            net.summary(data)
        return {
            "name": net.name,
            "prefix": net.prefix,
            "repr": before,
            "repr_with_shapes": repr(net),
            "summary": table.getvalue(),
            "parameters": repr(net.collect_params()),
            "weights": [f"{key} {value.shape}" for key, value in net.collect_params(".*weight").items()],
        }


# ----------------------------------------------------------------------------------------- training

#: Name of the curve: the optimizer and its options.
OPTIMIZERS = {
    "sgd": ("sgd", {"learning_rate": 0.1}),
    "sgd_momentum_wd": ("sgd", {"learning_rate": 0.05, "momentum": 0.9, "wd": 0.001}),
    "nag": ("nag", {"learning_rate": 0.05, "momentum": 0.9}),
    "nag_wd": ("nag", {"learning_rate": 0.05, "momentum": 0.8, "wd": 0.01}),
    # With some rates, 0.01 among them, the curve hangs on the last digit of one number: it leaves that of MXNet at once
    # and by a percent, or not at all, and with other rates when another kernel updates.
    "adam": ("adam", {"learning_rate": 0.006}),
    "adam_wd": ("adam", {"learning_rate": 0.01, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-6, "wd": 0.01}),
    "sgd_clipped": ("sgd", {"learning_rate": 0.1, "clip_gradient": 0.05}),
}
STEPS = 50


def small_network(mx):
    """A network whose parameters are set from a fixed stream of numbers, and 4 batches to feed it."""
    nn = mx.gluon.nn
    random = np.random.RandomState(7)
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Conv2D(4, 3, activation="relu"), nn.MaxPool2D(), nn.BatchNorm(), nn.Dense(5))
    net.initialize()
    images = random.standard_normal((4, 8, 1, 10, 10)).astype(np.float32)
    labels = random.randint(0, 5, (4, 8)).astype(np.float32)
    net(mx.nd.array(images[0]))
    for name, parameter in net.collect_params().items():
        if name.endswith(("weight", "bias")):
            values = 0.2 * random.standard_normal(parameter.shape).astype(np.float32)
            parameter.set_data(mx.nd.array(values))
    return net, images, labels


def loss_curve(mx, optimizer, options, steps):
    """The mean loss of each training step."""
    net, images, labels = small_network(mx)
    trainer = mx.gluon.Trainer(net.collect_params(), optimizer, dict(options))
    loss_function = mx.gluon.loss.SoftmaxCrossEntropyLoss()
    losses = []
    for step in range(steps):
        data, label = mx.nd.array(images[step % 4]), mx.nd.array(labels[step % 4])
        with mx.autograd.record():
            loss = loss_function(net(data), label)
        loss.backward()
        trainer.step(len(data))
        losses.append(float(loss.mean().asscalar()))
    return losses


# -------------------------------------------------------------------------------------------- files


def arrays_of_every_dtype():
    """What the file arrays.params holds, as NumPy arrays."""
    arrays = {
        dtype: (np.arange(6).reshape(2, 3) * 3 - 4).astype(dtype)
        for dtype in ("float32", "float64", "float16", "int8", "int32", "int64")
    }
    arrays["uint8"] = np.array([0, 127, 255], np.uint8)
    arrays["bool"] = np.array([[True], [False]])
    arrays["bfloat16"] = np.array([0x3F80, 0xC020, 0x7F80], np.uint16).view([("bfloat16", np.uint16)])
    arrays["special"] = np.array([np.nan, np.inf, -np.inf, -0.0, 1e-45], np.float32)
    arrays["one"] = np.array([2.5], np.float32)
    arrays["a long name: with spaces, äöü"] = np.zeros((1, 1, 1, 2), np.float32)
    return arrays


def save_arrays(mx, path):
    """Write `arrays_of_every_dtype` with nd.save."""
    arrays = arrays_of_every_dtype()
    mx.nd.save(path, {name: mx.nd.array(array, dtype=array.dtype) for name, array in arrays.items()})


def save_list(mx, path):
    """Write arrays without names with nd.save."""
    mx.nd.save(path, [mx.nd.array([1, 2]), mx.nd.array([[3]], dtype="int32")])


def load_arrays(mx, path):
    """What nd.load makes of a file."""
    return plain(mx.nd.load(path))


def save_network(mx, path):
    """Write the parameters of `small_network`; return what it makes of the first batch."""
    net, images, _ = small_network(mx)
    net.save_parameters(path)
    return net(mx.nd.array(images[0])).asnumpy()


def load_network(mx, path):
    """Load a file of `save_network` into a network of zeros; return what that makes of the first batch."""
    net, images, _ = small_network(mx)
    net.initialize(mx.init.Zero(), force_reinit=True)
    net.load_parameters(path)
    return net(mx.nd.array(images[0])).asnumpy()
