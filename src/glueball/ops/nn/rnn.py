"""Recurrent layers: plain ones, LSTMs and GRUs, any number of them, in both directions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Annotated, Any, Literal

from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import AtLeast, NonNegative
from ..checks import one_type, same_float
from ..declare import Rng, Training, cases, operator
from ..draw import Source
from ..flops import Call
from ..samples import Input, Sample, exactly, refused, sample
from ..shape_rule import UNKNOWN, PartialShape
from .rnn_layers import Recurrent
from .rnn_layout import GATES, Mode, length, parts

Attributes = Mapping[str, Any]


def _omitted(attributes: Attributes) -> list[str]:
    without = [] if attributes["mode"] == "lstm" else ["state_cell"]
    return without if attributes["use_sequence_length"] else [*without, "sequence_length"]


def _outputs(attributes: Attributes) -> int:
    states = 1 + (attributes["mode"] == "lstm")
    return 1 + states if attributes["state_outputs"] else 1


def _layout(attributes: Attributes) -> dict[str, Any]:
    """Return what `parts` and `length` take besides the length of a step."""
    return {
        "units": attributes["state_size"], "layers": attributes["num_layers"],
        "bidirectional": attributes["bidirectional"], "projection": attributes["projection_size"],
    }  # fmt: skip


def _state_shapes(attributes: Attributes, batch: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    count, units = attributes["num_layers"] * (1 + attributes["bidirectional"]), attributes["state_size"]
    return (count, batch, attributes["projection_size"] or units), (count, batch, units)


def rnn_shapes(shapes: Sequence[PartialShape], attributes: Attributes) -> Sequence[PartialShape]:
    """Complete the shapes of the parameters and the states from that of the data."""
    data = shapes[0]
    if data is None or len(data) != 3:
        return shapes
    count = length(attributes["mode"], data[2], **_layout(attributes)) if data[2] != UNKNOWN else UNKNOWN
    return [data, (count,), *_state_shapes(attributes, data[1]), data[1:2]]


def _output_shapes(shapes: Sequence[PartialShape], attributes: Attributes) -> Sequence[PartialShape] | None:
    data = shapes[0]
    if data is None or len(data) != 3:
        return None
    states = _state_shapes(attributes, data[1])
    shown = (*data[:2], states[0][2] * (1 + attributes["bidirectional"]))
    return [shown, *states][: _outputs(attributes)]


def _partly_known(shapes: Sequence[PartialShape], attributes: Attributes) -> Sequence[PartialShape]:
    return _output_shapes(shapes, attributes) or [None] * _outputs(attributes)


def _flops(call: Call) -> int:
    # Each step multiplies by all weights and adds all biases once. For each unit: a sigmoid or tanh for each gate, 3
    # products and sums and a tanh more for an LSTM, 4 more for a GRU.
    steps, batch, features = call.inputs["data"]
    attributes = call.attributes
    every = parts(attributes["mode"], features, **_layout(attributes))
    units = attributes["state_size"] * attributes["num_layers"] * (1 + attributes["bidirectional"])
    weights = sum(prod(part.shape) for part in every if part.kind == "weight")
    biases = sum(prod(part.shape) for part in every if part.kind == "bias")
    by_unit = GATES[attributes["mode"]] + {"lstm": 4, "gru": 4}.get(attributes["mode"], 0)
    return int(steps * batch * (2 * weights + biases + by_unit * units))


def _caption(attributes: Attributes) -> str:
    direction = ", bidirectional" if attributes["bidirectional"] else ""
    return f"{attributes['num_layers']} x {attributes['state_size']} units{direction}"


def _check_attributes(attributes: Attributes) -> None:
    mode, projection = attributes["mode"], attributes["projection_size"]
    for name in ("state_size", "num_layers"):
        if not attributes[name]:
            raise MXNetError(f"RNN: {name} must be an int of at least 1; received 0")
    if attributes["p"] > 1:
        raise MXNetError(f"RNN: p must be at most 1; received {attributes['p']}")
    if projection is not None and (mode != "lstm" or projection < 1):
        rule = "an int of at least 1, or None" if mode == "lstm" else "left out unless mode='lstm'"
        raise MXNetError(f"RNN: projection_size must be {rule}; received {projection}")
    low, high = attributes["lstm_state_clip_min"], attributes["lstm_state_clip_max"]
    if (low is None) is not (high is None):
        raise MXNetError(
            f"RNN: lstm_state_clip_min and lstm_state_clip_max must be given together; received {low} and {high}"
        )
    if low is not None and mode != "lstm":
        raise MXNetError(f"RNN: lstm_state_clip_min must be left out unless mode='lstm'; received {low}")


def _check_inputs(
    data: Tensor, parameters: Tensor, state: Tensor, state_cell: Tensor | None, lengths: Tensor | None,
    attributes: Attributes,
) -> None:  # fmt: skip
    """Check what torch's kernels would read beyond their memory for."""
    if data.dim() != 3:
        raise MXNetError(f"RNN: data must have 3 dimensions (steps, batch, features); received {tuple(data.shape)}")
    for name, array, wanted, condition in (
        ("state_cell", state_cell, attributes["mode"] == "lstm", "mode='lstm'"),
        ("sequence_length", lengths, attributes["use_sequence_length"], "use_sequence_length=True"),
    ):
        if wanted is (array is None):
            rule = f"given with {condition}" if wanted else f"left out unless {condition}"
            raise MXNetError(f"RNN: {name} must be {rule}; received {'nothing' if wanted else 'an array'}")
    expected = rnn_shapes([tuple(data.shape)], attributes)
    received = {"parameters": parameters, "state": state, "state_cell": state_cell, "sequence_length": lengths}
    for (name, array), shape in zip(received.items(), expected[1:], strict=True):
        if array is not None and tuple(array.shape) != shape:
            raise MXNetError(f"RNN: {name} must have shape {shape}; received {tuple(array.shape)}")
    if not same_float(data, parameters, state, state_cell):
        arrays = {"data": data, "parameters": parameters, "state": state}
        raise one_type("RNN", **arrays, **({} if state_cell is None else {"state_cell": state_cell}))


def _prepare(attributes: Attributes) -> Callable[..., tuple[Tensor, ...] | Tensor]:
    """Check the attributes, and return the function of the inputs."""
    _check_attributes(attributes)
    recurrent, state_outputs = Recurrent(attributes), attributes["state_outputs"]

    def compute(
        data: Tensor, parameters: Tensor, state: Tensor, state_cell: Tensor | None = None,
        sequence_length: Tensor | None = None, *, training: bool, rng: Source,
    ) -> tuple[Tensor, ...] | Tensor:  # fmt: skip
        _check_inputs(data, parameters, state, state_cell, sequence_length, attributes)
        states = [state] if state_cell is None else [state, state_cell]
        results = recurrent(data, parameters, states, sequence_length, rng if training else None)
        return results if state_outputs else results[0]

    return compute


@operator(
    "RNN",
    npx="rnn",
    omits=_omitted,
    outputs=_outputs,
    output_names=("output", "state_output", "statecell_output"),
    types=lambda attributes: "T, T, T, T, L=T -> " + ", ".join(["T"] * _outputs(attributes)),
    infer_inputs=rnn_shapes,
    infer_outputs=_output_shapes,
    from_partial=_partly_known,
    prepare=_prepare,
    loops=True,
    kind="dense",
    flops=_flops,
    caption=_caption,
    precision=("low", "single"),
)
def rnn(
    data: Tensor,
    parameters: Tensor,
    state: Tensor,
    state_cell: Tensor | None = None,
    sequence_length: Tensor | None = None,
    *,
    state_size: NonNegative,
    num_layers: NonNegative,
    bidirectional: bool = False,
    mode: Mode,
    p: Annotated[float, AtLeast(0)] = 0.0,
    state_outputs: bool = False,
    projection_size: int | None = None,
    lstm_state_clip_min: float | None = None,
    lstm_state_clip_max: float | None = None,
    lstm_state_clip_nan: bool = False,
    use_sequence_length: bool = False,
    training: Training,
    rng: Rng,
) -> tuple[Tensor, ...] | Tensor:
    """Run recurrent layers over sequences; each layer reads what the one before it puts out.

    Parameters
    ----------
    data : NDArray
        (steps, batch, features).
    parameters : NDArray
        All weights and then all biases in one vector: by layer, by direction, for the input before those for the
        state, and the projection; the gates in the order input, forget, cell, output, or reset, update, new.
    state : NDArray
        The first state, (num_layers * directions, batch, state_size), or with `projection_size` that in the last axis.
    state_cell : NDArray
        Of an LSTM: the first cells, (num_layers * directions, batch, state_size).
    sequence_length : NDArray
        With `use_sequence_length`: (batch,), the number of steps of each sequence.
    state_size, num_layers : int
        The number of units of a layer, and the number of layers.
    bidirectional : bool, default False
        Run each layer backwards in time, too, with parameters of its own; both outputs stand side by side.
    mode : {'gru', 'lstm', 'rnn_relu', 'rnn_tanh'}
        The kind of layers.
    p : float, default 0
        In training mode: the probability that an element is dropped of what a layer hands on to the next one.
    state_outputs : bool, default False
        Return the last states as well.
    projection_size : int, optional
        Of an LSTM: multiply what it puts out by a matrix, to this length.
    lstm_state_clip_min, lstm_state_clip_max : float, optional
        Of an LSTM: keep the cells within this range, at every step. Both or neither must be given.
    lstm_state_clip_nan : bool, default False
        With such a range: a cell that is NaN becomes its lower end.
    use_sequence_length : bool, default False
        Whether `sequence_length` is given. Beyond it the output is 0, the last state is that at the last step, and
        the backward direction begins there.

    Returns
    -------
    NDArray or list of NDArray
        (steps, batch, directions * state_size); with `state_outputs` a list with the last state, and for an LSTM the
        last cells.

    Differs from MXNet
    ------------------
    Lengths, ranges, and the gradient with a projection are there on every device: MXNet has them with cuDNN only. Its
    CPU build ignores lengths, ranges and `p`, and has no 16-bit form.
    """
    compute = _prepare({
        "state_size": state_size, "num_layers": num_layers, "bidirectional": bidirectional, "mode": mode, "p": p,
        "state_outputs": state_outputs, "projection_size": projection_size,
        "lstm_state_clip_min": lstm_state_clip_min, "lstm_state_clip_max": lstm_state_clip_max,
        "lstm_state_clip_nan": lstm_state_clip_nan, "use_sequence_length": use_sequence_length,
    })  # fmt: skip
    return compute(data, parameters, state, state_cell, sequence_length, training=training, rng=rng)


_LENGTHS = exactly(2, 4)
_ONE = {"state_size": 3, "num_layers": 1}


def _sample(
    mode: str, lengths: Input | None = None, *, dtype: str = "float32", training: bool = False,
    judge: Literal["mxnet", "numpy", "statistics"] = "mxnet", **attributes: Any,
) -> Sample:  # fmt: skip
    """Make a sample of 4 steps, 2 sequences and 2 features, with all inputs that it takes."""
    attributes = {"mode": mode, "state_size": 3, "num_layers": 1, **attributes}
    if lengths is not None:
        attributes["use_sequence_length"] = True
    known = {"bidirectional": False, "projection_size": None, **attributes}
    shapes = rnn_shapes([(4, 2, 2)], known)[: 4 if mode == "lstm" else 3]
    arrays = [Input(shape, dtype, low=-1, high=1) for shape in shapes if shape is not None]
    more = [] if lengths is None else [lengths] if mode == "lstm" else [None, lengths]
    return sample(*arrays, *more, training=training, judge=judge, **attributes)


cases(
    "RNN",
    samples=lambda: [
        _sample("lstm"),
        _sample("gru"),
        _sample("rnn_tanh"),
        _sample("rnn_relu"),
        _sample("lstm", num_layers=2, bidirectional=True, state_outputs=True),
        _sample("gru", num_layers=2, bidirectional=True, state_outputs=True),
        _sample("rnn_tanh", num_layers=2, bidirectional=True, state_outputs=True),
        _sample("gru", dtype="float64"),
        _sample("lstm", dtype="float64", num_layers=2),
        _sample("lstm", training=True, num_layers=2, p=0.5, judge="statistics"),
        _sample("lstm", num_layers=2, bidirectional=True, projection_size=2, judge="numpy"),
        _sample("lstm", _LENGTHS, num_layers=2, bidirectional=True, state_outputs=True, judge="numpy"),
        _sample("gru", _LENGTHS, bidirectional=True, state_outputs=True, judge="numpy"),
        _sample("lstm", lstm_state_clip_min=-0.25, lstm_state_clip_max=0.125, judge="numpy"),
    ],
    refusals=lambda: [
        refused("data must have 3 dimensions", (4, 2), (84,), (1, 2, 3), (1, 2, 3), mode="lstm", **_ONE),
        refused(r"parameters must have shape \(84,\)", (4, 2, 2), (83,), (1, 2, 3), (1, 2, 3), mode="lstm", **_ONE),
        refused(r"state must have shape \(1, 2, 3\)", (4, 2, 2), (84,), (1, 1, 3), (1, 2, 3), mode="lstm", **_ONE),
        refused("state_cell must have shape", (4, 2, 2), (84,), (1, 2, 3), (2, 2, 3), mode="lstm", **_ONE),
        refused("state_cell must be given", (4, 2, 2), (84,), (1, 2, 3), mode="lstm", **_ONE),
        refused("state_cell must be left out", (4, 2, 2), (63,), (1, 2, 3), (1, 2, 3), mode="gru", **_ONE),
        refused("sequence_length must be left out", (4, 2, 2), (63,), (1, 2, 3), None, (2,), mode="gru", **_ONE),
        refused("sequence_length must be given", (4, 2, 2), (63,), (1, 2, 3), mode="gru", use_sequence_length=True,
                **_ONE),
        refused("one floating-point type", (4, 2, 2), Input((63,), "float64"), (1, 2, 3), mode="gru", **_ONE),
        refused("mode must be one of", (4, 2, 2), (63,), (1, 2, 3), mode="rnn", **_ONE),
        refused("num_layers must be an int of at least 1", (4, 2, 2), (63,), (1, 2, 3), mode="gru", state_size=3,
                num_layers=0),
        refused("p must be at most 1", (4, 2, 2), (63,), (1, 2, 3), mode="gru", p=1.5, **_ONE),
        refused("projection_size must be left out", (4, 2, 2), (63,), (1, 2, 3), mode="gru", projection_size=2, **_ONE),
        refused("projection_size must be an int of at least 1", (4, 2, 2), (84,), (1, 2, 3), (1, 2, 3), mode="lstm",
                projection_size=-1, **_ONE),
        refused("must be given together", (4, 2, 2), (84,), (1, 2, 3), (1, 2, 3), mode="lstm", lstm_state_clip_min=-1,
                **_ONE),
        refused("lstm_state_clip_min must be left out", (4, 2, 2), (63,), (1, 2, 3), mode="gru",
                lstm_state_clip_min=-1, lstm_state_clip_max=1, **_ONE),
    ],
)  # fmt: skip
