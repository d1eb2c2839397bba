"""Functions that run a layer and return everything that can be compared with MXNet 1.9.1."""

from __future__ import annotations

import numpy as np


def fill(parameter, number):
    """Set a parameter to values that are the same on both sides."""
    count = int(np.prod(parameter.shape))
    values = np.cos(np.arange(count) * 1.7 + number).reshape(parameter.shape)
    return 0.5 + 0.2 * values if parameter.name.endswith(("var", "gamma")) else 0.5 * values


def describe(layer):
    """Name, repr, parameters and children."""
    return {
        "name": layer.name,
        "prefix": layer.prefix,
        "repr": repr(layer),
        "parameters": [
            (p.name, p.shape, np.dtype(p.dtype).name, p.grad_req, p.lr_mult, p.wd_mult)
            for p in layer.collect_params().values()
        ],
        "places": list(layer._collect_params_with_prefix()),
        "children": [(name, child.name) for name, child in layer._children.items()],
    }


def run(mx, layer, data, dtype="float32", train=True):
    """Describe a new layer, run it on data, describe it again; outputs, gradients and states."""
    before = describe(layer)
    layer.initialize()
    x = mx.nd.array(data, dtype=dtype)
    layer(x)
    for number, parameter in enumerate(layer.collect_params().values()):
        parameter.set_data(mx.nd.array(fill(parameter, number), dtype=parameter.dtype))
    if np.dtype(dtype).kind == "f":
        x.attach_grad()
    with mx.autograd.record(train_mode=train):
        y = layer(x)
    head = np.sin(np.arange(y.size) * 2.3 + 1).reshape(y.shape)
    if x.grad is not None or layer.collect_params().values():
        y.backward(mx.nd.array(head, dtype=y.dtype), train_mode=train)
    mx.nd.waitall()
    parameters = layer.collect_params().values()
    return {
        "before": before,
        "after": describe(layer),
        "output": y,
        "data gradient": x.grad,
        "gradients": [p.grad() for p in parameters if p.grad_req != "null"],
        "values": [p.data() for p in parameters],
    }


def make(mx, kind, arguments):
    """Construct a layer of `gluon.nn`; "args" are passed by position."""
    named = {name: value for name, value in arguments.items() if name != "args"}
    return getattr(mx.gluon.nn, kind)(*arguments.get("args", ()), **named)


def construct(mx, kind, arguments, shape, options):
    """Construct a layer of `gluon.nn` and run it on data of a shape."""
    layer = make(mx, kind, arguments)
    dtype = options.get("dtype", "float32")
    if options.get("cast"):
        layer.cast(dtype)
    data = np.cos(np.arange(int(np.prod(shape))) * 0.37 + 0.2).reshape(shape) * options.get("scale", 1.0)
    return run(mx, layer, data, options.get("data", dtype), options.get("train", True))


def error_of(mx, kind, arguments, shape):
    """The class name of the error raised by constructing a layer or running it on ones, or None."""
    try:
        layer = make(mx, kind, arguments)
        layer.initialize()
        layer(mx.nd.ones(shape)).asnumpy()
    except Exception as error:
        kinds = [kind for kind in (AssertionError, TypeError, ValueError) if isinstance(error, kind)]
        return [*kinds, type(error)][0].__name__  # ours is an MXNetError too
    return None
