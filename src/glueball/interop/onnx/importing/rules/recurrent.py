"""Recurrent layers: one node of ONNX is one layer of MXNet's operator, with the gates in another order."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..... import symbol as sym
from .....ops.nn.rnn_layout import GATES
from .....symbol import Symbol
from ..call import Call
from ..registry import rule

_ACTIVATIONS = {"LSTM": ["sigmoid", "tanh", "tanh"], "GRU": ["sigmoid", "tanh"], "RNN": ["tanh"]}
#: Where MXNet's gates are among ONNX's: input, forget, cell and output; reset, update and new.
_GATES = {"lstm": (0, 2, 3, 1), "gru": (1, 0, 2), "rnn_tanh": (0,), "rnn_relu": (0,)}


@rule("GRU", "LSTM", "RNN")
def _recurrent(call: Call) -> Any:
    if call.node.operator == "GRU" and not call.attribute("linear_before_reset", 0):
        return _early_reset(call)
    return _layer(call)


def _layer(call: Call) -> Any:
    mode, units = _mode(call), int(call.known(2, "the weights of the state").shape[2])
    direction = call.attribute("direction", "forward")
    ways = 2 if direction == "bidirectional" else 1
    batch_first = bool(call.attribute("layout", 0))
    lengths = sym.cast(call.symbol(4), dtype="float32") if call.has(4) else None
    x = _turned(call.symbol(0), batch_first)
    is_backward = direction == "reverse"
    x = _reversed(x, lengths) if is_backward else x
    states: dict[str, Any] = {"state": _first(call, 5, ways, units, batch_first)}
    if mode == "lstm":
        states["state_cell"] = _first(call, 6, ways, units, batch_first)
    if lengths is not None:
        states["sequence_length"] = lengths
    out, *ends = sym.RNN(
        x, call.parameter("parameters", _packed(call, mode, ways)), **states, mode=mode, state_size=units,
        num_layers=1, bidirectional=ways == 2, state_outputs=True, use_sequence_length=lengths is not None,
        name=call.name,
    )  # fmt: skip
    out = _reversed(out, lengths) if is_backward else out
    # (steps, batch, directions, units), and ONNX's order of these axes.
    parted = sym.reshape(out, shape=(0, 0, ways, -1))
    shown = sym.transpose(parted, axes=(1, 0, 2, 3) if batch_first else (0, 2, 1, 3))
    return [shown, *[_turned(end, batch_first) for end in ends]]


def _mode(call: Call) -> Any:
    """Return the mode of the operator; what it has not is refused."""
    kind = call.node.operator
    ways = 2 if call.attribute("direction", "forward") == "bidirectional" else 1
    activations = [each.lower() for each in call.attribute("activations") or _ACTIVATIONS[kind] * ways]
    plain = kind == "RNN" and activations in (["relu"] * ways, ["tanh"] * ways)
    call.require(plain or activations == _ACTIVATIONS[kind] * ways, f"activations {activations} have no counterpart")
    call.require(call.attribute("clip") is None, "clip has no counterpart")
    call.require(not call.attribute("input_forget", 0), "input_forget has no counterpart")
    call.require(not call.has(7), "peepholes have no counterpart")
    return f"rnn_{activations[0]}" if plain else kind.lower()


def _early_reset(call: Call) -> Any:
    """Unroll a GRU whose reset gate comes before the product with the state, which MXNet's operator has behind it."""
    _mode(call)
    batch_first, lengths = bool(call.attribute("layout", 0)), None
    if call.has(4):
        lengths = sym.cast(call.symbol(4), dtype="float32")
    direction, x = call.attribute("direction", "forward"), _turned(call.symbol(0), batch_first)
    backward = {"forward": [False], "reverse": [True], "bidirectional": [False, True]}[direction]
    outs, ends = [], []
    for way, is_backward in enumerate(backward):
        out, end = _early_reset_way(call, way, _reversed(x, lengths) if is_backward else x, lengths)
        outs.append(_reversed(out, lengths) if is_backward else out)
        ends.append(end)
    shown = sym.stack(*outs, axis=1)  # (steps, directions, batch, units)
    shown = sym.transpose(shown, axes=(2, 0, 1, 3)) if batch_first else shown
    return [shown, sym.stack(*ends, axis=1 if batch_first else 0)]


def _early_reset_way(call: Call, way: int, x: Symbol, lengths: Symbol | None) -> tuple[Symbol, Symbol]:
    """Return the states of all steps, (steps, batch, units), and the last one."""
    inner, outer = call.known(1, "the weights of the input")[way], call.known(2, "the weights of the state")[way]
    units = outer.shape[1]
    bias = call.known(3, "the bias")[way].reshape(2, -1).sum(0) if call.has(3) else np.zeros(3 * units, inner.dtype)

    def of_state(end: str, rows: np.ndarray, state: Any) -> Any:
        return sym.FullyConnected(state, call.parameter(f"{end}{way}", rows), num_hidden=len(rows), no_bias=True)

    def step(data: list[Any], states: list[Any]) -> tuple[Any, list[Any]]:
        (part, is_there), (state,) = data, states
        from_data = sym.slice_axis(part, axis=1, begin=0, end=2 * units)
        gates = sym.sigmoid(from_data + of_state("gates", outer[: 2 * units], state))
        update, reset = sym.split(gates, num_outputs=2, axis=1)
        new = sym.slice_axis(part, axis=1, begin=2 * units, end=None)
        new = sym.tanh(new + of_state("new", outer[2 * units :], reset * state))
        new = new + update * (state - new)
        return sym.broadcast_mul(new, is_there), [state + sym.broadcast_mul(new - state, is_there)]

    parts = sym.FullyConnected(
        x, call.parameter(f"data{way}", inner), call.parameter(f"bias{way}", bias), num_hidden=len(inner),
        flatten=False,
    )  # fmt: skip
    ones = sym.ones_like(sym.slice_axis(parts, axis=2, begin=0, end=1))
    is_there = sym.SequenceMask(ones, lengths, use_sequence_length=lengths is not None)
    out, (end,) = sym.contrib.foreach(step, [parts, is_there], [_first_of_way(call, way, parts, units)])
    return out, end


def _first_of_way(call: Call, way: int, parts: Symbol, units: int) -> Symbol:
    if not call.has(5):
        shape = sym.slice_axis(sym.slice_axis(parts, axis=0, begin=0, end=1), axis=2, begin=0, end=units)
        return sym.zeros_like(sym.reshape(shape, shape=(-3, 0)))
    states = _turned(call.symbol(5), bool(call.attribute("layout", 0)))
    return sym.reshape(sym.slice_axis(states, axis=0, begin=way, end=way + 1), shape=(-3, 0))


def _packed(call: Call, mode: str, ways: int) -> np.ndarray:
    """Return weights and biases as one vector in MXNet's order."""
    order, gates = list(_GATES[mode]), GATES[mode]

    def ordered(rows: np.ndarray) -> np.ndarray:
        return rows.reshape(gates, -1)[order].reshape(-1)

    weights = [call.known(1, "the weights of the input"), call.known(2, "the weights of the state")]
    rows = weights[0].shape[1]
    bias = call.known(3, "the bias") if call.has(3) else np.zeros((ways, 2 * rows), weights[0].dtype)
    parts = [ordered(weight[way]) for way in range(ways) for weight in weights]
    parts += [ordered(each) for way in range(ways) for each in (bias[way, :rows], bias[way, rows:])]
    return np.concatenate(parts)


def _first(call: Call, number: int, ways: int, units: int, batch_first: bool) -> Symbol:
    if call.has(number):
        return _turned(call.symbol(number), batch_first)
    return sym.zeros(shape=(ways, 0, units))  # of a batch that follows from the data


def _turned(x: Symbol, batch_first: bool) -> Symbol:
    return sym.swapaxes(x, dim1=0, dim2=1) if batch_first else x


def _reversed(x: Symbol, lengths: Symbol | None) -> Symbol:
    return sym.SequenceReverse(x, lengths, use_sequence_length=lengths is not None)
