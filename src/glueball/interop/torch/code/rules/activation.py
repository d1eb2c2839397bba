"""Activations, softmax and dropout."""

from __future__ import annotations

from ..call import Call, Unsupported, number, rule

_BY_TYPE = {
    "relu": "F.relu({})", "sigmoid": "torch.sigmoid({})", "tanh": "torch.tanh({})", "softrelu": "F.softplus({})",
    "softsign": "F.softsign({})",
}  # fmt: skip


@rule("Activation")
def _activation(call: Call) -> str:
    return _BY_TYPE[call["act_type"]].format(call.x)


@rule("LeakyReLU")
def _leaky_relu(call: Call) -> str | tuple[str, ...]:
    kind, x = call["act_type"], call.x
    if kind == "leaky":
        return f"F.leaky_relu({x}, {number(call['slope'])})"
    if kind == "elu":
        return f"F.elu({x}, {number(call['slope'])})"
    if kind == "gelu":
        return f"F.gelu({x})"
    if kind == "selu":
        return f"F.selu({x})"
    if kind == "prelu":
        count = call.input(1).shape
        if len(call.data.shape) < 2 or len(count) != 1 or (count[0] != 1 and count[0] != call.data.shape[1]):
            raise Unsupported(f"slopes of shape {count}")
        return f"{call.layer(f'nn.PReLU({count[0]})', {'weight': 1})}({x})"
    low, high = number(call["lower_bound"]), number(call["upper_bound"])
    return (f"F.rrelu({x}, {low}, {high}, training=self.training)",)


@rule("Dropout")
def _dropout(call: Call) -> str:
    if call["mode"] == "always" or call["axes"]:
        raise Unsupported("mode 'always', or the same for whole axes")
    layer = call.layer(f"nn.Dropout({number(call['p'])})", {})
    return f"{layer}({call.x})"


@rule("clip")
def _clip(call: Call) -> str:
    low, high = call["a_min"], call["a_max"]
    if low > high:
        raise Unsupported("crossed limits")
    return f"F.relu6({call.x})" if (low, high) == (0, 6) else f"{call.x}.clamp({number(low)}, {number(high)})"


@rule("hard_sigmoid")
def _hard_sigmoid(call: Call) -> str:
    return f"({number(call['alpha'])} * {call.x} + {number(call['beta'])}).clamp(0, 1)"


def _tempered(call: Call) -> str:
    if call["use_length"] or call.types[0] is not call.data.type:
        raise Unsupported("lengths, or another type for the result")
    return call.x if call["temperature"] in (None, 1.0) else f"{call.x} / {number(call['temperature'])}"


@rule("softmax")
def _softmax(call: Call) -> str:
    return f"F.softmax({_tempered(call)}, dim={call['axis']})"


@rule("log_softmax")
def _log_softmax(call: Call) -> str:
    return f"F.log_softmax({_tempered(call)}, dim={call['axis']})"


@rule("SoftmaxActivation")
def _softmax_activation(call: Call) -> str:
    return f"F.softmax({call.x}, dim={1 if call['mode'] == 'channel' else -1})"
