"""Recurrent layers: a layer is a node of ONNX, which orders its gates in another way."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import torch

from ....ops.nn.rnn_layout import GATES, Part, parts
from ..call import Call, Unsupported, rule
from ..document import Array

_KINDS = {"gru": "GRU", "lstm": "LSTM", "rnn_relu": "RNN", "rnn_tanh": "RNN"}
#: Where ONNX's gates are among MXNet's: input, output, forget and cell; update, reset and new.
_GATES = {"gru": (1, 0, 2), "lstm": (0, 3, 1, 2), "rnn_relu": (0,), "rnn_tanh": (0,)}


@rule("RNN")
def _rnn(call: Call) -> tuple[str, ...]:
    if call["projection_size"] is not None:
        raise Unsupported("with a projection")
    if call["lstm_state_clip_min"] is not None:
        raise Unsupported("with a range for the cells")
    if call.type is not torch.float32:  # runtimes have no others, whatever ONNX says
        raise Unsupported("for other types than float32")
    ways, layers = 1 + call["bidirectional"], call["num_layers"]
    lengths = call.inputs[4] if len(call.inputs) > 4 else None
    short = None if lengths is None else call.cast(lengths, torch.int32)
    pieces = _pieces(call)
    data: Array | str = call.data
    results: list[tuple[str, ...]] = []
    for layer in range(layers):
        firsts = [_rows(call, each, layer * ways, ways, layers) for each in call.inputs[2:4] if each is not None]
        results.append(_layer(call, data, pieces, layer, short, firsts))
        data = results[-1][0]
    if not call["state_outputs"]:
        return results[-1][:1]
    ends = list(zip(*results, strict=True))[1:]
    joined = [each[0] if layers == 1 else call.add("Concat", *each, axis=0) for each in ends]
    return results[-1][0], *joined


def _layer(
    call: Call, data: Array | str, pieces: dict[Part, str], layer: int, lengths: str | None,
    firsts: Sequence[Array | str],
) -> tuple[str, ...]:  # fmt: skip
    """Return what a layer puts out, and its last states."""
    mode, units, ways = call["mode"], call["state_size"], 1 + call["bidirectional"]
    own = {part: name for part, name in pieces.items() if part.layer == layer}

    def joined(*wanted: tuple[str, str]) -> str:
        """Both directions of a weight, or of both biases behind one another."""
        each = [
            [_gates(call, part, name) for part, name in own.items() for kind in wanted
             if (part.group, part.kind) == kind and part.direction == direction]
            for direction in "lr"[:ways]
        ]  # fmt: skip
        rows = [found[0] if len(found) == 1 else call.add("Concat", *found, axis=1) for found in each]
        return rows[0] if ways == 1 else call.add("Concat", *rows, axis=0)

    arrays = [joined(("i2h", "weight")), joined(("h2h", "weight")), joined(("i2h", "bias"), ("h2h", "bias"))]
    options: dict[str, object] = {"hidden_size": units, "direction": "bidirectional" if ways == 2 else "forward"}
    if mode == "gru":
        options["linear_before_reset"] = 1
    if mode == "rnn_relu":
        options["activations"] = ["Relu"] * ways
    out, *ends = call.several(_KINDS[mode], 3 if mode == "lstm" else 2, data, *arrays, lengths, *firsts, **options)
    steps, batch, _ = call.data.shape
    shown = call.reshape(call.transpose(out, (0, 2, 1, 3)), (steps, batch, ways * units))
    return shown, *ends


def _pieces(call: Call) -> dict[Part, str]:
    """Cut the vector of parameters into weights and biases."""
    found, at = {}, 0
    every = parts(
        call["mode"], call.data.shape[2], call["state_size"], call["num_layers"], bidirectional=call["bidirectional"]
    )
    for part in every:
        begin, at = at, at + prod(part.shape)
        found[part] = call.add("Slice", call.array(1), *[call.integers((each,)) for each in (begin, at, 0)])
    return found


def _gates(call: Call, part: Part, name: str) -> str:
    """Return a weight or a bias with its gates in ONNX's order, as that of one direction."""
    order = _GATES[call["mode"]]
    rows, columns = part.shape[0], part.shape[1:]
    if len(order) > 1:
        by_gate = call.reshape(name, (GATES[call["mode"]], prod(part.shape) // len(order)))
        name = call.add("Gather", by_gate, call.integers(order), axis=0)
    return call.reshape(name, (1, rows, *columns))


def _rows(call: Call, state: Array, begin: int, count: int, layers: int) -> Array | str:
    """Return the part of a state that a layer has."""
    if layers == 1:
        return state
    return call.add("Slice", state, *[call.integers((each,)) for each in (begin, begin + count, 0)])
