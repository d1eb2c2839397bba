"""Draw one layer of ``gluon.nn`` for data of a given shape, and return its output shape."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

Shape = tuple[int, ...]


class Layer(NamedTuple):
    """A class of ``gluon.nn`` with its arguments, the shape of its output, and whether its parameters may be shared."""

    name: str
    options: dict
    shape: Shape
    shareable: bool = False


def dense(random: Random, shape: Shape) -> Layer | None:
    units, flatten = random.choice([2, 3, 3, 4]), random.random() < 0.7
    options = _weights(random, {"units": units})
    features = shape[-1]
    if flatten:
        features = 1
        for length in shape[1:]:
            features *= length
    if random.random() < 0.3:
        options["in_units"] = features
    if len(shape) < 2 or features > 400:
        return None
    return Layer("Dense", {**options, "flatten": flatten}, (shape[0], units) if flatten else (*shape[:-1], units), True)


def convolution(random: Random, shape: Shape) -> Layer | None:
    rank = len(shape) - 2
    if rank not in (1, 2, 3):
        return None
    last = rank == 2 and random.random() < 0.2
    spatial, channels = (shape[1:-1], shape[-1]) if last else (shape[2:], shape[1])
    window = _window(random, spatial, dilated=not last)
    groups = channels if not last and channels > 1 and random.random() < 0.25 else 1
    filters = groups * random.choice([1, 1, 2]) if groups > 1 else random.choice([2, 3, 4])
    if window is None:
        return None
    options = _weights(random, {"channels": filters, **window, "groups": groups})
    if last:
        options["layout"] = "NHWC"
    if random.random() < 0.3:
        options["in_channels"] = channels
    after = _slide(spatial, window["kernel_size"], window["strides"], window["padding"], window["dilation"])
    return Layer(f"Conv{rank}D", options, (shape[0], *after, filters) if last else (shape[0], filters, *after), True)


def transposed_convolution(random: Random, shape: Shape) -> Layer | None:
    rank = len(shape) - 2
    if rank not in (1, 2, 3):
        return None
    window = _window(random, shape[2:], dilated=False)
    if window is None:
        return None
    filters = random.choice([2, 3])
    extra = tuple(random.randint(0, stride - 1) for stride in window["strides"])
    sizes = zip(shape[2:], window["strides"], window["padding"], window["kernel_size"], extra, strict=True)
    after = tuple((size - 1) * stride - 2 * pad + kernel + more for size, stride, pad, kernel, more in sizes)
    if min(after) < 1:
        return None
    options = _weights(random, {"channels": filters, **window, "output_padding": extra})
    return Layer(f"Conv{rank}DTranspose", options, (shape[0], filters, *after))


def pooling(random: Random, shape: Shape) -> Layer | None:
    rank = len(shape) - 2
    if rank not in (1, 2, 3):
        return None
    last = random.random() < 0.25
    spatial, channels = (shape[1:-1], shape[-1]) if last else (shape[2:], shape[1])
    window = _window(random, spatial, dilated=False)
    if window is None:
        return None
    if any(2 * pad > size for pad, size in zip(window["padding"], window["kernel_size"], strict=True)):
        return None
    kind = random.choice(["Max", "Avg"])
    options: dict = {"pool_size": window["kernel_size"], "strides": window["strides"], "padding": window["padding"]}
    if kind == "Avg" and random.random() < 0.5:
        options["count_include_pad"] = False
    if last:
        options["layout"] = ("NWC", "NHWC", "NDHWC")[rank - 1]
    after = _slide(spatial, options["pool_size"], options["strides"], options["padding"], (1,) * rank)
    return Layer(f"{kind}Pool{rank}D", options, (shape[0], *after, channels) if last else (*shape[:2], *after))


def ceiling_pooling(random: Random, shape: Shape) -> Layer | None:
    """Windows of 2 that extend beyond the image. In 3 dimensions MXNet reads uninitialized memory."""
    if len(shape) != 4 or min(shape[2:]) < 2:
        return None
    after = tuple(-(-size // 2) for size in shape[2:])
    kind = random.choice(["MaxPool2D", "AvgPool2D"])
    return Layer(kind, {"pool_size": 2, "ceil_mode": True}, (*shape[:2], *after))


def global_pooling(random: Random, shape: Shape) -> Layer | None:
    rank = len(shape) - 2
    if rank not in (1, 2, 3):
        return None
    return Layer(f"Global{random.choice(['Max', 'Avg'])}Pool{rank}D", {}, (*shape[:2], *(1,) * rank))


def batch_norm(random: Random, shape: Shape) -> Layer | None:
    # Statistics over few numbers amplify rounding errors without bound.
    if len(shape) < 3 or shape[0] * shape[2] < 6:
        return None
    options = random.choice([{}, {}, {"scale": False}, {"center": False, "epsilon": 1e-3}, {"use_global_stats": True},
                             {"momentum": 0.5}, {"in_channels": shape[1]}])  # fmt: skip
    return Layer("BatchNorm", options, shape)


def other_norm(random: Random, shape: Shape) -> Layer | None:
    if len(shape) < 3 or min(shape[2:]) < 3:
        return None
    groups = random.choice([number for number in range(1, shape[1] + 1) if shape[1] % number == 0])
    drawn = random.choice([
        Layer("LayerNorm", random.choice([{}, {"epsilon": 1e-2}, {"scale": False}]), shape),
        Layer("InstanceNorm", random.choice([{}, {"scale": True}, {"center": False}]), shape),
        Layer("GroupNorm", {"num_groups": groups}, shape),
    ])  # fmt: skip
    return drawn._replace(options={"epsilon": 1e-1, **drawn.options})


def activation(random: Random, shape: Shape) -> Layer:
    """Any activation but SELU, whose derivative is wrong in MXNet."""
    kind = random.choice(["relu", "sigmoid", "tanh", "softrelu", "softsign"])
    return random.choice([
        Layer("Activation", {"activation": kind}, shape),
        Layer("LeakyReLU", {"alpha": random.choice([0, 0.1, 0.3])}, shape),
        Layer("ELU", {"alpha": random.choice([1.0, 0.5])}, shape),
        Layer("GELU", {}, shape),
        Layer("Swish", {"beta": random.choice([1.0, 2.0])}, shape),
    ])  # fmt: skip


def prelu(random: Random, shape: Shape) -> Layer | None:
    if len(shape) < 2:
        return None
    return Layer("PReLU", {"in_channels": shape[1]} if random.random() < 0.5 else {}, shape)


def dropout(random: Random, shape: Shape) -> Layer | None:
    # Rare, since a network with dropout can be compared only in predict mode.
    if random.random() < 0.6:
        return None
    options = random.choice([{"rate": 0.5}, {"rate": 0.3, "axes": (0,)}, {"rate": 0}])
    return Layer("Dropout", options, shape)


def flatten(random: Random, shape: Shape) -> Layer | None:
    if len(shape) < 2:
        return None
    size = 1
    for length in shape[1:]:
        size *= length
    return Layer("Flatten", {}, (shape[0], size))


def reflection_pad(random: Random, shape: Shape) -> Layer | None:
    if len(shape) != 4 or min(shape[2:]) < 3:
        return None
    return Layer("ReflectionPad2D", {"padding": 1}, (*shape[:2], shape[2] + 2, shape[3] + 2))


def function_layer(random: Random, shape: Shape) -> Layer:
    return Layer("HybridLambda", {"function": random.choice(["tanh", "relu", "square", "softsign"])}, shape)


LAYERS: list[Callable[[Random, Shape], Layer | None]] = [
    dense, dense, convolution, convolution, convolution, transposed_convolution, pooling, pooling, ceiling_pooling,
    global_pooling, batch_norm, batch_norm, other_norm, activation, activation, prelu, dropout, flatten,
    reflection_pad, function_layer,
]  # fmt: skip


def _weights(random: Random, options: dict) -> dict:
    """The arguments of all layers with weights."""
    if random.random() < 0.3:
        options["use_bias"] = False
    if random.random() < 0.25:
        options["activation"] = random.choice(["relu", "tanh", "sigmoid"])
    return options


def _window(random: Random, spatial: Shape, dilated: bool) -> dict | None:
    """Valid kernel, strides, padding and dilation; a single number may stand for all axes."""
    rank = len(spatial)
    kernel = tuple(random.choice([1, 2, 3, 3]) for _ in range(rank))
    padding = tuple(random.choice([0, 0, 1]) if size > 1 else 0 for size in kernel)
    dilation = (
        tuple(random.choice([1, 1, 2]) for _ in range(rank)) if dilated and random.random() < 0.3 else (1,) * rank
    )
    reach = [(size - 1) * step + 1 for size, step in zip(kernel, dilation, strict=True)]
    if any(need > size + 2 * pad for need, size, pad in zip(reach, spatial, padding, strict=True)):
        return None
    strides = tuple(random.choice([1, 1, 2]) for _ in range(rank))
    return {"kernel_size": kernel, "strides": strides, "padding": padding, "dilation": dilation}


def _slide(spatial: Shape, kernel: Shape, strides: Shape, padding: Shape, dilation: Shape) -> Shape:
    sizes = zip(spatial, kernel, strides, padding, dilation, strict=True)
    return tuple((size + 2 * pad - (span - 1) * apart - 1) // step + 1 for size, span, step, pad, apart in sizes)
