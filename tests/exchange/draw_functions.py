"""Draw one step made of functions of ``F``, methods or Python's operators.

Each function here takes the `GraphDrawing` and adds a step to it, or none if no value is suitable. Values keep a
moderate size, so that no result is infinite or dominated by rounding.
"""

from __future__ import annotations

from collections.abc import Callable

#: Functions that keep the shape: name and attributes.
ELEMENTWISE: list[tuple[str, dict]] = [
    ("relu", {}), ("sigmoid", {}), ("tanh", {}), ("softsign", {}), ("erf", {}), ("sin", {}), ("cos", {}),
    ("arctan", {}), ("hard_sigmoid", {"alpha": 0.3}), ("clip", {"a_min": -0.5, "a_max": 0.75}),
    ("smooth_l1", {"scalar": 2.0}),
    ("identity", {}), ("BlockGrad", {}), ("ones_like", {}), ("zeros_like", {}), ("sign", {}), ("floor", {}),
    ("Activation", {"act_type": "softrelu"}), ("LeakyReLU", {"act_type": "elu", "slope": 0.5}),
    ("LeakyReLU", {"act_type": "gelu"}), ("radians", {}), ("degrees", {}), ("log_softmax", {}), ("arcsinh", {}),
    ("softmax", {"axis": -1}), ("softmax", {"axis": 1, "temperature": 2.0}), ("softmin", {"axis": 0}),
    ("log_softmax", {"axis": 1}),
]  # fmt: skip


def elementwise(drawing) -> None:
    function, attributes = drawing.random.choice(ELEMENTWISE)
    name = drawing.take(lambda shape: len(shape) > attributes.get("axis", 0))
    if name is None:
        return
    attributes = dict(attributes)
    if drawing.chance(0.15):
        attributes["name"] = f"step{drawing.random.randint(1, 99)}"
    drawing.add(drawing.values[name], "F", function, [name], attributes)


def with_method(drawing) -> None:
    name = drawing.take()
    method = drawing.random.choice(["relu", "sigmoid", "tanh", "square", "abs", "exp_of_tanh"])
    if method == "exp_of_tanh":
        name, method = drawing.add(drawing.values[name], "method", "tanh", name, [], {}), "exp"
    drawing.add(drawing.values[name], "method", method, name, [], {})


def scalar(drawing) -> None:
    """A Python operator with a number on either side."""
    name = drawing.take()
    number = drawing.random.choice([2, 0.5, -1, 1.5, 3])
    sign = drawing.random.choice(["+", "-", "*", "/", "r-", "r+", "r*", "neg", ">", "<=", "**", "r/"])
    shape = drawing.values[name]
    if sign == "**":
        positive = drawing.add(shape, "F", "sigmoid", [name], {})
        drawing.add(shape, "binary", "**", *((positive, 2) if drawing.chance(0.5) else (2, positive)))
    elif sign == "r/":
        squared = drawing.add(shape, "binary", "*", name, name)
        positive = drawing.add(shape, "binary", "+", squared, 1)
        drawing.add(shape, "binary", "/", number, positive)
    elif sign in (">", "<="):
        # MXNet's graphs crash on an output from which no gradient flows.
        mask = drawing.add(shape, "binary", sign, name, number)
        drawing.add(shape, "binary", "*", mask, name)
    elif sign == "neg":
        drawing.add(shape, "negative", name)
    elif sign.startswith("r"):
        drawing.add(shape, "binary", sign[1:], number, name)
    else:
        drawing.add(shape, "binary", sign, name, number)


def pair(drawing) -> None:
    """Two values of the same shape."""
    left = drawing.take()
    shape = drawing.values[left]
    right = drawing.take(lambda other: other == shape)
    kind = drawing.random.choice(["+", "-", "*", "add_n", "stack", "elemwise_add", "maximum", "where", "broadcast_mul"])
    if kind in "+-*":
        drawing.add(shape, "binary", kind, left, right)
    elif kind == "add_n":
        drawing.add(shape, "F", "add_n", [left, right, left], {})
    elif kind == "stack":
        if len(shape) < 5:
            drawing.add((2, *shape), "F", "stack", [left, right], {"axis": 0})
    elif kind == "maximum":
        drawing.add(shape, "F", drawing.random.choice(["maximum", "minimum", "broadcast_maximum"]), [left, right], {})
    elif kind == "where":
        condition = drawing.add(shape, "binary", ">", left, 0.1)
        drawing.add(shape, "F", "where", [condition, left, right], {})
    else:
        drawing.add(shape, "F", kind, [left, right], {})


def join(drawing) -> None:
    """Concatenate values that differ along at most one axis."""
    first = drawing.take()
    shape = drawing.values[first]
    axis = drawing.random.randrange(len(shape))
    second = drawing.take(lambda other: len(other) == len(shape) and _without(other, axis) == _without(shape, axis))
    joined = list(shape)
    joined[axis] += drawing.values[second][axis]
    if joined[axis] < 20:
        drawing.add(tuple(joined), "F", "concat", [first, second], {"dim": axis})


def parts(drawing) -> None:
    """Split along an axis; both parts become values."""
    name = drawing.take(lambda shape: any(length % 2 == 0 for length in shape))
    if name is None:
        return
    shape = list(drawing.values[name])
    axis = drawing.random.choice([axis for axis, length in enumerate(shape) if length % 2 == 0])
    shape[axis] //= 2
    function = drawing.random.choice(["split", "SliceChannel"])
    drawing.add_several([tuple(shape)] * 2, "F", function, [name], {"num_outputs": 2, "axis": axis})


def reduce(drawing) -> None:
    name = drawing.take(lambda shape: len(shape) > 1)
    if name is None:
        return
    shape = drawing.values[name]
    axis, keep = drawing.random.randrange(len(shape)), drawing.chance(0.5)
    after = tuple(1 if at == axis else length for at, length in enumerate(shape) if keep or at != axis)
    function = drawing.random.choice(["mean", "sum", "max", "min", "norm"])
    if function == "norm":  # no element may be 0, since MXNet divides by the norm
        name = drawing.add(shape, "F", "sigmoid", [name], {})
    if drawing.chance(0.5):
        drawing.add(after, "method", function, name, [], {"axis": axis, "keepdims": keep})
    else:
        drawing.add(after, "F", function, [name], {"axis": axis, "keepdims": keep})


def reshape(drawing) -> None:
    """MXNet's special codes: 0 keeps a length, -1 infers one, -2 keeps all remaining, -3 merges two."""
    name = drawing.take(lambda shape: len(shape) > 1)
    if name is None:
        return
    shape = drawing.values[name]
    size = 1
    for length in shape:
        size *= length
    codes: list[tuple[tuple, tuple]] = [
        ((-1,), (size,)),
        ((0, -1), (shape[0], size // shape[0])),
        ((-3, -2), (shape[0] * shape[1], *shape[2:])),
        ((0, 0, -1), (*shape[:2], size // (shape[0] * shape[1]))),
    ]
    code, after = drawing.random.choice(codes[:3] if len(shape) < 3 else codes)
    if len(shape) < 5 and drawing.chance(0.2):
        drawing.add((1, *shape), "F", "expand_dims", [name], {"axis": 0})
    elif drawing.chance(0.4):
        drawing.add(after, "method", "reshape", name, [code], {})
    else:
        drawing.add(after, "F", "reshape", [name], {"shape": code})


def move(drawing) -> None:
    """Change the order or the extent of axes."""
    name = drawing.take(lambda shape: len(shape) > 1)
    if name is None:
        return
    shape = drawing.values[name]
    order = tuple(drawing.random.sample(range(len(shape)), len(shape)))
    axis = drawing.random.randrange(len(shape))
    length = shape[axis]
    kind = drawing.random.choice(
        ["transpose", "swapaxes", "flip", "slice_axis", "slice", "tile", "repeat", "T", "squeeze"]
    )
    if kind == "transpose":
        drawing.add(tuple(shape[at] for at in order), "F", "transpose", [name], {"axes": order})
    elif kind == "T":
        drawing.add(shape[::-1], "method", "transpose", name, [], {})
    elif kind == "swapaxes":
        after = list(shape)
        after[0], after[axis] = after[axis], after[0]
        drawing.add(tuple(after), "F", "swapaxes", [name], {"dim1": 0, "dim2": axis})
    elif kind == "flip":
        drawing.add(shape, "F", "flip", [name], {"axis": axis})
    elif kind == "slice_axis" and length > 1:
        end = drawing.random.choice([None, length])
        drawing.add(_with(shape, axis, length - 1), "F", "slice_axis", [name], {"axis": axis, "begin": 1, "end": end})
    elif kind == "slice" and shape[-1] > 1:
        begin, end = (None,) * (len(shape) - 1) + (1,), (None,) * len(shape)
        drawing.add(_with(shape, len(shape) - 1, shape[-1] - 1), "F", "slice", [name], {"begin": begin, "end": end})
    elif kind in ("tile", "repeat") and length < 4:
        reps = tuple(2 if at == axis else 1 for at in range(len(shape)))
        attributes = {"reps": reps} if kind == "tile" else {"repeats": 2, "axis": axis}
        drawing.add(_with(shape, axis, 2 * length), "F", kind, [name], attributes)
    elif kind == "squeeze" and length == 1:
        drawing.add((*shape[:axis], *shape[axis + 1 :]), "F", "squeeze", [name], {"axis": axis})
    else:
        drawing.add(shape, "F", "identity", [name], {})


def broadcast(drawing) -> None:
    """Use a parameter of the block itself, with one number per position of an axis."""
    name = drawing.take()
    shape = drawing.values[name]
    axis = drawing.random.randrange(len(shape))
    own = drawing.parameter(tuple(length if at == axis else 1 for at, length in enumerate(shape)))
    function = drawing.random.choice(["broadcast_add", "broadcast_mul", "broadcast_sub", "broadcast_maximum"])
    drawing.add(shape, "F", function, [name, own] if drawing.chance(0.7) else [own, name], {})


def product(drawing) -> None:
    """Matrix products, with a parameter or a value."""
    name = drawing.take(lambda shape: len(shape) in (2, 3))
    if name is None:
        return
    shape = drawing.values[name]
    if len(shape) == 3:
        attributes = {"transpose_b": True}
        drawing.add((*shape[:2], shape[1]), "F", "batch_dot", [name, name], attributes)
    elif drawing.chance(0.5):
        drawing.add((shape[0], 3), "F", "dot", [name, drawing.parameter((shape[1], 3))], {})
    else:
        weight, bias = drawing.parameter((4, shape[1])), drawing.parameter((4,))
        drawing.add((shape[0], 4), "F", "FullyConnected", [name, weight, bias], {"num_hidden": 4})


def picture(drawing) -> None:
    """Image functions."""
    name = drawing.take(lambda shape: len(shape) == 4)
    if name is None:
        return
    n, c, h, w = drawing.values[name]
    kind = drawing.random.choice(["UpSampling", "pad", "Pooling", "L2Normalization", "Convolution", "depth"])
    if kind == "UpSampling" and max(h, w) < 5:
        drawing.add((n, c, 2 * h, 2 * w), "F", kind, [name], {"scale": 2, "sample_type": "nearest"})
    elif kind == "pad" and min(h, w) > 1:
        mode = drawing.random.choice([{"mode": "edge"}, {"mode": "reflect"}, {"mode": "constant", "constant_value": 2}])
        drawing.add((n, c, h + 1, w + 2), "F", kind, [name], {"pad_width": (0, 0, 0, 0, 0, 1, 1, 1), **mode})
    elif kind == "Pooling":
        drawing.add((n, c, 1, 1), "F", kind, [name], {"global_pool": True, "pool_type": "avg", "kernel": (1, 1)})
    elif kind == "L2Normalization":
        drawing.add(
            (n, c, h, w), "F", kind, [name], {"mode": drawing.random.choice(["instance", "channel", "spatial"])}
        )
    elif kind == "Convolution":
        weight = drawing.parameter((2, c, 1, 1))
        drawing.add((n, 2, h, w), "F", kind, [name, weight], {"kernel": (1, 1), "num_filter": 2, "no_bias": True})
    elif h % 2 == 0 and w % 2 == 0:
        drawing.add((n, 4 * c, h // 2, w // 2), "F", "space_to_depth", [name], {"block_size": 2})
    else:
        drawing.add((n, c, h, w), "F", "identity", [name], {})


def like(drawing) -> None:
    """Functions that depend on the shape of a second value."""
    name = drawing.take(lambda shape: len(shape) > 1)
    if name is None:
        return
    shape = drawing.values[name]
    kind = drawing.random.choice(["slice_like", "broadcast_like", "reshape_like"])
    if kind == "reshape_like":
        flat = drawing.add((_product(shape),), "F", "reshape", [name], {"shape": (-1,)})
        drawing.add(shape, "F", kind, [flat, name], {})
        return
    axis = drawing.random.randrange(len(shape))
    small = drawing.add(_with(shape, axis, 1), "F", "mean", [name], {"axis": axis, "keepdims": True})
    if kind == "slice_like":
        drawing.add(_with(shape, axis, 1), "F", kind, [name, small], {})
    else:
        drawing.add(shape, "F", kind, [small, name], {})


FUNCTIONS: list[Callable] = [
    elementwise, elementwise, elementwise, with_method, scalar, scalar, scalar, pair, pair, pair, join, join, parts,
    reduce, reshape, move, move, broadcast, product, picture, like,
]  # fmt: skip


def _with(shape: tuple[int, ...], axis: int, length: int) -> tuple[int, ...]:
    return (*shape[:axis], length, *shape[axis + 1 :])


def _without(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    return shape[:axis] + shape[axis + 1 :]


def _product(shape: tuple[int, ...]) -> int:
    size = 1
    for length in shape:
        size *= length
    return size
