"""Recurrent layers: torch has the same ones, with their gates in the same order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from torch import Tensor

from .....ops.nn.rnn_layout import Part, parts
from ..call import Call, Nested, Unsupported, Value, arguments, number, rule

_KINDS = {"gru": "nn.GRU", "lstm": "nn.LSTM", "rnn_relu": "nn.RNN", "rnn_tanh": "nn.RNN"}
_GROUPS = {"i2h": "ih", "h2h": "hh", "h2r": "hr"}


@rule("RNN")
def _rnn(call: Call) -> Nested:
    projection, units = call["projection_size"] or 0, call["state_size"]
    if call["lstm_state_clip_min"] is not None:
        raise Unsupported("with a range for the cells")
    if call["use_sequence_length"]:
        raise Unsupported("with lengths")
    if projection >= units:
        raise Unsupported("with a projection that is no shorter than the state")
    dropout = number(call["p"]) if call["num_layers"] > 1 else "0"  # torch warns where it would have no effect
    text = arguments(
        str(call.data.shape[2]), str(units), num_layers=(call["num_layers"], 1), dropout=(dropout, "0"),
        nonlinearity=('"relu"' if call["mode"] == "rnn_relu" else '"tanh"', '"tanh"'),
        bidirectional=(call["bidirectional"], False), proj_size=(projection, 0),
    )  # fmt: skip
    layer = _layer(call, f"{_KINDS[call['mode']]}({text})")
    states = (
        [] if all(each.operator == "_zeros" for each in call.given[2:]) else [each.text() for each in call.given[2:]]
    )
    given = ", ".join([call.x, *([_state(states)] if states else [])])
    shown = _state(["{}"] * len(call.given[2:])) if any(call.used[1:]) else "_"
    return Nested(f"{{}}, {shown}", f"{layer}({given})")


def _state(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def _layer(call: Call, text: str) -> str:
    """Add the layer: each of its parameters is one of the network, or a part of the one in which all of them are."""
    vector = call.input(1)
    every = parts(
        call["mode"], call.data.shape[2], call["state_size"], call["num_layers"],
        bidirectional=call["bidirectional"], projection=call["projection_size"],
    )  # fmt: skip
    joined = _joined(vector)
    if all(each.name for each in joined) and [each.shape for each in joined] == [part.shape for part in every]:
        names = {_name(part): each.name for part, each in zip(every, joined, strict=True)}
        return call.layers.layer(joined[0].name.removesuffix(f"_{every[0].name}"), text, names, {})
    if not vector.name:
        raise Unsupported("parameters that the network computes")
    return call.layers.layer(
        vector.name.removesuffix("_parameters"), text, {}, _pieces(call.layers.value(vector.name), every)
    )


def _name(part: Part) -> str:
    return f"{part.kind}_{_GROUPS[part.group]}_l{part.layer}{'_reverse' if part.direction == 'r' else ''}"


def _joined(vector: Value) -> list[Value]:
    """Return the arrays of which a vector is made, one behind the other; it is the only one if no operator makes it."""
    if vector.operator in ("_rnn_param_concat", "Concat") and len(vector.shape) == 1:
        return [part for each in vector.inputs() if each is not None for part in _joined(each)]
    if vector.operator == "Reshape":
        (data,) = vector.inputs()
        if data is not None and data.name and prod(data.shape) == prod(vector.shape):
            return [data]
    return [vector]


def _pieces(vector: Tensor, every: Sequence[Part]) -> Mapping[str, Tensor]:
    found, at = {}, 0
    for part in every:
        begin, at = at, at + prod(part.shape)
        found[_name(part)] = vector[begin:at].view(part.shape)
    return found
