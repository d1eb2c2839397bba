"""Activation functions."""

from __future__ import annotations

from ..call import Call, Unsupported, rule

_BY_TYPE = {"relu": "Relu", "sigmoid": "Sigmoid", "softrelu": "Softplus", "softsign": "Softsign", "tanh": "Tanh"}


@rule("Activation")
def _activation(call: Call) -> str:
    return call.add(_BY_TYPE[call["act_type"]], call.data)


@rule("LeakyReLU")
def _leaky_relu(call: Call) -> str | tuple[str, ...]:
    kind, data = call["act_type"], call.data
    if kind == "leaky":
        return call.add("LeakyRelu", data, alpha=call["slope"])
    if kind == "elu":
        return call.add("Elu", data, alpha=call["slope"])
    if kind == "gelu":
        return _gelu(call)
    if kind == "selu":
        return call.add("Selu", data)
    if kind == "prelu":
        return call.add("PRelu", data, _slopes(call))
    middle = (call["lower_bound"] + call["upper_bound"]) / 2
    positive = call.add("Greater", data, call.number(0))
    slopes = call.add("Where", positive, call.number(1), call.number(middle))
    return call.add("LeakyRelu", data, alpha=middle), slopes


def _gelu(call: Call) -> str:
    if call.document.opset >= 20:
        return call.add("Gelu", call.data, approximate="none")
    erf = call.add("Erf", call.add("Mul", call.data, call.number(0.5**0.5)))
    half = call.add("Mul", call.data, call.number(0.5))
    return call.add("Mul", half, call.add("Add", erf, call.number(1)))


def _slopes(call: Call) -> str:
    """Return the slopes of prelu in a shape that broadcasts to the data."""
    shape, gamma = call.data.shape, call.array(1)
    if gamma.shape == (1,):
        return call.reshape(gamma, (1,) * len(shape))
    axis = 1 if len(shape) > 1 and gamma.shape == shape[1:2] else 0
    if gamma.shape != shape[axis : axis + 1]:
        raise Unsupported(f"slopes of shape {gamma.shape}")
    return call.reshape(gamma, [length if number == axis else 1 for number, length in enumerate(shape)])


@rule("clip", integers="files")
def _clip(call: Call) -> str:
    low, high = call["a_min"], call["a_max"]
    if low > high:
        raise Unsupported("crossed limits")
    return call.add("Clip", call.data, call.number(low), call.number(high))


@rule("hard_sigmoid")
def _hard_sigmoid(call: Call) -> str:
    return call.add("HardSigmoid", call.data, alpha=call["alpha"], beta=call["beta"])
